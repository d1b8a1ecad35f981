// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/exchange.h"
#include "core/server/requestparser.h"
#include "core/server/socket.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::server {

class ListenerCore;

/// One client: bytes in, exchanges, bytes out in the order of the requests.
///
/// Calls to the handler may lead back into any function here. So nothing is closed or written while m_running is set; work() does it when the
/// handler has returned.
class Connection final
{
public:
    Connection(ListenerCore &core, int descriptor);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    // From the listener
    void onEvents(std::uint32_t events);
    void onTick();
    /// No more requests; closes as soon as those under way are answered.
    void windDown();
    /// One connection too many: says so and closes.
    void turnAway(std::string reason);
    /// The client is not there any more.
    void gone();
    /// The client may have left without the socket showing it: it has finished sending, or its goodbye waits behind input that is not read now.
    bool mayBeDeserted() const { return !m_closed && m_phase == Phase::Open && (m_peerShut || !wantsInput()); }
    std::uint32_t watched() const { return m_watched; }
    int descriptor() const { return m_socket.descriptor(); }
    std::size_t index() const { return m_index; }
    void setIndex(std::size_t index) { m_index = index; }

    // From the handler
    void respond(Exchange &exchange, std::string &&wire, HttpServer::Connection connection);
    void beginResponse(Exchange &exchange, std::string &&head, HttpServer::Framing framing, HttpServer::Connection connection);
    HttpServer::Flow sendPiece(Exchange &exchange, std::string &&piece);
    void endResponse(Exchange &exchange, HttpServer::Finish finish);
    void bodyConsumed(Exchange &exchange, std::size_t bytes);

private:
    enum class Body { None, Feeding, Draining };
    enum class Phase { Open, Lingering };

    // connection.cpp: input
    void readSocket();
    void run(std::string_view data);
    void work();
    std::size_t parse(std::string_view data);
    std::size_t begin(std::string_view rest);
    std::size_t feed(std::string_view rest);
    void bodyEnded();
    void endUpgrade(const Exchange &exchange);
    void badBody(int status, std::string text);
    void refuse(int status, std::string text, std::string_view data);
    void refusePlain(std::string_view data);
    void inputEnded();
    bool wantsInput() const;
    void updateWatch();

    // connectionoutput.cpp: output
    /// Brings what the handler has done to the socket and settles what follows from it; while the handler is being called that waits until work() is
    /// at that point.
    void push();
    void advance();
    void flush();
    void release();
    void settle();
    void linger();
    void close();
    /// Ends the exchanges behind `last`; all, when that is nullptr.
    void leave(Exchange *last);
    OutQueue &queueOf(Exchange &exchange) { return &exchange == m_turn ? m_out : exchange.pending; }
    void frameHead(Exchange &exchange, std::string &head, HttpServer::Connection connection) const;

    ListenerCore &m_core;
    Socket m_socket;
    RequestParser m_parser;
    ParsedHead m_head;
    std::string m_client;
    std::string m_input; ///< what was read and not parsed yet
    OutQueue m_out;
    std::uint64_t m_written = 0; ///< bytes of m_out that are with the system, over the connection's life
    std::optional<std::string> m_refusal; ///< what is sent after all exchanges
    std::size_t m_index = 0;

    Exchange *m_front = nullptr; ///< oldest; exchanges before m_turn are complete and on their way out
    Exchange *m_back = nullptr;
    Exchange *m_turn = nullptr; ///< the one whose bytes go straight to m_out
    int m_count = 0;
    const Exchange *m_upgrading = nullptr; ///< what follows its head may be no HTTP; the response will tell

    Exchange *m_bodyOwner = nullptr; ///< while Feeding
    std::uint64_t m_bodyLeft = 0; ///< of a sized body
    std::int64_t m_headSince = 0; ///< 0: no head is begun
    std::int64_t m_idleSince = 0;
    std::uint32_t m_watched;
    Body m_body = Body::None;
    Phase m_phase = Phase::Open;
    bool m_chunked = false;
    bool m_raw = false; ///< the body has no end but the connection's
    bool m_running = false;
    bool m_again = false; ///< run() has to go round once more
    bool m_held = false; ///< input waits because too many requests are under way
    bool m_blocked = false; ///< the system takes no more output
    bool m_ended = false; ///< the client sends nothing more
    bool m_peerShut = false; ///< nor will it after what waits in the system
    bool m_lastRequest = false; ///< no further request after the one whose body is read
    bool m_stop = false; ///< what comes in is not looked at any more
    bool m_reset = false; ///< the last response is cut, and only a reset can tell
    bool m_broken = false;
    bool m_closed = false;
};

} // namespace cleat::server
