// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>

#include <filesystem>

class QStackedWidget;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class BindingsPane;
class HeaderBar;
class MessageBar;
class Rail;
class RequestsPane;

/// The window of one open project. The session must outlive it. GUI thread.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(session::Session &session, QWidget *parent = nullptr);
    ~MainWindow() override;

Q_SIGNALS:
    void openProjectRequested(const std::filesystem::path &folder);
    /// The user closed it; what it remembers is saved.
    void closed();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    enum Pane { Bindings, Requests };

    void showPane(int pane);
    void refreshTitle();
    void startWhenMended();
    void refreshFailureBar();
    void refreshBuildBar();
    void restoreState();
    void saveState() const;

    session::Session &m_session;
    HeaderBar *m_header;
    Rail *m_rail;
    MessageBar *m_failureBar;
    MessageBar *m_buildBar;
    QStackedWidget *m_panes;
    BindingsPane *m_bindings;
    RequestsPane *m_requests = nullptr; ///< made when first shown
};

} // namespace cleat::ui
