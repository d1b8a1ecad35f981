// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class MainWindow;
class WelcomeWindow;

/// Opens projects, one at a time, each with its window, and ends the program when the last window is closed.
/// QSettings must have its organisation and application names, and setupTheme() must have been called. GUI thread.
class Application final : public QObject
{
    Q_OBJECT
public:
    /// Makes the session of a folder; does not start it. Never returns nullptr.
    using OpenSession = std::function<std::unique_ptr<session::Session>(const std::filesystem::path &)>;

    explicit Application(OpenSession openSession, QObject *parent = nullptr);
    ~Application() override;

    /// Shows the project's window and starts the project. What was open before is stopped and closed first. A path that is no folder is
    /// told to the user and changes nothing else.
    void openProject(const std::filesystem::path &folder);
    /// A small window that offers to open a folder or a recent project.
    void showWelcome();
    /// Closes what is open, remembering it, stops the project and ends the program.
    void quit();

private:
    void showProject(const std::filesystem::path &folder);
    void retire(std::function<void()> then);
    void closeWindow();

    OpenSession m_openSession;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<MainWindow> m_window; ///< after m_session: goes first
    std::unique_ptr<WelcomeWindow> m_welcome;
    std::function<void()> m_next; ///< what follows once the open project has stopped; empty: none is being stopped
};

} // namespace cleat::ui
