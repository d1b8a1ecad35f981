// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/application.h"

#include "core/session/session.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/recentprojects.h"
#include "ui/shell/welcomewindow.h"
#include "ui/widgets/text.h"

#include <QApplication>
#include <QMessageBox>
#include <QTimer>

#include <system_error>
#include <utility>

namespace cleat::ui {

using session::State;

Application::Application(OpenSession openSession, QObject *parent) : QObject(parent), m_openSession(std::move(openSession))
{
    // The session may still be answering when its window is gone.
    QApplication::setQuitOnLastWindowClosed(false);
}

Application::~Application() = default;

void Application::openProject(const std::filesystem::path &folder)
{
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(folder, error);
    if (error || !std::filesystem::is_directory(real, error)) {
        auto *box = new QMessageBox(QMessageBox::Warning, tr("Cleat"), tr("%1 is not a folder that can be opened.").arg(fromPath(folder)), QMessageBox::Ok,
                                    m_window ? static_cast<QWidget *>(m_window.get()) : m_welcome.get());
        box->setTextFormat(Qt::PlainText);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
        if (!m_window)
            showWelcome();
        return;
    }
    if (m_next)
        return;
    if (!m_session) {
        showProject(real);
        return;
    }
    // It stays in sight, dead, until the next one takes its place.
    m_window->setEnabled(false);
    retire([this, real] { showProject(real); });
}

void Application::showProject(const std::filesystem::path &folder)
{
    m_session = m_openSession(folder);
    m_window = std::make_unique<MainWindow>(*m_session);
    connect(m_window.get(), &MainWindow::openProjectRequested, this, &Application::openProject, Qt::QueuedConnection);
    connect(m_window.get(), &MainWindow::closed, this, &Application::quit, Qt::QueuedConnection);
    m_window->show();
    if (m_welcome)
        m_welcome.release()->deleteLater();
    noteRecentProject(folder);
    // After the first paint: a window at once, whatever the start costs.
    QTimer::singleShot(0, m_session.get(), [project = m_session.get()] {
        if (project->config().status() != session::ConfigStore::Status::Missing && project->state() == State::Stopped)
            project->start();
    });
}

void Application::retire(std::function<void()> then)
{
    m_next = std::move(then);
    const auto finish = [this] {
        closeWindow();
        m_window.reset();
        m_session.reset();
        std::exchange(m_next, nullptr)();
    };
    const State state = m_session->state();
    if (state == State::Stopped || state == State::Failed) {
        finish();
        return;
    }
    connect(m_session.get(), &session::Session::stopped, this, finish, Qt::QueuedConnection);
    m_session->stop();
}

void Application::closeWindow()
{
    if (!m_window)
        return;
    m_window->disconnect(this);
    if (m_window->isVisible())
        m_window->close();
}

void Application::quit()
{
    const auto end = [] { QApplication::quit(); };
    closeWindow();
    if (m_next)
        m_next = end;
    else if (m_session)
        retire(end);
    else
        end();
}

void Application::showWelcome()
{
    if (!m_welcome) {
        m_welcome = std::make_unique<WelcomeWindow>();
        connect(m_welcome.get(), &WelcomeWindow::openProjectRequested, this, &Application::openProject, Qt::QueuedConnection);
        connect(m_welcome.get(), &WelcomeWindow::closed, this, &Application::quit, Qt::QueuedConnection);
    }
    m_welcome->show();
}

} // namespace cleat::ui
