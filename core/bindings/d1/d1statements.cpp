// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/d1/d1statements.h"

#include <sqlite3.h>

#include <utility>

namespace cleat::bindings::d1 {

namespace {

constexpr std::size_t most = 256;
constexpr std::size_t longest = 8192; ///< a longer text is hardly ever the same twice

std::string_view trimmed(std::string_view text)
{
    const std::size_t begin = text.find_first_not_of(" \t\n\r\f");
    return begin == text.npos ? std::string_view() : text.substr(begin);
}

} // namespace

void Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

void Statements::clear()
{
    m_index.clear();
    m_items.clear();
    m_once = {};
}

Statements::Found Statements::find(std::string_view sql)
{
    if (const auto known = m_index.find(sql); known != m_index.end()) {
        m_items.splice(m_items.begin(), m_items, known->second);
        return {.prepared = &known->second->prepared, .rest = {}};
    }
    Found found;
    sqlite3_stmt *raw = nullptr;
    const char *tail = nullptr;
    m_once = {};
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
    Prepared prepared;
    prepared.statement.reset(raw);
    prepared.alone = seen.rows && !seen.other;
    prepared.readOnly = sqlite3_stmt_readonly(raw) != 0;
    prepared.renames = seen.renames;
    // A setting is made when it is prepared, so it has to be prepared each time. What a schema change needs is not asked for again and again.
    const bool kept = prepared.alone && found.rest.empty() && sql.size() <= longest;
    if (!seen.settings) {
        m_rules.begin(Rules::Text::Own);
        prepared.cost = Cost(m_db, raw);
        m_rules.begin(Rules::Text::User);
    }
    if (!kept) {
        m_once = std::move(prepared);
        found.prepared = &m_once;
        return found;
    }
    if (m_items.size() >= most) {
        m_index.erase(m_items.back().sql);
        m_items.pop_back();
    }
    m_items.push_front({std::string(sql), std::move(prepared)});
    m_index.emplace(m_items.front().sql, m_items.begin());
    found.prepared = &m_items.front().prepared;
    return found;
}

} // namespace cleat::bindings::d1
