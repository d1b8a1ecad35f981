// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::base {

/// What a three-way merge does where both sides made something else of the same place.
enum class OnClash {
    Fail,
    PreferMine,
};

/// Whether changes of lines that lie side by side are of the same place.
enum class Adjacent {
    Clash, ///< as git does
    Apart, ///< they are not; for a caller who checks what the result means. Two insertions at one point clash all the same.
};

/// The lines with what both sides changed since `base`. What both changed alike is there once. nullopt when they clash, unless mine is preferred: then mine takes
/// the place of theirs there, and there alone. Any thread.
std::optional<std::vector<std::string_view>> mergeSequences(std::span<const std::string_view> base, std::span<const std::string_view> mine,
                                                            std::span<const std::string_view> theirs, OnClash onClash, Adjacent adjacent);

/// The same of texts, by their lines.
std::optional<std::string> mergeLines(std::string_view base, std::string_view mine, std::string_view theirs, OnClash onClash = OnClash::Fail,
                                      Adjacent adjacent = Adjacent::Clash);

} // namespace cleat::base
