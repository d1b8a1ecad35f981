// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/rowchanges.h"

#include "core/data/d1/schemareader.h"
#include "core/data/d1/sqlstatement.h"
#include "core/data/d1/tablekey.h"

#include <sqlite3.h>

#include <algorithm>
#include <map>

namespace cleat::data::d1 {

using base::Result;
using storage::Database;

namespace {

/// The key's terms as people write them: a rowid by the name of the column that is it.
std::vector<std::string> shownTerms(const Table &table)
{
    const TableKey key = keyOf(table);
    if (const Column *column = rowidColumn(table); column && key.kind == TableKey::Kind::Rowid)
        return {quoted(column->name)};
    return key.terms;
}

/// A change as SQL: `put` writes a value, or a place for it.
template <typename Put>
std::string statementOf(const RowChange &change, const std::vector<std::string> &terms, const std::string &more, Put &&put)
{
    std::string sql;
    const std::string table = quoted(change.table);
    switch (change.kind) {
    case RowChange::Kind::Insert: {
        if (change.values.empty())
            return "INSERT INTO " + table + " DEFAULT VALUES";
        std::string names;
        std::string values;
        for (const auto &[name, value] : change.values) {
            names += (names.empty() ? "" : ", ") + quoted(name);
            values += (values.empty() ? "" : ", ") + put(value);
        }
        return "INSERT INTO " + table + " (" + names + ") VALUES (" + values + ")";
    }
    case RowChange::Kind::Update:
        for (const auto &[name, value] : change.values)
            sql += (sql.empty() ? "UPDATE " + table + " SET " : ", ") + quoted(name) + " = " + put(value);
        break;
    case RowChange::Kind::Delete:
        sql = "DELETE FROM " + table;
        break;
    }
    for (std::size_t i = 0; i < terms.size() && i < change.key.size(); ++i)
        sql += (i == 0 ? " WHERE " : " AND ") + terms[i] + " = " + put(change.key[i]);
    return sql + more;
}

std::string nameOf(const RowChange &change)
{
    std::string key;
    for (const Value &value : change.key)
        key += (key.empty() ? "" : ", ") + literal(value);
    switch (change.kind) {
    case RowChange::Kind::Insert:
        return "the new row of " + change.table;
    case RowChange::Kind::Update:
        return "the change of row " + key + " of " + change.table;
    case RowChange::Kind::Delete:
        return "the removal of row " + key + " of " + change.table;
    }
    return {};
}

/// Why a change found no row.
Result<void> conflict(const Database &database, const Table &table, const TableKey &key, const RowChange &change)
{
    std::string sql = "SELECT count(*) FROM " + quoted(table.name);
    for (std::size_t i = 0; i < key.terms.size(); ++i)
        sql += (i == 0 ? " WHERE " : " AND ") + key.terms[i] + " = ?";
    auto statement = SqlStatement::prepare(database, sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    for (std::size_t i = 0; i < change.key.size(); ++i)
        statement->bind(static_cast<int>(i) + 1, change.key[i]);
    if (const auto row = statement->step(); !row)
        return std::unexpected(row.error());
    const std::string what = nameOf(change);
    if (statement->integer(0) == 0)
        return base::fail("data.conflict", "Nothing was saved: " + what + " cannot be made because the row is not there any more. Refresh the view and discard the change.");
    return base::fail("data.conflict",
        "Nothing was saved: " + what + " cannot be made because another changed the row meanwhile. Refresh the view, look at the row, and make the change again.");
}

Result<void> commitOne(const Database &database, const Table &table, const RowChange &change)
{
    if (change.kind == RowChange::Kind::Update && change.values.empty())
        return {};
    const TableKey key = keyOf(table);
    if (change.kind != RowChange::Kind::Insert && (key.terms.empty() || key.terms.size() != change.key.size()))
        return base::fail("data.sql", "Nothing was saved: the rows of " + change.table + " cannot be told apart, so they cannot be edited one by one. Use an SQL statement.");
    std::vector<const Value *> values;
    const auto place = [&](const Value &value) {
        values.push_back(&value);
        return std::string("?");
    };
    std::string unchanged;
    if (change.kind != RowChange::Kind::Insert) {
        for (const auto &[name, value] : change.before) {
            if (!std::ranges::any_of(table.columns, [&](const Column &column) { return sqlite3_stricmp(column.name.c_str(), name.c_str()) == 0; }))
                return base::fail("data.conflict", "Nothing was saved: " + change.table + " has no column " + name + " any more. Refresh the view.");
            // Byte by byte, whatever the column's own way to compare is.
            unchanged += " AND " + quoted(name) + " COLLATE BINARY IS ?";
        }
    }
    const std::string sql = statementOf(change, key.terms, unchanged, place);
    if (change.kind != RowChange::Kind::Insert) {
        for (const auto &[name, value] : change.before)
            values.push_back(&value);
    }
    auto statement = SqlStatement::prepare(database, sql);
    Result<void> done;
    if (statement) {
        for (std::size_t i = 0; i < values.size(); ++i)
            statement->bind(static_cast<int>(i) + 1, *values[i]);
        done = statement->run();
    } else {
        done = std::unexpected(std::move(statement.error()));
    }
    if (!done) {
        if (done.error().code == "data.sql")
            done.error().message = "Nothing was saved: " + nameOf(change) + " is refused. " + done.error().message;
        return done;
    }
    if (change.kind != RowChange::Kind::Insert && sqlite3_changes64(database.handle()) == 0)
        return conflict(database, table, key, change);
    return {};
}

} // namespace

std::string sqlOf(const Table &table, const RowChange &change)
{
    return statementOf(change, shownTerms(table), {}, [](const Value &value) { return literal(value); });
}

Result<void> commitChanges(const std::filesystem::path &file, std::span<const RowChange> changes)
{
    if (changes.empty())
        return {};
    auto database = openDatabase(file, Database::Mode::Existing);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return base::fail("data.missing", "Nothing was saved: the database's file is not there any more.", {file.string()});
    auto transaction = SqlTransaction::begin(**database, SqlTransaction::Kind::Write);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    std::map<std::string, Table> tables;
    for (const RowChange &change : changes) {
        auto known = tables.find(change.table);
        if (known == tables.end()) {
            auto table = readTable(**database, change.table);
            if (!table)
                return std::unexpected(std::move(table.error()));
            known = tables.emplace(change.table, std::move(*table)).first;
        }
        if (auto done = commitOne(**database, known->second, change); !done)
            return done;
    }
    auto committed = transaction->commit();
    if (!committed && committed.error().code == "data.sql")
        committed.error().message = "Nothing was saved: the changes together are refused. " + committed.error().message;
    return committed;
}

} // namespace cleat::data::d1
