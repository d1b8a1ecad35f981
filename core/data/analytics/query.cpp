// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/analytics/query.h"

#include "core/base/clock.h"
#include "core/bindings/analytics/dataset.h"
#include "core/data/analytics/civiltime.h"
#include "core/data/analytics/sqlfunctions.h"
#include "core/storage/failure.h"

#include <sqlite3.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace cleat::data::analytics {

namespace fs = std::filesystem;
using base::Result;

namespace {

struct Watch {
    std::chrono::steady_clock::time_point until;
    const Control &control;
    bool late() const { return std::chrono::steady_clock::now() >= until; }
};

int watch(void *given)
{
    const auto &watch = *static_cast<const Watch *>(given);
    return watch.control.stop.stop_requested() || watch.late() ? 1 : 0;
}

struct Finalize {
    void operator()(sqlite3_stmt *statement) const { sqlite3_finalize(statement); }
};

struct Close {
    void operator()(sqlite3 *database) const { sqlite3_close_v2(database); }
};

Cell cellOf(sqlite3_stmt *statement, int column, const Type &type)
{
    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return {};
    switch (type.kind) {
    case Type::Kind::Float:
        return sqlite3_column_double(statement, column);
    case Type::Kind::Integer:
    case Type::Kind::Bool:
    case Type::Kind::DateTime:
    case Type::Kind::Date:
        return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
    case Type::Kind::String:
    case Type::Kind::Array:
    case Type::Kind::Interval:
    case Type::Kind::Nothing:
        break;
    }
    const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(statement, column));
    return std::string(text ? text : "", static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
}

std::size_t sizeOf(const Cell &cell)
{
    const auto *text = std::get_if<std::string>(&cell);
    return sizeof(Cell) + (text ? text->size() : 0);
}

Answer listOf(const char *name, std::vector<std::string> &&texts)
{
    Answer answer;
    answer.columns.push_back({name, Type::of(Type::Kind::String)});
    for (std::string &text : texts)
        answer.rows.push_back({Cell(std::move(text))});
    return answer;
}

Result<Answer> select(const fs::path &state, const Query &query, std::string_view text, const QueryLimits &limits, const Control &control)
{
    auto translation = translate(query.select, text, base::wallMs() / 1000);
    if (!translation)
        return std::unexpected(std::move(translation.error()));
    std::unique_ptr<storage::Database> file;
    std::unique_ptr<sqlite3, Close> memory;
    sqlite3 *database = nullptr;
    fs::path path;
    if (!translation->dataset.empty()) {
        auto found = bindings::analytics::datasetFile(state, translation->dataset);
        if (found) {
            path = std::move(*found);
            auto opened = storage::Database::open(path, storage::Database::Mode::Existing);
            if (opened)
                file = std::move(*opened);
            else if (opened.error().code != "storage.missing")
                return std::unexpected(std::move(opened.error()));
        }
        if (!file) {
            std::string known;
            for (const std::string &name : bindings::analytics::datasets(state))
                known += (known.empty() ? "" : ", ") + name;
            return std::unexpected(sqlError(text, translation->datasetAt, "There is no dataset " + translation->dataset + ": no point was written to it. " + (known.empty() ? "There are none at all." : "There are: " + known)));
        }
        database = file->handle();
    } else {
        sqlite3 *opened = nullptr;
        const int code = sqlite3_open_v2(":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, nullptr);
        memory.reset(opened);
        if (code != SQLITE_OK)
            return std::unexpected(storage::sqliteFailure(opened, code, path, std::chrono::milliseconds(0)));
        database = opened;
    }
    const auto failed = [&](int code) { return std::unexpected(storage::sqliteFailure(database, code, path, storage::defaultBusyTimeout)); };
    if (!registerFunctions(database))
        return failed(sqlite3_extended_errcode(database));
    if (const int code = sqlite3_exec(database, "PRAGMA query_only = 1", nullptr, nullptr, nullptr); code != SQLITE_OK)
        return failed(code);
    sqlite3_stmt *prepared = nullptr;
    if (const int code = sqlite3_prepare_v2(database, translation->sql.c_str(), static_cast<int>(translation->sql.size()), &prepared, nullptr); code != SQLITE_OK) {
        if ((code & 0xff) == SQLITE_ERROR)
            return base::fail("analytics.sql", std::string("SQLite cannot carry this query: ") + sqlite3_errmsg(database));
        return failed(code);
    }
    const std::unique_ptr<sqlite3_stmt, Finalize> statement(prepared);
    const Watch guard{std::chrono::steady_clock::now() + limits.time, control};
    sqlite3_progress_handler(database, 10'000, watch, const_cast<Watch *>(&guard));
    Answer answer;
    answer.columns = std::move(translation->columns);
    std::size_t bytes = 0;
    while (true) {
        const int code = sqlite3_step(statement.get());
        if (code == SQLITE_DONE)
            break;
        if (code != SQLITE_ROW) {
            const int extended = sqlite3_extended_errcode(database);
            if ((code & 0xff) == SQLITE_INTERRUPT)
                return control.stop.stop_requested() ? base::fail("data.cancelled", "The query was stopped.")
                                                     : base::fail("analytics.time", "The query took longer than " + std::to_string(limits.time.count() / 1000.0).substr(0, 4) + " s. Narrow it down, for instance by a shorter time.");
            if ((code & 0xff) == SQLITE_ERROR)
                return base::fail("analytics.sql", std::string(sqlite3_errmsg(database)) + '.');
            return failed(extended);
        }
        std::vector<Cell> row;
        row.reserve(answer.columns.size());
        for (std::size_t i = 0; i < answer.columns.size(); ++i) {
            row.push_back(cellOf(statement.get(), static_cast<int>(i), answer.columns[i].type));
            bytes += sizeOf(row.back());
        }
        answer.rows.push_back(std::move(row));
        if (bytes > limits.bytes)
            return base::fail("analytics.size", "The result has more than " + std::to_string(limits.bytes >> 20) + " MiB. Ask for fewer columns, or for fewer rows by LIMIT.");
    }
    return answer;
}

} // namespace

Result<Answer> runQuery(const fs::path &state, std::string_view text, const QueryLimits &limits, const Control &control)
{
    auto query = parseQuery(text);
    if (!query)
        return std::unexpected(std::move(query.error()));
    Result<Answer> answer;
    switch (query->kind) {
    case Query::Kind::Select:
        answer = select(state, *query, text, limits, control);
        break;
    case Query::Kind::ShowTables:
        answer = listOf("dataset", bindings::analytics::datasets(state));
        break;
    case Query::Kind::ShowTimezones:
        answer = listOf("timezone", Zone::names());
        break;
    case Query::Kind::ShowTimezone:
        answer = listOf("timezone", {"Etc/UTC"});
        break;
    }
    if (answer)
        answer->format = query->format;
    return answer;
}

} // namespace cleat::data::analytics
