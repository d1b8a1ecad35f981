// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/d1/d1rules.h"
#include "core/bindings/durableobjects/sqlrun.h"
#include "core/bindings/durableobjects/sqlstatements.h"
#include "core/storage/database.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace cleat::bindings::durableobjects {

/// The connection to an object's file: SQL of user code under its rules, and our own beside it. Belongs to one thread; ObjectStore says what the errors are.
class ObjectConnection final
{
public:
    static base::Result<std::unique_ptr<ObjectConnection>> open(
        const std::filesystem::path &file, const std::function<bool()> &stop, std::chrono::milliseconds busyTimeout);
    /// Ends all cursors.
    ~ObjectConnection();
    ObjectConnection(const ObjectConnection &) = delete;
    ObjectConnection &operator=(const ObjectConnection &) = delete;

    bool moved() const { return m_database->moved(); }
    const std::filesystem::path &file() const { return m_database->file(); }
    bool inTransaction() const;
    /// A transaction that holds the write lock.
    base::Result<void> beginWrite();
    /// It was committed: the lock is free.
    void writeEnded() { m_database->courtesy().ended(m_db); }

    // ---- our own SQL
    /// Ready to bind; it must end before the next call here.
    base::Result<storage::Statement> statement(std::string_view sql);
    /// The same for a failure of such a statement: the text that user code sees.
    base::Error failure() const;
    base::Result<void> run(std::string_view sql);
    /// The first column of the first row; nullopt: there is no row, or NULL.
    base::Result<std::optional<std::int64_t>> number(std::string_view sql);
    base::Result<bool> hasTable(std::string_view name);
    /// Writes a row of _cf_KV.
    base::Result<void> putValue(std::string_view key, std::span<const std::byte> value);

    // ---- user code's
    /// `beginWrite` is called before a statement that may write.
    base::Result<std::shared_ptr<SqlCursor>> exec(std::string_view sql, std::vector<SqlValue> parameters, const std::function<base::Result<void>()> &beginWrite);
    bool hasCursors() const { return !m_running.empty(); }
    void cancelCursors(std::string_view why);

private:
    ObjectConnection(std::unique_ptr<storage::Database> database, const std::function<bool()> &stop);
    base::Error failure(int code) const;
    base::Error failure(const SqlStatements::Found &found) const;
    base::Result<std::shared_ptr<SqlCursor>> start(std::shared_ptr<SqlStatement> statement, std::vector<SqlValue> parameters);
    base::Result<std::shared_ptr<SqlCursor>> startRenaming(std::shared_ptr<SqlStatement> statement);

    const std::unique_ptr<storage::Database> m_database;
    const std::function<bool()> &m_stop;
    sqlite3 *const m_db;
    d1::Rules m_rules;
    SqlStatements m_statements;
    RunningCursors m_running;
    std::unique_ptr<sqlite3_stmt, d1::Finalize> m_put;
};

} // namespace cleat::bindings::durableobjects
