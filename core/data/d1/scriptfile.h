// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"
#include "core/data/d1/scriptrunner.h"

#include <filesystem>

namespace cleat::data::d1 {

/// Runs the statements of a file one after the other, reading it in pieces; the transaction is its user's. The BEGIN and COMMIT that a dump has around itself are left out;
/// a second pair is refused, as wrangler does. The place of an error is in the file. Gives how many statements there were.
base::Result<std::uint64_t> runScriptFile(ScriptRunner &runner, const std::filesystem::path &script, const Control &control);

/// A place in the file.
base::Place placeInFile(const std::filesystem::path &file, std::size_t offset);

} // namespace cleat::data::d1
