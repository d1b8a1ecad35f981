// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/objectlist.h"

#include "core/data/keyindex.h"
#include "core/data/query.h"
#include "core/data/r2/folderindex.h"
#include "core/data/r2/objectrow.h"
#include "core/data/statefile.h"
#include "core/storage/blobstore.h"
#include "core/storage/names.h"

#include <utility>

namespace cleat::data::r2 {

using base::Result;
using bindings::r2::ObjectReader;
using storage::Database;
using storage::Statement;

namespace {

constexpr auto table = "_mf_objects";
constexpr int totalsChunk = 20'000;

KeyQuery queryBelow(const FolderFilter &filter)
{
    return {filter.folder, filter.text, filter.folder.size()};
}

FolderQuery queryHere(const FolderFilter &filter)
{
    return {filter.folder, filter.text};
}

Result<std::optional<FolderRow>> rowOf(Database &database, std::string_view key)
{
    std::optional<FolderRow> found;
    auto done = query(
        database, "SELECT version, size, uploaded, etag, http_metadata FROM _mf_objects WHERE key = ?1",
        [&](Statement &statement) { statement.bindText(1, key); },
        [&](const Statement &row) {
            found = FolderRow{FolderRow::Kind::Object, std::string(key), std::string(row.text(0)), static_cast<std::uint64_t>(row.integer(1)), row.integer(2),
                std::string(row.text(3)), contentTypeIn(row.text(4))};
        });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return found;
}

} // namespace

class ObjectList::Private final
{
public:
    Private(const std::filesystem::path &state, const std::string &bucket)
        : file(storage::databaseFile(state, storage::r2Layout, bucket), table),
          blobs(storage::blobFolder(state, storage::r2Layout, bucket)),
          index(table)
    {}

    /// A read transaction, with the indexes at what it sees; nullopt: there is nothing to read.
    Result<std::optional<StateFile::Reading>> read()
    {
        auto reading = file.read();
        index.setVersion(file.version());
        folders.setVersion(file.version());
        return reading;
    }

    Result<std::vector<FolderIndex::Item>> items(
        Database &database, const FolderFilter &filter, std::uint64_t first, std::size_t count, const std::stop_token &stop)
    {
        if (filter.depth == FolderFilter::Depth::Here)
            return folders.items(database, queryHere(filter), first, count, stop);
        auto keys = index.keys(database, queryBelow(filter), first, count, stop);
        if (!keys)
            return std::unexpected(std::move(keys.error()));
        std::vector<FolderIndex::Item> items;
        items.reserve(keys->size());
        for (std::string &key : *keys)
            items.push_back({FolderIndex::Item::Kind::Object, std::move(key)});
        return items;
    }

    Result<std::optional<ObjectRow>> find(std::string_view key)
    {
        auto reading = file.read();
        if (!reading)
            return std::unexpected(std::move(reading.error()));
        if (!*reading)
            return std::nullopt;
        return findObject((*reading)->database(), key);
    }

    StateFile file;
    const storage::BlobStore blobs;
    KeyIndex index;
    FolderIndex folders;
};

ObjectList::ObjectList(const std::filesystem::path &state, std::string bucket) : d(std::make_unique<Private>(state, bucket)) {}

ObjectList::~ObjectList() = default;

Result<std::uint64_t> ObjectList::count(const FolderFilter &filter, std::stop_token stop)
{
    auto reading = d->read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return 0;
    Database &database = (*reading)->database();
    return filter.depth == FolderFilter::Depth::Here ? d->folders.count(database, queryHere(filter), stop) : d->index.count(database, queryBelow(filter), stop);
}

Result<std::vector<FolderRow>> ObjectList::rows(const FolderFilter &filter, std::uint64_t first, std::size_t count, std::stop_token stop)
{
    std::vector<FolderRow> rows;
    auto reading = d->read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return rows;
    Database &database = (*reading)->database();
    auto items = d->items(database, filter, first, count, stop);
    if (!items)
        return std::unexpected(std::move(items.error()));
    rows.reserve(items->size());
    for (FolderIndex::Item &item : *items) {
        if (item.kind == FolderIndex::Item::Kind::Folder) {
            rows.push_back({FolderRow::Kind::Folder, std::move(item.key), {}, 0, 0, {}, {}});
            continue;
        }
        auto row = rowOf(database, item.key);
        if (!row)
            return std::unexpected(std::move(row.error()));
        if (*row)
            rows.push_back(std::move(**row));
    }
    return rows;
}

Result<std::optional<bindings::r2::Object>> ObjectList::object(std::string_view key)
{
    auto row = d->find(key);
    if (!row)
        return std::unexpected(std::move(row.error()));
    return *row ? std::optional(std::move((*row)->object)) : std::nullopt;
}

Result<std::string> ObjectList::read(std::string_view key, std::uint64_t offset, std::uint64_t length)
{
    for (std::string missing;;) {
        auto row = d->find(key);
        if (!row)
            return std::unexpected(std::move(row.error()));
        if (!*row)
            return base::fail("data.missing", "There is no object \"" + std::string(key) + "\" any more: look at the bucket again.");
        ObjectReader reader(d->blobs, cut(std::move((*row)->pieces), offset, length));
        auto bytes = reader.read(static_cast<std::size_t>(reader.left()));
        if (bytes || bytes.error().code != "storage.missing")
            return bytes;
        // Somebody may have replaced the value meanwhile: then a second look finds another.
        if ((*row)->object.version == missing)
            return base::fail("data.missing", std::move(bytes.error().message), std::move(bytes.error().place));
        missing = (*row)->object.version;
    }
}

Result<ObjectList::Totals> ObjectList::totals(const std::string &prefix, std::stop_token stop)
{
    Totals totals;
    auto reading = d->read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return totals;
    const KeyRange range = rangeOf(prefix);
    std::string from = range.from;
    for (std::int64_t found = totalsChunk; found == totalsChunk;) {
        if (auto go = proceed(stop); !go)
            return std::unexpected(std::move(go.error()));
        std::string last;
        auto done = query((*reading)->database(),
            "SELECT count(*), sum(size), max(key) FROM (SELECT key, size FROM _mf_objects WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3)",
            [&](Statement &statement) {
                statement.bindText(1, from);
                if (range.end)
                    statement.bindText(2, *range.end);
                else
                    statement.bindEmptyBlob(2);
                statement.bindInteger(3, totalsChunk);
            },
            [&](const Statement &row) {
                found = row.integer(0);
                totals.objects += static_cast<std::uint64_t>(found);
                totals.bytes += static_cast<std::uint64_t>(row.integer(1));
                last = row.text(2);
            });
        if (!done)
            return std::unexpected(std::move(done.error()));
        from = justAfter(last);
    }
    return totals;
}

Result<bool> ObjectList::changed()
{
    return d->file.changed();
}

} // namespace cleat::data::r2
