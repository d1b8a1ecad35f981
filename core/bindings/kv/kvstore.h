// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/kv/kvnamespace.h"
#include "core/storage/blobcache.h"
#include "core/storage/blobreader.h"
#include "core/storage/blobremoval.h"
#include "core/storage/blobstore.h"
#include "core/storage/blobwriter.h"
#include "core/storage/database.h"
#include "core/storage/names.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cleat::bindings::kv {

/// The rows and values of one KV namespace, or of one cache (wrangler keeps both in the same tables), on disk. Knows nothing of KV's limits and names; what it is
/// given has been checked. Errors: see core/storage/failure.h. Belongs to one thread.
class KvStore final
{
public:
    KvStore(const std::filesystem::path &state, const storage::Layout &layout, std::string_view id, std::chrono::milliseconds busyTimeout);
    KvStore(const KvStore &) = delete;
    KvStore &operator=(const KvStore &) = delete;

    const std::filesystem::path &file() const { return m_file; }

    base::Result<std::optional<Entry>> read(std::string_view key);
    /// The same for a value that may be large: one of these is set.
    struct Opened {
        std::optional<std::string> metadata;
        std::shared_ptr<const std::string> whole;
        std::optional<storage::BlobReader> blob;
        std::filesystem::path missing; ///< the value's file, which is not there
    };
    base::Result<std::optional<Opened>> open(std::string_view key);
    /// A value that comes in pieces, for put().
    base::Result<storage::BlobWriter> write();
    /// `value` is published. `expirationMs` in milliseconds since the Unix epoch.
    base::Result<void> put(std::string_view key, storage::BlobWriter value, std::optional<std::int64_t> expirationMs, const std::optional<std::string> &metadata);
    base::Result<void> put(
        std::string_view key, std::span<const std::byte> value, std::optional<std::int64_t> expirationMs, const std::optional<std::string> &metadata);
    /// Whether there was one that had not expired.
    base::Result<bool> remove(std::string_view key);
    base::Result<ListResult> list(const ListOptions &options, int limit);

private:
    enum class Check { Now, NowAndThen }; ///< whether the file was deleted or replaced
    struct Row {
        std::string blobId;
        std::optional<std::int64_t> expirationMs;
        std::optional<std::string> metadata;
    };

    base::Result<storage::Database *> reader(Check check);
    base::Result<storage::Database *> writer();
    base::Result<bool> hasTable();
    base::Result<void> ensureSchema();
    void close();

    base::Result<void> sweep();
    base::Result<bool> find(storage::Database &database, std::string_view key);
    base::Result<std::optional<storage::Database *>> findLive(Check check, std::string_view key);
    base::Result<void> insert(storage::Database &database, std::string_view key, std::string_view blobId, std::optional<std::int64_t> expirationMs,
        const std::optional<std::string> &metadata);
    base::Result<void> collect(storage::Database &database, const ListOptions &options, int limit, std::int64_t now, ListResult &result);
    base::Result<void> removeExpired(storage::Database &database, std::int64_t now);
    base::Result<void> tidy(storage::Database &database, std::string_view sql, std::int64_t now, std::string_view key);
    void carryOut(storage::BlobRemoval &removal);

    const std::filesystem::path m_file;
    const std::chrono::milliseconds m_busyTimeout;
    const std::string m_owner; ///< of the marks of blobs
    storage::BlobStore m_blobs;
    storage::BlobCache m_cache;
    std::unique_ptr<storage::Database> m_database;
    std::int64_t m_nextMoveCheckNs = 0;
    bool m_tableKnown = false; ///< enough to read
    bool m_schemaKnown = false; ///< enough to write
    bool m_swept = false;
    Row m_row; ///< what find() found; kept for its memory
};

} // namespace cleat::bindings::kv
