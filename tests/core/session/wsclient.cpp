// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/session/wsclient.h"

#include <cstdlib>
#include <vector>

namespace cleat::tests {

std::string maskedFrame(unsigned char first, std::string_view payload)
{
    const std::string_view mask = "\x11\xA2\x33\x07";
    std::string wire(1, static_cast<char>(first));
    if (payload.size() < 126) {
        wire += static_cast<char>(0x80 | payload.size());
    } else {
        const int bytes = payload.size() <= 0xFFFF ? 2 : 8;
        wire += static_cast<char>(bytes == 2 ? 0xFE : 0xFF);
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
            wire += static_cast<char>(payload.size() >> shift);
    }
    wire += mask;
    for (std::size_t i = 0; i < payload.size(); ++i)
        wire += static_cast<char>(payload[i] ^ mask[i & 3]);
    return wire;
}

std::string closePayload(int code, std::string_view reason)
{
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
    return payload.append(reason);
}

WsClient::WsClient(int port, std::string_view target, std::string_view extra) : m_client(port)
{
    std::string fields;
    if (extra.find("Upgrade:") == std::string_view::npos)
        fields += "Upgrade: websocket\r\n";
    if (extra.find("Connection:") == std::string_view::npos)
        fields += "Connection: Upgrade\r\n";
    if (extra.find("Sec-WebSocket-Key:") == std::string_view::npos)
        fields += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    if (extra.find("Sec-WebSocket-Version:") == std::string_view::npos)
        fields += "Sec-WebSocket-Version: 13\r\n";
    m_client.sendRequest("GET", target, fields.append(extra));
    m_head = m_client.receiveSome(30'000, "\r\n\r\n");
    m_status = m_head.size() > 12 ? std::atoi(m_head.c_str() + 9) : 0;
    const std::size_t end = m_head.find("\r\n\r\n");
    if (m_status != 101 || end == std::string::npos)
        return;
    constexpr std::string_view extensions = "\r\nSec-WebSocket-Extensions: ";
    if (const std::size_t at = m_head.find(extensions); at < end) {
        const std::size_t from = at + extensions.size();
        if (const auto agreed = runtime::deflateAgreement(std::string_view(m_head).substr(from, m_head.find("\r\n", from) - from)))
            m_deflate.emplace(runtime::WebSocketDeflate::Side::Client, *agreed);
    }
    std::vector<base::WebSocketReader::Event> events;
    m_reader.read(std::string_view(m_head).substr(end + 4), events);
    m_events.insert(m_events.end(), events.begin(), events.end());
    m_head.resize(end + 4);
}

std::string WsClient::next()
{
    using Kind = base::WebSocketReader::Event::Kind;
    while (m_events.empty()) {
        const std::string bytes = m_client.receiveAny();
        if (bytes.empty())
            return m_client.ended() ? "end" : "nothing";
        std::vector<base::WebSocketReader::Event> events;
        if (m_reader.read(bytes, events) == base::WebSocketReader::State::Failed)
            return "malformed: " + std::string(m_reader.failure());
        m_events.insert(m_events.end(), events.begin(), events.end());
    }
    base::WebSocketReader::Event event = std::move(m_events.front());
    m_events.pop_front();
    m_coding = event.coding;
    if (wasCompressed()) {
        if (!m_deflate)
            return "malformed: compressed, and nobody has agreed on that";
        auto expanded = m_deflate->expand(event.payload, 64U << 20);
        if (expanded.failure != runtime::WebSocketDeflate::Failure::None)
            return "malformed: not compressed as was agreed on";
        event.payload = std::move(expanded.message);
    }
    switch (event.kind) {
    case Kind::Text:
        return "text:" + event.payload;
    case Kind::Binary:
        return "binary:" + event.payload;
    case Kind::Ping:
        return "ping:" + event.payload;
    case Kind::Pong:
        return "pong:" + event.payload;
    case Kind::Close:
        return "close:" + std::to_string(event.code) + " " + event.payload;
    }
    return {};
}

} // namespace cleat::tests
