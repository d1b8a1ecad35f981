// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Bytes of MySQL's client/server protocol ("Basic Data Types", "Packets"). Any thread.
namespace cleat::bindings::hyperdrive::mysqlwire {

constexpr std::size_t headBytes = 4; ///< of a packet: its length and its number
constexpr std::size_t fullPacket = 0xFF'FF'FF; ///< a payload that is so long goes on in the next packet

// Capabilities, of a client and of a server.
constexpr std::uint32_t longPassword = 0x1;
constexpr std::uint32_t withDatabase = 0x8;
constexpr std::uint32_t compression = 0x20;
constexpr std::uint32_t protocol41 = 0x200;
constexpr std::uint32_t canTls = 0x800;
constexpr std::uint32_t transactions = 0x2000;
constexpr std::uint32_t secureConnection = 0x8000;
constexpr std::uint32_t multiStatements = 0x1'0000;
constexpr std::uint32_t pluginAuthentication = 0x8'0000;
constexpr std::uint32_t longAuthentication = 0x20'0000; ///< its length is an integer of variable length
constexpr std::uint32_t withoutEof = 0x100'0000; ///< CLIENT_DEPRECATE_EOF
constexpr std::uint32_t optionalMetadata = 0x200'0000;
constexpr std::uint32_t zstdCompression = 0x400'0000;
constexpr std::uint32_t queryAttributes = 0x800'0000;

/// The least significant byte first.
inline std::string number(std::uint32_t value, int bytes)
{
    std::string out;
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>(value >> (8 * i));
    return out;
}

/// For payloads that one packet holds.
inline std::string packet(std::uint8_t sequence, std::string_view payload)
{
    return (number(static_cast<std::uint32_t>(payload.size()), 3) + static_cast<char>(sequence)).append(payload);
}

/// Reads a packet's fields one after another; what is not there reads as empty and 0.
class Reader final
{
public:
    explicit Reader(std::string_view bytes) : m_rest(bytes) {}
    std::uint32_t integer(std::size_t bytes)
    {
        std::uint32_t value = 0;
        const std::string_view part = text(bytes);
        for (std::size_t i = 0; i < part.size(); ++i)
            value |= static_cast<std::uint32_t>(static_cast<unsigned char>(part[i])) << (8 * i);
        return value;
    }
    /// An integer of variable length; what does not fit loses its upper half.
    std::uint32_t length()
    {
        const std::uint32_t first = integer(1);
        if (first < 0xFB)
            return first;
        const std::uint32_t value = integer(first == 0xFC ? 2 : first == 0xFD ? 3 : 4);
        if (first == 0xFE)
            text(4);
        return value;
    }
    std::string_view text(std::size_t bytes)
    {
        const std::string_view part = m_rest.substr(0, bytes);
        m_rest.remove_prefix(part.size());
        return part;
    }
    std::string_view untilNull()
    {
        const std::string_view part = m_rest.substr(0, m_rest.find('\0'));
        m_rest.remove_prefix(std::min(part.size() + 1, m_rest.size()));
        return part;
    }
    std::string_view rest() const { return m_rest; }

private:
    std::string_view m_rest;
};

} // namespace cleat::bindings::hyperdrive::mysqlwire
