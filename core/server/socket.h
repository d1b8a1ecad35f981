// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace cleat::server {

class OutQueue;

/// A connected, non-blocking stream: all that a Connection knows about its transport, so that another one (TLS) can take this class's place.
/// A plain descriptor and not a QTcpSocket, because that closes both ways when the peer has shut down its sending side, and costs twice
/// the processor time for a small request.
class Socket final
{
public:
    explicit Socket(int descriptor); ///< takes it over; sets O_NONBLOCK and TCP_NODELAY
    ~Socket();
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;

    enum class Read { Data, Nothing, End, Broken };
    Read read(std::span<char> buffer, std::size_t &got);
    enum class Write { All, Full, Broken };
    /// Writes from the front of `queue` and drops what the system took. Full: the system takes no more for now.
    Write write(OutQueue &queue, std::size_t &written);
    void shutdownWriting();
    /// The next close() resets the connection, so that the peer cannot take what it has for the whole.
    void resetOnClose();
    void close();
    int descriptor() const { return m_descriptor; }
    /// The peer's address as text, without the port.
    std::string peerAddress() const;

private:
    int m_descriptor;
};

} // namespace cleat::server
