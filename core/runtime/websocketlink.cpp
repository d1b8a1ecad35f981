// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/websocketlink.h"

#include "core/runtime/websockethandshake.h"

#include <optional>
#include <utility>
#include <vector>

namespace cleat::runtime {

namespace {

constexpr std::size_t maxMessageBytes = 32U << 20; // workerd's

using Reader = base::WebSocketReader;

std::optional<base::WebSocketMask> maskOf(WebSocketLink::Side side)
{
    return side == WebSocketLink::Side::Client ? std::optional(webSocketMask()) : std::nullopt;
}

} // namespace

WebSocketLink::WebSocketLink(Side sideToBe, events::RequestId forRequest, std::weak_ptr<Realm> ofRealm, std::string hostName)
    : side(sideToBe), request(forRequest), realm(std::move(ofRealm)), host(std::move(hostName)),
      m_reader(maxMessageBytes, sideToBe == Side::Server ? Reader::Peer::Client : Reader::Peer::Server, Reader::Content::TextAndBinary)
{
}

void WebSocketLink::read(std::string_view bytes, std::string &reply)
{
    if (m_reader.state() != Reader::State::Open)
        return;
    std::vector<Reader::Event> events;
    const Reader::State state = m_reader.read(bytes, events);
    std::optional<std::string> ping;
    for (Reader::Event &event : events) {
        switch (event.kind) {
        case Reader::Event::Kind::Text:
            items.push_back({Item::Kind::Text, std::move(event.payload), 0});
            break;
        case Reader::Event::Kind::Binary:
            items.push_back({Item::Kind::Binary, std::move(event.payload), 0});
            break;
        case Reader::Event::Kind::Ping:
            ping = std::move(event.payload);
            break;
        case Reader::Event::Kind::Pong:
            break;
        case Reader::Event::Kind::Close:
            items.push_back({Item::Kind::Close, std::move(event.payload), event.code});
            break;
        }
    }
    if (ping) // of several, only the last needs an answer (RFC 6455 section 5.5.3)
        reply += frame(base::WebSocketOpcode::Pong, *ping);
    if (state == Reader::State::Failed)
        items.push_back({Item::Kind::Failed, std::string(m_reader.failure()), m_reader.failureCode()});
}

void WebSocketLink::lost()
{
    if (!std::exchange(m_lost, true))
        items.push_back({Item::Kind::Lost, {}, 0});
}

std::string WebSocketLink::frame(base::WebSocketOpcode opcode, std::string_view payload) const
{
    std::string wire;
    base::appendWebSocketFrame(wire, opcode, payload, maskOf(side));
    return wire;
}

std::string WebSocketLink::closeFrame(int code, std::string_view reason) const
{
    std::string wire;
    base::appendWebSocketClose(wire, code, reason, maskOf(side));
    return wire;
}

} // namespace cleat::runtime
