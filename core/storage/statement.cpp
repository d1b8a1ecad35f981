// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/statement.h"

#include "core/storage/database.h"

#include <sqlite3.h>

#include <utility>

namespace cleat::storage {

Statement::Statement(Database &database, sqlite3_stmt *statement, std::vector<sqlite3_stmt *> &home)
    : m_database(&database),
      m_statement(statement),
      m_home(&home)
{}

Statement::Statement(Statement &&other) noexcept
    : m_database(other.m_database),
      m_statement(std::exchange(other.m_statement, nullptr)),
      m_home(other.m_home),
      m_bindFailure(other.m_bindFailure)
{}

Statement::~Statement()
{
    if (!m_statement)
        return;
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
    m_home->push_back(m_statement);
}

void Statement::remember(int code)
{
    if (m_bindFailure == SQLITE_OK)
        m_bindFailure = code;
}

void Statement::bindText(int parameter, std::string_view text)
{
    // A null pointer would bind NULL instead of the empty text.
    remember(sqlite3_bind_text64(m_statement, parameter, text.data() ? text.data() : "", text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bindInteger(int parameter, std::int64_t value)
{
    remember(sqlite3_bind_int64(m_statement, parameter, value));
}

void Statement::bindNull(int parameter)
{
    remember(sqlite3_bind_null(m_statement, parameter));
}

void Statement::bindEmptyBlob(int parameter)
{
    remember(sqlite3_bind_zeroblob(m_statement, parameter, 0));
}

base::Result<Statement::Step> Statement::step()
{
    if (m_bindFailure != SQLITE_OK)
        return std::unexpected(m_database->failure(m_bindFailure));
    switch (const int rc = sqlite3_step(m_statement)) {
    case SQLITE_ROW:
        return Step::Row;
    case SQLITE_DONE:
        return Step::Done;
    default:
        return std::unexpected(m_database->failure(rc));
    }
}

std::string_view Statement::text(int column) const
{
    const auto *const data = reinterpret_cast<const char *>(sqlite3_column_text(m_statement, column));
    return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(m_statement, column))) : std::string_view();
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

} // namespace cleat::storage
