// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/wranglerconfig.h"
#include "core/session/variablesources.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

/// What one environment's page lists: the entries it gets, and those it does not get although the top level has them. Plain values; any thread.
namespace cleat::ui {

enum class Origin {
    Own,          ///< in the environment's own table, or from outside of the Wrangler file
    TopLevel,     ///< from the top level, since the environment has no table of its own
    NotInherited, ///< in the top level, but lost: the environment has a table and this name is not in it
};

struct BindingRow {
    config::Binding entry;
    base::Place place;
    Origin origin = Origin::Own;
    std::vector<config::Finding> findings; ///< of these very lines
    bool operator==(const BindingRow &) const = default;
};

struct VariableRow {
    session::VariableSource source;
    Origin origin = Origin::Own;
    std::optional<session::VariableSource> winner; ///< for one that is overridden: by what
    std::vector<config::Finding> findings;
    bool operator==(const VariableRow &) const = default;

    config::Variable entry() const { return {source.name, source.kind, source.value}; }
};

/// In file order: the environment's, then the lost ones.
std::vector<BindingRow> bindingRows(const config::WranglerConfig &config, config::Scope environment);
/// `sources` are Session::variables() of the environment; `topLevelSecrets` are the names in the keychain for the top level. By name, then lowest to highest;
/// then the lost ones; then those that Pages itself sets.
std::vector<VariableRow> variableRows(
    const config::WranglerConfig &config, config::Scope environment, std::span<const session::VariableSource> sources, std::span<const std::string> topLevelSecrets);
/// The scope in which an edit of a row must be made.
config::Scope scopeOf(Origin origin, config::Scope environment);

/// Gives each row the findings of its lines; `text` is the file's.
void attachFindings(
    const config::WranglerConfig &config, std::string_view text, config::Form form, std::vector<BindingRow> &bindings, std::vector<VariableRow> &variables);

} // namespace cleat::ui
