// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/dotvars.h"
#include "core/config/wranglerconfig.h"
#include "core/runtime/worker.h"
#include "core/session/session.h"
#include "core/session/variablesources.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cleat::session {

/// What a run needs, out of the Wrangler file, the local secrets and the options.
struct Resolved {
    std::filesystem::path directory; ///< assets
    std::filesystem::path state; ///< holds v3
    runtime::Bindings bindings;
    std::vector<std::filesystem::path> secretFiles; ///< .dev.vars and its like that were read
    std::filesystem::path secretFolder; ///< where such files may come
    std::vector<std::pair<std::string, std::string>> secrets; ///< what nobody may see
};

/// Variables, lowest to highest: CF_PAGES ones, `vars`, .dev.vars or .env files, the keychain, options. Codes: session.no-directory, session.directory, and those of
/// reading the local secrets.
base::Result<Resolved> resolve(const Options &options, const ConfigStore &store, const SecretStore &secrets, const std::string &projectName);

/// What there is for `env` in a scope. `local` fails with the codes of reading the local secrets, and `inputs` then lacks them. Borrows from all of its arguments.
struct FoundVariables {
    VariableInputs inputs;
    base::Result<config::LocalSecrets> local;
};
FoundVariables variableInputs(const Options &options, const ConfigStore &store, const SecretStore &secrets, const std::string &projectName, config::Scope scope);

/// "production", "preview", or empty for the top level: as files and the log call a scope.
std::string environmentName(config::Scope scope);

/// Where local data is: what --persist-to says, else .wrangler/state beside the Wrangler file, else in the project.
std::filesystem::path stateFolder(const Options &options, const ConfigStore &store);

} // namespace cleat::session
