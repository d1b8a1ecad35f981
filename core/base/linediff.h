// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace cleat::base {

/// The lines of a text, each with its line end, so that a missing last one or another style counts. They point into the text.
std::vector<std::string_view> splitLines(std::string_view text);

/// A piece that is another: [beforeBegin, beforeEnd) of the old lines has become [afterBegin, afterEnd) of the new ones. One of the two may be empty.
struct Hunk {
    std::size_t beforeBegin = 0;
    std::size_t beforeEnd = 0;
    std::size_t afterBegin = 0;
    std::size_t afterEnd = 0;
    bool operator==(const Hunk &) const = default;
};

/// What turns one sequence into the other, in order, with at least one equal line between two hunks. As few lines as possible (E. Myers, "An O(ND) Difference
/// Algorithm", 1986); sequences that differ in more than 2,000 lines are one hunk between their equal ends. Any thread.
std::vector<Hunk> diffLines(std::span<const std::string_view> before, std::span<const std::string_view> after);

} // namespace cleat::base
