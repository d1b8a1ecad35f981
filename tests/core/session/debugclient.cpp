// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/session/debugclient.h"

#include "tests/core/session/running.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace cleat::tests {

DebugClient::DebugClient(int port, const std::string &path, const std::string &extra, const std::string &host)
{
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0)
        return;
    sendBytes("GET " + path + " HTTP/1.1\r\nHost: " + host + ":" + std::to_string(port) + "\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
              "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + extra + "\r\n");
    std::size_t end = 0;
    while ((end = m_in.find("\r\n\r\n")) == std::string::npos) {
        if (!fill())
            return;
    }
    if (m_in.starts_with("HTTP/1.1 "))
        m_status = std::atoi(m_in.c_str() + 9);
    // The example of RFC 6455, section 1.3
    if (m_status == 101 && m_in.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") == std::string::npos)
        m_status = -1;
    m_in.erase(0, end + 4);
}

DebugClient::~DebugClient()
{
    vanish();
}

void DebugClient::vanish()
{
    if (m_socket < 0)
        return;
    const linger reset{1, 0};
    ::setsockopt(m_socket, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    ::close(std::exchange(m_socket, -1));
}

bool DebugClient::fill()
{
    pollfd waiting{m_socket, POLLIN, 0};
    if (m_socket < 0 || ::poll(&waiting, 1, patience) != 1)
        return false;
    std::array<char, 65536> bytes;
    const ssize_t count = ::recv(m_socket, bytes.data(), bytes.size(), 0);
    if (count <= 0) {
        ::close(std::exchange(m_socket, -1));
        return false;
    }
    m_in.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
}

void DebugClient::sendBytes(std::string_view bytes)
{
    while (!bytes.empty() && m_socket >= 0) {
        const ssize_t count = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0)
            return;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void DebugClient::sendFrame(unsigned char first, std::string_view payload)
{
    constexpr std::array<unsigned char, 4> mask{0x12, 0x34, 0x56, 0x78};
    std::string wire(1, static_cast<char>(first));
    if (payload.size() < 126) {
        wire += static_cast<char>(0x80 | payload.size());
    } else {
        const int bytes = payload.size() <= 0xFFFF ? 2 : 8;
        wire += static_cast<char>(bytes == 2 ? 0xFE : 0xFF);
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
            wire += static_cast<char>(payload.size() >> shift);
    }
    wire.append(reinterpret_cast<const char *>(mask.data()), mask.size());
    for (std::size_t i = 0; i < payload.size(); ++i)
        wire += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i & 3]);
    sendBytes(wire);
}

int DebugClient::send(const std::string &method, const Json &params)
{
    const int id = ++m_lastId;
    sendFrame(0x81, Json{{"id", id}, {"method", method}, {"params", params}}.dump());
    return id;
}

std::optional<DebugClient::Frame> DebugClient::frame()
{
    const auto have = [this](std::size_t bytes) {
        while (m_in.size() < bytes) {
            if (!fill())
                return false;
        }
        return true;
    };
    if (!have(2))
        return std::nullopt;
    std::size_t head = 2;
    std::size_t length = static_cast<unsigned char>(m_in[1]); // of a server: not masked
    if (length >= 126) {
        const std::size_t bytes = length == 126 ? 2 : 8;
        if (!have(2 + bytes))
            return std::nullopt;
        length = 0;
        for (std::size_t i = 0; i < bytes; ++i)
            length = length << 8 | static_cast<unsigned char>(m_in[2 + i]);
        head += bytes;
    }
    if (!have(head + length))
        return std::nullopt;
    Frame frame{m_in[0] & 15, m_in.substr(head, length)};
    m_in.erase(0, head + length);
    return frame;
}

std::optional<DebugClient::Json> DebugClient::message()
{
    while (const auto got = frame()) {
        if (got->opcode == 1)
            return Json::parse(got->payload, nullptr, false);
        if (got->opcode == 8)
            break;
    }
    return std::nullopt;
}

DebugClient::Json DebugClient::answerTo(int id)
{
    const auto result = [](const Json &answer) { return answer.contains("error") ? Json{{"error", answer["error"]}} : answer.value("result", Json()); };
    const auto kept = std::ranges::find_if(m_kept, [id](const Json &one) { return one.value("id", 0) == id; });
    if (kept != m_kept.end()) {
        const Json answer = std::move(*kept);
        m_kept.erase(kept);
        return result(answer);
    }
    while (auto got = message()) {
        if (got->value("id", 0) == id)
            return result(*got);
        m_kept.push_back(std::move(*got));
    }
    return nullptr;
}

bool DebugClient::has(const std::string &method) const
{
    return std::ranges::any_of(m_kept, [&](const Json &one) { return one.value("method", std::string()) == method; });
}

DebugClient::Json DebugClient::next(const std::string &method)
{
    while (true) {
        const auto kept = std::ranges::find_if(m_kept, [&](const Json &one) { return one.value("method", std::string()) == method; });
        if (kept != m_kept.end()) {
            Json params = (*kept)["params"];
            m_kept.erase(kept);
            return params;
        }
        auto got = message();
        if (!got)
            return nullptr;
        m_kept.push_back(std::move(*got));
    }
}

std::optional<int> DebugClient::closeCode()
{
    while (const auto got = frame()) {
        if (got->opcode == 8)
            return got->payload.size() < 2 ? 1005 : static_cast<unsigned char>(got->payload[0]) << 8 | static_cast<unsigned char>(got->payload[1]);
    }
    return m_socket < 0 ? std::optional(0) : std::nullopt;
}

std::optional<std::string> DebugClient::pong()
{
    while (const auto got = frame()) {
        if (got->opcode == 10)
            return got->payload;
    }
    return std::nullopt;
}

} // namespace cleat::tests
