// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/kv/kvstore.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/listcursor.h"
#include "core/storage/transaction.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace cleat::bindings::kv {

using base::Result;
using storage::Database;
using storage::Statement;
using storage::Transaction;

namespace {

constexpr std::size_t maxCachedValue = 64 << 10;
constexpr std::size_t maxCachedTotal = 16 << 20;
constexpr std::int64_t moveCheckNs = 100'000'000;
constexpr std::chrono::hours sweepAge{1};

// The statements that wrangler's simulator runs too, so that both find the same tables.
constexpr auto schema = "CREATE TABLE IF NOT EXISTS _mf_entries (key TEXT PRIMARY KEY, blob_id TEXT NOT NULL, expiration INTEGER, metadata TEXT);"
                        "CREATE INDEX IF NOT EXISTS _mf_entries_expiration_idx ON _mf_entries(expiration);";

std::int64_t floorToSeconds(std::int64_t ms)
{
    return ms >= 0 ? ms / 1000 : (ms - 999) / 1000;
}

/// The first text, in byte order, after all that begin with `prefix`; the prefix is not empty and is UTF-8, which has no 0xFF.
std::string endOfPrefix(std::string prefix)
{
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    return prefix;
}

} // namespace

KvStore::KvStore(const std::filesystem::path &state, const storage::Layout &layout, std::string_view id, std::chrono::milliseconds busyTimeout)
    : m_file(storage::databaseFile(state, layout, id)),
      m_busyTimeout(busyTimeout),
      m_owner(m_file.stem().string().substr(0, 16)),
      m_blobs(storage::blobFolder(state, layout, id)),
      m_cache(maxCachedValue, maxCachedTotal)
{}

void KvStore::close()
{
    m_database.reset();
    m_cache.clear();
    m_tableKnown = false;
    m_schemaKnown = false;
}

/// Null when there is nothing to read yet.
Result<Database *> KvStore::reader(Check check)
{
    if (m_database) {
        if (const std::int64_t now = base::steadyNs(); check == Check::Now || now >= m_nextMoveCheckNs) {
            m_nextMoveCheckNs = now + moveCheckNs;
            if (m_database->moved())
                close();
        }
    }
    if (!m_database) {
        if (struct stat info{}; ::stat(m_file.c_str(), &info) != 0 && errno == ENOENT)
            return nullptr;
        auto opened = Database::open(m_file, Database::Mode::Existing, m_busyTimeout);
        if (!opened) {
            if (opened.error().code == "storage.missing")
                return nullptr;
            return std::unexpected(std::move(opened.error()));
        }
        m_database = std::move(*opened);
        m_nextMoveCheckNs = base::steadyNs() + moveCheckNs;
    }
    if (!m_tableKnown) {
        auto has = hasTable();
        if (!has)
            return std::unexpected(std::move(has.error()));
        m_tableKnown = *has;
        if (!m_tableKnown)
            return nullptr;
    }
    return m_database.get();
}

Result<bool> KvStore::hasTable()
{
    auto statement = m_database->statement("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_mf_entries'");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    auto step = statement->step();
    if (!step)
        return std::unexpected(std::move(step.error()));
    return *step == Statement::Step::Row;
}

Result<Database *> KvStore::writer()
{
    if (m_database && m_database->moved())
        close();
    if (!m_database) {
        auto opened = Database::open(m_file, Database::Mode::Create, m_busyTimeout);
        if (!opened)
            return std::unexpected(std::move(opened.error()));
        m_database = std::move(*opened);
        m_nextMoveCheckNs = base::steadyNs() + moveCheckNs;
    }
    if (auto ready = ensureSchema(); !ready)
        return std::unexpected(std::move(ready.error()));
    if (!m_swept) {
        m_swept = true;
        if (auto swept = sweep(); !swept)
            return std::unexpected(std::move(swept.error()));
    }
    return m_database.get();
}

/// What a crash of a Cleat left behind: values that were never committed, or not removed.
Result<void> KvStore::sweep()
{
    return storage::sweepBlobs(m_blobs, m_owner, sweepAge, [this](std::string_view id) -> Result<bool> {
        auto statement = m_database->statement("SELECT 1 FROM _mf_entries WHERE blob_id = ?1 LIMIT 1");
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        statement->bindText(1, id);
        auto step = statement->step();
        if (!step)
            return std::unexpected(std::move(step.error()));
        return *step == Statement::Step::Row;
    });
}

Result<void> KvStore::ensureSchema()
{
    if (m_schemaKnown)
        return {};
    {
        auto statement = m_database->statement("SELECT count(*) FROM sqlite_schema WHERE (type = 'table' AND name = '_mf_entries') OR "
                                               "(type = 'index' AND name = '_mf_entries_expiration_idx')");
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        auto step = statement->step();
        if (!step)
            return std::unexpected(std::move(step.error()));
        m_schemaKnown = statement->integer(0) == 2;
    }
    if (!m_schemaKnown) {
        auto transaction = Transaction::begin(*m_database);
        if (!transaction)
            return std::unexpected(std::move(transaction.error()));
        if (auto made = m_database->execute(schema); !made)
            return made;
        if (auto committed = transaction->commit(); !committed)
            return committed;
        m_schemaKnown = true;
    }
    m_tableKnown = true;
    return {};
}

void KvStore::carryOut(storage::BlobRemoval &removal)
{
    for (const std::string &id : removal.ids())
        m_cache.remove(id);
    removal.carryOut();
}

/// Fills m_row; false when there is no row.
Result<bool> KvStore::find(Database &database, std::string_view key)
{
    auto statement = database.statement("SELECT blob_id, expiration, metadata FROM _mf_entries WHERE key = ?1");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindText(1, key);
    auto step = statement->step();
    if (!step)
        return std::unexpected(std::move(step.error()));
    if (*step == Statement::Step::Done)
        return false;
    m_row.blobId = statement->text(0);
    m_row.expirationMs = statement->isNull(1) ? std::nullopt : std::optional(statement->integer(1));
    m_row.metadata = statement->isNull(2) ? std::nullopt : std::optional<std::string>(statement->text(2));
    return true;
}

/// Fills m_row; nullopt when there is no row that counts.
Result<std::optional<Database *>> KvStore::findLive(Check check, std::string_view key)
{
    auto database = reader(check);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return std::nullopt;
    auto found = find(**database, key);
    if (!found)
        return std::unexpected(std::move(found.error()));
    if (!*found)
        return std::nullopt;
    if (m_row.expirationMs) {
        if (const std::int64_t now = base::wallMs(); *m_row.expirationMs <= now) {
            if (auto removed = tidy(**database, "DELETE FROM _mf_entries WHERE expiration <= ?1 AND key = ?2 RETURNING blob_id", now, key); !removed)
                return std::unexpected(std::move(removed.error()));
            return std::nullopt;
        }
    }
    return *database;
}

Result<std::optional<Entry>> KvStore::read(std::string_view key)
{
    std::string missing; // a blob that the row named and that was not there
    for (Check check = Check::NowAndThen;; check = Check::Now) {
        auto found = findLive(check, key);
        if (!found)
            return std::unexpected(std::move(found.error()));
        if (!*found)
            return std::nullopt;
        auto value = m_cache.find(m_row.blobId);
        if (!value) {
            auto bytes = m_blobs.read(m_row.blobId);
            if (!bytes)
                return std::unexpected(std::move(bytes.error()));
            if (!*bytes) {
                // Another program may have replaced the value after the row was read, or all of the files: then a second look finds something else.
                if (missing == m_row.blobId)
                    return std::nullopt;
                missing = m_row.blobId;
                continue;
            }
            value = std::make_shared<const std::string>(std::move(**bytes));
            m_cache.insert(m_row.blobId, value);
        }
        Entry entry{std::move(value), std::move(m_row.metadata), std::nullopt};
        if (m_row.expirationMs)
            entry.expiration = floorToSeconds(*m_row.expirationMs);
        return entry;
    }
}

Result<std::optional<KvStore::Opened>> KvStore::open(std::string_view key)
{
    std::string missing;
    for (Check check = Check::NowAndThen;; check = Check::Now) {
        auto found = findLive(check, key);
        if (!found)
            return std::unexpected(std::move(found.error()));
        if (!*found)
            return std::nullopt;
        Opened opened;
        opened.whole = m_cache.find(m_row.blobId);
        if (!opened.whole) {
            auto blob = storage::BlobReader::open(m_blobs, m_row.blobId);
            if (!blob)
                return std::unexpected(std::move(blob.error()));
            if (!*blob && missing != m_row.blobId) {
                missing = m_row.blobId;
                continue;
            }
            if (!*blob) {
                opened.missing = m_blobs.folder() / m_row.blobId;
            } else if ((*blob)->size() <= static_cast<std::int64_t>(maxCachedValue)) {
                std::string bytes(static_cast<std::size_t>((*blob)->size()), '\0');
                if (auto read = (*blob)->read(0, std::as_writable_bytes(std::span(bytes))); !read)
                    return std::unexpected(std::move(read.error()));
                opened.whole = std::make_shared<const std::string>(std::move(bytes));
                m_cache.insert(m_row.blobId, opened.whole);
            } else {
                opened.blob = std::move(*blob);
            }
        }
        opened.metadata = std::move(m_row.metadata);
        return opened;
    }
}

Result<storage::BlobWriter> KvStore::write()
{
    return storage::BlobWriter::create(m_blobs, m_owner);
}

Result<void> KvStore::put(
    std::string_view key, std::span<const std::byte> value, std::optional<std::int64_t> expirationMs, const std::optional<std::string> &metadata)
{
    // Where the state is no database, nothing is left in the folder of the values.
    if (auto database = writer(); !database)
        return std::unexpected(std::move(database.error()));
    auto blob = write();
    if (!blob)
        return std::unexpected(std::move(blob.error()));
    if (auto written = blob->write(value); !written)
        return written;
    if (auto published = blob->publish(); !published)
        return published;
    return put(key, std::move(*blob), expirationMs, metadata);
}

Result<void> KvStore::put(std::string_view key, storage::BlobWriter value, std::optional<std::int64_t> expirationMs, const std::optional<std::string> &metadata)
{
    auto database = writer();
    if (!database)
        return std::unexpected(std::move(database.error()));
    // What is slow comes before the lock: the mark of the value that will go.
    storage::BlobRemoval removal(m_blobs, m_owner);
    auto before = find(**database, key);
    if (!before)
        return std::unexpected(std::move(before.error()));
    if (*before)
        removal.prepare(m_row.blobId);
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    auto found = find(**database, key);
    if (!found)
        return std::unexpected(std::move(found.error()));
    if (*found)
        removal.add(m_row.blobId);
    if (auto inserted = insert(**database, key, value.id(), expirationMs, metadata); !inserted)
        return inserted;
    if (auto committed = transaction->commit(); !committed)
        return committed;
    value.keep();
    carryOut(removal);
    return {};
}

Result<void> KvStore::insert(
    Database &database, std::string_view key, std::string_view blobId, std::optional<std::int64_t> expirationMs, const std::optional<std::string> &metadata)
{
    auto statement = database.statement("INSERT OR REPLACE INTO _mf_entries (key, blob_id, expiration, metadata) VALUES (?1, ?2, ?3, ?4)");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindText(1, key);
    statement->bindText(2, blobId);
    if (expirationMs)
        statement->bindInteger(3, *expirationMs);
    else
        statement->bindNull(3);
    if (metadata)
        statement->bindText(4, *metadata);
    else
        statement->bindNull(4);
    if (auto step = statement->step(); !step)
        return std::unexpected(std::move(step.error()));
    return {};
}

Result<bool> KvStore::remove(std::string_view key)
{
    auto database = reader(Check::Now);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return false;
    storage::BlobRemoval removal(m_blobs, m_owner);
    auto before = find(**database, key);
    if (!before)
        return std::unexpected(std::move(before.error()));
    if (*before)
        removal.prepare(m_row.blobId);
    bool counted = false;
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    {
        auto statement = (*database)->statement("DELETE FROM _mf_entries WHERE key = ?1 RETURNING blob_id, expiration");
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        statement->bindText(1, key);
        for (;;) {
            auto step = statement->step();
            if (!step)
                return std::unexpected(std::move(step.error()));
            if (*step == Statement::Step::Done)
                break;
            removal.add(statement->text(0));
            counted = statement->isNull(1) || statement->integer(1) > base::wallMs();
        }
    }
    if (auto committed = transaction->commit(); !committed)
        return std::unexpected(std::move(committed.error()));
    carryOut(removal);
    return counted;
}

Result<ListResult> KvStore::list(const ListOptions &options, int limit)
{
    ListResult result;
    auto database = reader(Check::Now);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return result;
    const std::int64_t now = base::wallMs();
    if (auto collected = collect(**database, options, limit, now, result); !collected)
        return std::unexpected(std::move(collected.error()));
    if (auto removed = removeExpired(**database, now); !removed)
        return std::unexpected(std::move(removed.error()));
    return result;
}

Result<void> KvStore::collect(Database &database, const ListOptions &options, int limit, std::int64_t now, ListResult &result)
{
    // wrangler compares prefixes with SQLite's length(), which stops at NUL, so there such a prefix finds nothing.
    if (options.prefix.contains('\0'))
        return {};
    // What follows a text directly in byte order is that text and a NUL. The unary plus keeps SQLite on the index of the keys, which gives their order.
    const std::string after = decodeCursor(options.cursor) + '\0';
    const std::string &from = std::max(after, options.prefix);
    const std::string end = options.prefix.empty() ? std::string() : endOfPrefix(options.prefix);
    auto statement = database.statement("SELECT key, expiration, metadata FROM _mf_entries WHERE key >= ?1 AND key < ?2 AND "
                                        "(+expiration IS NULL OR +expiration >= ?3) ORDER BY key LIMIT ?4");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindText(1, from);
    if (options.prefix.empty())
        statement->bindEmptyBlob(2);
    else
        statement->bindText(2, end);
    statement->bindInteger(3, now);
    statement->bindInteger(4, limit + 1);
    for (;;) {
        auto step = statement->step();
        if (!step)
            return std::unexpected(std::move(step.error()));
        if (*step == Statement::Step::Done)
            return {};
        if (result.keys.size() == static_cast<std::size_t>(limit)) {
            result.complete = false;
            result.cursor = base::toBase64(base::asBytes(result.keys.back().name));
            return {};
        }
        ListedKey key{std::string(statement->text(0)), std::nullopt, std::nullopt};
        if (!statement->isNull(1))
            key.expiration = floorToSeconds(statement->integer(1));
        if (!statement->isNull(2))
            key.metadata = statement->text(2);
        result.keys.push_back(std::move(key));
    }
}

/// Deletes all that expired before `now` (milliseconds).
Result<void> KvStore::removeExpired(Database &database, std::int64_t now)
{
    {
        auto statement = database.statement("SELECT 1 FROM _mf_entries WHERE expiration < ?1 LIMIT 1");
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        statement->bindInteger(1, now);
        auto step = statement->step();
        if (!step)
            return std::unexpected(std::move(step.error()));
        if (*step == Statement::Step::Done)
            return {};
    }
    return tidy(database, "DELETE FROM _mf_entries WHERE expiration < ?1 RETURNING blob_id", now, {});
}

/// Runs a DELETE of expired rows (?1 is the time, ?2 the key if it asks for one). When another program is writing, or the files can only be read, that is
/// left to a later call: such rows count as absent in any case.
Result<void> KvStore::tidy(Database &database, std::string_view sql, std::int64_t now, std::string_view key)
{
    const auto leave = [](base::Error error) -> Result<void> {
        if (error.code == "storage.busy" || error.code == "storage.denied" || error.code == "storage.full")
            return {};
        return std::unexpected(std::move(error));
    };
    storage::BlobRemoval removal(m_blobs, m_owner);
    auto transaction = Transaction::begin(database, Transaction::Wait::No);
    if (!transaction)
        return leave(std::move(transaction.error()));
    {
        auto statement = database.statement(sql);
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        statement->bindInteger(1, now);
        if (!key.empty())
            statement->bindText(2, key);
        for (;;) {
            auto step = statement->step();
            if (!step)
                return leave(std::move(step.error()));
            if (*step == Statement::Step::Done)
                break;
            removal.add(statement->text(0));
        }
    }
    if (auto committed = transaction->commit(); !committed)
        return leave(std::move(committed.error()));
    carryOut(removal);
    return {};
}

} // namespace cleat::bindings::kv
