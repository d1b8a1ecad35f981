// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/bucketrows.h"

#include "core/base/clock.h"
#include "core/bindings/r2/r2ids.h"
#include "core/data/query.h"

#include <utility>

namespace cleat::data::r2 {

using base::Result;
using storage::Database;
using storage::Statement;

namespace {

constexpr int uploadCompleted = 1;

Result<void> insertParts(Database &database, const ObjectRow &row)
{
    auto upload = bindings::r2::newUploadId();
    if (!upload)
        return std::unexpected(std::move(upload.error()));
    auto made = query(
        database, "INSERT INTO _mf_multipart_uploads (upload_id, key, http_metadata, custom_metadata, state) VALUES (?1, ?2, ?3, ?4, ?5)",
        [&](Statement &statement) {
            statement.bindText(1, *upload);
            statement.bindText(2, row.object.key);
            statement.bindText(3, row.object.httpMetadata);
            statement.bindText(4, row.object.customMetadata);
            statement.bindInteger(5, uploadCompleted);
        },
        noRow);
    if (!made)
        return made;
    for (std::size_t i = 0; i < row.pieces.size(); ++i) {
        auto etag = bindings::r2::newUploadId();
        if (!etag)
            return std::unexpected(std::move(etag.error()));
        auto inserted = query(
            database,
            "INSERT INTO _mf_multipart_parts (upload_id, part_number, blob_id, size, etag, checksum_md5, object_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            [&](Statement &statement) {
                statement.bindText(1, *upload);
                statement.bindInteger(2, static_cast<std::int64_t>(i) + 1);
                statement.bindText(3, row.pieces[i].blobId);
                statement.bindInteger(4, row.pieces[i].length);
                statement.bindText(5, *etag);
                // Asked for only when an upload is completed, which this one is.
                statement.bindText(6, "");
                statement.bindText(7, row.object.key);
            },
            noRow);
        if (!inserted)
            return inserted;
    }
    return {};
}

} // namespace

bindings::r2::Conditions onlyIfMissing()
{
    bindings::r2::Conditions conditions;
    conditions.etagDoesNotMatch = {{bindings::r2::Etag::Kind::Wildcard, {}}};
    return conditions;
}

Result<bool> removeObject(Database &database, std::string_view key, std::vector<std::string> &blobs)
{
    bool existed = false;
    bool inParts = false;
    auto removed = query(
        database, "DELETE FROM _mf_objects WHERE key = ?1 RETURNING blob_id", [&](Statement &statement) { statement.bindText(1, key); },
        [&](const Statement &row) {
            existed = true;
            inParts = row.isNull(0);
            if (!inParts)
                blobs.emplace_back(row.text(0));
        });
    if (!removed)
        return std::unexpected(std::move(removed.error()));
    if (inParts) {
        auto parts = query(
            database, "DELETE FROM _mf_multipart_parts WHERE object_key = ?1 RETURNING blob_id", [&](Statement &statement) { statement.bindText(1, key); },
            [&](const Statement &row) { blobs.emplace_back(row.text(0)); });
        if (!parts)
            return std::unexpected(std::move(parts.error()));
    }
    return existed;
}

Result<void> insertObject(Database &database, const ObjectRow &row)
{
    const bindings::r2::Object &object = row.object;
    auto inserted = query(
        database,
        "INSERT INTO _mf_objects (key, blob_id, version, size, etag, uploaded, checksums, http_metadata, custom_metadata) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        [&](Statement &statement) {
            statement.bindText(1, object.key);
            if (row.blob)
                statement.bindText(2, *row.blob);
            else
                statement.bindNull(2);
            statement.bindText(3, object.version);
            statement.bindInteger(4, object.size);
            statement.bindText(5, object.etag);
            statement.bindInteger(6, object.uploadedMs);
            statement.bindText(7, object.checksums);
            statement.bindText(8, object.httpMetadata);
            statement.bindText(9, object.customMetadata);
        },
        noRow);
    if (!inserted || row.blob)
        return inserted;
    return insertParts(database, row);
}

Result<std::optional<ObjectRow>> copyValue(StateFile &file, std::string_view key, BlobMarks &marks)
{
    for (std::string missing;;) {
        std::optional<ObjectRow> row;
        {
            auto reading = file.read();
            if (!reading)
                return std::unexpected(std::move(reading.error()));
            if (!*reading)
                return std::nullopt;
            auto found = findObject((*reading)->database(), key);
            if (!found)
                return found;
            if (!*found)
                return std::nullopt;
            row = std::move(*found);
        }
        const std::string version = row->object.version;
        std::optional<base::Error> failure;
        for (auto &piece : row->pieces) {
            auto copy = marks.copy(piece.blobId);
            if (!copy) {
                failure = std::move(copy.error());
                break;
            }
            piece.blobId = std::move(*copy);
        }
        if (!failure) {
            if (row->blob)
                row->blob = row->pieces.front().blobId;
            auto made = bindings::r2::newVersion();
            if (!made)
                return std::unexpected(std::move(made.error()));
            row->object.version = std::move(*made);
            row->object.uploadedMs = base::wallMs();
            return row;
        }
        // Somebody may have replaced the value meanwhile: then a second look finds another.
        if (failure->code != "storage.missing" || version == missing)
            return std::unexpected(std::move(*failure));
        missing = version;
    }
}

} // namespace cleat::data::r2
