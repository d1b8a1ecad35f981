// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cleat::base {

/// Bytes held in a std::string are plain bytes: no encoding is implied by the type.
inline std::span<const std::byte> asBytes(std::string_view text)
{
    return {reinterpret_cast<const std::byte *>(text.data()), text.size()};
}
inline std::string_view asText(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
}

/// Lower-case hexadecimal.
std::string toHex(std::span<const std::byte> bytes);

/// Standard base64 with padding (RFC 4648 section 4).
std::string toBase64(std::span<const std::byte> bytes);

/// Decodes standard base64, with or without padding; nullopt when a character is outside the alphabet.
std::optional<std::string> fromBase64(std::string_view text);

/// True when the bytes are well-formed UTF-8 (no surrogates, no overlong forms).
bool isUtf8(std::string_view bytes);

} // namespace cleat::base
