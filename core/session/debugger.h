// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

class QThread;

namespace cleat::runtime {
class Worker;
}

namespace cleat::session {

class DebuggerBridge;

/// The door for debuggers: V8's inspector protocol on a port of this machine. Off until it is turned on, and then without cost. It stays open while the project is
/// stopped, under the same address. Lives on the main thread; every member is called there, and every signal is emitted there.
class Debugger final : public QObject
{
    Q_OBJECT
public:
    /// `folder` is the project's.
    explicit Debugger(std::filesystem::path folder, QObject *parent = nullptr);
    ~Debugger() override;

    static constexpr int usualPort = 9229; ///< where debuggers look by themselves

    /// Codes: inspector.port-in-use, inspector.port. Port 0 takes any. Nothing happens when it is on already. `title` is what debuggers call the project.
    base::Result<void> turnOn(int port, const QString &title);
    /// Ends what is attached; code that stands still goes on.
    void turnOff();
    bool isOn() const { return m_bridge != nullptr; }

    /// The following are empty while it is off.
    int port() const { return m_port; }
    /// "ws://127.0.0.1:9229/4f1c..."
    QString address() const;
    /// For the address bar of Chrome and its like: its developer tools, attached.
    QString devToolsAddress() const;
    /// An entry of "configurations" in VS Code's .vscode/launch.json.
    QString launchConfiguration() const;

    /// How many are attached.
    int attached() const { return m_attached; }
    /// Where the code stands still (line 0: not known); nothing while it does not.
    std::optional<base::Place> paused() const { return m_paused; }
    /// Lets it go on.
    void resume();

    // ---- for the session
    /// What debuggers get: the Worker of a run, or null before its end. Null ends what is attached.
    void setWorker(runtime::Worker *worker);
    /// Ends what is attached and lets nobody in until the next setWorker(): the run comes to its end, and code that stands still must not hold it up.
    void letGo();

Q_SIGNALS:
    /// Of isOn(), attached() and paused().
    void changed();

private:
    friend class DebuggerBridge;
    void newsOf(int attached);
    void newsOf(std::optional<base::Place> paused);

    const std::filesystem::path m_folder;
    const std::string m_id; ///< the path of the address
    std::unique_ptr<QThread> m_thread; ///< while it is on
    DebuggerBridge *m_bridge = nullptr; ///< lives on m_thread
    runtime::Worker *m_worker = nullptr;
    int m_port = 0;
    int m_attached = 0;
    std::optional<base::Place> m_paused;
    QTimer m_resumed; ///< a step is a short run between two pauses: not worth a word
};

} // namespace cleat::session
