// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/r2/objectwriter.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/bindings/r2/r2types.h"
#include "core/storage/blobcache.h"
#include "core/storage/blobremoval.h"
#include "core/storage/blobstore.h"
#include "core/storage/database.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::bindings::r2 {

/// The rows and values of one bucket on disk. What it is given has been checked, but for what only the rows can tell: refusals of that kind come with their "r2."
/// code and the operation's name, failures of the files as core/storage/failure.h has them. Belongs to one thread.
class R2Store final
{
public:
    R2Store(const std::filesystem::path &state, std::string_view bucket, std::chrono::milliseconds busyTimeout);
    R2Store(const R2Store &) = delete;
    R2Store &operator=(const R2Store &) = delete;

    const std::filesystem::path &file() const { return m_file; }

    base::Result<std::optional<Object>> head(std::string_view key);
    base::Result<std::optional<Got>> get(std::string_view key, const GetOptions &options);
    base::Result<ObjectWriter> write(std::optional<Hash> hash);
    /// Fills in what is missing of the object: version and time.
    base::Result<std::optional<Object>> put(Object object, storage::BlobWriter &blob, const Conditions *onlyIf);
    base::Result<void> remove(const std::vector<std::string> &keys);
    base::Result<ListResult> list(const ListOptions &options, int limit);

    base::Result<std::string> createUpload(std::string_view key, std::string_view httpMetadata, std::string_view customMetadata);
    base::Result<std::string> putPart(
        std::string_view key, std::string_view uploadId, int number, std::int64_t size, std::string_view md5, storage::BlobWriter &blob);
    base::Result<Object> completeUpload(std::string_view key, std::string_view uploadId, const std::vector<UploadedPart> &parts);
    base::Result<void> abortUpload(std::string_view key, std::string_view uploadId);

private:
    enum class Check { Now, NowAndThen }; ///< whether the file was deleted or replaced
    struct Row {
        Object object;
        std::optional<std::string> blobId; ///< none: in parts
        std::vector<ObjectReader::Piece> parts;
    };
    struct Part {
        int number = 0;
        std::string blobId;
        std::int64_t size = 0;
        std::string etag;
        std::string md5;
    };
    struct Upload {
        int state = 0; ///< 0 in progress, 1 completed, 2 aborted
        std::string httpMetadata;
        std::string customMetadata;
    };

    base::Result<storage::Database *> reader(Check check);
    base::Result<storage::Database *> writer();
    base::Result<std::int64_t> countTables();
    base::Result<void> ensureSchema();
    base::Result<void> sweep();
    void close();

    base::Result<std::optional<Row>> find(storage::Database &database, std::string_view key);
    base::Result<std::optional<Got>> deliver(Row &&row, const GetOptions &options);
    base::Result<std::shared_ptr<const std::string>> smallValue(const std::string &blobId);
    base::Result<void> insert(storage::Database &database, const Object &object, const std::optional<std::string> &blobId);
    /// Takes what the object's row names out of use; `blobId` is the row's, none for one in parts.
    base::Result<void> condemn(storage::Database &database, std::string_view key, const std::optional<std::string> &blobId, storage::BlobRemoval &removal);
    void carryOut(storage::BlobRemoval &removal);
    base::Result<bool> isNamed(std::string_view blobId);

    base::Result<std::optional<Upload>> findUpload(storage::Database &database, std::string_view key, std::string_view uploadId);
    base::Result<std::vector<Part>> partsOf(storage::Database &database, std::string_view uploadId);
    base::Result<std::vector<Part>> choose(std::vector<Part> &&uploaded, const std::vector<UploadedPart> &wanted);
    base::Result<void> setState(storage::Database &database, std::string_view uploadId, int state);

    const std::filesystem::path m_file;
    const std::chrono::milliseconds m_busyTimeout;
    const std::string m_owner; ///< of the marks of blobs
    storage::BlobStore m_blobs;
    storage::BlobCache m_cache;
    std::unique_ptr<storage::Database> m_database;
    std::int64_t m_nextMoveCheckNs = 0;
    bool m_tablesKnown = false; ///< enough to read
    bool m_schemaKnown = false; ///< enough to write
    bool m_swept = false;
};

/// Runs a statement to its end and hands each row to `row`.
template <typename Bind, typename Read>
base::Result<void> run(storage::Database &database, std::string_view sql, Bind &&bind, Read &&row)
{
    auto statement = database.statement(sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    bind(*statement);
    for (;;) {
        auto step = statement->step();
        if (!step)
            return std::unexpected(std::move(step.error()));
        if (*step == storage::Statement::Step::Done)
            return {};
        row(*statement);
    }
}

} // namespace cleat::bindings::r2
