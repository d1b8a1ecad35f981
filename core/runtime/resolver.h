// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cleat::runtime {

/// The system's words for an errno, and its name: "Connection refused (ECONNREFUSED)".
std::string systemText(int error);

/// An address of the other side, with its port.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;

    int family() const { return storage.ss_family; }
    std::string host() const;
    /// "1.2.3.4:80", "[::1]:80"
    std::string text() const;
};

/// Names to addresses by the system's resolver, which takes its time: on some threads of its own, none while nothing is asked. What is asked outlives the Resolver, but is
/// told to nobody then.
class Resolver final
{
public:
    struct Answer {
        std::vector<SocketAddress> addresses; ///< in the order to try them
        std::string error; ///< when there are none
    };
    using Done = std::function<void(Answer &&)>;

    Resolver();
    ~Resolver();
    Resolver(const Resolver &) = delete;
    Resolver &operator=(const Resolver &) = delete;

    /// `family`: AF_UNSPEC, AF_INET or AF_INET6. `done` is called on one of the threads, or at once for what is an address already.
    void resolve(const std::string &host, std::uint16_t port, int family, Done done);

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace cleat::runtime
