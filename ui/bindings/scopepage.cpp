// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/scopepage.h"

#include "core/session/session.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;

namespace {

/// Strikes out and reddens what is not inherited, mutes what is an aside.
class EntryDelegate final : public QStyledItemDelegate
{
public:
    EntryDelegate(int mutedColumn, int elideLeftColumn, QObject *parent)
        : QStyledItemDelegate(parent), m_mutedColumn(mutedColumn), m_elideLeftColumn(elideLeftColumn)
    {
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &given, const QModelIndex &index) const override
    {
        QStyleOptionViewItem option = given;
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, option.palette.brush(option.state & QStyle::State_Active ? QPalette::Active : QPalette::Inactive, QPalette::Highlight));
        option.rect.adjust(cellMargin / 2, 0, -cellMargin / 2, 0);
        QStyledItemDelegate::paint(painter, option, index);
    }

    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->state &= ~QStyle::State_HasFocus;
        if (static_cast<Origin>(index.data(originRole).toInt()) == Origin::NotInherited) {
            const bool loud = index.column() == 0 || index.column() == m_mutedColumn;
            option->palette.setColor(QPalette::Text, toneColor(option->palette, loud ? Tone::Danger : Tone::Muted));
            option->font.setStrikeOut(index.column() == 0);
        } else if (index.column() == m_mutedColumn && option->state & QStyle::State_Enabled) {
            option->palette.setColor(QPalette::Text, colors(option->palette).muted);
        }
        if (index.column() == m_elideLeftColumn)
            option->textElideMode = Qt::ElideMiddle;
    }

private:
    int m_mutedColumn;
    int m_elideLeftColumn;
};

EntryDraft draftOf(const KvRow &row, Scope environment)
{
    EntryDraft draft;
    draft.kind = EntryDraft::Kind::KvNamespace;
    draft.scope = scopeOf(row.origin, environment);
    draft.original = draft.name = row.entry.binding;
    draft.id = row.entry.id.value_or(std::string());
    draft.previewId = row.entry.previewId.value_or(std::string());
    return draft;
}

EntryDraft draftOf(const VariableRow &row, Scope environment)
{
    EntryDraft draft;
    draft.kind = EntryDraft::Kind::Variable;
    draft.scope = scopeOf(row.origin, environment);
    draft.original = draft.name = row.entry.name;
    draft.valueKind = row.entry.kind;
    draft.value = row.entry.value;
    return draft;
}

QString nameIn(const QTableView *table)
{
    const int row = selectedRow(*table);
    return row >= 0 ? table->model()->index(row, 0).data().toString() : QString();
}

void selectName(QTableView *table, const QString &name)
{
    for (int row = 0; !name.isEmpty() && row < table->model()->rowCount(); ++row) {
        if (table->model()->index(row, 0).data().toString() == name) {
            table->setCurrentIndex(table->model()->index(row, 0));
            return;
        }
    }
}

} // namespace

ScopePage::ScopePage(session::Session &session, Scope environment, QWidget *parent)
    : QWidget(parent), m_session(session), m_environment(environment), m_bindings(new BindingsModel(this)), m_variables(new VariablesModel(this)),
      m_note(new ToneLabel({}, Tone::Muted)), m_noBindings(new ToneLabel({}, Tone::Muted)), m_noVariables(new ToneLabel({}, Tone::Muted)),
      m_bindingsTable(makeTable(m_bindings, tr("Bindings"))), m_variablesTable(makeTable(m_variables, tr("Variables"))), m_last(m_bindingsTable),
      m_splitter(new QSplitter(Qt::Vertical))
{
    m_note->setWordWrap(true);
    m_noBindings->setText(tr("No bindings. Press Add to make one; the lines that it writes are shown first."));
    m_noVariables->setText(tr("No variables."));
    m_bindingsTable->setItemDelegate(new EntryDelegate(BindingsModel::From, BindingsModel::Data, m_bindingsTable));
    m_variablesTable->setItemDelegate(new EntryDelegate(VariablesModel::From, -1, m_variablesTable));

    const int unit = fontMetrics().averageCharWidth();
    QHeaderView *header = m_bindingsTable->horizontalHeader();
    header->resizeSection(BindingsModel::Name, unit * 21);
    header->resizeSection(BindingsModel::Resource, unit * 19);
    header->resizeSection(BindingsModel::From, unit * 17);
    header->resizeSection(BindingsModel::Line, unit * 7);
    header->resizeSection(BindingsModel::Copy, unit * 15);
    header->setSectionResizeMode(BindingsModel::Data, QHeaderView::Stretch);
    header = m_variablesTable->horizontalHeader();
    header->resizeSection(VariablesModel::Name, unit * 21);
    header->resizeSection(VariablesModel::From, unit * 17);
    header->resizeSection(VariablesModel::Source, unit * 20);
    header->resizeSection(VariablesModel::Copy, unit * 15);
    header->setSectionResizeMode(VariablesModel::Value, QHeaderView::Stretch);

    m_splitter->addWidget(makeSection(tr("Bindings"), m_bindingsTable, m_noBindings));
    m_splitter->addWidget(makeSection(tr("Variables"), m_variablesTable, m_noVariables));
    m_splitter->setChildrenCollapsible(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(6);
    column->addWidget(m_note);
    column->addWidget(m_splitter, 1);
    setFocusProxy(m_bindingsTable);
    restoreState();
}

QTableView *ScopePage::makeTable(QAbstractItemModel *model, const QString &name)
{
    auto *table = new QTableView(this);
    setUpTable(*table, 9);
    table->setModel(model);
    table->setAccessibleName(name);
    table->setContextMenuPolicy(Qt::CustomContextMenu);
    table->installEventFilter(this);
    connect(table, &QTableView::doubleClicked, this, [this, table] {
        m_last = table;
        editSelected();
    });
    connect(table, &QTableView::customContextMenuRequested, this, [this, table](const QPoint &place) { showMenu(table, place); });
    connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this, table] {
        if (selectedRow(*table) >= 0)
            m_last = table;
        Q_EMIT selectionChanged();
    });
    return table;
}

QWidget *ScopePage::makeSection(const QString &title, QTableView *table, ToneLabel *empty)
{
    auto *section = new QWidget;
    auto *column = new QVBoxLayout(section);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(4);
    auto *heading = new ToneLabel(title);
    heading->setFont(headingFont());
    column->addWidget(heading);
    column->addWidget(table, 1);
    empty->setParent(table);
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    auto *over = new QVBoxLayout(table->viewport());
    over->addWidget(empty);
    table->setMinimumHeight(table->horizontalHeader()->sizeHint().height() + table->verticalHeader()->defaultSectionSize() * 2);
    return section;
}

void ScopePage::refresh()
{
    const config::WranglerConfig &config = m_session.config().config();
    const QString binding = nameIn(m_bindingsTable);
    const QString variable = nameIn(m_variablesTable);
    m_bindings->setRows(
        kvRows(config, m_environment), [this](const config::KvNamespace &kv) { return m_session.kvFile(kv.localId()); }, m_session.options().project);
    m_variables->setRows(variableRows(config, m_environment));
    selectName(m_bindingsTable, binding);
    selectName(m_variablesTable, variable);
    m_noBindings->setVisible(m_bindings->rowCount() == 0);
    m_noVariables->setVisible(m_variables->rowCount() == 0);
    const QString name = scopeName(m_environment);
    const QString table = u"[env.%1]"_s.arg(m_environment == Scope::Preview ? "preview"_L1 : "production"_L1);
    m_note->setText(config.set(m_environment).present
                        ? tr("%1 has a table of its own in the file, %2, and inherits no bindings and no variables from the top level.").arg(name, table)
                        : tr("%1 has no table of its own in the file (%2), so it gets what stands at the top level.").arg(name, table));
    addCopyButtons();
    Q_EMIT selectionChanged();
}

void ScopePage::addCopyButtons()
{
    for (QTableView *table : {m_bindingsTable, m_variablesTable}) {
        const int column = table->model()->columnCount() - 1;
        bool any = false;
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            const QModelIndex index = table->model()->index(row, column);
            if (static_cast<Origin>(index.data(originRole).toInt()) != Origin::NotInherited)
                continue;
            any = true;
            auto *button = new QToolButton;
            button->setText(tr("Copy here"));
            button->setIcon(icon("copy"_L1));
            button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
            button->setToolTip(tr("Write the same entry to the table of %1").arg(scopeName(m_environment)));
            connect(button, &QToolButton::clicked, this, [this, table, row] { copyHere(table, row); });
            table->setIndexWidget(index, button);
        }
        table->setColumnHidden(column, !any);
    }
}

void ScopePage::copyHere(QTableView *table, int row)
{
    if (table == m_bindingsTable) {
        if (const KvRow *r = m_bindings->row(row))
            Q_EMIT changeRequested(config::AddKvNamespace{m_environment, r->entry},
                                   tr("Copy KV namespace %1 to %2").arg(fromUtf8(r->entry.binding), scopeName(m_environment)));
    } else if (const VariableRow *r = m_variables->row(row)) {
        Q_EMIT changeRequested(config::AddVariable{m_environment, r->entry}, tr("Copy variable %1 to %2").arg(fromUtf8(r->entry.name), scopeName(m_environment)));
    }
}

void ScopePage::showMenu(QTableView *table, const QPoint &place)
{
    const QModelIndex index = table->indexAt(place);
    if (!index.isValid())
        return;
    table->setCurrentIndex(index);
    m_last = table;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    connect(menu->addAction(icon("pencil"_L1), tr("Edit…")), &QAction::triggered, this, &ScopePage::editSelected);
    if (static_cast<Origin>(index.data(originRole).toInt()) == Origin::NotInherited)
        connect(menu->addAction(icon("copy"_L1), tr("Copy here")), &QAction::triggered, this, [this, table, row = index.row()] { copyHere(table, row); });
    connect(menu->addAction(icon("trash-2"_L1), tr("Remove")), &QAction::triggered, this, &ScopePage::removeSelected);
    menu->popup(table->viewport()->mapToGlobal(place));
}

bool ScopePage::hasSelection() const
{
    return selectedRow(*m_last) >= 0;
}

void ScopePage::editSelected()
{
    const int row = selectedRow(*m_last);
    if (m_last == m_bindingsTable) {
        if (const KvRow *r = m_bindings->row(row))
            Q_EMIT editRequested(draftOf(*r, m_environment));
    } else if (const VariableRow *r = m_variables->row(row)) {
        Q_EMIT editRequested(draftOf(*r, m_environment));
    }
}

void ScopePage::removeSelected()
{
    const int row = selectedRow(*m_last);
    if (m_last == m_bindingsTable) {
        if (const KvRow *r = m_bindings->row(row)) {
            const QString name = fromUtf8(r->entry.binding);
            Q_EMIT removalRequested(config::RemoveKvNamespace{scopeOf(r->origin, m_environment), r->entry.binding}, tr("Remove KV namespace %1").arg(name), name);
        }
    } else if (const VariableRow *r = m_variables->row(row)) {
        const QString name = fromUtf8(r->entry.name);
        Q_EMIT removalRequested(config::RemoveVariable{scopeOf(r->origin, m_environment), r->entry.name}, tr("Remove variable %1").arg(name), name);
    }
}

bool ScopePage::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn) {
        m_last = watched == m_variablesTable ? m_variablesTable : m_bindingsTable;
        Q_EMIT selectionChanged();
    }
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        auto *table = static_cast<QTableView *>(watched);
        if ((key == Qt::Key_Down || key == Qt::Key_Up) && selectedRow(*table) < 0) {
            table->selectRow(std::max(0, table->currentIndex().row()));
            return true;
        }
        if (key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Delete) {
            m_last = watched == m_variablesTable ? m_variablesTable : m_bindingsTable;
            key == Qt::Key_Delete ? removeSelected() : editSelected();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void ScopePage::saveState(QSettings &settings) const
{
    settings.setValue(u"bindings/splitter"_s, m_splitter->saveState());
}

void ScopePage::restoreState()
{
    m_splitter->restoreState(QSettings().value(u"bindings/splitter"_s).toByteArray());
}

} // namespace cleat::ui
