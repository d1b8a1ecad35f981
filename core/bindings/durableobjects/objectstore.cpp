// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/durableobjects/objectstore.h"

#include "core/base/clock.h"
#include "core/bindings/durableobjects/objectconnection.h"
#include "core/storage/failure.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <limits>
#include <system_error>
#include <unistd.h>

namespace cleat::bindings::durableobjects {

using base::Result;
using storage::Statement;

const std::string_view noPointInTimeRecovery = "This Durable Object's storage back-end does not implement point-in-time recovery.";

namespace {

constexpr std::int64_t nsPerMs = 1'000'000;

std::unexpected<base::Error> wrongState(std::string_view message)
{
    return base::fail("object.state", std::string(message));
}

std::string bookmarkText(std::uint64_t count)
{
    constexpr std::uint64_t half = std::numeric_limits<std::uint32_t>::max();
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%08x-%08x-00000000-%032d", static_cast<unsigned>(count / half), static_cast<unsigned>(count % half), 0);
    return text.data();
}

/// The first text that follows all that begin with `prefix`; nullopt: there is none.
std::optional<std::string> afterPrefix(std::string prefix)
{
    while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF)
        prefix.pop_back();
    if (prefix.empty())
        return std::nullopt;
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    return prefix;
}

std::string savepoint(std::string_view verb, std::size_t depth)
{
    return std::string(verb) + " _cf_savepoint_" + std::to_string(depth);
}

} // namespace

class ObjectStore::Private final
{
public:
    Private(const std::filesystem::path &state, ObjectAddress objectAddress, AlarmSchedule &alarms, std::function<bool()> whetherToStop, std::chrono::milliseconds timeout)
        : address(std::move(objectAddress)),
          file(objectFile(state, address.uniqueKey, address.id)),
          schedule(alarms),
          stop(std::move(whetherToStop)),
          busyTimeout(timeout)
    {}

    Result<void> connect();
    /// To be called first by whatever reads.
    Result<void> ready();
    Result<void> beginWrite();
    Result<void> commitOutermost();
    void forget();
    Result<bool> hasValues();
    Result<bool> hasMetadata();
    Result<void> makeMetadata();
    Result<void> setMetadata(std::int64_t key, std::optional<std::int64_t> value);
    /// In nanoseconds, whether or not its handler runs.
    Result<std::optional<std::int64_t>> storedAlarm();
    Result<void> writeName();

    const ObjectAddress address;
    const std::filesystem::path file;
    AlarmSchedule &schedule;
    const std::function<bool()> stop;
    const std::chrono::milliseconds busyTimeout;
    std::unique_ptr<ObjectConnection> connection;
    bool values = false; ///< there is a table of them
    bool metadata = false;
    bool implicit = false; ///< a transaction of the turn is open
    std::vector<Kind> transactions; ///< explicit ones, the outermost first
    struct AlarmWrite {
        std::optional<std::int64_t> beforeNs; ///< what was committed
    };
    std::optional<AlarmWrite> alarmWrite; ///< this transaction touched the alarm
    std::optional<std::int64_t> ringingNs; ///< its handler runs, and has not set another
    std::optional<AlarmChange> alarmChange; ///< committed
};

Result<void> ObjectStore::Private::connect()
{
    auto opened = ObjectConnection::open(file, stop, busyTimeout);
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    connection = std::move(*opened);
    values = metadata = false;
    return writeName();
}

/// As wrangler keeps the name of an object of a SQLite class.
Result<void> ObjectStore::Private::writeName()
{
    if (!address.name || address.backend != ObjectAddress::Backend::Sqlite)
        return {};
    const auto there = connection->hasTable("__miniflare_do_name");
    if (!there)
        return std::unexpected(there.error());
    if (*there) {
        auto same = connection->statement("SELECT 1 FROM __miniflare_do_name WHERE id = 1 AND name = ?1");
        if (!same)
            return std::unexpected(std::move(same.error()));
        same->bindText(1, *address.name);
        auto step = same->step();
        if (step && *step == Statement::Step::Row)
            return {};
    }
    if (auto begun = connection->beginWrite(); !begun)
        return begun;
    auto made = connection->run("CREATE TABLE IF NOT EXISTS __miniflare_do_name (id INTEGER PRIMARY KEY, name TEXT)");
    if (made) {
        auto insert = connection->statement("INSERT OR REPLACE INTO __miniflare_do_name (id, name) VALUES (1, ?1)");
        if (insert) {
            insert->bindText(1, *address.name);
            if (auto step = insert->step(); !step)
                made = std::unexpected(connection->failure());
        } else {
            made = std::unexpected(std::move(insert.error()));
        }
    }
    if (made)
        made = connection->run("COMMIT");
    connection->writeEnded();
    if (made)
        return made;
    if (auto back = connection->run("ROLLBACK"); !back)
        return back;
    return made;
}

Result<void> ObjectStore::Private::ready()
{
    // A deleteAll() of another program puts a new file in the place of the old one.
    if (connection && (implicit || !transactions.empty() || connection->hasCursors() || !connection->moved()))
        return {};
    connection.reset();
    return connect();
}

Result<void> ObjectStore::Private::beginWrite()
{
    if (implicit || !transactions.empty())
        return {};
    auto begun = connection->beginWrite();
    implicit = begun.has_value();
    return begun;
}

/// What is remembered of the file may not hold any more.
void ObjectStore::Private::forget()
{
    values = metadata = false;
    alarmWrite.reset();
}

Result<bool> ObjectStore::Private::hasValues()
{
    if (!values) {
        auto there = connection->hasTable("_cf_KV");
        if (!there)
            return there;
        values = *there;
    }
    return values;
}

Result<bool> ObjectStore::Private::hasMetadata()
{
    if (!metadata) {
        auto there = connection->hasTable("_cf_METADATA");
        if (!there)
            return there;
        metadata = *there;
    }
    return metadata;
}

Result<void> ObjectStore::Private::makeMetadata()
{
    if (metadata)
        return {};
    auto made = connection->run("CREATE TABLE IF NOT EXISTS _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB)");
    metadata = made.has_value();
    return made;
}

Result<void> ObjectStore::Private::setMetadata(std::int64_t key, std::optional<std::int64_t> value)
{
    if (auto made = makeMetadata(); !made)
        return made;
    auto statement = connection->statement("INSERT INTO _cf_METADATA (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindInteger(1, key);
    if (value)
        statement->bindInteger(2, *value);
    else
        statement->bindNull(2);
    if (auto step = statement->step(); !step)
        return std::unexpected(connection->failure());
    return {};
}

Result<std::optional<std::int64_t>> ObjectStore::Private::storedAlarm()
{
    const auto there = hasMetadata();
    if (!there)
        return std::unexpected(there.error());
    if (!*there)
        return std::nullopt;
    return connection->number("SELECT value FROM _cf_METADATA WHERE key = 1");
}

/// The end of an outermost transaction: the schedule of the alarms goes with it. An alarm that comes first is in the schedule before the object knows of it, one that goes is there
/// after: a crash in between leaves one too many, which is dropped when it rings.
Result<void> ObjectStore::Private::commitOutermost()
{
    std::optional<std::int64_t> nowNs;
    bool changed = false;
    if (alarmWrite) {
        const auto stored = storedAlarm();
        if (!stored)
            return std::unexpected(stored.error());
        nowNs = *stored;
        changed = nowNs != alarmWrite->beforeNs;
        if (changed && nowNs && (!alarmWrite->beforeNs || *nowNs < *alarmWrite->beforeNs)) {
            if (auto set = schedule.set({address.id, *nowNs, address.name}); !set)
                return set;
        }
    }
    if (auto ended = connection->run("COMMIT"); !ended)
        return ended;
    connection->writeEnded();
    const auto beforeNs = alarmWrite ? alarmWrite->beforeNs : std::nullopt;
    alarmWrite.reset();
    if (!changed)
        return {};
    alarmChange = AlarmChange{nowNs ? std::optional(*nowNs / nsPerMs) : std::nullopt};
    if (!nowNs)
        return schedule.remove(address.id);
    if (beforeNs && *beforeNs < *nowNs)
        return schedule.set({address.id, *nowNs, address.name});
    return {};
}

ObjectStore::ObjectStore(std::unique_ptr<Private> parts) : d(std::move(parts)) {}

ObjectStore::~ObjectStore() = default;

Result<std::unique_ptr<ObjectStore>> ObjectStore::open(
    const std::filesystem::path &state, ObjectAddress address, AlarmSchedule &schedule, std::function<bool()> stop, std::chrono::milliseconds busyTimeout)
{
    auto parts = std::make_unique<Private>(state, std::move(address), schedule, std::move(stop), busyTimeout);
    if (auto connected = parts->connect(); !connected)
        return std::unexpected(std::move(connected.error()));
    return std::unique_ptr<ObjectStore>(new ObjectStore(std::move(parts)));
}

const ObjectAddress &ObjectStore::address() const
{
    return d->address;
}

std::filesystem::path ObjectStore::file() const
{
    return d->file;
}

// ---- keys and values

Result<std::optional<std::string>> ObjectStore::get(std::string_view key)
{
    if (auto ready = d->ready(); !ready)
        return std::unexpected(std::move(ready.error()));
    const auto there = d->hasValues();
    if (!there)
        return std::unexpected(there.error());
    if (!*there)
        return std::nullopt;
    auto statement = d->connection->statement("SELECT value FROM _cf_KV WHERE key = ?1");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindText(1, key);
    const auto step = statement->step();
    if (!step)
        return std::unexpected(d->connection->failure());
    if (*step == Statement::Step::Done)
        return std::nullopt;
    return std::string(statement->text(0));
}

Result<void> ObjectStore::put(std::string_view key, std::span<const std::byte> value)
{
    if (auto ready = d->ready(); !ready)
        return ready;
    if (auto begun = d->beginWrite(); !begun)
        return begun;
    if (!d->values) {
        if (auto made = d->connection->run("CREATE TABLE IF NOT EXISTS _cf_KV (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID"); !made)
            return made;
        d->values = true;
    }
    return d->connection->putValue(key, value);
}

Result<bool> ObjectStore::remove(std::string_view key)
{
    if (auto ready = d->ready(); !ready)
        return std::unexpected(std::move(ready.error()));
    const auto there = d->hasValues();
    if (!there || !*there)
        return there;
    if (auto begun = d->beginWrite(); !begun)
        return std::unexpected(std::move(begun.error()));
    auto statement = d->connection->statement("DELETE FROM _cf_KV WHERE key = ?1 RETURNING 1");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindText(1, key);
    const auto step = statement->step();
    if (!step)
        return std::unexpected(d->connection->failure());
    if (*step == Statement::Step::Done)
        return false;
    if (const auto end = statement->step(); !end)
        return std::unexpected(d->connection->failure());
    return true;
}

Result<std::vector<ObjectEntry>> ObjectStore::list(const ObjectListOptions &options)
{
    std::vector<ObjectEntry> entries;
    if (auto ready = d->ready(); !ready)
        return std::unexpected(std::move(ready.error()));
    const auto there = d->hasValues();
    if (!there)
        return std::unexpected(there.error());
    if (!*there)
        return entries;
    std::string begin = options.prefix.value_or("");
    std::optional<std::string> end = afterPrefix(begin);
    if (options.start)
        begin = std::max(begin, *options.start);
    if (options.startAfter)
        begin = std::max(begin, *options.startAfter + '\0');
    if (options.end && (!end || *options.end < *end))
        end = options.end;
    std::string sql = "SELECT key, value FROM _cf_KV WHERE key >= ?1";
    if (end)
        sql += " AND key < ?2";
    sql += options.order == ObjectListOptions::Order::Descending ? " ORDER BY key DESC" : " ORDER BY key";
    if (options.limit)
        sql += " LIMIT ?3";
    auto statement = d->connection->statement(sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindText(1, begin);
    if (end)
        statement->bindText(2, *end);
    if (options.limit)
        statement->bindInteger(3, static_cast<std::int64_t>(std::min<std::uint64_t>(*options.limit, std::numeric_limits<std::int64_t>::max())));
    for (;;) {
        const auto step = statement->step();
        if (!step)
            return std::unexpected(d->connection->failure());
        if (*step == Statement::Step::Done)
            return entries;
        entries.emplace_back(statement->text(0), statement->text(1));
    }
}

Result<void> ObjectStore::removeAll(Alarm alarm)
{
    if (!d->transactions.empty())
        return wrongState("Cannot call deleteAll() within a transaction");
    if (auto ready = d->ready(); !ready)
        return ready;
    const auto stored = d->storedAlarm(); // what this turn has set, too
    if (!stored)
        return std::unexpected(stored.error());
    std::optional<std::int64_t> committed = d->alarmWrite ? d->alarmWrite->beforeNs : *stored;
    d->connection->cancelCursors("SQLite query was canceled because the database was deleted.");
    rollback();
    d->connection.reset();
    for (const char *suffix : {"", "-wal", "-shm"}) {
        const std::string path = d->file.string() + suffix;
        if (::unlink(path.c_str()) != 0 && errno != ENOENT)
            return std::unexpected(storage::systemFailure("delete", path, errno));
    }
    auto opened = ObjectConnection::open(d->file, d->stop, d->busyTimeout);
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    d->connection = std::move(*opened);
    if (alarm == Alarm::Kept && *stored) {
        if (auto begun = d->beginWrite(); !begun)
            return begun;
        d->alarmWrite = Private::AlarmWrite{committed};
        if (auto set = d->setMetadata(1, *stored); !set)
            return set;
        return commit();
    }
    if (!committed)
        return {};
    d->ringingNs.reset();
    d->alarmChange = AlarmChange{};
    return d->schedule.remove(d->address.id);
}

// ---- SQL

Result<std::shared_ptr<SqlCursor>> ObjectStore::exec(std::string_view sql, std::vector<SqlValue> parameters)
{
    if (auto ready = d->ready(); !ready)
        return std::unexpected(std::move(ready.error()));
    return d->connection->exec(sql, std::move(parameters), [this] { return d->beginWrite(); });
}

Result<std::int64_t> ObjectStore::databaseSize()
{
    if (auto ready = d->ready(); !ready)
        return std::unexpected(std::move(ready.error()));
    const auto pages = d->connection->number("PRAGMA page_count");
    const auto unused = pages ? d->connection->number("PRAGMA freelist_count") : pages;
    const auto page = unused ? d->connection->number("PRAGMA page_size") : unused;
    if (!page)
        return std::unexpected(page.error());
    return (pages->value_or(0) - unused->value_or(0)) * page->value_or(0);
}

bool ObjectStore::hasCursors() const
{
    return d->connection && d->connection->hasCursors();
}

// ---- transactions

Result<void> ObjectStore::begin(Kind kind)
{
    if (auto ready = d->ready(); !ready)
        return ready;
    const bool outermost = d->transactions.empty();
    if (kind == Kind::Async && outermost) {
        if (auto committed = commit(); !committed)
            return committed;
        if (auto begun = d->connection->beginWrite(); !begun)
            return begun;
    } else {
        if (kind == Kind::Async && d->transactions.back() == Kind::Sync)
            return wrongState("An asynchronous transaction cannot begin inside of transactionSync().");
        if (auto begun = d->beginWrite(); !begun)
            return begun;
        if (auto made = d->connection->run(savepoint("SAVEPOINT", d->transactions.size())); !made)
            return made;
    }
    d->transactions.push_back(kind);
    return {};
}

Result<void> ObjectStore::end()
{
    if (d->transactions.empty())
        return wrongState("There is no transaction to end.");
    const Kind kind = d->transactions.back();
    if (!d->connection->inTransaction()) { // an error has taken all of it back
        d->transactions.clear();
        d->implicit = false;
        d->forget();
        return wrongState("The transaction was rolled back by an error.");
    }
    if (kind == Kind::Async && d->transactions.size() == 1) {
        auto ended = d->commitOutermost();
        if (!ended) {
            rollback();
            return ended;
        }
        d->transactions.clear();
        return {};
    }
    if (auto released = d->connection->run(savepoint("RELEASE", d->transactions.size() - 1)); !released)
        return released;
    d->transactions.pop_back();
    return {};
}

Result<void> ObjectStore::takeBack()
{
    if (d->transactions.empty())
        return wrongState("There is no transaction to roll back.");
    const Kind kind = d->transactions.back();
    if (!d->connection->inTransaction() || (kind == Kind::Async && d->transactions.size() == 1)) {
        rollback();
        return {};
    }
    const std::size_t depth = d->transactions.size() - 1;
    if (auto back = d->connection->run(savepoint("ROLLBACK TO", depth)); !back)
        return back;
    d->transactions.pop_back();
    d->values = d->metadata = false;
    return d->connection->run(savepoint("RELEASE", depth));
}

std::size_t ObjectStore::depth() const
{
    return d->transactions.size();
}

bool ObjectStore::dirty() const
{
    return d->implicit;
}

Result<void> ObjectStore::commit()
{
    if (!d->implicit || !d->transactions.empty())
        return {};
    if (!d->connection->inTransaction()) { // an error has taken all of it back
        d->implicit = false;
        d->forget();
        return wrongState("What the object wrote was rolled back by an error.");
    }
    auto ended = d->commitOutermost();
    if (!ended) {
        if (ended.error().message.contains("SQLITE_CONSTRAINT"))
            ended = std::unexpected(base::Error{"object.sql",
                "Durable Object was reset and rolled back to its last known good state because the application left the database in a state where constraints were violated: "
                    + ended.error().message,
                {}});
        rollback();
    }
    d->implicit = false;
    return ended;
}

void ObjectStore::rollback()
{
    d->transactions.clear();
    d->implicit = false;
    d->forget();
    if (!d->connection || !d->connection->inTransaction())
        return;
    if (auto back = d->connection->run("ROLLBACK"); !back)
        d->connection.reset(); // closing it takes everything back
}

// ---- the alarm

Result<std::optional<std::int64_t>> ObjectStore::alarm()
{
    if (auto ready = d->ready(); !ready)
        return std::unexpected(std::move(ready.error()));
    if (d->ringingNs)
        return std::nullopt;
    auto stored = d->storedAlarm();
    if (!stored || !*stored)
        return stored;
    return **stored / nsPerMs;
}

Result<void> ObjectStore::setAlarm(std::optional<std::int64_t> ms)
{
    if (auto ready = d->ready(); !ready)
        return ready;
    const auto stored = d->storedAlarm();
    if (!stored)
        return std::unexpected(stored.error());
    if (!ms && !*stored)
        return {};
    if (auto begun = d->beginWrite(); !begun)
        return begun;
    if (!d->alarmWrite)
        d->alarmWrite = Private::AlarmWrite{*stored};
    d->ringingNs.reset();
    return d->setMetadata(1, ms ? std::optional(std::max(*ms, base::wallMs()) * nsPerMs) : std::nullopt);
}

Result<bool> ObjectStore::alarmBegins()
{
    if (auto ready = d->ready(); !ready)
        return std::unexpected(std::move(ready.error()));
    const auto stored = d->storedAlarm();
    if (!stored)
        return std::unexpected(stored.error());
    if (!*stored) {
        if (auto removed = d->schedule.remove(d->address.id); !removed)
            return std::unexpected(std::move(removed.error()));
        return false;
    }
    if (**stored > base::wallMs() * nsPerMs) {
        if (auto set = d->schedule.set({d->address.id, **stored, d->address.name}); !set)
            return std::unexpected(std::move(set.error()));
        d->alarmChange = AlarmChange{**stored / nsPerMs};
        return false;
    }
    d->ringingNs = **stored;
    return true;
}

Result<void> ObjectStore::alarmEnds(Rang rang)
{
    const auto rung = std::exchange(d->ringingNs, std::nullopt);
    if (!rung || rang == Rang::Again)
        return {};
    if (auto ready = d->ready(); !ready)
        return ready;
    if (auto removed = setAlarm(std::nullopt); !removed)
        return removed;
    const auto changeBefore = d->alarmChange;
    if (auto committed = commit(); !committed)
        return committed;
    if (d->alarmChange == AlarmChange{})
        d->alarmChange = changeBefore;
    return {};
}

bool ObjectStore::alarmRings() const
{
    return d->ringingNs.has_value();
}

std::optional<ObjectStore::AlarmChange> ObjectStore::takeAlarmChange()
{
    return std::exchange(d->alarmChange, std::nullopt);
}

// ---- bookmarks

Result<std::string> ObjectStore::currentBookmark()
{
    if (auto ready = d->ready(); !ready)
        return std::unexpected(std::move(ready.error()));
    if (auto begun = d->beginWrite(); !begun)
        return std::unexpected(std::move(begun.error()));
    if (auto made = d->makeMetadata(); !made)
        return std::unexpected(std::move(made.error()));
    const auto last = d->connection->number("SELECT value + 1 FROM _cf_METADATA WHERE key = 2");
    if (!last)
        return std::unexpected(last.error());
    if (auto set = d->setMetadata(2, last->value_or(0)); !set)
        return std::unexpected(std::move(set.error()));
    return bookmarkText(static_cast<std::uint64_t>(last->value_or(0)));
}

} // namespace cleat::bindings::durableobjects
