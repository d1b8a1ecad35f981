// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/durableobjects/sqlstatements.h"

#include <sqlite3.h>

#include <utility>

namespace cleat::bindings::durableobjects {

using d1::Rules;

namespace {

constexpr std::size_t most = 64; ///< an open object has its own
constexpr std::size_t longest = 8192; ///< a longer text is hardly ever the same twice

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t\n\r\f");
    return begin == text.npos ? std::string_view() : text.substr(begin);
}

} // namespace

void SqlStatements::clear()
{
    m_index.clear();
    m_items.clear();
}

SqlStatements::Found SqlStatements::find(std::string_view sql)
{
    const auto known = m_index.find(sql);
    if (known != m_index.end()) {
        m_items.splice(m_items.begin(), m_items, known->second);
        if (known->second->statement.use_count() == 1)
            return {.statement = known->second->statement, .rest = {}};
    }
    Found found;
    sqlite3_stmt *raw = nullptr;
    const char *tail = nullptr;
    m_rules.begin(Rules::Text::User);
    const auto prepare = [&] { return sqlite3_prepare_v3(m_db, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, &tail); };
    found.failure = prepare();
    if ((found.failure & 0xFF) == SQLITE_SCHEMA) {
        // After a rollback the schema is not at hand, and what fails before it is needed is told as a change of the schema.
        m_rules.begin(Rules::Text::Own);
        sqlite3_exec(m_db, "SELECT 1 FROM sqlite_schema LIMIT 1", nullptr, nullptr, nullptr);
        m_rules.begin(Rules::Text::User);
        found.failure = prepare();
    }
    const Rules::Seen seen = m_rules.seen();
    if (found.failure != SQLITE_OK) {
        found.transactionRefused = seen.transaction;
        found.wantsTransaction = seen.settings && sqlite3_get_autocommit(m_db) != 0;
        return found;
    }
    if (!raw)
        return found;
    found.rest = trimmed(sql.substr(static_cast<std::size_t>(tail - sql.data())));
    found.statement = std::make_shared<SqlStatement>();
    found.statement->statement.reset(raw);
    found.statement->readOnly = sqlite3_stmt_readonly(raw) != 0 && !seen.settings;
    found.statement->renames = seen.renames;
    if (!seen.settings) {
        m_rules.begin(Rules::Text::Own);
        found.statement->cost = d1::Cost(m_db, raw);
        m_rules.begin(Rules::Text::User);
    }
    // A setting is made when it is prepared, so it has to be prepared each time. What a schema change needs is not asked for again and again.
    const bool kept = seen.rows && !seen.other && found.rest.empty() && sql.size() <= longest && known == m_index.end();
    if (!kept)
        return found;
    if (m_items.size() >= most) {
        m_index.erase(m_items.back().sql);
        m_items.pop_back();
    }
    m_items.push_front({std::string(sql), found.statement});
    m_index.emplace(m_items.front().sql, m_items.begin());
    return found;
}

} // namespace cleat::bindings::durableobjects
