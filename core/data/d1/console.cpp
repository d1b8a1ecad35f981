// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/console.h"

#include "core/base/clock.h"
#include "core/bindings/d1/d1errors.h"
#include "core/bindings/d1/d1rules.h"
#include "core/bindings/d1/d1statements.h"
#include "core/data/d1/sqlstatement.h"

#include <sqlite3.h>

namespace cleat::data::d1 {

using base::Result;
using bindings::d1::Rules;
using bindings::d1::Statements;
using storage::Database;

namespace {

struct Failure {
    std::string message;
    std::optional<std::size_t> at;
};

/// An open file, with D1's rules on it.
struct Connection {
    explicit Connection(std::unique_ptr<Database> opened) : database(std::move(opened)), rules(database->handle()), statements(database->handle(), rules) {}
    sqlite3 *db() const { return database->handle(); }

    int own(const char *sql)
    {
        rules.begin(Rules::Text::Own);
        return sqlite3_exec(db(), sql, nullptr, nullptr, nullptr);
    }
    Failure failure(int code) const
    {
        const int offset = sqlite3_error_offset(db());
        return {bindings::d1::sqlError(db(), code, database->file(), database->busyTimeout()).message,
            offset >= 0 ? std::optional(static_cast<std::size_t>(offset)) : std::nullopt};
    }
    Failure failure(const Statements::Found &found) const
    {
        if (found.transactionRefused)
            return {std::string(bindings::d1::transactionRefused), 0};
        if (found.failure == SQLITE_OK)
            return {"SQL code did not contain a statement.", std::nullopt};
        return failure(found.failure);
    }
    void rollback()
    {
        if (sqlite3_get_autocommit(db()) == 0)
            own("ROLLBACK");
    }

    std::unique_ptr<Database> database;
    Rules rules;
    Statements statements;
};

struct Reset {
    sqlite3_stmt *statement;
    ~Reset() { sqlite3_reset(statement); }
};

Value valueOf(sqlite3_stmt *statement, int column, std::size_t &bytes)
{
    const auto size = [&] { return static_cast<std::size_t>(sqlite3_column_bytes(statement, column)); };
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        return sqlite3_column_int64(statement, column);
    case SQLITE_FLOAT:
        return sqlite3_column_double(statement, column);
    case SQLITE_TEXT: {
        const auto *const data = reinterpret_cast<const char *>(sqlite3_column_text(statement, column));
        bytes += size();
        return std::string(data ? data : "", size());
    }
    case SQLITE_BLOB: {
        const auto *const data = static_cast<const char *>(sqlite3_column_blob(statement, column));
        bytes += size();
        return Blob{std::string(data ? data : "", size())};
    }
    default:
        return std::monostate();
    }
}

} // namespace

class Console::Private
{
public:
    explicit Private(std::filesystem::path path) : file(std::move(path)) {}

    Result<void> open();
    std::optional<Failure> runOne(std::string_view sql, const Options &options, StatementResult &result);
    std::optional<Failure> collect(bindings::d1::Prepared &prepared, const Options &options, StatementResult &result);

    const std::filesystem::path file;
    std::optional<Connection> connection;
    std::size_t bytes = 0; ///< of the results of the run
};

Console::Console(std::filesystem::path file) : d(std::make_unique<Private>(std::move(file))) {}

Console::~Console() = default;

Result<void> Console::Private::open()
{
    if (connection && connection->database->moved())
        connection.reset();
    if (connection)
        return {};
    auto opened = openDatabase(file, Database::Mode::Create);
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    connection.emplace(std::move(*opened));
    return {};
}

std::optional<Failure> Console::Private::collect(bindings::d1::Prepared &prepared, const Options &options, StatementResult &result)
{
    sqlite3_stmt *const statement = prepared.statement.get();
    if (sqlite3_bind_parameter_count(statement) > 0)
        return Failure{"Wrong number of parameter bindings for SQL query.", std::nullopt};
    const Reset reset{statement};
    const std::int64_t changesBefore = sqlite3_total_changes64(connection->db());
    connection->rules.begin(Rules::Text::User);
    for (int columns = -1;;) {
        const int rc = sqlite3_step(statement);
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            return connection->failure(rc);
        if (columns < 0) {
            columns = sqlite3_column_count(statement);
            for (int i = 0; i < columns; ++i)
                result.columns.emplace_back(sqlite3_column_name(statement, i));
        }
        if (rc == SQLITE_DONE)
            break;
        if (result.more)
            continue;
        if (result.rows.size() >= options.maxRows || bytes >= options.maxBytes) {
            result.more = true;
            if (prepared.readOnly)
                break;
            continue;
        }
        std::vector<Value> row;
        row.reserve(static_cast<std::size_t>(columns));
        for (int i = 0; i < columns; ++i)
            row.push_back(valueOf(statement, i, bytes));
        bytes += row.size() * sizeof(Value);
        result.rows.push_back(std::move(row));
    }
    result.changes = sqlite3_total_changes64(connection->db()) - changesBefore;
    // The rows are asked for their number alone, and for the number that a count(*) gave.
    bindings::d1::Rows rows;
    if (result.rows.size() == 1) {
        rows.columns = result.columns;
        for (const Value &value : result.rows.front()) {
            bindings::d1::Cell cell;
            if (const auto *integer = std::get_if<std::int64_t>(&value)) {
                cell.type = bindings::d1::Cell::Type::Integer;
                cell.integer = *integer;
            }
            rows.cells.push_back(cell);
        }
    } else if (!result.rows.empty()) {
        rows.columns = {"rows"};
        rows.cells.resize(result.rows.size());
    }
    bindings::d1::Meta meta;
    prepared.cost.measure(statement, result.changes, rows, meta);
    result.rowsRead = meta.rowsRead;
    result.rowsWritten = meta.rowsWritten;
    return std::nullopt;
}

std::optional<Failure> Console::Private::runOne(std::string_view sql, const Options &options, StatementResult &result)
{
    Connection &c = *connection;
    auto found = c.statements.find(sql);
    const bool within = sqlite3_get_autocommit(c.db()) == 0;
    const bool reads = found.prepared && found.prepared->alone && found.prepared->readOnly;
    if (!found.prepared && !found.wantsTransaction)
        return c.failure(found);
    if (within || reads)
        return collect(*found.prepared, options, result);
    // D1 does everything in a transaction; some PRAGMAs show it.
    if (const int rc = c.own(found.prepared && !found.prepared->readOnly ? "BEGIN IMMEDIATE" : "BEGIN"); rc != SQLITE_OK)
        return c.failure(rc);
    found = c.statements.find(sql);
    auto failure = found.prepared ? collect(*found.prepared, options, result) : std::optional(c.failure(found));
    if (!failure) {
        if (const int rc = c.own("COMMIT"); rc != SQLITE_OK)
            failure = c.failure(rc);
    }
    c.rollback();
    return failure;
}

Result<std::vector<StatementResult>> Console::run(std::string_view script, const Options &options, const Control &control)
{
    if (auto opened = d->open(); !opened)
        return std::unexpected(std::move(opened.error()));
    Connection &c = *d->connection;
    const Interruptible interruptible(*c.database, control.stop);
    d->bytes = 0;
    const bool together = options.together == Options::Together::AllOrNone;
    const auto statements = splitScript(script);
    std::vector<StatementResult> results;
    bool failed = false;
    for (const ScriptStatement &statement : statements) {
        StatementResult &result = results.emplace_back();
        result.statement = statement;
        const std::int64_t begin = base::steadyNs();
        std::optional<Failure> failure;
        if (control.stop.stop_requested())
            failure = Failure{"interrupted: SQLITE_INTERRUPT", std::nullopt};
        if (const int rc = together && results.size() == 1 && !failure ? c.own("BEGIN IMMEDIATE") : SQLITE_OK; rc != SQLITE_OK)
            failure = c.failure(rc);
        if (!failure)
            failure = d->runOne(script.substr(statement.begin, statement.length), options, result);
        if (together && !failure && results.size() == statements.size()) {
            if (const int rc = c.own("COMMIT"); rc != SQLITE_OK)
                failure = c.failure(rc);
        }
        result.durationUs = (base::steadyNs() - begin) / 1000;
        if (control.progress)
            control.progress({results.size(), statements.size(), {}});
        if (!failure)
            continue;
        result.error = std::move(failure->message);
        if (failure->at)
            result.errorAt = statement.begin + *failure->at;
        failed = true;
        break;
    }
    if (failed)
        c.rollback();
    return results;
}

Result<std::vector<PlanRow>> Console::explain(std::string_view statement)
{
    if (auto opened = d->open(); !opened)
        return std::unexpected(std::move(opened.error()));
    Connection &c = *d->connection;
    const std::string prefix = "EXPLAIN QUERY PLAN ";
    const auto found = c.statements.find(prefix + std::string(statement));
    if (!found.prepared) {
        const Failure failure = c.failure(found);
        base::Place place;
        if (failure.at && *failure.at >= prefix.size()) {
            const TextPlace at = placeOf(statement, *failure.at - prefix.size());
            place = {{}, at.line, at.column};
        }
        return base::fail("data.sql", failure.message, place);
    }
    sqlite3_stmt *const raw = found.prepared->statement.get();
    const Reset reset{raw};
    std::vector<PlanRow> plan;
    for (;;) {
        const int rc = sqlite3_step(raw);
        if (rc == SQLITE_DONE)
            return plan;
        if (rc != SQLITE_ROW)
            return base::fail("data.sql", c.failure(rc).message);
        const auto *const detail = reinterpret_cast<const char *>(sqlite3_column_text(raw, 3));
        plan.push_back({sqlite3_column_int(raw, 0), sqlite3_column_int(raw, 1), detail ? detail : ""});
    }
}

} // namespace cleat::data::d1
