// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/d1/d1database.h"
#include "core/bindings/d1/d1rules.h"
#include "core/bindings/d1/d1statements.h"
#include "core/storage/database.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cleat::bindings::d1 {

/// An open database file: runs requests on it. See D1Database, which opens it anew when the file was replaced. Belongs to one thread.
class Connection final
{
public:
    Connection(std::unique_ptr<storage::Database> database, const std::function<bool()> &stop);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    bool moved() const { return m_database->moved(); }
    base::Result<D1Database::Outcome> run(std::span<const Query> queries, D1Database::Session session);

private:
    enum class Lock { None, Read, Write };
    enum class Size { Known, Changed };

    base::Result<Lock> lockFor(std::span<const Query *const> queries, D1Database::Session session);
    base::Result<void> runAll(std::span<const Query *const> queries, D1Database::Session session, D1Database::Outcome &outcome);
    base::Result<void> runQuery(const Query &query, QueryResult &result);
    base::Result<void> runStatement(Prepared &prepared, const std::vector<Value> &parameters, QueryResult &result);
    base::Result<void> collect(sqlite3_stmt *statement, Rows &rows);
    base::Result<std::string> bookmark();
    base::Result<void> own(std::string_view sql);
    base::Result<std::int64_t> ownNumber(std::string_view sql);
    base::Result<std::int64_t> size(Size size);
    base::Error failure(int code) const;
    base::Error failure(const Statements::Found &found) const;
    void rollback();

    const std::unique_ptr<storage::Database> m_database;
    sqlite3 *const m_db;
    Rules m_rules;
    Statements m_statements;
    std::int64_t m_size = -1; ///< bytes in use; below 0: not known
    unsigned m_sizeVersion = 0; ///< SQLite's data version that m_size belongs to
    std::size_t m_resultBytes = 0; ///< of the request that runs
};

} // namespace cleat::bindings::d1
