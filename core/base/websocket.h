// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::base {

/// Whether the payload of a message is compressed.
enum class WebSocketCoding : std::uint8_t { Plain, Compressed };

/// The reading side of one WebSocket (RFC 6455). Strict: what the RFC forbids the other side ends it. The same bytes give the same result however they are
/// cut into pieces.
class WebSocketReader final
{
public:
    enum class Peer : std::uint8_t {
        Client, ///< masks its frames
        Server ///< must not
    };
    enum class Content : std::uint8_t { Text, TextAndBinary };
    enum class Compression : std::uint8_t {
        None,
        PerMessage ///< messages may be marked as compressed (RFC 7692 section 6); what is in them is the caller's business
    };
    explicit WebSocketReader(std::size_t maxMessageBytes, Peer peer = Peer::Client, Content content = Content::Text, Compression compression = Compression::None)
        : m_maxMessageBytes(maxMessageBytes), m_peer(peer), m_content(content), m_compression(compression)
    {
    }

    struct Event {
        enum class Kind { Text, Binary, Ping, Pong, Close };
        Kind kind = Kind::Text;
        std::string payload; ///< of Close: the reason
        int code = 0; ///< of Close: 1005 when none was given
        WebSocketCoding coding = WebSocketCoding::Plain; ///< of a message. A compressed text is not known to be UTF-8
        bool operator==(const Event &) const = default;
    };
    enum class State { Open, Closed, Failed };
    /// Appends what has become complete. After Closed and Failed nothing is read any more.
    State read(std::string_view bytes, std::vector<Event> &out);
    State state() const { return m_state; }
    /// When Failed: the code and reason to close with.
    int failureCode() const { return m_failureCode; }
    std::string_view failure() const { return m_failure; }

private:
    bool header(std::string_view &bytes);
    void startFrame();
    void payload(std::string_view &bytes);
    void endFrame(std::vector<Event> &out);
    void closeFrame(std::vector<Event> &out);
    void fail(int code, std::string_view reason);
    bool isControl() const { return (m_opcode & 8) != 0; }

    const std::size_t m_maxMessageBytes;
    const Peer m_peer;
    const Content m_content;
    const Compression m_compression;
    State m_state = State::Open;
    int m_failureCode = 0;
    std::string m_failure;
    std::string m_header;
    std::size_t m_headerBytes = 2; ///< of this frame, as far as they are known
    bool m_inPayload = false;
    bool m_final = false;
    std::uint8_t m_opcode = 0;
    std::uint64_t m_left = 0; ///< of the frame's payload
    std::uint8_t m_mask[4] = {};
    std::size_t m_maskAt = 0;
    bool m_fragmented = false; ///< a message has begun and is not complete
    bool m_binary = false; ///< the message that is read
    WebSocketCoding m_coding = WebSocketCoding::Plain; ///< the same
    std::string m_message;
    std::string m_control;
};

enum class WebSocketOpcode : std::uint8_t { Text = 1, Binary = 2, Close = 8, Ping = 9, Pong = 10 };
/// The key that a client's frame is masked with: four bytes that nobody can guess.
using WebSocketMask = std::array<std::uint8_t, 4>;
/// Appends one whole frame: of a server, or with a mask of a client.
void appendWebSocketFrame(std::string &wire, WebSocketOpcode opcode, std::string_view payload, std::optional<WebSocketMask> mask = {}, WebSocketCoding coding = WebSocketCoding::Plain);
/// Appends a close frame; `reason` is cut to what one holds.
/// Code 1005: one without code and reason.
void appendWebSocketClose(std::string &wire, int code, std::string_view reason, std::optional<WebSocketMask> mask = {});
/// Whether a close frame may carry the code (RFC 6455 section 7.4).
bool isWebSocketCloseCode(int code);

} // namespace cleat::base
