// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cleat::data::d1 {

struct Column {
    std::string name;
    std::string type; ///< as declared; may be empty
    bool notNull = false;
    std::optional<std::string> defaultSql;
    int primaryKey = 0; ///< place in the primary key, from 1; 0: not in it
    bool generated = false; ///< cannot be written
    bool operator==(const Column &) const = default;
};

struct ForeignKey {
    std::vector<std::string> columns;
    std::string table;
    std::vector<std::string> targets; ///< empty: its primary key
    std::string onDelete;
    std::string onUpdate;
    bool operator==(const ForeignKey &) const = default;
};

struct Index {
    std::string name;
    bool unique = false;
    std::vector<std::string> columns; ///< "(expression)" where it is one
    std::string sql; ///< empty for the ones that constraints make
    bool operator==(const Index &) const = default;
};

struct Trigger {
    std::string name;
    std::string sql;
    bool operator==(const Trigger &) const = default;
};

struct Table {
    enum class Kind { Table, View, Virtual };
    Kind kind = Kind::Table;
    std::string name;
    std::string sql;
    std::vector<Column> columns;
    std::vector<Index> indexes;
    std::vector<ForeignKey> foreignKeys;
    std::vector<Trigger> triggers;
    bool withoutRowid = false;
    bool strict = false;
    bool hidden = false; ///< wrangler's and SQLite's own (_cf_*, sqlite_*, the shadow tables of virtual ones)
    bool operator==(const Table &) const = default;
};

struct Schema {
    std::vector<Table> tables; ///< by name, tables and views together
    bool operator==(const Schema &) const = default;
    const Table *find(const std::string &name) const; ///< case does not count, as in SQLite
};

/// The schema of a database file; empty when there is none. Any thread. Errors: core/storage/failure.h.
base::Result<Schema> readSchema(const std::filesystem::path &file);

} // namespace cleat::data::d1
