// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// Bytes of PostgreSQL's frontend/backend protocol, version 3 ("Message Formats"). Any thread.
namespace cleat::bindings::hyperdrive::postgreswire {

/// Four bytes, the most significant first.
inline std::string number(std::uint32_t value)
{
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}

/// What is not there counts as zero.
inline std::uint32_t numberAt(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i)
        value = value << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
    return value;
}

/// A message with a type: the length counts itself.
inline std::string message(char type, std::string_view content)
{
    return (type + number(static_cast<std::uint32_t>(content.size() + 4))).append(content);
}

} // namespace cleat::bindings::hyperdrive::postgreswire
