// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/schema.h"

#include "core/data/d1/schemareader.h"
#include "core/data/d1/sqlstatement.h"

#include <sqlite3.h>

#include <algorithm>
#include <map>

namespace cleat::data::d1 {

using base::Result;
using storage::Database;

namespace {

bool sameName(const std::string &one, const std::string &other)
{
    return sqlite3_stricmp(one.c_str(), other.c_str()) == 0;
}

bool startsWith(const std::string &name, const char *prefix, std::size_t length)
{
    return sqlite3_strnicmp(name.c_str(), prefix, static_cast<int>(length)) == 0;
}

/// Calls `row` for each row of a statement whose one parameter is a name.
template <typename Row>
Result<void> forEach(const Database &database, std::string_view sql, const std::string &name, Row &&row)
{
    auto statement = SqlStatement::prepare(database, sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    if (sqlite3_bind_parameter_count(statement->handle()) > 0)
        statement->bindText(1, name);
    for (;;) {
        const auto more = statement->step();
        if (!more)
            return std::unexpected(more.error());
        if (!*more)
            return {};
        row(*statement);
    }
}

Result<void> readColumns(const Database &database, Table &table)
{
    return forEach(database, "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1) ORDER BY cid", table.name,
        [&](const SqlStatement &row) {
            const std::int64_t hidden = row.integer(5);
            if (hidden == 1)
                return; // an argument of a virtual table
            Column column;
            column.name = row.text(0);
            column.type = row.text(1);
            column.notNull = row.integer(2) != 0;
            if (!row.isNull(3))
                column.defaultSql = row.text(3);
            column.primaryKey = static_cast<int>(row.integer(4));
            column.generated = hidden != 0;
            table.columns.push_back(std::move(column));
        });
}

Result<void> readIndexes(const Database &database, Table &table)
{
    auto listed = forEach(database,
        "SELECT l.name, l.\"unique\", (SELECT s.sql FROM sqlite_schema s WHERE s.type = 'index' AND s.name = l.name) FROM pragma_index_list(?1) l ORDER BY l.seq",
        table.name, [&](const SqlStatement &row) { table.indexes.push_back({row.text(0), row.integer(1) != 0, {}, row.text(2)}); });
    for (Index &index : table.indexes) {
        if (listed)
            listed = forEach(database, "SELECT cid, name FROM pragma_index_info(?1) ORDER BY seqno", index.name, [&](const SqlStatement &row) {
                index.columns.push_back(row.integer(0) == -2 ? "(expression)" : row.integer(0) == -1 ? "rowid" : row.text(1));
            });
    }
    return listed;
}

Result<void> readForeignKeys(const Database &database, Table &table)
{
    std::map<std::int64_t, ForeignKey> keys;
    auto listed = forEach(database, "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete FROM pragma_foreign_key_list(?1) ORDER BY id, seq", table.name,
        [&](const SqlStatement &row) {
            ForeignKey &key = keys[row.integer(0)];
            key.table = row.text(1);
            key.columns.push_back(row.text(2));
            if (!row.isNull(3))
                key.targets.push_back(row.text(3));
            key.onUpdate = row.text(4);
            key.onDelete = row.text(5);
        });
    // SQLite numbers them from the last one.
    for (auto key = keys.rbegin(); key != keys.rend(); ++key)
        table.foreignKeys.push_back(std::move(key->second));
    return listed;
}

Result<void> readTriggers(const Database &database, Table &table)
{
    return forEach(database, "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE ORDER BY name", table.name,
        [&](const SqlStatement &row) { table.triggers.push_back({row.text(0), row.text(1)}); });
}

/// A table or view that SQLite itself cannot make sense of (what it was made from is gone) is listed without the parts that are not to be had.
Result<void> kept(Result<void> read)
{
    if (!read && read.error().code == "data.sql")
        return {};
    return read;
}

Result<void> readParts(const Database &database, Table &table)
{
    auto read = kept(readColumns(database, table));
    if (read && table.kind == Table::Kind::Table)
        read = kept(readIndexes(database, table));
    if (read && table.kind == Table::Kind::Table)
        read = kept(readForeignKeys(database, table));
    if (read)
        read = readTriggers(database, table);
    return read;
}

Result<std::vector<Table>> listTables(const Database &database)
{
    std::map<std::string, std::pair<std::string, std::pair<bool, bool>>> kinds;
    auto listed = forEach(database, "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'", {}, [&](const SqlStatement &row) {
        kinds[row.text(0)] = {row.text(1), {row.integer(2) != 0, row.integer(3) != 0}};
    });
    std::vector<Table> tables;
    if (listed)
        listed = forEach(database, "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name COLLATE NOCASE", {},
            [&](const SqlStatement &row) {
                Table table;
                table.name = row.text(1);
                table.sql = row.text(2);
                const auto &[kind, flags] = kinds[table.name];
                table.kind = row.text(0) == "view" ? Table::Kind::View : kind == "virtual" ? Table::Kind::Virtual : Table::Kind::Table;
                table.withoutRowid = flags.first;
                table.strict = flags.second;
                table.hidden = kind == "shadow" || startsWith(table.name, "sqlite_", 7) || startsWith(table.name, "_cf_", 4)
                    || startsWith(table.name, "__miniflare", 11);
                tables.push_back(std::move(table));
            });
    if (!listed)
        return std::unexpected(std::move(listed.error()));
    return tables;
}

} // namespace

const Table *Schema::find(const std::string &name) const
{
    const auto found = std::ranges::find_if(tables, [&](const Table &table) { return sameName(table.name, name); });
    return found == tables.end() ? nullptr : &*found;
}

Result<Schema> readSchema(const Database &database)
{
    auto tables = listTables(database);
    if (!tables)
        return std::unexpected(std::move(tables.error()));
    for (Table &table : *tables) {
        if (auto read = readParts(database, table); !read)
            return std::unexpected(std::move(read.error()));
    }
    return Schema{std::move(*tables)};
}

Result<Table> readTable(const Database &database, const std::string &name)
{
    auto tables = listTables(database);
    if (!tables)
        return std::unexpected(std::move(tables.error()));
    const auto found = std::ranges::find_if(*tables, [&](const Table &table) { return sameName(table.name, name); });
    if (found == tables->end())
        return base::fail("data.missing", "There is no table or view " + name + " in this database any more. Refresh the list of tables.");
    if (auto read = readParts(database, *found); !read)
        return std::unexpected(std::move(read.error()));
    return std::move(*found);
}

Result<Schema> readSchema(const std::filesystem::path &file)
{
    auto database = openDatabase(file, Database::Mode::Existing);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return Schema();
    auto transaction = SqlTransaction::begin(**database, SqlTransaction::Kind::Read); // all of one moment
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    return readSchema(**database);
}

} // namespace cleat::data::d1
