// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/socketevent.h"
#include "core/runtime/tlsclient.h"

#include <cstdint>
#include <memory>
#include <string>

namespace cleat::runtime {

/// Outgoing TCP for connect(): sockets that never block and OpenSSL, on a thread of its own. Names are resolved by the system, on threads beside it.
/// Certificates are trusted as fetch() does: by CURL_CA_BUNDLE, else SSL_CERT_FILE, else the system; and those of NODE_EXTRA_CA_CERTS besides.
/// Members may be called from any thread and return at once. Ids are the caller's; a connection that failed, or ended on both sides, is forgotten.
class SocketClient final
{
public:
    struct Open {
        SocketId id = 0;
        std::string host; ///< a name or an address; IPv6 with or without brackets
        std::uint16_t port = 0;
        enum class Transport { Plain, Tls };
        Transport transport = Transport::Plain;
    };
    enum class Family { Any, V4, V6 };

    /// Called on the client's thread.
    class Listener
    {
    public:
        virtual ~Listener() = default;
        virtual void socketEvent(SocketEvent &&event) = 0;
    };

    explicit SocketClient(Listener &listener);
    ~SocketClient();
    SocketClient(const SocketClient &) = delete;
    SocketClient &operator=(const SocketClient &) = delete;

    void open(Open &&open);
    void send(SocketId id, std::string &&bytes);
    /// Ends the sending direction when all is sent.
    void finish(SocketId id);
    /// The reader took bytes of Data. Reading from the socket pauses while more than 256 KiB are out.
    void consumed(SocketId id, std::size_t bytes);
    /// Begins TLS on a plain connection. Bytes that came before and were not consumed make it fail.
    void startTls(SocketId id, TlsPeer &&peer);
    /// Ends the connection; nothing more is reported of it.
    void abort(SocketId id);
    void resolve(SocketId id, std::string &&host, Family family);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::runtime
