// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/edit.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reads the cases of tests/golden/config (the format is told in its README).
namespace cleat::config::golden {

struct Case {
    std::string name;
    Form form = Form::Toml;
    std::vector<Edit> edits; ///< one step
    std::string before;
    std::string after;
    std::string error; ///< the code that is expected instead of `after`
};

/// Throws std::runtime_error with the file's name when a case is malformed.
std::vector<Case> readCases(const std::filesystem::path &folder);

/// Reads one edit line: {"do": "add", "kind": "kv_namespaces", "scope": "preview", "entry": {...}}.
Edit readEdit(std::string_view line);

} // namespace cleat::config::golden
