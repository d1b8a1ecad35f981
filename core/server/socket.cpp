// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/socket.h"

#include "core/server/outqueue.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace cleat::server {

Socket::Socket(int descriptor) : m_descriptor(descriptor)
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

Socket::Write Socket::write(OutQueue &queue, std::size_t &written)
{
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
    ::shutdown(m_descriptor, SHUT_WR);
}

void Socket::resetOnClose()
{
    const linger now{1, 0};
    setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

void Socket::close()
{
    if (m_descriptor >= 0)
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
