// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cleat::bindings::r2 {

/// Limits of R2 (Cloudflare, "R2 limits"), as wrangler keeps them.
inline constexpr std::size_t maxKeyBytes = 1024;
inline constexpr std::size_t maxMetadataSize = 8192;
inline constexpr std::int64_t maxObjectBytes = 5'363'466'240;
inline constexpr std::int64_t minPartBytes = 5'242'880; ///< of all parts but the last
inline constexpr int maxParts = 10'000;
inline constexpr int maxListed = 1000;
inline constexpr int maxListedWithMetadata = 100;

struct Range {
    std::int64_t offset = 0;
    std::int64_t length = 0;
    bool operator==(const Range &) const = default;
};

/// What is known of an object, without its value.
struct Object {
    std::string key;
    std::string version; ///< 32 hexadecimal digits, other ones with each write
    std::int64_t size = 0; ///< bytes
    std::string etag; ///< without quotes: the MD5 of the value, or for a value in parts the MD5 of their MD5s, '-', and their number
    std::int64_t uploadedMs = 0; ///< milliseconds since the Unix epoch
    std::string checksums; ///< JSON: md5, sha1, sha256, sha384 or sha512, when the writer gave it, in hexadecimal
    std::string httpMetadata; ///< JSON: contentType, contentLanguage, contentDisposition, contentEncoding, cacheControl, cacheExpiry (a number of ms)
    std::string customMetadata; ///< JSON, text to text
    std::optional<Range> range; ///< what was read; of get and head only
    bool operator==(const Object &) const = default;
};

struct Etag {
    enum class Kind { Strong, Weak, Wildcard };
    Kind kind = Kind::Strong;
    std::string value;
};

/// When to do it (R2's R2Conditional).
struct Conditions {
    std::optional<std::vector<Etag>> etagMatches;
    std::optional<std::vector<Etag>> etagDoesNotMatch;
    std::optional<std::int64_t> uploadedBeforeMs;
    std::optional<std::int64_t> uploadedAfterMs;
    bool secondsGranularity = false; ///< compare whole seconds
};

/// Offset and length, or suffix; or the value of a Range field, which counts only when it names one range that can be satisfied.
struct RangeRequest {
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> length;
    std::optional<std::int64_t> suffix;
    std::optional<std::string> header;
};

struct GetOptions {
    std::optional<Conditions> onlyIf;
    std::optional<RangeRequest> range;
};

enum class Hash { Md5, Sha1, Sha256, Sha384, Sha512 };

/// What the caller says that the value's hash is.
struct Checksum {
    Hash hash = Hash::Md5;
    std::string bytes;
};

struct PutOptions {
    std::optional<Conditions> onlyIf;
    std::string httpMetadata = "{}"; ///< as in Object
    std::string customMetadata = "{}";
    std::optional<Checksum> checksum;
};

struct ListOptions {
    std::string prefix;
    std::string delimiter; ///< empty: none
    std::string cursor; ///< of an earlier page
    std::optional<std::string> startAfter; ///< exclusive
    std::optional<std::int64_t> limit;
    bool includeHttpMetadata = false;
    bool includeCustomMetadata = false;
};

struct ListResult {
    std::vector<Object> objects; ///< by UTF-8 byte order; metadata "{}" unless asked for
    std::vector<std::string> delimitedPrefixes;
    bool truncated = false;
    std::string cursor; ///< empty when not truncated
};

struct UploadedPart {
    int number = 0; ///< 1 to maxParts
    std::string etag;
};

} // namespace cleat::bindings::r2
