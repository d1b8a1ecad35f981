// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/httpserver.h"

#include <filesystem>
#include <string>
#include <vector>

namespace cleat::server::test {

/// One conversation of tests/golden/server; README.md there describes the format.
struct Transcript {
    std::string name;
    Limits limits;
    std::vector<std::string> settings; ///< "half-close", "whole", "limit NAME N"
    std::string input;
    std::string output;
    std::string calls;
    bool halfClose = false;
    bool whole = false; ///< the result depends on how the bytes are cut
    bool closes = false;
};

struct TranscriptFile {
    std::filesystem::path path;
    std::string preamble;
    std::vector<Transcript> transcripts;
};

/// Throws std::runtime_error with file and line when a file is not in the format.
std::vector<TranscriptFile> readTranscripts(const std::filesystem::path &folder);
void writeTranscripts(const TranscriptFile &file);

} // namespace cleat::server::test
