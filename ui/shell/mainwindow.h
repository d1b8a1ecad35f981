// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <QPointer>

#include <filesystem>
#include <functional>

class QMessageBox;
class QStackedWidget;

namespace cleat::config {
struct Binding;
}

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class BindingsPane;
class ConfigFilePane;
class DataPane;
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

public Q_SLOTS:
    /// Shows the Wrangler file with the cursor in this line; from 1, 0: wherever it is.
    void openConfigFileAt(int line);

    /// Shows the local data of a binding of the file, or what there is when it has none.
    void openDataOf(const config::Binding &binding);

Q_SIGNALS:
    void openProjectRequested(const std::filesystem::path &folder);
    /// The user closed it; what it remembers is saved.
    void closed();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    enum Pane { Bindings, Data, Requests, ConfigFile };

    void addPane(Pane pane, QLatin1StringView iconName, const QString &name, const QKeySequence &keys);
    void showPane(int pane);
    QWidget *paneWidget(Pane pane);
    void whenSaved(std::function<void()> then);
    void whenFileSaved(std::function<void()> then);
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
    DataPane *m_data = nullptr; ///< made when first shown
    RequestsPane *m_requests = nullptr; ///< made when first shown
    ConfigFilePane *m_configFile = nullptr; ///< made when first shown
    Pane m_pane = Bindings;
    QPointer<QMessageBox> m_question;
};

} // namespace cleat::ui
