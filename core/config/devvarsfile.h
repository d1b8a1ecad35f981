// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/dotvars.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace cleat::config {

// Writing of .dev.vars files. What is written reads back as exactly the values that were meant, and no other entry changes, or nothing is written. Codes:
// devvars.name and devvars.value (such a file cannot hold it, by the rules of dotenv), devvars.edit, file.*. Any thread.

/// The value as it stands behind NAME=. A value with carriage returns, or one that needs quotes and has all three kinds of them or ends with a backslash, may have
/// no spelling at all.
base::Result<std::string> quotedForDevVars(std::string_view value);

/// `text` with these values: in place of the assignment that counts, else at the end. All other bytes stay.
base::Result<std::string> withDevVars(std::string_view text, const NamedValues &values);
/// `text` without the lines that assign `name`.
base::Result<std::string> withoutDevVar(std::string_view text, std::string_view name);

/// Sets values in a file, which keeps its mode. A new file is for its owner only.
base::Result<void> setDevVars(const std::filesystem::path &file, const NamedValues &values);
/// A file that is not there, or has no such entry, stays as it is.
base::Result<void> removeDevVar(const std::filesystem::path &file, const std::string &name);
/// Makes or replaces the whole file, for its owner only.
base::Result<void> exportDevVars(const std::filesystem::path &file, const NamedValues &values);

} // namespace cleat::config
