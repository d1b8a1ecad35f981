// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace cleat::data::d1 {

/// Where wrangler keeps the local database of that id (config::localId()). `state` is the folder that holds v3.
std::filesystem::path databaseFile(const std::filesystem::path &state, const std::string &id);

} // namespace cleat::data::d1
