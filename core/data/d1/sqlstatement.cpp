// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/sqlstatement.h"

#include "core/bindings/d1/d1functions.h"
#include "core/storage/failure.h"

#include <sqlite3.h>

namespace cleat::data::d1 {

using base::Result;
using storage::Database;

base::Error failureOf(const Database &database, int code)
{
    switch (code & 0xFF) {
    case SQLITE_INTERRUPT:
        return {"data.cancelled", "The work was cancelled.", {}};
    case SQLITE_ERROR:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_AUTH:
    case SQLITE_TOOBIG:
    case SQLITE_RANGE:
    case SQLITE_MISUSE:
        return {"data.sql", std::string("SQLite refuses it: ") + sqlite3_errmsg(database.handle()) + ".", {}};
    default:
        return storage::sqliteFailure(database.handle(), code, database.file(), database.busyTimeout());
    }
}

Result<SqlStatement> SqlStatement::prepare(const Database &database, std::string_view sql)
{
    sqlite3_stmt *raw = nullptr;
    if (const int rc = sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()), 0, &raw, nullptr); rc != SQLITE_OK)
        return std::unexpected(failureOf(database, rc));
    if (!raw)
        return base::fail("data.sql", "There is no SQL statement in it.");
    return SqlStatement(database, raw);
}

SqlStatement::SqlStatement(SqlStatement &&other) noexcept
    : m_database(other.m_database),
      m_statement(std::exchange(other.m_statement, nullptr)),
      m_bindFailure(other.m_bindFailure)
{}

SqlStatement &SqlStatement::operator=(SqlStatement &&other) noexcept
{
    std::swap(m_database, other.m_database);
    std::swap(m_statement, other.m_statement);
    std::swap(m_bindFailure, other.m_bindFailure);
    return *this;
}

SqlStatement::~SqlStatement()
{
    sqlite3_finalize(m_statement);
}

bool SqlStatement::readOnly() const
{
    return sqlite3_stmt_readonly(m_statement) != 0;
}

int SqlStatement::columns() const
{
    return sqlite3_column_count(m_statement);
}

std::string SqlStatement::columnName(int column) const
{
    const char *const name = sqlite3_column_name(m_statement, column);
    return name ? name : "";
}

void SqlStatement::remember(int code)
{
    if (m_bindFailure == SQLITE_OK)
        m_bindFailure = code;
}

void SqlStatement::bind(int parameter, const Value &value)
{
    if (const auto *integer = std::get_if<std::int64_t>(&value))
        bindInteger(parameter, *integer);
    else if (const auto *real = std::get_if<double>(&value))
        remember(sqlite3_bind_double(m_statement, parameter, *real));
    else if (const auto *text = std::get_if<std::string>(&value))
        bindText(parameter, *text);
    else if (const auto *blob = std::get_if<Blob>(&value))
        bindBlob(parameter, blob->bytes);
    else
        bindNull(parameter);
}

void SqlStatement::bindInteger(int parameter, std::int64_t value)
{
    remember(sqlite3_bind_int64(m_statement, parameter, value));
}

void SqlStatement::bindText(int parameter, std::string_view text)
{
    remember(sqlite3_bind_text64(m_statement, parameter, text.data() ? text.data() : "", text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void SqlStatement::bindBlob(int parameter, std::string_view bytes)
{
    if (bytes.empty())
        remember(sqlite3_bind_zeroblob(m_statement, parameter, 0));
    else
        remember(sqlite3_bind_blob64(m_statement, parameter, bytes.data(), bytes.size(), SQLITE_STATIC));
}

void SqlStatement::bindNull(int parameter)
{
    remember(sqlite3_bind_null(m_statement, parameter));
}

Result<bool> SqlStatement::step()
{
    if (m_bindFailure != SQLITE_OK)
        return std::unexpected(failureOf(*m_database, m_bindFailure));
    const int rc = sqlite3_step(m_statement);
    if (rc == SQLITE_ROW)
        return true;
    if (rc == SQLITE_DONE)
        return false;
    return std::unexpected(failureOf(*m_database, rc));
}

Result<void> SqlStatement::run()
{
    for (;;) {
        const auto row = step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return {};
    }
}

void SqlStatement::reset()
{
    sqlite3_reset(m_statement);
}

bool SqlStatement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

std::int64_t SqlStatement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::string SqlStatement::text(int column) const
{
    const auto *const data = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
    return data ? std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))) : std::string();
}

Value SqlStatement::value(int column) const
{
    switch (sqlite3_column_type(m_statement, column)) {
    case SQLITE_INTEGER:
        return integer(column);
    case SQLITE_FLOAT:
        return sqlite3_column_double(m_statement, column);
    case SQLITE_TEXT:
        return text(column);
    case SQLITE_BLOB: {
        const auto *const data = static_cast<const char *>(sqlite3_column_blob(m_statement, column));
        return data ? Blob{std::string(data, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column)))} : Blob();
    }
    default:
        return std::monostate();
    }
}

Result<std::int64_t> numberOf(const Database &database, std::string_view sql)
{
    auto statement = SqlStatement::prepare(database, sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    const auto row = statement->step();
    if (!row)
        return std::unexpected(row.error());
    return *row ? statement->integer(0) : 0;
}

Result<void> runSql(const Database &database, std::string_view sql)
{
    auto statement = SqlStatement::prepare(database, sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    return statement->run();
}

void Interruptible::Interrupt::operator()() const
{
    sqlite3_interrupt(db);
}

Interruptible::Interruptible(const Database &database, std::stop_token stop) : m_db(database.handle()), m_stop(std::move(stop))
{
    if (!m_stop.stop_possible())
        return;
    // An interrupt between two statements is lost, one within a long count is not seen by the handler: so both.
    sqlite3_progress_handler(
        m_db, 2000, [](void *token) { return static_cast<const std::stop_token *>(token)->stop_requested() ? 1 : 0; },
        const_cast<std::stop_token *>(&m_stop));
    m_callback.emplace(m_stop, Interrupt{m_db});
}

Interruptible::~Interruptible()
{
    if (m_callback)
        sqlite3_progress_handler(m_db, 0, nullptr, nullptr);
}

Result<SqlTransaction> SqlTransaction::begin(const Database &database, Kind kind)
{
    if (const int rc = sqlite3_exec(database.handle(), kind == Kind::Write ? "BEGIN IMMEDIATE" : "BEGIN", nullptr, nullptr, nullptr); rc != SQLITE_OK)
        return std::unexpected(failureOf(database, rc));
    return SqlTransaction(database);
}

SqlTransaction::~SqlTransaction()
{
    if (m_database && sqlite3_get_autocommit(m_database->handle()) == 0)
        sqlite3_exec(m_database->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> SqlTransaction::commit()
{
    if (const int rc = sqlite3_exec(m_database->handle(), "COMMIT", nullptr, nullptr, nullptr); rc != SQLITE_OK)
        return std::unexpected(failureOf(*m_database, rc));
    m_database = nullptr;
    return {};
}

Result<std::unique_ptr<Database>> openDatabase(const std::filesystem::path &file, Database::Mode mode)
{
    auto opened = Database::open(file, mode);
    if (!opened) {
        if (opened.error().code == "storage.missing" && mode == Database::Mode::Existing)
            return nullptr;
        return opened;
    }
    bindings::d1::addFunctions((*opened)->handle());
    return opened;
}

} // namespace cleat::data::d1
