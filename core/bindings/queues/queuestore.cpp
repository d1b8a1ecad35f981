// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/queues/queuestore.h"

#include "core/base/bytes.h"
#include "core/bindings/queues/queuelimits.h"
#include "core/storage/transaction.h"

#include <algorithm>
#include <array>
#include <limits>
#include <random>
#include <utility>

namespace cleat::bindings::queues {

using base::Result;
using storage::Database;
using storage::Statement;
using storage::Transaction;

namespace {

constexpr auto schema = "CREATE TABLE IF NOT EXISTS messages (place INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL, type INTEGER NOT NULL, body BLOB NOT NULL,"
                        " bytes INTEGER NOT NULL, sent_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, state INTEGER NOT NULL DEFAULT 0,"
                        " sender_log INTEGER NOT NULL DEFAULT 0, sender INTEGER NOT NULL DEFAULT 0);"
                        "CREATE INDEX IF NOT EXISTS messages_order ON messages(queue, state, due_ms, place, bytes, sent_ms);"
                        "CREATE INDEX IF NOT EXISTS messages_list ON messages(queue, due_ms, place);"
                        "CREATE INDEX IF NOT EXISTS messages_age ON messages(sent_ms);"
                        "CREATE TABLE IF NOT EXISTS paused (queue TEXT PRIMARY KEY);"
                        // How many there are of each state, kept by the database itself, so that nobody has to count 100,000 messages at each send.
                        "CREATE TABLE IF NOT EXISTS totals (queue TEXT NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY (queue, state)) WITHOUT ROWID;"
                        "CREATE TRIGGER IF NOT EXISTS messages_came AFTER INSERT ON messages BEGIN"
                        " INSERT INTO totals VALUES (new.queue, new.state, 1, new.bytes) ON CONFLICT (queue, state) DO UPDATE SET count = count + 1, bytes = bytes + excluded.bytes; END;"
                        "CREATE TRIGGER IF NOT EXISTS messages_went AFTER DELETE ON messages BEGIN"
                        " UPDATE totals SET count = count - 1, bytes = bytes - old.bytes WHERE queue = old.queue AND state = old.state; END;"
                        "CREATE TRIGGER IF NOT EXISTS messages_moved AFTER UPDATE OF queue, state ON messages WHEN old.queue != new.queue OR old.state != new.state BEGIN"
                        " UPDATE totals SET count = count - 1, bytes = bytes - old.bytes WHERE queue = old.queue AND state = old.state;"
                        " INSERT INTO totals VALUES (new.queue, new.state, 1, new.bytes) ON CONFLICT (queue, state) DO UPDATE SET count = count + 1, bytes = bytes + excluded.bytes; END;"
                        // Of a file from before there were totals.
                        "INSERT OR REPLACE INTO totals SELECT queue, state, count(*), sum(bytes) FROM messages GROUP BY queue, state;";

constexpr auto tableCount = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('messages', 'paused', 'totals')";
constexpr int tables = 3;

constexpr int columnCount = 11;
// A macro, because SQL is put together of literals only.
#define CLEAT_QUEUE_COLUMNS "place, id, type, bytes, sent_ms, due_ms, attempts, state, sender_log, sender, "

std::string newId()
{
    static thread_local std::random_device source;
    std::array<std::uint32_t, 4> parts{source(), source(), source(), source()};
    return base::toHex(std::as_bytes(std::span(parts)));
}

/// Steps a statement that gives no rows.
Result<void> run(Result<Statement> &statement)
{
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    auto step = statement->step();
    if (!step)
        return std::unexpected(std::move(step.error()));
    return {};
}

/// How many rows the last statement has changed.
Result<std::uint64_t> changed(Database &database)
{
    auto statement = database.statement("SELECT changes()");
    if (auto stepped = run(statement); !stepped)
        return std::unexpected(std::move(stepped.error()));
    return static_cast<std::uint64_t>(statement->integer(0));
}

Result<Backlog> backlogOf(Database &database, std::string_view queue, std::int64_t nowMs)
{
    // What waits, without what is delayed: the latter are few, as a rule.
    auto statement = database.statement(
        "SELECT ifnull((SELECT count FROM totals WHERE queue = ?1 AND state = 0), 0) - count(*), ifnull((SELECT bytes FROM totals WHERE queue = ?1 AND state = 0), 0) - ifnull(sum(bytes), 0),"
        " (SELECT sent_ms FROM messages WHERE queue = ?1 AND state = 0 AND due_ms <= ?2 ORDER BY due_ms, place LIMIT 1) FROM messages WHERE queue = ?1 AND state = 0 AND due_ms > ?2");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindText(1, queue);
    statement->bindInteger(2, nowMs);
    if (auto stepped = run(statement); !stepped)
        return std::unexpected(std::move(stepped.error()));
    Backlog backlog{static_cast<std::uint64_t>(statement->integer(0)), static_cast<std::uint64_t>(statement->integer(1)), std::nullopt};
    if (!statement->isNull(2))
        backlog.oldestMs = statement->integer(2);
    return backlog;
}

/// Runs `sql` for each place in one transaction; ?1 is the place, ?2 a time where it has one. Gives how many rows were changed.
Result<std::uint64_t> forEach(Database &database, std::span<const std::int64_t> places, std::string_view sql, std::optional<std::int64_t> nowMs)
{
    auto transaction = Transaction::begin(database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    std::uint64_t total = 0;
    for (const std::int64_t place : places) {
        {
            auto statement = database.statement(sql);
            if (!statement)
                return std::unexpected(std::move(statement.error()));
            statement->bindInteger(1, place);
            if (nowMs)
                statement->bindInteger(2, *nowMs);
            if (auto stepped = run(statement); !stepped)
                return std::unexpected(std::move(stepped.error()));
        }
        auto count = changed(database);
        if (!count)
            return std::unexpected(std::move(count.error()));
        total += *count;
    }
    if (auto done = transaction->commit(); !done)
        return std::unexpected(std::move(done.error()));
    return total;
}

} // namespace

std::filesystem::path QueueStore::fileOf(const std::filesystem::path &state)
{
    return state / "v3" / "queues" / "queues.sqlite";
}

QueueStore::QueueStore(const std::filesystem::path &state, std::chrono::milliseconds busyTimeout) : m_file(fileOf(state)), m_busyTimeout(busyTimeout) {}

Result<Database *> QueueStore::writer()
{
    if (m_database && m_database->moved()) {
        m_database.reset();
        m_schemaKnown = false;
    }
    if (!m_database) {
        auto opened = Database::open(m_file, Database::Mode::Create, m_busyTimeout);
        if (!opened)
            return std::unexpected(std::move(opened.error()));
        m_database = std::move(*opened);
    }
    if (!m_schemaKnown) {
        {
            auto statement = m_database->statement(tableCount);
            if (auto stepped = run(statement); !stepped)
                return std::unexpected(std::move(stepped.error()));
            m_schemaKnown = statement->integer(0) == tables;
        }
        if (!m_schemaKnown) {
            auto transaction = Transaction::begin(*m_database);
            if (!transaction)
                return std::unexpected(std::move(transaction.error()));
            if (auto made = m_database->execute(schema); !made)
                return std::unexpected(std::move(made.error()));
            if (auto done = transaction->commit(); !done)
                return std::unexpected(std::move(done.error()));
            m_schemaKnown = true;
        }
    }
    return m_database.get();
}

Result<Database *> QueueStore::reader()
{
    if (m_database && m_database->moved()) {
        m_database.reset();
        m_schemaKnown = false;
    }
    if (!m_database) {
        auto opened = Database::open(m_file, Database::Mode::Existing, m_busyTimeout);
        if (!opened && opened.error().code == "storage.missing")
            return nullptr;
        if (!opened)
            return std::unexpected(std::move(opened.error()));
        m_database = std::move(*opened);
    }
    if (!m_schemaKnown) {
        std::int64_t known = 0;
        {
            auto statement = m_database->statement(tableCount);
            if (auto stepped = run(statement); !stepped)
                return std::unexpected(std::move(stepped.error()));
            known = statement->integer(0);
        }
        if (known > 0 && known < tables)
            return writer();
        m_schemaKnown = known == tables;
    }
    return m_schemaKnown ? m_database.get() : nullptr;
}

// ---- producers

Result<Backlog> QueueStore::send(std::string_view queue, std::span<const NewMessage> messages, std::int64_t nowMs)
{
    auto database = writer();
    if (!database)
        return std::unexpected(std::move(database.error()));
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    auto before = backlogOf(**database, queue, nowMs);
    if (!before)
        return before;
    for (const NewMessage &message : messages) {
        const std::string id = newId();
        auto statement = (*database)->statement(
            "INSERT INTO messages (queue, id, type, body, bytes, sent_ms, due_ms, sender_log, sender) VALUES (?1, ?2, ?3, CAST(?4 AS BLOB), ?5, ?6, ?7, ?8, ?9)");
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        statement->bindText(1, queue);
        statement->bindText(2, id);
        statement->bindInteger(3, static_cast<std::int64_t>(message.type));
        statement->bindText(4, message.body);
        statement->bindInteger(5, static_cast<std::int64_t>(message.body.size()));
        statement->bindInteger(6, nowMs);
        statement->bindInteger(7, nowMs + message.delaySeconds * 1000);
        statement->bindInteger(8, static_cast<std::int64_t>(message.sender.log));
        statement->bindInteger(9, static_cast<std::int64_t>(message.sender.request));
        if (auto stepped = run(statement); !stepped)
            return std::unexpected(std::move(stepped.error()));
    }
    if (auto done = transaction->commit(); !done)
        return std::unexpected(std::move(done.error()));
    return before;
}

Result<Backlog> QueueStore::backlog(std::string_view queue, std::int64_t nowMs)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    return *database ? backlogOf(**database, queue, nowMs) : Backlog();
}

// ---- who delivers

Result<void> QueueStore::recover(std::string_view queue)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return {};
    auto statement = (*database)->statement("UPDATE messages SET state = 0 WHERE queue = ?1 AND state = 1");
    if (statement)
        statement->bindText(1, queue);
    return run(statement);
}

Result<QueueStore::Due> QueueStore::due(std::string_view queue, std::int64_t nowMs)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return Due();
    auto statement = (*database)->statement(
        "SELECT iif(EXISTS (SELECT 1 FROM paused WHERE paused.queue = ?1), 0, ifnull((SELECT count FROM totals WHERE queue = ?1 AND state = 0), 0) - count(*)), min(due_ms)"
        " FROM messages WHERE queue = ?1 AND state = 0 AND due_ms > ?2");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindText(1, queue);
    statement->bindInteger(2, nowMs);
    if (auto stepped = run(statement); !stepped)
        return std::unexpected(std::move(stepped.error()));
    Due due{static_cast<std::uint64_t>(statement->integer(0)), std::nullopt};
    if (!statement->isNull(1))
        due.nextMs = statement->integer(1);
    return due;
}

Result<std::vector<Message>> QueueStore::messages(Statement &statement)
{
    std::vector<Message> found;
    for (;;) {
        auto step = statement.step();
        if (!step)
            return std::unexpected(std::move(step.error()));
        if (*step == Statement::Step::Done)
            return found;
        Message &message = found.emplace_back();
        message.place = statement.integer(0);
        message.id = statement.text(1);
        message.type = static_cast<ContentType>(statement.integer(2) & 3);
        message.bytes = static_cast<std::uint64_t>(statement.integer(3));
        message.sentMs = statement.integer(4);
        message.dueMs = statement.integer(5);
        message.attempts = static_cast<int>(statement.integer(6));
        message.state = static_cast<MessageState>(std::min<std::int64_t>(statement.integer(7), 2));
        message.sender = {static_cast<std::uint64_t>(statement.integer(8)), static_cast<std::uint64_t>(statement.integer(9))};
        message.body = statement.text(columnCount - 1);
    }
}

Result<std::vector<Message>> QueueStore::claim(std::string_view queue, std::size_t most, std::int64_t nowMs)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return std::vector<Message>();
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    Result<std::vector<Message>> found;
    {
        auto statement = (*database)->statement("SELECT " CLEAT_QUEUE_COLUMNS "body FROM messages WHERE queue = ?1 AND state = 0 AND due_ms <= ?2 ORDER BY due_ms, place LIMIT ?3");
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        statement->bindText(1, queue);
        statement->bindInteger(2, nowMs);
        statement->bindInteger(3, static_cast<std::int64_t>(most));
        found = messages(*statement);
    }
    if (!found)
        return found;
    for (Message &message : *found) {
        auto statement = (*database)->statement("UPDATE messages SET state = 1 WHERE place = ?1");
        if (statement)
            statement->bindInteger(1, message.place);
        if (auto stepped = run(statement); !stepped)
            return std::unexpected(std::move(stepped.error()));
        message.state = MessageState::InFlight;
    }
    if (auto done = transaction->commit(); !done)
        return std::unexpected(std::move(done.error()));
    return found;
}

Result<void> QueueStore::settle(std::span<const Outcome> outcomes, std::int64_t nowMs)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return {};
    auto transaction = Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    for (const Outcome &outcome : outcomes) {
        const auto sql = [&]() -> std::string_view {
            switch (outcome.kind) {
            case Outcome::Kind::Acknowledged:
                return "DELETE FROM messages WHERE place = ?1 AND state = 1";
            case Outcome::Kind::Retry:
                return "UPDATE messages SET state = 0, attempts = attempts + 1, due_ms = ?2 WHERE place = ?1 AND state = 1";
            case Outcome::Kind::Returned:
                return "UPDATE messages SET state = 0 WHERE place = ?1 AND state = 1";
            case Outcome::Kind::DeadLetter:
                return "UPDATE messages SET state = 0, attempts = 0, due_ms = ?2, queue = ?3 WHERE place = ?1 AND state = 1";
            case Outcome::Kind::Dead:
                return "UPDATE messages SET state = 2, attempts = attempts + 1 WHERE place = ?1 AND state = 1";
            }
            return {};
        }();
        auto statement = (*database)->statement(sql);
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        statement->bindInteger(1, outcome.place);
        if (outcome.kind == Outcome::Kind::Retry || outcome.kind == Outcome::Kind::DeadLetter)
            statement->bindInteger(2, nowMs + outcome.delaySeconds * 1000);
        if (outcome.kind == Outcome::Kind::DeadLetter)
            statement->bindText(3, outcome.deadLetterQueue);
        if (auto stepped = run(statement); !stepped)
            return stepped;
    }
    return transaction->commit();
}

Result<std::uint64_t> QueueStore::expire(std::int64_t nowMs)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return 0;
    {
        auto statement = (*database)->statement("DELETE FROM messages WHERE sent_ms < ?1 AND due_ms < ?1 AND state != 1");
        if (statement)
            statement->bindInteger(1, nowMs - retentionMs);
        if (auto stepped = run(statement); !stepped)
            return std::unexpected(std::move(stepped.error()));
    }
    return changed(**database);
}

Result<std::int64_t> QueueStore::version()
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return -1;
    auto statement = (*database)->statement("PRAGMA data_version");
    if (auto stepped = run(statement); !stepped)
        return std::unexpected(std::move(stepped.error()));
    return statement->integer(0);
}

// ---- by hand

Result<std::vector<QueueStore::Queue>> QueueStore::queues(std::int64_t nowMs)
{
    std::vector<Queue> all;
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return all;
    auto statement = (*database)->statement(
        "SELECT queue, sum(iif(state = 0, count, 0)), sum(iif(state = 1, count, 0)),"
        " (SELECT count(*) FROM messages WHERE messages.queue = totals.queue AND state = 0 AND due_ms > ?1), sum(iif(state = 2, count, 0)), sum(bytes), 0 FROM totals WHERE count > 0 GROUP BY queue"
        " UNION ALL SELECT queue, 0, 0, 0, 0, 0, 1 FROM paused ORDER BY 1, 7");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindInteger(1, nowMs);
    for (;;) {
        auto step = statement->step();
        if (!step)
            return std::unexpected(std::move(step.error()));
        if (*step == Statement::Step::Done)
            return all;
        if (all.empty() || all.back().name != statement->text(0))
            all.push_back({std::string(statement->text(0)), {}});
        Counts &counts = all.back().counts;
        counts.waiting += static_cast<std::uint64_t>(statement->integer(1) - statement->integer(3));
        counts.inFlight += static_cast<std::uint64_t>(statement->integer(2));
        counts.delayed += static_cast<std::uint64_t>(statement->integer(3));
        counts.dead += static_cast<std::uint64_t>(statement->integer(4));
        counts.bytes += static_cast<std::uint64_t>(statement->integer(5));
        counts.paused = counts.paused || statement->integer(6) != 0;
    }
}

Result<QueueStore::Counts> QueueStore::counts(std::string_view queue, std::int64_t nowMs)
{
    auto all = queues(nowMs);
    if (!all)
        return std::unexpected(std::move(all.error()));
    for (const Queue &one : *all) {
        if (one.name == queue)
            return one.counts;
    }
    return Counts();
}

Result<std::vector<Message>> QueueStore::list(std::string_view queue, std::size_t most, std::optional<Position> behind)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return std::vector<Message>();
    auto statement = (*database)->statement("SELECT " CLEAT_QUEUE_COLUMNS "NULL FROM messages WHERE queue = ?1 AND (due_ms, place) > (?2, ?3) ORDER BY due_ms, place LIMIT ?4");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindText(1, queue);
    statement->bindInteger(2, behind ? behind->dueMs : std::numeric_limits<std::int64_t>::min());
    statement->bindInteger(3, behind ? behind->place : 0);
    statement->bindInteger(4, static_cast<std::int64_t>(most));
    return messages(*statement);
}

Result<std::optional<Message>> QueueStore::read(std::int64_t place)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return std::nullopt;
    auto statement = (*database)->statement("SELECT " CLEAT_QUEUE_COLUMNS "body FROM messages WHERE place = ?1");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    statement->bindInteger(1, place);
    auto found = messages(*statement);
    if (!found)
        return std::unexpected(std::move(found.error()));
    return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
}

Result<std::uint64_t> QueueStore::remove(std::span<const std::int64_t> places)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    return *database ? forEach(**database, places, "DELETE FROM messages WHERE place = ?1 AND state != 1", std::nullopt) : 0;
}

Result<std::uint64_t> QueueStore::release(std::span<const std::int64_t> places, std::int64_t nowMs)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return 0;
    return forEach(**database, places, "UPDATE messages SET attempts = iif(state = 2, 0, attempts), state = 0, due_ms = min(due_ms, ?2) WHERE place = ?1 AND state != 1", nowMs);
}

Result<std::uint64_t> QueueStore::purge(std::string_view queue)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return 0;
    {
        auto statement = (*database)->statement("DELETE FROM messages WHERE queue = ?1 AND state != 1");
        if (statement)
            statement->bindText(1, queue);
        if (auto stepped = run(statement); !stepped)
            return std::unexpected(std::move(stepped.error()));
    }
    return changed(**database);
}

Result<void> QueueStore::setDelivery(std::string_view queue, Delivery delivery)
{
    auto database = writer();
    if (!database)
        return std::unexpected(std::move(database.error()));
    auto statement = (*database)->statement(delivery == Delivery::Paused ? "INSERT OR IGNORE INTO paused (queue) VALUES (?1)" : "DELETE FROM paused WHERE queue = ?1");
    if (statement)
        statement->bindText(1, queue);
    return run(statement);
}

Result<QueueStore::Delivery> QueueStore::delivery(std::string_view queue)
{
    auto database = reader();
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return Delivery::Running;
    auto statement = (*database)->statement("SELECT count(*) FROM paused WHERE queue = ?1");
    if (statement)
        statement->bindText(1, queue);
    if (auto stepped = run(statement); !stepped)
        return std::unexpected(std::move(stepped.error()));
    return statement->integer(0) != 0 ? Delivery::Paused : Delivery::Running;
}

} // namespace cleat::bindings::queues
