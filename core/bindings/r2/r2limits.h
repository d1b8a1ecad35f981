// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/r2/r2types.h"

#include <optional>
#include <string>
#include <string_view>

namespace cleat::bindings::r2 {

/// The errors of R2 with their numbers (Cloudflare, "R2 error codes"), as wrangler gives them.
enum class Code {
    Internal = 10001,
    EntityTooSmall = 10011,
    MetadataTooLarge = 10012,
    InvalidObjectName = 10020,
    InvalidMaxKeys = 10022,
    NoSuchUpload = 10024,
    InvalidPart = 10025,
    BadDigest = 10037,
    InvalidRange = 10039,
    BadUpload = 10048,
    EntityTooLarge = 100100,
};

/// "r2.<number>" and "<operation>: <text> (<number>)"; without `text`, the one that R2 has for the code.
std::unexpected<base::Error> refused(std::string_view operation, Code code, std::string_view text = {});

base::Result<void> checkKey(std::string_view operation, std::string_view key);
base::Result<void> checkSize(std::string_view operation, std::int64_t bytes);
/// Both are JSON objects, the second from text to text.
base::Result<void> checkMetadata(std::string_view operation, std::string_view httpMetadata, std::string_view customMetadata);
/// Gives the number of objects and prefixes to list at most.
base::Result<int> checkList(const ListOptions &options);

/// The part of an object of `size` bytes that is asked for; nullopt for all of it.
base::Result<std::optional<Range>> resolveRange(const RangeRequest &request, std::int64_t size);

/// Whether the conditions hold. Without an object both are null.
bool holds(const Conditions &conditions, const std::string *etag, const std::int64_t *uploadedMs);

} // namespace cleat::bindings::r2
