// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cleat::bindings::d1 {

struct Blob {
    std::string bytes;
    bool operator==(const Blob &) const = default;
};

/// A bound value: NULL, a number (always REAL, as D1 binds them: the column's affinity makes an integer of it where there is one), a text, a BLOB.
using Value = std::variant<std::monostate, double, std::string, Blob>;

/// One query of a request. The text may hold several statements: all run, the last one gives the rows and may have parameters.
struct Query {
    std::string sql;
    std::vector<Value> parameters; ///< by position
};

/// One value of a row. Texts and BLOBs lie in their Rows.
struct Cell {
    enum class Type : std::uint8_t { Null, Integer, Real, Text, Blob };
    Type type = Type::Null;
    union {
        std::int64_t integer = 0;
        double real;
        std::size_t begin; ///< in Rows::bytes
    };
    std::size_t length = 0;
};

/// The rows of one statement, one after the other.
struct Rows {
    std::vector<std::string> columns; ///< as SQLite names them; names may come twice
    std::vector<Cell> cells; ///< columns.size() for each row
    std::string bytes;

    std::size_t count() const { return columns.empty() ? 0 : cells.size() / columns.size(); }
    /// Of a Text or Blob cell.
    std::string_view text(const Cell &cell) const { return std::string_view(bytes).substr(cell.begin, cell.length); }
};

/// What D1 tells beside the rows (Cloudflare, "D1 return objects").
struct Meta {
    double durationMs = 0;
    std::int64_t changes = 0; ///< rows that were inserted, updated and deleted, by triggers and foreign keys too
    std::int64_t lastRowId = 0; ///< of the connection: it stays until the next insert
    bool changedDb = false;
    std::int64_t sizeAfter = 0; ///< bytes in use
    std::int64_t rowsRead = 0; ///< see D1Database
    std::int64_t rowsWritten = 0;
};

struct QueryResult {
    Rows rows;
    Meta meta;
};

} // namespace cleat::bindings::d1
