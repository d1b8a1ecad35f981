// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/resolver.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace cleat::runtime {

namespace {

constexpr int mostThreads = 8;

Resolver::Answer ask(const std::string &host, std::uint16_t port, int family, int flags)
{
    addrinfo hints{};
    hints.ai_family = family;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo *found = nullptr;
    Resolver::Answer answer;
    const int result = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (result != 0) {
        answer.error = result == EAI_SYSTEM ? systemText(errno) : ::gai_strerror(result) + std::string(result == EAI_AGAIN ? " (EAI_AGAIN)" : " (ENOTFOUND)");
        return answer;
    }
    for (const addrinfo *one = found; one; one = one->ai_next) {
        SocketAddress address;
        address.length = std::min<socklen_t>(one->ai_addrlen, sizeof(address.storage));
        std::memcpy(&address.storage, one->ai_addr, address.length);
        answer.addresses.push_back(address);
    }
    ::freeaddrinfo(found);
    return answer;
}

} // namespace

std::string systemText(int error)
{
    const char *name = ::strerrorname_np(error);
    return std::generic_category().message(error) + " (" + (name ? name : std::to_string(error)) + ')';
}

std::string SocketAddress::host() const
{
    std::array<char, NI_MAXHOST> name{};
    if (::getnameinfo(reinterpret_cast<const sockaddr *>(&storage), length, name.data(), name.size(), nullptr, 0, NI_NUMERICHOST) != 0)
        return {};
    return name.data();
}

std::string SocketAddress::text() const
{
    const auto port = family() == AF_INET6 ? reinterpret_cast<const sockaddr_in6 *>(&storage)->sin6_port : reinterpret_cast<const sockaddr_in *>(&storage)->sin_port;
    const std::string name = host();
    return (family() == AF_INET6 ? '[' + name + ']' : name) + ':' + std::to_string(ntohs(port));
}

struct Resolver::Shared {
    struct Question {
        std::string host;
        std::uint16_t port;
        int family;
        Done done;
    };
    std::mutex mutex;
    std::deque<Question> waiting;
    int threads = 0;
    bool stopped = false;

    static void run(std::shared_ptr<Shared> shared)
    {
        std::unique_lock lock(shared->mutex);
        while (!shared->stopped && !shared->waiting.empty()) {
            const Question question = std::move(shared->waiting.front());
            shared->waiting.pop_front();
            lock.unlock();
            Answer answer = ask(question.host, question.port, question.family, AI_ADDRCONFIG);
            if (answer.addresses.empty()) // a machine without a network has its own names nevertheless
                answer = ask(question.host, question.port, question.family, 0);
            lock.lock();
            if (!shared->stopped)
                question.done(std::move(answer));
        }
        --shared->threads;
    }
};

Resolver::Resolver() : m_shared(std::make_shared<Shared>()) {}

Resolver::~Resolver()
{
    std::lock_guard lock(m_shared->mutex);
    m_shared->stopped = true;
    m_shared->waiting.clear();
}

void Resolver::resolve(const std::string &host, std::uint16_t port, int family, Done done)
{
    if (Answer numeric = ask(host, port, family, AI_NUMERICHOST); !numeric.addresses.empty()) {
        done(std::move(numeric));
        return;
    }
    std::lock_guard lock(m_shared->mutex);
    m_shared->waiting.push_back({host, port, family, std::move(done)});
    if (m_shared->threads == mostThreads)
        return;
    ++m_shared->threads;
    std::thread(Shared::run, m_shared).detach();
}

} // namespace cleat::runtime
