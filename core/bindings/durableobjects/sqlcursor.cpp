// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/durableobjects/sqlcursor.h"

#include "core/bindings/durableobjects/sqlrun.h"

#include <sqlite3.h>

#include <utility>

namespace cleat::bindings::durableobjects {

int bindAll(sqlite3_stmt *statement, const std::vector<SqlValue> &parameters)
{
    int index = 0;
    for (const SqlValue &value : parameters) {
        ++index;
        int rc = SQLITE_OK;
        if (const auto *number = std::get_if<double>(&value))
            rc = sqlite3_bind_double(statement, index, *number);
        else if (const auto *text = std::get_if<std::string>(&value))
            rc = sqlite3_bind_text64(statement, index, text->data(), text->size(), SQLITE_STATIC, SQLITE_UTF8);
        else if (const auto *blob = std::get_if<SqlBlob>(&value))
            rc = blob->bytes.empty() ? sqlite3_bind_zeroblob(statement, index, 0) : sqlite3_bind_blob64(statement, index, blob->bytes.data(), blob->bytes.size(), SQLITE_STATIC);
        else
            rc = sqlite3_bind_null(statement, index);
        if (rc != SQLITE_OK)
            return rc;
    }
    return SQLITE_OK;
}

void SqlCursor::Parts::measure()
{
    d1::Cost::Progress now = d1::Cost::progress(statement->statement.get(), d1::Cost::Counters::Keep);
    now.changes = progress.changes;
    now.rows = progress.rows;
    now.firstInteger = progress.firstInteger;
    rowsRead = statement->cost.rowsRead(now);
    rowsWritten = statement->cost.rowsWritten(now.changes);
}

void SqlCursor::Parts::end()
{
    row = false;
    if (!statement)
        return;
    measure();
    sqlite3_reset(statement->statement.get());
    sqlite3_clear_bindings(statement->statement.get());
    statement.reset();
    running->erase(this);
    parameters.clear();
}

void SqlCursor::Parts::cancel(std::string_view why)
{
    cancelled = why;
    end();
}

SqlCursor::SqlCursor(std::unique_ptr<Parts> parts) : d(std::move(parts)) {}

SqlCursor::~SqlCursor()
{
    d->end();
}

const std::vector<std::string> &SqlCursor::columns() const
{
    return d->columns;
}

bool SqlCursor::hasRow() const
{
    return d->row;
}

SqlCell SqlCursor::cell(int column) const
{
    SqlCell cell;
    if (!d->row)
        return cell;
    sqlite3_stmt *const statement = d->statement->statement.get();
    const auto bytes = [&](const void *data) {
        return std::string_view(data ? static_cast<const char *>(data) : "", static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    };
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        cell.type = SqlCell::Type::Integer;
        cell.integer = sqlite3_column_int64(statement, column);
        break;
    case SQLITE_FLOAT:
        cell.type = SqlCell::Type::Real;
        cell.real = sqlite3_column_double(statement, column);
        break;
    case SQLITE_TEXT:
        cell.type = SqlCell::Type::Text;
        cell.bytes = bytes(sqlite3_column_text(statement, column));
        break;
    case SQLITE_BLOB:
        cell.type = SqlCell::Type::Blob;
        cell.bytes = bytes(sqlite3_column_blob(statement, column));
        break;
    default:
        break;
    }
    return cell;
}

base::Result<void> SqlCursor::next()
{
    if (!d->cancelled.empty())
        return base::fail("object.sql", d->cancelled);
    if (!d->statement)
        return {};
    sqlite3_stmt *const statement = d->statement->statement.get();
    d->rules->begin(d1::Rules::Text::User); // it may be prepared again when the schema has changed
    const std::int64_t before = sqlite3_total_changes64(d->db);
    const int rc = sqlite3_step(statement);
    d->progress.changes += sqlite3_total_changes64(d->db) - before;
    if (d->progress.rows == 0 && d->columns.empty()) {
        const int count = sqlite3_column_count(statement);
        d->columns.reserve(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i)
            d->columns.emplace_back(sqlite3_column_name(statement, i));
    }
    if (rc == SQLITE_ROW) {
        if (d->progress.rows++ == 0 && sqlite3_column_type(statement, 0) == SQLITE_INTEGER)
            d->progress.firstInteger = sqlite3_column_int64(statement, 0);
        d->row = true;
        return {};
    }
    if (rc == SQLITE_DONE) {
        d->end();
        return {};
    }
    base::Error error = d->failure(rc);
    d->end();
    return std::unexpected(std::move(error));
}

std::int64_t SqlCursor::rowsRead() const
{
    if (d->statement)
        d->measure();
    return d->rowsRead;
}

std::int64_t SqlCursor::rowsWritten() const
{
    if (d->statement)
        d->measure();
    return d->rowsWritten;
}

void SqlCursor::close()
{
    d->end();
}

} // namespace cleat::bindings::durableobjects
