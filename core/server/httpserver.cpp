// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/httpserver.h"

#include "core/server/listenercore.h"
#include "core/server/portowner.h"

#include <QHostAddress>
#include <QThread>

namespace cleat::server {

namespace {

/// Qt's listening socket; accepted descriptors go to the core instead of becoming QTcpSockets.
class Listener final : public QTcpServer
{
public:
    explicit Listener(ListenerCore &core) : m_core(core) { setListenBacklogSize(1024); }

protected:
    void incomingConnection(qintptr descriptor) override { m_core.accept(static_cast<int>(descriptor)); }

private:
    ListenerCore &m_core;
};

base::Error explain(const QTcpServer &listener, const std::string &ip, int port)
{
    const std::string where = "port " + std::to_string(port) + " of " + ip;
    switch (listener.serverError()) {
    case QAbstractSocket::AddressInUseError: {
        std::string message = "Cannot listen on " + where + ": it is in use";
        if (const auto owner = portOwner(port))
            message += " by process " + std::to_string(owner->pid) + " (" + owner->name + ")";
        return {"server.port-in-use", message + ". End that program or take another port.", {}};
    }
    case QAbstractSocket::SocketAccessError:
        return {"server.denied", "Cannot listen on " + where + ": the system does not allow it. Ports below 1024 are for root; take a higher one.", {}};
    case QAbstractSocket::SocketAddressNotAvailableError:
        return {"server.address", "Cannot listen on " + where + ": this machine does not have that address.", {}};
    default: // Qt's enum; whatever else it is, its text says it
        return {"server.address", "Cannot listen on " + where + ": " + listener.errorString().toStdString() + ".", {}};
    }
}

bool lacksIpv6(const QTcpServer &listener)
{
    return listener.serverError() == QAbstractSocket::SocketAddressNotAvailableError
        || listener.serverError() == QAbstractSocket::UnsupportedSocketOperationError;
}

} // namespace

class HttpServer::Private final
{
public:
    Private(Handler &handler, const Limits &limits) : core(handler, limits) {}

    base::Result<void> listenOn(const QHostAddress &address, const std::string &ip, int port)
    {
        auto listener = std::make_unique<Listener>(core);
        if (!listener->listen(address, static_cast<quint16>(port)))
            return std::unexpected(explain(*listener, ip, port));
        core.addListener(std::move(listener));
        return {};
    }

    base::Result<void> listenOnLocalhost(int port)
    {
        // With port 0 the one that IPv4 got may be taken on IPv6: try again with another.
        for (int attempt = 0;; ++attempt) {
            if (auto result = listenOn(QHostAddress(QHostAddress::LocalHost), "127.0.0.1", port); !result)
                return result;
            const int got = core.listeners().back()->serverPort();
            auto second = std::make_unique<Listener>(core);
            if (second->listen(QHostAddress(QHostAddress::LocalHostIPv6), static_cast<quint16>(got))) {
                core.addListener(std::move(second));
                return {};
            }
            if (lacksIpv6(*second))
                return {};
            core.listeners().pop_back();
            if (port != 0 || attempt == 20)
                return std::unexpected(explain(*second, "::1", got));
        }
    }

    ListenerCore core;
};

HttpServer::HttpServer(Handler &handler, Limits limits, QObject *parent) : QObject(parent), d(std::make_unique<Private>(handler, limits)) {}

/// The handler is not told of exchanges that end here: it may be half gone itself.
HttpServer::~HttpServer() = default;

void HttpServer::setTls(std::shared_ptr<const TlsContext> tls)
{
    d->core.setTls(std::move(tls));
}

base::Result<void> HttpServer::listen(const std::string &ip, int port)
{
    Q_ASSERT(thread() == QThread::currentThread());
    if (port < 0 || port > 65535)
        return base::fail("server.address", "Cannot listen on port " + std::to_string(port) + ": a port is a number from 0 to 65535.");
    if (ip == "localhost")
        return d->listenOnLocalhost(port);
    QHostAddress address(QHostAddress::Any);
    if (ip != "*" && !address.setAddress(QString::fromStdString(ip)))
        return base::fail(
            "server.address", "Cannot listen on " + ip + ": it is not an IP address. Write something like 127.0.0.1, 0.0.0.0, ::1, or localhost.");
    return d->listenOn(address, ip, port);
}

int HttpServer::port() const
{
    return d->core.listeners().empty() ? 0 : d->core.listeners().front()->serverPort();
}

void HttpServer::close()
{
    Q_ASSERT(thread() == QThread::currentThread());
    d->core.beginClosing();
}

bool HttpServer::idle() const
{
    return d->core.idle();
}

void HttpServer::respond(ExchangeId exchange, std::string &&wire, Connection connection)
{
    Q_ASSERT(thread() == QThread::currentThread());
    if (Exchange *const found = d->core.exchanges().find(exchange))
        found->connection->respond(*found, std::move(wire), connection);
}

void HttpServer::beginResponse(ExchangeId exchange, std::string &&head, Framing framing, Connection connection)
{
    Q_ASSERT(thread() == QThread::currentThread());
    if (Exchange *const found = d->core.exchanges().find(exchange))
        found->connection->beginResponse(*found, std::move(head), framing, connection);
}

HttpServer::Flow HttpServer::sendPiece(ExchangeId exchange, std::string &&piece)
{
    Q_ASSERT(thread() == QThread::currentThread());
    Exchange *const found = d->core.exchanges().find(exchange);
    return found ? found->connection->sendPiece(*found, std::move(piece)) : Flow::Go;
}

void HttpServer::endResponse(ExchangeId exchange, Finish finish)
{
    Q_ASSERT(thread() == QThread::currentThread());
    if (Exchange *const found = d->core.exchanges().find(exchange))
        found->connection->endResponse(*found, finish);
}

void HttpServer::bodyConsumed(ExchangeId exchange, std::size_t bytes)
{
    Q_ASSERT(thread() == QThread::currentThread());
    if (Exchange *const found = d->core.exchanges().find(exchange))
        found->connection->bodyConsumed(*found, bytes);
}

} // namespace cleat::server
