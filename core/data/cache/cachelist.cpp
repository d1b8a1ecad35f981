// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/cache/cachelist.h"

#include "core/data/blobsize.h"
#include "core/data/keyindex.h"
#include "core/data/query.h"
#include "core/data/statefile.h"
#include "core/storage/blobstore.h"
#include "core/storage/names.h"
#include "core/storage/transaction.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <system_error>

namespace cleat::data::cache {

namespace fs = std::filesystem;
using base::Result;
using storage::Database;
using storage::Statement;
using storage::Transaction;

namespace {

constexpr auto table = "_mf_entries";
constexpr storage::Layout layout{"cache", "miniflare-CacheObject"};
constexpr auto defaultName = "default";
constexpr std::string_view namedPrefix = "named:";
constexpr std::string_view namedFolder = "named_";
constexpr std::uint64_t progressEach = 1000; // entries

struct Stored {
    CacheRow row;
    std::string metadata; ///< JSON: headers, status, size
};

void readHeaders(const nlohmann::json &json, std::vector<std::pair<std::string, std::string>> &headers)
{
    const auto list = json.find("headers");
    if (list == json.end() || !list->is_array())
        return;
    for (const auto &header : *list) {
        if (header.is_array() && header.size() == 2 && header[0].is_string() && header[1].is_string())
            headers.emplace_back(header[0].get<std::string>(), header[1].get<std::string>());
    }
}

/// What the entry's metadata say; what does not make sense is left out.
void interpret(Stored &stored, std::vector<std::pair<std::string, std::string>> &headers)
{
    const auto json = nlohmann::json::parse(stored.metadata, nullptr, false);
    if (!json.is_object())
        return;
    if (const auto status = json.find("status"); status != json.end() && status->is_number_unsigned() && *status <= 999)
        stored.row.status = status->get<std::uint16_t>();
    readHeaders(json, headers);
    const auto type = std::ranges::find(headers, "content-type", &std::pair<std::string, std::string>::first);
    if (type != headers.end())
        stored.row.contentType = type->second;
}

Result<std::optional<Stored>> find(Database &database, std::string_view key)
{
    std::optional<Stored> found;
    auto done = query(
        database, "SELECT blob_id, expiration, metadata FROM _mf_entries WHERE key = ?1", [&](Statement &statement) { statement.bindText(1, key); },
        [&](const Statement &row) {
            found.emplace();
            found->row.url = key;
            found->row.blob = row.text(0);
            if (!row.isNull(1))
                found->row.expirationMs = row.integer(1);
            found->metadata = row.text(2);
        });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return found;
}

} // namespace

class CacheList::Private final
{
public:
    Private(const fs::path &state, const std::string &cache)
        : file(storage::databaseFile(state, layout, cache), table),
          blobs(storage::blobFolder(state, layout, cache)),
          index(table)
    {}

    Result<std::optional<StateFile::Reading>> read()
    {
        auto reading = file.read();
        index.setVersion(file.version());
        return reading;
    }

    Result<std::optional<Stored>> stored(std::string_view key)
    {
        auto reading = file.read();
        if (!reading)
            return std::unexpected(std::move(reading.error()));
        if (!*reading)
            return std::nullopt;
        return find((*reading)->database(), key);
    }

    /// `removeRows` runs in one transaction and tells which blobs went out of use, none of which a row names then.
    template <typename RemoveRows>
    Result<std::uint64_t> remove(RemoveRows &&removeRows)
    {
        // Without a file or a table there is nothing to remove.
        if (auto reading = file.read(); !reading || !*reading)
            return reading ? Result<std::uint64_t>(0) : std::unexpected(std::move(reading.error()));
        auto database = Database::open(file.file(), Database::Mode::Existing);
        if (!database)
            return std::unexpected(std::move(database.error()));
        std::vector<std::string> removed;
        {
            auto transaction = Transaction::begin(**database);
            if (!transaction)
                return std::unexpected(std::move(transaction.error()));
            if (auto done = removeRows(**database, removed); !done)
                return std::unexpected(std::move(done.error()));
            if (auto committed = transaction->commit(); !committed)
                return std::unexpected(std::move(committed.error()));
        }
        for (const std::string &blob : removed)
            blobs.remove(blob);
        return removed.size();
    }

    StateFile file;
    const storage::BlobStore blobs;
    KeyIndex index;
};

CacheList::CacheList(const fs::path &state, std::string cache) : d(std::make_unique<Private>(state, cache)) {}

CacheList::~CacheList() = default;

Result<std::uint64_t> CacheList::count(const std::string &text, std::stop_token stop)
{
    auto reading = d->read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return 0;
    return d->index.count((*reading)->database(), {{}, text, 0}, stop);
}

Result<std::vector<CacheRow>> CacheList::rows(const std::string &text, std::uint64_t first, std::size_t count, std::stop_token stop)
{
    std::vector<CacheRow> rows;
    auto reading = d->read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return rows;
    const auto keys = d->index.keys((*reading)->database(), {{}, text, 0}, first, count, stop);
    if (!keys)
        return std::unexpected(keys.error());
    rows.reserve(keys->size());
    for (const std::string &key : *keys) {
        auto stored = find((*reading)->database(), key);
        if (!stored)
            return std::unexpected(std::move(stored.error()));
        if (!*stored)
            continue;
        std::vector<std::pair<std::string, std::string>> headers;
        interpret(**stored, headers);
        (*stored)->row.size = blobSize(d->blobs, (*stored)->row.blob);
        rows.push_back(std::move((*stored)->row));
    }
    return rows;
}

Result<std::optional<CacheEntry>> CacheList::entry(std::string_view url)
{
    for (std::string missing;;) {
        auto stored = d->stored(url);
        if (!stored)
            return std::unexpected(std::move(stored.error()));
        if (!*stored)
            return std::nullopt;
        CacheEntry entry;
        interpret(**stored, entry.headers);
        entry.row = std::move((*stored)->row);
        auto bytes = d->blobs.read(entry.row.blob);
        if (!bytes)
            return std::unexpected(std::move(bytes.error()));
        if (!*bytes && entry.row.blob != missing) {
            // Somebody may have replaced the entry meanwhile: then a second look finds another.
            missing = entry.row.blob;
            continue;
        }
        if (*bytes) {
            entry.row.size = (*bytes)->size();
            entry.body = std::move(**bytes);
        }
        return entry;
    }
}

Result<bool> CacheList::changed()
{
    return d->file.changed();
}

Result<std::uint64_t> CacheList::remove(std::span<const std::string> urls, const Control &control)
{
    return d->remove([&](Database &database, std::vector<std::string> &removed) -> Result<void> {
        for (std::uint64_t i = 0; i < urls.size(); ++i) {
            if (auto go = proceed(control.stop); !go)
                return go;
            if (control.progress && i % progressEach == 0)
                control.progress({i, urls.size(), urls[i]});
            auto done = query(
                database, "DELETE FROM _mf_entries WHERE key = ?1 RETURNING blob_id", [&](Statement &statement) { statement.bindText(1, urls[i]); },
                [&](const Statement &row) { removed.emplace_back(row.text(0)); });
            if (!done)
                return done;
        }
        return {};
    });
}

Result<std::uint64_t> CacheList::clear(const Control &control)
{
    return d->remove([&](Database &database, std::vector<std::string> &removed) -> Result<void> {
        if (auto go = proceed(control.stop); !go)
            return go;
        return query(database, "DELETE FROM _mf_entries RETURNING blob_id", noParameters, [&](const Statement &row) { removed.emplace_back(row.text(0)); });
    });
}

std::vector<std::string> CacheList::names(const fs::path &state)
{
    std::vector<std::string> names;
    std::error_code ec;
    const auto has = [&](const std::string &name) { return fs::exists(storage::databaseFile(state, layout, name), ec); };
    for (const auto &folder : fs::directory_iterator(state / "v3" / layout.folder, ec)) {
        const std::string name = folder.path().filename().string();
        if (name.starts_with(namedFolder)) {
            if (std::string named = std::string(namedPrefix) + name.substr(namedFolder.size()); has(named))
                names.push_back(std::move(named));
        }
    }
    std::ranges::sort(names);
    if (has(defaultName))
        names.insert(names.begin(), defaultName);
    return names;
}

} // namespace cleat::data::cache
