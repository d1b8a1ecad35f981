// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace cleat::test {

/// A TCP server on loopback for tests of a client, with or without TLS. Each connection has a thread, so handlers may block; all of it ends with the peer.
class SocketPeer final
{
public:
    class Connection
    {
    public:
        /// Up to and without '\n'; nothing at the end.
        std::optional<std::string> line();
        /// Up to so many bytes; empty at the end.
        std::string some(std::size_t most);
        /// Exactly so many; fewer at the end.
        std::string bytes(std::size_t count);
        bool send(std::string_view bytes);
        bool offersTls() const { return m_context != nullptr; }
        /// From here on TLS, as the server's side of it. False when that failed.
        bool startTls();
        /// No more is sent; reading goes on.
        void finish();
        /// The connection ends at once, with a reset.
        void reset();

    private:
        friend class SocketPeer;
        Connection(int descriptor, ssl_ctx_st *context) : m_descriptor(descriptor), m_context(context) {}
        bool more(std::size_t most);
        int m_descriptor;
        ssl_ctx_st *m_context;
        ssl_st *m_tls = nullptr;
        std::string m_buffer;
    };
    using Handler = std::function<void(Connection &)>;
    enum class Transport { Plain, Tls };

    /// `certificate` and `key`: PEM; without them no TLS at all.
    explicit SocketPeer(Handler handler, Transport transport = Transport::Plain, const QByteArray &certificate = {}, const QByteArray &key = {});
    ~SocketPeer();
    SocketPeer(const SocketPeer &) = delete;
    SocketPeer &operator=(const SocketPeer &) = delete;

    int port() const { return m_port; }
    int connections() const { return m_connections; }
    int open() const;
    /// Waits until so many connections are open; false after 30 seconds.
    bool waitForOpen(int count) const;
    /// Ends all connections with a reset.
    void killAll();

private:
    void listen();
    void serve(int descriptor);

    Handler m_handler;
    Transport m_transport;
    ssl_ctx_st *m_context = nullptr;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<int> m_connections{0};
    std::atomic<bool> m_stop{false};
    mutable std::mutex m_mutex;
    std::set<int> m_open;
    std::vector<std::thread> m_threads;
    std::thread m_thread;
};

/// Answers by lines: "close", "shut" (sends no more), "reset", "send N" (bytes), "hang" (until the other side ends), "starttls" (says "go" before), "count N" (takes N bytes and says so);
/// anything else comes back as "echo ...". At the end of what it hears it says "eof seen".
void answerLines(SocketPeer::Connection &connection);

} // namespace cleat::test
