// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/r2/r2types.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace cleat::bindings::r2 {

/// "MD5", "SHA-1", ...: as R2's messages spell it.
std::string_view nameOf(Hash hash);
/// "md5", "sha1", ...: as options and stored checksums spell it.
std::string_view fieldOf(Hash hash);
/// Bytes of a digest.
std::size_t lengthOf(Hash hash);

/// A hash that is computed piece by piece.
class Digest final
{
public:
    explicit Digest(Hash hash);
    ~Digest();
    Digest(Digest &&) noexcept;
    Digest &operator=(Digest &&) noexcept;
    Digest(const Digest &) = delete;
    Digest &operator=(const Digest &) = delete;

    void add(std::span<const std::byte> bytes);
    /// The digest's bytes; the end of it.
    std::string finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st *context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

} // namespace cleat::bindings::r2
