// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/sqlstatement.h"
#include "core/data/d1/tablekey.h"
#include "core/data/d1/tablerows.h"

#include <memory>
#include <string>
#include <vector>

struct sqlite3_blob;

namespace cleat::data::d1 {

/// A condition with the values of its '?'s.
struct Condition {
    std::string sql; ///< empty: none
    std::vector<Value> values;
};

/// One term of an order.
struct OrderTerm {
    std::string sql;
    Sort::Order order = Sort::Order::Ascending;
    bool maybeNull = false;
    bool operator==(const OrderTerm &) const = default;
};

/// What the view asks for, as SQL. Errors: data.sql (a column that the table has not; a condition that is not one).
base::Result<Condition> conditionOf(const storage::Database &database, const Table &table, const View &view);
base::Result<std::vector<OrderTerm>> orderOf(const Table &table, const TableKey &key, const View &view);
/// " ORDER BY ..."; empty for no terms.
std::string orderSql(const std::vector<OrderTerm> &terms);

/// Reads rows as they are shown: of long values only their beginning. Lives within a transaction.
class RowReader final
{
public:
    RowReader(const storage::Database &database, const Table &table, const TableKey &key);
    ~RowReader();
    RowReader(const RowReader &) = delete;
    RowReader &operator=(const RowReader &) = delete;

    /// Notes how texts lie in the file.
    base::Result<void> prepare();
    /// What stands between SELECT and FROM; it may be followed by other columns.
    const std::string &selection() const { return m_selection; }
    int selected() const { return m_selected; }
    base::Result<Row> read(const SqlStatement &statement);

private:
    struct CloseBlob {
        void operator()(sqlite3_blob *blob) const;
    };
    base::Result<void> readLong(const Column &column, std::size_t index, std::string_view type, Row &row);
    base::Result<void> readBySql(const Column &column, std::size_t index, std::string_view type, Row &row);
    void put(std::size_t index, std::string_view type, std::string bytes, std::uint64_t whole, Row &row) const;

    const storage::Database &m_database;
    const Table &m_table;
    const TableKey &m_key;
    std::string m_selection;
    int m_selected = 0;
    std::vector<bool> m_direct; ///< a column whose texts and BLOBs are read in parts
    std::vector<std::unique_ptr<sqlite3_blob, CloseBlob>> m_blobs;
};

} // namespace cleat::data::d1
