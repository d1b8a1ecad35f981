// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/websocket.h"
#include "core/runtime/websocketdeflate.h"
#include "tests/core/session/client.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::tests {

/// A frame of a client: its first byte, and its payload under a mask.
std::string maskedFrame(unsigned char first, std::string_view payload);
/// The payload of a close frame.
std::string closePayload(int code, std::string_view reason = {});

/// A client of a WebSocket that sends what it is told, also what is none. Blocking, with an end to every wait.
class WsClient final
{
public:
    /// Connects and asks; `extra`: more field lines.
    WsClient(int port, std::string_view target, std::string_view extra = {});

    int status() const { return m_status; } ///< 0: nothing came
    const std::string &head() const { return m_head; } ///< with the empty line; a body behind it, when it was no 101
    void send(std::string_view bytes) { m_client.send(bytes); }
    void text(std::string_view message) { send(maskedFrame(0x81, message)); }
    /// The next message, pong or close as "text:...", "binary:...", "pong:...", "close:CODE REASON"; "end" when the connection ended, "nothing" when nothing came.
    std::string next();
    /// Whether the message that next() gave came compressed.
    bool wasCompressed() const { return m_coding == base::WebSocketCoding::Compressed; }
    /// Sends it compressed, as was agreed on.
    void compressed(std::string_view message) { send(maskedFrame(0xC1, *m_deflate->compress(message))); }
    Client &client() { return m_client; }

private:
    Client m_client;
    base::WebSocketReader m_reader{64U << 20, base::WebSocketReader::Peer::Server, base::WebSocketReader::Content::TextAndBinary,
        base::WebSocketReader::Compression::PerMessage};
    std::optional<runtime::WebSocketDeflate> m_deflate; ///< when it was agreed on
    base::WebSocketCoding m_coding = base::WebSocketCoding::Plain;
    std::deque<base::WebSocketReader::Event> m_events;
    std::string m_head;
    int m_status = 0;
};

} // namespace cleat::tests
