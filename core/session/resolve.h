// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/dotvars.h"
#include "core/config/wranglerconfig.h"
#include "core/functions/bundler.h"
#include "core/runtime/worker.h"
#include "core/session/hyperdrive.h"
#include "core/session/session.h"
#include "core/session/variablesources.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cleat::session {

/// What a run needs, out of the Wrangler file, the local secrets and the options.
struct Resolved {
    std::filesystem::path directory; ///< assets; the project itself when another server has them
    std::optional<int> proxyPort; ///< of that server
    std::filesystem::path state; ///< holds v3
    runtime::Bindings bindings;
    std::vector<std::filesystem::path> secretFiles; ///< .dev.vars and its like that were read
    std::filesystem::path secretFolder; ///< where such files may come
    std::vector<std::pair<std::string, std::string>> secrets; ///< what nobody may see
    std::vector<Remark> remarks;
};

/// Variables, lowest to highest: CF_PAGES ones, `vars`, .dev.vars or .env files, the keychain, options. Codes: session.no-directory, session.directory, compat.* and those of
/// reading the local secrets.
base::Result<Resolved> resolve(const Options &options, const ConfigStore &store, const SecretStore &secrets, const std::string &projectName, const std::string &version);

/// What there is for `env` in a scope. `local` fails with the codes of reading the local secrets, and `inputs` then lacks them. Borrows from all of its arguments.
struct FoundVariables {
    VariableInputs inputs;
    base::Result<config::LocalSecrets> local;
};
FoundVariables variableInputs(const Options &options, const ConfigStore &store, const SecretStore &secrets, const std::string &projectName, config::Scope scope);

/// The same for a Worker that is no Pages project: variables are `vars`, then .dev.vars or .env files beside its file.
struct ResolvedWorker {
    runtime::Bindings bindings;
    std::vector<VariableSource> variables;
    std::vector<std::pair<std::string, std::string>> secrets; ///< what nobody may see
    std::vector<Remark> remarks;
};
base::Result<ResolvedWorker> resolveWorker(const config::WranglerConfig &file, const std::filesystem::path &folder, const std::filesystem::path &state, const std::string &version);

functions::NodeCompat nodeCompatOf(const runtime::Compatibility &compatibility);
/// A build as the runtime takes it, but for generation, handlers and folder.
runtime::Module moduleOf(const functions::Bundle &bundle);

/// What a version_metadata binding is on this machine, as JSON: a new id, no tag, and now as its timestamp.
std::string versionMetadata();

/// "production", "preview", or empty for the top level: as files and the log call a scope.
std::string environmentName(config::Scope scope);

/// Where local data is: what --persist-to says, else .wrangler/state beside the Wrangler file, else in the project.
std::filesystem::path stateFolder(const Options &options, const ConfigStore &store);

} // namespace cleat::session
