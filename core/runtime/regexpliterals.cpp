// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/regexpliterals.h"

#include <algorithm>
#include <cstddef>
#include <set>

namespace cleat::runtime {

namespace {

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

/// The byte at a column of a line that begins at `from`.
std::size_t offsetOf(std::string_view code, std::size_t from, int column)
{
    std::size_t at = from;
    for (int units = 0; units < column && at < code.size() && code[at] != '\n'; ++units) {
        const auto lead = static_cast<unsigned char>(code[at]);
        const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        units += bytes == 4 ? 1 : 0;
        at += bytes;
    }
    return at;
}

/// Where the pattern ends that begins behind a slash; npos when it does not.
std::size_t endOfPattern(std::string_view code, std::size_t from)
{
    bool isClass = false;
    for (std::size_t at = from; at < code.size() && code[at] != '\n' && code[at] != '\r'; ++at) {
        if (code[at] == '\\')
            ++at;
        else if (code[at] == '[')
            isClass = true;
        else if (code[at] == ']')
            isClass = false;
        else if (code[at] == '/' && !isClass)
            return at;
    }
    return std::string_view::npos;
}

/// Modifiers, or two groups of one name.
bool isNewer(std::string_view pattern)
{
    std::set<std::string_view> names;
    for (std::size_t at = pattern.find("(?"); at != std::string_view::npos; at = pattern.find("(?", at + 2)) {
        const std::string_view rest = pattern.substr(at + 2);
        const std::size_t modifiers = rest.find_first_not_of("ims-");
        if (modifiers != std::string_view::npos && modifiers > 0 && rest[modifiers] == ':')
            return true;
        const std::size_t end = rest.find('>');
        if (rest.size() > 2 && rest[0] == '<' && rest[1] != '=' && rest[1] != '!' && end != std::string_view::npos
            && !names.insert(rest.substr(1, end - 1)).second)
            return true;
    }
    return false;
}

std::string quoted(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result += '"';
}

} // namespace

RegExpLiterals::RegExpLiterals(std::string_view code) : m_code(code), m_name("__regexp")
{
    while (m_code.find(m_name) != std::string::npos)
        m_name += '_';
}

std::optional<std::string> RegExpLiterals::replace(int line, int column)
{
    std::size_t begin = 0;
    for (int i = 1; i < line; ++i) {
        begin = m_code.find('\n', begin);
        if (begin == std::string::npos)
            return std::nullopt;
        ++begin;
    }
    begin = offsetOf(m_code, begin, column);
    if (begin >= m_code.size() || m_code[begin] != '/')
        return std::nullopt;
    const std::size_t end = endOfPattern(m_code, begin + 1);
    if (end == std::string::npos)
        return std::nullopt;
    std::size_t behind = end + 1;
    while (behind < m_code.size() && isNameCharacter(m_code[behind]))
        ++behind;
    const std::string_view all = m_code;
    const std::string_view pattern = all.substr(begin + 1, end - begin - 1);
    const std::string_view flags = all.substr(end + 1, behind - end - 1);
    if (flags.find('v') == std::string_view::npos && !isNewer(pattern))
        return std::nullopt;
    m_code.replace(begin, behind - begin, " " + m_name + "(" + quoted(pattern) + "," + quoted(flags) + ")");
    if (!m_isImported)
        m_code += "\nimport { regexp as " + m_name + " } from \"cloudflare-internal:regexp\";\n"; // at the end, so that lines stay where they are
    m_isImported = true;
    return m_code;
}

} // namespace cleat::runtime
