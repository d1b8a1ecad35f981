// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/inspectorconnection.h"

#include "core/base/bytes.h"
#include "core/server/responsehead.h"

#include <QCryptographicHash>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace cleat::server {

namespace {

constexpr qint64 readBytes = 64 << 10;
constexpr int endingMs = 2000; ///< for the client to take the last bytes

/// Whether one of the comma-separated elements of a field with this name is `element`. Both in lower case.
bool hasElement(const Fields &fields, std::string_view name, std::string_view element)
{
    for (const auto &[key, value] : fields) {
        if (!equalsLower(key, name))
            continue;
        std::string_view rest = value;
        while (true) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            std::string_view one = rest.substr(0, comma);
            while (!one.empty() && (one.front() == ' ' || one.front() == '\t'))
                one.remove_prefix(1);
            while (!one.empty() && (one.back() == ' ' || one.back() == '\t'))
                one.remove_suffix(1);
            if (equalsLower(one, element))
                return true;
            if (comma == rest.size())
                break;
            rest.remove_prefix(comma + 1);
        }
    }
    return false;
}

/// The only value of a field; nullopt when it is missing or there twice.
std::optional<std::string> only(const Fields &fields, std::string_view name)
{
    std::optional<std::string> found;
    for (const auto &[key, value] : fields) {
        if (!equalsLower(key, name))
            continue;
        if (found)
            return std::nullopt;
        found = value;
    }
    return found;
}

/// RFC 6455 section 4.2.2
std::string acceptKey(const std::string &key)
{
    QCryptographicHash hash(QCryptographicHash::Sha1);
    hash.addData(QByteArray::fromStdString(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
    return hash.result().toBase64().toStdString();
}

} // namespace

InspectorConnection::InspectorConnection(InspectorServer &server, QTcpSocket *socket, DebuggerId id)
    : QObject(&server), m_server(server), m_socket(socket), m_id(id), m_headLimits{.targetBytes = 1024, .headBytes = 16U << 10, .fields = 100},
      m_parser(m_headLimits), m_reader(server.m_limits.messageBytes)
{
    m_socket->setParent(this);
    m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    connect(m_socket, &QTcpSocket::readyRead, this, [this] { readable(); });
    connect(m_socket, &QTcpSocket::disconnected, this, [this] { disconnected(); });
    QTimer::singleShot(server.m_limits.headSeconds * 1000, this, [this] {
        if (m_phase == Phase::Head)
            m_socket->abort();
    });
    QMetaObject::invokeMethod(this, [this] { readable(); }, Qt::QueuedConnection); // what came before anybody listened
}

void InspectorConnection::readable()
{
    while (m_phase != Phase::Ending && m_socket->bytesAvailable() > 0) {
        const QByteArray bytes = m_socket->read(readBytes);
        const std::string_view view(bytes.constData(), static_cast<std::size_t>(bytes.size()));
        if (m_phase == Phase::Head) {
            m_in += view;
            readHead();
        } else {
            readFrames(view);
        }
    }
    if (m_phase == Phase::Ending)
        m_socket->readAll();
}

void InspectorConnection::readHead()
{
    ParsedHead parsed;
    std::size_t used = 0;
    switch (m_parser.head(m_in, parsed, used)) {
    case RequestParser::HeadResult::More:
        break;
    case RequestParser::HeadResult::Refused:
        respond(plainResponse(m_parser.refusal().status, m_parser.refusal().text + ".\n"));
        break;
    case RequestParser::HeadResult::Complete:
        m_in.erase(0, used);
        handle(std::move(parsed));
        if (m_phase == Phase::Open && !m_in.empty())
            readFrames(std::exchange(m_in, {}));
        break;
    }
}

std::optional<Refusal> InspectorConnection::refusalOf(const ParsedHead &parsed) const
{
    const Head &head = parsed.head;
    if (!inspectorHostAllowed(head.host))
        return Refusal{403, "The Host \"" + head.host + "\" is not allowed: debuggers come to localhost or an IP address.\n"};
    for (const auto &[name, value] : head.fields) {
        if (equalsLower(name, "origin") && !inspectorOriginAllowed(value))
            return Refusal{403, "The Origin \"" + value + "\" is not allowed: no page of the web may debug.\n"};
    }
    if (head.method != "GET")
        return Refusal{405, "Only GET is understood here.\n"};
    if (head.body != Head::Body::None)
        return Refusal{400, "A body makes no sense here.\n"};
    return std::nullopt;
}

void InspectorConnection::handle(ParsedHead &&parsed)
{
    if (const auto refusal = refusalOf(parsed)) {
        respond(plainResponse(refusal->status, refusal->text));
        return;
    }
    const Head &head = parsed.head;
    if (hasElement(head.fields, "upgrade", "websocket")) {
        upgrade(parsed);
        return;
    }
    respond(m_server.answer(std::string_view(head.target).substr(0, head.target.find('?')), head.host));
}

void InspectorConnection::upgrade(const ParsedHead &parsed)
{
    const Head &head = parsed.head;
    const auto key = only(head.fields, "sec-websocket-key");
    const auto version = only(head.fields, "sec-websocket-version");
    if (head.target != "/" + m_server.m_target.id) {
        respond(plainResponse(404, "There is nothing to debug under this address. GET /json/list tells the right one.\n"));
        return;
    }
    if (version != "13") {
        std::string wire = plainResponse(426, "Only version 13 of the WebSocket protocol is understood.\n");
        wire.insert(wire.find("\r\n") + 2, "Sec-WebSocket-Version: 13\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
        write(wire);
        end();
        return;
    }
    if (parsed.minor < 1 || !hasElement(head.fields, "connection", "upgrade") || !key || base::fromBase64(*key).value_or("").size() != 16) {
        respond(plainResponse(400, "This is not a handshake of the WebSocket protocol.\n"));
        return;
    }
    if (m_server.m_admission == InspectorServer::Admission::Closed) {
        respond(plainResponse(503, "The project does not run.\n"));
        return;
    }
    write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + acceptKey(*key) + "\r\n\r\n");
    m_phase = Phase::Open;
    m_opened = true;
    m_server.m_handler.opened(m_id);
}

void InspectorConnection::readFrames(std::string_view bytes)
{
    std::vector<base::WebSocketReader::Event> events;
    const base::WebSocketReader::State state = m_reader.read(bytes, events);
    using Kind = base::WebSocketReader::Event::Kind;
    for (base::WebSocketReader::Event &event : events) {
        std::string wire;
        switch (event.kind) {
        case Kind::Text:
            m_server.m_handler.received(m_id, std::move(event.payload));
            break;
        case Kind::Ping:
            base::appendWebSocketFrame(wire, base::WebSocketOpcode::Pong, event.payload);
            write(wire);
            break;
        case Kind::Binary: // m_reader takes text only
        case Kind::Pong:
            break;
        case Kind::Close:
            close(event.code == 1005 ? 1000 : event.code, {});
            break;
        }
        if (m_phase != Phase::Open)
            return;
    }
    if (state == base::WebSocketReader::State::Failed)
        close(m_reader.failureCode(), m_reader.failure());
}

void InspectorConnection::send(std::string_view text)
{
    if (m_phase != Phase::Open)
        return;
    std::string wire;
    wire.reserve(text.size() + 10);
    base::appendWebSocketFrame(wire, base::WebSocketOpcode::Text, text);
    write(wire);
    if (static_cast<std::size_t>(m_socket->bytesToWrite()) > m_server.m_limits.queuedBytes)
        m_socket->abort();
}

void InspectorConnection::close(int code, std::string_view reason)
{
    if (m_phase != Phase::Open)
        return;
    std::string wire;
    base::appendWebSocketClose(wire, code, reason);
    write(wire);
    end();
}

void InspectorConnection::respond(std::string_view wire)
{
    std::string whole(wire);
    whole.insert(whole.find("\r\n") + 2, "Connection: close\r\n");
    write(whole);
    end();
}

void InspectorConnection::write(std::string_view bytes)
{
    m_socket->write(bytes.data(), static_cast<qint64>(bytes.size()));
}

/// Nothing more is read; the connection ends when the client has what was written.
void InspectorConnection::end()
{
    m_phase = Phase::Ending;
    if (std::exchange(m_opened, false))
        m_server.m_handler.closed(m_id);
    QTimer::singleShot(endingMs, this, [this] { m_socket->abort(); });
    m_socket->disconnectFromHost();
}

void InspectorConnection::disconnected()
{
    m_phase = Phase::Ending;
    if (std::exchange(m_opened, false))
        m_server.m_handler.closed(m_id);
    m_server.gone(*this);
    deleteLater();
}

} // namespace cleat::server
