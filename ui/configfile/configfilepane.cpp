// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/configfile/configfilepane.h"

#include "core/config/configreader.h"
#include "core/session/configstore.h"
#include "ui/bindings/findingslist.h"
#include "ui/configfile/codeeditor.h"
#include "ui/configfile/editedtext.h"
#include "ui/configfile/findbar.h"
#include "ui/configfile/tomlhighlighter.h"
#include "ui/widgets/conflictdialog.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/jsonhighlighter.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QDesktopServices>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QTextBlock>
#include <QToolButton>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using Status = session::ConfigStore::Status;

namespace {

constexpr int checkAfterMs = 150;

/// Broken, but as a text it can be edited.
bool isUnreadable(const session::ConfigStore &store)
{
    return store.status() == Status::Broken && store.error().code != "config.parse";
}

} // namespace

ConfigFilePane::ConfigFilePane(session::ConfigStore &store, QWidget *parent)
    : QWidget(parent), m_store(store), m_pages(new QStackedWidget), m_editor(new CodeEditor), m_find(new FindBar(*m_editor)), m_list(new FindingsList),
      m_bar(new MessageBar(MessageBar::Closing::ByOwner)), m_name(new ElideLabel(Qt::ElideMiddle)), m_edited(new ToneLabel(tr("Not saved"), Tone::Warning)),
      m_save(makeAction("save"_L1, tr("Save"), tr("Write the file"), QKeySequence(u"Ctrl+S"_s))),
      m_revert(makeAction("rotate-ccw"_L1, tr("Revert"), tr("Go back to what is in the file"), {})),
      m_findAction(makeAction("search"_L1, tr("Find"), tr("Find in the file"), QKeySequence(u"Ctrl+F"_s))),
      m_open(makeAction("external-link"_L1, tr("Open in editor"), tr("Open the file in the program that the system has for it"), {}))
{
    m_pages->addWidget(makeEditor());
    m_pages->addWidget(makeMissing());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_pages);

    m_checkSoon.setSingleShot(true);
    m_checkSoon.setInterval(checkAfterMs);
    connect(&m_checkSoon, &QTimer::timeout, this, &ConfigFilePane::check);
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] { m_checkSoon.start(); });
    connect(m_editor, &QPlainTextEdit::modificationChanged, this, &ConfigFilePane::refreshEdited);
    connect(m_list, &FindingsList::lineChosen, this, [this](int line) {
        const auto at = std::ranges::find(m_findings, line, [](const config::Finding &finding) { return finding.place.line; });
        showLine(line, at == m_findings.end() ? 0 : at->place.column);
    });
    connect(m_save, &QAction::triggered, this, &ConfigFilePane::save);
    connect(m_revert, &QAction::triggered, this, &ConfigFilePane::revert);
    connect(m_findAction, &QAction::triggered, m_find, &FindBar::open);
    connect(m_open, &QAction::triggered, this, &ConfigFilePane::openFile);
    const auto addShortcut = [this](const QKeySequence &keys, void (FindBar::*slot)()) {
        auto *shortcut = new QShortcut(keys, this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, m_find, slot);
    };
    addShortcut(QKeySequence(u"F3"_s), &FindBar::next);
    addShortcut(QKeySequence(u"Shift+F3"_s), &FindBar::previous);
    connect(&m_store, &session::ConfigStore::changed, this, &ConfigFilePane::refresh);
    refresh();
}

QAction *ConfigFilePane::makeAction(QLatin1StringView iconName, const QString &text, const QString &tip, const QKeySequence &keys)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setToolTip(keys.isEmpty() ? tip : u"%1 (%2)"_s.arg(tip, keys.toString(QKeySequence::NativeText)));
    addAction(action);
    return action;
}

QWidget *ConfigFilePane::makeTools()
{
    auto *tools = new QWidget;
    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(10, 5, 8, 5);
    row->setSpacing(4);
    row->addWidget(m_name, 1);
    row->addWidget(m_edited);
    row->addSpacing(6);
    for (QAction *action : {m_findAction, m_open, m_revert, m_save}) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        if (action == m_save || action == m_revert)
            button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        row->addWidget(button);
    }
    return tools;
}

QWidget *ConfigFilePane::makeEditor()
{
    m_editor->setAccessibleName(tr("Wrangler file"));
    m_editor->setFrameShape(QFrame::NoFrame);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeTools());
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_bar);
    column->addWidget(m_find);
    column->addWidget(m_editor, 1);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addSpacing(6);
    column->addWidget(m_list);
    return page;
}

QWidget *ConfigFilePane::makeMissing()
{
    auto *state = new EmptyState("file-plus"_L1, tr("This project has no Wrangler file"),
                                 tr("The file names the folder that is served, and the bindings and variables of your project."));
    auto *create = new QPushButton(tr("New Wrangler file…"));
    auto *across = new QWidget;
    auto *row = new QHBoxLayout(across);
    row->setContentsMargins(0, 0, 0, 0);
    row->addStretch(1);
    row->addWidget(create);
    row->addStretch(1);
    state->addRow(across);
    state->setFocusProxy(create);
    connect(create, &QPushButton::clicked, this, &ConfigFilePane::createRequested);
    return state;
}

QString ConfigFilePane::fileName() const
{
    return fromPath(m_store.path().filename());
}

bool ConfigFilePane::isEdited() const
{
    return m_editor->document()->isModified();
}

void ConfigFilePane::showLine(int line, int column)
{
    if (line > 0) {
        const QTextBlock block = m_editor->document()->findBlockByNumber(line - 1);
        const qsizetype units = fromUtf8(toUtf8(block.text()).substr(0, static_cast<std::size_t>(std::max(0, column - 1)))).size();
        m_editor->showPlace(line, static_cast<int>(units) + 1);
    }
    m_editor->setFocus(Qt::OtherFocusReason);
}

void ConfigFilePane::refresh()
{
    if (m_writing)
        return;
    const bool missing = m_store.status() == Status::Missing;
    if (!isEdited() && !missing && m_store.text() != m_seen)
        takeIn();
    if (missing && !isEdited())
        m_seen.reset();
    const bool empty = !m_seen && !isEdited();
    m_pages->setCurrentIndex(empty ? 1 : 0);
    setFocusProxy(empty ? m_pages->widget(1)->focusProxy() : m_editor);
    m_editor->setReadOnly(isUnreadable(m_store));
    m_name->setText(fromPath(m_store.path()));
    m_open->setEnabled(!missing);
    refreshHighlighter();
    refreshEdited();
    refreshBar();
}

void ConfigFilePane::takeIn()
{
    const QString text = shownText(m_store.text());
    if (m_seen)
        m_editor->replaceText(text);
    else
        m_editor->setPlainText(text);
    m_seen = m_store.text();
    m_editor->document()->setModified(false);
    m_saveError.reset();
    check();
}

void ConfigFilePane::refreshHighlighter()
{
    if (m_form == m_store.form())
        return;
    m_form = m_store.form();
    delete m_highlighter;
    if (*m_form == config::Form::Toml)
        m_highlighter = new TomlHighlighter(*m_editor);
    else
        m_highlighter = new JsonHighlighter(*m_editor, JsonHighlighter::Dialect::WithComments);
}

void ConfigFilePane::refreshEdited()
{
    const bool edited = isEdited();
    m_edited->setVisible(edited);
    m_save->setEnabled(edited && !m_editor->isReadOnly() && m_store.status() != Status::Missing);
    m_revert->setEnabled(edited);
    if (!edited)
        m_saveError.reset();
    refreshBar();
    Q_EMIT editedChanged();
}

void ConfigFilePane::refreshBar()
{
    const auto tell = [this](MessageBar::Kind kind, const QString &text) {
        m_bar->setMessage(kind, text);
        m_bar->show();
    };
    if (isUnreadable(m_store)) {
        tell(MessageBar::Kind::Error, formatError(m_store.error()));
    } else if (m_store.status() == Status::Missing && isEdited()) {
        tell(MessageBar::Kind::Error, tr("The file was removed. Your text is still here, but there is nothing to save it to: make the file again, or revert."));
    } else if (m_saveError) {
        tell(MessageBar::Kind::Error, formatError(*m_saveError));
    } else if (isEdited() && m_store.text() != m_seen) {
        tell(MessageBar::Kind::Warning, tr("%1 has changed since. Saving keeps both changes where they do not touch.").arg(fileName()));
        connect(m_bar->addButton(tr("Take the file's text")), &QPushButton::clicked, this, &ConfigFilePane::revert);
    } else {
        m_bar->hide();
    }
}

void ConfigFilePane::check()
{
    m_checkSoon.stop();
    m_findings = config::checkText(toUtf8(editorText(*m_editor)), m_store.form(), toUtf8(fileName()));
    QList<CodeEditor::Mark> marks;
    for (const config::Finding &finding : m_findings) {
        if (finding.place.line == 0)
            continue;
        const std::string line = toUtf8(m_editor->document()->findBlockByNumber(finding.place.line - 1).text());
        const qsizetype units = fromUtf8(line.substr(0, static_cast<std::size_t>(std::max(0, finding.place.column - 1)))).size();
        marks.append({finding.severity == config::Finding::Severity::Error ? CodeEditor::Mark::Kind::Error : CodeEditor::Mark::Kind::Warning, finding.place.line,
                      finding.place.column > 0 ? static_cast<int>(units) + 1 : 0, fromUtf8(finding.message)});
    }
    m_editor->setMarks(marks);
    m_list->setFindings(m_findings);
}

void ConfigFilePane::save()
{
    if (m_save->isEnabled() && !m_conflict)
        write(editedBytes(m_seen.value_or(std::string()), editorText(*m_editor)), m_seen.value_or(std::string()));
}

void ConfigFilePane::write(const std::string &bytes, const std::string &seen)
{
    m_writing = true;
    const auto saved = m_store.save(bytes, tr("Edit by hand"), seen);
    m_writing = false;
    if (saved) {
        takeIn();
        refresh();
    } else if (saved.error().code == "config.conflict") {
        askWhichStays(bytes);
    } else {
        m_saveError = saved.error();
        refresh();
    }
}

void ConfigFilePane::askWhichStays(const std::string &bytes)
{
    m_conflict = new ConflictDialog(m_store.conflict(), fileName(), window());
    const std::string theirs = m_store.conflict().theirs;
    connect(m_conflict, &ConflictDialog::keepTheirs, this, &ConfigFilePane::revert);
    connect(m_conflict, &ConflictDialog::useMine, this, [this, bytes, theirs] { write(bytes, theirs); });
    connect(m_conflict, &QDialog::finished, this, [this, dialog = m_conflict.data()] {
        if (m_conflict == dialog) // using mine may have met the next one
            m_conflict.clear();
        refresh();
    });
    m_conflict->open();
}

void ConfigFilePane::revert()
{
    if (m_store.status() == Status::Missing)
        m_editor->document()->setModified(false);
    else
        takeIn();
    refresh();
}

void ConfigFilePane::openFile()
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(fromPath(m_store.path())));
}

} // namespace cleat::ui
