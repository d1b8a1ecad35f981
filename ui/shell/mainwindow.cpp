// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mainwindow.h"

#include "core/session/session.h"
#include "ui/bindings/bindingspane.h"
#include "ui/configfile/configfilepane.h"
#include "ui/data/datapane.h"
#include "ui/requests/requestspane.h"
#include "ui/shell/headerbar.h"
#include "ui/shell/rail.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>

#include <algorithm>
#include <array>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::State;

namespace {

/// In the settings, in the order of Pane.
constexpr std::array<QLatin1StringView, 4> paneNames{"bindings"_L1, "data"_L1, "requests"_L1, "configfile"_L1};

} // namespace

MainWindow::MainWindow(session::Session &session, QWidget *parent)
    : QMainWindow(parent), m_session(session), m_header(new HeaderBar(session)), m_rail(new Rail), m_failureBar(new MessageBar(MessageBar::Closing::ByUser)),
      m_buildBar(new MessageBar(MessageBar::Closing::ByOwner)), m_panes(new QStackedWidget), m_bindings(new BindingsPane(session))
{
    setWindowIcon(applicationIcon());
    setMinimumSize(640, 420);
    m_panes->addWidget(m_bindings);

    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_failureBar);
    right->addWidget(m_buildBar);
    right->addWidget(m_panes, 1);
    auto *below = new QHBoxLayout;
    below->setSpacing(0);
    below->addWidget(m_rail);
    below->addLayout(right, 1);
    auto *central = new QWidget;
    auto *column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addLayout(below, 1);
    setCentralWidget(central);

    addPane(Bindings, "plug"_L1, tr("Bindings"), QKeySequence(u"Ctrl+1"_s));
    addPane(Data, "database"_L1, tr("Data"), QKeySequence(u"Ctrl+2"_s));
    addPane(Requests, "activity"_L1, tr("Requests"), QKeySequence(u"Ctrl+3"_s));
    addPane(ConfigFile, "file-code"_L1, tr("Config file"), QKeySequence(u"Ctrl+4"_s));
    connect(m_rail, &Rail::chosen, this, &MainWindow::showPane);

    addActions(m_header->shortcuts());
    connect(m_header, &HeaderBar::openProjectRequested, this,
            [this](const std::filesystem::path &folder) { whenSaved([this, folder] { Q_EMIT openProjectRequested(folder); }); });
    connect(m_header, &HeaderBar::quitRequested, this, &QWidget::close);
    connect(m_bindings, &BindingsPane::openConfigFileAt, this, &MainWindow::openConfigFileAt);
    connect(m_bindings, &BindingsPane::openDataOf, this, &MainWindow::openDataOf);
    connect(m_bindings, &BindingsPane::fileCreated, this, [this] {
        if (m_session.state() == State::Stopped || m_session.state() == State::Failed)
            m_session.start();
    });
    connect(&m_session, &session::Session::stateChanged, this, &MainWindow::refreshFailureBar);
    connect(&m_session, &session::Session::buildChanged, this, &MainWindow::refreshBuildBar);
    connect(&m_session.config(), &session::ConfigStore::changed, this, &MainWindow::refreshTitle);
    connect(&m_session.config(), &session::ConfigStore::changed, this, &MainWindow::startWhenMended);
    refreshTitle();
    refreshFailureBar();
    refreshBuildBar();
    restoreState();
}

MainWindow::~MainWindow() = default;

void MainWindow::addPane(Pane pane, QLatin1StringView iconName, const QString &name, const QKeySequence &keys)
{
    m_rail->addPane(iconName, name, keys);
    connect(new QShortcut(keys, this), &QShortcut::activated, this, [this, pane] { showPane(pane); });
}

QWidget *MainWindow::paneWidget(Pane pane)
{
    switch (pane) {
    case Bindings:
        return m_bindings;
    case Data:
        if (!m_data) {
            m_data = new DataPane(m_session);
            m_panes->addWidget(m_data);
        }
        return m_data;
    case Requests:
        if (!m_requests) {
            m_requests = new RequestsPane(m_session);
            m_panes->addWidget(m_requests);
        }
        return m_requests;
    case ConfigFile:
        if (!m_configFile) {
            m_configFile = new ConfigFilePane(m_session.config());
            m_panes->addWidget(m_configFile);
            connect(m_configFile, &ConfigFilePane::createRequested, this, [this] { showPane(Bindings); });
        }
        return m_configFile;
    }
    return m_bindings;
}

void MainWindow::showPane(int pane)
{
    m_pane = static_cast<Pane>(pane);
    m_panes->setCurrentWidget(paneWidget(m_pane));
    m_panes->currentWidget()->setFocus(Qt::OtherFocusReason);
    m_rail->setCurrent(pane);
}

void MainWindow::openConfigFileAt(int line)
{
    showPane(ConfigFile);
    m_configFile->showLine(line);
}

void MainWindow::openDataOf(const config::Binding &binding)
{
    showPane(Data);
    m_data->showBinding(binding);
}

/// Does it once what was edited anywhere is saved or given up; not at all when the user thinks better of it.
void MainWindow::whenSaved(std::function<void()> then)
{
    if (m_data && m_data->isEdited()) {
        showPane(Data);
        m_data->whenLeft([this, then = std::move(then)]() mutable { whenFileSaved(std::move(then)); });
        return;
    }
    whenFileSaved(std::move(then));
}

void MainWindow::whenFileSaved(std::function<void()> then)
{
    if (!m_configFile || !m_configFile->isEdited()) {
        then();
        return;
    }
    showPane(ConfigFile);
    if (m_question)
        return;
    m_question = new QMessageBox(QMessageBox::Warning, tr("Cleat"), tr("What you wrote in the Wrangler file is not saved. Save it?"),
                                 QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    m_question->setTextFormat(Qt::PlainText);
    m_question->setDefaultButton(QMessageBox::Save);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_question, &QMessageBox::finished, this, [this, then = std::move(then)](int answer) {
        if (answer == QMessageBox::Save)
            m_configFile->save();
        else if (answer == QMessageBox::Discard)
            m_configFile->revert();
        if (!m_configFile->isEdited()) // a conflict or a failure is shown there
            then();
    });
    m_question->open();
}

void MainWindow::refreshTitle()
{
    setWindowTitle(tr("%1 – Cleat").arg(m_session.projectName()));
}

void MainWindow::startWhenMended()
{
    // What failed for the sake of the file is tried again once the file is another.
    const bool readable = m_session.config().status() == session::ConfigStore::Status::Readable;
    const std::string code = m_session.failure().code;
    if (m_session.state() == State::Failed && readable && !code.starts_with("server."))
        m_session.start();
}

void MainWindow::refreshFailureBar()
{
    // A file that cannot be read is told by the pane that shows it.
    if (m_session.state() != State::Failed || m_session.config().status() == session::ConfigStore::Status::Broken) {
        m_failureBar->hide();
        return;
    }
    const base::Error failure = m_session.failure();
    m_failureBar->setMessage(failure.code == "server.port-in-use" ? MessageBar::Kind::Warning : MessageBar::Kind::Error, formatPlacedError(failure));
    const int port = m_session.freePort();
    if (port > 0) {
        connect(m_failureBar->addButton(tr("Use port %1 instead").arg(port)), &QPushButton::clicked, this, [this, port] {
            m_session.setPort(port);
            m_session.start();
        });
    }
    m_failureBar->show();
}

void MainWindow::refreshBuildBar()
{
    const std::optional<base::Error> error = m_session.buildError();
    if (error) {
        m_buildBar->setMessage(MessageBar::Kind::Error, tr("The last build failed. The last good build still serves, if there is one."));
        const QString why = formatError(*error);
        const QString file = fromUtf8(error->place.file);
        const bool told = file.isEmpty() || why.contains(file); // esbuild's text tells it, and shows the line
        m_buildBar->setDetail(told ? why : u"%1:%2\n%3"_s.arg(file).arg(error->place.line).arg(why));
    }
    m_buildBar->setVisible(error.has_value());
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    const bool edited = (m_configFile && m_configFile->isEdited()) || (m_data && m_data->isEdited());
    if (edited && isEnabled()) { // while disabled, it only waits for its end
        event->ignore();
        whenSaved([this] { close(); });
        return;
    }
    saveState();
    event->accept();
    Q_EMIT closed();
}

void MainWindow::restoreState()
{
    const QSettings settings;
    resize(1120, 720);
    restoreGeometry(settings.value(u"window/geometry"_s).toByteArray());
    const auto pane = std::ranges::find(paneNames, settings.value(u"window/shown"_s).toString());
    showPane(pane == paneNames.end() ? Bindings : static_cast<int>(pane - paneNames.begin()));
}

void MainWindow::saveState() const
{
    QSettings settings;
    settings.setValue(u"window/geometry"_s, saveGeometry());
    settings.setValue(u"window/shown"_s, QString(paneNames[m_pane]));
    m_bindings->saveState(settings);
    if (m_data)
        m_data->saveState(settings);
    if (m_requests)
        m_requests->saveState(settings);
}

} // namespace cleat::ui
