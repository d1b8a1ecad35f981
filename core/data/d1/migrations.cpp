// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/migrations.h"

#include "core/base/file.h"
#include "core/data/d1/schemareader.h"
#include "core/data/d1/scriptfile.h"
#include "core/data/d1/snapshots.h"
#include "core/data/query.h"
#include "core/storage/failure.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <map>
#include <system_error>

namespace cleat::data::d1 {

namespace fs = std::filesystem;
using base::Result;
using storage::Database;

namespace {

/// What stands before the first '_', as far as it is a number.
std::optional<std::int64_t> numberOf(const std::string &name)
{
    const std::size_t begin = name.find_first_not_of(" \t");
    std::int64_t number = 0;
    if (begin == name.npos || std::from_chars(name.data() + begin, name.data() + name.size(), number).ec != std::errc())
        return std::nullopt;
    return number;
}

/// By number, those without one last; then by name.
bool comesBefore(const std::string &one, const std::string &other)
{
    const auto a = numberOf(one);
    const auto b = numberOf(other);
    if (a != b)
        return a && (!b || *a < *b);
    return one < other;
}

/// The names in the folder; none when it is not there.
Result<std::vector<std::string>> namesIn(const fs::path &folder)
{
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        std::error_code ignored;
        if (name.size() > 4 && name.ends_with(".sql") && !name.starts_with('.') && entry->is_regular_file(ignored))
            names.push_back(name);
    }
    if (error && error != std::errc::no_such_file_or_directory)
        return std::unexpected(storage::systemFailure("read the folder", folder, error.value()));
    std::ranges::sort(names, comesBefore);
    return names;
}

using Done = std::vector<std::pair<std::string, std::string>>; ///< name and time

Result<Done> appliedIn(const Database &database, const std::string &table)
{
    Done done;
    if (auto known = readTable(database, table); !known) {
        if (known.error().code == "data.missing")
            return done;
        return std::unexpected(std::move(known.error()));
    }
    auto statement = SqlStatement::prepare(database, "SELECT name, applied_at FROM " + quoted(table) + " ORDER BY id");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    for (;;) {
        const auto row = statement->step();
        if (!row)
            return std::unexpected(row.error());
        if (!*row)
            return done;
        done.emplace_back(statement->text(0), statement->text(1));
    }
}

/// As wrangler makes it.
std::string tableSql(const std::string &table)
{
    return "CREATE TABLE IF NOT EXISTS " + quoted(table)
        + "(\n\t\tid         INTEGER PRIMARY KEY AUTOINCREMENT,\n\t\tname       TEXT UNIQUE,\n\t\tapplied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL\n)";
}

Result<void> applyOne(Database &database, ScriptRunner &runner, const MigrationPlace &place, const std::string &name, const Control &control)
{
    const Interruptible interruptible(database, control.stop);
    runner.own();
    auto transaction = SqlTransaction::begin(database, SqlTransaction::Kind::Write);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    const auto undone = [&](base::Error error) -> Result<void> {
        runner.own();
        return std::unexpected(std::move(error));
    };
    const auto run = runScriptFile(runner, place.folder / name, {control.stop, {}});
    if (!run)
        return undone(run.error());
    runner.own();
    auto noted = SqlStatement::prepare(database, "INSERT INTO " + quoted(place.table) + " (name) VALUES (?)");
    if (!noted)
        return undone(noted.error());
    noted->bindText(1, name);
    if (auto done = noted->run(); !done)
        return undone(done.error());
    noted->reset();
    auto committed = transaction->commit();
    if (!committed && committed.error().code == "data.sql")
        committed.error().place = {(place.folder / name).string()};
    return committed;
}

} // namespace

Result<std::vector<Migration>> migrations(const fs::path &file, const MigrationPlace &place)
{
    auto names = namesIn(place.folder);
    if (!names)
        return std::unexpected(std::move(names.error()));
    auto database = openDatabase(file, Database::Mode::Existing);
    if (!database)
        return std::unexpected(std::move(database.error()));
    Done done;
    if (*database) {
        auto transaction = SqlTransaction::begin(**database, SqlTransaction::Kind::Read);
        if (!transaction)
            return std::unexpected(std::move(transaction.error()));
        auto read = appliedIn(**database, place.table);
        if (!read)
            return std::unexpected(std::move(read.error()));
        done = std::move(*read);
    }
    std::vector<Migration> list;
    for (std::string &name : *names) {
        const auto applied = std::ranges::find(done, name, &Done::value_type::first);
        list.push_back({std::move(name), applied == done.end() ? std::nullopt : std::optional(applied->second), false});
    }
    for (auto &[name, time] : done) {
        if (std::ranges::find(list, name, &Migration::name) == list.end())
            list.push_back({name, time, true});
    }
    std::ranges::stable_sort(list, comesBefore, &Migration::name);
    return list;
}

Result<fs::path> createMigration(const MigrationPlace &place, const std::string &message)
{
    if (message.find_first_of("/\\") != message.npos || message.find('\0') != message.npos || message.empty())
        return base::fail("data.name", "A migration needs a name without / and \\, such as \"create users\".");
    auto names = namesIn(place.folder);
    if (!names)
        return std::unexpected(std::move(names.error()));
    std::int64_t next = 1;
    for (const std::string &name : *names)
        next = std::max(next, numberOf(name).value_or(0) + 1);
    std::string number = std::to_string(next);
    number.insert(0, number.size() < 4 ? 4 - number.size() : 0, '0');
    std::string words = message;
    std::ranges::replace(words, ' ', '_');
    std::error_code error;
    fs::create_directories(place.folder, error);
    if (error)
        return std::unexpected(storage::systemFailure("make the folder", place.folder, error.value()));
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char time[40];
    const std::size_t length = std::strftime(time, sizeof time, "%Y-%m-%dT%H:%M:%S", &parts);
    std::string ms = std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(now).count() % 1000);
    ms.insert(0, 3 - ms.size(), '0');
    const fs::path path = place.folder / (number + '_' + words + ".sql");
    if (auto written = base::writeFileAtomically(path, "-- Migration number: " + number + " \t " + std::string(time, length) + '.' + ms + "Z\n"); !written)
        return std::unexpected(std::move(written.error()));
    return path;
}

Result<Applied> applyMigrations(const fs::path &file, const MigrationPlace &place, const std::string &last, const Control &control)
{
    auto list = migrations(file, place);
    if (!list)
        return std::unexpected(std::move(list.error()));
    std::vector<std::string> todo;
    bool reached = last.empty();
    for (const Migration &migration : *list) {
        if (!migration.appliedAt)
            todo.push_back(migration.name);
        if (!last.empty() && migration.name == last) {
            reached = true;
            break;
        }
    }
    if (!reached)
        return base::fail("data.missing", "There is no migration " + last + " in " + place.folder.string() + ". Refresh the list of migrations.");
    Applied applied;
    std::error_code error;
    if (!todo.empty() && fs::exists(file, error)) {
        if (auto saved = takeSnapshot(file, "before migration " + todo.front(), Snapshot::Maker::Cleat, control); !saved)
            return std::unexpected(std::move(saved.error()));
    }
    auto database = openDatabase(file, Database::Mode::Create);
    if (!database)
        return std::unexpected(std::move(database.error()));
    if (auto made = runSql(**database, tableSql(place.table)); !made)
        return std::unexpected(std::move(made.error()));
    ScriptRunner runner(**database);
    for (const std::string &name : todo) {
        if (control.progress)
            control.progress({applied.names.size(), todo.size(), name});
        auto done = control.stop.stop_requested() ? Result<void>(cancelled()) : applyOne(**database, runner, place, name, control);
        if (!done) {
            applied.error = std::move(done.error());
            break;
        }
        applied.names.push_back(name);
    }
    runner.own();
    return applied;
}

} // namespace cleat::data::d1
