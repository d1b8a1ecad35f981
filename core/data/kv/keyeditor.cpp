// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/kv/keyeditor.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/kv/kvlimits.h"
#include "core/data/keyrange.h"
#include "core/data/query.h"
#include "core/data/writablefile.h"
#include "core/storage/blobstore.h"
#include "core/storage/names.h"
#include "core/storage/transaction.h"

#include <limits>
#include <utility>
#include <vector>

namespace cleat::data::kv {

using base::Result;
using storage::Database;
using storage::Statement;
using storage::Transaction;

namespace {

// The statements that wrangler's simulator runs too, so that both find the same tables.
constexpr auto schema = "CREATE TABLE IF NOT EXISTS _mf_entries (key TEXT PRIMARY KEY, blob_id TEXT NOT NULL, expiration INTEGER, metadata TEXT);"
                        "CREATE INDEX IF NOT EXISTS _mf_entries_expiration_idx ON _mf_entries(expiration);";
constexpr auto schemaCount = "SELECT count(*) FROM sqlite_schema WHERE (type = 'table' AND name = '_mf_entries') OR "
                             "(type = 'index' AND name = '_mf_entries_expiration_idx')";
constexpr int schemaObjects = 2;
constexpr std::uint64_t progressEach = 256; // keys

std::string inQuotes(std::string_view text)
{
    return '"' + std::string(text) + '"';
}

std::unexpected<base::Error> missing(std::string_view key)
{
    return base::fail("data.missing", "There is no key " + inQuotes(key) + " any more: look at the namespace again.");
}

std::unexpected<base::Error> exists(std::string_view key)
{
    return base::fail("data.exists", "The key " + inQuotes(key) + " exists already: choose another name, or replace it.");
}

Result<void> checkExpiration(std::optional<std::int64_t> expiration)
{
    using Limits = std::numeric_limits<std::int32_t>;
    if (!expiration || (*expiration >= Limits::min() && *expiration <= Limits::max()))
        return {};
    return base::fail("kv.option",
        "The expiration " + std::to_string(*expiration) + " is out of range: KV takes seconds since 1970, up to " + std::to_string(Limits::max())
            + ", which is in January 2038.");
}

Result<void> check(std::string_view key, std::size_t valueBytes, std::optional<std::int64_t> expiration, const std::optional<std::string> &metadata)
{
    if (auto ok = bindings::kv::checkKey("PUT", key); !ok)
        return ok;
    if (auto ok = checkExpiration(expiration); !ok)
        return ok;
    auto ok = bindings::kv::checkPut(valueBytes, {.expiration = {}, .expirationTtl = {}, .metadata = metadata}, base::wallMs() / 1000);
    if (!ok)
        return std::unexpected(std::move(ok.error()));
    return {};
}

void bindDescription(Statement &statement, int first, std::optional<std::int64_t> expiration, const std::optional<std::string> &metadata)
{
    if (expiration)
        statement.bindInteger(first, *expiration * 1000);
    else
        statement.bindNull(first);
    if (metadata && *metadata != "null")
        statement.bindText(first + 1, *metadata);
    else
        statement.bindNull(first + 1);
}

/// Takes the row away; tells its blob, if there was one.
Result<std::optional<std::string>> removeRow(Database &database, std::string_view key)
{
    std::optional<std::string> blob;
    auto done = query(
        database, "DELETE FROM _mf_entries WHERE key = ?1 RETURNING blob_id", [&](Statement &statement) { statement.bindText(1, key); },
        [&](const Statement &row) { blob = row.text(0); });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return blob;
}

Result<bool> has(Database &database, std::string_view key)
{
    bool found = false;
    auto done = query(
        database, "SELECT 1 FROM _mf_entries WHERE key = ?1", [&](Statement &statement) { statement.bindText(1, key); },
        [&](const Statement &) { found = true; });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return found;
}

Result<void> insertRow(Database &database, const KeyEdit &edit, std::string_view blob)
{
    return query(
        database, "INSERT INTO _mf_entries (key, blob_id, expiration, metadata) VALUES (?1, ?2, ?3, ?4)",
        [&](Statement &statement) {
            statement.bindText(1, edit.key);
            statement.bindText(2, blob);
            bindDescription(statement, 3, edit.value.expiration, edit.value.metadata);
        },
        noRow);
}

/// Value files that are not known to be needed: what is in here at the end goes.
class Discard final
{
public:
    explicit Discard(const storage::BlobStore &blobs) : m_blobs(blobs) {}
    ~Discard()
    {
        for (const std::string &id : m_ids)
            m_blobs.remove(id);
    }
    Discard(const Discard &) = delete;
    Discard &operator=(const Discard &) = delete;
    std::vector<std::string> &ids() { return m_ids; }

private:
    const storage::BlobStore &m_blobs;
    std::vector<std::string> m_ids;
};

} // namespace

class KeyEditor::Private final
{
public:
    Private(const std::filesystem::path &state, std::string id)
        : name(std::move(id)),
          file(storage::databaseFile(state, storage::kvLayout, name), schema, schemaCount, schemaObjects),
          blobs(storage::blobFolder(state, storage::kvLayout, name))
    {}

    Result<Database *> writer()
    {
        // wrangler writes the rows of such an id, but its disk service refuses the values.
        if (name.empty() || storage::sanitizedName(name).starts_with('.'))
            return base::fail("kv.storage",
                "The KV namespace id " + inQuotes(name)
                    + " is empty or begins with a dot, and wrangler loses the values of such a namespace. Give it another id in the Wrangler file.");
        return file.create();
    }

    Result<void> write(std::span<const KeyEdit> edits, Existing existing, const Control &control);
    template <typename RemoveRows>
    Result<std::uint64_t> remove(const Control &control, RemoveRows &&removeRows);

    const std::string name;
    WritableFile file;
    const storage::BlobStore blobs;
};

Result<void> KeyEditor::Private::write(std::span<const KeyEdit> edits, Existing existing, const Control &control)
{
    for (const KeyEdit &edit : edits) {
        if (auto ok = checkEdit(edit); !ok)
            return ok;
    }
    auto database = writer();
    if (!database)
        return std::unexpected(std::move(database.error()));
    Discard discard(blobs);
    std::vector<std::string> &written = discard.ids();
    written.reserve(edits.size());
    for (const KeyEdit &edit : edits) {
        if (auto go = proceed(control.stop); !go)
            return go;
        if (control.progress && written.size() % progressEach == 0)
            control.progress({written.size(), edits.size(), edit.key});
        auto blob = blobs.create(base::asBytes(edit.value.bytes));
        if (!blob)
            return std::unexpected(std::move(blob.error()));
        written.push_back(std::move(*blob));
    }
    std::vector<std::string> replaced;
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    for (std::size_t i = 0; i < edits.size(); ++i) {
        if (i % progressEach == 0) {
            if (auto go = proceed(control.stop); !go)
                return go;
        }
        auto old = removeRow(**database, edits[i].key);
        if (!old)
            return std::unexpected(std::move(old.error()));
        if (*old && existing == Existing::Keep)
            return exists(edits[i].key);
        if (*old)
            replaced.push_back(std::move(**old));
        if (auto inserted = insertRow(**database, edits[i], written[i]); !inserted)
            return inserted;
    }
    if (auto committed = transaction->commit(); !committed)
        return committed;
    written = std::move(replaced);
    return {};
}

/// `removeRows` runs in one transaction and tells the blobs that go out of use.
template <typename RemoveRows>
Result<std::uint64_t> KeyEditor::Private::remove(const Control &control, RemoveRows &&removeRows)
{
    if (auto go = proceed(control.stop); !go)
        return std::unexpected(std::move(go.error()));
    auto database = file.existing();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return 0;
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
    for (std::uint64_t i = 0; i < removed.size(); ++i) {
        if (control.progress && i % progressEach == 0)
            control.progress({i, removed.size(), {}});
        blobs.remove(removed[i]);
    }
    return removed.size();
}

Result<void> checkEdit(const KeyEdit &edit)
{
    return check(edit.key, edit.value.bytes.size(), edit.value.expiration, edit.value.metadata);
}

KeyEditor::KeyEditor(const std::filesystem::path &state, std::string id) : d(std::make_unique<Private>(state, std::move(id))) {}

KeyEditor::~KeyEditor() = default;

Result<void> KeyEditor::put(const KeyEdit &edit, Existing existing)
{
    return d->write(std::span(&edit, 1), existing, {});
}

Result<void> KeyEditor::put(std::span<const KeyEdit> edits, const Control &control)
{
    return d->write(edits, Existing::Replace, control);
}

Result<void> KeyEditor::describe(std::string_view key, std::optional<std::int64_t> expiration, const std::optional<std::string> &metadata)
{
    if (auto ok = check(key, 0, expiration, metadata); !ok)
        return ok;
    auto database = d->file.existing();
    if (!database)
        return std::unexpected(std::move(database.error()));
    bool found = false;
    if (*database) {
        auto done = query(
            **database, "UPDATE _mf_entries SET expiration = ?2, metadata = ?3 WHERE key = ?1 RETURNING 1",
            [&](Statement &statement) {
                statement.bindText(1, key);
                bindDescription(statement, 2, expiration, metadata);
            },
            [&](const Statement &) { found = true; });
        if (!done)
            return done;
    }
    if (!found)
        return missing(key);
    return {};
}

Result<void> KeyEditor::rename(std::string_view from, std::string_view to, Existing existing)
{
    if (auto ok = bindings::kv::checkKey("PUT", to); !ok)
        return ok;
    auto database = d->file.existing();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return missing(from);
    Discard discard(d->blobs);
    std::optional<std::string> replaced;
    {
        auto transaction = Transaction::begin(**database);
        if (!transaction)
            return std::unexpected(std::move(transaction.error()));
        auto found = has(**database, from);
        if (!found)
            return std::unexpected(std::move(found.error()));
        if (!*found)
            return missing(from);
        if (from == to)
            return {};
        auto old = removeRow(**database, to);
        if (!old)
            return std::unexpected(std::move(old.error()));
        if (*old && existing == Existing::Keep)
            return exists(to);
        replaced = std::move(*old);
        auto renamed = query(
            **database, "UPDATE _mf_entries SET key = ?2 WHERE key = ?1",
            [&](Statement &statement) {
                statement.bindText(1, from);
                statement.bindText(2, to);
            },
            noRow);
        if (!renamed)
            return renamed;
        if (auto committed = transaction->commit(); !committed)
            return committed;
    }
    if (replaced)
        discard.ids().push_back(std::move(*replaced));
    return {};
}

Result<std::uint64_t> KeyEditor::remove(std::span<const std::string> keys, const Control &control)
{
    return d->remove(control, [&](Database &database, std::vector<std::string> &removed) -> Result<void> {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (i % progressEach == 0) {
                if (auto go = proceed(control.stop); !go)
                    return go;
            }
            auto blob = removeRow(database, keys[i]);
            if (!blob)
                return std::unexpected(std::move(blob.error()));
            if (*blob)
                removed.push_back(std::move(**blob));
        }
        return {};
    });
}

Result<std::uint64_t> KeyEditor::remove(const KeyFilter &filter, const Control &control)
{
    const KeyRange range = rangeOf(filter.prefix);
    const Needle needle(filter.text);
    const auto bindRange = [&](Statement &statement) {
        statement.bindText(1, range.from);
        if (range.end)
            statement.bindText(2, *range.end);
        else
            statement.bindEmptyBlob(2);
    };
    if (needle.empty()) {
        return d->remove(control, [&](Database &database, std::vector<std::string> &removed) {
            return query(database, "DELETE FROM _mf_entries WHERE key >= ?1 AND key < ?2 RETURNING blob_id", bindRange,
                [&](const Statement &row) { removed.emplace_back(row.text(0)); });
        });
    }
    // The text is looked for before the lock.
    auto database = d->file.existing();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return 0;
    std::vector<std::string> keys;
    auto found = query(**database, "SELECT key FROM _mf_entries WHERE key >= ?1 AND key < ?2", bindRange, [&](const Statement &row) {
        if (needle.isIn(row.text(0)))
            keys.emplace_back(row.text(0));
    });
    if (!found)
        return std::unexpected(std::move(found.error()));
    return remove(keys, control);
}

} // namespace cleat::data::kv
