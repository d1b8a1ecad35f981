// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/runtime/socketpeer.h"

#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>

namespace cleat::test {

namespace {

ssl_ctx_st *makeContext(const QByteArray &certificate, const QByteArray &key)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    BIO *memory = BIO_new_mem_buf(certificate.constData(), static_cast<int>(certificate.size()));
    X509 *read = PEM_read_bio_X509(memory, nullptr, nullptr, nullptr);
    SSL_CTX_use_certificate(context, read);
    X509_free(read);
    BIO_free(memory);
    memory = BIO_new_mem_buf(key.constData(), static_cast<int>(key.size()));
    EVP_PKEY *own = PEM_read_bio_PrivateKey(memory, nullptr, nullptr, nullptr);
    SSL_CTX_use_PrivateKey(context, own);
    EVP_PKEY_free(own);
    BIO_free(memory);
    return context;
}

} // namespace

bool SocketPeer::Connection::more(std::size_t most)
{
    std::array<char, 64U << 10> buffer{};
    const auto room = static_cast<int>(std::min(most, buffer.size()));
    const auto n = m_tls ? SSL_read(m_tls, buffer.data(), room) : ::recv(m_descriptor, buffer.data(), static_cast<std::size_t>(room), 0);
    if (n <= 0)
        return false;
    m_buffer.append(buffer.data(), static_cast<std::size_t>(n));
    return true;
}

std::optional<std::string> SocketPeer::Connection::line()
{
    std::size_t end = 0;
    while ((end = m_buffer.find('\n')) == std::string::npos) {
        if (!more(64U << 10))
            return std::nullopt;
    }
    std::string text = m_buffer.substr(0, end);
    m_buffer.erase(0, end + 1);
    return text;
}

std::string SocketPeer::Connection::some(std::size_t most)
{
    if (m_buffer.empty() && !more(most))
        return {};
    std::string taken = m_buffer.substr(0, most);
    m_buffer.erase(0, taken.size());
    return taken;
}

std::string SocketPeer::Connection::bytes(std::size_t count)
{
    while (m_buffer.size() < count && more(count - m_buffer.size())) {
    }
    std::string taken = m_buffer.substr(0, count);
    m_buffer.erase(0, taken.size());
    return taken;
}

bool SocketPeer::Connection::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto n = m_tls ? SSL_write(m_tls, bytes.data(), static_cast<int>(bytes.size())) : ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

bool SocketPeer::Connection::startTls()
{
    if (!m_context)
        return false;
    m_tls = SSL_new(m_context);
    SSL_set_fd(m_tls, m_descriptor);
    return SSL_accept(m_tls) == 1;
}

void SocketPeer::Connection::finish()
{
    if (m_tls)
        SSL_shutdown(m_tls);
    ::shutdown(m_descriptor, SHUT_WR);
}

void SocketPeer::Connection::reset()
{
    const linger none{1, 0};
    ::setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

SocketPeer::SocketPeer(Handler handler, Transport transport, const QByteArray &certificate, const QByteArray &key) : m_handler(std::move(handler)), m_transport(transport)
{
    std::signal(SIGPIPE, SIG_IGN); // of OpenSSL's own sockets
    if (!certificate.isEmpty())
        m_context = makeContext(certificate, key);
    m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(m_listener, reinterpret_cast<const sockaddr *>(&address), sizeof address);
    ::listen(m_listener, 512);
    socklen_t size = sizeof address;
    ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size);
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { listen(); });
}

SocketPeer::~SocketPeer()
{
    m_stop = true;
    m_thread.join();
    ::close(m_listener);
    {
        std::lock_guard lock(m_mutex);
        for (const int descriptor : m_open)
            ::shutdown(descriptor, SHUT_RDWR);
    }
    for (std::thread &thread : m_threads)
        thread.join();
    SSL_CTX_free(m_context);
}

void SocketPeer::listen()
{
    while (!m_stop) {
        pollfd waits{m_listener, POLLIN, 0};
        if (::poll(&waits, 1, 20) <= 0)
            continue;
        const int descriptor = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor < 0)
            continue;
        ++m_connections;
        std::lock_guard lock(m_mutex);
        m_open.insert(descriptor);
        m_threads.emplace_back([this, descriptor] { serve(descriptor); });
    }
}

void SocketPeer::serve(int descriptor)
{
    Connection connection(descriptor, m_context);
    if (m_transport == Transport::Plain || connection.startTls())
        m_handler(connection);
    if (connection.m_tls) {
        SSL_shutdown(connection.m_tls);
        SSL_free(connection.m_tls);
    }
    std::lock_guard lock(m_mutex);
    m_open.erase(descriptor);
    ::close(descriptor);
}

int SocketPeer::open() const
{
    std::lock_guard lock(m_mutex);
    return static_cast<int>(m_open.size());
}

bool SocketPeer::waitForOpen(int count) const
{
    const auto last = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (open() != count) {
        if (std::chrono::steady_clock::now() > last)
            return false;
        std::this_thread::yield();
    }
    return true;
}

void SocketPeer::killAll()
{
    std::lock_guard lock(m_mutex);
    const linger none{1, 0};
    for (const int descriptor : m_open) {
        ::setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &none, sizeof none);
        ::shutdown(descriptor, SHUT_RD);
    }
}

void answerLines(SocketPeer::Connection &connection)
{
    while (const auto line = connection.line()) {
        if (*line == "close") {
            return;
        } else if (*line == "reset") {
            connection.reset();
            return;
        } else if (*line == "shut") {
            connection.finish();
        } else if (*line == "hang") {
            while (!connection.some(64U << 10).empty()) {
            }
            return;
        } else if (*line == "starttls") {
            connection.send("go\n");
            if (!connection.startTls())
                return;
        } else if (line->starts_with("send ")) {
            const std::string piece(1U << 20, 'x');
            for (auto left = static_cast<std::size_t>(std::stoll(line->substr(5))); left > 0;) {
                const std::size_t now = std::min(left, piece.size());
                if (!connection.send(std::string_view(piece).substr(0, now)))
                    return;
                left -= now;
            }
        } else if (line->starts_with("count ")) {
            const auto wanted = static_cast<std::size_t>(std::stoll(line->substr(6)));
            std::size_t got = 0;
            while (got < wanted) {
                const std::size_t n = connection.some(std::min<std::size_t>(wanted - got, 64U << 10)).size();
                if (n == 0)
                    return;
                got += n;
            }
            connection.send("got " + std::to_string(got) + "\n");
        } else {
            connection.send("echo " + *line + "\n");
        }
    }
    connection.send("eof seen\n");
}

} // namespace cleat::test
