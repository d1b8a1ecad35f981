// SPDX-License-Identifier: GPL-3.0-or-later
// The half of Connection that sends.
#include "core/server/connection.h"

#include "core/server/listenercore.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace cleat::server {

namespace {

constexpr std::size_t joinPiece = 4096;

/// The place of "name:" at the start of a line within the head, in any case; npos when there is none. `name` is in lower case.
std::size_t findField(std::string_view head, std::string_view name)
{
    const std::size_t end = std::min(head.find("\r\n\r\n"), head.size());
    for (std::size_t at = head.find("\r\n"); at < end; at = head.find("\r\n", at + 2)) {
        if (equalsLower(head.substr(at + 2, name.size()), name) && head.substr(at + 2 + name.size()).starts_with(':'))
            return at + 2;
    }
    return std::string_view::npos;
}

std::uint64_t promisedLength(std::string_view head)
{
    constexpr std::string_view name = "content-length";
    const std::size_t at = findField(head, name);
    if (at == std::string_view::npos)
        return 0;
    std::string_view value = head.substr(at + name.size() + 1);
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    std::uint64_t length = 0;
    std::from_chars(value.data(), value.data() + value.size(), length);
    return length;
}

std::string chunkSizeLine(std::size_t size)
{
    std::array<char, 18> text;
    char *end = std::to_chars(text.data(), text.data() + 16, size, 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    return {text.data(), end};
}

} // namespace

/// Makes the head say what happens to the connection, when that is not HTTP/1.1's usual: that it stays open.
void Connection::frameHead(Exchange &exchange, std::string &head, HttpServer::Connection connection) const
{
    // A client that still waits for "100 Continue" may or may not send the body now (RFC 9110 section 10.1.1), so nothing can follow.
    if (connection == HttpServer::Connection::Close || m_core.closing() || exchange.owesContinue)
        exchange.close = true;
    exchange.owesContinue = false;
    if (!exchange.close && !exchange.http10)
        return;
    const std::size_t line = head.find("\r\n");
    if (line == std::string::npos || findField(head, "connection") != std::string_view::npos)
        return;
    head.insert(line + 2, exchange.close ? "Connection: close\r\n" : "Connection: keep-alive\r\n");
}

void Connection::respond(Exchange &exchange, std::string &&wire, HttpServer::Connection connection)
{
    if (exchange.response != Exchange::Response::None)
        return;
    const std::size_t headEnd = wire.find("\r\n\r\n");
    exchange.responseBody = headEnd == std::string::npos ? 0 : wire.size() - headEnd - 4;
    frameHead(exchange, wire, connection);
    endUpgrade(exchange);
    exchange.response = Exchange::Response::Complete;
    queueOf(exchange).append(std::move(wire));
    push();
}

void Connection::beginResponse(Exchange &exchange, std::string &&head, HttpServer::Framing framing, HttpServer::Connection connection)
{
    if (exchange.response != Exchange::Response::None)
        return;
    exchange.response = Exchange::Response::Streaming;
    exchange.framing = exchange.headOnly ? HttpServer::Framing::None : framing;
    if (exchange.framing == HttpServer::Framing::Sized)
        exchange.promised = promisedLength(head);
    if (exchange.http10 && framing == HttpServer::Framing::Chunked) {
        if (const std::size_t at = findField(head, "transfer-encoding"); at != std::string_view::npos)
            head.erase(at, head.find("\r\n", at) + 2 - at);
        exchange.close = exchange.untilClose = true;
    }
    const bool raw = framing == HttpServer::Framing::Raw && m_upgrading == &exchange;
    endUpgrade(exchange);
    if (raw) {
        exchange.close = exchange.untilClose = m_raw = true;
        m_body = Body::Feeding;
        m_bodyOwner = &exchange;
    } else {
        frameHead(exchange, head, connection);
    }
    queueOf(exchange).append(std::move(head));
    push();
}

HttpServer::Flow Connection::sendPiece(Exchange &exchange, std::string &&piece)
{
    if (exchange.response != Exchange::Response::Streaming || exchange.framing == HttpServer::Framing::None)
        return HttpServer::Flow::Go;
    if (exchange.framing == HttpServer::Framing::Sized) {
        if (piece.size() > exchange.promised)
            piece.resize(exchange.promised);
        exchange.promised -= piece.size();
    }
    if (!piece.empty()) {
        OutQueue &queue = queueOf(exchange);
        exchange.responseBody += piece.size();
        if (exchange.framing == HttpServer::Framing::Sized || exchange.untilClose) {
            queue.append(std::move(piece));
        } else if (piece.size() <= joinPiece) {
            queue.append(chunkSizeLine(piece.size()).append(piece).append("\r\n"));
        } else {
            queue.append(chunkSizeLine(piece.size()));
            queue.append(std::move(piece));
            queue.append(std::string_view("\r\n"));
        }
        // push() may end the exchange, or lead the handler to end it.
        const ExchangeId id = exchange.id;
        push();
        if (m_core.exchanges().find(id) != &exchange)
            return HttpServer::Flow::Go;
    }
    if (queueOf(exchange).bytes() < m_core.limits().queuedResponseBytes)
        return HttpServer::Flow::Go;
    exchange.waiting = true;
    return HttpServer::Flow::Wait;
}

void Connection::endResponse(Exchange &exchange, HttpServer::Finish finish)
{
    if (exchange.response == Exchange::Response::Complete)
        return;
    // The end of a response that promised more, or that never began, can only be an incomplete message too.
    if (finish == HttpServer::Finish::Truncated || exchange.promised != 0 || exchange.response == Exchange::Response::None)
        exchange.cut = exchange.close = true;
    else if (exchange.framing == HttpServer::Framing::Chunked && !exchange.untilClose)
        queueOf(exchange).append(std::string_view("0\r\n\r\n"));
    exchange.owesContinue = false;
    endUpgrade(exchange);
    exchange.response = Exchange::Response::Complete;
    push();
}

/// Puts what is next in turn into the output.
void Connection::advance()
{
    while (m_turn) {
        Exchange &exchange = *m_turn;
        m_out.append(exchange.pending);
        if (exchange.owesContinue && exchange.response == Exchange::Response::None) {
            exchange.owesContinue = false;
            m_out.append(std::string_view("HTTP/1.1 100 Continue\r\n\r\n"));
        }
        if (exchange.response != Exchange::Response::Complete)
            return;
        exchange.endsAt = m_written + m_out.bytes();
        m_turn = exchange.next;
        if (exchange.close) {
            m_stop = true;
            m_held = false;
            m_refusal.reset();
            m_reset = exchange.cut && exchange.untilClose;
            leave(&exchange);
        }
    }
    if (m_refusal) {
        m_out.append(std::move(*m_refusal));
        m_refusal.reset();
    }
}

void Connection::flush()
{
    if (!m_blocked && !m_out.empty()) {
        std::size_t written = 0;
        switch (m_socket.write(m_out, written)) {
        case Socket::Write::All:
            break;
        case Socket::Write::Full:
            m_blocked = true;
            break;
        case Socket::Write::Broken:
            m_broken = true;
            break;
        }
        m_written += written;
    }
    release();
}

/// Tells the handler what the last write has brought.
void Connection::release()
{
    while (m_front && m_front != m_turn && m_front->endsAt <= m_written) {
        Exchange &exchange = *m_front;
        m_front = exchange.next;
        if (!m_front)
            m_back = nullptr;
        --m_count;
        if (m_bodyOwner == &exchange) {
            m_bodyOwner = nullptr;
            m_body = Body::Draining;
        }
        m_idleSince = m_core.now();
        const ExchangeId id = exchange.id;
        const bool over = exchange.over;
        const Handler::End end = exchange.cut && !over ? Handler::End::Left : Handler::End::Done;
        const std::uint64_t bytes = exchange.responseBody;
        m_core.exchanges().remove(exchange);
        if (!over)
            m_core.handler().ended(id, end, bytes);
    }
    if (m_turn && m_turn->waiting && !m_broken && m_out.bytes() <= m_core.limits().queuedResponseBytes / 2) {
        m_turn->waiting = false;
        m_core.handler().writable(m_turn->id);
    }
}

/// Whether the connection goes on.
void Connection::settle()
{
    if (m_closed)
        return;
    if (m_broken) {
        close();
    } else if (m_phase == Phase::Open && m_stop && m_count == 0 && m_out.empty() && !m_refusal) {
        if (m_reset) {
            m_socket.resetOnClose();
            close();
        } else {
            linger();
        }
    } else {
        updateWatch();
    }
}

void Connection::gone()
{
    if (m_closed)
        return;
    m_broken = true;
    if (!m_running)
        close();
}

/// Closes so that the client can still read what it was sent: closing with input unread would reset the connection (RFC 9112 section 9.6).
void Connection::linger()
{
    if (m_ended) {
        close();
        return;
    }
    m_socket.shutdownWriting();
    m_phase = Phase::Lingering;
    m_idleSince = m_core.now();
    m_stop = true;
    m_held = false;
    m_body = Body::None;
    m_input = {};
    updateWatch();
}

void Connection::leave(Exchange *last)
{
    Exchange *exchange = last ? last->next : m_front;
    (last ? last->next : m_front) = nullptr;
    m_back = last;
    m_turn = nullptr;
    while (exchange) {
        Exchange &gone = *exchange;
        exchange = gone.next;
        --m_count;
        if (m_bodyOwner == &gone) {
            m_bodyOwner = nullptr;
            m_body = Body::Draining;
        }
        endUpgrade(gone);
        const ExchangeId id = gone.id;
        const bool over = gone.over;
        const std::uint64_t bytes = gone.responseBody;
        m_core.exchanges().remove(gone);
        if (!over)
            m_core.handler().ended(id, Handler::End::Left, bytes);
    }
}

void Connection::close()
{
    if (m_closed)
        return;
    m_closed = m_running = true; // whatever the handler calls from ended() finds nothing to do
    m_core.unwatch(*this); // closing alone does not, while a process that was just forked holds the socket too
    m_socket.close();
    leave(nullptr);
    m_core.bury(*this);
}

} // namespace cleat::server
