// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/tablekey.h"

#include "core/data/d1/values.h"

#include <sqlite3.h>

#include <algorithm>

namespace cleat::data::d1 {

TableKey keyOf(const Table &table)
{
    TableKey key;
    if (table.kind == Table::Kind::View)
        return key;
    std::vector<const Column *> primary;
    for (const Column &column : table.columns) {
        if (column.primaryKey > 0)
            primary.push_back(&column);
    }
    std::ranges::sort(primary, {}, &Column::primaryKey);
    if (table.withoutRowid) {
        key.kind = TableKey::Kind::Columns;
        for (const Column *column : primary)
            key.terms.push_back(quoted(column->name));
        return key;
    }
    for (const char *name : {"rowid", "_rowid_", "oid"}) {
        const bool hidden = std::ranges::any_of(table.columns, [&](const Column &column) { return sqlite3_stricmp(column.name.c_str(), name) == 0; });
        if (!hidden)
            return {TableKey::Kind::Rowid, {name}};
    }
    if (const Column *column = rowidColumn(table))
        return {TableKey::Kind::Rowid, {quoted(column->name)}};
    return key;
}

const Column *rowidColumn(const Table &table)
{
    const auto isPrimary = [](const Column &column) { return column.primaryKey > 0; };
    const auto column = std::ranges::find_if(table.columns, isPrimary);
    if (table.kind != Table::Kind::Table || table.withoutRowid || column == table.columns.end() || std::ranges::count_if(table.columns, isPrimary) != 1
        || sqlite3_stricmp(column->type.c_str(), "INTEGER") != 0)
        return nullptr;
    // INTEGER PRIMARY KEY DESC is an ordinary column with an index.
    const bool indexed = std::ranges::any_of(table.indexes,
        [&](const Index &index) { return index.unique && index.sql.empty() && index.columns.size() == 1 && index.columns.front() == column->name; });
    return indexed ? nullptr : &*column;
}

Affinity affinityOf(const std::string &type)
{
    std::string upper = type;
    std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    const auto has = [&](const char *part) { return upper.find(part) != upper.npos; };
    if (has("INT"))
        return Affinity::Integer;
    if (has("CHAR") || has("CLOB") || has("TEXT"))
        return Affinity::Text;
    if (upper.empty() || has("BLOB"))
        return Affinity::Blob;
    if (has("REAL") || has("FLOA") || has("DOUB"))
        return Affinity::Real;
    return Affinity::Numeric;
}

} // namespace cleat::data::d1
