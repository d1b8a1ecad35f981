// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/database.h"

#include "core/storage/failure.h"

#include <sqlite3.h>

#include <cerrno>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cleat::storage {

base::Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path &file, Mode mode, std::chrono::milliseconds busyTimeout)
{
    std::unique_ptr<Database> database(new Database(file, busyTimeout));
    if (auto connected = database->connect(mode); !connected)
        return std::unexpected(std::move(connected.error()));
    return database;
}

Database::Database(std::filesystem::path file, std::chrono::milliseconds busyTimeout) : m_file(std::move(file)), m_busyTimeout(busyTimeout) {}

Database::~Database()
{
    for (auto &[sql, statements] : m_idle)
        for (sqlite3_stmt *statement : statements)
            sqlite3_finalize(statement);
    sqlite3_close(m_db);
}

base::Result<void> Database::connect(Mode mode)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (mode == Mode::Create) {
        std::error_code ec;
        std::filesystem::create_directories(m_file.parent_path(), ec);
        if (ec)
            return std::unexpected(systemFailure("make the folder", m_file.parent_path(), ec.value()));
        flags |= SQLITE_OPEN_CREATE;
    } else if (struct stat info{}; ::stat(m_file.c_str(), &info) != 0) {
        return std::unexpected(systemFailure("open", m_file, errno));
    }
    if (const int rc = sqlite3_open_v2(m_file.c_str(), &m_db, flags, nullptr); rc != SQLITE_OK) {
        // Where it may not make the file, SQLite tries to read it, and then says that it is missing.
        if (mode == Mode::Create && ::access(m_file.parent_path().c_str(), W_OK | X_OK) != 0)
            return std::unexpected(systemFailure("write into", m_file.parent_path(), errno));
        return std::unexpected(failure(rc));
    }
    sqlite3_busy_timeout(m_db, static_cast<int>(m_busyTimeout.count()));
    sqlite3_db_config(m_db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    if (auto set = execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL"); !set)
        return set;
    // A file in another mode is converted, as wrangler does. One that cannot be now, because it is in use or read-only, works as it is.
    const int rc = sqlite3_exec(m_db, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    const int primary = rc & 0xFF;
    if (primary == SQLITE_BUSY || primary == SQLITE_READONLY)
        return execute("SELECT 1 FROM sqlite_schema LIMIT 1");
    if (rc != SQLITE_OK)
        return std::unexpected(failure(rc));
    return {};
}

base::Error Database::failure(int code) const
{
    return sqliteFailure(m_db, code, m_file, m_busyTimeout);
}

bool Database::moved() const
{
    int answer = 0;
    return sqlite3_file_control(m_db, "main", SQLITE_FCNTL_HAS_MOVED, &answer) == SQLITE_OK && answer != 0;
}

base::Result<Statement> Database::statement(std::string_view sql)
{
    auto place = m_idle.find(sql);
    if (place == m_idle.end())
        place = m_idle.emplace(std::string(sql), std::vector<sqlite3_stmt *>()).first;
    auto &idle = place->second;
    sqlite3_stmt *raw = nullptr;
    if (!idle.empty()) {
        raw = idle.back();
        idle.pop_back();
    } else if (const int rc = sqlite3_prepare_v3(m_db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, nullptr); rc != SQLITE_OK) {
        return std::unexpected(failure(rc));
    }
    return Statement(*this, raw, idle);
}

base::Result<void> Database::execute(const std::string &script)
{
    if (const int rc = sqlite3_exec(m_db, script.c_str(), nullptr, nullptr, nullptr); rc != SQLITE_OK)
        return std::unexpected(failure(rc));
    return {};
}

} // namespace cleat::storage
