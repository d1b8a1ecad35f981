// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/d1/d1cost.h"
#include "core/bindings/d1/d1rules.h"
#include "core/bindings/d1/d1statements.h"

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;

namespace cleat::bindings::durableobjects {

/// A statement of user SQL. Who holds it may run it; while somebody does, the same text gets another one.
struct SqlStatement {
    std::unique_ptr<sqlite3_stmt, d1::Finalize> statement;
    bool readOnly = false;
    bool renames = false; ///< alters a table
    d1::Cost cost;
};

/// The prepared statements of one connection: those used lately are kept, so that the same SQL is parsed once.
class SqlStatements final
{
public:
    SqlStatements(sqlite3 *db, d1::Rules &rules) : m_db(db), m_rules(rules) {}
    SqlStatements(const SqlStatements &) = delete;
    SqlStatements &operator=(const SqlStatements &) = delete;

    /// The statement at the beginning of a text.
    struct Found {
        std::shared_ptr<SqlStatement> statement; ///< null when there is none in the text, or when it failed
        std::string_view rest; ///< what follows, without white space
        int failure = 0; ///< SQLite's result code; its message is the connection's last one
        bool transactionRefused = false;
        bool wantsTransaction = false; ///< a PRAGMA outside of a transaction: not prepared, because preparing it would be doing it
    };
    Found find(std::string_view sql);
    void clear();

private:
    struct Item {
        std::string sql;
        std::shared_ptr<SqlStatement> statement;
    };
    using Items = std::list<Item>;

    sqlite3 *const m_db;
    d1::Rules &m_rules;
    Items m_items; ///< last used first
    std::unordered_map<std::string_view, Items::iterator> m_index; ///< the keys are the items' own texts
};

} // namespace cleat::bindings::durableobjects
