// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace cleat::functions {

/// A folder of static files that code imports as "assets:./folder", as plugins of Pages do.
struct AssetFolder {
    std::string id; ///< its files are at /cdn-cgi/pages-plugins/<id>/
    std::filesystem::path folder; ///< absolute
    bool operator==(const AssetFolder &) const = default;
};

/// Finds the folders that code imports, and names them in a build: import ... from "assets:./folder" becomes one of "cloudflare-internal:pages-assets/<id>", which
/// the runtime has. `externals`: what esbuild left unresolved, and the files (relative to `project`) that import it; other imports are passed over.
/// Code bundle.failed: a folder is not there, or one import means two folders.
base::Result<std::vector<AssetFolder>> resolveAssetImports(std::string &code, const std::map<std::string, std::set<std::string>> &externals,
    const std::filesystem::path &project);

} // namespace cleat::functions
