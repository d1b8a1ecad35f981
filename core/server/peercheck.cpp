// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/peercheck.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace cleat::server {

namespace {

struct Endpoint {
    bool known = false;
    bool v6 = false;
    std::array<std::uint32_t, 4> address{};
    in_port_t port = 0;
};

Endpoint endOf(const sockaddr_storage &storage)
{
    Endpoint end;
    if (storage.ss_family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &storage, sizeof in);
        end.known = true;
        end.address[0] = in.sin_addr.s_addr;
        end.port = in.sin_port;
    } else if (storage.ss_family == AF_INET6) {
        sockaddr_in6 in{};
        std::memcpy(&in, &storage, sizeof in);
        end.known = true;
        end.port = in.sin6_port;
        std::array<std::uint32_t, 4> words{};
        std::memcpy(words.data(), &in.sin6_addr, sizeof words);
        end.v6 = !IN6_IS_ADDR_V4MAPPED(&in.sin6_addr);
        if (end.v6)
            end.address = words;
        else
            end.address[0] = words[3];
    }
    return end;
}

bool isLoopback(const Endpoint &end)
{
    if (!end.v6)
        return (ntohl(end.address[0]) >> 24) == 127;
    return end.address[0] == 0 && end.address[1] == 0 && end.address[2] == 0 && end.address[3] == htonl(1);
}

struct Question {
    nlmsghdr header;
    inet_diag_req_v2 request;
};

} // namespace

PeerCheck::PeerCheck() : m_netlink(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {}

PeerCheck::~PeerCheck()
{
    if (m_netlink >= 0)
        ::close(m_netlink);
}

PeerCheck::Peer PeerCheck::peerOf(int descriptor) const
{
    sockaddr_storage own{};
    sockaddr_storage other{};
    socklen_t ownSize = sizeof own;
    socklen_t otherSize = sizeof other;
    if (getpeername(descriptor, reinterpret_cast<sockaddr *>(&other), &otherSize) != 0)
        return errno == ENOTCONN ? Peer::Gone : Peer::Unknown;
    if (m_netlink < 0 || getsockname(descriptor, reinterpret_cast<sockaddr *>(&own), &ownSize) != 0)
        return Peer::Unknown;
    const Endpoint here = endOf(own);
    const Endpoint there = endOf(other);
    if (!here.known || !there.known)
        return Peer::Unknown;

    Question question{};
    question.header.nlmsg_len = sizeof question;
    question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    question.header.nlmsg_flags = NLM_F_REQUEST;
    question.request.sdiag_family = there.v6 ? AF_INET6 : AF_INET;
    question.request.sdiag_protocol = IPPROTO_TCP;
    question.request.idiag_states = ~0U;
    // The same connection, seen from its other end.
    question.request.id.idiag_sport = there.port;
    question.request.id.idiag_dport = here.port;
    std::memcpy(question.request.id.idiag_src, there.address.data(), sizeof there.address);
    std::memcpy(question.request.id.idiag_dst, here.address.data(), sizeof here.address);
    question.request.id.idiag_cookie[0] = question.request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    if (::send(m_netlink, &question, sizeof question, 0) < 0)
        return Peer::Unknown;

    alignas(nlmsghdr) std::array<char, 4096> answer;
    const ssize_t size = ::recv(m_netlink, answer.data(), answer.size(), 0);
    if (size < static_cast<ssize_t>(sizeof(nlmsghdr)))
        return Peer::Unknown;
    nlmsghdr header;
    std::memcpy(&header, answer.data(), sizeof header);
    const char *const payload = answer.data() + NLMSG_HDRLEN;
    if (header.nlmsg_type == NLMSG_ERROR && size >= static_cast<ssize_t>(NLMSG_HDRLEN + sizeof(nlmsgerr))) {
        nlmsgerr error;
        std::memcpy(&error, payload, sizeof error);
        return error.error == -ENOENT && isLoopback(there) ? Peer::Gone : Peer::Unknown;
    }
    if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY || size < static_cast<ssize_t>(NLMSG_HDRLEN + sizeof(inet_diag_msg)))
        return Peer::Unknown;
    inet_diag_msg message;
    std::memcpy(&message, payload, sizeof message);
    return message.idiag_inode == 0 ? Peer::Gone : Peer::Present; // no file refers to it any more
}

} // namespace cleat::server
