// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/kv/keylist.h"

#include "core/data/blobsize.h"
#include "core/data/keyindex.h"
#include "core/data/query.h"
#include "core/data/statefile.h"
#include "core/storage/blobstore.h"
#include "core/storage/names.h"

#include <utility>

namespace cleat::data::kv {

using base::Result;
using storage::Database;
using storage::Statement;

namespace {

constexpr auto table = "_mf_entries";

KeyQuery queryOf(const KeyFilter &filter)
{
    return {filter.prefix, filter.text, 0};
}

/// nullopt: there is no such key.
Result<std::optional<KeyRow>> findRow(Database &database, std::string_view key)
{
    std::optional<KeyRow> found;
    auto done = query(
        database, "SELECT blob_id, expiration, metadata FROM _mf_entries WHERE key = ?1", [&](Statement &statement) { statement.bindText(1, key); },
        [&](const Statement &row) {
            found = KeyRow{std::string(key), std::string(row.text(0)), std::nullopt, std::nullopt, std::nullopt};
            if (!row.isNull(1))
                found->expiration = secondsOf(row.integer(1));
            if (!row.isNull(2))
                found->metadata = row.text(2);
        });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return found;
}

} // namespace

class KeyList::Private final
{
public:
    Private(const std::filesystem::path &state, const std::string &id)
        : file(storage::databaseFile(state, storage::kvLayout, id), table),
          blobs(storage::blobFolder(state, storage::kvLayout, id)),
          index(table)
    {}

    /// A read transaction, with the index at what it sees; nullopt: there is nothing to read.
    Result<std::optional<StateFile::Reading>> read()
    {
        auto reading = file.read();
        index.setVersion(file.version());
        return reading;
    }

    Result<std::optional<KeyRow>> row(std::string_view key)
    {
        auto reading = file.read();
        if (!reading)
            return std::unexpected(std::move(reading.error()));
        if (!*reading)
            return std::nullopt;
        return findRow((*reading)->database(), key);
    }

    StateFile file;
    const storage::BlobStore blobs;
    KeyIndex index;
};

KeyList::KeyList(const std::filesystem::path &state, std::string id) : d(std::make_unique<Private>(state, id)) {}

KeyList::~KeyList() = default;

Result<std::uint64_t> KeyList::count(const KeyFilter &filter, std::stop_token stop)
{
    auto reading = d->read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return 0;
    return d->index.count((*reading)->database(), queryOf(filter), stop);
}

Result<std::vector<KeyRow>> KeyList::rows(const KeyFilter &filter, std::uint64_t first, std::size_t count, std::stop_token stop)
{
    std::vector<KeyRow> rows;
    {
        auto reading = d->read();
        if (!reading)
            return std::unexpected(std::move(reading.error()));
        if (!*reading)
            return rows;
        Database &database = (*reading)->database();
        const auto keys = d->index.keys(database, queryOf(filter), first, count, stop);
        if (!keys)
            return std::unexpected(keys.error());
        rows.reserve(keys->size());
        for (const std::string &key : *keys) {
            auto row = findRow(database, key);
            if (!row)
                return std::unexpected(std::move(row.error()));
            if (*row)
                rows.push_back(std::move(**row));
        }
    }
    for (KeyRow &row : rows) {
        row.size = blobSize(d->blobs, row.blob);
        if (row.size)
            continue;
        // Somebody may have replaced the value after the row was read.
        auto again = d->row(row.key);
        if (!again)
            return std::unexpected(std::move(again.error()));
        if (*again && (*again)->blob != row.blob) {
            row = std::move(**again);
            row.size = blobSize(d->blobs, row.blob);
        }
    }
    return rows;
}

Result<std::uint64_t> KeyList::position(const KeyFilter &filter, std::string_view key, std::stop_token stop)
{
    auto reading = d->read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return 0;
    return d->index.before((*reading)->database(), queryOf(filter), key, stop);
}

Result<std::optional<KeyValue>> KeyList::value(std::string_view key)
{
    for (std::string missing;;) {
        auto row = d->row(key);
        if (!row)
            return std::unexpected(std::move(row.error()));
        if (!*row || (*row)->blob == missing)
            return std::nullopt;
        auto bytes = d->blobs.read((*row)->blob);
        if (!bytes)
            return std::unexpected(std::move(bytes.error()));
        if (*bytes)
            return KeyValue{std::move(**bytes), (*row)->expiration, std::move((*row)->metadata)};
        // Somebody may have replaced the value meanwhile: then a second look finds another.
        missing = std::move((*row)->blob);
    }
}

Result<bool> KeyList::changed()
{
    return d->file.changed();
}

} // namespace cleat::data::kv
