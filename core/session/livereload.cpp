// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/livereload.h"

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/runtime/websockethandshake.h"
#include "core/server/responsehead.h"
#include "core/session/livereloadscript.h"
#include "core/session/problempage.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <vector>

namespace cleat::session {

using server::HttpServer;

namespace {

constexpr std::size_t mostBytes = 256; // of a message of a page

bool same(std::string_view a, std::string_view lower)
{
    return std::ranges::equal(a, lower, [](unsigned char x, unsigned char y) { return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y; });
}

const std::string *field(const server::Fields &fields, std::string_view lower)
{
    const auto found = std::ranges::find_if(fields, [lower](const auto &one) { return same(one.first, lower); });
    return found == fields.end() ? nullptr : &found->second;
}

bool startsWith(std::string_view text, std::string_view lower)
{
    return text.size() >= lower.size() && same(text.substr(0, lower.size()), lower);
}

std::string textOf(const base::Json &json)
{
    return json.dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

std::string problemText(const base::Error &problem)
{
    return textOf({{"type", "problem"}, {"title", problemTitle(problem)}, {"place", problemPlace(problem)}, {"message", problem.message}});
}

const std::string reloadText = R"({"type":"reload"})";

} // namespace

LiveReload::LiveReload() : m_changedNs(base::steadyNs()) {}

bool LiveReload::isPage(int status, const server::Fields &fields)
{
    const bool shown = (status >= 200 && status < 300 && status != 204 && status != 205 && status != 206) || status >= 400;
    if (!shown)
        return false;
    const std::string *type = field(fields, "content-type");
    if (!type || !startsWith(*type, "text/html") || (type->size() > 9 && type->find_first_of("; \t,", 9) != 9))
        return false;
    std::string parameters = type->substr(9);
    std::ranges::transform(parameters, parameters.begin(), [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    if (parameters.find("utf-16") != std::string::npos || parameters.find("utf-32") != std::string::npos)
        return false;
    const std::string *coding = field(fields, "content-encoding");
    const std::string *disposition = field(fields, "content-disposition");
    return (!coding || coding->empty() || same(*coding, "identity")) && (!disposition || !startsWith(*disposition, "attachment"));
}

bool LiveReload::wantsScript(const server::Head &head)
{
    const std::string *destination = field(head.fields, "sec-fetch-dest");
    return !destination || *destination == "document" || *destination == "iframe" || *destination == "frame";
}

std::string_view LiveReload::script()
{
    return liveReloadScript;
}

bool LiveReload::asks(const server::Head &head)
{
    if (!head.webSocket || std::string_view(head.target).substr(0, head.target.find('?')) != path)
        return false;
    const std::string *wanted = field(head.fields, "sec-websocket-protocol");
    return wanted && *wanted == protocol;
}

void LiveReload::setServer(HttpServer *server)
{
    m_server = server;
    m_sockets.clear();
}

void LiveReload::open(server::ExchangeId exchange, const server::Head &head)
{
    std::string wire;
    if (const auto refusal = runtime::checkWebSocketRequest(head.method, head.fields)) {
        m_server->respond(exchange, server::plainResponse(refusal->status, refusal->text), HttpServer::Connection::Close);
        return;
    }
    server::appendStatusLine(wire, 101);
    for (const auto &[name, value] : runtime::webSocketResponseFields(head.fields, {{"Sec-WebSocket-Protocol", std::string(protocol)}}, std::nullopt))
        server::appendField(wire, name, value);
    wire += "\r\n";
    m_sockets.emplace(exchange, base::WebSocketReader(mostBytes));
    m_server->beginResponse(exchange, std::move(wire), HttpServer::Framing::Raw, HttpServer::Connection::Keep);
}

void LiveReload::received(server::ExchangeId exchange, std::string_view bytes, More more)
{
    const auto found = m_sockets.find(exchange);
    if (found == m_sockets.end())
        return;
    std::vector<base::WebSocketReader::Event> events;
    const auto state = found->second.read(bytes, events);
    const int code = found->second.failureCode();
    const std::string reason(found->second.failure());
    m_server->bodyConsumed(exchange, bytes.size());
    for (const auto &event : events)
        handle(exchange, event); // after each of them it may be gone
    if (state == base::WebSocketReader::State::Failed) {
        std::string frame;
        base::appendWebSocketClose(frame, code, reason);
        sendFrame(exchange, std::move(frame));
    }
    if (m_sockets.contains(exchange) && (more == More::No || state != base::WebSocketReader::State::Open))
        m_server->endResponse(exchange, HttpServer::Finish::Complete);
}

void LiveReload::handle(server::ExchangeId exchange, const base::WebSocketReader::Event &event)
{
    using Kind = base::WebSocketReader::Event::Kind;
    std::string frame;
    switch (event.kind) {
    case Kind::Text: {
        std::uint64_t ageMs = 0;
        const std::string_view text = event.payload;
        if (!text.starts_with("age ") || std::from_chars(text.data() + 4, text.data() + text.size(), ageMs).ec != std::errc{})
            return;
        const std::int64_t sinceMs = (base::steadyNs() - m_changedNs) / 1'000'000;
        if (ageMs > static_cast<std::uint64_t>(std::max<std::int64_t>(sinceMs, 0)))
            send(exchange, reloadText);
        else if (m_problem)
            send(exchange, problemText(*m_problem));
        return;
    }
    case Kind::Ping:
        base::appendWebSocketFrame(frame, base::WebSocketOpcode::Pong, event.payload);
        sendFrame(exchange, std::move(frame));
        return;
    case Kind::Close:
        base::appendWebSocketClose(frame, event.code, event.payload);
        sendFrame(exchange, std::move(frame));
        return;
    case Kind::Binary:
    case Kind::Pong:
        return;
    }
}

void LiveReload::sendFrame(server::ExchangeId exchange, std::string &&frame)
{
    // A page that takes nothing is not waited for: it learns all when it connects again.
    if (m_sockets.contains(exchange) && m_server->sendPiece(exchange, std::move(frame)) == HttpServer::Flow::Wait)
        m_server->endResponse(exchange, HttpServer::Finish::Truncated);
}

void LiveReload::send(server::ExchangeId exchange, const std::string &message)
{
    std::string frame;
    base::appendWebSocketFrame(frame, base::WebSocketOpcode::Text, message);
    sendFrame(exchange, std::move(frame));
}

void LiveReload::sendAll(const std::string &message)
{
    std::vector<server::ExchangeId> all; // sending may end any of them
    for (const auto &[exchange, reader] : m_sockets)
        all.push_back(exchange);
    for (const server::ExchangeId exchange : all)
        send(exchange, message);
}

void LiveReload::changed()
{
    m_changedNs = base::steadyNs();
    sendAll(reloadText);
}

void LiveReload::setProblem(std::optional<base::Error> problem)
{
    if (problem == m_problem)
        return;
    m_problem = std::move(problem);
    sendAll(m_problem ? problemText(*m_problem) : R"({"type":"fine"})");
}

void LiveReload::close(int code, std::string_view reason)
{
    std::vector<server::ExchangeId> all;
    for (const auto &[exchange, reader] : m_sockets)
        all.push_back(exchange);
    for (const server::ExchangeId exchange : all) {
        std::string frame;
        base::appendWebSocketClose(frame, code, reason);
        sendFrame(exchange, std::move(frame));
        if (m_sockets.contains(exchange))
            m_server->endResponse(exchange, HttpServer::Finish::Complete);
    }
}

} // namespace cleat::session
