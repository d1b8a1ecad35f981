// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/dotvars.h"
#include "core/config/wranglerconfig.h"
#include "core/secrets/secrettext.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace cleat::session {

/// Where a value in `env` comes from, lowest to highest: each wins over those before it.
enum class VariableOrigin {
    Pages,    ///< CF_PAGES and its like
    Wrangler, ///< `vars` of the Wrangler file
    DevVars,  ///< .dev.vars, or .dev.vars.<environment>
    DotEnv,   ///< .env, .env.local (only where there is no .dev.vars)
    Keychain,
    Flag,     ///< --binding
};

/// One source of one variable or secret, for the panel. A secret's value is not in it.
struct VariableSource {
    std::string name;
    VariableOrigin origin = VariableOrigin::Wrangler;
    enum class Secrecy { Plain, Secret };
    Secrecy secrecy = Secrecy::Plain;
    config::Variable::Kind kind = config::Variable::Kind::Text;
    std::string value; ///< empty for a secret
    base::Place place; ///< file and line, for those that come from a file
    enum class Standing {
        Wins,
        Overridden,
        Missing, ///< the keychain does not give it now: it counts for nothing
    };
    Standing standing = Standing::Wins;
    bool operator==(const VariableSource &) const = default;
};

/// What can put variables and secrets in `env`.
struct VariableInputs {
    std::vector<std::pair<std::string, std::string>> pages;
    std::span<const config::Placed<config::Variable>> wrangler; ///< of the set that is in effect
    std::vector<config::LocalSecrets::Entry> local;
    std::vector<std::string> keychainNames;
    std::span<const std::pair<std::string, secrets::SecretText>> keychain; ///< what it gives
    std::span<const std::pair<std::string, std::string>> flags;
};

/// Every source, by name, then lowest to highest.
std::vector<VariableSource> variableSources(const VariableInputs &inputs);
/// What wins, for the runtime; each name once.
std::vector<config::Variable> variableValues(const VariableInputs &inputs);
/// The secrets among the inputs, winning or not, for those who must not show them.
std::vector<std::pair<std::string, std::string>> secretValues(const VariableInputs &inputs);

} // namespace cleat::session
