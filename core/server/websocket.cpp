// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/websocket.h"

#include "core/base/bytes.h"

#include <algorithm>
#include <utility>

namespace cleat::server {

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

} // namespace

bool isWebSocketCloseCode(int code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

void appendWebSocketFrame(std::string &wire, WebSocketOpcode opcode, std::string_view payload)
{
    wire += static_cast<char>(0x80 | static_cast<std::uint8_t>(opcode));
    if (payload.size() <= 125) {
        wire += static_cast<char>(payload.size());
    } else if (payload.size() <= 0xFFFF) {
        wire += static_cast<char>(126);
        appendBigEndian(wire, payload.size(), 2);
    } else {
        wire += static_cast<char>(127);
        appendBigEndian(wire, payload.size(), 8);
    }
    wire += payload;
}

void appendWebSocketClose(std::string &wire, int code, std::string_view reason)
{
    std::string payload;
    appendBigEndian(payload, static_cast<std::uint64_t>(code), 2);
    std::size_t bytes = std::min(reason.size(), maxControlBytes - 2);
    while (bytes > 0 && bytes < reason.size() && (static_cast<unsigned char>(reason[bytes]) & 0xC0) == 0x80)
        --bytes; // not in the middle of a character
    payload += reason.substr(0, bytes);
    appendWebSocketFrame(wire, WebSocketOpcode::Close, payload);
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
        if ((first & 0x70) != 0)
            fail(1002, "A reserved bit is set.");
        else if (m_opcode == binary)
            fail(1003, "Only text is understood here.");
        else if (m_opcode != continuation && m_opcode != text && m_opcode != close && m_opcode != ping && m_opcode != pong)
            fail(1002, "There is no such opcode.");
        else if ((second & 0x80) == 0)
            fail(1002, "A frame of a client has to be masked.");
        else if (isControl() && (!m_final || length > maxControlBytes))
            fail(1002, "A control frame is whole and has 125 bytes at most.");
        else if (m_opcode == continuation && !m_fragmented)
            fail(1002, "There is nothing to continue.");
        else if (m_opcode == text && m_fragmented)
            fail(1002, "The message before is not complete.");
        if (m_state != State::Open)
            return true;
        m_headerBytes = 2 + (length == 126 ? 2U : length == 127 ? 8U : 0U) + 4;
    }
    return true;
}

void WebSocketReader::startFrame()
{
    if (m_state != State::Open)
        return;
    const std::string_view all = m_header;
    m_left = static_cast<unsigned char>(all[1]) & 127;
    const std::size_t extended = all.size() - 6;
    if (extended > 0) {
        m_left = bigEndian(all.substr(2, extended));
        if (m_left < (extended == 2 ? 126U : 65536U) || m_left >> 63 != 0) {
            fail(1002, "The length of a frame is not written in the shortest form.");
            return;
        }
    }
    if (!isControl() && m_left > m_maxMessageBytes - std::min(m_maxMessageBytes, m_message.size())) {
        fail(1009, "A message may have " + std::to_string(m_maxMessageBytes) + " bytes at most.");
        return;
    }
    std::ranges::copy(all.substr(all.size() - 4), reinterpret_cast<char *>(m_mask));
    m_maskAt = 0;
    m_inPayload = true;
}

void WebSocketReader::payload(std::string_view &bytes)
{
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(m_left, bytes.size()));
    std::string &into = isControl() ? m_control : m_message;
    const std::size_t from = into.size();
    into += bytes.substr(0, count);
    for (std::size_t i = from; i < into.size(); ++i)
        into[i] = static_cast<char>(static_cast<unsigned char>(into[i]) ^ m_mask[m_maskAt++ & 3]);
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
    default: // text, or more of it
        break;
    }
    m_fragmented = !m_final;
    if (!m_final)
        return;
    if (!base::isUtf8(m_message)) {
        fail(1007, "A text message is not UTF-8.");
        return;
    }
    out.push_back({Event::Kind::Text, std::exchange(m_message, {}), 0});
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
    if (!base::isUtf8(reason)) {
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

} // namespace cleat::server
