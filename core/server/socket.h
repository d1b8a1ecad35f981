// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace cleat::server {

class OutQueue;
class TlsContext;
class TlsStream;

/// A connected, non-blocking stream, plain or over TLS: all that a Connection knows about its transport.
/// A plain descriptor and not a QTcpSocket, because that closes both ways when the peer has shut down its sending side, and costs twice
/// the processor time for a small request.
class Socket final
{
public:
    /// Takes the descriptor over; sets O_NONBLOCK and TCP_NODELAY. With `tls`, which is borrowed, it waits for a client that speaks TLS.
    explicit Socket(int descriptor, const TlsContext *tls = nullptr);
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
    bool secure() const { return m_tls != nullptr; }
    /// TLS was expected, and the client has begun to speak something else. From then on the stream is plain.
    bool spokePlain() const { return m_spokePlain; }
    /// Over TLS, reading may have to wait until the system takes output, and writing until there is input.
    bool readingNeedsOutput() const { return m_readingNeedsOutput; }
    bool writingNeedsInput() const { return m_writingNeedsInput; }
    int descriptor() const { return m_descriptor; }
    /// The peer's address as text, without the port.
    std::string peerAddress() const;

private:
    Read readPlain(std::span<char> buffer, std::size_t &got);
    Read readTls(std::span<char> buffer, std::size_t &got);
    Write writeTls(OutQueue &queue, std::size_t &written);
    enum class Probe { Tls, Plain, Nothing, End, Broken };
    Probe probe() const;

    int m_descriptor;
    std::unique_ptr<TlsStream> m_tls;
    bool m_begun = false; ///< the client has said something
    bool m_spokePlain = false;
    bool m_readingNeedsOutput = false;
    bool m_writingNeedsInput = false;
    bool m_reset = false;
};

} // namespace cleat::server
