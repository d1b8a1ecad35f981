// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/d1/d1cost.h"
#include "core/bindings/d1/d1rules.h"

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace cleat::bindings::d1 {

struct Finalize {
    void operator()(sqlite3_stmt *statement) const;
};

/// A statement of user SQL and what is known of it.
struct Prepared {
    std::unique_ptr<sqlite3_stmt, Finalize> statement;
    bool alone = false; ///< may run outside of a transaction: it selects, inserts, updates or deletes, and nothing else
    bool readOnly = false;
    bool renames = false; ///< alters a table
    Cost cost;
};

/// The prepared statements of one connection: those used lately are kept, so that the same SQL is parsed once.
class Statements final
{
public:
    Statements(sqlite3 *db, Rules &rules) : m_db(db), m_rules(rules) {}
    Statements(const Statements &) = delete;
    Statements &operator=(const Statements &) = delete;

    /// The statement at the beginning of a text.
    struct Found {
        Prepared *prepared = nullptr; ///< until the next find(); null when there is none in the text, or when it failed
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
        Prepared prepared;
    };
    using Items = std::list<Item>;

    sqlite3 *const m_db;
    Rules &m_rules;
    Items m_items; ///< last used first
    std::unordered_map<std::string_view, Items::iterator> m_index; ///< the keys are the items' own texts
    Prepared m_once; ///< a statement that is not kept
};

} // namespace cleat::bindings::d1
