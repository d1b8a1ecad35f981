// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <optional>

namespace cleat::config {

/// The Wrangler file of a project folder: looked for from the folder upwards (wrangler.json, then wrangler.jsonc, then wrangler.toml; the first found wins).
/// nullopt when there is none.
std::optional<std::filesystem::path> findWranglerFile(const std::filesystem::path &folder);

} // namespace cleat::config
