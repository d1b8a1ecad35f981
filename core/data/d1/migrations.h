// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace cleat::data::d1 {

/// Where the migrations of a database are, as the Wrangler file says (migrations_dir, migrations_table).
struct MigrationPlace {
    std::filesystem::path folder; ///< "migrations" beside the Wrangler file unless it says otherwise
    std::string table = "d1_migrations";
    bool operator==(const MigrationPlace &) const = default;
};

struct Migration {
    std::string name; ///< "0001_init.sql"
    std::optional<std::string> appliedAt; ///< UTC, as the table has it; nullopt: not applied yet
    bool missing = false; ///< applied, but its file is gone
    bool operator==(const Migration &) const = default;
};

/// By name, as `wrangler d1 migrations list` orders them. Any thread; so all below. Errors: core/storage/failure.h, file.*, data.*.
base::Result<std::vector<Migration>> migrations(const std::filesystem::path &file, const MigrationPlace &place);
/// Writes the next empty one, "0002_<words>.sql"; makes the folder.
base::Result<std::filesystem::path> createMigration(const MigrationPlace &place, const std::string &message);
struct Applied {
    std::vector<std::string> names; ///< in order
    std::optional<base::Error> error; ///< of the one after them, which left nothing; its place is in its file
};
/// Applies those that are not applied, up to and with `last` (empty: all), each as one transaction together with its row. Takes a snapshot first.
base::Result<Applied> applyMigrations(const std::filesystem::path &file, const MigrationPlace &place, const std::string &last, const Control &control);

} // namespace cleat::data::d1
