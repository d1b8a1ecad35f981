// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/socket.h"

#include "core/server/outqueue.h"
#include "core/server/tlscontext.h"
#include "core/server/tlsstream.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

namespace cleat::server {

Socket::Socket(int descriptor, const TlsContext *tls) : m_descriptor(descriptor), m_tls(tls ? std::make_unique<TlsStream>(*tls, descriptor) : nullptr)
{
    fcntl(m_descriptor, F_SETFL, fcntl(m_descriptor, F_GETFL) | O_NONBLOCK);
    const int on = 1;
    setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Socket::~Socket()
{
    close();
}

Socket::Read Socket::read(std::span<char> buffer, std::size_t &got)
{
    return m_tls ? readTls(buffer, got) : readPlain(buffer, got);
}

Socket::Read Socket::readPlain(std::span<char> buffer, std::size_t &got)
{
    got = 0;
    for (;;) {
        const ssize_t n = ::recv(m_descriptor, buffer.data(), buffer.size(), 0);
        if (n > 0) {
            got = static_cast<std::size_t>(n);
            return Read::Data;
        }
        if (n == 0)
            return Read::End;
        if (errno == EINTR)
            continue;
        return errno == EAGAIN || errno == EWOULDBLOCK ? Read::Nothing : Read::Broken;
    }
}

/// What the client speaks, by its first byte: 22 begins a record of TLS's handshake.
Socket::Probe Socket::probe() const
{
    char first = 0;
    ssize_t n = 0;
    do
        n = ::recv(m_descriptor, &first, 1, MSG_PEEK);
    while (n < 0 && errno == EINTR);
    if (n == 0)
        return Probe::End;
    if (n < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? Probe::Nothing : Probe::Broken;
    return first == 22 ? Probe::Tls : Probe::Plain;
}

Socket::Read Socket::readTls(std::span<char> buffer, std::size_t &got)
{
    got = 0;
    if (!m_begun) {
        switch (probe()) {
        case Probe::Tls:
            m_begun = true;
            break;
        case Probe::Plain:
            m_tls.reset();
            m_spokePlain = true;
            return readPlain(buffer, got);
        case Probe::Nothing:
            return Read::Nothing;
        case Probe::End:
            return Read::End;
        case Probe::Broken:
            return Read::Broken;
        }
    }
    m_readingNeedsOutput = m_writingNeedsInput = false;
    std::optional<Read> last;
    while (!last && buffer.size() - got >= TlsStream::record) {
        std::size_t taken = 0;
        switch (m_tls->read(buffer.subspan(got), taken)) {
        case TlsStream::Result::Done:
            got += taken;
            break;
        case TlsStream::Result::NeedsOutput:
            m_readingNeedsOutput = true;
            last = Read::Nothing;
            break;
        case TlsStream::Result::NeedsInput:
            last = Read::Nothing;
            break;
        case TlsStream::Result::End:
            last = Read::End;
            break;
        case TlsStream::Result::Broken:
            last = Read::Broken;
            break;
        }
    }
    if (got == 0)
        return last.value_or(Read::Nothing);
    // TLS has ended behind this data. The descriptor may show no input any more, but it takes output: that brings the next call, which finds the end again.
    if (last && *last != Read::Nothing)
        m_readingNeedsOutput = true;
    return Read::Data;
}

Socket::Write Socket::writeTls(OutQueue &queue, std::size_t &written)
{
    written = 0;
    std::array<char, TlsStream::record> joined;
    std::array<iovec, 16> vectors;
    while (!queue.empty()) {
        // Small pieces go into one record. A call that has to be made again finds the same bytes at its front.
        const std::size_t count = queue.gather(vectors);
        std::span<const char> bytes(static_cast<const char *>(vectors[0].iov_base), std::min(vectors[0].iov_len, TlsStream::record));
        if (bytes.size() < TlsStream::record && count > 1) {
            std::size_t size = 0;
            for (std::size_t i = 0; i < count && size < joined.size(); ++i) {
                const std::size_t part = std::min(vectors[i].iov_len, joined.size() - size);
                std::memcpy(joined.data() + size, vectors[i].iov_base, part);
                size += part;
            }
            bytes = {joined.data(), size};
        }
        std::size_t taken = 0;
        switch (m_tls->write(bytes, taken)) {
        case TlsStream::Result::Done:
            break;
        case TlsStream::Result::NeedsInput:
            m_writingNeedsInput = true;
            return Write::Full;
        case TlsStream::Result::NeedsOutput:
            return Write::Full;
        case TlsStream::Result::End:
        case TlsStream::Result::Broken:
            return Write::Broken;
        }
        written += taken;
        queue.drop(taken);
    }
    return Write::All;
}

Socket::Write Socket::write(OutQueue &queue, std::size_t &written)
{
    if (m_tls)
        return writeTls(queue, written);
    written = 0;
    std::array<iovec, 16> vectors;
    while (!queue.empty()) {
        msghdr message{};
        message.msg_iov = vectors.data();
        message.msg_iovlen = queue.gather(vectors);
        const ssize_t n = message.msg_iovlen == 1 ? ::send(m_descriptor, vectors[0].iov_base, vectors[0].iov_len, MSG_NOSIGNAL)
                                                  : ::sendmsg(m_descriptor, &message, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno == EINTR)
                continue;
            return errno == EAGAIN || errno == EWOULDBLOCK ? Write::Full : Write::Broken;
        }
        written += static_cast<std::size_t>(n);
        queue.drop(static_cast<std::size_t>(n));
    }
    return Write::All;
}

void Socket::shutdownWriting()
{
    if (m_tls)
        m_tls->sayGoodbye();
    ::shutdown(m_descriptor, SHUT_WR);
}

void Socket::resetOnClose()
{
    m_reset = true;
    const linger now{1, 0};
    setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void Socket::close()
{
    if (m_descriptor < 0)
        return;
    if (m_tls && !m_reset)
        m_tls->sayGoodbye();
    ::close(m_descriptor);
    m_descriptor = -1;
}

std::string Socket::peerAddress() const
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (getpeername(m_descriptor, reinterpret_cast<sockaddr *>(&storage), &size) != 0)
        return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET)
        inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in *>(&storage)->sin_addr, text.data(), text.size());
    else if (storage.ss_family == AF_INET6)
        inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6 *>(&storage)->sin6_addr, text.data(), text.size());
    return text.data();
}

} // namespace cleat::server
