// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::session {

/// CF_PAGES, CF_PAGES_BRANCH, CF_PAGES_COMMIT_SHA and CF_PAGES_URL as a build of this folder would see them: branch and commit from the Git repository
/// round it, else "local" and forty zeros (Cloudflare Pages, "Build configuration").
std::vector<std::pair<std::string, std::string>> pagesVariables(const std::filesystem::path &project, std::string_view projectName);

} // namespace cleat::session
