// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/headscan.h"

#include <algorithm>
#include <array>

namespace cleat::server {

namespace {

constexpr std::array<bool, 256> tokenTable = [] {
    std::array<bool, 256> table{};
    for (int c = '0'; c <= '9'; ++c)
        table[static_cast<std::size_t>(c)] = true;
    for (int c = 'a'; c <= 'z'; ++c)
        table[static_cast<std::size_t>(c)] = table[static_cast<std::size_t>(c - 'a' + 'A')] = true;
    for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}();

} // namespace

bool isTokenByte(unsigned char c)
{
    return tokenTable[c];
}

bool equalsLower(std::string_view text, std::string_view lower)
{
    return text.size() == lower.size() && std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

HeadScanner::HeadScanner(const Limits &limits) : m_limits(limits) {}

void HeadScanner::reset()
{
    m_at = m_lineStart = m_lines = m_targetBytes = 0;
    m_spaces = 0;
}

HeadScanner::Result HeadScanner::bad(int status, std::string text)
{
    m_refusal = {status, std::move(text)};
    return Result::Bad;
}

bool HeadScanner::requestLineByte(unsigned char c)
{
    if (c == ' ')
        ++m_spaces;
    else if (m_spaces == 1 && ++m_targetBytes > m_limits.targetBytes)
        return false;
    return true;
}

HeadScanner::Result HeadScanner::scan(std::string_view data)
{
    const std::size_t end = std::min(data.size(), m_limits.headBytes);
    while (m_at < end) {
        const auto c = static_cast<unsigned char>(data[m_at]);
        if (c >= 0x20 && c != 0x7F) {
            if (m_at == m_lineStart && m_lines != 0 && c == ' ')
                return bad(400, "A field line begins with white space (obsolete line folding)");
            if (m_lines == 0 && !requestLineByte(c))
                return bad(414, "The request target is longer than the limit of " + std::to_string(m_limits.targetBytes) + " bytes (targetBytes)");
            ++m_at;
            continue;
        }
        if (c == '\r') {
            if (m_at + 1 >= end)
                break;
            if (data[m_at + 1] != '\n')
                return bad(400, "A carriage return without a line feed in the request head");
            const bool emptyLine = m_at == m_lineStart;
            m_at += 2;
            m_lineStart = m_at;
            if (emptyLine)
                return Result::Complete;
            if (m_lines++ > m_limits.fields)
                return bad(431, "The request has more than " + std::to_string(m_limits.fields) + " header fields (fields)");
            continue;
        }
        if (c == '\t' && m_at != m_lineStart && m_lines != 0) {
            ++m_at;
            continue;
        }
        if (c == '\t' && m_lines != 0)
            return bad(400, "A field line begins with white space (obsolete line folding)");
        if (c == '\n')
            return bad(400, "A line feed without a carriage return in the request head");
        if (m_at == 0 && c == 0x16)
            return bad(400, "This looks like the start of a TLS connection, but this port speaks plain http");
        return bad(400, "A control character in the request head");
    }
    if (m_at + 1 >= m_limits.headBytes && data.size() >= m_limits.headBytes)
        return bad(431, "The request head is larger than the limit of " + std::to_string(m_limits.headBytes) + " bytes (headBytes)");
    return Result::More;
}

} // namespace cleat::server
