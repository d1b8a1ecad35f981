// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/scopepage.h"

#include "core/session/session.h"
#include "ui/bindings/bindingsmodel.h"
#include "ui/bindings/entryclip.h"
#include "ui/bindings/entrydraft.h"
#include "ui/bindings/entrytable.h"
#include "ui/bindings/variablesmodel.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QDragEnterEvent>
#include <QHeaderView>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;
using session::VariableOrigin;

namespace {

BindingsModel::Facts factsOf(session::Session &session)
{
    return {[&session](const config::Binding &binding) { return session.dataOf(binding); }, &session::Session::runs, session.options().project,
        [&session](const config::Binding &binding) { return session.connection(binding); }};
}

QToolButton *makeTool(QLatin1StringView iconName)
{
    auto *button = new QToolButton;
    button->setIcon(icon(iconName));
    button->setAutoRaise(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::TabFocus);
    button->hide();
    return button;
}

} // namespace

ScopePage::ScopePage(session::Session &session, Scope environment, QWidget *parent)
    : QWidget(parent), m_session(session), m_environment(environment), m_bindings(new BindingsModel(factsOf(session), this)), m_variables(new VariablesModel(this)),
      m_note(new ToneLabel({}, Tone::Muted)), m_copyAll(new QPushButton(icon("copy"_L1), {})), m_import(makeTool("download"_L1)), m_export(makeTool("upload"_L1)),
      m_bindingsTable(new EntryTable(m_bindings, tr("Bindings"), BindingsModel::Data)),
      m_variablesTable(new EntryTable(m_variables, tr("Variables and Secrets"), -1)), m_splitter(new QSplitter(Qt::Vertical))
{
    m_note->setWordWrap(true);
    m_copyAll->hide();
    m_export->setText(tr("Export…"));
    m_export->setToolTip(tr("Write the secrets of the keychain to a file, in plain text"));
    setUpColumns();
    connectTable(m_bindingsTable, m_variablesTable);
    connectTable(m_variablesTable, m_bindingsTable);
    connect(m_copyAll, &QPushButton::clicked, this, [this] { Q_EMIT copyHereRequested(lost()); });
    connect(m_import, &QToolButton::clicked, this, &ScopePage::importRequested);
    connect(m_export, &QToolButton::clicked, this, &ScopePage::exportRequested);

    m_splitter->addWidget(makeSection(tr("Bindings"), m_bindingsTable, {}));
    m_splitter->addWidget(makeSection(tr("Variables and Secrets"), m_variablesTable, {m_import, m_export}));
    m_splitter->setChildrenCollapsible(false);
    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(m_note, 1);
    top->addWidget(m_copyAll, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(6);
    column->addLayout(top);
    column->addWidget(m_splitter, 1);
    setFocusProxy(m_bindingsTable);
    setAcceptDrops(true);
    restoreState();
}

void ScopePage::setUpColumns()
{
    const int unit = fontMetrics().averageCharWidth();
    QHeaderView *header = m_bindingsTable->horizontalHeader();
    header->resizeSection(BindingsModel::Name, unit * 26);
    header->resizeSection(BindingsModel::Kind, unit * 21);
    header->resizeSection(BindingsModel::From, unit * 19);
    header->resizeSection(BindingsModel::Line, unit * 8);
    header = m_variablesTable->horizontalHeader();
    header->resizeSection(VariablesModel::Name, unit * 26);
    header->resizeSection(VariablesModel::From, unit * 19);
    header->resizeSection(VariablesModel::Source, unit * 22);
    header->setSectionResizeMode(VariablesModel::Value, QHeaderView::Stretch);
    fitColumns();
}

void ScopePage::fitColumns()
{
    // In a small window, what is needed least is left out; the tool tips and the dialogs tell it.
    const int unit = fontMetrics().averageCharWidth();
    const bool narrow = width() < unit * 130;
    if (narrow == m_narrow)
        return;
    m_narrow = narrow;
    QHeaderView *header = m_bindingsTable->horizontalHeader();
    for (const int column : {BindingsModel::Data, BindingsModel::From, BindingsModel::Line})
        m_bindingsTable->setColumnHidden(column, narrow);
    header->setSectionResizeMode(BindingsModel::Data, narrow ? QHeaderView::Interactive : QHeaderView::Stretch);
    header->setSectionResizeMode(BindingsModel::Resource, narrow ? QHeaderView::Stretch : QHeaderView::Interactive);
    if (!narrow)
        header->resizeSection(BindingsModel::Resource, unit * 32);
    m_variablesTable->setColumnHidden(VariablesModel::From, narrow);
}

void ScopePage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitColumns();
}

void ScopePage::connectTable(EntryTable *table, EntryTable *other)
{
    connect(table, &EntryTable::openRequested, this, &ScopePage::openRequested);
    connect(table, &EntryTable::removeRequested, this, &ScopePage::removeRequested);
    connect(table, &EntryTable::dragRequested, this, &ScopePage::dragRequested);
    connect(table, &EntryTable::choseAlone, other, &EntryTable::clearSelection);
    connect(table, &EntryTable::selectAllRequested, this, [this] {
        m_bindingsTable->selectAll();
        m_variablesTable->selectAll();
    });
    connect(table, &EntryTable::buttonPressed, this, [this, table](int row) { Q_EMIT copyHereRequested(rowAt(table, row)); });
    connect(table, &EntryTable::customContextMenuRequested, this,
        [this, table](const QPoint &place) { Q_EMIT menuRequested(table->viewport()->mapToGlobal(place)); });
    connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ScopePage::selectionChanged);
}

QWidget *ScopePage::makeSection(const QString &title, EntryTable *table, const QList<QToolButton *> &tools)
{
    auto *section = new QWidget;
    auto *heading = new ToneLabel(title);
    heading->setFont(headingFont());
    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(heading, 1);
    for (QToolButton *tool : tools)
        row->addWidget(tool);
    auto *column = new QVBoxLayout(section);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(table, 1);
    return section;
}

void ScopePage::refresh()
{
    m_stale = true;
    if (isVisible())
        showRows();
}

void ScopePage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_stale)
        showRows();
}

void ScopePage::showRows()
{
    m_stale = false;
    const session::ConfigStore &store = m_session.config();
    auto bindings = bindingRows(store.config(), m_environment);
    auto variables = variableRows(store.config(), m_environment, m_session.variables(m_environment), m_session.secrets().names(Scope::TopLevel));
    attachFindings(store.config(), store.text(), store.form(), bindings, variables);
    const QStringList bindingKeys = m_bindingsTable->selectedKeys();
    const QStringList variableKeys = m_variablesTable->selectedKeys();
    m_bindings->setRows(std::move(bindings));
    m_variables->setRows(std::move(variables));
    m_bindingsTable->selectKeys(bindingKeys);
    m_variablesTable->selectKeys(variableKeys);
    showTexts();
    Q_EMIT selectionChanged();
}

void ScopePage::setFilter(const QString &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    const QStringList bindingKeys = m_bindingsTable->selectedKeys();
    const QStringList variableKeys = m_variablesTable->selectedKeys();
    m_bindings->setFilter(filter);
    m_variables->setFilter(filter);
    m_bindingsTable->selectKeys(bindingKeys);
    m_variablesTable->selectKeys(variableKeys);
    showTexts();
    Q_EMIT selectionChanged();
}

void ScopePage::showTexts()
{
    const session::ConfigStore &store = m_session.config();
    const QString name = scopeName(m_environment);
    const QString table = tableName(store.form(), m_environment);
    m_note->setText(store.config().set(m_environment).present
            ? tr("%1 has a table of its own in the file, %2, and inherits no bindings and no variables from the top level.").arg(name, table)
            : tr("%1 has no table of its own in the file (%2), so it gets what stands at the top level.").arg(name, table));
    const std::size_t lostCount = lost().size();
    m_copyAll->setText(tr("Copy all %1 here").arg(lostCount));
    m_copyAll->setToolTip(tr("Write every entry that %1 does not inherit to its table, as one step").arg(name));
    m_copyAll->setVisible(lostCount > 1);

    const auto local = fromLocalFiles();
    m_import->setText(tr("Import %1 into the keychain").arg(local.size()));
    m_import->setToolTip(tr("Copy the values of .dev.vars and .env files to your system keychain"));
    m_import->setVisible(!local.empty());
    m_export->setVisible(holdsSecrets());

    m_bindingsTable->refresh();
    m_variablesTable->refresh();
    m_bindingsTable->setEmptyText(m_bindings->rows().empty() ? tr("No bindings. Press Add to make one; the lines that it writes are shown first.")
                                                             : tr("No binding fits “%1”.").arg(m_filter));
    m_variablesTable->setEmptyText(m_variables->rows().empty() ? tr("No variables and no secrets.") : tr("No variable and no secret fits “%1”.").arg(m_filter));
}

PageRows ScopePage::rowAt(const EntryTable *table, int row) const
{
    PageRows rows;
    if (const BindingRow *r = table == m_bindingsTable ? m_bindings->row(row) : nullptr)
        rows.bindings.push_back(*r);
    if (const VariableRow *r = table == m_variablesTable ? m_variables->row(row) : nullptr)
        rows.variables.push_back(*r);
    return rows;
}

PageRows ScopePage::selection() const
{
    PageRows rows;
    const QList<int> bindingRowsSelected = m_bindingsTable->selectedRows();
    for (const int row : bindingRowsSelected) {
        if (const BindingRow *r = m_bindings->row(row))
            rows.bindings.push_back(*r);
    }
    const QList<int> variableRowsSelected = m_variablesTable->selectedRows();
    for (const int row : variableRowsSelected) {
        if (const VariableRow *r = m_variables->row(row))
            rows.variables.push_back(*r);
    }
    return rows;
}

PageRows ScopePage::lost() const
{
    PageRows rows;
    std::ranges::copy_if(m_bindings->rows(), std::back_inserter(rows.bindings), [](const BindingRow &row) { return row.origin == Origin::NotInherited; });
    std::ranges::copy_if(m_variables->rows(), std::back_inserter(rows.variables), [](const VariableRow &row) { return row.origin == Origin::NotInherited; });
    return rows;
}

std::vector<config::Binding> ScopePage::missing() const
{
    return m_bindings->missing();
}

void ScopePage::refreshConnections()
{
    m_bindings->refreshConnections();
}

std::vector<VariableRow> ScopePage::fromLocalFiles() const
{
    std::vector<VariableRow> rows;
    std::ranges::copy_if(m_variables->rows(), std::back_inserter(rows),
        [](const VariableRow &row) { return row.source.origin == VariableOrigin::DevVars || row.source.origin == VariableOrigin::DotEnv; });
    return rows;
}

bool ScopePage::holdsSecrets() const
{
    return std::ranges::any_of(
        m_variables->rows(), [](const VariableRow &row) { return row.source.origin == VariableOrigin::Keychain && row.origin == Origin::Own; });
}

void ScopePage::setDropping(bool dropping)
{
    m_dropping = dropping;
    update();
}

void ScopePage::dragEnterEvent(QDragEnterEvent *event)
{
    const auto *source = qobject_cast<QWidget *>(event->source());
    if (!mayHoldClip(*event->mimeData()) || source == this || (source && isAncestorOf(source)))
        return;
    event->acceptProposedAction();
    setDropping(true);
}

void ScopePage::dragLeaveEvent(QDragLeaveEvent *)
{
    setDropping(false);
}

void ScopePage::dropEvent(QDropEvent *event)
{
    setDropping(false);
    const Qt::DropAction action = event->dropAction();
    event->setDropAction(Qt::CopyAction); // what is moved is removed by the one step that adds it here
    event->accept();
    Q_EMIT dropped(event->mimeData(), action);
}

void ScopePage::paintEvent(QPaintEvent *)
{
    if (!m_dropping)
        return;
    QPainter painter(this);
    painter.setPen(QPen(colors(palette()).accent, 2));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
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
