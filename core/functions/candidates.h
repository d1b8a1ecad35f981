// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cleat::functions {

/// A file that may export handlers, by its text alone; esbuild then says which of them it really exports.
struct Candidate {
    std::string path; ///< relative to functions/, with '/'
    std::vector<std::string> names; ///< handlers to ask for
    std::vector<std::string> inText; ///< of these the ones that the file itself mentions
    bool reexportsAll = false; ///< holds "export *"
};

/// Looks through a functions/ folder, symbolic links and node_modules left out, sorted by path. Any thread. Codes: bundle.failed, and those of base::readFile.
base::Result<std::vector<Candidate>> findCandidates(const std::filesystem::path &functions);

} // namespace cleat::functions
