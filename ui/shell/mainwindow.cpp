// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mainwindow.h"

#include "core/session/session.h"
#include "ui/bindings/bindingspane.h"
#include "ui/requests/requestspane.h"
#include "ui/shell/headerbar.h"
#include "ui/shell/rail.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::State;

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

    const QKeySequence firstKeys(u"Ctrl+1"_s);
    const QKeySequence secondKeys(u"Ctrl+2"_s);
    m_rail->addPane("plug"_L1, tr("Bindings"), firstKeys);
    m_rail->addPane("activity"_L1, tr("Requests"), secondKeys);
    connect(m_rail, &Rail::chosen, this, &MainWindow::showPane);
    connect(new QShortcut(firstKeys, this), &QShortcut::activated, this, [this] { showPane(Bindings); });
    connect(new QShortcut(secondKeys, this), &QShortcut::activated, this, [this] { showPane(Requests); });

    addActions(m_header->shortcuts());
    connect(m_header, &HeaderBar::openProjectRequested, this, &MainWindow::openProjectRequested);
    connect(m_header, &HeaderBar::quitRequested, this, &QWidget::close);
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

void MainWindow::showPane(int pane)
{
    if (pane == Requests && !m_requests) {
        m_requests = new RequestsPane(m_session);
        m_panes->addWidget(m_requests);
    }
    m_panes->setCurrentIndex(pane);
    m_panes->currentWidget()->setFocus(Qt::OtherFocusReason);
    m_rail->setCurrent(pane);
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
    saveState();
    event->accept();
    Q_EMIT closed();
}

void MainWindow::restoreState()
{
    const QSettings settings;
    resize(1120, 720);
    restoreGeometry(settings.value(u"window/geometry"_s).toByteArray());
    showPane(settings.value(u"window/pane"_s).toInt() == Requests ? Requests : Bindings);
}

void MainWindow::saveState() const
{
    QSettings settings;
    settings.setValue(u"window/geometry"_s, saveGeometry());
    settings.setValue(u"window/pane"_s, m_panes->currentIndex());
    m_bindings->saveState(settings);
    if (m_requests)
        m_requests->saveState(settings);
}

} // namespace cleat::ui
