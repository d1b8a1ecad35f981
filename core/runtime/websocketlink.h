// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/websocket.h"
#include "core/events/event.h"
#include "core/runtime/websocketdeflate.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::runtime {

class Realm;

/// A WebSocket that leaves the Worker, as the Worker's thread has it: frames in both directions, and what has come and waits for the code. It moves no bytes
/// itself and knows nothing of V8.
class WebSocketLink final
{
public:
    enum class Side {
        Server, ///< of a request of the site; has that request's number
        Client ///< of a fetch or a `new WebSocket`; has that fetch's number
    };
    /// `deflate`: what was agreed on about compression; nothing: there is none.
    WebSocketLink(Side side, events::RequestId request, std::weak_ptr<Realm> realm, std::string host, const std::optional<DeflateParameters> &deflate);

    struct Item {
        enum class Kind {
            Text,
            Binary,
            Close, ///< the other side's; `payload` is the reason
            Failed, ///< the other side does not keep to the protocol; `payload` says how
            Lost ///< the connection is gone
        };
        Kind kind = Kind::Lost;
        std::string payload;
        int code = 0;
    };

    /// Bytes of the other side. What is to be sent at once because of them is appended to `reply`.
    void read(std::string_view bytes, std::string &reply);
    /// Nothing more will come.
    void lost();
    bool isLost() const { return m_lost; }
    std::string frame(base::WebSocketOpcode opcode, std::string_view payload);
    std::string closeFrame(int code, std::string_view reason) const;

    const Side side;
    const events::RequestId request; ///< on whose behalf
    const std::weak_ptr<Realm> realm; ///< whose code has it
    const std::string host; ///< of a client's: where it is connected to
    std::deque<Item> items; ///< for the code
    std::size_t uncredited = 0; ///< bytes that came and were not given back yet
    bool delivering = false;
    bool held = false; ///< the code does not take anything now

    /// What the log is told: the first messages one by one, of the others how many.
    static constexpr std::uint64_t mostTold = 1000;
    std::uint64_t told = 0;
    std::uint64_t untold = 0;
    std::uint64_t untoldBytes = 0;
    std::uint32_t span = 0; ///< of the message that is delivered; 0: none, or it is not told

private:
    void message(Item::Kind kind, std::string &&payload, base::WebSocketCoding coding);
    void failed(int code, std::string_view why);

    base::WebSocketReader m_reader;
    std::optional<WebSocketDeflate> m_deflate;
    bool m_broken = false; ///< the other side has broken the protocol: nothing of it is read any more
    bool m_lost = false;
};

} // namespace cleat::runtime
