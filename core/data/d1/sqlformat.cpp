// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/sqlformat.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace cleat::data::d1 {

namespace {

using Kind = SqlToken::Kind;

constexpr std::size_t wide = 72; ///< what is shorter in parentheses stays on one line

bool isWordStart(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isWordPart(char c)
{
    return isWordStart(c) || isDigit(c) || c == '$';
}

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

std::string upper(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return result;
}

template <typename Fits>
std::size_t whileFits(std::string_view text, std::size_t from, Fits fits)
{
    while (from < text.size() && fits(text[from]))
        ++from;
    return from;
}

std::size_t quotedEnd(std::string_view text, std::size_t from, char quote)
{
    for (std::size_t i = from + 1; i < text.size(); ++i) {
        if (text[i] != quote)
            continue;
        if (quote != ']' && i + 1 < text.size() && text[i + 1] == quote)
            ++i;
        else
            return i + 1;
    }
    return text.size();
}

SqlToken tokenAt(std::string_view text, std::size_t at)
{
    const auto token = [text, at](Kind kind, std::size_t end) { return SqlToken{kind, text.substr(at, end - at)}; };
    const char c = text[at];
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("--"))
        return token(Kind::Comment, std::min(text.find('\n', at), text.size()));
    if (rest.starts_with("/*")) {
        const std::size_t end = text.find("*/", at + 2);
        return token(Kind::Comment, end == std::string_view::npos ? text.size() : end + 2);
    }
    if (c == '\'')
        return token(Kind::Text, quotedEnd(text, at, c));
    if ((c == 'x' || c == 'X') && rest.size() > 1 && rest[1] == '\'')
        return token(Kind::Text, quotedEnd(text, at + 1, '\''));
    if (c == '"' || c == '`')
        return token(Kind::Name, quotedEnd(text, at, c));
    if (c == '[')
        return token(Kind::Name, quotedEnd(text, at, ']'));
    if (isWordStart(c))
        return token(Kind::Word, whileFits(text, at, isWordPart));
    if (isDigit(c) || (c == '.' && rest.size() > 1 && isDigit(rest[1]))) {
        std::size_t end = at;
        while (end < text.size()
            && (isWordPart(text[end]) || text[end] == '.' || ((text[end] == '+' || text[end] == '-') && (text[end - 1] == 'e' || text[end - 1] == 'E') && !rest.starts_with("0x"))))
            ++end;
        return token(Kind::Number, end);
    }
    if (c == '?')
        return token(Kind::Parameter, whileFits(text, at + 1, isDigit));
    if ((c == ':' || c == '@' || c == '$') && rest.size() > 1 && isWordPart(rest[1]))
        return token(Kind::Parameter, whileFits(text, at + 1, isWordPart));
    static constexpr std::array<std::string_view, 9> signs = {"->>", "->", "||", "<=", ">=", "<>", "!=", "==", "<<"};
    for (const std::string_view sign : signs) {
        if (rest.starts_with(sign))
            return token(Kind::Sign, at + sign.size());
    }
    return token(Kind::Sign, at + (rest.starts_with(">>") ? 2 : 1));
}

/// Words that begin a line of their own.
bool beginsClause(std::string_view word)
{
    static constexpr std::array<std::string_view, 17> words = {"SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "VALUES", "SET", "UNION", "INTERSECT", "EXCEPT",
        "RETURNING", "WINDOW", "INSERT", "UPDATE", "DELETE"};
    return std::ranges::find(words, word) != words.end();
}

bool joins(std::string_view word)
{
    static constexpr std::array<std::string_view, 8> words = {"JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "OUTER"};
    return std::ranges::find(words, word) != words.end();
}

class Layout final
{
public:
    explicit Layout(const std::vector<SqlToken> &tokens) : m_tokens(tokens) {}
    std::string run();

private:
    struct Level {
        enum class Kind : std::uint8_t { Flat, Query, List };
        Kind kind = Kind::Query;
        std::size_t indent = 0;
    };
    std::size_t closing(std::size_t open) const;
    Level::Kind kindOf(std::size_t open) const;
    void breakLine(std::size_t indent);
    void put(std::string_view text, bool tight);
    bool isTight(std::size_t i) const;
    bool beginsLine(std::size_t i, const std::string &word) const;

    const std::vector<SqlToken> &m_tokens;
    std::vector<Level> m_levels{Level{}};
    std::string m_out;
    std::size_t m_solid = 0; ///< of m_out, without the white space that has been put behind the last token
    bool m_between = false; ///< the AND to come belongs to a BETWEEN
};

std::size_t Layout::closing(std::size_t open) const
{
    std::size_t depth = 0;
    for (std::size_t i = open; i < m_tokens.size(); ++i) {
        if (m_tokens[i].kind != Kind::Sign)
            continue;
        if (m_tokens[i].text == "(")
            ++depth;
        else if (m_tokens[i].text == ")" && --depth == 0)
            return i;
    }
    return m_tokens.size();
}

Layout::Level::Kind Layout::kindOf(std::size_t open) const
{
    if (m_levels.size() > 32) // deeper than anybody reads
        return Level::Kind::Flat;
    const bool query = open + 1 < m_tokens.size() && (upper(m_tokens[open + 1].text) == "SELECT" || upper(m_tokens[open + 1].text) == "WITH");
    if (query)
        return Level::Kind::Query;
    std::size_t length = 0;
    bool comment = false;
    const std::size_t end = closing(open);
    for (std::size_t i = open; i < end && length <= wide; ++i) {
        length += m_tokens[i].text.size() + 1;
        comment = comment || m_tokens[i].text.starts_with("--");
    }
    const bool create = !m_tokens.empty() && upper(m_tokens[0].text) == "CREATE" && m_levels.size() == 1;
    return create || length > wide || comment ? Level::Kind::List : Level::Kind::Flat;
}

void Layout::breakLine(std::size_t indent)
{
    m_out.resize(m_solid);
    if (!m_out.empty())
        m_out += '\n';
    m_out.append(indent * 2, ' ');
}

void Layout::put(std::string_view text, bool tight)
{
    if (!tight && m_solid > 0 && m_out.size() == m_solid)
        m_out += ' ';
    m_out += text;
    m_solid = m_out.size();
}

bool Layout::isTight(std::size_t i) const
{
    const SqlToken &token = m_tokens[i];
    if (i == 0)
        return true;
    const SqlToken &before = m_tokens[i - 1];
    const auto isName = [](const SqlToken &one) { return one.kind == Kind::Word || one.kind == Kind::Name; };
    if (before.kind == Kind::Sign && before.text == "(")
        return true;
    if (before.kind == Kind::Sign && before.text == ".")
        return isName(token) || token.text == "*";
    if (token.kind == Kind::Sign && token.text == ".")
        return isName(before);
    if (token.kind == Kind::Sign && (token.text == "," || token.text == ")" || token.text == ";"))
        return true;
    if (token.kind == Kind::Sign && token.text == "(") // a function's
        return (before.kind == Kind::Word && !isSqlKeyword(before.text)) && !(i > 1 && (upper(m_tokens[i - 2].text) == "INTO" || upper(m_tokens[i - 2].text) == "TABLE"));
    // A sign of a number: "= -1", "(-1".
    if (token.kind != Kind::Sign && token.kind != Kind::Comment && before.kind == Kind::Sign && (before.text == "-" || before.text == "+") && i > 1) {
        const SqlToken &first = m_tokens[i - 2];
        return (first.kind == Kind::Sign && first.text != ")") || (first.kind == Kind::Word && isSqlKeyword(first.text));
    }
    return false;
}

bool Layout::beginsLine(std::size_t i, const std::string &word) const
{
    const std::string before = i > 0 ? upper(m_tokens[i - 1].text) : std::string();
    if (beginsClause(word)) {
        // "DO UPDATE SET", "ON DELETE", "FOR UPDATE", "DELETE FROM", "IS DISTINCT FROM", "AFTER INSERT" are of one piece.
        if (word == "UPDATE" || word == "DELETE" || word == "INSERT")
            return before != "DO" && before != "ON" && before != "BEFORE" && before != "AFTER" && before != "OF";
        if (word == "FROM")
            return before != "DELETE" && before != "DISTINCT";
        if (word == "SELECT" || word == "VALUES")
            return before != "ALL" || i < 2 || upper(m_tokens[i - 2].text) == "UNION";
        return word != "SET" || before != "ON";
    }
    if (joins(word))
        return !joins(before) && i + 1 < m_tokens.size() && m_tokens[i + 1].text != "(";
    return false;
}

std::string Layout::run()
{
    for (std::size_t i = 0; i < m_tokens.size(); ++i) {
        const SqlToken &token = m_tokens[i];
        const Level level = m_levels.back();
        const bool afterDot = i > 0 && m_tokens[i - 1].text == ".";
        const bool keyword = token.kind == Kind::Word && !afterDot && isSqlKeyword(token.text);
        const std::string word = keyword ? upper(token.text) : std::string(token.text);
        const bool lineComment = i > 0 && m_tokens[i - 1].text.starts_with("--");
        if (lineComment)
            breakLine(level.indent + 1);
        if (token.kind == Kind::Sign && token.text == "(") {
            const Level::Kind kind = kindOf(i);
            put("(", isTight(i));
            m_levels.push_back({kind, level.indent + (kind == Level::Kind::Flat ? 0 : 1)});
            if (kind != Level::Kind::Flat)
                breakLine(m_levels.back().indent);
            continue;
        }
        if (token.kind == Kind::Sign && token.text == ")" && m_levels.size() > 1) {
            m_levels.pop_back();
            if (level.kind != Level::Kind::Flat)
                breakLine(m_levels.back().indent);
            put(")", true);
            continue;
        }
        if (token.kind == Kind::Sign && token.text == ";") {
            put(";", true);
            m_levels.assign(1, Level{});
            if (i + 1 < m_tokens.size())
                breakLine(0);
            continue;
        }
        if (keyword && level.kind == Level::Kind::Query) {
            if (word == "BETWEEN")
                m_between = true;
            const bool logical = (word == "AND" && !m_between) || word == "OR";
            if (word == "AND")
                m_between = false;
            if (i > 0 && logical)
                breakLine(level.indent + 1);
            else if (i > 0 && beginsLine(i, word))
                breakLine(level.indent);
        }
        put(word, isTight(i));
        if (token.kind == Kind::Sign && token.text == "," && level.kind == Level::Kind::List)
            breakLine(level.indent);
    }
    m_out.resize(m_solid);
    return std::move(m_out);
}

} // namespace

std::vector<SqlToken> sqlTokens(std::string_view sql)
{
    std::vector<SqlToken> tokens;
    for (std::size_t at = 0; at < sql.size();) {
        if (isSpace(sql[at])) {
            ++at;
            continue;
        }
        tokens.push_back(tokenAt(sql, at));
        at += tokens.back().text.size();
    }
    return tokens;
}

bool isSqlKeyword(std::string_view word)
{
    static constexpr std::array<std::string_view, 93> words = {"ABORT", "ADD", "AFTER", "ALL", "ALTER", "AND", "AS", "ASC", "AUTOINCREMENT", "BEFORE", "BEGIN", "BETWEEN", "BY",
        "CASE", "CAST", "CHECK", "COLLATE", "COLUMN", "CONFLICT", "CONSTRAINT", "CREATE", "CROSS", "DEFAULT", "DELETE", "DESC", "DISTINCT", "DO", "DROP", "EACH", "ELSE", "END",
        "ESCAPE", "EXCEPT", "EXISTS", "EXPLAIN", "FILTER", "FOR", "FOREIGN", "FROM", "FULL", "GLOB", "GROUP", "HAVING", "IF", "IGNORE", "IN", "INDEX", "INNER", "INSERT", "INTERSECT",
        "INTO", "IS", "ISNULL", "JOIN", "KEY", "LEFT", "LIKE", "LIMIT", "NATURAL", "NOT", "NOTHING", "NOTNULL", "NULL", "OF", "OFFSET", "ON", "OR", "ORDER", "OUTER", "OVER",
        "PARTITION", "PLAN", "PRAGMA", "PRIMARY", "QUERY", "RECURSIVE", "REFERENCES", "RENAME", "RETURNING", "RIGHT", "ROW", "SELECT", "SET", "TABLE", "THEN", "TO", "TRIGGER",
        "UNION", "UNIQUE", "UPDATE", "USING", "VALUES", "VIEW"};
    static constexpr std::array<std::string_view, 6> more = {"VIRTUAL", "WHEN", "WHERE", "WINDOW", "WITH", "WITHOUT"};
    const std::string big = upper(word);
    return std::ranges::binary_search(words, std::string_view(big)) || std::ranges::binary_search(more, std::string_view(big));
}

std::string formatSql(std::string_view sql)
{
    const std::vector<SqlToken> tokens = sqlTokens(sql);
    return Layout(tokens).run();
}

} // namespace cleat::data::d1
