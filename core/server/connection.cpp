// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/connection.h"

#include "core/server/listenercore.h"
#include "core/server/responsehead.h"

#include <sys/epoll.h>

#include <algorithm>

namespace cleat::server {

namespace {
constexpr int lingerMs = 3000;
constexpr std::size_t keepCapacity = 64U << 10;

std::string refusalResponse(int status, const std::string &text, bool withBody)
{
    std::string wire = plainResponse(status, text + '\n', withBody);
    std::string fields = "Connection: close\r\n";
    if (status == 405)
        fields += "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n";
    wire.insert(wire.find("\r\n") + 2, fields);
    return wire;
}

/// The value of the Host field in a head that nobody has checked; empty when there is none of a plain sort.
std::string_view hostIn(std::string_view data)
{
    for (std::size_t at = data.find("\r\n"); at != std::string_view::npos; at = data.find("\r\n", at + 2)) {
        if (!equalsLower(data.substr(at + 2, 5), "host:"))
            continue;
        std::string_view value = data.substr(at + 7);
        value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
        value = value.substr(0, value.find_first_of("\r\n"));
        const bool plain = value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]") == std::string_view::npos;
        return plain && value.size() <= 256 ? value : std::string_view();
    }
    return {};
}

} // namespace

Connection::Connection(ListenerCore &core, int descriptor)
    : m_core(core),
      m_socket(descriptor, core.tls()),
      m_parser(core.limits()),
      m_client(m_socket.peerAddress()),
      m_idleSince(core.now()),
      m_watched(EPOLLIN | EPOLLRDHUP)
{}

Connection::~Connection() = default;

void Connection::onEvents(std::uint32_t events)
{
    if (m_closed)
        return;
    if ((events & EPOLLERR) != 0 || ((events & EPOLLHUP) != 0 && (events & EPOLLIN) == 0)) {
        gone();
        return;
    }
    if ((events & EPOLLOUT) != 0 && m_socket.readingNeedsOutput()) {
        readSocket();
        if (m_closed)
            return;
    }
    if ((events & EPOLLOUT) != 0 && m_blocked && !m_socket.writingNeedsInput()) {
        m_blocked = false;
        push();
        if (m_closed)
            return;
    }
    if ((events & EPOLLIN) != 0) {
        if (wantsInput())
            readSocket();
    } else if ((events & EPOLLRDHUP) != 0 && !wantsInput()) {
        // The client has gone or finished sending behind input that waits; which of the two, the peer check says.
        m_peerShut = true;
        updateWatch();
        m_core.suspectDeserted();
    }
}

void Connection::readSocket()
{
    std::size_t got = 0;
    const std::span<char> buffer = m_core.buffer();
    const bool waited = m_socket.writingNeedsInput();
    const Socket::Read result = m_socket.read(buffer, got);
    if (waited && !m_socket.writingNeedsInput())
        m_blocked = false;
    switch (result) {
    case Socket::Read::Data:
        if (m_phase == Phase::Open && m_socket.spokePlain() && !m_stop)
            refusePlain({buffer.data(), got});
        else if (m_phase == Phase::Open)
            run({buffer.data(), got});
        break;
    case Socket::Read::Nothing:
        if (waited)
            push();
        else
            updateWatch();
        break;
    case Socket::Read::End:
        m_ended = true;
        if (m_phase == Phase::Lingering) {
            close();
            break;
        }
        inputEnded();
        break;
    case Socket::Read::Broken:
        gone();
        break;
    }
}

/// A client that has shut down its sending side may still want the answers to what it sent completely.
void Connection::inputEnded()
{
    if (m_body == Body::Feeding && !m_raw) {
        gone();
        return;
    }
    if (Exchange *const owner = m_raw ? std::exchange(m_bodyOwner, nullptr) : nullptr) {
        m_body = Body::Draining;
        m_running = true;
        m_core.handler().bodyData(owner->id, {}, true);
        m_running = false;
    }
    m_headSince = 0;
    if (!m_held)
        m_stop = true;
    push();
    if (m_closed)
        return;
    updateWatch();
    m_core.suspectDeserted();
}

void Connection::run(std::string_view data)
{
    m_running = true;
    if (m_input.empty()) {
        const std::size_t used = parse(data);
        if (used < data.size())
            m_input.assign(data.substr(used));
    } else {
        m_input.append(data);
        m_input.erase(0, parse(m_input));
    }
    work();
}

void Connection::push()
{
    if (m_running) {
        m_again = true;
        return;
    }
    m_running = true;
    work();
}

void Connection::work()
{
    do {
        m_again = false;
        advance();
        flush();
        if (m_held && !m_upgrading && !m_broken && m_count < m_core.limits().pipelined) {
            m_held = false;
            m_input.erase(0, parse(m_input));
            if (m_ended && !m_held)
                m_stop = true;
            m_again = true;
        }
    } while (m_again && !m_broken);
    if (m_input.empty() && m_input.capacity() > keepCapacity)
        m_input.shrink_to_fit();
    m_running = false;
    settle();
}

/// Goes as far as it can; returns what it used of `data`.
std::size_t Connection::parse(std::string_view data)
{
    std::size_t at = 0;
    while (!m_stop) {
        const std::string_view rest = data.substr(at);
        if (m_body != Body::None) {
            const std::size_t used = feed(rest);
            at += used;
            if (m_body != Body::None)
                return at;
            continue;
        }
        if (rest.empty())
            return at;
        if (m_upgrading || m_count >= m_core.limits().pipelined || m_core.exchanges().full()) {
            m_held = true;
            return at;
        }
        std::size_t used = 0;
        switch (m_parser.head(rest, m_head, used)) {
        case RequestParser::HeadResult::More:
            if (m_headSince == 0 && used < rest.size())
                m_headSince = m_core.now();
            return at + used;
        case RequestParser::HeadResult::Complete:
            m_headSince = 0;
            at += used;
            at += begin(rest.substr(used));
            break;
        case RequestParser::HeadResult::Refused:
            refuse(m_parser.refusal().status, m_parser.refusal().text, rest.substr(0, used));
            break;
        }
    }
    return data.size();
}

/// A head is complete: makes the exchange and hands it on with what of the body is there. Returns what of `rest` belongs to the body.
std::size_t Connection::begin(std::string_view rest)
{
    Exchange &exchange = m_core.exchanges().add(*this);
    (m_back ? m_back->next : m_front) = &exchange;
    m_back = &exchange;
    if (!m_turn)
        m_turn = &exchange;
    ++m_count;
    exchange.http10 = m_head.minor == 0;
    exchange.headOnly = m_head.head.method == "HEAD";
    exchange.close = !m_head.keepAlive;
    m_lastRequest = !m_head.keepAlive || m_core.closing();
    m_head.head.client = m_client;
    m_head.head.secure = m_socket.secure();
    if (m_head.head.webSocket)
        m_upgrading = &exchange;

    std::string body;
    std::size_t used = 0;
    auto result = ChunkDecoder::Result::Complete;
    m_chunked = m_head.head.body == Head::Body::Chunked;
    if (m_chunked) {
        result = m_parser.chunks(rest, body, used);
    } else if (m_head.head.contentLength != 0) {
        used = static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), m_head.head.contentLength));
        body = rest.substr(0, used);
        m_bodyLeft = m_head.head.contentLength - used;
        if (m_bodyLeft != 0)
            result = ChunkDecoder::Result::More;
    }
    const bool complete = result == ChunkDecoder::Result::Complete;
    if (complete) {
        bodyEnded();
    } else {
        m_body = Body::Feeding;
        m_bodyOwner = &exchange;
        exchange.unread = body.size();
        exchange.owesContinue = m_head.expectContinue && result == ChunkDecoder::Result::More && used == 0;
    }
    m_core.handler().request(exchange.id, std::move(m_head.head), std::move(body), complete);
    if (result == ChunkDecoder::Result::Bad)
        badBody(400, "The chunked request body is malformed");
    else if (result == ChunkDecoder::Result::TooLarge)
        badBody(413, "The request body is larger than the limit of " + std::to_string(m_core.limits().bodyBytes) + " bytes (bodyBytes)");
    return used;
}

void Connection::bodyEnded()
{
    m_body = Body::None;
    m_bodyOwner = nullptr;
    if (m_lastRequest)
        m_stop = true;
}

/// The response to an upgrade has begun, and with it what comes next is known.
void Connection::endUpgrade(const Exchange &exchange)
{
    if (m_upgrading != &exchange)
        return;
    m_upgrading = nullptr;
    m_held = true; // until work() looks at what has come meanwhile
}

/// More of a body, for the handler or for nobody.
std::size_t Connection::feed(std::string_view rest)
{
    std::string piece;
    std::size_t used = 0;
    auto result = ChunkDecoder::Result::More;
    if (m_raw) {
        used = rest.size();
        if (m_body == Body::Feeding)
            piece = rest;
    } else if (m_chunked) {
        result = m_parser.chunks(rest, piece, used);
    } else {
        used = static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), m_bodyLeft));
        m_bodyLeft -= used;
        if (m_body == Body::Feeding)
            piece = rest.substr(0, used);
        if (m_bodyLeft == 0)
            result = ChunkDecoder::Result::Complete;
    }
    m_idleSince = m_core.now();
    Exchange *const owner = m_bodyOwner;
    const bool last = result == ChunkDecoder::Result::Complete;
    if (last)
        bodyEnded();
    if (owner && (last || !piece.empty())) {
        owner->owesContinue = false;
        owner->unread += piece.size();
        m_core.handler().bodyData(owner->id, std::move(piece), last);
    }
    if (result == ChunkDecoder::Result::Bad)
        badBody(400, "The chunked request body is malformed");
    else if (result == ChunkDecoder::Result::TooLarge)
        badBody(413, "The request body is larger than the limit of " + std::to_string(m_core.limits().bodyBytes) + " bytes (bodyBytes)");
    return used;
}

/// Where the next request would begin is not known any more: the exchange ends, and the connection after it.
void Connection::badBody(int status, std::string text)
{
    Exchange *const exchange = m_bodyOwner;
    m_body = Body::None;
    m_bodyOwner = nullptr;
    m_stop = true;
    if (!exchange)
        return;
    exchange->close = true;
    exchange->owesContinue = false;
    switch (exchange->response) {
    case Exchange::Response::Complete:
        return; // ended() says Done when it is written
    case Exchange::Response::Streaming:
        exchange->cut = true;
        break;
    case Exchange::Response::None: {
        queueOf(*exchange).append(refusalResponse(status, text, !exchange->headOnly));
        break;
    }
    }
    exchange->response = Exchange::Response::Complete;
    exchange->over = true;
    m_core.handler().ended(exchange->id, status == 413 ? Handler::End::BodyTooLarge : Handler::End::BadBody, exchange->responseBody);
}

void Connection::refuse(int status, std::string text, std::string_view data)
{
    const RequestLine line = requestLineOf(data);
    m_stop = true;
    m_headSince = 0;
    m_refusal = refusalResponse(status, text, line.method != "HEAD");
    // A copy: what the handler does may lead back here, and send it.
    const std::string response = *m_refusal;
    m_core.handler().refused({status, text, line.method, line.target, data, response});
}

/// The client speaks HTTP where HTTPS is spoken.
void Connection::refusePlain(std::string_view data)
{
    const std::string_view host = hostIn(data);
    refuse(400, "This server speaks HTTPS: open https://" + (host.empty() ? std::string("localhost") : std::string(host)) + requestLineOf(data).target, data);
    push();
}

void Connection::turnAway(std::string reason)
{
    refuse(503, std::move(reason), {});
    push();
}

void Connection::windDown()
{
    if (m_body == Body::None)
        m_stop = true;
    else
        m_lastRequest = true;
    m_headSince = 0;
    push();
}

void Connection::bodyConsumed(Exchange &exchange, std::size_t bytes)
{
    exchange.unread -= std::min(exchange.unread, bytes);
    if (!m_running)
        updateWatch();
}

void Connection::onTick()
{
    const std::int64_t now = m_core.now();
    const Limits &limits = m_core.limits();
    if (m_phase == Phase::Lingering) {
        if (now - m_idleSince >= lingerMs)
            close();
    } else if (m_headSince != 0 && now - m_headSince >= limits.headSeconds * 1000LL) {
        const std::string begun = std::move(m_input);
        m_input.clear();
        refuse(408, "The request head was not complete within " + std::to_string(limits.headSeconds) + " seconds (headSeconds)", begun);
        push();
    } else if (m_headSince == 0 && m_count == 0 && m_out.empty() && now - m_idleSince >= limits.idleSeconds * 1000LL) {
        linger();
    }
}

bool Connection::wantsInput() const
{
    if (m_ended || m_held)
        return false;
    return m_body != Body::Feeding || m_bodyOwner->unread <= m_core.limits().queuedBodyBytes;
}

void Connection::updateWatch()
{
    const bool output = (m_blocked && !m_socket.writingNeedsInput()) || m_socket.readingNeedsOutput();
    std::uint32_t events = output ? static_cast<std::uint32_t>(EPOLLOUT) : 0U;
    if (wantsInput())
        events |= EPOLLIN | EPOLLRDHUP;
    else if (!m_ended && !m_peerShut)
        events |= EPOLLRDHUP;
    if (events == m_watched)
        return;
    m_watched = events;
    m_core.watch(*this, events);
}

} // namespace cleat::server
