// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/resolver.h"
#include "core/runtime/socketevent.h"
#include "core/runtime/tlsclient.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cleat::runtime {

/// One connection of SocketClient, on its thread alone: a descriptor that does not block, with or without TLS. It reports what happens, and says what it waits for.
class SocketConnection final
{
public:
    using Report = std::function<void(SocketEvent &&)>;
    using Trust = std::function<const TlsTrust &(const std::string &authorities)>;

    /// `tlsName`: TLS from the start, with a server of that name.
    SocketConnection(SocketId id, Trust trust, std::optional<std::string> tlsName, Report report);
    ~SocketConnection();
    SocketConnection(const SocketConnection &) = delete;
    SocketConnection &operator=(const SocketConnection &) = delete;

    /// Tries one after the other.
    void connect(std::vector<SocketAddress> &&addresses);
    void send(std::string &&bytes);
    void finish();
    void consumed(std::size_t bytes);
    void startTls(const TlsPeer &peer);
    /// Ends it with Failed.
    void fail(const std::string &why);

    /// The descriptor may have become readable or writable, or has failed.
    void ready();
    /// deadlineNs() has passed.
    void late();

    /// Of epoll; 0: nothing, or it is over.
    std::uint32_t waitsFor() const;
    int descriptor() const { return m_descriptor; }
    /// base::steadyNs(); 0: it may take its time
    std::int64_t deadlineNs() const { return m_deadlineNs; }
    bool isOver() const { return m_state == State::Over; }

private:
    enum class State { Resolving, Connecting, Handshaking, Open, Over };

    void tryNext();
    void connected();
    void beginTls(const TlsPeer &peer);
    void handshake();
    void opened();
    void read();
    void write();
    void endIfDone();
    void close();
    void report(SocketEvent::Kind kind, std::string text = {}, std::string detail = {}, std::size_t count = 0);
    TlsClient::Moved readSome(char *target, std::size_t room);
    TlsClient::Moved writeSome(const std::string &bytes, std::size_t offset);

    const SocketId m_id;
    const Trust m_trust;
    std::optional<std::string> m_tlsName;
    const Report m_report;
    State m_state = State::Resolving;
    std::vector<SocketAddress> m_addresses;
    std::size_t m_next = 0; ///< of m_addresses
    int m_descriptor = -1;
    std::unique_ptr<TlsClient> m_tls;
    bool m_upgrades = false; ///< the handshake is startTls()'s
    std::uint32_t m_handshakeWaits = 0;
    std::string m_failure; ///< of the address before, or of what was read or written last
    std::int64_t m_deadlineNs = 0;
    std::deque<std::string> m_out;
    std::size_t m_offset = 0; ///< in the first of them
    std::size_t m_unread = 0;
    bool m_paused = false;
    bool m_readWaitsForWrite = false;
    bool m_writeWaitsForRead = false;
    bool m_finishing = false;
    bool m_finished = false;
    bool m_ended = false; ///< the other side sends no more
};

} // namespace cleat::runtime
