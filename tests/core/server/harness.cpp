// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/server/harness.h"

#include "core/server/responsehead.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QThread>
#include <QTimer>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace cleat::server::test {

namespace {

std::string printable(std::string text)
{
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7F; }, '?');
    return text;
}

} // namespace

void ScriptedHandler::request(ExchangeId exchange, Head &&head, std::string &&body, bool complete)
{
    m_index[exchange] = m_records.size();
    Record &record = m_records.emplace_back();
    record.id = exchange;
    record.head = std::move(head);
    record.body = std::move(body);
    record.complete = complete;
    if (!complete && !record.head.target.starts_with("/test"))
        m_server->bodyConsumed(exchange, record.body.size());
    answer(record);
}

void ScriptedHandler::bodyData(ExchangeId exchange, std::string &&piece, bool last)
{
    Record &record = m_records[m_index.at(exchange)];
    record.callsAfterEnd += record.ended || record.complete ? 1 : 0;
    record.body += piece;
    record.complete = last;
    if (record.head.target.starts_with("/test")) {
        if (onBody)
            onBody(record, piece.size());
        return;
    }
    m_server->bodyConsumed(exchange, piece.size());
    if (last)
        answer(record);
}

void ScriptedHandler::ended(ExchangeId exchange, End end, std::uint64_t responseBytes)
{
    Record &record = m_records[m_index.at(exchange)];
    record.callsAfterEnd += record.ended ? 1 : 0;
    record.ended = true;
    record.end = end;
    record.responseBytes = responseBytes;
}

void ScriptedHandler::writable(ExchangeId exchange)
{
    Record &record = m_records[m_index.at(exchange)];
    record.callsAfterEnd += record.ended ? 1 : 0;
    ++record.writables;
    if (onWritable)
        onWritable(record);
}

void ScriptedHandler::refused(const Refused &request)
{
    std::string line = "refused " + std::to_string(request.status);
    if (!request.method.empty())
        line.append(" ").append(request.method);
    if (!request.target.empty())
        line.append(" ").append(request.target);
    m_refusals.push_back(line);
}

void ScriptedHandler::send(const Record &record, int status, std::string_view body, HttpServer::Connection connection)
{
    std::string wire;
    appendStatusLine(wire, status);
    appendField(wire, "Content-Length", std::to_string(body.size()));
    wire += "\r\n";
    if (record.head.method != "HEAD")
        wire += body;
    m_server->respond(record.id, std::move(wire), connection);
}

void ScriptedHandler::stream(const Record &record, std::vector<std::string> pieces, HttpServer::Framing framing, HttpServer::Finish finish)
{
    std::string wire;
    appendStatusLine(wire, 200);
    if (framing == HttpServer::Framing::Chunked)
        appendField(wire, "Transfer-Encoding", "chunked");
    else
        appendField(wire, "Content-Length", "6");
    wire += "\r\n";
    const ExchangeId id = record.id;
    m_server->beginResponse(id, std::move(wire), framing, HttpServer::Connection::Keep);
    for (std::string &piece : pieces)
        m_server->sendPiece(id, std::move(piece));
    m_server->endResponse(id, finish);
}

void ScriptedHandler::answer(Record &record)
{
    const std::string path = record.head.target.substr(0, record.head.target.find('?'));
    if (path.starts_with("/test")) {
        if (onRequest)
            onRequest(record);
        return;
    }
    if (path == "/early") {
        send(record, 200, "early");
        return;
    }
    if (path == "/begun") {
        std::string wire;
        appendStatusLine(wire, 200);
        appendField(wire, "Transfer-Encoding", "chunked");
        m_server->beginResponse(record.id, wire + "\r\n", HttpServer::Framing::Chunked, HttpServer::Connection::Keep);
        if (record.complete) {
            m_server->sendPiece(record.id, "all");
            m_server->endResponse(record.id, HttpServer::Finish::Complete);
        }
        return;
    }
    if (!record.complete)
        return;
    if (path == "/hello") {
        send(record, 200, "hello");
    } else if (path == "/later") {
        const ExchangeId id = record.id;
        QTimer::singleShot(1, this, [this, id] { send(m_records[m_index.at(id)], 200, "later"); });
    } else if (path == "/echo") {
        send(record, 200, record.body);
    } else if (path == "/stream") {
        stream(record, {"one", "", "two", std::string(20, 'x')}, HttpServer::Framing::Chunked, HttpServer::Finish::Complete);
    } else if (path == "/sized") {
        stream(record, {"abc", "def"}, HttpServer::Framing::Sized, HttpServer::Finish::Complete);
    } else if (path == "/short") {
        stream(record, {"abc"}, HttpServer::Framing::Sized, HttpServer::Finish::Complete);
    } else if (path == "/long") {
        stream(record, {"abc", "defghi"}, HttpServer::Framing::Sized, HttpServer::Finish::Complete);
    } else if (path == "/truncated") {
        stream(record, {"abc"}, HttpServer::Framing::Chunked, HttpServer::Finish::Truncated);
    } else if (path == "/close") {
        send(record, 200, "bye", HttpServer::Connection::Close);
    } else if (path == "/hold") {
        m_held.push_back(record.id);
    } else if (path == "/free") {
        // This one first, then what was held, newest first.
        send(record, 200, "free");
        while (!m_held.empty()) {
            const Record held = m_records[m_index.at(m_held.back())];
            m_held.pop_back();
            send(held, 200, held.head.target);
        }
    } else if (path == "/twice") {
        send(record, 200, "first");
        send(record, 500, "second");
    } else if (path == "/dump") {
        std::string text = record.head.method + " " + record.head.target + " [" + record.head.host + "]\n";
        for (const auto &[name, value] : record.head.fields)
            text += name + "=" + value + "|\n";
        send(record, 200, text);
    } else if (path == "/empty") {
        std::string wire;
        appendStatusLine(wire, 204);
        m_server->respond(record.id, wire + "\r\n", HttpServer::Connection::Keep);
    } else {
        send(record, 404, "no such path");
    }
}

std::string ScriptedHandler::calls() const
{
    std::string text;
    for (const Record &record : m_records) {
        text += "request " + record.head.method + " " + printable(record.head.target) + " host=" + record.head.host;
        switch (record.head.body) {
        case Head::Body::None:
            break;
        case Head::Body::Sized:
            text += " sized=" + std::to_string(record.head.contentLength);
            break;
        case Head::Body::Chunked:
            text += " chunked";
            break;
        }
        text += '\n';
        // How much of a body comes before an answer that does not wait for it depends on how the input was cut.
        if (record.complete && !record.body.empty() && record.head.target != "/early")
            text += "body " + (record.body.size() > 60 ? std::to_string(record.body.size()) + " bytes" : printable(record.body)) + '\n';
        if (record.ended) {
            switch (record.end) {
            case End::Done:
                text += "done " + std::to_string(record.responseBytes) + '\n';
                break;
            case End::Left:
                text += "left\n";
                break;
            case End::BadBody:
            case End::BodyTooLarge:
                text += "bad body\n";
                break;
            }
        }
        if (record.callsAfterEnd != 0)
            text += "CALLED AFTER THE END\n";
    }
    for (const std::string &refusal : m_refusals)
        text += refusal + '\n';
    return text;
}

bool ScriptedHandler::allEnded() const
{
    return std::all_of(m_records.begin(), m_records.end(), [](const Record &record) { return record.ended; });
}

const ScriptedHandler::Record *ScriptedHandler::find(std::string_view target) const
{
    const auto it = std::find_if(m_records.rbegin(), m_records.rend(), [target](const Record &record) { return record.head.target == target; });
    return it == m_records.rend() ? nullptr : &*it;
}

Client::Client(int port) : descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<in_port_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Client::~Client()
{
    close();
}

bool Client::send(std::string_view bytes)
{
    QElapsedTimer timer;
    timer.start();
    while (!bytes.empty() && timer.elapsed() < 10'000) {
        const ssize_t n = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
            continue;
        }
        if (errno != EAGAIN)
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents);
        receive();
    }
    return bytes.empty();
}

void Client::halfClose()
{
    ::shutdown(descriptor, SHUT_WR);
}

void Client::close()
{
    if (descriptor >= 0)
        ::close(descriptor);
    descriptor = -1;
}

void Client::reset()
{
    const linger now{1, 0};
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
}

void Client::receive()
{
    std::array<char, 16384> buffer;
    while (!ended && descriptor >= 0) {
        const ssize_t n = ::recv(descriptor, buffer.data(), buffer.size(), 0);
        if (n > 0) {
            received.append(buffer.data(), static_cast<std::size_t>(n));
        } else if (n == 0) {
            ended = true;
        } else if (errno == EAGAIN) {
            return;
        } else {
            ended = broken = true;
        }
    }
}

bool Client::receiveUntil(const std::function<bool()> &done, int timeoutMs)
{
    return waitUntil(
        [&] {
            receive();
            return done();
        },
        timeoutMs);
}

void Client::setReceiveBuffer(int bytes)
{
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

bool waitUntil(const std::function<bool()> &done, int timeoutMs)
{
    QElapsedTimer timer;
    timer.start();
    while (!done()) {
        if (timer.elapsed() > timeoutMs)
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents);
        if (timer.elapsed() > 5)
            QThread::usleep(200);
    }
    return true;
}

void pump()
{
    QCoreApplication::processEvents(QEventLoop::AllEvents);
    QCoreApplication::processEvents(QEventLoop::AllEvents);
}

Bench::Bench(const Limits &limits) : server(handler, limits)
{
    handler.setServer(server);
    if (const auto result = server.listen("127.0.0.1", 0); !result)
        throw std::runtime_error(result.error().message);
}

std::string withoutDates(std::string wire)
{
    for (std::size_t at = wire.find("\r\nDate: "); at != std::string::npos; at = wire.find("\r\nDate: ", at + 2))
        wire.replace(at + 8, 29, "now");
    return wire;
}

} // namespace cleat::server::test
