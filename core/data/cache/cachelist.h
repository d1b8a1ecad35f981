// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::data::cache {

struct CacheRow {
    std::string url; ///< the cache key
    std::uint16_t status = 0;
    std::string contentType;
    std::optional<std::uint64_t> size; ///< bytes; nullopt: the body's file is missing
    std::optional<std::int64_t> expirationMs; ///< since the Unix epoch; may be past
    std::string blob;
    bool operator==(const CacheRow &) const = default;
};

struct CacheEntry {
    CacheRow row;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// The entries of one cache ("default", or "named:x"), by key, to be looked at and deleted. Belongs to one thread. Errors: core/storage/failure.h, data.cancelled.
class CacheList final
{
public:
    CacheList(const std::filesystem::path &state, std::string cache);
    ~CacheList();
    CacheList(const CacheList &) = delete;
    CacheList &operator=(const CacheList &) = delete;

    base::Result<std::uint64_t> count(const std::string &text, std::stop_token stop = {});
    base::Result<std::vector<CacheRow>> rows(const std::string &text, std::uint64_t first, std::size_t count, std::stop_token stop = {});
    base::Result<std::optional<CacheEntry>> entry(std::string_view url);
    base::Result<bool> changed(); ///< as in KeyList
    base::Result<std::uint64_t> remove(std::span<const std::string> urls, const Control &control);
    base::Result<std::uint64_t> clear(const Control &control);

    /// The caches that the state has, as the constructor takes them: "default", then those of caches.open(), "named:x". One whose name the file system could not take
    /// cannot be told from its folder, and is left out.
    static std::vector<std::string> names(const std::filesystem::path &state);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::data::cache
