// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/analytics/dataset.h"

#include "core/base/clock.h"
#include "core/storage/failure.h"
#include "core/storage/transaction.h"

#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace cleat::bindings::analytics {

namespace fs = std::filesystem;
using base::Result;
using storage::Database;

namespace {

constexpr std::size_t longestName = 240; // a file system takes 255 bytes, with what SQLite puts behind

bool isPlain(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

std::optional<std::string> nameOf(std::string_view file)
{
    std::string name;
    for (std::size_t i = 0; i < file.size(); ++i) {
        if (file[i] != '%') {
            name += file[i];
            continue;
        }
        if (i + 2 >= file.size() || std::isxdigit(static_cast<unsigned char>(file[i + 1])) == 0 || std::isxdigit(static_cast<unsigned char>(file[i + 2])) == 0)
            return std::nullopt;
        name += static_cast<char>(std::stoi(std::string(file.substr(i + 1, 2)), nullptr, 16));
        i += 2;
    }
    return name;
}

std::string schema()
{
    std::string sql = "CREATE TABLE IF NOT EXISTS points (place INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, sample_interval INTEGER NOT NULL, index1 TEXT NOT NULL";
    for (std::size_t i = 1; i <= maxBlobs; ++i)
        sql += ", blob" + std::to_string(i) + " TEXT NOT NULL";
    for (std::size_t i = 1; i <= maxDoubles; ++i)
        sql += ", double" + std::to_string(i) + " REAL";
    return sql + ");";
}

std::string insertion()
{
    std::string sql = "INSERT INTO points VALUES (NULL";
    for (std::size_t i = 0; i < 3 + maxBlobs + maxDoubles; ++i)
        sql += ", ?";
    return sql + ')';
}

void bindText(sqlite3_stmt *statement, int parameter, std::string_view text)
{
    sqlite3_bind_text(statement, parameter, text.empty() ? "" : text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

} // namespace

Result<fs::path> datasetFile(const fs::path &state, std::string_view dataset)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string file;
    for (const char c : dataset) {
        if (isPlain(c)) {
            file += c;
        } else {
            file += '%';
            file += digits[static_cast<unsigned char>(c) >> 4];
            file += digits[static_cast<unsigned char>(c) & 15];
        }
    }
    if (file.empty() || file.size() > longestName)
        return base::fail("analytics.dataset", file.empty() ? "A dataset needs a name." : "The dataset's name is too long to be that of a file. Choose a shorter one: " + std::string(dataset));
    return state / "v3" / "analytics-engine" / (file + ".sqlite");
}

std::vector<std::string> datasets(const fs::path &state)
{
    std::vector<std::string> names;
    std::error_code ec;
    for (fs::directory_iterator at(state / "v3" / "analytics-engine", ec), end; !ec && at != end; at.increment(ec)) {
        if (at->path().extension() != ".sqlite")
            continue;
        if (auto name = nameOf(at->path().stem().string()))
            names.push_back(std::move(*name));
    }
    std::ranges::sort(names);
    return names;
}

Dataset::Dataset(fs::path file, std::chrono::milliseconds busyTimeout) : m_file(std::move(file)), m_busyTimeout(busyTimeout) {}

Dataset::~Dataset()
{
    close();
}

void Dataset::close()
{
    sqlite3_finalize(std::exchange(m_insert, nullptr));
    m_database.reset();
}

Result<void> Dataset::open()
{
    if (m_database && m_database->moved())
        close();
    if (m_database)
        return {};
    auto opened = Database::open(m_file, Database::Mode::Create, m_busyTimeout);
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    if (auto made = (*opened)->execute(schema()); !made)
        return std::unexpected(std::move(made.error()));
    // Places go with time, so that the first one that is young enough ends the search.
    const std::string oldest = std::to_string(base::wallMs() - retentionMs);
    if (auto pruned = (*opened)->execute("DELETE FROM points WHERE place < ifnull((SELECT place FROM points WHERE time_ms >= " + oldest + " ORDER BY place LIMIT 1), 9223372036854775807) AND time_ms < " + oldest + ";");
        !pruned)
        return std::unexpected(std::move(pruned.error()));
    if (const int code = sqlite3_prepare_v3((*opened)->handle(), insertion().c_str(), -1, SQLITE_PREPARE_PERSISTENT, &m_insert, nullptr); code != SQLITE_OK)
        return std::unexpected(storage::sqliteFailure((*opened)->handle(), code, m_file, m_busyTimeout));
    m_database = std::move(*opened);
    return {};
}

Result<void> Dataset::append(std::span<const DataPoint *const> points)
{
    if (auto opened = open(); !opened)
        return opened;
    auto transaction = storage::Transaction::begin(*m_database);
    if (!transaction)
        return std::unexpected(std::move(transaction.error()));
    for (const DataPoint *point : points) {
        int at = 0;
        sqlite3_bind_int64(m_insert, ++at, point->timeMs);
        sqlite3_bind_int64(m_insert, ++at, point->sampleInterval);
        bindText(m_insert, ++at, point->index());
        for (std::size_t i = 0; i < maxBlobs; ++i)
            bindText(m_insert, ++at, point->blob(i));
        for (std::size_t i = 0; i < maxDoubles; ++i)
            sqlite3_bind_double(m_insert, ++at, point->number(i)); // one that is none becomes NULL
        sqlite3_step(m_insert);
        if (const int code = sqlite3_reset(m_insert); code != SQLITE_OK)
            return std::unexpected(storage::sqliteFailure(m_database->handle(), code, m_file, m_busyTimeout));
    }
    return transaction->commit();
}

} // namespace cleat::bindings::analytics
