// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/objecteditor.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/bindings/r2/r2ids.h"
#include "core/bindings/r2/r2limits.h"
#include "core/data/keyrange.h"
#include "core/data/query.h"
#include "core/data/r2/blobmarks.h"
#include "core/data/r2/bucketrows.h"
#include "core/data/r2/objectrow.h"
#include "core/data/statefile.h"
#include "core/storage/blobstore.h"
#include "core/storage/names.h"
#include "core/storage/transaction.h"

#include <set>
#include <utility>
#include <vector>

namespace cleat::data::r2 {

using base::Result;
using bindings::r2::R2Bucket;
using storage::Database;
using storage::Statement;
using storage::Transaction;

namespace {

constexpr std::uint64_t progressEach = 256; // objects

bool isFolder(std::string_view key)
{
    return key.ends_with('/');
}

std::string inQuotes(std::string_view text)
{
    return '"' + std::string(text) + '"';
}

std::unexpected<base::Error> missing(std::string_view key)
{
    return base::fail(
        "data.missing", (isFolder(key) ? "There is no object below " : "There is no object ") + inQuotes(key) + " any more: look at the bucket again.");
}

std::unexpected<base::Error> exists(std::string_view key)
{
    return base::fail("data.exists", "The object " + inQuotes(key) + " exists already: choose another name, or replace it.");
}

Result<void> checkNames(std::string_view from, std::string_view to)
{
    if (isFolder(from) == isFolder(to))
        return {};
    return base::fail("data.name", isFolder(from) ? "The new name of a folder must end with \"/\"." : "The new name of an object must not end with \"/\".");
}

/// Cancelled, or how far it is.
Result<void> step(const Control &control, std::uint64_t done, std::uint64_t total, const std::string &what)
{
    if (auto go = proceed(control.stop); !go)
        return go;
    if (control.progress && done % progressEach == 0)
        control.progress({done, total, what});
    return {};
}

} // namespace

class ObjectEditor::Private final
{
public:
    Private(const std::filesystem::path &stateFolder, std::string name)
        : bucket(stateFolder, std::move(name)),
          file(bucket.file(), "_mf_objects"),
          blobs(storage::blobFolder(stateFolder, storage::r2Layout, bucket.name())),
          owner(bucket.file().stem().string().substr(0, 16))
    {}

    /// Null when there is nothing to change.
    Result<Database *> existing();
    /// The keys that a key or folder stands for.
    Result<std::vector<std::string>> keysOf(std::string_view key);
    Result<void> mark(const std::vector<std::string> &keys, BlobMarks &marks, const Control &control);
    Result<void> rename(Database &database, const std::string &from, const std::string &to);
    Result<void> moveAll(Database &database, const std::vector<std::string> &sources, std::string_view from, std::string_view to, Existing existing,
        std::vector<std::string> &removed, const Control &control);
    void drop(const std::vector<std::string> &removed)
    {
        for (const std::string &blob : removed)
            blobs.remove(blob);
    }

    R2Bucket bucket;
    StateFile file;
    const storage::BlobStore blobs;
    const std::string owner; ///< of the marks of blobs, as in R2Store
    std::unique_ptr<Database> database;
};

Result<Database *> ObjectEditor::Private::existing()
{
    if (database && database->moved())
        database.reset();
    {
        auto reading = file.read();
        if (!reading)
            return std::unexpected(std::move(reading.error()));
        if (!*reading)
            return nullptr;
    }
    if (!database) {
        auto opened = Database::open(file.file(), Database::Mode::Existing);
        if (!opened)
            return std::unexpected(std::move(opened.error()));
        database = std::move(*opened);
    }
    return database.get();
}

Result<std::vector<std::string>> ObjectEditor::Private::keysOf(std::string_view key)
{
    std::vector<std::string> keys;
    auto reading = file.read();
    if (!reading)
        return std::unexpected(std::move(reading.error()));
    if (!*reading)
        return keys;
    const std::string end = isFolder(key) ? endOfPrefix(std::string(key)).value_or(std::string()) : justAfter(key);
    auto done = query((*reading)->database(), "SELECT key FROM _mf_objects WHERE key >= ?1 AND key < ?2 ORDER BY key",
        [&](Statement &statement) {
            statement.bindText(1, key);
            statement.bindText(2, end);
        },
        [&](const Statement &row) { keys.emplace_back(row.text(0)); });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return keys;
}

/// What is slow, before the lock.
Result<void> ObjectEditor::Private::mark(const std::vector<std::string> &keys, BlobMarks &marks, const Control &control)
{
    std::vector<std::string> ids;
    {
        auto reading = file.read();
        if (!reading)
            return std::unexpected(std::move(reading.error()));
        if (!*reading)
            return {};
        for (const std::string &key : keys) {
            auto row = findObject((*reading)->database(), key);
            if (!row)
                return std::unexpected(std::move(row.error()));
            if (*row) {
                for (auto &piece : (*row)->pieces)
                    ids.push_back(std::move(piece.blobId));
            }
        }
    }
    for (std::uint64_t i = 0; i < ids.size(); ++i) {
        if (auto go = step(control, i, ids.size(), {}); !go)
            return go;
        marks.add(ids[i]);
    }
    return {};
}

Result<void> ObjectEditor::Private::rename(Database &to, const std::string &from, const std::string &key)
{
    bool inParts = false;
    auto renamed = query(
        to, "UPDATE _mf_objects SET key = ?2 WHERE key = ?1 RETURNING blob_id",
        [&](Statement &statement) {
            statement.bindText(1, from);
            statement.bindText(2, key);
        },
        [&](const Statement &row) { inParts = row.isNull(0); });
    if (!renamed || !inParts)
        return renamed;
    return query(
        to, "UPDATE _mf_multipart_parts SET object_key = ?2 WHERE object_key = ?1",
        [&](Statement &statement) {
            statement.bindText(1, from);
            statement.bindText(2, key);
        },
        noRow);
}

Result<void> ObjectEditor::Private::moveAll(Database &to, const std::vector<std::string> &sources, std::string_view from, std::string_view target,
    Existing existing, std::vector<std::string> &removed, const Control &control)
{
    // Where one of the two folders lies in the other, new names may be old names of others: all go to names that nobody has first.
    const bool overlap = isFolder(from) && (from.starts_with(target) || target.starts_with(from));
    const auto between = [](std::size_t i) { return "\x01 cleat move " + std::to_string(i); };
    if (overlap) {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            if (auto renamed = rename(to, sources[i], between(i)); !renamed)
                return renamed;
        }
    }
    for (std::size_t i = 0; i < sources.size(); ++i) {
        if (auto go = step(control, i, sources.size(), sources[i]); !go)
            return go;
        const std::string key = std::string(target) + sources[i].substr(from.size());
        auto replaced = removeObject(to, key, removed);
        if (!replaced)
            return std::unexpected(std::move(replaced.error()));
        if (*replaced && existing == Existing::Keep)
            return exists(key);
        if (auto renamed = rename(to, overlap ? between(i) : sources[i], key); !renamed)
            return renamed;
    }
    return {};
}

ObjectEditor::ObjectEditor(const std::filesystem::path &state, std::string bucket) : d(std::make_unique<Private>(state, std::move(bucket))) {}

ObjectEditor::~ObjectEditor() = default;

Result<void> ObjectEditor::put(
    std::string_view key, std::string_view bytes, const std::string &httpMetadata, const std::string &customMetadata, Existing existing)
{
    bindings::r2::PutOptions options;
    options.httpMetadata = httpMetadata;
    options.customMetadata = customMetadata;
    if (existing == Existing::Keep)
        options.onlyIf = onlyIfMissing();
    auto put = d->bucket.put(key, base::asBytes(bytes), options);
    if (!put)
        return std::unexpected(std::move(put.error()));
    if (!*put)
        return exists(key);
    return {};
}

Result<void> ObjectEditor::describe(std::string_view key, const std::string &httpMetadata, const std::string &customMetadata)
{
    if (auto ok = bindings::r2::checkMetadata("put", httpMetadata, customMetadata); !ok)
        return ok;
    auto database = d->existing();
    if (!database)
        return std::unexpected(std::move(database.error()));
    bool found = false;
    if (*database) {
        auto done = query(
            **database, "UPDATE _mf_objects SET http_metadata = ?2, custom_metadata = ?3 WHERE key = ?1 RETURNING 1",
            [&](Statement &statement) {
                statement.bindText(1, key);
                statement.bindText(2, httpMetadata);
                statement.bindText(3, customMetadata);
            },
            [&](const Statement &) { found = true; });
        if (!done)
            return done;
    }
    if (!found)
        return missing(key);
    return {};
}

Result<std::uint64_t> ObjectEditor::move(std::string_view from, std::string_view to, Existing existing, const Control &control)
{
    if (auto ok = checkNames(from, to); !ok)
        return std::unexpected(std::move(ok.error()));
    auto database = d->existing();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return missing(from);
    std::vector<std::string> sources;
    std::vector<std::string> removed;
    {
        BlobMarks marks(d->blobs, d->owner);
        if (existing == Existing::Replace) {
            auto targets = d->keysOf(to);
            if (!targets)
                return std::unexpected(std::move(targets.error()));
            if (auto marked = d->mark(*targets, marks, {control.stop, {}}); !marked)
                return std::unexpected(std::move(marked.error()));
        }
        auto transaction = Transaction::begin(**database);
        if (!transaction)
            return std::unexpected(std::move(transaction.error()));
        // With the lock, so that all of them are there.
        auto found = d->keysOf(from);
        if (!found)
            return std::unexpected(std::move(found.error()));
        sources = std::move(*found);
        if (sources.empty())
            return missing(from);
        if (from == to)
            return sources.size();
        for (const std::string &source : sources) {
            if (auto ok = bindings::r2::checkKey("put", std::string(to) + source.substr(from.size())); !ok)
                return std::unexpected(std::move(ok.error()));
        }
        if (auto moved = d->moveAll(**database, sources, from, to, existing, removed, control); !moved)
            return std::unexpected(std::move(moved.error()));
        if (auto committed = transaction->commit(); !committed)
            return std::unexpected(std::move(committed.error()));
        d->drop(removed);
    }
    return sources.size();
}

Result<std::uint64_t> ObjectEditor::copy(std::string_view from, std::string_view to, Existing existing, const Control &control)
{
    if (auto ok = checkNames(from, to); !ok)
        return std::unexpected(std::move(ok.error()));
    auto database = d->existing();
    if (!database)
        return std::unexpected(std::move(database.error()));
    const auto sources = d->keysOf(from);
    if (!sources)
        return std::unexpected(sources.error());
    if (!*database || sources->empty())
        return missing(from);
    if (from == to)
        return existing == Existing::Keep ? Result<std::uint64_t>(exists(from)) : sources->size();
    for (const std::string &source : *sources) {
        if (auto ok = bindings::r2::checkKey("put", std::string(to) + source.substr(from.size())); !ok)
            return std::unexpected(std::move(ok.error()));
    }
    BlobMarks marks(d->blobs, d->owner);
    std::vector<ObjectRow> copies;
    for (std::uint64_t i = 0; i < sources->size(); ++i) {
        if (auto go = step(control, i, sources->size(), (*sources)[i]); !go)
            return std::unexpected(std::move(go.error()));
        auto copy = copyValue(d->file, (*sources)[i], marks);
        if (!copy)
            return std::unexpected(std::move(copy.error()));
        if (!*copy)
            continue; // deleted meanwhile
        (*copy)->object.key = std::string(to) + (*sources)[i].substr(from.size());
        copies.push_back(std::move(**copy));
    }
    std::vector<std::string> removed;
    {
        auto transaction = Transaction::begin(**database);
        if (!transaction)
            return std::unexpected(std::move(transaction.error()));
        for (const ObjectRow &copy : copies) {
            auto replaced = removeObject(**database, copy.object.key, removed);
            if (!replaced)
                return std::unexpected(std::move(replaced.error()));
            if (*replaced && existing == Existing::Keep)
                return exists(copy.object.key);
            if (auto inserted = insertObject(**database, copy); !inserted)
                return std::unexpected(std::move(inserted.error()));
        }
        if (auto committed = transaction->commit(); !committed)
            return std::unexpected(std::move(committed.error()));
    }
    marks.keep();
    d->drop(removed);
    return copies.size();
}

Result<std::uint64_t> ObjectEditor::remove(std::span<const std::string> keys, const Control &control)
{
    auto database = d->existing();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return 0;
    const auto all = [&]() -> Result<std::vector<std::string>> {
        std::set<std::string> found;
        for (const std::string &key : keys) {
            auto below = d->keysOf(key);
            if (!below)
                return std::unexpected(std::move(below.error()));
            found.insert(below->begin(), below->end());
        }
        return std::vector<std::string>(found.begin(), found.end());
    };
    const auto expected = all();
    if (!expected)
        return std::unexpected(expected.error());
    BlobMarks marks(d->blobs, d->owner);
    if (auto marked = d->mark(*expected, marks, control); !marked)
        return std::unexpected(std::move(marked.error()));
    std::vector<std::string> removed;
    std::uint64_t count = 0;
    {
        auto transaction = Transaction::begin(**database);
        if (!transaction)
            return std::unexpected(std::move(transaction.error()));
        // With the lock: whatever is below the folders then.
        const auto now = all();
        if (!now)
            return std::unexpected(now.error());
        for (const std::string &key : *now) {
            if (count % progressEach == 0) {
                if (auto go = proceed(control.stop); !go)
                    return std::unexpected(std::move(go.error()));
            }
            auto existed = removeObject(**database, key, removed);
            if (!existed)
                return std::unexpected(std::move(existed.error()));
            count += *existed ? 1 : 0;
        }
        if (auto committed = transaction->commit(); !committed)
            return std::unexpected(std::move(committed.error()));
    }
    d->drop(removed);
    return count;
}

} // namespace cleat::data::r2
