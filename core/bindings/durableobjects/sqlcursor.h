// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cleat::bindings::durableobjects {

struct SqlBlob {
    std::string bytes;
    bool operator==(const SqlBlob &) const = default;
};

/// NULL, a number (always REAL), a text, a BLOB.
using SqlValue = std::variant<std::monostate, double, std::string, SqlBlob>;

/// One value of a row.
struct SqlCell {
    enum class Type : std::uint8_t { Null, Integer, Real, Text, Blob };
    Type type = Type::Null;
    std::int64_t integer = 0;
    double real = 0;
    std::string_view bytes; ///< of a text or a BLOB; valid until the next row
};

/// The rows of a statement that runs: one after the other, as they are asked for. Belongs to its store's thread; it may outlive the store, but gives nothing more then.
class SqlCursor final
{
public:
    struct Parts; ///< sqlrun.h
    explicit SqlCursor(std::unique_ptr<Parts> parts);
    ~SqlCursor();
    SqlCursor(const SqlCursor &) = delete;
    SqlCursor &operator=(const SqlCursor &) = delete;

    /// As SQLite names them.
    const std::vector<std::string> &columns() const;
    /// Whether there is a row; it stays until next().
    bool hasRow() const;
    /// A value of the row; columns count from 0. NULL when there is no row.
    SqlCell cell(int column) const;
    base::Result<void> next();
    /// Rows looked at and changed so far, as workerd counts them; exact for simple statements (see d1::Cost).
    std::int64_t rowsRead() const;
    std::int64_t rowsWritten() const;
    /// Gives up the rest.
    void close();

private:
    std::unique_ptr<Parts> d;
};

} // namespace cleat::bindings::durableobjects
