// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/bindingspane.h"

#include "core/session/session.h"
#include "ui/bindings/entrydialog.h"
#include "ui/bindings/scopepage.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QDesktopServices>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>
#include <QUrl>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;
using Status = session::ConfigStore::Status;

namespace {

enum Page { ContentPage, MissingPage, BrokenPage };

QString tipWithKeys(const QString &text, const QKeySequence &keys)
{
    return keys.isEmpty() ? text : u"%1 (%2)"_s.arg(text, keys.toString(QKeySequence::NativeText));
}

/// Where the usual tools put what they build, as far as it is there; else Pages' own example.
QString likelyOutput(const std::filesystem::path &project)
{
    std::error_code error;
    for (const char *folder : {"public", "dist", "build", "out", "_site", "www"}) {
        if (std::filesystem::is_directory(project / folder, error))
            return QString::fromLatin1(folder);
    }
    return u"public"_s;
}

} // namespace

BindingsPane::BindingsPane(session::Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_pages(new QStackedWidget), m_tabs(new FlatTabs), m_production(new ScopePage(session, Scope::Production)),
      m_preview(new ScopePage(session, Scope::Preview)), m_brokenBar(new MessageBar(MessageBar::Closing::ByOwner)),
      m_messageBar(new MessageBar(MessageBar::Closing::ByUser)), m_findingsTitle(new ToneLabel), m_findings(new QListWidget),
      m_addKv(makeAction("key-round"_L1, tr("KV namespace"), QKeySequence(u"Ctrl+N"_s))),
      m_addVariable(makeAction("type"_L1, tr("Variable"), QKeySequence(u"Ctrl+Shift+N"_s))), m_edit(makeAction("pencil"_L1, tr("Edit"), {})),
      m_remove(makeAction("trash-2"_L1, tr("Remove"), {})), m_undo(makeAction("undo-2"_L1, tr("Undo"), QKeySequence(u"Ctrl+Z"_s))),
      m_redo(makeAction("redo-2"_L1, tr("Redo"), QKeySequence(u"Ctrl+Shift+Z"_s))), m_outputDir(new QLineEdit(likelyOutput(session.options().project))),
      m_createProblem(new ToneLabel({}, Tone::Danger)), m_broken(nullptr)
{
    m_pages->addWidget(makeContent());
    m_pages->addWidget(makeMissing());
    m_pages->addWidget(makeBroken());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_brokenBar);
    column->addWidget(m_messageBar);
    column->addWidget(m_pages, 1);

    connect(m_addKv, &QAction::triggered, this, [this] { add(EntryDraft::Kind::KvNamespace); });
    connect(m_addVariable, &QAction::triggered, this, [this] { add(EntryDraft::Kind::Variable); });
    connect(m_edit, &QAction::triggered, this, [this] { page()->editSelected(); });
    connect(m_remove, &QAction::triggered, this, [this] { page()->removeSelected(); });
    connect(m_undo, &QAction::triggered, this, &BindingsPane::undo);
    connect(m_redo, &QAction::triggered, this, &BindingsPane::redo);
    for (ScopePage *scopePage : {m_production, m_preview}) {
        connect(scopePage, &ScopePage::editRequested, this, &BindingsPane::openDialog);
        connect(scopePage, &ScopePage::changeRequested, this, [this](const config::Edit &edit, const QString &step) { apply(edit, step); });
        connect(scopePage, &ScopePage::removalRequested, this, &BindingsPane::remove);
        connect(scopePage, &ScopePage::selectionChanged, this, &BindingsPane::refreshHistory);
    }
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        refreshFocus();
        refreshHistory();
    });
    connect(&m_session.config(), &session::ConfigStore::changed, this, &BindingsPane::refresh);
    m_tabs->setCurrentIndex(QSettings().value(u"bindings/tab"_s).toInt());
    refresh();
}

QAction *BindingsPane::makeAction(QLatin1StringView iconName, const QString &text, const QKeySequence &keys)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setShortcut(keys);
    action->setToolTip(tipWithKeys(text, keys));
    addAction(action);
    return action;
}

QWidget *BindingsPane::makeContent()
{
    m_tabs->addTab(m_production, tr("Production"));
    m_tabs->addTab(m_preview, tr("Preview"));
    m_tabs->setCornerWidget(makeTools());

    m_findingsTitle->setFont(headingFont());
    m_findings->setAccessibleName(tr("Findings"));
    m_findings->setWordWrap(true);
    m_findings->setIconSize({16, 16});
    m_findings->setResizeMode(QListView::Adjust);
    m_findings->setToolTip(tr("Double click or press Enter to open the file"));
    connect(m_findings, &QListWidget::itemActivated, this, &BindingsPane::openFile);
    auto *below = new QVBoxLayout;
    below->setContentsMargins(10, 0, 10, 8);
    below->setSpacing(4);
    below->addWidget(m_findingsTitle);
    below->addWidget(m_findings);
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_tabs, 1);
    column->addLayout(below);
    return content;
}

QWidget *BindingsPane::makeTools()
{
    auto *tools = new QWidget;
    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(0, 2, 8, 2);
    row->setSpacing(2);
    const auto addTool = [row](QAction *action) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        row->addWidget(button);
    };
    addTool(m_undo);
    addTool(m_redo);
    row->addSpacing(6);
    addTool(m_edit);
    addTool(m_remove);
    row->addSpacing(6);
    m_edit->setToolTip(tr("Edit the selected entry (Enter)"));
    m_remove->setToolTip(tr("Remove the selected entry (Del)"));

    auto *addButton = new QPushButton(icon("plus"_L1), tr("&Add"));
    addButton->setToolTip(tr("Add a binding or a variable"));
    auto *menu = new QMenu(addButton);
    menu->addAction(m_addKv);
    menu->addAction(m_addVariable);
    addButton->setMenu(menu);
    row->addWidget(addButton);
    return tools;
}

QWidget *BindingsPane::makeMissing()
{
    auto *state = new EmptyState("file-plus"_L1, tr("This project has no Wrangler file"),
                                 tr("The file names the folder that is served, and the bindings and variables of your project. Where is what your build puts out?"));
    auto *form = new QWidget;
    auto *row = new QHBoxLayout(form);
    row->setContentsMargins(0, 0, 0, 0);
    auto *label = new QLabel(tr("&Output folder"));
    label->setBuddy(m_outputDir);
    m_outputDir->setAccessibleName(tr("Output folder"));
    auto *button = new QPushButton(tr("Create wrangler.toml"));
    row->addWidget(label);
    row->addWidget(m_outputDir, 1);
    row->addWidget(button);
    state->addRow(form);
    m_createProblem->setWordWrap(true);
    state->addRow(m_createProblem);
    const auto check = [this, button] { button->setEnabled(!m_outputDir->text().trimmed().isEmpty()); };
    connect(m_outputDir, &QLineEdit::textChanged, this, check);
    connect(m_outputDir, &QLineEdit::returnPressed, button, &QPushButton::click);
    connect(button, &QPushButton::clicked, this, &BindingsPane::create);
    return state;
}

QWidget *BindingsPane::makeBroken()
{
    m_broken = new EmptyState("file-warning"_L1, tr("Nothing to show"), tr("Once the file can be read, its bindings and variables show here."));
    return m_broken;
}

ScopePage *BindingsPane::page() const
{
    return m_tabs->currentIndex() == 1 ? m_preview : m_production;
}

void BindingsPane::refresh()
{
    session::ConfigStore &store = m_session.config();
    const Status status = store.status();
    const bool broken = status == Status::Broken;
    m_everReadable = m_everReadable || status == Status::Readable;
    switch (status) {
    case Status::Missing:
        m_pages->setCurrentIndex(MissingPage);
        break;
    case Status::Readable:
        m_pages->setCurrentIndex(ContentPage);
        break;
    case Status::Broken: {
        m_pages->setCurrentIndex(m_everReadable ? ContentPage : BrokenPage);
        m_brokenBar->setMessage(MessageBar::Kind::Error, tr("The Wrangler file cannot be read, and is left untouched."));
        m_brokenBar->setDetail(formatPlacedError(store.error()));
        connect(m_brokenBar->addButton(tr("Open file")), &QPushButton::clicked, this, &BindingsPane::openFile);
        break;
    }
    }
    m_brokenBar->setVisible(broken);
    refreshFocus();
    m_pages->widget(ContentPage)->setEnabled(status == Status::Readable);
    m_production->refresh();
    m_preview->refresh();
    refreshFindings();
    refreshHistory();
    if (m_dialog)
        m_dialog->refresh();
}

void BindingsPane::refreshFocus()
{
    setFocusProxy(m_session.config().status() == Status::Missing ? static_cast<QWidget *>(m_outputDir) : page());
}

void BindingsPane::refreshHistory()
{
    const session::ConfigStore &store = m_session.config();
    const bool readable = store.status() == Status::Readable;
    const bool selected = readable && page()->hasSelection();
    m_addKv->setEnabled(readable);
    m_addVariable->setEnabled(readable);
    m_edit->setEnabled(selected);
    m_remove->setEnabled(selected);
    m_undo->setEnabled(store.canUndo());
    m_redo->setEnabled(store.canRedo());
    m_undo->setToolTip(tipWithKeys(store.canUndo() ? tr("Undo: %1").arg(store.undoText()) : tr("Undo"), m_undo->shortcut()));
    m_redo->setToolTip(tipWithKeys(store.canRedo() ? tr("Redo: %1").arg(store.redoText()) : tr("Redo"), m_redo->shortcut()));
}

void BindingsPane::refreshFindings()
{
    const auto &findings = m_session.config().config().findings;
    m_findings->clear();
    for (const config::Finding &finding : findings) {
        const bool error = finding.severity == config::Finding::Severity::Error;
        const QString place = formatPlace(finding.place);
        const QString message = fromUtf8(finding.message);
        auto *item = new QListWidgetItem(icon(error ? "circle-alert"_L1 : "triangle-alert"_L1, error ? Tone::Danger : Tone::Warning),
                                         place.isEmpty() ? message : u"%1: %2"_s.arg(place, message), m_findings);
        item->setData(Qt::AccessibleTextRole, (error ? tr("Error: %1") : tr("Warning: %1")).arg(item->text()));
    }
    m_findingsTitle->setText(tr("Findings (%1)").arg(findings.size()));
    m_findingsTitle->setVisible(!findings.empty());
    m_findings->setVisible(!findings.empty());
    fitFindings();
}

void BindingsPane::fitFindings()
{
    // Long ones wrap; more than a few lines scroll.
    if (m_findings->count() == 0)
        return;
    m_findings->doItemsLayout();
    const int height = m_findings->visualItemRect(m_findings->item(m_findings->count() - 1)).bottom() + 1 - m_findings->visualItemRect(m_findings->item(0)).top();
    m_findings->setFixedHeight(std::clamp(height, fontMetrics().height(), 5 * (fontMetrics().height() + 4)) + 2 * m_findings->frameWidth());
}

void BindingsPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    // Its rows take their width from the layout, which has its turn first.
    QTimer::singleShot(0, this, &BindingsPane::fitFindings);
}

void BindingsPane::add(EntryDraft::Kind kind)
{
    EntryDraft draft;
    draft.kind = kind;
    openDialog(draft);
}

void BindingsPane::openDialog(const EntryDraft &draft)
{
    if (m_dialog)
        return;
    session::ConfigStore &store = m_session.config();
    EntryDialog::Access access;
    access.config = [&store]() -> const config::WranglerConfig & { return store.config(); };
    access.text = [&store] { return store.text(); };
    access.preview = [&store](const config::Edit &edit) { return store.preview(edit); };
    access.apply = [&store](const config::Edit &edit, const QString &step) { return store.apply(edit, step); };
    access.fileName = fromPath(store.path().filename());
    m_dialog = new EntryDialog(std::move(access), draft, page()->environment(), window());
    m_messageBar->hide();
    m_dialog->open();
}

bool BindingsPane::apply(const config::Edit &edit, const QString &step)
{
    if (const auto applied = m_session.config().apply(edit, step); !applied) {
        showError(step, applied.error());
        return false;
    }
    m_messageBar->hide();
    return true;
}

void BindingsPane::remove(const config::Edit &edit, const QString &step, const QString &name)
{
    if (!apply(edit, step))
        return;
    m_messageBar->setMessage(MessageBar::Kind::Info, tr("Removed %1.").arg(name));
    connect(m_messageBar->addButton(tr("Undo")), &QPushButton::clicked, this, &BindingsPane::undo);
    m_messageBar->show();
}

void BindingsPane::undo()
{
    const QString step = m_session.config().undoText();
    m_messageBar->hide();
    if (const auto undone = m_session.config().undo(); !undone)
        showError(tr("Undo: %1").arg(step), undone.error());
}

void BindingsPane::redo()
{
    const QString step = m_session.config().redoText();
    m_messageBar->hide();
    if (const auto redone = m_session.config().redo(); !redone)
        showError(tr("Redo: %1").arg(step), redone.error());
}

void BindingsPane::create()
{
    const auto created = m_session.config().create(toUtf8(m_outputDir->text().trimmed()));
    m_createProblem->setText(created ? QString() : formatError(created.error()));
    if (!created)
        return;
    setFocus(Qt::OtherFocusReason);
    Q_EMIT fileCreated();
}

void BindingsPane::showError(const QString &what, const base::Error &error)
{
    m_messageBar->setMessage(MessageBar::Kind::Error, tr("%1: not done, the file is as it was. %2").arg(what, formatPlacedError(error)));
    m_messageBar->show();
}

void BindingsPane::openFile()
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(fromPath(m_session.config().path())));
}

void BindingsPane::saveState(QSettings &settings) const
{
    settings.setValue(u"bindings/tab"_s, m_tabs->currentIndex());
    m_production->saveState(settings);
}

} // namespace cleat::ui
