// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <cstddef>
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
inline constexpr std::size_t maxBulkLength = 26'214'400; ///< UTF-16 units of all values of a bulk get

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
///
/// Error messages are those that user code sees, without a class name in front ("KV PUT failed: 413 Value length of ..."). The code tells the class:
///   kv.key      TypeError: a key that KV does not take, or a number outside of int32
///   kv.limit    Error: a key, value, metadata or prefix that is too long (413, 414)
///   kv.option   Error: a TTL, expiration, limit or metadata that makes no sense (400)
///   kv.storage  Error: the state is locked, full, denied or not a database, or the namespace's id cannot be stored (500); the message names the
///               file and says what to do
///
/// What another program commits is seen by the next call. When the files are deleted or replaced under it, the namespace follows: at once when it lists or
/// writes, within a tenth of a second when it gets a value that it may have at hand.
class KvNamespace final
{
public:
    /// `state` is the folder that holds v3 (".wrangler/state"). Files are made on the first write; reading a namespace that has none finds it empty.
    /// `busyTimeout`: how long a call waits for a lock that another program holds.
    KvNamespace(const std::filesystem::path &state, std::string id, std::chrono::milliseconds busyTimeout = std::chrono::seconds(5));
    ~KvNamespace();
    KvNamespace(const KvNamespace &) = delete;
    KvNamespace &operator=(const KvNamespace &) = delete;

    const std::string &id() const;
    /// The SQLite file, whether or not it exists.
    std::filesystem::path file() const;

    /// nullopt when the key is absent, expired, or its blob is gone. An expired key is deleted, unless another program is writing just then.
    base::Result<std::optional<Entry>> read(std::string_view key);
    /// The same for one key of a bulk get, whose messages begin with "KV GET_BULK failed". How many keys and how much of their values there may be is the
    /// caller's to check.
    base::Result<std::optional<Entry>> readOfBulk(std::string_view key);
    /// Durable when it returns, whatever happens to the process. Metadata "null" is none.
    base::Result<void> put(std::string_view key, std::span<const std::byte> value, const PutOptions &options);
    /// Removing a key that is absent is fine.
    base::Result<void> remove(std::string_view key);
    /// Keys after the cursor's, so keys may come and go between two pages. A cursor that makes no sense starts from the first key. Deletes everything
    /// that has expired, unless another program is writing just then.
    base::Result<ListResult> list(const ListOptions &options);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::bindings::kv
