// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"
#include "core/data/d1/tablerows.h"

#include <span>
#include <utility>

namespace cleat::data::d1 {

/// A change of one row that waits for its commit.
struct RowChange {
    enum class Kind { Insert, Update, Delete };
    Kind kind = Kind::Update;
    std::string table;
    RowKey key; ///< of the row; empty for an insert
    std::vector<std::pair<std::string, Value>> values; ///< column and new value; those not named get their default, or stay
    std::vector<std::pair<std::string, Value>> before; ///< what the user saw in the columns that change: when it is another now, the commit fails
    bool operator==(const RowChange &) const = default;
};

/// The statement that a change is, with its values in it, without ';'.
std::string sqlOf(const Table &table, const RowChange &change);

/// Does them in order, in one transaction, all or none. Errors: data.conflict (a row was changed or removed by another; the message tells which), data.sql (a constraint; the
/// message names the change), core/storage/failure.h. Any thread.
base::Result<void> commitChanges(const std::filesystem::path &file, std::span<const RowChange> changes);

} // namespace cleat::data::d1
