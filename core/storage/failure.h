// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <filesystem>
#include <string_view>

struct sqlite3;

namespace cleat::storage {

// The errors of this folder. The message always names the file and says what to do; the place names the file too.
//   storage.missing      the file is not there
//   storage.busy         another program kept it locked until the busy timeout was over
//   storage.notdatabase  not a SQLite database, or a damaged one; it is left untouched
//   storage.denied       no permission, or a read-only file system
//   storage.full         no space left
//   storage.failed       anything else, with the system's or SQLite's own words

/// A failed system call; `doing` is a verb ("write"), `error` an errno.
base::Error systemFailure(std::string_view doing, const std::filesystem::path &path, int error);

/// A failed SQLite call on `db` (null when it could not even be made). `code` is the extended result code.
base::Error sqliteFailure(sqlite3 *db, int code, const std::filesystem::path &file, std::chrono::milliseconds waited);

} // namespace cleat::storage
