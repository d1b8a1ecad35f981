// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/hyperdrive/testchannel.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace cleat::bindings::hyperdrive {

using base::Result;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds glance{50}; // how long is waited before the stop is looked at

std::string bare(const std::string &host)
{
    return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

bool isAddress(const std::string &host)
{
    in6_addr room{};
    return ::inet_pton(AF_INET, host.c_str(), &room) == 1 || ::inet_pton(AF_INET6, host.c_str(), &room) == 1;
}

struct Address {
    sockaddr_storage bytes{};
    socklen_t size = 0;
    int family = 0;
};

struct Lookup {
    std::mutex mutex;
    std::condition_variable ready;
    std::optional<int> code;
    std::vector<Address> addresses;
};

void lookUp(Lookup &lookup, const std::string &host, const std::string &port)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    const int code = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    const std::lock_guard lock(lookup.mutex);
    for (const addrinfo *one = code == 0 ? found : nullptr; one; one = one->ai_next) {
        Address &address = lookup.addresses.emplace_back();
        std::memcpy(&address.bytes, one->ai_addr, one->ai_addrlen);
        address.size = one->ai_addrlen;
        address.family = one->ai_family;
    }
    if (code == 0)
        ::freeaddrinfo(found);
    lookup.code = code;
    lookup.ready.notify_all();
}

Result<std::vector<Address>> addressesOf(const Database &database, const Patience &patience)
{
    const std::string host = bare(database.host);
    // The system's resolver cannot be stopped: a thread that is no longer waited for ends by itself.
    const auto lookup = std::make_shared<Lookup>();
    std::thread([lookup, host, port = std::to_string(database.port)] { lookUp(*lookup, host, port); }).detach();
    std::unique_lock lock(lookup->mutex);
    while (!lookup->ready.wait_for(lock, glance, [&] { return lookup->code.has_value(); })) {
        if (auto left = patience.left(); !left)
            return std::unexpected(std::move(left.error()));
    }
    if (*lookup->code != 0)
        return base::fail("hyperdrive.host", "There is no host " + database.host + ": " + ::gai_strerror(*lookup->code) + '.');
    return lookup->addresses;
}

std::string tlsProblem(const SSL *tls)
{
    if (const long verdict = SSL_get_verify_result(tls); verdict != X509_V_OK)
        return X509_verify_cert_error_string(verdict);
    const unsigned long code = ERR_peek_error();
    const char *reason = code ? ERR_reason_error_string(code) : nullptr;
    return reason ? reason : "the connection ended in the handshake";
}

} // namespace

Result<void> Patience::left() const
{
    if (stop.stop_requested())
        return base::fail("hyperdrive.cancelled", "The test was cancelled.");
    if (std::chrono::steady_clock::now() >= until)
        return base::fail("hyperdrive.time", "The database did not answer in time.");
    return {};
}

Result<std::unique_ptr<TestChannel>> TestChannel::open(const Database &database, const Patience &patience)
{
    const auto addresses = addressesOf(database, patience);
    if (!addresses)
        return std::unexpected(addresses.error());
    const std::string place = database.host + ':' + std::to_string(database.port);
    int error = EHOSTUNREACH;
    for (const Address &address : *addresses) {
        const int descriptor = ::socket(address.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            error = errno;
            continue;
        }
        std::unique_ptr<TestChannel> channel(new TestChannel(descriptor, patience, place));
        if (::connect(descriptor, reinterpret_cast<const sockaddr *>(&address.bytes), address.size) != 0) {
            if (errno != EINPROGRESS) {
                error = errno;
                continue;
            }
            if (auto ready = channel->wait(POLLOUT); !ready)
                return std::unexpected(std::move(ready.error()));
            socklen_t size = sizeof error;
            error = 0;
            ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
            if (error != 0)
                continue;
        }
        return channel;
    }
    if (error == ECONNREFUSED)
        return base::fail("hyperdrive.refused", "Nobody listens at " + place + ". Is the database started, and is this its port?");
    return base::fail("hyperdrive.unreachable", place + " cannot be reached: " + std::strerror(error) + '.');
}

TestChannel::~TestChannel()
{
    SSL_free(m_tls);
    SSL_CTX_free(m_context);
    ::close(m_descriptor);
}

Result<void> TestChannel::wait(short events)
{
    for (;;) {
        if (auto left = m_patience.left(); !left)
            return left;
        pollfd one{m_descriptor, events, 0};
        const int ready = ::poll(&one, 1, static_cast<int>(glance.count()));
        if (ready > 0)
            return {};
        if (ready < 0 && errno != EINTR)
            return base::fail("hyperdrive.unreachable", m_place + " cannot be reached: " + std::strerror(errno) + '.');
    }
}

Result<void> TestChannel::startTls(const Database &database)
{
    const std::string host = bare(database.host);
    ERR_clear_error();
    m_context = SSL_CTX_new(TLS_client_method());
    m_tls = m_context ? SSL_new(m_context) : nullptr;
    if (!m_tls)
        return base::fail("hyperdrive.tls", "TLS could not be started here.");
    const bool checked = database.encryption == Encryption::TrustedAuthority || database.encryption == Encryption::TrustedServer;
    if (checked) {
        const bool loaded = database.authorities.empty() ? SSL_CTX_set_default_verify_paths(m_context) == 1 : SSL_CTX_load_verify_locations(m_context, database.authorities.c_str(), nullptr) == 1;
        if (!loaded)
            return base::fail("hyperdrive.tls", "The certificates that are trusted could not be read: " + (database.authorities.empty() ? std::string("those of the system") : database.authorities) + '.');
        SSL_set_verify(m_tls, SSL_VERIFY_PEER, nullptr);
    }
    if (database.encryption == Encryption::TrustedServer) {
        X509_VERIFY_PARAM *wanted = SSL_get0_param(m_tls);
        if ((isAddress(host) ? X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str()) : X509_VERIFY_PARAM_set1_host(wanted, host.c_str(), host.size())) != 1)
            return base::fail("hyperdrive.tls", "No certificate can be for " + host + '.');
    }
    if (!isAddress(host))
        SSL_set_tlsext_host_name(m_tls, host.c_str());
    SSL_set_fd(m_tls, m_descriptor);
    for (;;) {
        ERR_clear_error();
        const int done = SSL_connect(m_tls);
        if (done == 1)
            return {};
        const int why = SSL_get_error(m_tls, done);
        if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
            const bool untrusted = SSL_get_verify_result(m_tls) != X509_V_OK && checked;
            return base::fail("hyperdrive.tls", untrusted ? "The certificate of " + m_place + " is not accepted: " + tlsProblem(m_tls) + '.' : m_place + " does not speak TLS as it should: " + tlsProblem(m_tls) + '.');
        }
        if (auto ready = wait(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT); !ready)
            return ready;
    }
}

Result<void> TestChannel::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        short events = POLLOUT;
        std::ptrdiff_t sent = 0;
        if (m_tls) {
            ERR_clear_error();
            sent = SSL_write(m_tls, bytes.data(), static_cast<int>(bytes.size()));
            const int why = sent > 0 ? SSL_ERROR_NONE : SSL_get_error(m_tls, static_cast<int>(sent));
            if (why == SSL_ERROR_WANT_READ)
                events = POLLIN;
            else if (why != SSL_ERROR_NONE && why != SSL_ERROR_WANT_WRITE)
                return base::fail("hyperdrive.protocol", m_place + " ended the connection.");
        } else {
            sent = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0 && errno != EAGAIN && errno != EINTR)
                return base::fail("hyperdrive.protocol", m_place + " ended the connection: " + std::strerror(errno) + '.');
        }
        if (sent > 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (auto ready = wait(events); !ready)
            return ready;
    }
    return {};
}

Result<std::string> TestChannel::receive(std::size_t size)
{
    std::string bytes(size, '\0');
    std::size_t have = 0;
    while (have < size) {
        short events = POLLIN;
        std::ptrdiff_t got = 0;
        if (m_tls) {
            ERR_clear_error();
            got = SSL_read(m_tls, bytes.data() + have, static_cast<int>(size - have));
            const int why = got > 0 ? SSL_ERROR_NONE : SSL_get_error(m_tls, static_cast<int>(got));
            if (why == SSL_ERROR_WANT_WRITE)
                events = POLLOUT;
            else if (why != SSL_ERROR_NONE && why != SSL_ERROR_WANT_READ)
                return base::fail("hyperdrive.protocol", m_place + " ended the connection.");
        } else {
            got = ::recv(m_descriptor, bytes.data() + have, size - have, 0);
            if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
                return base::fail("hyperdrive.protocol", m_place + " ended the connection" + (got < 0 ? std::string(": ") + std::strerror(errno) : std::string()) + '.');
        }
        if (got > 0)
            have += static_cast<std::size_t>(got);
        else if (auto ready = wait(events); !ready)
            return std::unexpected(std::move(ready.error()));
    }
    return bytes;
}

std::string TestChannel::tls() const
{
    return m_tls ? SSL_get_version(m_tls) : "";
}

} // namespace cleat::bindings::hyperdrive
