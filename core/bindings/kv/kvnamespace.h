// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::bindings::kv {

/// Limits of KV (Cloudflare, "KV limits"); the messages are those of the real thing.
inline constexpr std::size_t maxKeyBytes = 512;
inline constexpr std::size_t maxValueBytes = 26'214'400;
inline constexpr std::size_t maxMetadataBytes = 1024;
inline constexpr int maxListKeys = 1000;
inline constexpr std::size_t maxBulkKeys = 100;

struct Entry {
    std::shared_ptr<const std::string> value; ///< bytes
    std::optional<std::string> metadata; ///< JSON text
    std::optional<std::int64_t> expiration; ///< seconds since the Unix epoch
};

struct PutOptions {
    std::optional<std::int64_t> expiration; ///< seconds since the Unix epoch
    std::optional<std::int64_t> expirationTtl; ///< seconds from now; wins over expiration
    std::optional<std::string> metadata; ///< JSON text
};

struct ListOptions {
    std::string prefix;
    std::optional<std::int64_t> limit; ///< 0 and below count as not given
    std::string cursor;
};

struct ListedKey {
    std::string name;
    std::optional<std::int64_t> expiration; ///< seconds
    std::optional<std::string> metadata; ///< JSON text
    bool operator==(const ListedKey &) const = default;
};

struct ListResult {
    std::vector<ListedKey> keys; ///< by UTF-8 byte order
    bool complete = true;
    std::string cursor; ///< empty when complete
};

/// A KV namespace on wrangler's own files (<state>/v3/kv): the rows in SQLite, the values in blob files.
/// Synchronous; one object belongs to one thread, any number of objects and of other programs may use the same files at the same time.
/// Error messages are those that user code sees, without a class name in front ("KV PUT failed: 413 Value length of ..."). Codes: kv.key, kv.limit,
/// kv.option, kv.storage (the state is locked, full, denied or not a database; the message then names the file and says what to do).
class KvNamespace final
{
public:
    /// `state` is the folder that holds v3 (".wrangler/state"). Files are made on the first write; reading a namespace that has none finds it empty.
    KvNamespace(std::filesystem::path state, std::string id);
    ~KvNamespace();
    KvNamespace(const KvNamespace &) = delete;
    KvNamespace &operator=(const KvNamespace &) = delete;

    const std::string &id() const;
    /// The SQLite file, whether or not it exists.
    std::filesystem::path file() const;

    /// nullopt when the key is absent, expired, or its blob is gone.
    base::Result<std::optional<Entry>> read(std::string_view key);
    base::Result<void> put(std::string_view key, std::span<const std::byte> value, const PutOptions &options);
    base::Result<void> remove(std::string_view key);
    base::Result<ListResult> list(const ListOptions &options);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::bindings::kv
