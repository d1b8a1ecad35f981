// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::functions {

/// What a run of esbuild left.
struct EsbuildRun {
    int exitCode = 0;
    std::string messages; ///< standard error
};

/// Runs esbuild in `folder` with `input` on its standard input, and waits; any thread. Codes: bundle.esbuild-missing, bundle.failed (it did not end in
/// time and was ended, or it crashed). An exit code that is not 0 is no error here.
base::Result<EsbuildRun> runEsbuild(const std::filesystem::path &binary, const std::filesystem::path &folder, const std::vector<std::string> &arguments,
    std::string_view input, std::chrono::milliseconds limit);

/// One message of esbuild's terminal output (with --color=false).
struct EsbuildMessage {
    enum class Kind { Error, Warning };
    Kind kind = Kind::Error;
    std::string text; ///< the first line, without mark and id
    std::string id; ///< of a warning, such as "import-is-undefined"
    std::string block; ///< all of it, with the line of source
    base::Place place; ///< file relative to the folder that esbuild ran in; column from 1
};

/// Cuts esbuild's output into its messages.
std::vector<EsbuildMessage> parseEsbuildMessages(std::string_view output);

} // namespace cleat::functions
