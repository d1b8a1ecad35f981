// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <string>
#include <string_view>

namespace cleat::config {

inline std::string shown(std::string_view text)
{
    return std::string(text);
}
inline std::string shown(char c)
{
    return std::string(1, c);
}
template <std::integral T>
std::string shown(T number)
{
    return std::to_string(number);
}

/// `pattern` with each {} replaced by the next argument. The oldest compiler that builds Cleat has no <format>.
template <typename... Args>
std::string fill(std::string_view pattern, const Args &...args)
{
    const std::string values[] = {shown(args)...};
    std::string out;
    for (const std::string &value : values) {
        const std::size_t hole = pattern.find("{}");
        if (hole == std::string_view::npos)
            break;
        out += pattern.substr(0, hole);
        out += value;
        pattern.remove_prefix(hole + 2);
    }
    out += pattern;
    return out;
}

/// With a capital first letter.
inline std::string sentenceStart(std::string_view text)
{
    std::string out(text);
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z')
        out[0] = char(out[0] - 'a' + 'A');
    return out;
}

/// Upper-case hexadecimal of `digits` digits.
inline std::string hex(unsigned number, int digits)
{
    std::string out;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        out += "0123456789ABCDEF"[(number >> shift) & 0xF];
    return out;
}

} // namespace cleat::config
