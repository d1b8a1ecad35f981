// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/wranglerconfig.h"
#include "core/runtime/worker.h"
#include "core/session/session.h"

#include <filesystem>
#include <vector>

namespace cleat::session {

/// What a run needs, out of the Wrangler file, the local secrets and the options.
struct Resolved {
    std::filesystem::path directory; ///< assets
    std::filesystem::path state; ///< holds v3
    runtime::Bindings bindings;
    std::vector<std::filesystem::path> secretFiles; ///< .dev.vars and its like that were read
    std::filesystem::path secretFolder; ///< where such files may come
};

/// Variables, lowest to highest: CF_PAGES ones, `vars`, .dev.vars or .env files, options. Codes: session.no-directory, session.directory, and those of
/// reading the local secrets.
base::Result<Resolved> resolve(const Options &options, const ConfigStore &store, const std::string &projectName);

/// Where local data is: what --persist-to says, else .wrangler/state beside the Wrangler file, else in the project.
std::filesystem::path stateFolder(const Options &options, const ConfigStore &store);

} // namespace cleat::session
