// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/schema.h"

#include <string>
#include <vector>

namespace cleat::data::d1 {

/// What tells the rows of a table apart, as SQL.
struct TableKey {
    enum class Kind {
        None, ///< a view; a table whose columns hide all names of its rowid
        Rowid,
        Columns, ///< the primary key of a table without rowid
    };
    Kind kind = Kind::None;
    std::vector<std::string> terms; ///< in the order of a RowKey
    bool operator==(const TableKey &) const = default;
};
TableKey keyOf(const Table &table);

/// The column that is the rowid by another name; null for none.
const Column *rowidColumn(const Table &table);

/// What comparing with a column does to a value, by the rules of its declared type.
enum class Affinity { Text, Numeric, Integer, Real, Blob };
Affinity affinityOf(const std::string &type);

} // namespace cleat::data::d1
