// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/bindingspane.h"

#include "core/config/bindingkinds.h"
#include "core/config/typescriptenv.h"
#include "core/session/session.h"
#include "ui/bindings/dragpicture.h"
#include "ui/bindings/entryclip.h"
#include "ui/bindings/entrycommands.h"
#include "ui/bindings/entrydraft.h"
#include "ui/bindings/findingslist.h"
#include "ui/bindings/kindlook.h"
#include "ui/bindings/livepill.h"
#include "ui/bindings/newprojectform.h"
#include "ui/bindings/scopepage.h"
#include "ui/bindings/secretcommands.h"
#include "ui/bindings/secretnotices.h"
#include "ui/bindings/tabdrop.h"
#include "ui/bindings/variablesmodel.h"
#include "ui/bindings/workerpicker.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QDesktopServices>
#include <QDrag>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolButton>
#include <QUrl>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;
using session::VariableOrigin;
using Status = session::ConfigStore::Status;

namespace {

enum Page { ContentPage, MissingPage, BrokenPage };

QString tipWithKeys(const QString &text, const QKeySequence &keys)
{
    return keys.isEmpty() ? text : u"%1 (%2)"_s.arg(text, keys.toString(QKeySequence::NativeText));
}

bool isLocalFile(const VariableRow &row)
{
    return row.source.origin == VariableOrigin::DevVars || row.source.origin == VariableOrigin::DotEnv;
}

/// Whether the row can be changed here: it is in the Wrangler file or in the keychain.
bool isOurs(const VariableRow &row)
{
    return row.source.origin == VariableOrigin::Wrangler || row.source.origin == VariableOrigin::Keychain;
}

int lineOf(const PageRows &rows)
{
    if (!rows.bindings.empty())
        return rows.bindings.front().place.line;
    return !rows.variables.empty() && rows.variables.front().source.origin == VariableOrigin::Wrangler ? rows.variables.front().source.place.line : 0;
}

bool holdsLost(const PageRows &rows)
{
    const auto lost = [](const auto &row) { return row.origin == Origin::NotInherited; };
    return std::ranges::any_of(rows.bindings, lost) || std::ranges::any_of(rows.variables, lost);
}

} // namespace

BindingsPane::BindingsPane(session::Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_commands(new EntryCommands(session, this)), m_secrets(new SecretCommands(session, this)), m_pages(new QStackedWidget),
      m_tabs(new FlatTabs), m_production(new ScopePage(session, Scope::Production)), m_preview(new ScopePage(session, Scope::Preview)),
      m_live(new LivePill(session)), m_brokenBar(new MessageBar(MessageBar::Closing::ByOwner)), m_messageBar(new MessageBar(MessageBar::Closing::ByUser)),
      m_connectionBar(new MessageBar(MessageBar::Closing::ByUser)), m_picker(new WorkerPicker(session, this)), m_notices(new SecretNotices(session)), m_findings(new FindingsList), m_search(new QLineEdit), m_form(new NewProjectForm(session, nullptr))
{
    makeActions();
    makeSearch();
    m_pages->addWidget(makeContent());
    m_pages->addWidget(m_form);
    m_pages->addWidget(new EmptyState("file-warning"_L1, tr("Nothing to show"), tr("Once the file can be read, its bindings and variables show here.")));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_brokenBar);
    column->addWidget(m_messageBar);
    column->addWidget(m_connectionBar);
    column->addWidget(m_notices);
    column->addWidget(m_pages, 1);

    connectPage(m_production);
    connectPage(m_preview);
    connectCommands();
    connect(m_form, &NewProjectForm::created, this, [this] {
        setFocus(Qt::OtherFocusReason);
        Q_EMIT fileCreated();
    });
    connect(m_findings, &FindingsList::lineChosen, this, &BindingsPane::openConfigFileAt);
    connect(m_tabs, &QTabWidget::currentChanged, this, &BindingsPane::showTab);
    connect(&m_session.config(), &session::ConfigStore::changed, this, &BindingsPane::refresh);
    connect(&m_session, &session::Session::variablesChanged, this, &BindingsPane::refreshPages);
    connect(&m_session.secrets(), &session::SecretStore::changed, this, &BindingsPane::refreshPages);
    connect(&m_session, &session::Session::workersChanged, this, &BindingsPane::refreshConnections);
    connect(m_picker, &WorkerPicker::added, this, [this](const QString &name) { tell(tr("The Worker %1 runs beside the project now, and the next times too.").arg(name)); });
    connect(m_picker, &WorkerPicker::failed, this, [this](const QString &why) {
        m_messageBar->setMessage(MessageBar::Kind::Error, why);
        m_messageBar->show();
    });
    m_tabs->setCurrentIndex(QSettings().value(u"bindings/tab"_s).toInt());
    refresh();
    showTab();
}

QAction *BindingsPane::makeAction(QLatin1StringView iconName, const QString &text, const QKeySequence &keys)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setShortcut(keys);
    action->setToolTip(tipWithKeys(text, keys));
    return action;
}

void BindingsPane::makeActions()
{
    m_do.addBinding = makeAction("plug"_L1, tr("Binding…"), QKeySequence(u"Ctrl+N"_s));
    m_do.addVariable = makeAction("lock"_L1, tr("Variable or secret…"), QKeySequence(u"Ctrl+Shift+N"_s));
    m_do.edit = makeAction("pencil"_L1, tr("Edit…"), {});
    m_do.remove = makeAction("trash-2"_L1, tr("Remove"), {});
    m_do.undo = makeAction("undo-2"_L1, tr("Undo"), QKeySequence(u"Ctrl+Z"_s));
    m_do.redo = makeAction("redo-2"_L1, tr("Redo"), QKeySequence(u"Ctrl+Shift+Z"_s));
    m_do.copyTypes = makeAction("braces"_L1, tr("Copy TypeScript Env"), QKeySequence(u"Ctrl+Shift+T"_s));
    m_do.edit->setToolTip(tr("Edit the selected entry (Enter)"));
    m_do.remove->setToolTip(tr("Remove the selected entries (Del)"));
    m_do.copyTypes->setToolTip(tr("Copy “interface Env” of this environment to the clipboard (Ctrl+Shift+T)"));
    for (QAction *action : {m_do.addBinding, m_do.addVariable, m_do.edit, m_do.remove, m_do.undo, m_do.redo, m_do.copyTypes})
        addAction(action);
    // The clipboard's keys belong to whatever has the focus; these are the tables'.
    m_do.copy = makeAction("copy"_L1, tr("Copy"), QKeySequence::Copy);
    m_do.cut = makeAction("scissors"_L1, tr("Cut"), QKeySequence::Cut);
    m_do.paste = makeAction("clipboard-paste"_L1, tr("Paste"), QKeySequence::Paste);
    for (QAction *action : {m_do.copy, m_do.cut, m_do.paste}) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        m_tabs->addAction(action);
    }

    connect(m_do.addBinding, &QAction::triggered, this, [this] { m_commands->add(page()->environment(), {}); });
    connect(m_do.addVariable, &QAction::triggered, this, [this] { m_commands->add(page()->environment(), EntryStart{EntryDraft::Sort::Variable, {}}); });
    connect(m_do.edit, &QAction::triggered, this, &BindingsPane::openSelected);
    connect(m_do.remove, &QAction::triggered, this, &BindingsPane::removeSelected);
    connect(m_do.undo, &QAction::triggered, m_commands, &EntryCommands::undo);
    connect(m_do.redo, &QAction::triggered, m_commands, &EntryCommands::redo);
    connect(m_do.copyTypes, &QAction::triggered, this, &BindingsPane::copyTypes);
    connect(m_do.copy, &QAction::triggered, this, [this] { m_commands->copy(page()->selection(), page()->environment()); });
    connect(m_do.cut, &QAction::triggered, this, [this] { m_commands->cut(page()->selection(), page()->environment()); });
    connect(m_do.paste, &QAction::triggered, this, [this] { m_commands->paste(page()->environment()); });
}

QWidget *BindingsPane::makeContent()
{
    m_tabs->addTab(m_production, tr("Production"));
    m_tabs->addTab(m_preview, tr("Preview"));
    m_tabs->setCornerWidget(m_live);
    connect(new TabDrop(m_tabs), &TabDrop::dropped, this,
        [this](int, const QMimeData *dropped, Qt::DropAction action) { m_commands->drop(*dropped, action, page()->environment()); });

    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTools());
    column->addWidget(m_tabs, 1);
    column->addWidget(m_findings);
    return content;
}

QWidget *BindingsPane::makeTools()
{
    auto *tools = new QWidget;
    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(8, 5, 8, 5);
    row->setSpacing(2);
    auto *addButton = new QPushButton(icon("plus"_L1), tr("&Add"));
    addButton->setToolTip(tr("Add a binding, a variable or a secret"));
    addButton->setMenu(makeAddMenu());
    row->addWidget(addButton);
    row->addSpacing(6);
    const auto addTool = [row](QAction *action) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        row->addWidget(button);
    };
    addTool(m_do.edit);
    addTool(m_do.remove);
    row->addSpacing(6);
    addTool(m_do.undo);
    addTool(m_do.redo);
    row->addSpacing(6);
    addTool(m_do.copyTypes);
    row->addStretch(1);
    row->addWidget(m_search, 2);
    return tools;
}

QMenu *BindingsPane::makeAddMenu()
{
    auto *menu = new QMenu(this);
    menu->addAction(m_do.addBinding);
    menu->addAction(m_do.addVariable);
    menu->addSeparator();
    for (const config::BindingKind &kind : config::bindingKinds()) {
        QAction *action = menu->addAction(icon(kindIcon(kind.kind)), kindTitle(kind.kind));
        connect(action, &QAction::triggered, this,
            [this, start = EntryStart{EntryDraft::Sort::Binding, kind.kind}] { m_commands->add(page()->environment(), start); });
    }
    return menu;
}

void BindingsPane::makeSearch()
{
    m_search->setPlaceholderText(tr("Search"));
    m_search->setToolTip(tr("All words must be in the name, kind, resource or value. (Ctrl+F)"));
    m_search->setAccessibleName(tr("Search"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(icon("search"_L1, Tone::Muted), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(120);
    m_search->setMaximumWidth(320);
    m_search->installEventFilter(this);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &words) { page()->setFilter(words.simplified()); });
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, this, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
}

void BindingsPane::connectPage(ScopePage *scopePage)
{
    connect(scopePage, &ScopePage::selectionChanged, this, &BindingsPane::refreshActions);
    connect(scopePage, &ScopePage::selectionChanged, this, &BindingsPane::refreshConnections); // its rows may be others
    connect(scopePage, &ScopePage::openRequested, this, &BindingsPane::openSelected);
    connect(scopePage, &ScopePage::removeRequested, this, &BindingsPane::removeSelected);
    connect(scopePage, &ScopePage::menuRequested, this, &BindingsPane::showMenu);
    connect(scopePage, &ScopePage::dragRequested, this, &BindingsPane::startDrag);
    connect(scopePage, &ScopePage::copyHereRequested, this, [this, scopePage](const PageRows &rows) {
        m_commands->copyHere(rows, scopePage->environment());
        m_secrets->copyHere(rows, scopePage->environment());
    });
    connect(scopePage, &ScopePage::importRequested, this, [this, scopePage] { m_secrets->importRows(scopePage->fromLocalFiles()); });
    connect(scopePage, &ScopePage::exportRequested, this, [this, scopePage] { m_secrets->exportSecrets(scopePage->environment()); });
    connect(scopePage, &ScopePage::dropped, this,
        [this, scopePage](const QMimeData *dropped, Qt::DropAction action) { m_commands->drop(*dropped, action, scopePage->environment()); });
}

void BindingsPane::connectCommands()
{
    connect(m_commands, &EntryCommands::made, this, &BindingsPane::tellMade);
    connect(m_commands, &EntryCommands::noted, this, &BindingsPane::tell);
    connect(m_commands, &EntryCommands::failed, this, &BindingsPane::showError);
    connect(m_commands, &EntryCommands::begun, m_messageBar, &QWidget::hide);
    connect(m_secrets, &SecretCommands::noted, this, &BindingsPane::tell);
    connect(m_secrets, &SecretCommands::failed, this, [this](const QString &step, const base::Error &error) {
        m_messageBar->setMessage(MessageBar::Kind::Error, tr("%1: not done. %2").arg(step, formatPlacedError(error)));
        m_messageBar->show();
    });
    connect(m_secrets, &SecretCommands::begun, m_messageBar, &QWidget::hide);
}

ScopePage *BindingsPane::page() const
{
    return m_tabs->currentIndex() == 1 ? m_preview : m_production;
}

ScopePage *BindingsPane::otherPage() const
{
    return page() == m_preview ? m_production : m_preview;
}

void BindingsPane::showTab()
{
    page()->setFilter(m_search->text().simplified());
    m_live->setScope(page()->environment());
    refreshFocus();
    refreshActions();
    refreshConnections();
}

/// What leads nowhere, with a way to mend it; goes by itself once the Worker is there.
void BindingsPane::refreshConnections()
{
    m_production->refreshConnections();
    m_preview->refreshConnections();
    const bool readable = m_session.config().status() == Status::Readable;
    auto missing = readable ? page()->missing() : std::vector<config::Binding>();
    if (missing == m_missing)
        return;
    m_missing = std::move(missing);
    if (m_missing.empty())
        m_connectionBar->hide();
    else
        offerWorkers(m_missing);
}

void BindingsPane::offerWorkers(const std::vector<config::Binding> &missing)
{
    QStringList refused;
    QStringList waiting;
    QStringList workers;
    for (const config::Binding &binding : missing) {
        const session::Connection there = m_session.connection(binding);
        if (there.state == session::Connection::State::NoConsumer) {
            waiting << fromUtf8(config::localId(binding).value_or(binding.name));
            continue;
        }
        const QString worker = fromUtf8(there.worker);
        refused << (worker == fromUtf8(binding.name) ? worker : tr("%1 (%2)").arg(fromUtf8(binding.name), worker));
        if (!workers.contains(worker))
            workers << worker;
    }
    QStringList sentences;
    if (refused.size() == 1)
        sentences << tr("%1 is not connected: its Worker does not run beside the project, so calls are refused.").arg(refused.first());
    else if (refused.size() > 1)
        sentences << tr("%1 are not connected: their Workers do not run beside the project, so calls are refused.").arg(refused.join(u", "_s));
    if (waiting.size() == 1)
        sentences << tr("No Worker consumes the queue %1: what is sent waits.").arg(waiting.first());
    else if (waiting.size() > 1)
        sentences << tr("No Worker consumes the queues %1: what is sent waits.").arg(waiting.join(u", "_s));
    m_connectionBar->setMessage(refused.isEmpty() ? MessageBar::Kind::Info : MessageBar::Kind::Warning, sentences.join(u'\n'));
    constexpr qsizetype mostButtons = 3;
    for (const QString &worker : workers.first(std::min(workers.size(), mostButtons)))
        connect(m_connectionBar->addButton(tr("Add %1…").arg(worker)), &QPushButton::clicked, this, [this, worker] { m_picker->pick(WorkerPicker::By::Folder, worker); });
    if (workers.size() > mostButtons || !waiting.isEmpty())
        connect(m_connectionBar->addButton(tr("Add a Worker…")), &QPushButton::clicked, this, [this] { m_picker->pick(WorkerPicker::By::Folder); });
    m_connectionBar->show();
}

void BindingsPane::refresh()
{
    session::ConfigStore &store = m_session.config();
    const Status status = store.status();
    m_everReadable = m_everReadable || status == Status::Readable;
    switch (status) {
    case Status::Missing:
        m_pages->setCurrentIndex(MissingPage);
        break;
    case Status::Readable:
        m_pages->setCurrentIndex(ContentPage);
        break;
    case Status::Broken:
        m_pages->setCurrentIndex(m_everReadable ? ContentPage : BrokenPage);
        m_brokenBar->setMessage(MessageBar::Kind::Error, tr("The Wrangler file cannot be read, and is left untouched."));
        m_brokenBar->setDetail(formatPlacedError(store.error()));
        connect(m_brokenBar->addButton(tr("Open file")), &QPushButton::clicked, this, [this] { Q_EMIT openConfigFileAt(m_session.config().error().place.line); });
        break;
    }
    m_brokenBar->setVisible(status == Status::Broken);
    m_pages->widget(ContentPage)->setEnabled(status == Status::Readable);
    m_findings->setFindings(store.config().findings);
    refreshFocus();
    refreshPages();
}

void BindingsPane::refreshPages()
{
    m_production->refresh();
    m_preview->refresh();
    m_notices->refresh();
    refreshActions();
}

void BindingsPane::refreshFocus()
{
    setFocusProxy(m_session.config().status() == Status::Missing ? static_cast<QWidget *>(m_form) : page());
}

void BindingsPane::refreshActions()
{
    const session::ConfigStore &store = m_session.config();
    const bool readable = store.status() == Status::Readable;
    const PageRows rows = readable ? page()->selection() : PageRows();
    const bool ours = !rows.bindings.empty() || std::ranges::any_of(rows.variables, isOurs);
    m_do.addBinding->setEnabled(readable);
    m_do.addVariable->setEnabled(readable);
    m_do.copyTypes->setEnabled(readable);
    m_do.paste->setEnabled(readable);
    m_do.edit->setEnabled(rows.size() == 1 && ours);
    m_do.remove->setEnabled(ours);
    m_do.copy->setEnabled(!rows.empty());
    m_do.cut->setEnabled(ours);
    m_do.undo->setEnabled(store.canUndo());
    m_do.redo->setEnabled(store.canRedo());
    m_do.undo->setToolTip(tipWithKeys(store.canUndo() ? tr("Undo: %1").arg(store.undoText()) : tr("Undo"), m_do.undo->shortcut()));
    m_do.redo->setToolTip(tipWithKeys(store.canRedo() ? tr("Redo: %1").arg(store.redoText()) : tr("Redo"), m_do.redo->shortcut()));
}

void BindingsPane::openSelected()
{
    const PageRows rows = page()->selection();
    if (rows.size() != 1)
        return;
    if (!rows.bindings.empty() || isOurs(rows.variables.front())) {
        m_commands->edit(rows, page()->environment());
        return;
    }
    const VariableRow &row = rows.variables.front();
    m_messageBar->setMessage(MessageBar::Kind::Info, tr("%1 comes from elsewhere (%2), and is changed there.").arg(fromUtf8(row.source.name), sourceText(row.source)));
    if (isLocalFile(row)) {
        connect(m_messageBar->addButton(tr("Open file")), &QPushButton::clicked, this, [this, name = std::filesystem::path(row.source.place.file).filename()] {
            QDesktopServices::openUrl(QUrl::fromLocalFile(fromPath(m_session.config().folder() / name)));
        });
        connect(m_messageBar->addButton(tr("Import into the keychain")), &QPushButton::clicked, this, [this, row] { m_secrets->importRows({row}); });
    }
    m_messageBar->show();
}

void BindingsPane::removeSelected()
{
    const PageRows rows = page()->selection();
    if (rows.empty())
        return;
    m_commands->remove(rows, page()->environment());
    m_secrets->remove(rows, page()->environment());
    if (EntryCommands::entriesOf(rows, page()->environment()).empty() && !holdsKeychainRows(rows))
        openSelected(); // tells where it is removed
}

void BindingsPane::showMenu(const QPoint &globalPlace)
{
    const PageRows rows = page()->selection();
    const Scope here = page()->environment();
    const Scope other = otherPage()->environment();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [this, menu](QLatin1StringView iconName, const QString &text, auto slot) {
        QAction *action = menu->addAction(icon(iconName), text);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    menu->addAction(m_do.edit);
    if (holdsLost(rows)) {
        add("copy"_L1, tr("Copy here"), [this, rows, here] {
            m_commands->copyHere(rows, here);
            m_secrets->copyHere(rows, here);
        });
    }
    if (const int line = lineOf(rows); line > 0 && rows.size() == 1)
        add("file-text"_L1, tr("Show in the file"), [this, line] { Q_EMIT openConfigFileAt(line); });
    if (rows.size() == 1 && !rows.bindings.empty() && (m_session.dataOf(rows.bindings.front().entry) || rows.bindings.front().entry.kind == config::Kind::Queue))
        add("database"_L1, tr("Show its data"), [this, binding = rows.bindings.front().entry] { Q_EMIT openDataOf(binding); });
    if (rows.size() == 1 && !rows.bindings.empty()) {
        const session::Connection there = m_session.connection(rows.bindings.front().entry);
        if (there.isMissing() && session::Session::runs(rows.bindings.front().entry.kind))
            add("layers"_L1, tr("Add its Worker…"), [this, worker = fromUtf8(there.worker)] { m_picker->pick(WorkerPicker::By::Folder, worker); });
    }
    if (std::ranges::any_of(rows.variables, isLocalFile))
        add("download"_L1, tr("Import into the keychain"), [this, rows] { m_secrets->importRows(rows.variables); });
    menu->addSeparator();
    menu->addAction(m_do.cut);
    menu->addAction(m_do.copy);
    menu->addAction(m_do.paste);
    if (!EntryCommands::copyableOf(rows, here).empty()) {
        menu->addSeparator();
        add("copy"_L1, tr("Copy to %1").arg(scopeName(other)),
            [this, rows, here, other] { m_commands->transfer(EntryCommands::Transfer::Copy, rows, here, other); });
    }
    if (!EntryCommands::entriesOf(rows, here).empty()) {
        add("arrow-right"_L1, tr("Move to %1").arg(scopeName(other)),
            [this, rows, here, other] { m_commands->transfer(EntryCommands::Transfer::Move, rows, here, other); });
    }
    menu->addSeparator();
    menu->addAction(m_do.remove);
    menu->popup(globalPlace);
}

void BindingsPane::startDrag()
{
    const PageRows rows = page()->selection();
    auto dragged = m_commands->drag(rows, page()->environment());
    if (!dragged)
        return;
    auto *drag = new QDrag(page());
    const auto entries = EntryCommands::copyableOf(rows, page()->environment());
    drag->setPixmap(dragPicture(*this, describe(EntryClip{{}, entries}.values())));
    drag->setMimeData(dragged.release());
    drag->exec(Qt::CopyAction | Qt::MoveAction, Qt::CopyAction);
}

bool BindingsPane::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_search || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent *>(event)->key();
    if (key != Qt::Key_Escape && key != Qt::Key_Down && key != Qt::Key_Return)
        return false;
    if (key == Qt::Key_Escape)
        m_search->clear();
    page()->setFocus(Qt::OtherFocusReason);
    return true;
}

void BindingsPane::copyTypes()
{
    const Scope environment = page()->environment();
    QGuiApplication::clipboard()->setText(
        fromUtf8(config::typeScriptEnv(m_session.config().config().effective(environment), m_session.secrets().names(environment))));
    tell(tr("“interface Env” of %1 is on the clipboard.").arg(scopeName(environment)));
}

void BindingsPane::tell(const QString &sentence)
{
    m_messageBar->setMessage(MessageBar::Kind::Info, sentence);
    m_messageBar->show();
}

void BindingsPane::tellMade(const QString &sentence)
{
    m_messageBar->setMessage(MessageBar::Kind::Info, sentence);
    connect(m_messageBar->addButton(tr("Undo")), &QPushButton::clicked, m_commands, &EntryCommands::undo);
    m_messageBar->show();
}

void BindingsPane::showError(const QString &step, const base::Error &error)
{
    m_messageBar->setMessage(MessageBar::Kind::Error, tr("%1: not done, the file is as it was. %2").arg(step, formatPlacedError(error)));
    m_messageBar->show();
}

void BindingsPane::saveState(QSettings &settings) const
{
    settings.setValue(u"bindings/tab"_s, m_tabs->currentIndex());
    m_production->saveState(settings);
}

} // namespace cleat::ui
