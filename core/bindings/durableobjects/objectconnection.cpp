// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/durableobjects/objectconnection.h"

#include "core/bindings/d1/d1errors.h"
#include "core/bindings/d1/d1functions.h"

#include <sqlite3.h>

#include <utility>

namespace cleat::bindings::durableobjects {

using base::Result;
using d1::Rules;

namespace {

/// Virtual machine steps between two looks at whether to go on: some hundred microseconds.
constexpr int stepsBetweenStops = 20'000;

std::unexpected<base::Error> refuse(std::string_view message)
{
    return base::fail("object.sql", std::string(message));
}

} // namespace

Result<std::unique_ptr<ObjectConnection>> ObjectConnection::open(const std::filesystem::path &file, const std::function<bool()> &stop, std::chrono::milliseconds busyTimeout)
{
    auto database = storage::Database::open(file, storage::Database::Mode::Create, busyTimeout);
    if (!database)
        return std::unexpected(std::move(database.error()));
    return std::unique_ptr<ObjectConnection>(new ObjectConnection(std::move(*database), stop));
}

ObjectConnection::ObjectConnection(std::unique_ptr<storage::Database> database, const std::function<bool()> &stop)
    : m_database(std::move(database)),
      m_stop(stop),
      m_db(m_database->handle()),
      m_rules(m_db),
      m_statements(m_db, m_rules)
{
    d1::addFunctions(m_db);
    if (!m_stop)
        return;
    sqlite3_progress_handler(m_db, stepsBetweenStops, [](void *data) { return (*static_cast<const std::function<bool()> *>(data))() ? 1 : 0; },
        const_cast<std::function<bool()> *>(&m_stop));
}

ObjectConnection::~ObjectConnection()
{
    cancelCursors("SQL cursor was closed because the object's storage was closed.");
    m_rules.begin(Rules::Text::Own);
    if (inTransaction())
        sqlite3_exec(m_db, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_progress_handler(m_db, 0, nullptr, nullptr);
}

bool ObjectConnection::inTransaction() const
{
    return sqlite3_get_autocommit(m_db) == 0;
}

Result<void> ObjectConnection::beginWrite()
{
    m_database->courtesy().yield();
    auto begun = run("BEGIN IMMEDIATE");
    if (begun)
        m_database->courtesy().begun();
    return begun;
}

base::Error ObjectConnection::failure(int code) const
{
    base::Error error = d1::sqlError(m_db, code, m_database->file(), m_database->busyTimeout());
    if (error.code == "d1.sql")
        error.code = "object.sql";
    return error;
}

base::Error ObjectConnection::failure() const
{
    return failure(sqlite3_extended_errcode(m_db));
}

base::Error ObjectConnection::failure(const SqlStatements::Found &found) const
{
    if (found.transactionRefused)
        return {"object.sql", std::string(d1::transactionRefused), {}};
    if (found.failure == SQLITE_OK)
        return {"object.sql", "SQL code did not contain a statement.", {}};
    return failure(found.failure);
}

Result<storage::Statement> ObjectConnection::statement(std::string_view sql)
{
    m_rules.begin(Rules::Text::Own);
    auto statement = m_database->statement(sql);
    if (!statement)
        return std::unexpected(failure());
    return statement;
}

Result<void> ObjectConnection::run(std::string_view sql)
{
    auto prepared = statement(sql);
    if (!prepared)
        return std::unexpected(std::move(prepared.error()));
    if (auto step = prepared->step(); !step)
        return std::unexpected(failure());
    return {};
}

Result<std::optional<std::int64_t>> ObjectConnection::number(std::string_view sql)
{
    auto prepared = statement(sql);
    if (!prepared)
        return std::unexpected(std::move(prepared.error()));
    auto step = prepared->step();
    if (!step)
        return std::unexpected(failure());
    if (*step == storage::Statement::Step::Done || prepared->isNull(0))
        return std::nullopt;
    return prepared->integer(0);
}

Result<bool> ObjectConnection::hasTable(std::string_view name)
{
    auto prepared = statement("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1");
    if (!prepared)
        return std::unexpected(std::move(prepared.error()));
    prepared->bindText(1, name);
    auto step = prepared->step();
    if (!step)
        return std::unexpected(failure());
    return *step == storage::Statement::Step::Row;
}

Result<void> ObjectConnection::putValue(std::string_view key, std::span<const std::byte> value)
{
    m_rules.begin(Rules::Text::Own);
    if (!m_put) {
        constexpr std::string_view sql = "INSERT INTO _cf_KV (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        sqlite3_stmt *raw = nullptr;
        if (const int rc = sqlite3_prepare_v3(m_db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr); rc != SQLITE_OK)
            return std::unexpected(failure(rc));
        m_put.reset(raw);
    }
    sqlite3_stmt *const statement = m_put.get();
    int rc = sqlite3_bind_text64(statement, 1, key.data() ? key.data() : "", key.size(), SQLITE_STATIC, SQLITE_UTF8);
    if (rc == SQLITE_OK)
        rc = value.empty() ? sqlite3_bind_zeroblob(statement, 2, 0) : sqlite3_bind_blob64(statement, 2, value.data(), value.size(), SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(statement);
    Result<void> done;
    if (rc != SQLITE_DONE)
        done = std::unexpected(failure(rc));
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return done;
}

Result<std::shared_ptr<SqlCursor>> ObjectConnection::exec(
    std::string_view sql, std::vector<SqlValue> parameters, const std::function<Result<void>()> &beginWrite)
{
    for (;;) {
        auto found = m_statements.find(sql);
        if (!found.statement && found.wantsTransaction) {
            if (auto begun = beginWrite(); !begun)
                return std::unexpected(std::move(begun.error()));
            found = m_statements.find(sql);
        }
        if (!found.statement)
            return std::unexpected(failure(found));
        const auto count = static_cast<std::size_t>(sqlite3_bind_parameter_count(found.statement->statement.get()));
        const bool last = found.rest.empty();
        if (!last && count != 0)
            return refuse("When executing multiple SQL statements in a single call, only the last statement can have parameters.");
        if (last && count != parameters.size())
            return refuse("Wrong number of parameter bindings for SQL query.");
        if (!found.statement->readOnly) {
            if (auto begun = beginWrite(); !begun)
                return std::unexpected(std::move(begun.error()));
        }
        auto cursor = found.statement->renames ? startRenaming(std::move(found.statement))
            : last                             ? start(std::move(found.statement), std::move(parameters))
                                               : start(std::move(found.statement), {});
        if (!cursor || last)
            return cursor;
        while ((*cursor)->hasRow()) {
            if (auto next = (*cursor)->next(); !next)
                return std::unexpected(std::move(next.error()));
        }
        sql = found.rest;
    }
}

Result<std::shared_ptr<SqlCursor>> ObjectConnection::start(std::shared_ptr<SqlStatement> statement, std::vector<SqlValue> parameters)
{
    auto parts = std::make_unique<SqlCursor::Parts>();
    parts->db = m_db;
    parts->rules = &m_rules;
    parts->running = &m_running;
    parts->failure = [this](int code) { return failure(code); };
    parts->statement = std::move(statement);
    parts->parameters = std::move(parameters);
    m_running.insert(parts.get());
    const SqlCursor::Parts &started = *parts;
    auto cursor = std::make_shared<SqlCursor>(std::move(parts));
    d1::Cost::progress(started.statement->statement.get(), d1::Cost::Counters::Reset);
    if (const int rc = bindAll(started.statement->statement.get(), started.parameters); rc != SQLITE_OK)
        return std::unexpected(failure(rc));
    if (auto first = cursor->next(); !first)
        return std::unexpected(std::move(first.error()));
    return cursor;
}

/// Renaming is the one way to a reserved name that the authorizer is not told of.
Result<std::shared_ptr<SqlCursor>> ObjectConnection::startRenaming(std::shared_ptr<SqlStatement> statement)
{
    constexpr std::string_view reserved = "SELECT count(*) FROM sqlite_schema WHERE name LIKE '\\_cf\\_%' ESCAPE '\\'";
    const auto before = number(reserved);
    if (!before)
        return std::unexpected(before.error());
    if (auto begun = run("SAVEPOINT _cf_renaming"); !begun)
        return std::unexpected(std::move(begun.error()));
    auto cursor = start(std::move(statement), {});
    const auto after = number(reserved);
    const bool refused = cursor && after && *after > *before;
    if (!cursor || !after || refused) {
        if (inTransaction()) {
            if (auto back = run("ROLLBACK TO _cf_renaming"); !back)
                return std::unexpected(std::move(back.error()));
        }
    }
    if (inTransaction()) {
        if (auto released = run("RELEASE _cf_renaming"); !released)
            return std::unexpected(std::move(released.error()));
    }
    if (!after)
        return std::unexpected(after.error());
    if (refused)
        return refuse("not authorized: SQLITE_AUTH");
    return cursor;
}

void ObjectConnection::cancelCursors(std::string_view why)
{
    while (!m_running.empty())
        (*m_running.begin())->cancel(why);
}

} // namespace cleat::bindings::durableobjects
