// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/d1/schema.h"
#include "core/data/d1/values.h"

#include <filesystem>
#include <memory>
#include <stop_token>

namespace cleat::data::d1 {

/// What makes a row that row: its rowid, or the values of its primary key; empty for rows of views, which cannot be edited.
using RowKey = std::vector<Value>;

struct Row {
    RowKey key;
    std::vector<Value> values; ///< one a column; texts and BLOBs beyond maxShown bytes are cut (see `cut`)
    std::vector<std::uint64_t> cut; ///< empty, or one a column: the full bytes of a value that was cut, else 0
    bool operator==(const Row &) const = default;
};

/// Bytes of one value that a row holds; the rest comes by value().
inline constexpr std::size_t maxShown = 1024;

struct Filter {
    std::string column;
    enum class Test { Contains, Equals, Differs, Less, LessOrEqual, Greater, GreaterOrEqual, StartsWith, IsNull, IsNotNull };
    Test test = Test::Contains;
    std::string text; ///< a number where it reads as one and the test compares
    bool operator==(const Filter &) const = default;
};

struct Sort {
    std::string column;
    enum class Order { Ascending, Descending };
    Order order = Order::Ascending;
    bool operator==(const Sort &) const = default;
};

struct View {
    std::string table; ///< a table or a view
    std::vector<Filter> filters; ///< all hold
    std::string where; ///< an SQL condition besides; empty: none
    std::vector<Sort> sort; ///< then by key
    bool operator==(const View &) const = default;
};

/// The rows of a table, to be looked at: any place of ten million is reached at once where the order has an index (the table's own has). Reads only, in transactions
/// that end within each call. Belongs to one thread; stop() of the token interrupts a call. Errors: core/storage/failure.h; data.sql (a wrong condition);
/// data.missing (no such table); data.cancelled. Before count() was called, rows far down in the order of the rowid are given as if none had ever been deleted;
/// where count() shows that they were not those, changed() says true.
class TableRows final
{
public:
    explicit TableRows(std::filesystem::path file);
    ~TableRows();
    TableRows(const TableRows &) = delete;
    TableRows &operator=(const TableRows &) = delete;

    base::Result<std::uint64_t> count(const View &view, std::stop_token stop = {});
    base::Result<std::vector<Row>> rows(const View &view, std::uint64_t first, std::size_t count, std::stop_token stop = {});
    /// A whole value.
    base::Result<Value> value(const std::string &table, const RowKey &key, const std::string &column);
    base::Result<bool> changed(); ///< whether anybody changed anything since the last call

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::data::d1
