// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

namespace cleat::data::analytics {

/// The type of an expression, as ClickHouse would have it. In SQLite a DateTime is its seconds since the epoch, a Date those of its midnight in UTC, an array the JSON of it.
struct Type {
    enum class Kind { String, Integer, Float, Bool, DateTime, Date, Interval, Array, Nothing };
    Kind kind = Kind::String;
    int bits = 64; ///< of an integer
    bool isSigned = false; ///< of an integer
    std::string zone; ///< of a DateTime, when it has one of its own
    std::shared_ptr<const Type> element; ///< of an array

    /// "UInt32", "DateTime('Europe/Oslo')", "Array(String)"
    std::string name() const;
    bool isNumber() const { return kind == Kind::Integer || kind == Kind::Float || kind == Kind::Bool; }
    bool isTime() const { return kind == Kind::DateTime || kind == Kind::Date; }

    static Type of(Kind kind) { return {kind, 64, false, {}, nullptr}; }
    static Type unsignedInteger(int bits) { return {Kind::Integer, bits, false, {}, nullptr}; }
    static Type signedInteger(int bits) { return {Kind::Integer, bits, true, {}, nullptr}; }
    static Type arrayOf(const Type &element) { return {Kind::Array, 64, false, {}, std::make_shared<const Type>(element)}; }
};

} // namespace cleat::data::analytics
