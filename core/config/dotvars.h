// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::config {

using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// Reads the text of a .dev.vars or .env file by the rules of the npm package dotenv: NAME=value, `export` prefix, single, double and back quotes,
/// multi-line quoted values, # comments, \n in double quotes. Lines that are none of these are ignored, as there.
NamedValues parseDotVars(std::string_view text);

/// The local secrets of a project whose Wrangler file (or, without one, itself) lies in `folder`: .dev.vars; else .env, then .env.local over it, with
/// ${NAME} expansion. `environment` ("preview", "production" or empty) prefers .dev.vars.<environment>. `files` are the files that were read.
struct LocalSecrets {
    NamedValues values;
    std::vector<std::filesystem::path> files;
};
base::Result<LocalSecrets> readLocalSecrets(const std::filesystem::path &folder, std::string_view environment);

} // namespace cleat::config
