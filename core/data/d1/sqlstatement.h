// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/d1/values.h"
#include "core/storage/database.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

struct sqlite3_stmt;

namespace cleat::data::d1 {

/// What SQLite's last failure on the database means: data.cancelled, data.sql (the SQL is wrong, or a constraint is against it), or one of core/storage/failure.h.
base::Error failureOf(const storage::Database &database, int code);

/// A prepared statement with values of every type. Parameters count from 1, columns from 0. It must be gone before the database is.
class SqlStatement final
{
public:
    /// Of the first statement in the text.
    static base::Result<SqlStatement> prepare(const storage::Database &database, std::string_view sql);
    ~SqlStatement();
    SqlStatement(SqlStatement &&other) noexcept;
    SqlStatement &operator=(SqlStatement &&other) noexcept;
    SqlStatement(const SqlStatement &) = delete;
    SqlStatement &operator=(const SqlStatement &) = delete;

    sqlite3_stmt *handle() const { return m_statement; }
    bool readOnly() const;
    int columns() const;
    std::string columnName(int column) const;

    /// The value is not copied: it must stay until the statement is reset.
    void bind(int parameter, const Value &value);
    void bind(int parameter, Value &&value) = delete;
    void bindInteger(int parameter, std::int64_t value);
    void bindText(int parameter, std::string_view text);
    void bindBlob(int parameter, std::string_view bytes);
    void bindNull(int parameter);

    /// True: there is a row.
    base::Result<bool> step();
    /// To its end; its rows are dropped.
    base::Result<void> run();
    void reset();

    bool isNull(int column) const;
    std::int64_t integer(int column) const;
    std::string text(int column) const;
    Value value(int column) const;

private:
    SqlStatement(const storage::Database &database, sqlite3_stmt *statement) : m_database(&database), m_statement(statement) {}
    void remember(int code);

    const storage::Database *m_database;
    sqlite3_stmt *m_statement;
    int m_bindFailure = 0;
};

/// The first column of the first row; 0 when there is none.
base::Result<std::int64_t> numberOf(const storage::Database &database, std::string_view sql);
/// One statement without rows.
base::Result<void> runSql(const storage::Database &database, std::string_view sql);

/// While it lives, stop ends whatever the connection runs (data.cancelled).
class Interruptible final
{
public:
    Interruptible(const storage::Database &database, std::stop_token stop);
    ~Interruptible();
    Interruptible(const Interruptible &) = delete;
    Interruptible &operator=(const Interruptible &) = delete;

private:
    struct Interrupt {
        sqlite3 *db;
        void operator()() const;
    };
    sqlite3 *const m_db;
    const std::stop_token m_stop;
    std::optional<std::stop_callback<Interrupt>> m_callback;
};

/// A transaction of one kind of BEGIN; without commit() all is taken back.
class SqlTransaction final
{
public:
    enum class Kind { Read, Write };
    static base::Result<SqlTransaction> begin(const storage::Database &database, Kind kind);
    ~SqlTransaction();
    SqlTransaction(SqlTransaction &&other) noexcept : m_database(std::exchange(other.m_database, nullptr)) {}
    SqlTransaction(const SqlTransaction &) = delete;
    SqlTransaction &operator=(const SqlTransaction &) = delete;
    SqlTransaction &operator=(SqlTransaction &&) = delete;
    base::Result<void> commit();

private:
    explicit SqlTransaction(const storage::Database &database) : m_database(&database) {}
    const storage::Database *m_database;
};

/// Opens the database with the functions that D1 has and the system's SQLite has not. Null when the file is not there and is not to be made.
base::Result<std::unique_ptr<storage::Database>> openDatabase(const std::filesystem::path &file, storage::Database::Mode mode);

} // namespace cleat::data::d1
