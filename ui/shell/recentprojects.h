// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

/// The projects opened last, newest first, kept in QSettings. GUI thread.
namespace cleat::ui {

/// Only folders that are still there; ten at most.
std::vector<std::filesystem::path> recentProjects();
void noteRecentProject(const std::filesystem::path &folder);

} // namespace cleat::ui
