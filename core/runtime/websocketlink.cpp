// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/websocketlink.h"

#include "core/base/bytes.h"
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

WebSocketLink::WebSocketLink(Side sideToBe, events::RequestId forRequest, std::weak_ptr<Realm> ofRealm, std::string hostName, const std::optional<DeflateParameters> &deflate)
    : side(sideToBe), request(forRequest), realm(std::move(ofRealm)), host(std::move(hostName)),
      m_reader(maxMessageBytes, sideToBe == Side::Server ? Reader::Peer::Client : Reader::Peer::Server, Reader::Content::TextAndBinary,
          deflate ? Reader::Compression::PerMessage : Reader::Compression::None)
{
    if (deflate)
        m_deflate.emplace(sideToBe == Side::Server ? WebSocketDeflate::Side::Server : WebSocketDeflate::Side::Client, *deflate);
}

void WebSocketLink::failed(int code, std::string_view why)
{
    m_broken = true;
    items.push_back({Item::Kind::Failed, std::string(why), code});
}

void WebSocketLink::message(Item::Kind kind, std::string &&payload, base::WebSocketCoding coding)
{
    if (coding == base::WebSocketCoding::Plain) {
        items.push_back({kind, std::move(payload), 0});
        return;
    }
    WebSocketDeflate::Expanded expanded = m_deflate->expand(payload, maxMessageBytes);
    switch (expanded.failure) {
    case WebSocketDeflate::Failure::Invalid:
        failed(1002, "Invalid compressed data");
        return;
    case WebSocketDeflate::Failure::TooLarge:
        failed(1009, "Message is too large");
        return;
    case WebSocketDeflate::Failure::None:
        break;
    }
    if (kind == Item::Kind::Text && !base::isUtf8(expanded.message))
        failed(1007, "A text message is not UTF-8.");
    else
        items.push_back({kind, std::move(expanded.message), 0});
}

void WebSocketLink::read(std::string_view bytes, std::string &reply)
{
    if (m_reader.state() != Reader::State::Open || m_broken)
        return;
    std::vector<Reader::Event> events;
    const Reader::State state = m_reader.read(bytes, events);
    std::optional<std::string> ping;
    for (Reader::Event &event : events) {
        if (m_broken)
            break;
        switch (event.kind) {
        case Reader::Event::Kind::Text:
            message(Item::Kind::Text, std::move(event.payload), event.coding);
            break;
        case Reader::Event::Kind::Binary:
            message(Item::Kind::Binary, std::move(event.payload), event.coding);
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
    if (state == Reader::State::Failed && !m_broken)
        failed(m_reader.failureCode(), m_reader.failure());
}

void WebSocketLink::lost()
{
    if (!std::exchange(m_lost, true))
        items.push_back({Item::Kind::Lost, {}, 0});
}

std::string WebSocketLink::frame(base::WebSocketOpcode opcode, std::string_view payload)
{
    std::string wire;
    const bool isMessage = opcode == base::WebSocketOpcode::Text || opcode == base::WebSocketOpcode::Binary;
    const auto compressed = m_deflate && isMessage ? m_deflate->compress(payload) : std::nullopt;
    base::appendWebSocketFrame(wire, opcode, compressed ? std::string_view(*compressed) : payload, maskOf(side),
        compressed ? base::WebSocketCoding::Compressed : base::WebSocketCoding::Plain);
    return wire;
}

std::string WebSocketLink::closeFrame(int code, std::string_view reason) const
{
    std::string wire;
    base::appendWebSocketClose(wire, code, reason, maskOf(side));
    return wire;
}

} // namespace cleat::runtime
