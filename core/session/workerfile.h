// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <string>

namespace cleat::session {

/// A Worker as its Wrangler file tells of it.
struct WorkerFile {
    std::filesystem::path file; ///< absolute
    std::string name; ///< `name`, else that of its folder: what bindings call it
    bool operator==(const WorkerFile &) const = default;
};

/// `place`: a Wrangler file, or the folder that holds one (not one of the folders above). Codes: worker.missing (there is no such place), worker.no-file (the folder has no Wrangler
/// file), worker.no-main (it is a Pages project's, or names no script), and those of config::parseDocument() and base::readFile(). Any thread.
base::Result<WorkerFile> findWorker(const std::filesystem::path &place);

} // namespace cleat::session
