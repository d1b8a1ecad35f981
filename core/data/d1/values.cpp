// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/values.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

namespace cleat::data::d1 {

namespace {

std::string hex(std::string_view bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

std::string realLiteral(double value)
{
    if (std::isnan(value))
        return "NULL"; // as SQLite stores it
    if (std::isinf(value))
        return value > 0 ? "9.0e+999" : "-9.0e+999";
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    std::string out(text, end);
    if (out.find_first_of(".e") == out.npos)
        out += ".0";
    else if (const std::size_t e = out.find('e'); e != out.npos && out.find('.') == out.npos)
        out.insert(e, ".0");
    return out;
}

std::string textLiteral(const std::string &text)
{
    // SQL text ends at a NUL.
    if (text.find('\0') != text.npos)
        return "CAST(x'" + hex(text) + "' AS TEXT)";
    std::string out = "'";
    out.reserve(text.size() + 2);
    for (const char c : text) {
        out += c;
        if (c == '\'')
            out += c;
    }
    return out + '\'';
}

} // namespace

std::string literal(const Value &value)
{
    if (const auto *integer = std::get_if<std::int64_t>(&value)) {
        // The digits of the lowest integer alone are a REAL.
        if (*integer == std::numeric_limits<std::int64_t>::min())
            return "(-9223372036854775807 - 1)";
        return std::to_string(*integer);
    }
    if (const auto *real = std::get_if<double>(&value))
        return realLiteral(*real);
    if (const auto *text = std::get_if<std::string>(&value))
        return textLiteral(*text);
    if (const auto *blob = std::get_if<Blob>(&value))
        return "x'" + hex(blob->bytes) + '\'';
    return "NULL";
}

std::string quoted(const std::string &name)
{
    std::string out = "\"";
    for (const char c : name) {
        out += c;
        if (c == '"')
            out += c;
    }
    return out + '"';
}

} // namespace cleat::data::d1
