// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/vectorindexes.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/vectorize/vectorizelimits.h"
#include "core/storage/failure.h"
#include "core/storage/transaction.h"

#include <algorithm>
#include <array>
#include <random>
#include <system_error>
#include <utility>

namespace cleat::bindings::vectorize {

namespace fs = std::filesystem;
using base::Result;
using storage::Database;
using storage::Statement;

namespace {

// A vector's place is new whenever it is written, and what goes leaves its place in `removed`: so that others see what has changed since they looked.
constexpr auto schema =
    "CREATE TABLE config (name TEXT NOT NULL, dimensions INTEGER NOT NULL, metric TEXT NOT NULL, description TEXT NOT NULL, version INTEGER NOT NULL, created_ms INTEGER NOT NULL,"
    " modified_ms INTEGER NOT NULL, incarnation TEXT NOT NULL, mutation TEXT NOT NULL DEFAULT '', mutation_ms INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE vectors (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, namespace TEXT, metadata TEXT, indexed TEXT, vec BLOB NOT NULL);"
    "CREATE TABLE removed (number INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT NULL);"
    "CREATE TABLE metadata_indexes (number INTEGER PRIMARY KEY AUTOINCREMENT, property TEXT NOT NULL UNIQUE, type TEXT NOT NULL);";

Result<bool> hasConfig(Database &database)
{
    auto statement = database.statement("SELECT count(*) FROM sqlite_schema WHERE name = 'config'");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    if (auto step = statement->step(); !step)
        return std::unexpected(std::move(step.error()));
    return statement->integer(0) != 0;
}

} // namespace

fs::path indexFile(const fs::path &state, std::string_view name)
{
    return state / "v3" / "vectorize" / (std::string(name) + ".sqlite");
}

base::Error missingIndex(std::string_view name)
{
    return {"vectorize.missing",
        "There is no local Vectorize index \"" + std::string(name) + "\". Make it with: cleat vectorize create " + std::string(name) + " --dimensions=NUMBER --metric=cosine", {}};
}

std::string newUuid()
{
    static thread_local std::random_device source;
    std::array<std::uint32_t, 4> parts{source(), source(), source(), source()};
    std::string text = base::toHex(std::as_bytes(std::span(parts)));
    text[12] = '4';
    text[16] = "89ab"[source() & 3];
    for (const std::size_t at : {20, 16, 12, 8})
        text.insert(at, 1, '-');
    return text;
}

Result<IndexConfig> createIndex(const fs::path &state, IndexConfig config, std::chrono::milliseconds busyTimeout)
{
    if (auto fine = checkConfig(config); !fine)
        return std::unexpected(std::move(fine.error()));
    auto database = Database::open(indexFile(state, config.name), Database::Mode::Create, busyTimeout);
    if (!database)
        return std::unexpected(std::move(database.error()));
    auto transaction = storage::Transaction::begin(**database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    auto there = hasConfig(**database);
    if (!there)
        return std::unexpected(std::move(there.error()));
    if (*there)
        return base::fail("vectorize.exists", "There is a local Vectorize index \"" + config.name + "\" already.");
    if (auto made = (*database)->execute(schema); !made)
        return std::unexpected(std::move(made.error()));
    config.createdMs = config.modifiedMs = base::wallMs();
    const std::string incarnation = newUuid();
    {
        auto statement = (*database)->statement(
            "INSERT INTO config (name, dimensions, metric, description, version, created_ms, modified_ms, incarnation) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)");
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        statement->bindText(1, config.name);
        statement->bindInteger(2, config.dimensions);
        statement->bindText(3, metricName(config.metric));
        statement->bindText(4, config.description);
        statement->bindInteger(5, static_cast<std::int64_t>(config.version));
        statement->bindInteger(6, config.createdMs);
        statement->bindText(7, incarnation);
        if (auto step = statement->step(); !step)
            return std::unexpected(std::move(step.error()));
    }
    if (auto done = transaction->commit(); !done)
        return std::unexpected(std::move(done.error()));
    return config;
}

Result<StoredConfig> readConfig(Database &database, std::string_view name)
{
    auto there = hasConfig(database);
    if (!there)
        return std::unexpected(std::move(there.error()));
    if (!*there)
        return std::unexpected(missingIndex(name));
    auto statement = database.statement("SELECT dimensions, metric, description, version, created_ms, modified_ms, incarnation FROM config");
    if (!statement)
        return std::unexpected(std::move(statement.error()));
    auto step = statement->step();
    if (!step)
        return std::unexpected(std::move(step.error()));
    const auto metric = *step == Statement::Step::Row ? metricNamed(statement->text(1)) : std::nullopt;
    const std::int64_t dimensions = metric ? statement->integer(0) : 0;
    if (dimensions < 1 || dimensions > maxDimensions)
        return base::fail("vectorize.damaged", database.file().string() + " is no Vectorize index that this version of Cleat can read.", {database.file().string()});
    StoredConfig stored;
    stored.config = {std::string(name), static_cast<std::uint32_t>(dimensions), *metric, std::string(statement->text(2)), statement->integer(3) == 1 ? Version::V1 : Version::V2,
        statement->integer(4), statement->integer(5)};
    stored.incarnation = statement->text(6);
    return stored;
}

Result<std::vector<IndexConfig>> listIndexes(const fs::path &state, std::chrono::milliseconds busyTimeout)
{
    std::vector<IndexConfig> found;
    const fs::path folder = indexFile(state, "x").parent_path();
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().stem().string();
        if (entry.path().extension() != ".sqlite" || !checkName(name))
            continue;
        auto database = Database::open(entry.path(), Database::Mode::Existing, busyTimeout);
        if (!database) {
            if (database.error().code == "storage.missing")
                continue; // deleted a moment ago
            return std::unexpected(std::move(database.error()));
        }
        auto stored = readConfig(**database, name);
        if (stored)
            found.push_back(std::move(stored->config));
        else if (stored.error().code != "vectorize.missing")
            return std::unexpected(std::move(stored.error()));
    }
    if (error && error != std::errc::no_such_file_or_directory)
        return std::unexpected(storage::systemFailure("read", folder, error.value()));
    std::ranges::sort(found, {}, &IndexConfig::name);
    return found;
}

Result<void> deleteIndex(const fs::path &state, std::string_view name)
{
    if (auto fine = checkName(name); !fine)
        return fine;
    const fs::path file = indexFile(state, name);
    std::error_code error;
    if (!fs::remove(file, error)) {
        if (error)
            return std::unexpected(storage::systemFailure("delete", file, error.value()));
        return std::unexpected(missingIndex(name));
    }
    // SQLite's own files and kept graphs. No name has a dot.
    const std::string prefix = std::string(name) + '.';
    std::vector<fs::path> beside;
    for (const auto &entry : fs::directory_iterator(file.parent_path(), error)) {
        if (entry.path().filename().string().starts_with(prefix))
            beside.push_back(entry.path());
    }
    for (const fs::path &one : beside) {
        fs::remove(one, error);
        if (error)
            return std::unexpected(storage::systemFailure("delete", one, error.value()));
    }
    return {};
}

} // namespace cleat::bindings::vectorize
