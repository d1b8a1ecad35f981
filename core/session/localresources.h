// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/wranglerconfig.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cleat::session {

/// Where the local data of a KV namespace, an R2 bucket or a D1 database lies below the state folder (its SQLite file), whether or not it exists yet; nullopt for
/// kinds that have none. Any thread.
std::optional<std::filesystem::path> dataOf(const std::filesystem::path &state, const config::Binding &binding);

/// Names of resources of that kind, to suggest: what the bindings of any set of the file name, and the folders of ids in the state folder. Sorted, each once.
/// (A D1 database's file does not tell its id.) Any thread.
std::vector<std::string> knownResources(const config::WranglerConfig &config, const std::filesystem::path &state, config::Kind kind);

} // namespace cleat::session
