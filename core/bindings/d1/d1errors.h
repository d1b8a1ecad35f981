// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <filesystem>
#include <string>

struct sqlite3;

namespace cleat::bindings::d1 {

/// The text that D1 makes of a failed SQLite call, the last one on `db`: SQLite's message, the place in the SQL, the codes by name. A file that is damaged, full or
/// not accessible is told in the words of core/storage/failure.h, which name the file. Code d1.sql, or that of the file's failure.
base::Error sqlError(sqlite3 *db, int code, const std::filesystem::path &file, std::chrono::milliseconds waited);

/// SQLITE_CONSTRAINT_UNIQUE and the like; an empty text for a code without a name.
std::string codeName(int code);

} // namespace cleat::bindings::d1
