// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/socketconnection.h"

#include "core/base/clock.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace cleat::runtime {

namespace {

constexpr std::size_t mostUnread = 256U << 10;
constexpr std::int64_t patienceNs = 30'000'000'000; // with a connection, or a handshake
constexpr std::int64_t shortPatienceNs = 2'000'000'000; // while there is another address to try

} // namespace

SocketConnection::SocketConnection(SocketId id, Trust trust, std::optional<std::string> tlsName, Report report)
    : m_id(id), m_trust(std::move(trust)), m_tlsName(std::move(tlsName)), m_report(std::move(report))
{
}

SocketConnection::~SocketConnection()
{
    close();
}

void SocketConnection::close()
{
    if (m_tls && m_state == State::Open && !m_finished)
        m_tls->finish();
    m_tls.reset();
    if (m_descriptor >= 0)
        ::close(std::exchange(m_descriptor, -1));
    m_state = State::Over;
    m_deadlineNs = 0;
}

void SocketConnection::report(SocketEvent::Kind kind, std::string text, std::string detail, std::size_t count)
{
    m_report({kind, m_id, std::move(text), std::move(detail), count});
}

void SocketConnection::fail(const std::string &why)
{
    if (isOver())
        return;
    close();
    report(SocketEvent::Kind::Failed, why);
}

void SocketConnection::endIfDone()
{
    if (m_state == State::Open && m_ended && m_finished)
        close();
}

// ---- to an open connection

void SocketConnection::connect(std::vector<SocketAddress> &&addresses)
{
    m_addresses = std::move(addresses);
    m_next = 0;
    tryNext();
}

void SocketConnection::tryNext()
{
    while (m_next < m_addresses.size()) {
        const SocketAddress &address = m_addresses[m_next++];
        m_descriptor = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (m_descriptor >= 0) {
            const int on = 1;
            ::setsockopt(m_descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            if (::connect(m_descriptor, reinterpret_cast<const sockaddr *>(&address.storage), address.length) == 0) {
                connected();
                return;
            }
            if (errno == EINPROGRESS) {
                m_state = State::Connecting;
                m_deadlineNs = base::steadyNs() + (m_next < m_addresses.size() ? shortPatienceNs : patienceNs);
                return;
            }
        }
        m_failure = "connect to " + address.text() + ": " + systemText(errno);
        if (m_descriptor >= 0)
            ::close(std::exchange(m_descriptor, -1));
    }
    fail(m_failure);
}

void SocketConnection::connected()
{
    m_deadlineNs = 0;
    if (m_tlsName) {
        beginTls({*m_tlsName, TlsPeer::Check::Name, {}});
        return;
    }
    m_state = State::Open;
    opened();
}

void SocketConnection::beginTls(const TlsPeer &peer)
{
    m_tls = std::make_unique<TlsClient>(m_trust(peer.authorities), m_descriptor, peer);
    m_state = State::Handshaking;
    m_deadlineNs = base::steadyNs() + patienceNs;
    handshake();
}

void SocketConnection::handshake()
{
    switch (m_tls->handshake()) {
    case TlsClient::Step::Done:
        m_state = State::Open;
        m_deadlineNs = 0;
        opened();
        return;
    case TlsClient::Step::WantsRead:
        m_handshakeWaits = EPOLLIN;
        return;
    case TlsClient::Step::WantsWrite:
        m_handshakeWaits = EPOLLOUT;
        return;
    case TlsClient::Step::Ended:
    case TlsClient::Step::Failed:
        fail("TLS handshake failed: " + m_tls->failure());
        return;
    }
}

void SocketConnection::opened()
{
    const std::string version = m_tls ? m_tls->version() : std::string();
    if (m_upgrades)
        report(SocketEvent::Kind::Secured, {}, version);
    else
        report(SocketEvent::Kind::Opened, m_addresses[m_next - 1].text(), version);
    m_addresses.clear();
    write();
    read();
}

void SocketConnection::startTls(const TlsPeer &peer)
{
    if (m_state != State::Open || m_tls)
        return;
    m_upgrades = true;
    if (m_unread > 0 || !m_out.empty() || m_ended || m_finishing) {
        fail(m_unread > 0 ? "TLS handshake failed: the server sent something else before" : "TLS handshake failed: the connection has ended in one direction");
        return;
    }
    beginTls(peer);
}

// ---- both directions

void SocketConnection::send(std::string &&bytes)
{
    if (m_finishing || isOver())
        return;
    m_out.push_back(std::move(bytes));
    if (m_state == State::Open)
        write();
}

void SocketConnection::finish()
{
    m_finishing = true;
    if (m_state == State::Open)
        write();
}

void SocketConnection::consumed(std::size_t bytes)
{
    m_unread -= std::min(m_unread, bytes);
    if (!m_paused || m_unread > mostUnread / 2)
        return;
    m_paused = false;
    if (m_state == State::Open)
        read();
}

TlsClient::Moved SocketConnection::readSome(char *target, std::size_t room)
{
    if (m_tls) {
        const TlsClient::Moved moved = m_tls->read(target, room);
        if (moved.step == TlsClient::Step::Failed)
            m_failure = m_tls->failure();
        return moved;
    }
    const auto n = ::recv(m_descriptor, target, room, 0);
    if (n > 0)
        return {TlsClient::Step::Done, static_cast<std::size_t>(n)};
    if (n == 0)
        return {TlsClient::Step::Ended, 0};
    if (errno == EAGAIN || errno == EINTR)
        return {TlsClient::Step::WantsRead, 0};
    m_failure = systemText(errno);
    return {TlsClient::Step::Failed, 0};
}

TlsClient::Moved SocketConnection::writeSome(const std::string &bytes, std::size_t offset)
{
    if (m_tls) {
        const TlsClient::Moved moved = m_tls->write(bytes.data() + offset, bytes.size() - offset);
        if (moved.step == TlsClient::Step::Failed || moved.step == TlsClient::Step::Ended)
            m_failure = m_tls->failure();
        return moved;
    }
    const auto n = ::send(m_descriptor, bytes.data() + offset, bytes.size() - offset, MSG_NOSIGNAL);
    if (n >= 0)
        return {TlsClient::Step::Done, static_cast<std::size_t>(n)};
    if (errno == EAGAIN || errno == EINTR)
        return {TlsClient::Step::WantsWrite, 0};
    m_failure = systemText(errno);
    return {TlsClient::Step::Failed, 0};
}

void SocketConnection::read()
{
    m_readWaitsForWrite = false;
    while (m_state == State::Open && !m_ended && !m_paused) {
        std::array<char, 64U << 10> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init): filled by what is read
        const TlsClient::Moved moved = readSome(buffer.data(), buffer.size());
        switch (moved.step) {
        case TlsClient::Step::Done:
            m_unread += moved.bytes;
            m_paused = m_unread >= mostUnread;
            report(SocketEvent::Kind::Data, std::string(buffer.data(), moved.bytes));
            break;
        case TlsClient::Step::Ended:
            m_ended = true;
            report(SocketEvent::Kind::End);
            endIfDone();
            return;
        case TlsClient::Step::WantsWrite:
            m_readWaitsForWrite = true;
            return;
        case TlsClient::Step::WantsRead:
            return;
        case TlsClient::Step::Failed:
            fail("Network connection lost: " + m_failure);
            return;
        }
    }
}

void SocketConnection::write()
{
    m_writeWaitsForRead = false;
    std::size_t sent = 0;
    while (m_state == State::Open && !m_out.empty()) {
        const TlsClient::Moved moved = writeSome(m_out.front(), m_offset);
        if (moved.step == TlsClient::Step::WantsRead || moved.step == TlsClient::Step::WantsWrite) {
            m_writeWaitsForRead = moved.step == TlsClient::Step::WantsRead;
            break;
        }
        if (moved.step != TlsClient::Step::Done) {
            fail("Network connection lost: " + m_failure);
            return;
        }
        sent += moved.bytes;
        m_offset += moved.bytes;
        if (m_offset == m_out.front().size()) {
            m_out.pop_front();
            m_offset = 0;
        }
    }
    if (sent > 0)
        report(SocketEvent::Kind::Sent, {}, {}, sent);
    if (m_state != State::Open || !m_out.empty() || !m_finishing || m_finished)
        return;
    m_finished = true;
    if (m_tls)
        m_tls->finish();
    ::shutdown(m_descriptor, SHUT_WR);
    report(SocketEvent::Kind::Finished);
    endIfDone();
}

// ---- what it waits for

void SocketConnection::ready()
{
    switch (m_state) {
    case State::Connecting: {
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(m_descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
        if (error == 0) {
            connected();
            return;
        }
        m_failure = "connect to " + m_addresses[m_next - 1].text() + ": " + systemText(error);
        ::close(std::exchange(m_descriptor, -1));
        tryNext();
        return;
    }
    case State::Handshaking:
        handshake();
        return;
    case State::Open:
        write();
        read();
        return;
    case State::Resolving:
    case State::Over:
        return;
    }
}

void SocketConnection::late()
{
    if (m_state == State::Handshaking) {
        fail("TLS handshake failed: the server did not answer in time");
        return;
    }
    if (m_state != State::Connecting)
        return;
    m_failure = "connect to " + m_addresses[m_next - 1].text() + ": " + systemText(ETIMEDOUT);
    ::close(std::exchange(m_descriptor, -1));
    tryNext();
}

std::uint32_t SocketConnection::waitsFor() const
{
    switch (m_state) {
    case State::Connecting:
        return EPOLLOUT;
    case State::Handshaking:
        return m_handshakeWaits;
    case State::Open: {
        std::uint32_t events = 0;
        if ((!m_ended && !m_paused) || m_writeWaitsForRead)
            events |= EPOLLIN;
        if ((!m_out.empty() && !m_writeWaitsForRead) || m_readWaitsForWrite)
            events |= EPOLLOUT;
        return events;
    }
    case State::Resolving:
    case State::Over:
        return 0;
    }
    return 0;
}

} // namespace cleat::runtime
