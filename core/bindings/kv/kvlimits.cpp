// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/kv/kvlimits.h"

#include <nlohmann/json.hpp>

#include <limits>
#include <string>

namespace cleat::bindings::kv {

namespace {

constexpr std::int64_t minTtl = 60; // seconds

std::unexpected<base::Error> refused(const char *code, std::string_view method, std::string text)
{
    return base::fail(code, "KV " + std::string(method) + " failed: " + std::move(text));
}

base::Result<void> checkLength(std::string_view method, std::string_view key)
{
    if (key.size() <= maxKeyBytes)
        return {};
    return refused(
        "kv.limit", method, "414 UTF-8 encoded length of " + std::to_string(key.size()) + " exceeds key length limit of " + std::to_string(maxKeyBytes) + ".");
}

base::Result<void> checkRange(const std::optional<std::int64_t> &number)
{
    using Limits = std::numeric_limits<std::int32_t>;
    if (!number || (*number >= Limits::min() && *number <= Limits::max()))
        return {};
    return base::fail("kv.key", "Value out of range. Must be between -2147483648 and 2147483647 (inclusive).");
}

base::Result<std::optional<std::int64_t>> checkExpiry(const PutOptions &options, std::int64_t now)
{
    if (options.expirationTtl) {
        const std::int64_t ttl = *options.expirationTtl;
        const std::string invalid = "400 Invalid expiration_ttl of " + std::to_string(ttl) + ". ";
        if (ttl <= 0)
            return refused("kv.option", "PUT", invalid + "Please specify integer greater than 0.");
        if (ttl < minTtl)
            return refused("kv.option", "PUT", invalid + "Expiration TTL must be at least " + std::to_string(minTtl) + ".");
        return now + ttl;
    }
    if (options.expiration) {
        const std::int64_t at = *options.expiration;
        const std::string invalid = "400 Invalid expiration of " + std::to_string(at) + ". ";
        if (at <= now)
            return refused("kv.option", "PUT", invalid + "Please specify integer greater than the current number of seconds since the UNIX epoch.");
        if (at < now + minTtl)
            return refused("kv.option", "PUT", invalid + "Expiration times must be at least " + std::to_string(minTtl) + " seconds in the future.");
        return at;
    }
    return std::nullopt;
}

} // namespace

base::Result<void> checkKey(std::string_view method, std::string_view key)
{
    if (key.empty())
        return base::fail("kv.key", "Key name cannot be empty.");
    if (key == "." || key == "..")
        return base::fail("kv.key", '"' + std::string(key) + "\" is not allowed as a key name.");
    return checkLength(method, key);
}

base::Result<void> checkBulkKey(std::string_view key)
{
    if (key.empty())
        return refused("kv.option", "GET_BULK", "400 Key names must not be empty");
    if (key == "." || key == "..")
        return refused("kv.option", "GET_BULK", "400 Illegal key name \"" + std::string(key) + "\". Please use a different name.");
    return checkLength("GET_BULK", key);
}

base::Result<std::optional<std::int64_t>> checkPut(std::size_t valueBytes, const PutOptions &options, std::int64_t now)
{
    for (const auto &number : {options.expiration, options.expirationTtl})
        if (auto range = checkRange(number); !range)
            return std::unexpected(std::move(range.error()));
    auto expiry = checkExpiry(options, now);
    if (!expiry)
        return expiry;
    if (options.metadata && options.metadata->size() > maxMetadataBytes) {
        return refused("kv.limit", "PUT",
            "413 Metadata length of " + std::to_string(options.metadata->size()) + " exceeds limit of " + std::to_string(maxMetadataBytes) + ".");
    }
    if (options.metadata && !nlohmann::json::accept(*options.metadata))
        return refused("kv.option", "PUT", "400 Metadata is not valid JSON.");
    if (valueBytes > maxValueBytes)
        return refused("kv.limit", "PUT", "413 Value length of " + std::to_string(valueBytes) + " exceeds limit of " + std::to_string(maxValueBytes) + ".");
    return expiry;
}

base::Result<int> checkList(const ListOptions &options)
{
    if (auto range = checkRange(options.limit); !range)
        return std::unexpected(std::move(range.error()));
    if (options.limit && *options.limit > maxListKeys) {
        return refused("kv.option", "GET",
            "400 Invalid key_count_limit of " + std::to_string(*options.limit) + ". Please specify an integer less than " + std::to_string(maxListKeys) + ".");
    }
    if (auto length = checkLength("GET", options.prefix); !length)
        return std::unexpected(std::move(length.error()));
    return options.limit && *options.limit > 0 ? static_cast<int>(*options.limit) : maxListKeys;
}

} // namespace cleat::bindings::kv
