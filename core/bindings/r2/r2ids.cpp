// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/r2/r2ids.h"

#include "core/base/bytes.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace cleat::bindings::r2 {

namespace {

template <std::size_t Size>
base::Result<std::array<std::byte, Size>> random()
{
    std::array<std::byte, Size> bytes;
    if (RAND_bytes(reinterpret_cast<unsigned char *>(bytes.data()), static_cast<int>(Size)) != 1)
        return base::fail("storage.failed", "The system gave no random bytes.");
    return bytes;
}

} // namespace

base::Result<std::string> newVersion()
{
    const auto bytes = random<16>();
    if (!bytes)
        return std::unexpected(bytes.error());
    return base::toHex(*bytes);
}

base::Result<std::string> newUploadId()
{
    const auto bytes = random<128>();
    if (!bytes)
        return std::unexpected(bytes.error());
    std::string id = base::toBase64(*bytes);
    id.erase(id.find_last_not_of('=') + 1);
    std::ranges::replace(id, '+', '-');
    std::ranges::replace(id, '/', '_');
    return id;
}

} // namespace cleat::bindings::r2
