// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/edit.h"
#include "core/config/wranglerconfig.h"
#include "core/secrets/secrettext.h"

#include <QString>

#include <string>
#include <vector>

namespace cleat::ui {

/// An entry as it is being typed, before it is an edit.
struct EntryDraft {
    enum class Sort { Binding, Variable, Secret };
    /// Where a new entry goes.
    enum class Where {
        Everywhere, ///< both environments, and the top level: what runs locally
        Environment, ///< the environment whose page asks, alone
        TopLevel, ///< only locally
    };
    /// What a secret takes the place of.
    enum class Replaces {
        Nothing,
        Variable, ///< `original` in `scope`: it leaves the file
    };
    /// What else is written when Where::Environment makes the environment's table.
    enum class Copies {
        None,
        Lost, ///< what the environment has from the top level now, and would lose
    };
    Sort sort = Sort::Binding;
    config::Scope scope = config::Scope::TopLevel; ///< of the entry to change
    std::string original; ///< the name of the entry to change; empty: a new one
    config::Binding binding; ///< Sort::Binding: kind, name, fields
    config::Variable variable; ///< Sort::Variable: all; Sort::Secret: the name
    secrets::SecretText secret; ///< Sort::Secret
    Where where = Where::Everywhere; ///< of a new entry
    Copies copies = Copies::Lost; ///< of a new entry
    Replaces replaces = Replaces::Nothing; ///< Sort::Secret

    const std::string &name() const { return sort == Sort::Binding ? binding.name : variable.name; }
};

/// The sets that the draft is written to. `environment` is the page that asks. Everywhere means the top level, and each environment that has a table in the file;
/// for a secret all three, since none of its sets inherits. A secret in place of a variable goes to the sets that had the variable.
std::vector<config::Scope> scopesOf(const config::WranglerConfig &config, const EntryDraft &draft, config::Scope environment);
/// The sets whose runs meet the entry, so that a secret that belongs to it has to be in all of them: those, and the environments that have no table of their own, when the top level is among them.
std::vector<config::Scope> runsOf(const config::WranglerConfig &config, const EntryDraft &draft, config::Scope environment);

/// What the environment would lose if its table were made now: in file order, bindings first.
struct Losses {
    std::vector<config::Binding> bindings;
    std::vector<config::Variable> variables;
    std::size_t count() const { return bindings.size() + variables.size(); }
    std::vector<std::string> names() const;
    /// Those that can be copied beside `added`: not what it takes the place of, and nothing that the file spells wrong (a name twice, or one that is no identifier).
    Losses copiedBeside(const EntryDraft &added) const;
};
/// Nothing when the table is there already.
Losses lossesOf(const config::WranglerConfig &config, config::Scope environment);

/// Why the draft cannot be saved: codes name.* (see config::checkName), those of config::checkFields, id.space, hyperdrive.url, variable.json, secret.empty.
base::Result<void> checkDraft(const config::WranglerConfig &config, const EntryDraft &draft, config::Scope environment);
/// For a draft that passes checkDraft(). For a secret, what must leave the file because of it.
std::vector<config::Edit> editsOf(const config::WranglerConfig &config, const EntryDraft &draft, config::Scope environment);
/// What undo calls it.
QString stepText(const EntryDraft &draft);

/// "Production", "Preview", "Top level".
QString scopeName(config::Scope scope);
/// "[env.preview]" or "env.preview", as the file spells it.
QString tableName(config::Form form, config::Scope environment);

} // namespace cleat::ui
