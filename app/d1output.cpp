// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/d1output.h"

#include "app/printable.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace cleat::app {

using data::d1::Blob;
using data::d1::StatementResult;
using data::d1::Value;

namespace {

/// As JavaScript writes it.
std::string numberText(double value)
{
    if (!std::isfinite(value))
        return "null";
    if (value == 0)
        return "0";
    char text[64];
    const std::string shortest(text, std::to_chars(text, text + sizeof text, std::abs(value), std::chars_format::scientific).ptr);
    const std::size_t e = shortest.find('e');
    const int exponent = std::stoi(shortest.substr(e + 1));
    std::string digits = shortest.substr(0, 1) + (e > 2 ? shortest.substr(2, e - 2) : std::string());
    const int count = static_cast<int>(digits.size());
    std::string out;
    if (exponent >= 21 || exponent < -6) {
        out = digits.substr(0, 1) + (count > 1 ? "." + digits.substr(1) : "") + 'e' + (exponent < 0 ? "-" : "+") + std::to_string(std::abs(exponent));
    } else if (exponent < 0) {
        out = "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    } else if (count <= exponent + 1) {
        out = digits + std::string(static_cast<std::size_t>(exponent + 1 - count), '0');
    } else {
        out = digits.substr(0, static_cast<std::size_t>(exponent) + 1) + "." + digits.substr(static_cast<std::size_t>(exponent) + 1);
    }
    return value < 0 ? '-' + out : out;
}

std::string bytesText(const Blob &blob)
{
    std::string out = "[";
    for (const char c : blob.bytes)
        out += (out.size() > 1 ? ", " : "") + std::to_string(static_cast<unsigned char>(c));
    return out + ']';
}

std::string jsonValue(const Value &value)
{
    if (const auto *integer = std::get_if<std::int64_t>(&value))
        return numberText(static_cast<double>(*integer));
    if (const auto *real = std::get_if<double>(&value))
        return numberText(*real);
    if (const auto *text = std::get_if<std::string>(&value))
        return jsonText(*text);
    if (const auto *blob = std::get_if<Blob>(&value))
        return jsonText(bytesText(*blob));
    return "null";
}

std::size_t widthOf(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80; }));
}

} // namespace

std::string jsonText(const std::string &text)
{
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                constexpr std::string_view digits = "0123456789abcdef";
                out += "\\u00";
                out += digits[static_cast<unsigned char>(c) >> 4U];
                out += digits[static_cast<unsigned char>(c) & 15U];
            } else {
                out += c;
            }
        }
    }
    return out + '"';
}

std::string jsonOf(const std::vector<StatementResult> &results)
{
    std::string out = "[\n";
    for (const StatementResult &result : results) {
        out += "  {\n    \"results\": [";
        for (std::size_t r = 0; r < result.rows.size(); ++r) {
            out += r > 0 ? ",\n      {" : "\n      {";
            bool first = true;
            for (std::size_t c = 0; c < result.columns.size(); ++c) {
                // Of columns with one name the first has the place and the last the value.
                const auto begin = result.columns.begin();
                if (std::find(begin, begin + static_cast<std::ptrdiff_t>(c), result.columns[c]) != begin + static_cast<std::ptrdiff_t>(c))
                    continue;
                std::size_t last = c;
                for (std::size_t k = c; k < result.columns.size(); ++k)
                    last = result.columns[k] == result.columns[c] ? k : last;
                out += (first ? "\n        " : ",\n        ") + jsonText(result.columns[c]) + ": " + jsonValue(result.rows[r][last]);
                first = false;
            }
            out += first ? "}" : "\n      }";
        }
        out += (result.rows.empty() ? "],\n" : "\n    ],\n");
        out += "    \"success\": true,\n    \"meta\": {\n      \"duration\": " + std::to_string(result.durationUs / 1000) + "\n    }\n  }";
        out += &result == &results.back() ? "\n" : ",\n";
    }
    return out + "]\n";
}

std::string shown(const Value &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return *text;
    if (const auto *blob = std::get_if<Blob>(&value))
        return bytesText(*blob);
    return jsonValue(value);
}

std::string tableOf(const std::vector<std::string> &columns, const std::vector<std::vector<std::string>> &rows)
{
    std::vector<std::vector<std::string>> cells{columns};
    cells.insert(cells.end(), rows.begin(), rows.end());
    std::vector<std::size_t> widths(columns.size(), 0);
    for (auto &row : cells) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            std::ranges::replace(row[i], '\n', '\r'); // a line feed would break the frame; printable() shows the other
            std::ranges::replace(row[i], '\t', ' ');
            row[i] = printable(row[i]);
            widths[i] = std::max(widths[i], widthOf(row[i]));
        }
    }
    const auto rule = [&](const char *left, const char *middle, const char *right) {
        std::string line = left;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            for (std::size_t k = 0; k < widths[i] + 2; ++k)
                line += "─";
            line += i + 1 < widths.size() ? middle : right;
        }
        return line + '\n';
    };
    std::string out = rule("┌", "┬", "┐");
    for (std::size_t r = 0; r < cells.size(); ++r) {
        if (r > 0)
            out += rule("├", "┼", "┤");
        out += "│";
        for (std::size_t i = 0; i < widths.size(); ++i)
            out += ' ' + cells[r][i] + std::string(widths[i] - widthOf(cells[r][i]), ' ') + " │";
        out += '\n';
    }
    return out + rule("└", "┴", "┘");
}

} // namespace cleat::app
