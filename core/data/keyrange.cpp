// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/keyrange.h"

#include <algorithm>
#include <cstring>

namespace cleat::data {

namespace {

constexpr char lowered(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

constexpr char raised(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
}

const char *findByte(std::string_view text, char c)
{
    return static_cast<const char *>(std::memchr(text.data(), c, text.size()));
}

} // namespace

KeyRange rangeOf(const std::string &prefix)
{
    return {prefix, endOfPrefix(prefix)};
}

std::optional<std::string> endOfPrefix(std::string prefix)
{
    while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF)
        prefix.pop_back();
    if (prefix.empty())
        return std::nullopt;
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    return prefix;
}

std::string justAfter(std::string_view key)
{
    return std::string(key) + '\0';
}

Needle::Needle(std::string_view text) : m_lower(text)
{
    std::ranges::transform(m_lower, m_lower.begin(), lowered);
    if (!m_lower.empty())
        m_upperFirst = raised(m_lower.front());
}

bool Needle::isIn(std::string_view text) const
{
    if (m_lower.empty())
        return true;
    while (text.size() >= m_lower.size()) {
        const std::string_view starts = text.substr(0, text.size() - m_lower.size() + 1);
        const char *at = findByte(starts, m_lower.front());
        if (m_upperFirst != m_lower.front()) {
            if (const char *upper = findByte(at ? starts.substr(0, static_cast<std::size_t>(at - starts.data())) : starts, m_upperFirst))
                at = upper;
        }
        if (!at)
            return false;
        text.remove_prefix(static_cast<std::size_t>(at - text.data()));
        if (std::ranges::equal(text.substr(0, m_lower.size()), m_lower, [](char a, char b) { return lowered(a) == b; }))
            return true;
        text.remove_prefix(1);
    }
    return false;
}

} // namespace cleat::data
