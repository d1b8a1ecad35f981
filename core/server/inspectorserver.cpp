// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/inspectorserver.h"

#include "core/base/bytes.h"
#include "core/server/inspectorconnection.h"
#include "core/server/portowner.h"
#include "core/server/responsehead.h"

#include <QHostAddress>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpServer>
#include <QThread>

#include <algorithm>
#include <utility>

namespace cleat::server {

namespace {

QString toQt(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::string jsonResponse(const QJsonDocument &document)
{
    const std::string body = document.toJson().toStdString();
    std::string wire;
    appendStatusLine(wire, 200);
    appendField(wire, "Content-Type", "application/json; charset=UTF-8");
    appendField(wire, "Cache-Control", "no-cache");
    appendField(wire, "Content-Length", std::to_string(body.size()));
    return wire + "\r\n" + body;
}

std::string_view withoutPort(std::string_view host)
{
    if (host.starts_with('['))
        return host.substr(0, std::min(host.find(']'), host.size() - 1) + 1);
    return host.substr(0, host.find(':'));
}

} // namespace

bool inspectorHostAllowed(std::string_view host)
{
    std::string_view name = withoutPort(host);
    if (name.empty())
        return false;
    if (equalsLower(name, "localhost"))
        return true;
    if (name.starts_with('[') && name.ends_with(']')) {
        name = name.substr(1, name.size() - 2);
        QHostAddress address;
        return address.setAddress(toQt(name)) && address.protocol() == QAbstractSocket::IPv6Protocol;
    }
    // Four numbers, written as such: what else a system takes for an address (127.1, 0x7f000001) a browser does not send.
    int numbers = 0;
    for (std::string_view rest = name;;) {
        const std::size_t dot = std::min(rest.find('.'), rest.size());
        const std::string_view number = rest.substr(0, dot);
        if (number.empty() || number.size() > 3 || !std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; }))
            return false;
        ++numbers;
        if (dot == rest.size())
            break;
        rest.remove_prefix(dot + 1);
    }
    return numbers == 4;
}

bool inspectorOriginAllowed(std::string_view origin)
{
    return origin.starts_with("devtools://") || origin.starts_with("chrome-devtools://");
}

InspectorServer::InspectorServer(InspectorHandler &handler, Target target, Limits limits, QObject *parent)
    : QObject(parent), m_handler(handler), m_target(std::move(target)), m_limits(limits), m_listener(new QTcpServer(this))
{
    connect(m_listener, &QTcpServer::newConnection, this, &InspectorServer::accept);
}

/// The handler is not told: it may be half gone itself.
InspectorServer::~InspectorServer()
{
    for (InspectorConnection *connection : std::exchange(m_connections, {}))
        delete connection;
}

base::Result<void> InspectorServer::listen(int port)
{
    Q_ASSERT(thread() == QThread::currentThread());
    if (port < 0 || port > 65535)
        return base::fail("inspector.port", "Debuggers cannot come to port " + std::to_string(port) + ": a port is a number from 0 to 65535.");
    if (m_listener->listen(QHostAddress(QHostAddress::LocalHost), static_cast<quint16>(port)))
        return {};
    const std::string where = "Debuggers cannot come to port " + std::to_string(port);
    if (m_listener->serverError() != QAbstractSocket::AddressInUseError)
        return base::fail("inspector.port", where + ": " + m_listener->errorString().toStdString() + ". Take another port; 0 is any that is free.");
    std::string message = where + ": it is in use";
    if (const auto owner = portOwner(port))
        message += " by process " + std::to_string(owner->pid) + " (" + owner->name + ")";
    return base::fail("inspector.port-in-use", message + ". End that program or take another port; 0 is any that is free.");
}

int InspectorServer::port() const
{
    return m_listener->serverPort();
}

void InspectorServer::accept()
{
    while (QTcpSocket *socket = m_listener->nextPendingConnection()) {
        if (m_connections.size() >= m_limits.connections) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        m_connections.push_back(new InspectorConnection(*this, socket, ++m_last));
    }
}

void InspectorServer::gone(InspectorConnection &connection)
{
    std::erase(m_connections, &connection);
}

void InspectorServer::send(DebuggerId debugger, std::string_view text)
{
    Q_ASSERT(thread() == QThread::currentThread());
    const auto found = std::ranges::find_if(m_connections, [debugger](const InspectorConnection *one) { return one->id() == debugger; });
    if (found != m_connections.end())
        (*found)->send(text);
}

void InspectorServer::closeAll(int code, std::string_view reason)
{
    Q_ASSERT(thread() == QThread::currentThread());
    const std::vector<InspectorConnection *> all = m_connections; // those that end leave the list
    for (InspectorConnection *connection : all)
        connection->close(code, reason);
}

std::string InspectorServer::list(std::string_view host) const
{
    // In terms of the address that the debugger came by: a tunnel's port may be another.
    const bool hasPort = withoutPort(host).size() < host.size();
    const QString socket = (hasPort ? toQt(host) : QStringLiteral("127.0.0.1:%1").arg(port())) + u'/' + toQt(m_target.id);
    QJsonArray targets;
    if (m_admission == Admission::Open) {
        targets.append(QJsonObject{
            {QStringLiteral("description"), QStringLiteral("Cleat")},
            {QStringLiteral("devtoolsFrontendUrl"), QString(QStringLiteral("devtools://devtools/bundled/js_app.html?experiments=true&v8only=true&ws=") + socket)},
            {QStringLiteral("id"), toQt(m_target.id)},
            {QStringLiteral("title"), toQt(m_target.title)},
            {QStringLiteral("type"), QStringLiteral("node")},
            {QStringLiteral("url"), toQt(m_target.url)},
            {QStringLiteral("webSocketDebuggerUrl"), QString(QStringLiteral("ws://") + socket)},
        });
    }
    return jsonResponse(QJsonDocument(targets));
}

std::string InspectorServer::answer(std::string_view path, std::string_view host) const
{
    if (path == "/json" || path == "/json/" || path == "/json/list")
        return list(host);
    if (path == "/json/version") {
        return jsonResponse(QJsonDocument(
            QJsonObject{{QStringLiteral("Browser"), toQt(m_target.product)}, {QStringLiteral("Protocol-Version"), QStringLiteral("1.1")}}));
    }
    return plainResponse(404, "This is where debuggers come to. GET /json/list tells what there is.\n");
}

} // namespace cleat::server
