// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/devoptions.h"

#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::app {

/// What is wrong with a value: one sentence for the user. Nothing: it was taken.
using Problem = std::optional<std::string>;

/// One flag of `cleat dev`.
struct DevFlag {
    enum class Takes {
        Truth,   ///< --flag, --no-flag, --flag true
        One,     ///< --flag VALUE; of several the last one counts
        Several, ///< --flag A B --flag C: up to the next flag, as wrangler reads it
    };
    enum class Group { Project, Bindings, Network, Runtime, Output, Hidden };

    std::string_view name; ///< without dashes
    std::string_view others; ///< further names, separated by blanks
    char letter = 0;
    Takes takes = Takes::One;
    Group group = Group::Project;
    std::string_view value; ///< what the help and messages call it
    std::string_view help; ///< without a full stop; may be long
    /// `text` is "true" or "false" for Takes::Truth. `base`: where relative paths begin.
    std::function<Problem(DevCommandLine &line, const std::string &text, const std::filesystem::path &base)> set;
    std::string_view warning = {}; ///< told when it is given: of one that is out of date, or without a meaning here
};

/// All of them, in the order of the help.
std::span<const DevFlag> devFlags();

/// "--flag", or "-f".
std::string dashed(std::string_view name);

} // namespace cleat::app
