// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string_view>
#include <vector>

struct sqlite3_stmt;

namespace cleat::storage {

class Database;

/// One run of a prepared statement: bind, step, read. Going out of scope ends it and gives it back to the database for the next run, so it
/// holds a read lock no longer than its scope. Parameters count from 1, columns from 0, as in SQLite.
class Statement final
{
public:
    enum class Step { Row, Done };

    ~Statement();
    Statement(Statement &&other) noexcept;
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;
    Statement &operator=(Statement &&) = delete;

    /// The text is not copied: it must stay until the statement ends. A binding that fails is reported by step().
    void bindText(int parameter, std::string_view text);
    void bindInteger(int parameter, std::int64_t value);
    void bindNull(int parameter);
    /// A BLOB of no bytes, which SQLite sorts above every number and text.
    void bindEmptyBlob(int parameter);

    /// Errors: see failure.h.
    base::Result<Step> step();

    /// Valid until the next step(). NULL reads as empty and 0.
    std::string_view text(int column) const;
    std::int64_t integer(int column) const;
    bool isNull(int column) const;

private:
    friend class Database;
    Statement(Database &database, sqlite3_stmt *statement, std::vector<sqlite3_stmt *> &home);
    void remember(int code);

    Database *m_database;
    sqlite3_stmt *m_statement;
    std::vector<sqlite3_stmt *> *m_home;
    int m_bindFailure = 0;
};

} // namespace cleat::storage
