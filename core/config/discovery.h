// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/wranglerconfig.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::config {

/// The Wrangler file of a project folder. As wrangler does, wrangler.json is looked for from the folder upwards to the root, then wrangler.jsonc, then wrangler.toml;
/// the first found wins, so that a wrangler.json further up comes before a wrangler.toml in the folder. nullopt when there is none. Redirects aside. Any thread.
std::optional<std::filesystem::path> findWranglerFile(const std::filesystem::path &folder);

/// Which file `wrangler pages dev` runs a project folder with.
struct FoundFile {
    std::filesystem::path path;
    /// The .wrangler/deploy/config.json that names `path`, when a build tool left one there; relative paths in the file at `path` begin at its own folder.
    std::optional<std::filesystem::path> redirectedFrom;
    std::optional<std::filesystem::path> userFile; ///< what findWranglerFile() finds: with a redirect, the file that is passed over
    bool operator==(const FoundFile &) const = default;
};

/// findWranglerFile(), and the redirect that .wrangler/deploy/config.json in the folder or above makes with "configPath" (relative to its own folder). nullopt when
/// there is neither. Codes: redirect.read, redirect.parse, redirect.path (no configPath), redirect.missing (no such file), redirect.elsewhere (it does not stand beside
/// the user's own file, so that nobody knows which one is meant). Any thread.
base::Result<std::optional<FoundFile>> discoverWranglerFile(const std::filesystem::path &folder);

/// What is wrong with a Wrangler file for the sole reason that a redirect leads to it: environments in it (file.redirected-env). Empty when it does not parse. Any thread.
std::vector<Finding> redirectFindings(std::string_view text, Form form, const std::string &path);

} // namespace cleat::config
