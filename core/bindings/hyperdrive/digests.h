// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::bindings::hyperdrive {

// What logins are made of, over bytes.

enum class Digest { Md5, Sha1, Sha256 };
std::string digest(Digest kind, std::string_view bytes);
/// HMAC-SHA-256.
std::string keyed(std::string_view key, std::string_view bytes);
/// PBKDF2 with HMAC-SHA-256, 32 bytes.
std::string stretched(std::string_view password, std::string_view salt, int rounds);
/// Exclusive or, as long as the first; the second is repeated.
std::string mixed(std::string_view bytes, std::string_view other);
std::string randomBytes(std::size_t size);
std::string toHex(std::string_view bytes);
std::string toBase64(std::string_view bytes);
std::optional<std::string> fromBase64(std::string_view text);
/// RSA with OAEP, for a public key as PEM. Code hyperdrive.protocol: it is no such key.
base::Result<std::string> encryptedFor(std::string_view pem, std::string_view bytes);

} // namespace cleat::bindings::hyperdrive
