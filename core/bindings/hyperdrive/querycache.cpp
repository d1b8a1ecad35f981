// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/hyperdrive/querycache.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace cleat::bindings::hyperdrive {

namespace {

/// What writes, locks, or belongs to a session.
constexpr std::array<std::string_view, 21> refusedWords{"insert", "update", "delete", "merge", "upsert", "into", "create", "alter", "drop", "truncate", "grant", "revoke", "call", "do", "copy", "lock",
    "listen", "notify", "set", "share", "execute"};

/// Functions that PostgreSQL calls volatile or stable; those that begin with pg_ come besides.
constexpr std::array<std::string_view, 45> refusedFunctions{"now", "current_timestamp", "current_date", "current_time", "localtime", "localtimestamp", "transaction_timestamp", "statement_timestamp",
    "clock_timestamp", "timeofday", "age", "random", "random_normal", "setseed", "gen_random_uuid", "gen_random_bytes", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4", "uuidv4", "uuidv7",
    "nextval", "currval", "lastval", "setval", "txid_current", "txid_current_snapshot", "txid_status", "current_user", "session_user", "current_role", "current_catalog", "current_schema",
    "current_schemas", "current_database", "current_query", "current_setting", "set_config", "inet_client_addr", "inet_server_addr", "has_table_privilege", "dblink", "dblink_exec", "query_to_xml",
    "lo_get"};

bool isWordPart(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

/// Behind white space, comments and brackets at the beginning.
std::string_view beginning(std::string_view sql)
{
    for (;;) {
        const std::size_t first = sql.find_first_not_of(" \t\r\n\f\v(");
        if (first == std::string_view::npos)
            return {};
        sql.remove_prefix(first);
        std::size_t end = std::string_view::npos;
        if (sql.starts_with("--"))
            end = sql.find('\n');
        else if (sql.starts_with("/*"))
            end = sql.find("*/");
        else
            return sql;
        if (end == std::string_view::npos)
            return {};
        sql.remove_prefix(end + (sql.starts_with("--") ? 1 : 2));
    }
}

std::string lower(std::string_view text)
{
    std::string made(text);
    std::ranges::transform(made, made.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return made;
}

} // namespace

bool isCacheable(std::string_view sql)
{
    const std::string text = lower(beginning(sql));
    std::string_view rest = text;
    if (!rest.starts_with("select") && !rest.starts_with("with"))
        return false;
    // One statement alone: what follows may do anything.
    const std::size_t semicolon = rest.find(';');
    if (semicolon != std::string_view::npos && rest.find_first_not_of(" \t\r\n;", semicolon) != std::string_view::npos)
        return false;
    for (std::size_t i = 0; i < rest.size();) {
        if (!isWordPart(rest[i])) {
            ++i;
            continue;
        }
        const std::size_t begin = i;
        while (i < rest.size() && isWordPart(rest[i]))
            ++i;
        const std::string_view word = rest.substr(begin, i - begin);
        if (word.starts_with("pg_") || std::ranges::find(refusedWords, word) != refusedWords.end() || std::ranges::find(refusedFunctions, word) != refusedFunctions.end())
            return false;
    }
    return true;
}

bool changesSession(std::string_view sql)
{
    static constexpr std::array<std::string_view, 10> words{"set", "reset", "discard", "load", "create", "declare", "prepare", "deallocate", "do", "call"};
    const std::string text = lower(sql);
    if (text.find("set_config") != std::string::npos)
        return true;
    // A semicolon in a string or a comment only makes it more careful.
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(';', begin), text.size());
        const std::string_view statement = beginning(std::string_view(text).substr(begin, end - begin));
        const auto word = statement.substr(0, static_cast<std::size_t>(std::ranges::find_if_not(statement, isWordPart) - statement.begin()));
        if (std::ranges::find(words, word) != words.end())
            return true;
        begin = end + 1;
    }
    return false;
}

const std::string *QueryCache::find(const std::string &question, std::int64_t nowMs)
{
    const auto found = m_places.find(question);
    if (found == m_places.end())
        return nullptr;
    if (nowMs - found->second->keptMs > m_maxAgeMs + m_staleMs) {
        drop(found->second);
        return nullptr;
    }
    m_entries.splice(m_entries.begin(), m_entries, found->second);
    return &found->second->answer;
}

bool QueryCache::claim(const std::string &question, std::int64_t nowMs)
{
    const auto found = m_places.find(question);
    if (found == m_places.end() || found->second->isClaimed || nowMs - found->second->keptMs <= m_maxAgeMs)
        return false;
    found->second->isClaimed = true;
    return true;
}

void QueryCache::release(const std::string &question)
{
    if (const auto found = m_places.find(question); found != m_places.end())
        found->second->isClaimed = false;
}

void QueryCache::forget(const std::string &question)
{
    if (const auto found = m_places.find(question); found != m_places.end())
        drop(found->second);
}

void QueryCache::keep(std::string question, std::string answer, std::int64_t nowMs)
{
    if (answer.size() > longest) {
        forget(question);
        return;
    }
    if (const auto found = m_places.find(question); found != m_places.end())
        drop(found->second);
    m_bytes += question.size() + answer.size();
    m_entries.push_front({std::move(question), std::move(answer), nowMs, false});
    m_places.emplace(m_entries.front().question, m_entries.begin());
    while (m_bytes > mostBytes)
        drop(std::prev(m_entries.end()));
}

void QueryCache::drop(std::list<Entry>::iterator entry)
{
    m_bytes -= entry->question.size() + entry->answer.size();
    m_places.erase(entry->question);
    m_entries.erase(entry);
}

} // namespace cleat::bindings::hyperdrive
