// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace cleat::data::d1 {

/// A whole copy of a database, kept beside the state: <state>/cleat/snapshots/d1/<name of its file>/.
struct Snapshot {
    std::filesystem::path file;
    std::int64_t timeMs = 0; ///< since the Unix epoch
    std::string reason; ///< what the user wrote, or "before migration 0002_x.sql"
    enum class Maker { User, Cleat };
    Maker maker = Maker::User;
    std::uint64_t bytes = 0;
    bool operator==(const Snapshot &) const = default;
};

/// The snapshots of the database in `file` (<state>/v3/d1/.../x.sqlite), newest first. Any thread; so all below. Errors: core/storage/failure.h, data.cancelled.
std::vector<Snapshot> snapshots(const std::filesystem::path &file);
/// Consistent while others write, without standing in their way. Of those that Cleat made by itself the last ten are kept.
base::Result<Snapshot> takeSnapshot(const std::filesystem::path &file, const std::string &reason, Snapshot::Maker maker, const Control &control);
/// Makes the database what the snapshot is, in one transaction of the same file, so that others that have it open go on; first takes a snapshot of what is there. Checks the
/// snapshot before (data.corrupt).
base::Result<void> restoreSnapshot(const std::filesystem::path &file, const Snapshot &snapshot, const Control &control);
base::Result<void> removeSnapshot(const Snapshot &snapshot);

} // namespace cleat::data::d1
