// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"
#include "core/session/dataresources.h"

#include <QMainWindow>
#include <QPointer>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

class QMessageBox;
class QSplitter;
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
class ConsolePane;
class DataPane;
class FunctionsPane;
class HeaderBar;
class MessageBar;
class Rail;
class RequestActions;
class RequestsPane;
class RouteTraffic;
class SettingsPane;
class SourceOpener;

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
    void openAiSettings();

Q_SIGNALS:
    void openProjectRequested(const std::filesystem::path &folder);
    /// The user closed it; what it remembers is saved.
    void closed();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    enum Pane { Bindings, Data, Requests, Console, Functions, ConfigFile, Settings };

    void addPane(Pane pane, QLatin1StringView iconName, const QString &name, const QKeySequence &keys);
    void showPane(int pane);
    void setUpRequests(RequestsPane &pane, RequestActions &actions);
    void openRecording(std::shared_ptr<const events::Recording> recording, const QString &title);
    std::optional<session::DataResource> resourceOf(session::DataResource::Kind kind, const QString &binding) const;
    void openDataItem(const QString &kind, const QString &binding, const QString &what);
    void showRequest(std::uint64_t id);
    RequestsPane *requestsPane();
    void toggleDock();
    void placeRequests();
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
    SourceOpener *m_opener;
    QStackedWidget *m_panes;
    QSplitter *m_split; ///< of the panes and what is docked below them
    QWidget *m_dock; ///< holds the Requests pane while it is docked
    BindingsPane *m_bindings;
    DataPane *m_data = nullptr; ///< made when first shown
    RequestsPane *m_requests = nullptr; ///< made when first shown
    RequestActions *m_requestActions = nullptr; ///< with it
    ConsolePane *m_console = nullptr; ///< made when first shown
    RouteTraffic *m_routeTraffic;
    FunctionsPane *m_functions = nullptr; ///< made when first shown
    ConfigFilePane *m_configFile = nullptr; ///< made when first shown
    SettingsPane *m_settings = nullptr; ///< made when first shown
    Pane m_pane = Bindings;
    Pane m_paneBefore = Bindings; ///< the last one that was not Requests
    bool m_docked = false; ///< the Requests pane stands below the others
    QPointer<QMessageBox> m_question;
};

} // namespace cleat::ui
