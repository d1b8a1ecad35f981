// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/csvreader.h"
#include "core/data/d1/importexport.h"
#include "core/data/d1/schemareader.h"
#include "core/data/d1/snapshots.h"
#include "core/data/d1/sqlstatement.h"
#include "core/data/query.h"

#include <sqlite3.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace cleat::data::d1 {

using base::Result;
using storage::Database;

namespace {

enum class Fits { Nothing, Integer, Real, Text };

/// The narrowest type that holds the text unchanged: 007 is no number.
Fits fitOf(const CsvField &field)
{
    if (field.inQuotes && field.text.empty())
        return Fits::Text;
    if (field.text.empty())
        return Fits::Nothing;
    const char *const end = field.text.data() + field.text.size();
    std::string_view digits = field.text;
    if (digits.front() == '-')
        digits.remove_prefix(1);
    if (digits.size() > 1 && digits[0] == '0' && digits[1] != '.')
        return Fits::Text;
    std::int64_t integer = 0;
    if (const auto parsed = std::from_chars(field.text.data(), end, integer); parsed.ec == std::errc() && parsed.ptr == end)
        return Fits::Integer;
    double real = 0;
    const bool number = digits.find_first_not_of("0123456789.eE+-") == digits.npos && digits.find('.') != digits.npos;
    if (const auto parsed = std::from_chars(field.text.data(), end, real); number && parsed.ec == std::errc() && parsed.ptr == end)
        return Fits::Real;
    return Fits::Text;
}

struct Plan {
    std::vector<std::string> columns;
    std::vector<Fits> fits;
};

std::unexpected<base::Error> ragged(const CsvReader &reader, std::size_t has, std::size_t needs)
{
    return reader.wrong("the row has " + std::to_string(has) + (has == 1 ? " field" : " fields") + " where " + std::to_string(needs)
            + " are needed. Nothing was imported.",
        reader.line());
}

/// Reads the whole file once: nothing is imported of one that is not right to its end.
Result<Plan> examine(const std::filesystem::path &csv, const CsvOptions &options, const Control &control)
{
    auto reader = CsvReader::open(csv, options.separator);
    if (!reader)
        return std::unexpected(std::move(reader.error()));
    Plan plan;
    std::vector<CsvField> row;
    for (bool first = true;; first = false) {
        const auto more = reader->next(row);
        if (!more)
            return std::unexpected(more.error());
        if (!*more)
            break;
        if (first) {
            for (std::size_t i = 0; i < row.size(); ++i)
                plan.columns.push_back(options.header ? row[i].text : "column" + std::to_string(i + 1));
            plan.fits.assign(row.size(), Fits::Nothing);
            if (options.header)
                continue;
        }
        if (row.size() != plan.columns.size())
            return ragged(*reader, row.size(), plan.columns.size());
        for (std::size_t i = 0; i < row.size(); ++i)
            plan.fits[i] = std::max(plan.fits[i], fitOf(row[i]));
        if (auto on = proceed(control.stop); !on)
            return std::unexpected(std::move(on.error()));
    }
    if (plan.columns.empty())
        return base::fail("data.format", "There are no rows in " + csv.string() + ".", {csv.string()});
    return plan;
}

Result<void> checkNames(const std::vector<std::string> &names, const std::filesystem::path &csv)
{
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].empty())
            return base::fail("data.format", "Line 1: column " + std::to_string(i + 1) + " has no name.", {csv.string(), 1, 0});
        for (std::size_t k = 0; k < i; ++k) {
            if (sqlite3_stricmp(names[i].c_str(), names[k].c_str()) == 0)
                return base::fail("data.format", "Line 1: the name " + names[i] + " is there twice.", {csv.string(), 1, 0});
        }
    }
    return {};
}

/// The columns that the fields go to.
Result<std::vector<std::string>> targetColumns(const Database &database, const Plan &plan, const std::filesystem::path &csv, const CsvOptions &options)
{
    if (options.header) {
        if (auto checked = checkNames(plan.columns, csv); !checked)
            return std::unexpected(std::move(checked.error()));
    }
    const auto table = readTable(database, options.table);
    if (!table && table.error().code != "data.missing")
        return std::unexpected(table.error());
    if (!table) {
        std::string sql;
        for (std::size_t i = 0; i < plan.columns.size(); ++i)
            sql += (i > 0 ? ", " : "") + quoted(plan.columns[i]) + (plan.fits[i] == Fits::Integer ? " INTEGER" : plan.fits[i] == Fits::Real ? " REAL" : " TEXT");
        if (auto made = runSql(database, "CREATE TABLE " + quoted(options.table) + " (" + sql + ")"); !made)
            return std::unexpected(std::move(made.error()));
        return plan.columns;
    }
    std::vector<std::string> own;
    for (const Column &column : table->columns) {
        if (!column.generated)
            own.push_back(column.name);
    }
    if (!options.header) {
        if (own.size() != plan.columns.size())
            return base::fail("data.format",
                "Line 1: the rows have " + std::to_string(plan.columns.size()) + " fields, and the table " + options.table + " has " + std::to_string(own.size()) + " columns.",
                {csv.string(), 1, 0});
        return own;
    }
    for (const std::string &name : plan.columns) {
        if (!std::ranges::any_of(own, [&](const std::string &column) { return sqlite3_stricmp(column.c_str(), name.c_str()) == 0; }))
            return base::fail("data.format", "Line 1: the table " + options.table + " has no column " + name + " to write to.", {csv.string(), 1, 0});
    }
    return plan.columns;
}

Result<std::uint64_t> insertRows(const Database &database, CsvReader &reader, const std::vector<std::string> &columns, const CsvOptions &options, std::uint64_t total, const Control &control)
{
    std::string names;
    std::string places;
    for (const std::string &column : columns) {
        names += (names.empty() ? "" : ", ") + quoted(column);
        places += places.empty() ? "?" : ", ?";
    }
    auto statement = SqlStatement::prepare(database, "INSERT INTO " + quoted(options.table) + " (" + names + ") VALUES (" + places + ")");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    std::vector<CsvField> row;
    std::uint64_t rows = 0;
    for (bool header = options.header;; header = false) {
        const auto more = reader.next(row);
        if (!more)
            return std::unexpected(more.error());
        if (!*more)
            return rows;
        if (header)
            continue;
        if (row.size() != columns.size())
            return ragged(reader, row.size(), columns.size());
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (row[i].text.empty() && !row[i].inQuotes && options.emptyIsNull)
                statement->bindNull(static_cast<int>(i) + 1);
            else
                statement->bindText(static_cast<int>(i) + 1, row[i].text);
        }
        if (auto done = statement->run(); !done) {
            if (done.error().code != "data.sql")
                return std::unexpected(std::move(done.error()));
            return reader.wrong(done.error().message + " Nothing was imported.", reader.line());
        }
        statement->reset();
        if (++rows % 1000 == 0) {
            if (auto on = proceed(control.stop); !on)
                return std::unexpected(std::move(on.error()));
            if (control.progress)
                control.progress({reader.bytes(), total, {}});
        }
    }
}

} // namespace

Result<Imported> importCsv(const std::filesystem::path &file, const std::filesystem::path &csv, const CsvOptions &options, const Control &control)
{
    if (options.table.empty())
        return base::fail("data.name", "Say which table the rows go to.");
    if (sqlite3_strnicmp(options.table.c_str(), "_cf_", 4) == 0)
        return base::fail("data.name", "Names that begin with _cf_ are D1's own. Choose another table.");
    const auto plan = examine(csv, options, control);
    if (!plan)
        return std::unexpected(plan.error());
    std::error_code error;
    if (std::filesystem::exists(file, error)) {
        if (auto saved = takeSnapshot(file, "before importing " + csv.filename().string(), Snapshot::Maker::Cleat, {control.stop, {}}); !saved)
            return std::unexpected(std::move(saved.error()));
    }
    auto database = openDatabase(file, Database::Mode::Create);
    if (!database)
        return std::unexpected(std::move(database.error()));
    const Interruptible interruptible(**database, control.stop);
    auto transaction = SqlTransaction::begin(**database, SqlTransaction::Kind::Write);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    const auto columns = targetColumns(**database, *plan, csv, options);
    if (!columns)
        return std::unexpected(columns.error());
    auto reader = CsvReader::open(csv, options.separator);
    if (!reader)
        return std::unexpected(std::move(reader.error()));
    const auto rows = insertRows(**database, *reader, *columns, options, std::filesystem::file_size(csv, error), control);
    if (!rows)
        return std::unexpected(rows.error());
    if (auto committed = transaction->commit(); !committed)
        return std::unexpected(std::move(committed.error()));
    return Imported{*rows, *rows};
}

Result<CsvPreview> previewCsv(const std::filesystem::path &csv, const CsvOptions &options)
{
    auto reader = CsvReader::open(csv, options.separator);
    if (!reader)
        return std::unexpected(std::move(reader.error()));
    CsvPreview preview;
    preview.separator = reader->separator();
    std::vector<CsvField> row;
    for (bool first = true; preview.rows.size() < 20; first = false) {
        const auto more = reader->next(row);
        if (!more)
            return std::unexpected(more.error());
        if (!*more)
            break;
        std::vector<std::string> texts;
        for (CsvField &field : row)
            texts.push_back(std::move(field.text));
        if (first && options.header) {
            preview.columns = std::move(texts);
            continue;
        }
        if (first) {
            for (std::size_t i = 0; i < texts.size(); ++i)
                preview.columns.push_back("column" + std::to_string(i + 1));
        }
        preview.rows.push_back(std::move(texts));
    }
    return preview;
}

} // namespace cleat::data::d1
