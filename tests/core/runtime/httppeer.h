// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QSslCertificate>
#include <QSslKey>
#include <QString>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace cleat::test {

/// A local HTTP server for tests of a client: every byte is the test's own. Each connection has a thread, so handlers may block.
class HttpPeer final
{
public:
    struct Received {
        QByteArray method;
        QByteArray target;
        QList<std::pair<QByteArray, QByteArray>> fields; ///< names in lower case
        QByteArray body;
        QByteArray field(const char *name) const;
    };

    /// One connection, as its handler sees it.
    class Connection
    {
    public:
        explicit Connection(QTcpSocket &socket, const std::atomic<bool> &stop) : m_socket(socket), m_stop(stop) {}
        /// False when the peer left or the test is over.
        bool send(const QByteArray &bytes);
        /// A whole answer with Content-Length.
        bool answer(const QByteArray &body, const QByteArray &fields = {}, const QByteArray &status = "200 OK");
        /// Until the peer leaves; false after `milliseconds`.
        bool waitForEnd(int milliseconds);
        std::optional<QByteArray> line();
        std::optional<QByteArray> bytes(qint64 count);
        std::optional<Received> head();
        bool readBody(Received &request);

    private:
        bool more();
        QTcpSocket &m_socket;
        const std::atomic<bool> &m_stop;
        QByteArray m_buffer;
    };

    enum class Then { Close, KeepOpen };
    using Handler = std::function<Then(Connection &, Received &)>;
    enum class Bodies { Read, Leave };
    struct Identity {
        QSslCertificate certificate;
        QSslKey key;
    };

    explicit HttpPeer(Handler handler, std::optional<Identity> identity = {}, Bodies bodies = Bodies::Read);
    ~HttpPeer();
    HttpPeer(const HttpPeer &) = delete;
    HttpPeer &operator=(const HttpPeer &) = delete;

    quint16 port() const { return m_port; }
    std::string base() const;
    /// All requests so far.
    std::vector<Received> received() const;
    int connections() const { return m_connections; }

    /// A new key, and a certificate for localhost and 127.0.0.1 that it signed itself.
    static Identity makeIdentity();

private:
    class Listener;
    void serve(qintptr descriptor);

    Handler m_handler;
    std::optional<Identity> m_identity;
    Bodies m_bodies;
    std::atomic<bool> m_stop{false};
    std::atomic<int> m_connections{0};
    quint16 m_port = 0;
    mutable std::mutex m_mutex;
    std::vector<Received> m_received;
    std::vector<std::thread> m_threads;
    QThread m_thread;
    Listener *m_listener = nullptr;
};

} // namespace cleat::test
