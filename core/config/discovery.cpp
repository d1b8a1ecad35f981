// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/discovery.h"

#include <system_error>

namespace cleat::config {

std::optional<std::filesystem::path> findWranglerFile(const std::filesystem::path &folder)
{
    std::error_code error;
    std::filesystem::path start = std::filesystem::absolute(folder, error).lexically_normal();
    if (error)
        return std::nullopt;
    if (!start.has_filename()) // a trailing slash
        start = start.parent_path();
    for (const char *name : {"wrangler.json", "wrangler.jsonc", "wrangler.toml"}) {
        for (std::filesystem::path at = start;; at = at.parent_path()) {
            const std::filesystem::path file = at / name;
            if (std::filesystem::is_regular_file(file, error))
                return file;
            if (at == at.parent_path())
                break;
        }
    }
    return std::nullopt;
}

} // namespace cleat::config
