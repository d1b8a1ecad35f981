// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/storage/blobreader.h"
#include "core/storage/blobwriter.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::bindings::cache {

/// What is kept of a response beside its body.
struct Head {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case, each once
    std::int64_t size = 0; ///< of the body, in bytes
    bool operator==(const Head &) const = default;
};

/// What match() found. One of `whole` and `blob` is set, unless the body's file is not there: then `missing` names it, and the entry counts as absent.
struct Match {
    Head head;
    std::shared_ptr<const std::string> whole; ///< a small body
    std::optional<storage::BlobReader> blob; ///< a large one, open: it can be read to its end whatever becomes of the entry
    std::filesystem::path missing;
};

/// A body on its way into the cache, in constant memory. Without put() nothing stays of it. Belongs to one thread.
class BodyWriter final
{
public:
    explicit BodyWriter(storage::BlobWriter blob) : m_blob(std::move(blob)) {}

    /// Errors: see core/storage/failure.h.
    base::Result<void> write(std::span<const std::byte> bytes);
    std::int64_t size() const { return m_size; }

private:
    friend class HttpCache;
    storage::BlobWriter m_blob;
    std::int64_t m_size = 0;
};

/// One cache of the Cache API on wrangler's own files (<state>/v3/cache): caches.default, or one of caches.open(). It knows keys and stored responses; the rules of
/// HTTP caching, which decide what is stored and for how long, are core/runtime/js/cache.js.
/// Synchronous; one object belongs to one thread, any number of objects and of other programs may use the same files at the same time.
///
/// Errors have the code cache.storage, and a message that names the file and says what to do.
class HttpCache final
{
public:
    /// `state` is the folder that holds v3. `name` is empty for caches.default. Files are made on the first write.
    HttpCache(const std::filesystem::path &state, std::string_view name, std::chrono::milliseconds busyTimeout = std::chrono::seconds(5));
    ~HttpCache();
    HttpCache(const HttpCache &) = delete;
    HttpCache &operator=(const HttpCache &) = delete;

    /// The SQLite file, whether or not it exists.
    std::filesystem::path file() const;

    /// nullopt when there is no such entry, or it has expired; then it is deleted, unless another program is writing just then.
    base::Result<std::optional<Match>> match(std::string_view key);
    base::Result<BodyWriter> write();
    /// Durable when it returns, whatever happens to the process. head.size is taken from the body. `expirationMs` in milliseconds since the Unix epoch.
    base::Result<void> put(std::string_view key, Head head, BodyWriter body, std::int64_t expirationMs);
    /// Whether there was an entry that had not expired.
    base::Result<bool> remove(std::string_view key);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::bindings::cache
