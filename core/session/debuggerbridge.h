// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/batchqueue.h"
#include "core/runtime/worker.h"
#include "core/server/inspectorserver.h"

#include <QObject>

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace cleat::session {

class Debugger;

/// Between the debuggers' connections and the Worker. Lives on the inspector's thread, so that it works while the Worker stands still and the window is busy.
class DebuggerBridge final : public QObject, private server::InspectorHandler
{
    Q_OBJECT
public:
    /// `owner` lives on the main thread and outlives this.
    DebuggerBridge(Debugger &owner, server::InspectorServer::Target target);
    ~DebuggerBridge() override;

    base::Result<int> listen(int port);
    void setWorker(runtime::Worker *worker);
    void letGo();

private:
    struct Said {
        runtime::InspectorSessionId session;
        std::string json;
    };
    struct Paused {
        base::Place place;
    };
    struct Resumed {
    };
    using News = std::variant<Said, Paused, Resumed>;

    /// What one Worker says. It outlives whichever of the two goes first.
    class Mailbox final : public runtime::InspectorSink
    {
    public:
        explicit Mailbox(DebuggerBridge &bridge);
        void message(runtime::InspectorSessionId session, std::string &&json) override;
        void paused(const base::Place &place) override;
        void resumed() override;
        /// From the bridge's thread: no more wake-ups.
        void close();

        base::BatchQueue<News> news;

    private:
        void push(News &&item);
        std::mutex m_mutex;
        DebuggerBridge *m_bridge;
    };

    // server::InspectorHandler
    void opened(server::DebuggerId debugger) override;
    void received(server::DebuggerId debugger, std::string &&text) override;
    void closed(server::DebuggerId debugger) override;

    bool event(QEvent *event) override;
    void deliver();
    void tellAttached();

    Debugger &m_owner;
    const server::InspectorServer::Target m_target;
    std::unique_ptr<server::InspectorServer> m_server;
    runtime::Worker *m_worker = nullptr;
    std::shared_ptr<Mailbox> m_mailbox; ///< of m_worker
    std::set<server::DebuggerId> m_debuggers;
};

} // namespace cleat::session
