// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <optional>

namespace cleat::config {

/// The Wrangler file of a project folder. As wrangler does, wrangler.json is looked for from the folder upwards to the root, then wrangler.jsonc, then wrangler.toml;
/// the first found wins, so that a wrangler.json further up comes before a wrangler.toml in the folder. nullopt when there is none. Any thread.
std::optional<std::filesystem::path> findWranglerFile(const std::filesystem::path &folder);

} // namespace cleat::config
