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

/// A run of esbuild that has begun and waits for its standard input: what it takes to start a program is over when it comes. Any thread, one at a time.
class EsbuildProcess final
{
public:
    /// Begins one in `folder`. Code bundle.esbuild-missing.
    static base::Result<EsbuildProcess> start(const std::filesystem::path &binary, const std::filesystem::path &folder, const std::vector<std::string> &arguments);
    EsbuildProcess(EsbuildProcess &&other) noexcept;
    EsbuildProcess &operator=(EsbuildProcess &&other) noexcept;
    /// Ends it when it still runs.
    ~EsbuildProcess();

    bool hasEnded() const;
    /// Gives it the input and waits, once. Code bundle.failed: it did not end in time and was ended, or it crashed, or is gone already. An exit code that is not 0 is no error here.
    base::Result<EsbuildRun> finish(std::string_view input, std::chrono::milliseconds limit);

private:
    EsbuildProcess(int process, int handle, int input, int messages) : m_process(process), m_handle(handle), m_input(input), m_messages(messages) {}
    void end();

    int m_process = -1; ///< -1: none
    int m_handle = -1; ///< a descriptor of it, which can be read once it has ended
    int m_input = -1;
    int m_messages = -1;
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
