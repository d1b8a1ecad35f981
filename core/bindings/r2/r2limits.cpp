// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/r2/r2limits.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace cleat::bindings::r2 {

namespace {

std::string_view textOf(Code code)
{
    switch (code) {
    case Code::Internal:
        return "We encountered an internal error. Please try again.";
    case Code::EntityTooSmall:
        return "Your proposed upload is smaller than the minimum allowed object size.";
    case Code::MetadataTooLarge:
        return "Your metadata headers exceed the maximum allowed metadata size.";
    case Code::InvalidObjectName:
        return "The specified object name is not valid.";
    case Code::InvalidMaxKeys:
        return "MaxKeys params must be positive integer <= 1000.";
    case Code::NoSuchUpload:
        return "The specified multipart upload does not exist.";
    case Code::InvalidPart:
        return "One or more of the specified parts could not be found.";
    case Code::BadDigest:
        return "The checksum you specified did not match what we received.";
    case Code::InvalidRange:
        return "The requested range is not satisfiable";
    case Code::BadUpload:
        return "There was a problem with the multipart upload.";
    case Code::EntityTooLarge:
        return "Your proposed upload exceeds the maximum allowed object size.";
    }
    return {};
}

/// As wrangler counts: characters, twice when one of them is beyond Latin-1.
std::size_t metadataSize(std::string_view text)
{
    std::size_t units = 0;
    std::size_t width = 1;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) != 0x80)
            units += byte >= 0xF0 ? 2 : 1;
        if (byte >= 0xC4)
            width = 2;
    }
    return units * width;
}

std::string_view trimmed(std::string_view text)
{
    const auto space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
    while (!text.empty() && space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && space(text.back()))
        text.remove_suffix(1);
    return text;
}

/// nullopt: no number, an empty text is one that is not there.
std::optional<std::optional<std::int64_t>> parseNumber(std::string_view text)
{
    text = trimmed(text);
    if (text.empty())
        return std::optional<std::int64_t>();
    if (text.size() > 18 || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::int64_t value = 0;
    for (const char c : text)
        value = value * 10 + (c - '0');
    return value;
}

/// RFC 9110, section 14.2; nullopt for what is to be ignored: several ranges, one that cannot be satisfied, or nonsense.
std::optional<Range> parseHeader(std::string_view header, std::int64_t size)
{
    header = trimmed(header);
    constexpr std::string_view unit = "bytes";
    if (header.size() <= unit.size() || !std::ranges::equal(header.substr(0, unit.size()), unit, [](char a, char b) { return std::tolower(a) == b; }))
        return std::nullopt;
    header = trimmed(header.substr(unit.size()));
    if (!header.starts_with('='))
        return std::nullopt;
    header.remove_prefix(1);
    const std::size_t dash = header.find('-');
    if (dash == header.npos)
        return std::nullopt;
    const auto first = parseNumber(header.substr(0, dash));
    const auto last = parseNumber(header.substr(dash + 1));
    if (!first || !last || (!*first && !*last))
        return std::nullopt;
    if (!*first) {
        const std::int64_t suffix = **last;
        return suffix == 0 || suffix >= size ? std::nullopt : std::optional(Range{size - suffix, suffix});
    }
    const std::int64_t begin = **first;
    if (begin >= size || (*last && **last < begin))
        return std::nullopt;
    const std::int64_t end = *last ? std::min(**last, size - 1) : size - 1;
    return Range{begin, end - begin + 1};
}

bool includes(const std::vector<Etag> &etags, const std::string &etag, Etag::Kind comparison)
{
    return std::ranges::any_of(etags, [&](const Etag &wanted) {
        return wanted.kind == Etag::Kind::Wildcard || (wanted.value == etag && (wanted.kind == Etag::Kind::Strong || comparison == Etag::Kind::Weak));
    });
}

} // namespace

std::unexpected<base::Error> refused(std::string_view operation, Code code, std::string_view text)
{
    const std::string number = std::to_string(static_cast<int>(code));
    return base::fail("r2." + number, std::string(operation).append(": ").append(text.empty() ? textOf(code) : text).append(" (").append(number).append(")"));
}

base::Result<void> checkKey(std::string_view operation, std::string_view key)
{
    if (key.size() > maxKeyBytes)
        return refused(operation, Code::InvalidObjectName);
    return {};
}

base::Result<void> checkSize(std::string_view operation, std::int64_t bytes)
{
    if (bytes > maxObjectBytes)
        return refused(operation, Code::EntityTooLarge);
    return {};
}

base::Result<void> checkMetadata(std::string_view operation, std::string_view httpMetadata, std::string_view customMetadata)
{
    if (httpMetadata != "{}" && !nlohmann::json::accept(httpMetadata))
        return refused(operation, Code::Internal, "The HTTP metadata is not valid JSON.");
    if (customMetadata == "{}")
        return {};
    const auto json = nlohmann::json::parse(customMetadata, nullptr, false);
    if (!json.is_object())
        return refused(operation, Code::Internal, "The custom metadata is not a JSON object.");
    std::size_t size = 0;
    for (const auto &[name, value] : json.items()) {
        if (!value.is_string())
            return refused(operation, Code::Internal, "The custom metadata \"" + name + "\" is not a text.");
        size += metadataSize(name) + metadataSize(value.get_ref<const std::string &>());
    }
    if (size > maxMetadataSize)
        return refused(operation, Code::MetadataTooLarge);
    return {};
}

base::Result<int> checkList(const ListOptions &options)
{
    const std::int64_t limit = options.limit.value_or(maxListed);
    if (limit < 1 || limit > maxListed)
        return refused("list", Code::InvalidMaxKeys);
    const bool metadata = options.includeHttpMetadata || options.includeCustomMetadata;
    return static_cast<int>(metadata ? std::min<std::int64_t>(limit, maxListedWithMetadata) : limit);
}

base::Result<std::optional<Range>> resolveRange(const RangeRequest &request, std::int64_t size)
{
    if (request.header)
        return parseHeader(*request.header, size);
    std::int64_t offset = request.offset.value_or(0);
    std::int64_t length = request.length.value_or(size - offset);
    if (request.suffix) {
        length = std::min(*request.suffix, size);
        offset = size - length;
    } else if (offset < 0 || offset > size) {
        return refused("get", Code::InvalidRange);
    }
    length = std::min(length, size - offset);
    if (length <= 0)
        return refused("get", Code::InvalidRange);
    return Range{offset, length};
}

bool holds(const Conditions &conditions, const std::string *etag, const std::int64_t *uploadedMs)
{
    if (!etag || !uploadedMs)
        return !conditions.etagMatches && !conditions.uploadedAfterMs;
    const auto time = [&](std::int64_t ms) { return conditions.secondsGranularity ? (ms >= 0 ? ms / 1000 : (ms - 999) / 1000) : ms; };
    const bool matches = !conditions.etagMatches || includes(*conditions.etagMatches, *etag, Etag::Kind::Strong);
    const bool differs = !conditions.etagDoesNotMatch || !includes(*conditions.etagDoesNotMatch, *etag, Etag::Kind::Weak);
    const bool after = !conditions.uploadedAfterMs || time(*conditions.uploadedAfterMs) < time(*uploadedMs) || (conditions.etagDoesNotMatch && differs);
    const bool before = !conditions.uploadedBeforeMs || time(*uploadedMs) < time(*conditions.uploadedBeforeMs) || (conditions.etagMatches && matches);
    return matches && differs && after && before;
}

} // namespace cleat::bindings::r2
