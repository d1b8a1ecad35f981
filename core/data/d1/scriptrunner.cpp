// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/scriptrunner.h"

#include "core/bindings/d1/d1errors.h"

#include <sqlite3.h>

namespace cleat::data::d1 {

using base::Result;
using bindings::d1::Rules;

base::Error ScriptRunner::failure(int code)
{
    if ((code & 0xFF) == SQLITE_INTERRUPT)
        return failureOf(m_database, code);
    if (m_rules.seen().transaction)
        return {"data.sql", std::string(bindings::d1::transactionRefused), {}};
    base::Error error = bindings::d1::sqlError(m_database.handle(), code, m_database.file(), m_database.busyTimeout());
    if (const int offset = sqlite3_error_offset(m_database.handle()); offset >= 0)
        m_errorAt = static_cast<std::size_t>(offset);
    if ((code & 0xFF) == SQLITE_BUSY)
        return failureOf(m_database, code);
    if (error.code == "d1.sql")
        error.code = "data.sql";
    return error;
}

Result<SqlStatement> ScriptRunner::prepare(std::string_view statement)
{
    m_errorAt.reset();
    m_rules.begin(Rules::Text::User);
    auto prepared = SqlStatement::prepare(m_database, statement);
    if (!prepared)
        return std::unexpected(failure(sqlite3_extended_errcode(m_database.handle())));
    return prepared;
}

Result<void> ScriptRunner::run(std::string_view statement)
{
    auto prepared = prepare(statement);
    if (!prepared)
        return std::unexpected(std::move(prepared.error()));
    if (sqlite3_bind_parameter_count(prepared->handle()) > 0)
        return base::fail("data.sql", "Wrong number of parameter bindings for SQL query.");
    for (;;) {
        const int rc = sqlite3_step(prepared->handle());
        if (rc == SQLITE_DONE)
            return {};
        if (rc != SQLITE_ROW)
            return std::unexpected(failure(rc));
    }
}

Result<SqlStatement> ScriptRunner::prepareQuery(std::string_view statement)
{
    auto prepared = prepare(statement);
    if (prepared && (!prepared->readOnly() || prepared->columns() == 0))
        return base::fail("data.sql", "This SQL changes data or gives no rows; a query is needed here.");
    return prepared;
}

} // namespace cleat::data::d1
