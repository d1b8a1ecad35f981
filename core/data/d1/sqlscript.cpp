// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/sqlscript.h"

#include "core/data/d1/scriptcutter.h"

#include <algorithm>
#include <optional>

namespace cleat::data::d1 {

namespace {

/// The words of a statement outside of brackets, quotes and comments, in upper case.
class Words final
{
public:
    explicit Words(std::string_view text) : m_text(text) {}

    std::optional<std::string> next()
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '-' && m_text.substr(m_at).starts_with("--")) {
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            } else if (c == '/' && m_text.substr(m_at).starts_with("/*")) {
                const std::size_t end = m_text.find("*/", m_at + 2);
                m_at = end == m_text.npos ? m_text.size() : end + 2;
            } else if (c == '\'' || c == '"' || c == '`' || c == '[') {
                const std::size_t end = m_text.find(c == '[' ? ']' : c, m_at + 1);
                m_at = end == m_text.npos ? m_text.size() : end + 1;
            } else if (isLetter(c)) {
                std::string word;
                for (; m_at < m_text.size() && (isLetter(m_text[m_at]) || (m_text[m_at] >= '0' && m_text[m_at] <= '9')); ++m_at)
                    word += m_text[m_at] >= 'a' && m_text[m_at] <= 'z' ? static_cast<char>(m_text[m_at] - 32) : m_text[m_at];
                if (m_depth == 0)
                    return word;
            } else {
                m_depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                ++m_at;
            }
        }
        return std::nullopt;
    }
    bool has(std::string_view word)
    {
        while (auto found = next()) {
            if (*found == word)
                return true;
        }
        return false;
    }

private:
    static bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_depth = 0;
};

} // namespace

std::vector<ScriptStatement> splitScript(std::string_view text)
{
    std::vector<ScriptStatement> statements;
    const auto found = [&](std::size_t begin, std::size_t length) { statements.push_back({begin, length}); };
    ScriptCutter cutter;
    cutter.feed(text, found);
    cutter.finish(found);
    return statements;
}

Effect effectOf(std::string_view statement)
{
    Words words(statement);
    auto word = words.next();
    if (word == "WITH") {
        // What it is for stands behind the last of its queries, each of which is in brackets.
        do
            word = words.next();
        while (word && *word != "SELECT" && *word != "VALUES" && *word != "INSERT" && *word != "REPLACE" && *word != "UPDATE" && *word != "DELETE");
    }
    if (!word || *word == "SELECT" || *word == "VALUES" || *word == "EXPLAIN")
        return Effect::Reads;
    if (*word == "DELETE" || *word == "UPDATE")
        return words.has("WHERE") ? Effect::Writes : Effect::DeletesAll;
    if (*word == "DROP")
        return Effect::Drops;
    if (*word == "ALTER")
        return words.has("DROP") ? Effect::Drops : Effect::Writes;
    if (*word == "PRAGMA") {
        const auto name = words.next();
        return name == "OPTIMIZE" ? Effect::Writes : Effect::Reads;
    }
    return Effect::Writes;
}

TextPlace placeOf(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, std::min(offset, text.size()));
    const std::size_t line = before.rfind('\n');
    return {static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(before.size() - (line == before.npos ? 0 : line + 1)) + 1};
}

} // namespace cleat::data::d1
