// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/connection.h"
#include "core/server/exchange.h"
#include "core/server/httpserver.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTimer>

#include <memory>
#include <span>
#include <vector>

namespace cleat::server {

class TlsContext;

/// What the connections of a listener share: the poll set, the buffer that all read into, the exchanges, one coarse clock.
/// One epoll descriptor stands for all connections in Qt's event loop, so that a round of the loop serves every connection that has something to read.
class ListenerCore final
{
public:
    ListenerCore(Handler &handler, const Limits &limits);
    ~ListenerCore();
    ListenerCore(const ListenerCore &) = delete;
    ListenerCore &operator=(const ListenerCore &) = delete;

    Handler &handler() { return m_handler; }
    const Limits &limits() const { return m_limits; }
    /// What connections speak TLS with; nullptr: they are plain.
    const TlsContext *tls() const { return m_tls.get(); }
    void setTls(std::shared_ptr<const TlsContext> tls) { m_tls = std::move(tls); }
    ExchangeTable &exchanges() { return m_exchanges; }
    std::span<char> buffer() { return m_buffer; }
    /// Milliseconds of a monotonic clock, as of the last tick: good to half a second.
    std::int64_t now() const { return m_now; }
    bool closing() const { return m_closing; }

    void accept(int descriptor);
    void watch(Connection &connection, std::uint32_t events);
    void unwatch(Connection &connection);
    /// Whether a client is still there shall be found out soon, rather than with the next tick.
    void suspectDeserted();
    /// The connection is closed and forgotten; the object lives until nothing on the stack can use it.
    void bury(Connection &connection);

    void beginClosing();
    bool idle() const { return m_connections.empty(); }
    void addListener(std::unique_ptr<QTcpServer> listener);
    std::vector<std::unique_ptr<QTcpServer>> &listeners() { return m_listeners; }

private:
    void dispatch();
    void tick();
    void checkDeserted();
    void clearGraveyard();
    /// Calls `each` for every connection there is, though connections may close meanwhile.
    template <typename Each>
    void forConnections(Each each);

    Handler &m_handler;
    const Limits m_limits;
    std::shared_ptr<const TlsContext> m_tls;
    ExchangeTable m_exchanges;
    std::vector<char> m_buffer;
    std::vector<std::unique_ptr<Connection>> m_connections;
    std::vector<std::unique_ptr<Connection>> m_graveyard;
    std::vector<std::unique_ptr<QTcpServer>> m_listeners;
    QObject m_context;
    QTimer m_clock;
    QTimer m_desertedTimer;
    QTimer m_graveTimer;
    int m_poll;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::int64_t m_now = 0;
    int m_dispatching = 0;
    bool m_closing = false;
};

} // namespace cleat::server
