// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/httpserver.h"
#include "core/server/outqueue.h"

#include <cstdint>
#include <deque>
#include <vector>

namespace cleat::server {

class Connection;

/// A request of a connection and its response, from the parsed head until the response's last byte is with the system.
struct Exchange {
    enum class Response : std::uint8_t { None, Streaming, Complete };

    ExchangeId id = 0; ///< 0: the slot is free
    Connection *connection = nullptr;
    Exchange *next = nullptr; ///< the request after it on the same connection
    OutQueue pending; ///< response bytes, while responses before it are not complete
    std::uint64_t endsAt = 0; ///< where the complete response ends in the connection's output
    std::uint64_t responseBody = 0; ///< body bytes taken from the handler
    std::uint64_t promised = 0; ///< body bytes still to come of a Sized response
    std::size_t unread = 0; ///< request body bytes that the handler has and did not give back yet
    Response response = Response::None;
    HttpServer::Framing framing = HttpServer::Framing::None;
    bool http10 = false;
    bool headOnly = false; ///< HEAD
    bool close = false; ///< the connection ends with this response
    bool cut = false; ///< the response is known to be incomplete
    bool untilClose = false; ///< only the end of the connection ends the response
    bool over = false; ///< the handler was told that it ended
    bool owesContinue = false;
    bool waiting = false; ///< the producer was told Wait
};

/// All exchanges of a listener. An id is the slot's number and how often the slot was used, so that a lookup is one comparison; a slot whose count
/// runs out is not used again.
class ExchangeTable final
{
public:
    Exchange &add(Connection &connection);
    /// nullptr when the exchange is over (or never was).
    Exchange *find(ExchangeId id)
    {
        const std::size_t slot = id & slotMask;
        if (slot >= m_slots.size())
            return nullptr;
        Exchange &exchange = m_slots[slot];
        return exchange.id == id && id != 0 && !exchange.over ? &exchange : nullptr;
    }
    void remove(Exchange &exchange);
    bool full() const { return m_free.empty() && m_slots.size() > slotMask; }

private:
    static constexpr int slotBits = 22;
    static constexpr std::uint64_t slotMask = (1ULL << slotBits) - 1;

    std::deque<Exchange> m_slots;
    std::vector<ExchangeId> m_free; ///< the ids that the free slots get next
};

} // namespace cleat::server
