// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/websocket.h"

#include "core/base/bytes.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace cleat::base {

namespace {

constexpr std::uint8_t continuation = 0;
constexpr std::uint8_t text = 1;
constexpr std::uint8_t binary = 2;
constexpr std::uint8_t close = 8;
constexpr std::uint8_t ping = 9;
constexpr std::uint8_t pong = 10;
constexpr std::size_t maxControlBytes = 125;

std::uint64_t bigEndian(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (const char c : bytes)
        value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

void appendBigEndian(std::string &wire, std::uint64_t value, int bytes)
{
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        wire += static_cast<char>(value >> shift);
}

/// XORs with the mask's bytes, the first with that at `at`.
void applyMask(char *bytes, std::size_t count, const std::uint8_t *mask, std::size_t at)
{
    std::array<std::uint8_t, 8> turned;
    for (std::size_t i = 0; i < turned.size(); ++i)
        turned[i] = mask[(at + i) & 3];
    std::uint64_t wide = 0;
    std::memcpy(&wide, turned.data(), sizeof wide);
    std::size_t i = 0;
    for (; i + sizeof wide <= count; i += sizeof wide) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes + i, sizeof word);
        word ^= wide;
        std::memcpy(bytes + i, &word, sizeof word);
    }
    for (; i < count; ++i)
        bytes[i] = static_cast<char>(static_cast<unsigned char>(bytes[i]) ^ turned[i & 7]);
}

} // namespace

bool isWebSocketCloseCode(int code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

void appendWebSocketFrame(std::string &wire, WebSocketOpcode opcode, std::string_view payload, std::optional<WebSocketMask> mask, WebSocketCoding coding)
{
    const unsigned masked = mask ? 0x80 : 0;
    wire.reserve(wire.size() + payload.size() + 14);
    wire += static_cast<char>(0x80 | (coding == WebSocketCoding::Compressed ? 0x40 : 0) | static_cast<std::uint8_t>(opcode));
    if (payload.size() <= 125) {
        wire += static_cast<char>(masked | payload.size());
    } else if (payload.size() <= 0xFFFF) {
        wire += static_cast<char>(masked | 126);
        appendBigEndian(wire, payload.size(), 2);
    } else {
        wire += static_cast<char>(masked | 127);
        appendBigEndian(wire, payload.size(), 8);
    }
    if (mask)
        wire.append(reinterpret_cast<const char *>(mask->data()), mask->size());
    const std::size_t from = wire.size();
    wire += payload;
    if (mask)
        applyMask(wire.data() + from, payload.size(), mask->data(), 0);
}

void appendWebSocketClose(std::string &wire, int code, std::string_view reason, std::optional<WebSocketMask> mask)
{
    if (code == 1005) {
        appendWebSocketFrame(wire, WebSocketOpcode::Close, {}, mask);
        return;
    }
    std::string payload;
    appendBigEndian(payload, static_cast<std::uint64_t>(code), 2);
    std::size_t bytes = std::min(reason.size(), maxControlBytes - 2);
    while (bytes > 0 && bytes < reason.size() && (static_cast<unsigned char>(reason[bytes]) & 0xC0) == 0x80)
        --bytes; // not in the middle of a character
    payload += reason.substr(0, bytes);
    appendWebSocketFrame(wire, WebSocketOpcode::Close, payload, mask);
}

WebSocketReader::State WebSocketReader::read(std::string_view bytes, std::vector<Event> &out)
{
    while (m_state == State::Open) {
        if (!m_inPayload) {
            if (!header(bytes))
                break;
            startFrame();
            continue;
        }
        payload(bytes);
        if (m_left > 0)
            break;
        endFrame(out);
    }
    return m_state;
}

/// True when the frame's header is there.
bool WebSocketReader::header(std::string_view &bytes)
{
    while (m_header.size() < m_headerBytes) {
        if (bytes.empty())
            return false;
        m_header += bytes.front();
        bytes.remove_prefix(1);
        if (m_header.size() != 2)
            continue;
        // What is wrong already is told before more is waited for.
        const auto first = static_cast<unsigned char>(m_header[0]);
        const auto second = static_cast<unsigned char>(m_header[1]);
        m_final = (first & 0x80) != 0;
        m_opcode = first & 15;
        const std::size_t length = second & 127;
        // In workerd's words, where it looks at the same.
        const bool masked = (second & 0x80) != 0;
        if ((first & 0x30) != 0)
            fail(1002, "Received frame had RSV bits 2 or 3 set");
        else if ((first & 0x40) != 0 && m_compression == Compression::None)
            fail(1002, "Received a WebSocket frame whose compression bit was set, but the compression extension was not negotiated for this connection.");
        else if ((first & 0x40) != 0 && m_opcode != text && m_opcode != binary)
            fail(1002, "Only the first frame of a message may have the compression bit set.");
        else if (m_opcode == binary && m_content == Content::Text)
            fail(1003, "Only text is understood here.");
        else if (m_opcode != continuation && m_opcode != text && m_opcode != binary && m_opcode != close && m_opcode != ping && m_opcode != pong)
            fail(1002, "Unknown opcode " + std::to_string(m_opcode));
        else if (masked != (m_peer == Peer::Client))
            fail(1002, masked ? "A frame of a server must not be masked." : "A frame of a client has to be masked.");
        else if (isControl() && !m_final)
            fail(1002, "Received fragmented control frame");
        else if (isControl() && length > maxControlBytes)
            fail(1002, "A control frame has 125 bytes at most.");
        else if (m_opcode == continuation && !m_fragmented)
            fail(1002, "Unexpected continuation frame");
        else if ((m_opcode == text || m_opcode == binary) && m_fragmented)
            fail(1002, "Missing continuation frame");
        if (m_state != State::Open)
            return true;
        m_headerBytes = 2 + (length == 126 ? 2U : length == 127 ? 8U : 0U) + (masked ? 4U : 0U);
    }
    return true;
}

void WebSocketReader::startFrame()
{
    if (m_state != State::Open)
        return;
    const std::string_view all = m_header;
    m_left = static_cast<unsigned char>(all[1]) & 127;
    const std::size_t maskBytes = m_peer == Peer::Client ? 4 : 0;
    const std::size_t extended = all.size() - 2 - maskBytes;
    if (extended > 0) {
        m_left = bigEndian(all.substr(2, extended));
        if (m_left < (extended == 2 ? 126U : 65536U) || m_left >> 63 != 0) {
            fail(1002, "The length of a frame is not written in the shortest form.");
            return;
        }
    }
    if (!isControl() && m_left > m_maxMessageBytes - std::min(m_maxMessageBytes, m_message.size())) {
        fail(1009, "Message is too large: " + std::to_string(m_message.size() + m_left) + " > " + std::to_string(m_maxMessageBytes));
        return;
    }
    if (maskBytes != 0)
        std::ranges::copy(all.substr(all.size() - maskBytes), reinterpret_cast<char *>(m_mask));
    if (m_opcode == text || m_opcode == binary) {
        m_binary = m_opcode == binary;
        m_coding = (static_cast<unsigned char>(all[0]) & 0x40) != 0 ? WebSocketCoding::Compressed : WebSocketCoding::Plain;
    }
    m_maskAt = 0;
    m_inPayload = true;
}

void WebSocketReader::payload(std::string_view &bytes)
{
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, bytes.size()));
    std::string &into = isControl() ? m_control : m_message;
    const std::size_t from = into.size();
    into += bytes.substr(0, count);
    if (m_peer == Peer::Client)
        applyMask(into.data() + from, count, m_mask, m_maskAt);
    m_maskAt += count;
    bytes.remove_prefix(count);
    m_left -= count;
}

void WebSocketReader::endFrame(std::vector<Event> &out)
{
    m_inPayload = false;
    m_header.clear();
    m_headerBytes = 2;
    switch (m_opcode) {
    case close:
        closeFrame(out);
        return;
    case ping:
        out.push_back({Event::Kind::Ping, std::exchange(m_control, {}), 0});
        return;
    case pong:
        out.push_back({Event::Kind::Pong, std::exchange(m_control, {}), 0});
        return;
    default: // a message, or more of it
        break;
    }
    m_fragmented = !m_final;
    if (!m_final)
        return;
    if (m_binary) {
        out.push_back({Event::Kind::Binary, std::exchange(m_message, {}), 0, m_coding});
        return;
    }
    if (m_coding == WebSocketCoding::Plain && !isUtf8(m_message)) {
        fail(1007, "A text message is not UTF-8.");
        return;
    }
    out.push_back({Event::Kind::Text, std::exchange(m_message, {}), 0, m_coding});
}

void WebSocketReader::closeFrame(std::vector<Event> &out)
{
    if (m_control.size() == 1) {
        fail(1002, "A close frame has no whole code.");
        return;
    }
    const int code = m_control.empty() ? 1005 : static_cast<int>(bigEndian(std::string_view(m_control).substr(0, 2)));
    const std::string reason = m_control.size() < 2 ? std::string() : m_control.substr(2);
    if (!m_control.empty() && !isWebSocketCloseCode(code)) {
        fail(1002, "A close frame may not have that code.");
        return;
    }
    if (!isUtf8(reason)) {
        fail(1007, "The reason of a close frame is not UTF-8.");
        return;
    }
    m_state = State::Closed;
    out.push_back({Event::Kind::Close, reason, code});
}

void WebSocketReader::fail(int code, std::string_view reason)
{
    m_state = State::Failed;
    m_failureCode = code;
    m_failure = reason;
    m_message = {};
}

} // namespace cleat::base
