// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::tests {

/// A debugger: the inspector protocol over a WebSocket, or whatever else a test puts on the wire. Blocking, with an end to every wait; any one thread.
class DebugClient final
{
public:
    using Json = nlohmann::json;

    /// Connects and shakes hands. `extra`: more field lines, each with \r\n at its end.
    DebugClient(int port, const std::string &path, const std::string &extra = {}, const std::string &host = "127.0.0.1");
    ~DebugClient();
    DebugClient(const DebugClient &) = delete;
    DebugClient &operator=(const DebugClient &) = delete;

    bool open() const { return m_status == 101; }
    /// Of the answer to the handshake; 0: none.
    int status() const { return m_status; }

    /// Sends a message; its id.
    int send(const std::string &method, const Json &params = Json::object());
    /// The answer to it: its result, or {"error": ...}. Null when none comes. Notifications that come before are kept.
    Json answerTo(int id);
    Json call(const std::string &method, const Json &params = Json::object()) { return answerTo(send(method, params)); }
    /// The params of the next notification of this kind, kept ones first; null when none comes.
    Json next(const std::string &method);
    /// Whether one of this kind was kept, without waiting.
    bool has(const std::string &method) const;

    /// A frame with this first byte (0x81: a whole text), masked, or bytes as they are.
    void sendFrame(unsigned char first, std::string_view payload);
    void sendBytes(std::string_view bytes);
    /// The code with which the other side closes; 0 when the connection ends without one, nullopt when it does not end.
    std::optional<int> closeCode();
    /// The payload of the next pong.
    std::optional<std::string> pong();
    /// As a program that is killed: no close frame.
    void vanish();

private:
    struct Frame {
        int opcode = 0;
        std::string payload;
    };
    bool fill();
    std::optional<Frame> frame();
    std::optional<Json> message();

    int m_socket = -1;
    int m_status = 0;
    int m_lastId = 0;
    std::string m_in;
    std::deque<Json> m_kept;
};

} // namespace cleat::tests
