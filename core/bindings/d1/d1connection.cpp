// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/d1/d1connection.h"

#include "core/base/clock.h"
#include "core/bindings/d1/d1errors.h"
#include "core/bindings/d1/d1functions.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace cleat::bindings::d1 {

using base::Result;

namespace {

/// Virtual machine steps between two looks at whether to go on: some hundred microseconds.
constexpr int stepsBetweenStops = 20'000;

std::unexpected<base::Error> refuse(std::string_view message)
{
    return base::fail("d1.sql", std::string(message));
}

/// False for a text of nothing but white space and comment lines.
bool holdsSql(std::string_view sql)
{
    for (;;) {
        const std::size_t begin = sql.find_first_not_of(" \t\n\r\f\v");
        if (begin == sql.npos)
            return false;
        sql.remove_prefix(begin);
        if (!sql.starts_with("--"))
            return true;
        const std::size_t end = sql.find_first_of("\n\r");
        if (end == sql.npos)
            return false;
        sql.remove_prefix(end);
    }
}

int bind(sqlite3_stmt *statement, int index, const Value &value)
{
    if (const auto *number = std::get_if<double>(&value))
        return std::isfinite(*number) ? sqlite3_bind_double(statement, index, *number == 0 ? 0 : *number) : sqlite3_bind_null(statement, index);
    if (const auto *text = std::get_if<std::string>(&value))
        return sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
    if (const auto *blob = std::get_if<Blob>(&value)) {
        if (blob->bytes.empty())
            return sqlite3_bind_zeroblob(statement, index, 0);
        return sqlite3_bind_blob64(statement, index, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
    }
    return sqlite3_bind_null(statement, index);
}

/// Ends a run of a statement that is kept: it holds no lock and no value afterwards.
class Running final
{
public:
    explicit Running(sqlite3_stmt *statement) : m_statement(statement) {}
    ~Running()
    {
        sqlite3_reset(m_statement);
        sqlite3_clear_bindings(m_statement);
    }
    Running(const Running &) = delete;
    Running &operator=(const Running &) = delete;

private:
    sqlite3_stmt *const m_statement;
};

std::string bookmarkText(std::uint64_t count)
{
    constexpr std::uint64_t half = std::numeric_limits<std::uint32_t>::max();
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%08x-%08x-00000000-%032d", static_cast<unsigned>(count / half), static_cast<unsigned>(count % half), 0);
    return text.data();
}

} // namespace

Connection::Connection(std::unique_ptr<storage::Database> database, const std::function<bool()> &stop)
    : m_database(std::move(database)),
      m_db(m_database->handle()),
      m_rules(m_db),
      m_statements(m_db, m_rules)
{
    addFunctions(m_db);
    sqlite3_progress_handler(
        m_db, stepsBetweenStops,
        [](void *data) {
            const auto &asked = *static_cast<const std::function<bool()> *>(data);
            return asked && asked() ? 1 : 0;
        },
        const_cast<std::function<bool()> *>(&stop));
}

Connection::~Connection()
{
    m_rules.begin(Rules::Text::Own);
    rollback();
    sqlite3_progress_handler(m_db, 0, nullptr, nullptr);
}

base::Error Connection::failure(int code) const
{
    return sqlError(m_db, code, m_database->file(), m_database->busyTimeout());
}

base::Error Connection::failure(const Statements::Found &found) const
{
    if (found.transactionRefused)
        return {"d1.sql", std::string(transactionRefused), {}};
    if (found.failure == SQLITE_OK)
        return {"d1.sql", "SQL code did not contain a statement.", {}};
    return failure(found.failure);
}

void Connection::rollback()
{
    // Some errors have ended the transaction already.
    if (sqlite3_get_autocommit(m_db) == 0)
        sqlite3_exec(m_db, "ROLLBACK", nullptr, nullptr, nullptr);
    m_size = -1;
}

Result<void> Connection::own(std::string_view sql)
{
    m_rules.begin(Rules::Text::Own);
    auto statement = m_database->statement(sql);
    if (!statement)
        return std::unexpected(failure(sqlite3_extended_errcode(m_db)));
    if (auto step = statement->step(); !step)
        return std::unexpected(failure(sqlite3_extended_errcode(m_db)));
    return {};
}

/// The first column of the first row, 0 when there is none.
Result<std::int64_t> Connection::ownNumber(std::string_view sql)
{
    m_rules.begin(Rules::Text::Own);
    auto statement = m_database->statement(sql);
    if (!statement)
        return std::unexpected(failure(sqlite3_extended_errcode(m_db)));
    auto step = statement->step();
    if (!step)
        return std::unexpected(failure(sqlite3_extended_errcode(m_db)));
    return *step == storage::Statement::Step::Row ? statement->integer(0) : 0;
}

Result<std::int64_t> Connection::size(Size size)
{
    const auto version = [this] {
        unsigned value = 0;
        sqlite3_file_control(m_db, "main", SQLITE_FCNTL_DATA_VERSION, &value);
        return value;
    };
    if (size == Size::Known && m_size >= 0 && version() == m_sizeVersion)
        return m_size;
    auto pages = ownNumber("PRAGMA page_count");
    auto unused = pages ? ownNumber("PRAGMA freelist_count") : pages;
    auto page = unused ? ownNumber("PRAGMA page_size") : unused;
    if (!page)
        return page;
    m_size = (*pages - *unused) * *page;
    m_sizeVersion = version();
    return m_size;
}

/// Which transaction the request needs, as far as its statements can be told before any of them ran.
Result<Connection::Lock> Connection::lockFor(std::span<const Query *const> queries, D1Database::Session session)
{
    Lock lock = queries.size() == 1 ? Lock::None : Lock::Read;
    for (const Query *query : queries) {
        const auto found = m_statements.find(query->sql);
        if (!found.prepared) {
            if (found.wantsTransaction) {
                lock = std::max(lock, Lock::Read);
                continue;
            }
            if (query == queries.front())
                return std::unexpected(failure(found));
            return Lock::Write; // it may need what an earlier one makes
        }
        if (!found.rest.empty() || (!found.prepared->alone && !found.prepared->readOnly) || (!found.prepared->readOnly && queries.size() > 1))
            return Lock::Write;
        if (!found.prepared->alone)
            lock = std::max(lock, Lock::Read);
    }
    return session == D1Database::Session::Bookmarked ? Lock::Write : lock;
}

Result<D1Database::Outcome> Connection::run(std::span<const Query> queries, D1Database::Session session)
{
    std::vector<const Query *> kept;
    kept.reserve(queries.size());
    for (const Query &query : queries) {
        if (holdsSql(query.sql))
            kept.push_back(&query);
    }
    if (kept.empty())
        return refuse("No SQL statements detected.");
    m_resultBytes = 0;
    const auto lock = lockFor(kept, session);
    if (!lock)
        return std::unexpected(lock.error());
    D1Database::Outcome outcome;
    outcome.results.resize(kept.size());
    storage::Courtesy &courtesy = m_database->courtesy();
    if (*lock == Lock::None) {
        const auto found = m_statements.find(kept.front()->sql);
        const bool writes = found.prepared && !found.prepared->readOnly;
        if (writes) {
            courtesy.yield();
            courtesy.begun();
        }
        auto done = runQuery(*kept.front(), outcome.results.front());
        if (writes)
            courtesy.ended(m_db);
        if (!done)
            return std::unexpected(std::move(done.error()));
        return outcome;
    }
    if (*lock == Lock::Write)
        courtesy.yield();
    courtesy.begun();
    if (auto begun = own(*lock == Lock::Read ? "BEGIN" : "BEGIN IMMEDIATE"); !begun)
        return std::unexpected(std::move(begun.error()));
    auto done = runAll(kept, session, outcome);
    if (done)
        done = own("COMMIT");
    if (*lock == Lock::Write)
        courtesy.ended(m_db);
    if (!done) {
        m_rules.begin(Rules::Text::Own);
        rollback();
        return std::unexpected(std::move(done.error()));
    }
    return outcome;
}

Result<void> Connection::runAll(std::span<const Query *const> queries, D1Database::Session session, D1Database::Outcome &outcome)
{
    for (std::size_t i = 0; i < queries.size(); ++i) {
        if (auto done = runQuery(*queries[i], outcome.results[i]); !done)
            return done;
    }
    if (session == D1Database::Session::Bookmarked) {
        auto text = bookmark();
        if (!text)
            return std::unexpected(std::move(text.error()));
        outcome.bookmark = std::move(*text);
    }
    return {};
}

Result<void> Connection::runQuery(const Query &query, QueryResult &result)
{
    const auto sizeBefore = size(Size::Known);
    if (!sizeBefore)
        return std::unexpected(sizeBefore.error());
    const std::int64_t changesBefore = sqlite3_total_changes64(m_db);
    const std::int64_t rowBefore = sqlite3_last_insert_rowid(m_db);
    const std::int64_t begin = base::steadyNs();
    bool readOnly = true;
    for (std::string_view sql = query.sql;;) {
        const auto found = m_statements.find(sql);
        if (!found.prepared)
            return std::unexpected(failure(found));
        Prepared &prepared = *found.prepared;
        readOnly = readOnly && prepared.readOnly;
        if (!found.rest.empty()) {
            if (sqlite3_bind_parameter_count(prepared.statement.get()) != 0)
                return refuse("When executing multiple SQL statements in a single call, only the last statement can have parameters.");
            QueryResult ignored;
            if (auto done = runStatement(prepared, {}, ignored); !done)
                return done;
            sql = found.rest;
            continue;
        }
        if (auto done = runStatement(prepared, query.parameters, result); !done)
            return done;
        break;
    }
    Meta &meta = result.meta;
    meta.durationMs = static_cast<double>(base::steadyNs() - begin) / 1e6;
    meta.changes = sqlite3_total_changes64(m_db) - changesBefore;
    meta.lastRowId = sqlite3_last_insert_rowid(m_db);
    const auto sizeAfter = size(readOnly ? Size::Known : Size::Changed);
    if (!sizeAfter)
        return std::unexpected(sizeAfter.error());
    meta.sizeAfter = *sizeAfter;
    meta.changedDb = meta.changes != 0 || meta.lastRowId != rowBefore || *sizeAfter != *sizeBefore;
    return {};
}

Result<void> Connection::runStatement(Prepared &prepared, const std::vector<Value> &parameters, QueryResult &result)
{
    sqlite3_stmt *const statement = prepared.statement.get();
    if (parameters.size() != static_cast<std::size_t>(sqlite3_bind_parameter_count(statement)))
        return refuse("Wrong number of parameter bindings for SQL query.");
    // Renaming is the one way to a reserved name that the authorizer is not told of.
    constexpr std::string_view reserved = "SELECT count(*) FROM sqlite_schema WHERE name LIKE '\\_cf\\_%' ESCAPE '\\'";
    const auto reservedBefore = prepared.renames ? ownNumber(reserved) : 0;
    if (!reservedBefore)
        return std::unexpected(reservedBefore.error());
    const std::int64_t changesBefore = sqlite3_total_changes64(m_db);
    {
        const Running running(statement);
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (const int rc = bind(statement, static_cast<int>(i) + 1, parameters[i]); rc != SQLITE_OK)
                return std::unexpected(failure(rc));
        }
        m_rules.begin(Rules::Text::User); // it may be prepared again when the schema has changed
        if (auto done = collect(statement, result.rows); !done)
            return done;
        prepared.cost.measure(statement, sqlite3_total_changes64(m_db) - changesBefore, result.rows, result.meta);
    }
    if (prepared.renames) {
        const auto reservedAfter = ownNumber(reserved);
        if (!reservedAfter)
            return std::unexpected(reservedAfter.error());
        if (*reservedAfter > *reservedBefore)
            return refuse("not authorized: SQLITE_AUTH");
    }
    return {};
}

Result<void> Connection::collect(sqlite3_stmt *statement, Rows &rows)
{
    const std::size_t bytesBefore = m_resultBytes;
    int columns = -1;
    for (;;) {
        const int rc = sqlite3_step(statement);
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            return std::unexpected(failure(rc));
        if (columns < 0) {
            columns = sqlite3_column_count(statement);
            rows.columns.reserve(static_cast<std::size_t>(columns));
            for (int i = 0; i < columns; ++i)
                rows.columns.emplace_back(sqlite3_column_name(statement, i));
        }
        if (rc == SQLITE_DONE)
            return {};
        for (int i = 0; i < columns; ++i) {
            Cell cell;
            switch (sqlite3_column_type(statement, i)) {
            case SQLITE_INTEGER:
                cell.type = Cell::Type::Integer;
                cell.integer = sqlite3_column_int64(statement, i);
                break;
            case SQLITE_FLOAT:
                cell.type = Cell::Type::Real;
                cell.real = sqlite3_column_double(statement, i);
                break;
            case SQLITE_NULL:
                break;
            default: {
                const bool text = sqlite3_column_type(statement, i) == SQLITE_TEXT;
                const void *data = text ? static_cast<const void *>(sqlite3_column_text(statement, i)) : sqlite3_column_blob(statement, i);
                cell.type = text ? Cell::Type::Text : Cell::Type::Blob;
                cell.begin = rows.bytes.size();
                cell.length = static_cast<std::size_t>(sqlite3_column_bytes(statement, i));
                if (data)
                    rows.bytes.append(static_cast<const char *>(data), cell.length);
                break;
            }
            }
            rows.cells.push_back(cell);
        }
        m_resultBytes = bytesBefore + rows.bytes.size() + rows.cells.size() * sizeof(Cell);
        if (m_resultBytes > maxResultBytes)
            return refuse("The result is larger than " + std::to_string(maxResultBytes >> 20) + " MiB. Ask for fewer rows or columns (LIMIT).");
    }
}

/// Counts this request in the file, as workerd does, and gives its bookmark.
Result<std::string> Connection::bookmark()
{
    const std::int64_t row = sqlite3_last_insert_rowid(m_db);
    if (auto made = own("CREATE TABLE IF NOT EXISTS _cf_METADATA (key INTEGER PRIMARY KEY, value BLOB)"); !made)
        return std::unexpected(std::move(made.error()));
    const auto last = ownNumber("SELECT value + 1 FROM _cf_METADATA WHERE key = 2");
    if (!last)
        return std::unexpected(last.error());
    m_rules.begin(Rules::Text::Own);
    auto statement = m_database->statement("INSERT INTO _cf_METADATA (key, value) VALUES (2, ?1) ON CONFLICT (key) DO UPDATE SET value = excluded.value");
    if (!statement)
        return std::unexpected(failure(sqlite3_extended_errcode(m_db)));
    statement->bindInteger(1, *last);
    if (auto step = statement->step(); !step)
        return std::unexpected(failure(sqlite3_extended_errcode(m_db)));
    sqlite3_set_last_insert_rowid(m_db, row);
    return bookmarkText(static_cast<std::uint64_t>(*last));
}

} // namespace cleat::bindings::d1
