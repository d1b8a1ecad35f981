// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/filewriter.h"
#include "core/data/d1/importexport.h"
#include "core/data/d1/schemareader.h"
#include "core/data/d1/scriptrunner.h"
#include "core/data/query.h"

#include <algorithm>

namespace cleat::data::d1 {

using base::Result;
using storage::Database;

namespace {

std::unexpected<base::Error> noDatabase(const std::filesystem::path &file)
{
    return base::fail("storage.missing", "There is no database yet: " + file.string() + " is made by the first write.", {file.string()});
}

std::string replaced(std::string text, std::string_view from, std::string_view to)
{
    for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

/// A value as wrangler writes it: in one line, where the spelling of that means the same.
std::string exported(const Value &value)
{
    if (const auto *text = std::get_if<std::string>(&value)) {
        const bool lf = text->find('\n') != text->npos;
        const bool cr = text->find('\r') != text->npos;
        if ((!lf && !cr) || text->find("\\n") != text->npos || text->find("\\r") != text->npos || text->find('\0') != text->npos)
            return literal(value);
        std::string out = replaced(replaced(literal(value), "\n", "\\n"), "\r", "\\r");
        if (cr)
            out = "replace(" + out + ",'\\r',char(13))";
        if (lf)
            out = "replace(" + out + ",'\\n',char(10))";
        return out;
    }
    return std::holds_alternative<Blob>(value) ? 'X' + literal(value).substr(1) : literal(value);
}

struct Entry {
    std::string name;
    std::string sql;
};

Result<std::vector<Entry>> entries(const Database &database, std::string_view sql)
{
    auto statement = SqlStatement::prepare(database, sql);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    std::vector<Entry> list;
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return list;
        list.push_back({statement->text(0), statement->text(1)});
    }
}

Result<void> writeRows(const Database &database, const std::string &name, FileWriter &out, std::uint64_t &rows, const Control &control)
{
    const auto table = readTable(database, name);
    if (!table)
        return std::unexpected(table.error());
    std::string names;
    for (const Column &column : table->columns) {
        if (!column.generated)
            names += (names.empty() ? "" : ",") + quoted(column.name);
    }
    auto statement = SqlStatement::prepare(database, "SELECT " + names + " FROM " + quoted(name));
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    const std::string head = "INSERT INTO " + quoted(name) + " (" + names + ") VALUES(";
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return {};
        std::string line = head;
        for (int i = 0; i < statement->columns(); ++i)
            line += (i > 0 ? "," : "") + exported(statement->value(i));
        if (auto written = out.write(line + ");\n"); !written)
            return written;
        if (++rows % 10'000 == 0 && control.progress)
            control.progress({rows, 0, name});
    }
}

std::string csvField(const Value &value, char separator)
{
    const auto *text = std::get_if<std::string>(&value);
    if (!text)
        return std::holds_alternative<std::monostate>(value) ? std::string() : literal(value);
    const bool plain = !text->empty() && text->find_first_of("\"\r\n") == text->npos && text->find(separator) == text->npos && text->front() != ' ' && text->back() != ' ';
    return plain ? *text : '"' + replaced(*text, "\"", "\"\"") + '"';
}

} // namespace

Result<std::uint64_t> exportSql(const std::filesystem::path &file, const SqlExport &what, const std::filesystem::path &target, const Control &control)
{
    auto database = openDatabase(file, Database::Mode::Existing);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return noDatabase(file);
    const Interruptible interruptible(**database, control.stop);
    const auto transaction = SqlTransaction::begin(**database, SqlTransaction::Kind::Read); // all of one moment
    if (!transaction)
        return std::unexpected(transaction.error());
    const auto tables = entries(**database, "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql NOT NULL ORDER BY tbl_name = 'sqlite_sequence', rowid");
    if (!tables)
        return std::unexpected(tables.error());
    const auto wanted = [&](const std::string &name) { return what.tables.empty() || std::ranges::find(what.tables, name) != what.tables.end(); };
    for (const std::string &name : what.tables) {
        if (std::ranges::find(*tables, name, &Entry::name) == tables->end())
            return base::fail("data.missing", "There is no table " + name + " in this database.");
    }
    auto out = FileWriter::open(target);
    if (!out)
        return std::unexpected(std::move(out.error()));
    std::uint64_t rows = 0;
    Result<void> done = out->write("PRAGMA defer_foreign_keys=TRUE;\n");
    const auto schema = [&](const std::string &sql) {
        if (done && what.schema)
            done = out->write(sql + ";\n");
    };
    for (const Entry &table : *tables) {
        if (!done)
            break;
        if (!wanted(table.name))
            continue;
        if (table.name == "sqlite_sequence") {
            schema("DELETE FROM sqlite_sequence");
        } else if (table.name.starts_with("sqlite_stat")) {
            schema("ANALYZE sqlite_schema");
        } else if (table.sql.starts_with("CREATE VIRTUAL TABLE")) {
            return base::fail("data.sql", "The table " + table.name + " is a virtual one, and D1 cannot export a database that has such. Leave it out by naming the other tables, or drop it first.");
        } else if (table.name.starts_with("_cf_") || table.name.starts_with("sqlite_")) {
            continue;
        } else {
            const bool quotedName = table.sql.starts_with("CREATE TABLE '") || table.sql.starts_with("CREATE TABLE \"");
            schema(quotedName ? "CREATE TABLE IF NOT EXISTS " + table.sql.substr(13) : table.sql);
        }
        if (done && what.data)
            done = writeRows(**database, table.name, *out, rows, control);
    }
    if (done && what.schema) {
        const auto rest = entries(**database, "SELECT name, sql FROM sqlite_schema WHERE sql NOT NULL AND type IN ('index', 'trigger', 'view') ORDER BY type COLLATE NOCASE, rowid");
        if (!rest)
            return std::unexpected(rest.error());
        for (const Entry &entry : *rest) {
            if (wanted(entry.name))
                schema(entry.sql);
        }
    }
    if (done)
        done = out->commit();
    if (!done)
        return std::unexpected(std::move(done.error()));
    return rows;
}

Result<std::uint64_t> exportCsv(const std::filesystem::path &file, const std::string &query, const std::filesystem::path &target, const Control &control)
{
    auto database = openDatabase(file, Database::Mode::Existing);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (!*database)
        return noDatabase(file);
    const Interruptible interruptible(**database, control.stop);
    ScriptRunner runner(**database);
    auto statement = runner.prepareQuery(query);
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    auto out = FileWriter::open(target);
    if (!out)
        return std::unexpected(std::move(out.error()));
    std::string line;
    for (int i = 0; i < statement->columns(); ++i)
        line += (i > 0 ? "," : "") + csvField(statement->columnName(i), ',');
    Result<void> done = out->write(line + "\r\n");
    std::uint64_t rows = 0;
    while (done) {
        const auto row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            break;
        line.clear();
        for (int i = 0; i < statement->columns(); ++i)
            line += (i > 0 ? "," : "") + csvField(statement->value(i), ',');
        // A line of one NULL would read as no line at all.
        done = out->write((line.empty() && statement->columns() == 1 ? "\"\"" : line) + "\r\n");
        if (++rows % 10'000 == 0 && control.progress)
            control.progress({rows, 0, {}});
    }
    if (done)
        done = out->commit();
    if (!done)
        return std::unexpected(std::move(done.error()));
    return rows;
}

} // namespace cleat::data::d1
