// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/session/client.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cleat::tests {

namespace {

constexpr int patienceMs = 120'000;

bool readable(int socket, int ms)
{
    pollfd entry{socket, POLLIN, 0};
    return ::poll(&entry, 1, ms) == 1;
}

bool number(std::string_view text, std::size_t &value, int base)
{
    return std::from_chars(text.data(), text.data() + text.size(), value, base).ec == std::errc{};
}

} // namespace

std::string Reply::field(std::string_view name) const
{
    const auto found = std::ranges::find_if(fields, [&](const auto &field) { return field.first == name; });
    return found == fields.end() ? std::string() : found->second;
}

Client::Client(int port, const std::string &address)
{
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *info = nullptr;
    if (::getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &info) != 0)
        return;
    m_socket = ::socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (m_socket >= 0 && ::connect(m_socket, info->ai_addr, info->ai_addrlen) != 0) {
        ::close(m_socket);
        m_socket = -1;
    }
    ::freeaddrinfo(info);
}

Client::~Client()
{
    if (m_socket >= 0)
        ::close(m_socket);
}

int Client::localPort() const
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    return ::getsockname(m_socket, reinterpret_cast<sockaddr *>(&address), &size) == 0 ? ntohs(address.sin_port) : 0;
}

void Client::send(std::string_view bytes)
{
    while (m_socket >= 0 && !bytes.empty()) {
        pollfd entry{m_socket, POLLOUT, 0};
        if (::poll(&entry, 1, patienceMs) != 1)
            return;
        const ssize_t n = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n <= 0)
            return;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

void Client::sendRequest(std::string_view method, std::string_view target, std::string_view extra, std::string_view body)
{
    std::string text;
    text.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
    if (extra.find("Host:") == std::string_view::npos)
        text += "Host: localhost\r\n";
    text += extra;
    if (!body.empty() || method == "POST" || method == "PUT")
        text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    text.append("\r\n").append(body);
    send(text);
}

bool Client::fill()
{
    std::array<char, 65536> buffer;
    if (m_socket < 0 || !readable(m_socket, patienceMs))
        return false;
    const ssize_t n = ::recv(m_socket, buffer.data(), buffer.size(), 0);
    m_ended = n <= 0;
    if (m_ended)
        return false;
    m_in.append(buffer.data(), static_cast<std::size_t>(n));
    return true;
}

bool Client::line(std::string &out)
{
    std::size_t end = 0;
    while ((end = m_in.find("\r\n")) == std::string::npos) {
        if (!fill())
            return false;
    }
    out = m_in.substr(0, end);
    m_in.erase(0, end + 2);
    return true;
}

bool Client::take(std::size_t count, std::string &out)
{
    while (m_in.size() < count) {
        if (!fill())
            break;
    }
    count = std::min(count, m_in.size());
    out.append(m_in, 0, count);
    m_in.erase(0, count);
    return count > 0 || !out.empty();
}

Reply Client::receive(std::string_view method)
{
    Reply reply;
    std::string text;
    do {
        if (!line(text) || text.size() < 12)
            return reply;
        std::size_t status = 0;
        if (!number(std::string_view(text).substr(9, 3), status, 10))
            return reply;
        reply.fields.clear();
        while (line(text) && !text.empty()) {
            const std::size_t colon = text.find(": ");
            std::string name = text.substr(0, colon);
            std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            reply.fields.emplace_back(std::move(name), colon == std::string::npos ? std::string() : text.substr(colon + 2));
        }
        reply.status = static_cast<int>(status);
    } while (reply.status / 100 == 1);
    if (method == "HEAD" || reply.status == 204 || reply.status == 304) {
        reply.complete = true;
        return reply;
    }
    if (reply.field("transfer-encoding") == "chunked") {
        for (;;) {
            std::size_t size = 0;
            if (!line(text) || !number(text, size, 16))
                return reply;
            const std::size_t before = reply.body.size();
            if (size > 0 && (!take(size, reply.body) || reply.body.size() != before + size))
                return reply;
            if (!line(text))
                return reply;
            if (size == 0) {
                reply.complete = true;
                return reply;
            }
        }
    }
    std::size_t length = 0;
    if (number(reply.field("content-length"), length, 10)) {
        take(length, reply.body);
        reply.complete = reply.body.size() == length;
        return reply;
    }
    while (fill()) {
    }
    reply.body = std::exchange(m_in, {});
    reply.complete = true;
    return reply;
}

std::string Client::receiveSome(int ms, std::string_view until)
{
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
    while (m_in.find(until) == std::string::npos) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
        if (m_socket < 0 || left <= 0 || !readable(m_socket, static_cast<int>(left)) || !fill())
            break;
    }
    return std::exchange(m_in, {});
}

std::string Client::receiveAny()
{
    if (m_in.empty())
        fill();
    return std::exchange(m_in, {});
}

bool Client::sendSome(std::string_view bytes, int ms)
{
    while (m_socket >= 0 && !bytes.empty()) {
        pollfd entry{m_socket, POLLOUT, 0};
        if (::poll(&entry, 1, ms) != 1)
            return false;
        const ssize_t n = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n <= 0)
            return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return bytes.empty();
}

Reply Client::get(std::string_view target, std::string_view extra)
{
    sendRequest("GET", target, extra);
    return receive();
}

void Client::endSending()
{
    ::shutdown(m_socket, SHUT_WR);
}

void Client::abort()
{
    const linger hard{1, 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    ::close(m_socket);
    m_socket = -1;
}

Reply get(int port, std::string_view target, std::string_view extra)
{
    return request(port, "GET", target, extra);
}

Reply request(int port, std::string_view method, std::string_view target, std::string_view extra, std::string_view body)
{
    Client client(port);
    client.sendRequest(method, target, extra, body);
    return client.receive(method);
}

} // namespace cleat::tests
