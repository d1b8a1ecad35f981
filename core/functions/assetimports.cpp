// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/assetimports.h"

#include "core/base/bytes.h"
#include "core/base/file.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace cleat::functions {

namespace {

namespace fs = std::filesystem;
constexpr std::string_view scheme = "assets:";

std::string idOf(const fs::path &folder, const fs::path &project)
{
    const std::uint64_t sum = base::checksum(folder.lexically_proximate(project).generic_string());
    return base::toHex(std::as_bytes(std::span(&sum, 1)));
}

/// esbuild writes imports in three ways.
void rename(std::string &code, const std::string &import, const std::string &name)
{
    for (const std::string_view front : {"from ", "import ", "import("}) {
        const std::string from = std::string(front) + '"' + import + '"';
        const std::string to = std::string(front) + '"' + name + '"';
        for (std::size_t at = code.find(from); at != std::string::npos; at = code.find(from, at + to.size()))
            code.replace(at, from.size(), to);
    }
}

} // namespace

base::Result<std::vector<AssetFolder>> resolveAssetImports(std::string &code, const std::map<std::string, std::set<std::string>> &externals, const fs::path &project)
{
    std::vector<AssetFolder> made;
    for (const auto &[import, files] : externals) {
        if (!import.starts_with(scheme))
            continue;
        fs::path folder;
        for (const std::string &file : files) {
            fs::path here = (project / file).parent_path() / import.substr(scheme.size());
            here = here.lexically_normal();
            if (!here.has_filename())
                here = here.parent_path();
            std::error_code error;
            if (!fs::is_directory(here, error)) {
                const std::string name = here.lexically_proximate(project).generic_string();
                return base::fail("bundle.failed", file + " imports \"" + import + "\", but " + name + (fs::exists(here, error) ? " is no folder." : " does not exist."), {file, 0, 0});
            }
            if (folder.empty())
                folder = here;
            if (folder != here)
                return base::fail("bundle.failed", "\"" + import + "\" means one folder in " + *files.begin() + " and another in " + file + ". Write one of the two paths in another way.", {file, 0, 0});
        }
        const std::string id = idOf(folder, project);
        rename(code, import, "cloudflare-internal:pages-assets/" + id);
        if (std::ranges::find(made, id, &AssetFolder::id) == made.end())
            made.push_back({id, folder});
    }
    return made;
}

} // namespace cleat::functions
