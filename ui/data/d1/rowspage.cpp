// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/rowspage.h"

#include "ui/data/d1/ask.h"
#include "ui/data/d1/filterrow.h"
#include "ui/data/d1/griddelegate.h"
#include "ui/data/d1/gridmodel.h"
#include "ui/data/d1/gridview.h"
#include "ui/data/d1/sqlhistory.h"
#include "ui/data/d1/stagedstrip.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QAction>
#include <QBoxLayout>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QSettings>
#include <QShortcut>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

RowsPage::RowsPage(D1Desk &desk, QWidget *parent)
    : QWidget(parent),
      m_desk(desk),
      m_model(new GridModel(desk, this)),
      m_view(new GridView),
      m_filters(nullptr),
      m_where(new QLineEdit),
      m_problem(new MessageBar(MessageBar::Closing::ByUser)),
      m_count(new ElideLabel),
      m_strip(nullptr)
{
    makeActions();
    m_view->setModel(m_model);
    m_view->setAccessibleName(tr("Rows"));
    m_filters = new FilterRow(m_view->header());
    m_strip = new StagedStrip(m_undo, m_redo, m_commit, m_discard);
    m_strip->setObjectName(u"stagedStrip"_s);
    m_strip->hide();
    m_where->setPlaceholderText(tr("WHERE …"));
    m_where->setToolTip(tr("An SQL condition that the rows must meet; Enter applies it"));
    m_where->setAccessibleName(tr("SQL condition"));
    m_where->setObjectName(u"where"_s);
    m_where->setClearButtonEnabled(true);
    m_where->setFont(monospaceFont());
    m_where->setMinimumWidth(80);
    m_count->setTone(Tone::Muted);
    m_count->setObjectName(u"rowsCount"_s);

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(6, 4, 6, 2);
    bar->setSpacing(2);
    bar->addWidget(m_where, 3);
    bar->addWidget(toolButton(m_clearFilters, ButtonLook::IconOnly));
    bar->addSpacing(4);
    for (QAction *action : {m_add, m_duplicate, m_delete, m_export})
        bar->addWidget(toolButton(action, ButtonLook::IconOnly));
    bar->addSpacing(4);
    bar->addWidget(m_count, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    column->addWidget(m_problem);
    column->addWidget(m_filters);
    column->addWidget(m_view, 1);
    column->addWidget(m_strip);
    setFocusProxy(m_view);

    wireGrid();
    connect(m_strip, &StagedStrip::sqlWanted, this, &RowsPage::showStaged);
    connect(m_filters, &FilterRow::changed, this, &RowsPage::applyView);
    connect(m_filters, &FilterRow::left, m_view, qOverload<>(&QWidget::setFocus));
    connect(m_where, &QLineEdit::returnPressed, this, &RowsPage::applyView);
    connect(m_where, &QLineEdit::textChanged, this, [this](const QString &text) {
        if (text.isEmpty() && !m_model->view().where.empty())
            applyView();
    });
    connect(&m_desk, &D1Desk::schemaRead, this, &RowsPage::takeSchema);
    connect(&m_desk, &D1Desk::changed, this, &RowsPage::refresh);
    updateActions();
}

RowsPage::~RowsPage() = default;

void RowsPage::wireGrid()
{
    auto *delegate = new GridDelegate(m_view);
    m_view->setItemDelegate(delegate);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QWidget::customContextMenuRequested, this, &RowsPage::showMenu);
    connect(delegate, &GridDelegate::windowWanted, this, &RowsPage::openValue, Qt::QueuedConnection);
    connect(m_view->header(), &QHeaderView::sectionClicked, this, &RowsPage::sortBy);
    connect(m_model, &GridModel::stagedChanged, this, &RowsPage::showStaged);
    connect(m_model, &GridModel::countedChanged, this, &RowsPage::showSummary);
    connect(m_model, &GridModel::loadingChanged, this, &RowsPage::showSummary);
    connect(m_model, &GridModel::failed, this, &RowsPage::showProblem);
    connect(m_model, &QAbstractItemModel::dataChanged, this, [this] {
        if (m_unfitted && m_model->rowCount() > 0 && m_model->value(m_model->index(0, 0)))
            fitColumns();
    });
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &RowsPage::updateActions);
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this, &RowsPage::updateActions);
}

QString RowsPage::tableName() const
{
    return fromUtf8(m_model->table().name);
}

bool RowsPage::isEdited() const
{
    return !m_model->staged().isEmpty();
}

void RowsPage::showTable(const QString &name)
{
    const d1::Table *table = m_desk.schema().find(toUtf8(name));
    if (!table || table->name == m_model->table().name)
        return;
    const auto go = [this, name] {
        if (const d1::Table *found = m_desk.schema().find(toUtf8(name))) {
            m_model->discard();
            open(*found);
        }
    };
    if (isEdited()) {
        Q_EMIT tableShown(tableName()); // until the answer
        ask(this, tr("The changes to %1 are not committed.").arg(tableName()), tr("To show %1 they must be discarded.").arg(name), tr("Discard changes"), go);
    } else {
        go();
    }
}

void RowsPage::showRow(const QString &table, const QString &column, const QString &typed)
{
    showTable(table);
    if (tableName().compare(table, Qt::CaseInsensitive) != 0)
        return;
    m_filters->clear();
    m_where->clear();
    const auto &columns = m_model->table().columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (fromUtf8(columns[i].name).compare(column, Qt::CaseInsensitive) == 0)
            m_filters->setText(static_cast<int>(i), typed);
    }
    applyView();
    m_view->setFocus();
}

void RowsPage::open(const d1::Table &table)
{
    m_sort.clear();
    m_where->clear();
    m_problem->hide();
    d1::View view;
    view.table = table.name;
    m_unfitted = true;
    m_model->show(table, view);
    m_filters->setColumns(table.columns);
    m_filters->clear();
    const int width = fontMetrics().averageCharWidth() * 18;
    for (int i = 0; i < m_model->columnCount(); ++i)
        m_view->header()->resizeSection(i, width);
    updateActions();
    Q_EMIT tableShown(tableName());
}

/// Once the first rows are there: as wide as they need, within reason.
void RowsPage::fitColumns()
{
    m_unfitted = false;
    const int least = fontMetrics().averageCharWidth() * 11;
    const int most = fontMetrics().averageCharWidth() * 40;
    for (int i = 0; i < m_model->columnCount(); ++i) {
        int wanted = m_view->header()->sectionSizeHint(i) + 24;
        for (int row = 0; row < std::min(m_model->rowCount(), 40); ++row)
            wanted = std::max(wanted, fontMetrics().horizontalAdvance(m_model->index(row, i).data().toString()) + 20);
        m_view->header()->resizeSection(i, std::clamp(wanted, least, most));
    }
}

/// The table may have other columns now, or be gone.
void RowsPage::takeSchema()
{
    if (tableName().isEmpty())
        return;
    const d1::Table *table = m_desk.schema().find(m_model->table().name);
    if (!table) {
        m_model->discard();
        m_model->clear();
        m_filters->setColumns({});
        updateActions();
        Q_EMIT tableShown({});
    } else if (table->columns != m_model->table().columns || table->kind != m_model->table().kind) {
        m_model->discard();
        open(*table);
    }
}

void RowsPage::applyView()
{
    if (tableName().isEmpty())
        return;
    m_problem->hide();
    d1::View view;
    view.table = m_model->table().name;
    view.filters = m_filters->filters();
    view.where = toUtf8(m_where->text().trimmed());
    view.sort = m_sort;
    m_model->show(m_model->table(), view);
    updateActions();
}

/// Ascending, descending, not at all; with Shift the columns add up.
void RowsPage::sortBy(int column)
{
    if (column < 0 || column >= m_model->columnCount())
        return;
    const std::string &name = m_model->table().columns[static_cast<std::size_t>(column)].name;
    const bool several = QGuiApplication::keyboardModifiers() & Qt::ShiftModifier;
    auto found = std::ranges::find(m_sort, name, &d1::Sort::column);
    if (found == m_sort.end()) {
        if (!several)
            m_sort.clear();
        m_sort.push_back({name, d1::Sort::Order::Ascending});
    } else if (found->order == d1::Sort::Order::Ascending) {
        found->order = d1::Sort::Order::Descending;
        if (!several)
            m_sort = {*found};
    } else if (several) {
        m_sort.erase(found);
    } else {
        m_sort.clear();
    }
    applyView();
}

/// While a cell is edited rows must stay where they are; the next change, or the end of the edit, brings what is new.
void RowsPage::refresh()
{
    if (m_view->isEditing()) {
        connect(m_view->itemDelegate(), &QAbstractItemDelegate::closeEditor, this, &RowsPage::refresh,
            Qt::ConnectionType(Qt::QueuedConnection | Qt::UniqueConnection));
        return;
    }
    disconnect(m_view->itemDelegate(), &QAbstractItemDelegate::closeEditor, this, &RowsPage::refresh);
    m_model->refresh(m_view->firstRow(), std::max(m_view->lastRow(), m_view->firstRow()));
}

void RowsPage::showStaged()
{
    const std::size_t count = m_model->staged().size();
    m_strip->setCount(count);
    m_strip->setVisible(count > 0 || m_model->staged().canUndo() || m_model->staged().canRedo());
    if (m_strip->showsSql()) {
        constexpr std::size_t mostShown = 1000;
        QString sql;
        const auto changes = m_model->changes();
        for (std::size_t i = 0; i < std::min(changes.size(), mostShown); ++i)
            sql += fromUtf8(d1::sqlOf(m_model->table(), changes[i])) + u";\n"_s;
        if (changes.size() > mostShown)
            sql += tr("-- and %1 more").arg(changes.size() - mostShown);
        m_strip->setSql(sql);
    }
    updateActions();
}

void RowsPage::showSummary()
{
    const bool chosen = !m_model->view().filters.empty() || !m_model->view().where.empty();
    QString text;
    if (tableName().isEmpty())
        text = QString();
    else if (m_model->isLoading())
        text = tr("Loading…");
    else if (const auto counted = m_model->counted())
        text = *counted == 1 ? tr("1 row") : tr("%1 rows").arg(locale().toString(static_cast<qulonglong>(*counted)));
    else
        text = tr("Counting…");
    m_count->setText(text);
    m_view->setPlaceholder(tableName().isEmpty() ? tr("Choose a table at the left.")
            : m_model->isLoading()               ? tr("Loading…")
            : chosen                             ? tr("No row matches.")
            : m_model->isEditable()              ? tr("No rows yet. Add one with Ctrl+I.")
                                                 : tr("No rows."));
    Q_EMIT summaryChanged(tableName().isEmpty() ? QString() : tr("%1: %2").arg(tableName(), text));
}

void RowsPage::showProblem(const QString &message)
{
    m_problem->setMessage(MessageBar::Kind::Error, message);
    m_problem->show();
}

void RowsPage::saveState(QSettings &settings) const
{
    settings.setValue(u"data/d1/table/"_s + settingsName(m_desk.file()), tableName());
}

} // namespace cleat::ui
