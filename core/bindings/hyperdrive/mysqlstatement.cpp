// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/hyperdrive/mysqlstatement.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <optional>
#include <string>

namespace cleat::bindings::hyperdrive {

namespace {

/// What writes, locks, belongs to a session, or does not want to be kept.
constexpr std::array<std::string_view, 21> refusedWords{"insert", "update", "delete", "into", "create", "alter", "drop", "truncate", "call", "do", "lock",
    "share", "set", "execute", "procedure", "sql_no_cache", "sql_calc_found_rows", "information_schema", "performance_schema", "mysql", "rownum"};

/// Functions that need no brackets.
constexpr std::array<std::string_view, 13> refusedNames{"current_date", "current_time", "current_timestamp", "current_user", "current_role", "localtime",
    "localtimestamp", "utc_date", "utc_time", "utc_timestamp", "sysdate", "next", "previous"};

constexpr std::array<std::string_view, 45> refusedFunctions{"now", "curdate", "curtime", "unix_timestamp", "rand", "random_bytes", "uuid", "uuid_short",
    "uuid_v4", "uuid_v7", "sys_guid", "last_insert_id", "lastval", "nextval", "currval", "setval", "found_rows", "row_count", "connection_id", "sleep",
    "benchmark", "get_lock", "release_lock", "release_all_locks", "is_free_lock", "is_used_lock", "user", "session_user", "system_user", "database", "schema",
    "load_file", "encrypt", "des_encrypt", "des_decrypt", "master_pos_wait", "source_pos_wait", "master_gtid_wait", "wait_for_executed_gtid_set",
    "wait_until_sql_thread_after_gtids", "mysql_query_attribute_string", "ps_thread_id", "ps_current_thread_id", "roles_graphml", "binlog_gtid_pos"};

/// What leaves a session as it is.
constexpr std::array<std::string_view, 34> harmless{"select", "with", "insert", "replace", "update", "delete", "show", "explain", "describe", "desc", "begin",
    "start", "commit", "rollback", "savepoint", "release", "values", "table", "analyze", "optimize", "check", "checksum", "repair", "truncate", "create",
    "drop", "alter", "rename", "grant", "revoke", "import", "help", "kill", "do"};

template <typename List>
bool isAmong(std::string_view word, const List &list)
{
    return std::ranges::find(list, word) != list.end();
}

bool isSpace(char c)
{
    return std::isspace(static_cast<unsigned char>(c)) != 0;
}

bool isWordPart(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

/// Walks over a text, word by word and sign by sign. Strings in single quotes are left out, and comments; where a backslash is, nothing is, because what it does to a quote depends on the session.
class Walk final
{
public:
    explicit Walk(std::string_view sql) : m_text(sql), m_isCertain(sql.find('\\') == std::string_view::npos)
    {
        std::ranges::transform(m_text, m_text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    }

    /// A word or one sign that is no space; empty at the end.
    std::string_view next()
    {
        for (;;) {
            if (m_at >= m_text.size())
                return {};
            const std::size_t begin = m_at;
            if (isWordPart(m_text[m_at])) {
                while (m_at < m_text.size() && isWordPart(m_text[m_at]))
                    ++m_at;
                return std::string_view(m_text).substr(begin, m_at - begin);
            }
            if ((m_isCertain || !m_sawQuote) && skipComment())
                continue;
            m_sawQuote = m_sawQuote || std::string_view("'\"`").find(m_text[m_at]) != std::string_view::npos;
            if (m_isCertain && m_quote == '\0' && m_text[m_at] == '\'') {
                const std::size_t end = m_text.find('\'', m_at + 1);
                m_isWhole = m_isWhole && end != std::string::npos;
                m_at = end == std::string::npos ? m_text.size() : end + 1;
                return std::string_view(m_text).substr(begin, 1);
            }
            // A quoted name or string may hold what looks like a comment or a string.
            if (m_isCertain && (m_text[m_at] == '"' || m_text[m_at] == '`') && m_quote == '\0') {
                m_quote = m_text[m_at];
                m_quoteEnd = m_text.find(m_quote, m_at + 1);
                m_isWhole = m_isWhole && m_quoteEnd != std::string::npos;
            }
            if (m_quote != '\0' && m_at == m_quoteEnd)
                m_quote = '\0';
            ++m_at;
            if (!isSpace(m_text[begin]))
                return std::string_view(m_text).substr(begin, 1);
        }
    }
    /// Whether brackets follow the word that was given last. A comment between them counts as one.
    bool isCalled() const
    {
        const std::size_t at = m_text.find_first_not_of(" \t\r\n\f\v\"`", m_at);
        return at != std::string::npos && std::string_view("(/#-").find(m_text[at]) != std::string_view::npos;
    }
    /// It ends within no string and no comment, and has no comment that is carried out.
    bool isWhole() const { return m_isWhole && m_text.find("/*!") == std::string::npos && m_text.find("/*m!") == std::string::npos; }
    bool isQuoted() const { return m_quote != '\0'; }

private:
    bool skipComment()
    {
        if (m_quote != '\0')
            return false;
        const std::string_view rest = std::string_view(m_text).substr(m_at);
        std::string_view end;
        if (rest.starts_with('#') || (rest.starts_with("--") && (rest.size() == 2 || static_cast<unsigned char>(rest[2]) <= ' ')))
            end = "\n";
        else if (rest.starts_with("/*"))
            end = "*/";
        else
            return false;
        const std::size_t found = rest.find(end, end == "\n" ? 0 : 2);
        m_isWhole = m_isWhole && (found != std::string_view::npos || end == "\n");
        m_at = found == std::string_view::npos ? m_text.size() : m_at + found + end.size();
        return true;
    }

    std::string m_text;
    const bool m_isCertain;
    bool m_isWhole = true;
    bool m_sawQuote = false;
    std::size_t m_at = 0;
    char m_quote = '\0'; ///< of the name that the walk is in
    std::size_t m_quoteEnd = 0;
};

} // namespace

bool isCacheableMySql(std::string_view sql)
{
    Walk walk(sql);
    std::optional<std::string_view> first;
    bool ended = false;
    for (std::string_view part = walk.next(); !part.empty(); part = walk.next()) {
        if (ended && part != ";") // what follows may do anything
            return false;
        if (part == "@" || (part == ";" && walk.isQuoted()))
            return false;
        ended = ended || part == ";";
        if (!isWordPart(part[0])) {
            if (!first && part != "(")
                return false;
            continue;
        }
        if (!first && part != "select" && part != "with")
            return false;
        first = part;
        if (isAmong(part, refusedWords) || isAmong(part, refusedNames) || (walk.isCalled() && isAmong(part, refusedFunctions)))
            return false;
    }
    return first && walk.isWhole();
}

bool changesMySqlSession(std::string_view sql, Statements statements)
{
    Walk walk(sql);
    std::string first;
    for (std::string_view part = walk.next(); !part.empty(); part = walk.next()) {
        if (part == ";" && statements == Statements::Several && !walk.isQuoted()) {
            first.clear();
            continue;
        }
        if (first.empty()) {
            if (part == "(")
                continue;
            first = part;
            if (!isAmong(part, harmless))
                return true;
            if (part == "begin") { // a block of statements, of MariaDB
                const std::string_view second = walk.next();
                if (second.empty())
                    break;
                if (second == ";")
                    first.clear();
                else if (second != "work")
                    return true;
            }
            continue;
        }
        if (part == "temporary")
            return true;
    }
    return !walk.isWhole();
}

bool asksAboutLast(std::string_view sql)
{
    static constexpr std::array<std::string_view, 8> words{
        "found_rows", "row_count", "warnings", "errors", "diagnostics", "warning_count", "error_count", "last_query_cost"};
    Walk walk(sql);
    for (std::string_view part = walk.next(); !part.empty(); part = walk.next()) {
        if (isAmong(part, words))
            return true;
    }
    return !walk.isWhole();
}

} // namespace cleat::bindings::hyperdrive
