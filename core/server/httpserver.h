// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QObject>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::server {

class TlsContext;

/// Limits of the listener, each with the status that a request over it gets.
struct Limits {
    std::size_t targetBytes = 16U << 10; ///< 414
    std::size_t headBytes = 128U << 10; ///< request line and fields together: 431
    std::size_t fields = 256; ///< 431
    std::uint64_t bodyBytes = 100ULL << 20; ///< 413 (Pages' own limit for a request body)
    int pipelined = 64; ///< requests of one connection that wait for their turn; reading pauses beyond it
    std::size_t queuedBodyBytes = 256U << 10; ///< request body held for a slow reader before reading from the socket pauses
    std::size_t queuedResponseBytes = 1U << 20; ///< response body held for a slow client before the producer is told to wait
    int headSeconds = 30; ///< 408 and close when a started head is not complete by then
    int idleSeconds = 75; ///< a kept-alive connection with nothing to do is closed
    int connections = 4096;
};

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Names one request of one connection. Never used twice by a listener.
using ExchangeId = std::uint64_t;

struct Head {
    std::string method;
    std::string target; ///< origin-form, path and query as received; absolute-form is reduced to it
    std::string host; ///< Host field, or the authority of an absolute-form target
    Fields fields; ///< names as received
    enum class Body { None, Sized, Chunked };
    Body body = Body::None;
    std::uint64_t contentLength = 0; ///< when Sized
    std::string client; ///< address of the peer
    bool secure = false; ///< came over TLS
    /// Asks for the WebSocket protocol (RFC 6455 section 4.1). What the client sends behind such a head is not looked at before the response has begun.
    bool webSocket = false;
};

/// What answers requests. Every member is called on the listener's thread and must return at once.
class Handler
{
public:
    virtual ~Handler() = default;
    /// A head was read. Answer through HttpServer::respond or ::beginResponse, now or later. `body` is what of the body has come
    /// with the head already; when it is all of it, `complete` is true and bodyData is not called for this exchange.
    virtual void request(ExchangeId exchange, Head &&head, std::string &&body, bool complete) = 0;
    /// More of a request body. `last`: that was all (the piece may be empty). The listener pauses reading when more than Limits::queuedBodyBytes are
    /// out; give them back with HttpServer::bodyConsumed.
    virtual void bodyData(ExchangeId exchange, std::string &&piece, bool last) = 0;
    /// The exchange is over: Done, the whole response was written to the socket; Left, the client went before; BadBody and BodyTooLarge, the request body was malformed
    /// or too large (a response may still be under way; when none was begun the listener answers 400 or 413 itself).
    /// Left is also how a response ends that was cut: Finish::Truncated, or a Sized one that ended before its length. `responseBytes` counts the body bytes
    /// taken from the handler, without framing. Not called for what is open when the listener is destroyed.
    enum class End { Done, Left, BadBody, BodyTooLarge };
    virtual void ended(ExchangeId exchange, End end, std::uint64_t responseBytes) = 0;
    /// The client took what was queued: a producer that was told Wait may go on.
    virtual void writable(ExchangeId exchange) = 0;
    /// A request that never became an exchange: malformed, too large, timed out.
    struct Refused {
        int status = 0;
        std::string_view reason;
        std::string_view method;
        std::string_view target;
        std::string_view received; ///< what has come of it, as it is
        std::string_view response; ///< what the client is sent, head and body
    };
    virtual void refused(const Refused &request) = 0;
};

/// An HTTP/1.1 listener on sockets of its own: keep-alive, pipelining, chunked both ways, HEAD, Expect: 100-continue. Lives on the thread that created it.
/// Answers of one connection leave in the order of its requests.
class HttpServer final : public QObject
{
    Q_OBJECT
public:
    HttpServer(Handler &handler, Limits limits, QObject *parent = nullptr);
    ~HttpServer() override;

    /// Connections that come from now on speak TLS.
    void setTls(std::shared_ptr<const TlsContext> tls);
    /// Codes: server.port-in-use, server.address, server.denied. `ip` "localhost" listens on 127.0.0.1 and, where there is IPv6, ::1; "*" on all there are. Port 0 takes any.
    base::Result<void> listen(const std::string &ip, int port);
    int port() const;
    /// Stops accepting; connections close when their exchanges are done.
    void close();
    bool idle() const;

    /// A whole response, ready to send: status line, fields and body in one string as it goes on the wire (the caller made it with
    /// core/server/responsehead.h, with Content-Length). For HEAD the caller leaves the body out. The Connection field is added here and in beginResponse,
    /// when there is none and the client needs one (the connection closes, or the client speaks HTTP/1.0).
    enum class Connection { Keep, Close };
    void respond(ExchangeId exchange, std::string &&wire, Connection connection);

    /// A response in pieces. `head` is the wire form of status line and fields, with either Content-Length or Transfer-Encoding: chunked among them;
    /// Framing says which, so that pieces are framed here. Raw is for a head that ends HTTP on the connection (101), for a request with Head::webSocket: pieces go out
    /// as they are, and what the client sends comes by Handler::bodyData, without a limit, until the client has finished sending (`last`). The connection ends
    /// with the response.
    enum class Framing { Sized, Chunked, None, Raw };
    void beginResponse(ExchangeId exchange, std::string &&head, Framing framing, Connection connection);
    enum class Flow { Go, Wait };
    Flow sendPiece(ExchangeId exchange, std::string &&piece);
    /// Truncated: the producer failed; the connection is cut so that the client sees an incomplete message.
    enum class Finish { Complete, Truncated };
    void endResponse(ExchangeId exchange, Finish finish);

    /// The reader took this many bytes of the request body.
    void bodyConsumed(ExchangeId exchange, std::size_t bytes);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::server
