// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/durableobjects/objectids.h"

#include "core/base/bytes.h"
#include "core/storage/names.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

namespace cleat::bindings::durableobjects {

std::string uniqueKey(std::string_view worker, std::string_view className)
{
    std::string key(worker);
    key.append("-").append(className);
    return key;
}

std::string idFromName(std::string_view uniqueKey, std::string_view name)
{
    return storage::objectId(uniqueKey, name);
}

base::Result<std::string> newUniqueId(std::string_view uniqueKey)
{
    constexpr std::size_t half = 16;
    std::array<unsigned char, 2 * half> id{};
    if (RAND_bytes(id.data(), half) != 1)
        return base::fail("object.random", "The system gave no random bytes for a new id.");
    std::array<unsigned char, SHA256_DIGEST_LENGTH> key{};
    SHA256(reinterpret_cast<const unsigned char *>(uniqueKey.data()), uniqueKey.size(), key.data());
    std::array<unsigned char, SHA256_DIGEST_LENGTH> mac{};
    unsigned length = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), id.data(), half, mac.data(), &length);
    std::copy_n(mac.begin(), half, id.begin() + half);
    return base::toHex(std::as_bytes(std::span(id)));
}

base::Result<std::string> idFromString(std::string_view uniqueKey, std::string_view hex)
{
    constexpr std::size_t digits = 64;
    if (hex.size() != digits || hex.find_first_not_of("0123456789abcdefABCDEF") != hex.npos)
        return base::fail("object.id", "Invalid Durable Object ID: must be 64 hex digits");
    if (!storage::isObjectIdOf(uniqueKey, hex))
        return base::fail("object.id", "Durable Object ID is not valid for this namespace.");
    std::string id(hex);
    std::ranges::transform(id, id.begin(), [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
    return id;
}

} // namespace cleat::bindings::durableobjects
