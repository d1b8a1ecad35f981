// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/headerbar.h"

#include "core/session/session.h"
#include "ui/shell/debuggerdialog.h"
#include "ui/shell/recentprojects.h"
#include "ui/shell/workersbutton.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QComboBox>
#include <QDesktopServices>
#include <QFileDialog>
#include <QMenu>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;
using session::State;

namespace {

constexpr int wordsFrom = 1000; ///< width from which the buttons carry words

} // namespace

HeaderBar::HeaderBar(session::Session &session, QWidget *parent)
    : QWidget(parent), m_session(session),
      m_open(makeAction("folder-open"_L1, tr("Open folder…"), tr("Open another project"), QKeySequence(u"Ctrl+O"_s))),
      m_quit(makeAction("x"_L1, tr("Quit"), tr("Quit Cleat"), QKeySequence(u"Ctrl+Q"_s))),
      m_run(makeAction("play"_L1, tr("Start"), {}, QKeySequence(u"F5"_s))),
      m_stop(makeAction("square"_L1, tr("Stop"), tr("Stop the project"), QKeySequence(u"Shift+F5"_s))),
      m_browse(makeAction("external-link"_L1, tr("Open in browser"), tr("Open the project in the browser"), QKeySequence(u"Ctrl+B"_s))),
      m_resume(makeAction("play"_L1, tr("Resume"), tr("Let the code that a debugger holds go on"), QKeySequence(u"F8"_s))),
      m_debug(makeAction("bug"_L1, tr("Open debugger…"), tr("Where Chrome and VS Code attach"), QKeySequence(u"Ctrl+Shift+D"_s))),
      m_project(new QPushButton), m_projectMenu(new QMenu(this)), m_dot(new Dot), m_state(new ElideLabel), m_link(new QLabel), m_workers(new WorkersButton(session)), m_scope(new QComboBox), m_runMenu(new QMenu(this))
{
    makeProjectButton();
    m_link->setTextFormat(Qt::RichText);
    m_link->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_link->setOpenExternalLinks(true);

    m_scope->addItem(tr("Top level"), static_cast<int>(Scope::TopLevel));
    m_scope->addItem(tr("Preview"), static_cast<int>(Scope::Preview));
    m_scope->addItem(tr("Production"), static_cast<int>(Scope::Production));
    m_scope->setCurrentIndex(m_scope->findData(static_cast<int>(m_session.options().scope)));
    m_scope->setToolTip(tr("Which set of bindings and variables the local server runs with"));
    m_scope->setAccessibleName(tr("Runs"));
    connect(m_scope, &QComboBox::activated, this, [this] { m_session.setScope(static_cast<Scope>(m_scope->currentData().toInt())); });
    auto *runs = new QLabel(tr("&Runs:"));
    runs->setBuddy(m_scope);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 6, 8, 7);
    row->setSpacing(6);
    row->addWidget(m_project);
    row->addSpacing(6);
    row->addWidget(m_dot);
    row->addWidget(m_state);
    row->addWidget(m_link);
    row->addStretch(1);
    row->addWidget(m_workers);
    row->addSpacing(2);
    for (QAction *action : {m_resume, m_run, m_stop, m_browse}) {
        auto *button = new QToolButton;
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        m_buttons.append(button);
        row->addWidget(button);
    }
    makeRunMenu();
    row->addSpacing(6);
    row->addWidget(runs);
    row->addWidget(m_scope);

    connect(m_open, &QAction::triggered, this, &HeaderBar::chooseFolder);
    connect(m_quit, &QAction::triggered, this, &HeaderBar::quitRequested);
    connect(m_run, &QAction::triggered, this, [this] { m_session.state() == State::Running ? m_session.restart() : m_session.start(); });
    connect(m_stop, &QAction::triggered, this, [this] { m_session.stop(); });
    connect(m_browse, &QAction::triggered, this, [this] { QDesktopServices::openUrl(m_session.url()); });
    connect(m_resume, &QAction::triggered, this, [this] { m_session.debugger().resume(); });
    connect(m_debug, &QAction::triggered, this, &HeaderBar::openDebugger);
    connect(&m_session, &session::Session::stateChanged, this, &HeaderBar::refresh);
    connect(&m_session.debugger(), &session::Debugger::changed, this, &HeaderBar::refresh);
    connect(&m_session.config(), &session::ConfigStore::changed, this, &HeaderBar::refreshName);
    refreshName();
    refresh();
}

void HeaderBar::makeProjectButton()
{
    m_project->setIcon(icon("folder"_L1));
    m_project->setFlat(true);
    m_project->setFocusPolicy(Qt::TabFocus);
    QFont strong = m_project->font();
    strong.setBold(true);
    m_project->setFont(strong);
    m_project->setMenu(m_projectMenu);
    m_projectMenu->setToolTipsVisible(true);
    connect(m_projectMenu, &QMenu::aboutToShow, this, &HeaderBar::fillProjectMenu);
}

QAction *HeaderBar::makeAction(QLatin1StringView iconName, const QString &text, const QString &tip, const QKeySequence &keys)
{
    auto *action = new QAction(icon(iconName), text, this);
    action->setShortcut(keys);
    action->setToolTip(u"%1 (%2)"_s.arg(tip, keys.toString(QKeySequence::NativeText)));
    return action;
}

QList<QAction *> HeaderBar::shortcuts() const
{
    return {m_open, m_quit, m_run, m_stop, m_browse, m_resume, m_debug};
}

void HeaderBar::makeRunMenu()
{
    m_resumeButton = m_buttons.at(0);
    QToolButton *run = m_buttons.at(1);
    m_runMenu->addActions({m_run, m_stop, m_browse});
    m_runMenu->addSeparator();
    m_runMenu->addActions({m_resume, m_debug});
    run->setMenu(m_runMenu);
    run->setPopupMode(QToolButton::MenuButtonPopup);
}

void HeaderBar::openDebugger()
{
    if (!m_debugger) {
        m_debugger = new DebuggerDialog(m_session, window());
        m_debugger->show();
    }
    m_debugger->raise();
    m_debugger->activateWindow();
}

void HeaderBar::fillProjectMenu()
{
    m_projectMenu->clear();
    m_projectMenu->addAction(m_open);
    m_projectMenu->addSection(tr("Recent projects"));
    const std::filesystem::path current = m_session.options().project;
    bool any = false;
    for (const std::filesystem::path &folder : recentProjects()) {
        if (folder == current)
            continue;
        any = true;
        QString name = fromPath(folder.filename());
        QAction *action = m_projectMenu->addAction(icon("folder"_L1, Tone::Muted), name.replace(u'&', u"&&"_s));
        action->setToolTip(fromPath(folder).toHtmlEscaped());
        connect(action, &QAction::triggered, this, [this, folder] { Q_EMIT openProjectRequested(folder); });
    }
    if (!any)
        m_projectMenu->addAction(tr("No other project yet"))->setEnabled(false);
    m_projectMenu->addSeparator();
    m_projectMenu->addAction(m_quit);
}

void HeaderBar::chooseFolder()
{
    auto *dialog = new QFileDialog(window(), tr("Open project folder"), fromPath(m_session.options().project.parent_path()));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &folder) { Q_EMIT openProjectRequested(toPath(folder)); });
    dialog->open();
}

void HeaderBar::refreshName()
{
    QString name = m_session.projectName();
    m_project->setToolTip(fromPath(m_session.options().project).toHtmlEscaped());
    m_project->setAccessibleName(tr("Project %1").arg(name));
    name = m_project->fontMetrics().elidedText(name, Qt::ElideMiddle, m_project->fontMetrics().averageCharWidth() * 26);
    m_project->setFixedWidth(m_project->fontMetrics().horizontalAdvance(name) + 58); // icon, arrow and margins
    m_project->setText(name.replace(u'&', u"&&"_s));
}

void HeaderBar::refresh()
{
    const State state = m_session.state();
    m_scope->setCurrentIndex(m_scope->findData(static_cast<int>(m_session.options().scope)));
    const bool paused = state == State::Running && m_session.debugger().paused();
    m_link->setVisible(state == State::Running && !paused);
    m_resume->setEnabled(paused);
    m_resumeButton->setVisible(paused);
    m_state->setToolTip({});
    switch (state) {
    case State::Stopped:
        m_dot->setTone(Tone::Muted);
        m_state->setTone(Tone::Muted);
        m_state->setText(tr("Stopped"));
        break;
    case State::Starting:
        m_dot->setTone(Tone::Warning);
        m_state->setTone(Tone::Normal);
        m_state->setText(tr("Starting…"));
        break;
    case State::Running: {
        if (paused) {
            const QString place = pausedPlace(m_session.debugger());
            m_dot->setTone(Tone::Warning);
            m_state->setTone(Tone::Warning);
            m_state->setText(place.isEmpty() ? tr("Paused") : tr("Paused at %1").arg(place));
            m_state->setToolTip(tr("A debugger holds the code. Requests wait until it goes on."));
            break;
        }
        m_dot->setTone(Tone::Success);
        m_state->setTone(Tone::Normal);
        m_state->setText(tr("Running on"));
        const QString url = m_session.url().toString(QUrl::StripTrailingSlash).toHtmlEscaped();
        m_link->setText(u"<a href=\"%1\">%1</a>"_s.arg(url));
        break;
    }
    case State::Failed: {
        const QString why = formatPlacedError(m_session.failure());
        m_dot->setTone(Tone::Danger);
        m_state->setTone(Tone::Danger);
        m_state->setText(tr("Failed: %1").arg(oneLine(why)));
        m_state->setToolTip(why.toHtmlEscaped());
        break;
    }
    }
    const bool running = state == State::Running;
    m_run->setText(running ? tr("Restart") : tr("Start"));
    m_run->setIcon(icon(running ? "rotate-cw"_L1 : "play"_L1));
    m_run->setToolTip(running ? tr("Stop and start again (F5)") : tr("Start the project (F5)"));
    m_run->setEnabled(state != State::Starting);
    m_stop->setEnabled(running || state == State::Starting);
    m_browse->setEnabled(running);
}

void HeaderBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &c = colors(palette());
    painter.fillRect(rect(), c.surface);
    painter.fillRect(0, height() - 1, width(), 1, c.border);
}

void HeaderBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    for (QToolButton *button : m_buttons + QList<QToolButton *>{m_workers})
        button->setToolButtonStyle(width() >= wordsFrom ? Qt::ToolButtonTextBesideIcon : Qt::ToolButtonIconOnly);
}

} // namespace cleat::ui
