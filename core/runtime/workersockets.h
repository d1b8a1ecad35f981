// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"
#include "core/runtime/callmark.h"
#include "core/runtime/socketclient.h"
#include "core/runtime/worker.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace cleat::runtime {

class Realm;
class WorkerState;

/// The connections that user code has opened with connect(), and the names that it asks for. The Worker's thread, but for socketEvent().
///
/// Each connection is one call of the log, of kind "connect", from connect() to its end:
///
///     arguments  ["db.local:5432", {"secureTransport": "on"}]
///     result     {"remoteAddress": "10.0.0.5:5432", "tls": "TLSv1.3", "openUs": 812, "sent": 120, "received": 4096}
///
/// One to the database of a Hyperdrive binding is of kind "hyperdrive".
class WorkerSockets final : private SocketClient::Listener
{
public:
    explicit WorkerSockets(WorkerState &state);
    ~WorkerSockets() override;
    WorkerSockets(const WorkerSockets &) = delete;
    WorkerSockets &operator=(const WorkerSockets &) = delete;

    /// On behalf of the current request. `address` is what the log shows, and `hyperdrive` the binding that it is opened for, if any.
    SocketId open(SocketClient::Open &&open, const std::string &address, const std::string &hyperdrive, int depth);
    SocketId resolve(std::string &&host, SocketClient::Family family);

    /// What there is to read. Waiting: JavaScript will be told when there is something.
    struct Taken {
        enum class Kind { Bytes, Waiting, End, Failed };
        Kind kind = Kind::Failed;
        std::string text; ///< the bytes, or why it failed
    };
    Taken take(SocketId id);
    /// False when the connection is over.
    bool send(SocketId id, std::string &&bytes);
    bool finish(SocketId id);
    bool startTls(SocketId id, TlsPeer &&peer);
    /// User code closes it.
    void close(SocketId id);
    bool isLive(SocketId id) const { return m_sockets.contains(id) || m_questions.contains(id); }
    bool empty() const { return m_sockets.empty() && m_questions.empty(); }

    /// The request has ended, and its connections with it.
    void endOf(RequestId request);
    /// All of them.
    void endAll(const std::string &why);

    /// What JavaScript is to be told, and on whose behalf.
    struct Told {
        std::shared_ptr<Realm> realm;
        RequestId request = 0;
        SocketEvent::Kind kind = SocketEvent::Kind::Failed; ///< Data: there is something to take
        std::string text;
    };
    std::optional<Told> handle(SocketEvent &&event);

private:
    struct Socket {
        RequestId request = 0;
        std::weak_ptr<Realm> realm;
        std::deque<std::string> pieces;
        bool ended = false;
        bool endTaken = false;
        std::optional<std::string> failure;
        bool readWaits = false;
        std::size_t sending = 0; ///< bytes that have not gone out
        bool told = false; ///< the log is to have it
        CallMark mark;
        events::CallEvent event;
        std::string remote;
        std::string tls;
        std::int64_t openedNs = 0;
        std::uint64_t sent = 0;
        std::uint64_t received = 0;
        bool finished = false;
    };
    struct Question {
        RequestId request = 0;
        std::weak_ptr<Realm> realm;
    };

    void socketEvent(SocketEvent &&event) override;
    SocketClient &client();
    void tell(Socket &socket, const std::string &error);
    /// Its end has come on both sides, and all was read.
    void forgetIfDone(SocketId id);

    WorkerState &m_state;
    std::unordered_map<SocketId, Socket> m_sockets;
    std::unordered_map<SocketId, Question> m_questions;
    std::unique_ptr<SocketClient> m_client; ///< made on first use
};

} // namespace cleat::runtime
