// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace cleat::data::d1 {

struct Blob {
    std::string bytes;
    bool operator==(const Blob &) const = default;
};

/// A value as SQLite has it (not as D1 gives it to JavaScript).
using Value = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

/// How a value is spelt in SQL: NULL, 1, 1.0, 'it''s', x'00ff'.
std::string literal(const Value &value);
/// A name, always in double quotes.
std::string quoted(const std::string &name);
/// The same: std::quoted would fit a text that is not const better.
inline std::string quoted(std::string &name)
{
    return quoted(std::as_const(name));
}

} // namespace cleat::data::d1
