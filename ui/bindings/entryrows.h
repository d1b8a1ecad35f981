// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/wranglerconfig.h"

#include <vector>

/// What one environment's page lists: the entries it gets, and those it does not get although the top level has them. Plain values; any thread.
namespace cleat::ui {

enum class Origin {
    Own,          ///< in the environment's own table
    TopLevel,     ///< from the top level, since the environment has no table of its own
    NotInherited, ///< in the top level, but lost: the environment has a table and this name is not in it
};

template <typename T>
struct EntryRow {
    T entry;
    base::Place place;
    Origin origin = Origin::Own;
    bool operator==(const EntryRow &) const = default;
};
using KvRow = EntryRow<config::KvNamespace>;
using VariableRow = EntryRow<config::Variable>;

std::vector<KvRow> kvRows(const config::WranglerConfig &config, config::Scope environment);
std::vector<VariableRow> variableRows(const config::WranglerConfig &config, config::Scope environment);
/// Whether any entry of the set bears the name.
bool holdsName(const config::BindingSet &set, std::string_view name);
/// The scope in which an edit of a row must be made.
config::Scope scopeOf(Origin origin, config::Scope environment);

} // namespace cleat::ui
