// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::kv {

/// A key as a list shows it.
struct KeyRow {
    std::string key; ///< UTF-8
    std::string blob; ///< names the value's file: another one is another value
    std::optional<std::uint64_t> size; ///< bytes of the value; nullopt: its file is missing
    std::optional<std::int64_t> expiration; ///< seconds since the Unix epoch; may be past: looking deletes nothing
    std::optional<std::string> metadata; ///< JSON text
    bool operator==(const KeyRow &) const = default;
};

struct KeyFilter {
    std::string prefix; ///< byte for byte
    std::string text; ///< anywhere in the key, ASCII letters of either case
    bool operator==(const KeyFilter &) const = default;
};

struct KeyValue {
    std::string bytes;
    std::optional<std::int64_t> expiration; ///< seconds
    std::optional<std::string> metadata; ///< JSON text
    bool operator==(const KeyValue &) const = default;
};

/// The keys of one KV namespace, by UTF-8 byte order, to be looked at: any place of a million of them is reached at once. Reads only, in transactions that end
/// within each call, so that nobody waits for it. Belongs to one thread. A namespace without a file is empty; one that comes, goes or is replaced is followed.
/// Errors: core/storage/failure.h, data.cancelled.
class KeyList final
{
public:
    /// `state` is the folder that holds v3.
    KeyList(const std::filesystem::path &state, std::string id);
    ~KeyList();
    KeyList(const KeyList &) = delete;
    KeyList &operator=(const KeyList &) = delete;

    /// How many keys match.
    base::Result<std::uint64_t> count(const KeyFilter &filter, std::stop_token stop = {});
    /// The rows from `first` (from 0) on, `count` at most; fewer at the end.
    base::Result<std::vector<KeyRow>> rows(const KeyFilter &filter, std::uint64_t first, std::size_t count, std::stop_token stop = {});
    /// Where the key is among those that match, or would be.
    base::Result<std::uint64_t> position(const KeyFilter &filter, std::string_view key, std::stop_token stop = {});
    /// nullopt: no such key, or its file is missing. Expired keys are read too.
    base::Result<std::optional<KeyValue>> value(std::string_view key);
    /// Whether anybody changed anything since the last call; the first says true. Cheap enough for four times a second.
    base::Result<bool> changed();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::data::kv
