// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/r2/r2store.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/r2/r2ids.h"
#include "core/bindings/r2/r2limits.h"
#include "core/storage/names.h"
#include "core/storage/transaction.h"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <utility>

namespace cleat::bindings::r2 {

using base::Result;
using storage::Database;
using storage::Statement;
using storage::Transaction;

namespace {

constexpr std::size_t maxCachedValue = 64 << 10;
constexpr std::size_t maxCachedTotal = 16 << 20;
constexpr std::int64_t moveCheckNs = 100'000'000;
constexpr std::chrono::hours sweepAge{1};

constexpr std::string_view tables = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('_mf_objects', '_mf_multipart_uploads', "
                                    "'_mf_multipart_parts')";
constexpr std::int64_t tableCount = 3;

const std::string schema = R"(
CREATE TABLE IF NOT EXISTS _mf_objects (
    key TEXT PRIMARY KEY, blob_id TEXT, version TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL, uploaded INTEGER NOT NULL,
    checksums TEXT NOT NULL, http_metadata TEXT NOT NULL, custom_metadata TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS _mf_multipart_uploads (
    upload_id TEXT PRIMARY KEY, key TEXT NOT NULL, http_metadata TEXT NOT NULL, custom_metadata TEXT NOT NULL, state TINYINT DEFAULT 0 NOT NULL);
CREATE TABLE IF NOT EXISTS _mf_multipart_parts (
    upload_id TEXT NOT NULL REFERENCES _mf_multipart_uploads(upload_id), part_number INTEGER NOT NULL, blob_id TEXT NOT NULL,
    size INTEGER NOT NULL, etag TEXT NOT NULL, checksum_md5 TEXT NOT NULL,
    object_key TEXT REFERENCES _mf_objects(key) DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY (upload_id, part_number));
)";

constexpr auto nothing = [](Statement &) {};

} // namespace

R2Store::R2Store(const std::filesystem::path &state, std::string_view bucket, std::chrono::milliseconds busyTimeout)
    : m_file(storage::databaseFile(state, storage::r2Layout, bucket)),
      m_busyTimeout(busyTimeout),
      m_owner(m_file.stem().string().substr(0, 16)),
      m_blobs(storage::blobFolder(state, storage::r2Layout, bucket)),
      m_cache(maxCachedValue, maxCachedTotal)
{}

void R2Store::close()
{
    m_database.reset();
    m_cache.clear();
    m_tablesKnown = false;
    m_schemaKnown = false;
}

Result<std::int64_t> R2Store::countTables()
{
    std::int64_t count = 0;
    if (auto done = run(*m_database, tables, nothing, [&](Statement &row) { count = row.integer(0); }); !done)
        return std::unexpected(std::move(done.error()));
    return count;
}

/// Null when there is nothing to read yet.
Result<Database *> R2Store::reader(Check check)
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
    if (!m_tablesKnown) {
        auto count = countTables();
        if (!count)
            return std::unexpected(std::move(count.error()));
        m_tablesKnown = *count == tableCount;
        if (!m_tablesKnown)
            return nullptr;
    }
    return m_database.get();
}

Result<Database *> R2Store::writer()
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

Result<void> R2Store::ensureSchema()
{
    if (m_schemaKnown)
        return {};
    auto count = countTables();
    if (!count)
        return std::unexpected(std::move(count.error()));
    if (*count != tableCount) {
        auto transaction = Transaction::begin(*m_database);
        if (!transaction)
            return std::unexpected(std::move(transaction.error()));
        if (auto made = m_database->execute(schema); !made)
            return made;
        if (auto committed = transaction->commit(); !committed)
            return committed;
    }
    m_schemaKnown = true;
    m_tablesKnown = true;
    return {};
}

/// What a crash of a Cleat left behind: values that were never committed, or not removed.
Result<void> R2Store::sweep()
{
    return storage::sweepBlobs(m_blobs, m_owner, sweepAge, [this](std::string_view id) { return isNamed(id); });
}

Result<bool> R2Store::isNamed(std::string_view blobId)
{
    bool found = false;
    auto done = run(
        *m_database, "SELECT 1 FROM _mf_objects WHERE blob_id = ?1 UNION ALL SELECT 1 FROM _mf_multipart_parts WHERE blob_id = ?1 LIMIT 1",
        [&](Statement &statement) { statement.bindText(1, blobId); }, [&](Statement &) { found = true; });
    if (!done)
        return std::unexpected(std::move(done.error()));
    return found;
}

Result<std::optional<R2Store::Row>> R2Store::find(Database &database, std::string_view key)
{
    auto statement = database.statement(
        "SELECT blob_id, version, size, etag, uploaded, checksums, http_metadata, custom_metadata FROM _mf_objects WHERE key = ?1");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindText(1, key);
    auto step = statement->step();
    if (!step)
        return std::unexpected(std::move(step.error()));
    if (*step == Statement::Step::Done)
        return std::nullopt;
    Row row;
    if (!statement->isNull(0))
        row.blobId = statement->text(0);
    row.object = {std::string(key), std::string(statement->text(1)), statement->integer(2), std::string(statement->text(3)), statement->integer(4),
        std::string(statement->text(5)), std::string(statement->text(6)), std::string(statement->text(7)), std::nullopt};
    if (row.blobId)
        return row;
    // The statement above is still open, so both read the same state of the database.
    auto parts = run(
        database, "SELECT blob_id, size FROM _mf_multipart_parts WHERE object_key = ?1 ORDER BY part_number",
        [&](Statement &read) { read.bindText(1, key); },
        [&](Statement &read) { row.parts.push_back({std::string(read.text(0)), 0, read.integer(1)}); });
    if (!parts)
        return std::unexpected(std::move(parts.error()));
    return row;
}

Result<std::optional<Object>> R2Store::head(std::string_view key)
{
    auto database = reader(Check::NowAndThen);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return std::nullopt;
    auto row = find(**database, key);
    if (!row)
        return std::unexpected(std::move(row.error()));
    return *row ? std::optional(std::move((*row)->object)) : std::nullopt;
}

Result<std::optional<Got>> R2Store::get(std::string_view key, const GetOptions &options)
{
    std::string missing; // the version whose value was not there
    for (Check check = Check::NowAndThen;; check = Check::Now) {
        auto database = reader(check);
        if (!database)
            return std::unexpected(std::move(database.error()));
        if (!*database)
            return std::nullopt;
        auto row = find(**database, key);
        if (!row)
            return std::unexpected(std::move(row.error()));
        if (!*row)
            return std::nullopt;
        const std::string version = (*row)->object.version;
        auto got = deliver(std::move(**row), options);
        // Another program may have replaced the value after the row was read, or all of the files: then a second look finds something else.
        if (got || got.error().code != "storage.missing" || missing == version)
            return got;
        missing = version;
    }
}

Result<std::optional<Got>> R2Store::deliver(Row &&row, const GetOptions &options)
{
    Got got;
    const std::int64_t size = row.object.size;
    Range range{0, size};
    if (options.onlyIf && !holds(*options.onlyIf, &row.object.etag, &row.object.uploadedMs)) {
        got.outcome = Got::Outcome::PreconditionFailed;
        got.object = std::move(row.object);
        got.object.range = range;
        return got;
    }
    if (options.range) {
        auto asked = resolveRange(*options.range, size);
        if (!asked)
            return std::unexpected(std::move(asked.error()));
        range = asked->value_or(range);
    }
    got.object = std::move(row.object);
    got.object.range = range;
    if (row.blobId && size <= static_cast<std::int64_t>(maxCachedValue)) {
        auto value = smallValue(*row.blobId);
        if (!value)
            return std::unexpected(std::move(value.error()));
        if (static_cast<std::int64_t>((*value)->size()) < size) {
            const std::string path = (m_blobs.folder() / *row.blobId).string();
            return base::fail("storage.failed", "The value in " + path + " is shorter than the state file says.", {path});
        }
        got.whole = std::move(*value);
        return got;
    }
    if (row.blobId)
        row.parts.push_back({*row.blobId, 0, size});
    std::deque<ObjectReader::Piece> pieces;
    std::int64_t start = 0;
    for (ObjectReader::Piece &part : row.parts) {
        const std::int64_t first = std::max(start, range.offset);
        const std::int64_t end = std::min(start + part.length, range.offset + range.length);
        if (first < end)
            pieces.push_back({std::move(part.blobId), first - start, end - first});
        start += part.length;
    }
    got.value = std::make_unique<ObjectReader>(m_blobs, std::move(pieces));
    if (auto opened = got.value->open(); !opened)
        return std::unexpected(std::move(opened.error()));
    return got;
}

Result<std::shared_ptr<const std::string>> R2Store::smallValue(const std::string &blobId)
{
    if (auto cached = m_cache.find(blobId))
        return cached;
    auto blob = storage::BlobReader::open(m_blobs, blobId);
    if (!blob)
        return std::unexpected(std::move(blob.error()));
    if (!*blob) {
        const std::string path = (m_blobs.folder() / blobId).string();
        return base::fail("storage.missing", "The value's file is not there: " + path + ". Put it back, or write the object anew.", {path});
    }
    std::string bytes(static_cast<std::size_t>(std::min<std::int64_t>((*blob)->size(), static_cast<std::int64_t>(maxCachedValue))), '\0');
    if (auto read = (*blob)->read(0, std::as_writable_bytes(std::span(bytes))); !read)
        return std::unexpected(std::move(read.error()));
    auto value = std::make_shared<const std::string>(std::move(bytes));
    m_cache.insert(blobId, value);
    return value;
}

Result<ObjectWriter> R2Store::write(std::optional<Hash> hash)
{
    auto blob = storage::BlobWriter::create(m_blobs, m_owner);
    if (!blob)
        return std::unexpected(std::move(blob.error()));
    return ObjectWriter(std::move(*blob), hash);
}

Result<void> R2Store::insert(Database &database, const Object &object, const std::optional<std::string> &blobId)
{
    return run(
        database,
        "INSERT OR REPLACE INTO _mf_objects (key, blob_id, version, size, etag, uploaded, checksums, http_metadata, custom_metadata) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        [&](Statement &statement) {
            statement.bindText(1, object.key);
            if (blobId)
                statement.bindText(2, *blobId);
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
        nothing);
}

Result<void> R2Store::condemn(Database &database, std::string_view key, const std::optional<std::string> &blobId, storage::BlobRemoval &removal)
{
    if (blobId) {
        removal.add(*blobId);
        return {};
    }
    return run(
        database, "DELETE FROM _mf_multipart_parts WHERE object_key = ?1 RETURNING blob_id", [&](Statement &statement) { statement.bindText(1, key); },
        [&](Statement &row) { removal.add(row.text(0)); });
}

void R2Store::carryOut(storage::BlobRemoval &removal)
{
    for (const std::string &id : removal.ids())
        m_cache.remove(id);
    removal.carryOut();
}

Result<std::optional<Object>> R2Store::put(Object object, storage::BlobWriter &blob, const Conditions *onlyIf)
{
    auto database = writer();
    if (!database)
        return std::unexpected(std::move(database.error()));
    auto version = newVersion();
    if (!version)
        return std::unexpected(std::move(version.error()));
    object.version = std::move(*version);
    bool exists = false;
    std::optional<std::string> oldBlob;
    std::string oldEtag;
    std::int64_t oldTime = 0;
    const auto look = [&] {
        exists = false;
        oldBlob.reset();
        return run(
            **database, "SELECT blob_id, etag, uploaded FROM _mf_objects WHERE key = ?1", [&](Statement &statement) { statement.bindText(1, object.key); },
            [&](Statement &row) {
                exists = true;
                if (!row.isNull(0))
                    oldBlob = row.text(0);
                oldEtag = row.text(1);
                oldTime = row.integer(2);
            });
    };
    storage::BlobRemoval removal(m_blobs, m_owner);
    if (auto looked = look(); !looked)
        return std::unexpected(std::move(looked.error()));
    if (oldBlob)
        removal.prepare(*oldBlob);
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    if (auto looked = look(); !looked)
        return std::unexpected(std::move(looked.error()));
    if (onlyIf && !holds(*onlyIf, exists ? &oldEtag : nullptr, exists ? &oldTime : nullptr))
        return std::nullopt;
    object.uploadedMs = base::wallMs();
    if (auto inserted = insert(**database, object, blob.id()); !inserted)
        return std::unexpected(std::move(inserted.error()));
    if (exists) {
        if (auto done = condemn(**database, object.key, oldBlob, removal); !done)
            return std::unexpected(std::move(done.error()));
    }
    if (auto committed = transaction->commit(); !committed)
        return std::unexpected(std::move(committed.error()));
    blob.keep();
    carryOut(removal);
    return object;
}

Result<void> R2Store::remove(const std::vector<std::string> &keys)
{
    auto database = reader(Check::Now);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database || keys.empty())
        return {};
    storage::BlobRemoval removal(m_blobs, m_owner);
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    for (const std::string &key : keys) {
        bool existed = false;
        std::optional<std::string> blobId;
        auto deleted = run(
            **database, "DELETE FROM _mf_objects WHERE key = ?1 RETURNING blob_id", [&](Statement &statement) { statement.bindText(1, key); },
            [&](Statement &row) {
                existed = true;
                if (!row.isNull(0))
                    blobId = row.text(0);
            });
        if (!deleted)
            return deleted;
        if (!existed)
            continue;
        if (auto done = condemn(**database, key, blobId, removal); !done)
            return done;
    }
    if (auto committed = transaction->commit(); !committed)
        return committed;
    carryOut(removal);
    return {};
}

} // namespace cleat::bindings::r2
