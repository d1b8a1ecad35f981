// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cleat::data {

/// A stretch of keys in UTF-8 byte order.
struct KeyRange {
    std::string from; ///< inclusive
    std::optional<std::string> end; ///< exclusive; nullopt: to the last key
    bool operator==(const KeyRange &) const = default;
};

/// The keys that begin with `prefix`. Any thread; so all below.
KeyRange rangeOf(const std::string &prefix);

/// The first text, in byte order, behind all that begin with `prefix`; nullopt when there is none.
std::optional<std::string> endOfPrefix(std::string prefix);

/// The first text, in byte order, after this one.
std::string justAfter(std::string_view key);

/// A text that is looked for in others, ASCII letters of either case. An empty one is in all.
class Needle final
{
public:
    explicit Needle(std::string_view text);
    bool empty() const { return m_lower.empty(); }
    bool isIn(std::string_view text) const;

private:
    std::string m_lower;
    char m_upperFirst = 0;
};

} // namespace cleat::data
