// SPDX-License-Identifier: GPL-3.0-or-later
// Objects that are uploaded in parts.
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/r2/r2ids.h"
#include "core/bindings/r2/r2limits.h"
#include "core/bindings/r2/r2store.h"
#include "core/storage/transaction.h"

#include <algorithm>
#include <set>
#include <utility>

namespace cleat::bindings::r2 {

using base::Result;
using storage::Database;
using storage::Statement;
using storage::Transaction;

namespace {

constexpr auto complete = "completeMultipartUpload";
constexpr auto nothing = [](Statement &) {};
constexpr int inProgress = 0;
constexpr int completed = 1;
constexpr int aborted = 2;

std::string fromHex(std::string_view hex)
{
    const auto digit = [](char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; };
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes += static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1]));
    return bytes;
}

} // namespace

Result<std::string> R2Store::createUpload(std::string_view key, std::string_view httpMetadata, std::string_view customMetadata)
{
    auto database = writer();
    if (!database)
        return std::unexpected(std::move(database.error()));
    auto id = newUploadId();
    if (!id)
        return id;
    auto inserted = run(
        **database, "INSERT INTO _mf_multipart_uploads (upload_id, key, http_metadata, custom_metadata) VALUES (?1, ?2, ?3, ?4)",
        [&](Statement &statement) {
            statement.bindText(1, *id);
            statement.bindText(2, key);
            statement.bindText(3, httpMetadata);
            statement.bindText(4, customMetadata);
        },
        nothing);
    if (!inserted)
        return std::unexpected(std::move(inserted.error()));
    return id;
}

Result<std::optional<R2Store::Upload>> R2Store::findUpload(Database &database, std::string_view key, std::string_view uploadId)
{
    std::optional<Upload> upload;
    auto done = run(
        database, "SELECT state, http_metadata, custom_metadata FROM _mf_multipart_uploads WHERE upload_id = ?1 AND key = ?2",
        [&](Statement &statement) {
            statement.bindText(1, uploadId);
            statement.bindText(2, key);
        },
        [&](Statement &row) { upload = Upload{static_cast<int>(row.integer(0)), std::string(row.text(1)), std::string(row.text(2))}; });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return upload;
}

Result<std::vector<R2Store::Part>> R2Store::partsOf(Database &database, std::string_view uploadId)
{
    std::vector<Part> parts;
    auto done = run(
        database, "SELECT part_number, blob_id, size, etag, checksum_md5 FROM _mf_multipart_parts WHERE upload_id = ?1",
        [&](Statement &statement) { statement.bindText(1, uploadId); },
        [&](Statement &row) {
            parts.push_back({static_cast<int>(row.integer(0)), std::string(row.text(1)), row.integer(2), std::string(row.text(3)), std::string(row.text(4))});
        });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return parts;
}

Result<void> R2Store::setState(Database &database, std::string_view uploadId, int state)
{
    return run(
        database, "UPDATE _mf_multipart_uploads SET state = ?2 WHERE upload_id = ?1",
        [&](Statement &statement) {
            statement.bindText(1, uploadId);
            statement.bindInteger(2, state);
        },
        nothing);
}

Result<std::string> R2Store::putPart(
    std::string_view key, std::string_view uploadId, int number, std::int64_t size, std::string_view md5, storage::BlobWriter &blob)
{
    auto database = writer();
    if (!database)
        return std::unexpected(std::move(database.error()));
    auto etag = newUploadId();
    if (!etag)
        return etag;
    storage::BlobRemoval removal(m_blobs, m_owner);
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    const auto upload = findUpload(**database, key, uploadId);
    if (!upload)
        return std::unexpected(upload.error());
    if (!*upload || (*upload)->state != inProgress)
        return refused("uploadPart", Code::NoSuchUpload);
    auto looked = run(
        **database, "SELECT blob_id FROM _mf_multipart_parts WHERE upload_id = ?1 AND part_number = ?2",
        [&](Statement &statement) {
            statement.bindText(1, uploadId);
            statement.bindInteger(2, number);
        },
        [&](Statement &row) { removal.add(row.text(0)); });
    if (!looked)
        return std::unexpected(std::move(looked.error()));
    auto inserted = run(
        **database,
        "INSERT OR REPLACE INTO _mf_multipart_parts (upload_id, part_number, blob_id, size, etag, checksum_md5) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        [&](Statement &statement) {
            statement.bindText(1, uploadId);
            statement.bindInteger(2, number);
            statement.bindText(3, blob.id());
            statement.bindInteger(4, size);
            statement.bindText(5, *etag);
            statement.bindText(6, md5);
        },
        nothing);
    if (!inserted)
        return std::unexpected(std::move(inserted.error()));
    if (auto committed = transaction->commit(); !committed)
        return std::unexpected(std::move(committed.error()));
    blob.keep();
    carryOut(removal);
    return etag;
}

/// The parts of the object, in its order: wrangler's rules, in wrangler's order of asking.
Result<std::vector<R2Store::Part>> R2Store::choose(std::vector<Part> &&uploaded, const std::vector<UploadedPart> &wanted)
{
    std::set<int> numbers;
    for (const UploadedPart &part : wanted) {
        if (!numbers.insert(part.number).second)
            return refused(complete, Code::Internal);
    }
    std::vector<Part> chosen;
    for (const UploadedPart &part : wanted) {
        const auto found = std::ranges::find(uploaded, part.number, &Part::number);
        if (found == uploaded.end() || found->etag != part.etag)
            return refused(complete, Code::InvalidPart);
        chosen.push_back(*found);
    }
    for (std::size_t i = 0; i + 1 < chosen.size(); ++i) {
        if (chosen[i].size < minPartBytes)
            return refused(complete, Code::EntityTooSmall);
    }
    std::ranges::sort(chosen, {}, &Part::number);
    for (std::size_t i = 0; i + 1 < chosen.size(); ++i) {
        if (chosen[i].size < minPartBytes || chosen[i].size != chosen[0].size)
            return refused(complete, Code::BadUpload);
    }
    if (chosen.size() > 1 && chosen.back().size > chosen[0].size)
        return refused(complete, Code::BadUpload);
    return chosen;
}

Result<Object> R2Store::completeUpload(std::string_view key, std::string_view uploadId, const std::vector<UploadedPart> &parts)
{
    auto database = writer();
    if (!database)
        return std::unexpected(std::move(database.error()));
    auto version = newVersion();
    if (!version)
        return std::unexpected(std::move(version.error()));
    storage::BlobRemoval removal(m_blobs, m_owner);
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    auto upload = findUpload(**database, key, uploadId);
    if (!upload)
        return std::unexpected(std::move(upload.error()));
    if (!*upload)
        return refused(complete, Code::Internal);
    if ((*upload)->state != inProgress)
        return refused(complete, Code::NoSuchUpload);
    auto uploaded = partsOf(**database, uploadId);
    if (!uploaded)
        return std::unexpected(std::move(uploaded.error()));
    const auto chosen = choose(std::move(*uploaded), parts);
    if (!chosen)
        return std::unexpected(chosen.error());

    Object object{std::string(key), std::move(*version), 0, {}, base::wallMs(), "{}", std::move((*upload)->httpMetadata), std::move((*upload)->customMetadata), {}};
    Digest digest(Hash::Md5);
    for (const Part &part : *chosen) {
        object.size += part.size;
        digest.add(base::asBytes(fromHex(part.md5)));
    }
    object.etag = base::toHex(base::asBytes(digest.finish())) + '-' + std::to_string(chosen->size());

    bool exists = false;
    std::optional<std::string> oldBlob;
    auto looked = run(
        **database, "SELECT blob_id FROM _mf_objects WHERE key = ?1", [&](Statement &statement) { statement.bindText(1, key); },
        [&](Statement &row) {
            exists = true;
            if (!row.isNull(0))
                oldBlob = row.text(0);
        });
    if (!looked)
        return std::unexpected(std::move(looked.error()));
    if (exists) {
        if (auto done = condemn(**database, key, oldBlob, removal); !done)
            return std::unexpected(std::move(done.error()));
    }
    if (auto inserted = insert(**database, object, std::nullopt); !inserted)
        return std::unexpected(std::move(inserted.error()));
    for (const Part &part : *chosen) {
        auto linked = run(
            **database, "UPDATE _mf_multipart_parts SET object_key = ?3 WHERE upload_id = ?1 AND part_number = ?2",
            [&](Statement &statement) {
                statement.bindText(1, uploadId);
                statement.bindInteger(2, part.number);
                statement.bindText(3, key);
            },
            nothing);
        if (!linked)
            return std::unexpected(std::move(linked.error()));
    }
    auto dropped = run(
        **database, "DELETE FROM _mf_multipart_parts WHERE upload_id = ?1 AND object_key IS NULL RETURNING blob_id",
        [&](Statement &statement) { statement.bindText(1, uploadId); }, [&](Statement &row) { removal.add(row.text(0)); });
    if (!dropped)
        return std::unexpected(std::move(dropped.error()));
    if (auto done = setState(**database, uploadId, completed); !done)
        return std::unexpected(std::move(done.error()));
    if (auto committed = transaction->commit(); !committed)
        return std::unexpected(std::move(committed.error()));
    carryOut(removal);
    return object;
}

Result<void> R2Store::abortUpload(std::string_view key, std::string_view uploadId)
{
    auto database = writer();
    if (!database)
        return std::unexpected(std::move(database.error()));
    storage::BlobRemoval removal(m_blobs, m_owner);
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    const auto upload = findUpload(**database, key, uploadId);
    if (!upload)
        return std::unexpected(upload.error());
    if (!*upload)
        return refused("abortMultipartUpload", Code::Internal);
    if ((*upload)->state != inProgress)
        return {};
    auto dropped = run(
        **database, "DELETE FROM _mf_multipart_parts WHERE upload_id = ?1 RETURNING blob_id", [&](Statement &statement) { statement.bindText(1, uploadId); },
        [&](Statement &row) { removal.add(row.text(0)); });
    if (!dropped)
        return dropped;
    if (auto done = setState(**database, uploadId, aborted); !done)
        return done;
    if (auto committed = transaction->commit(); !committed)
        return committed;
    carryOut(removal);
    return {};
}

} // namespace cleat::bindings::r2
