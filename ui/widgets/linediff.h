// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cleat::ui {

struct DiffLine {
    enum class Kind {
        Same,
        Added,
        Removed,
        Gap, ///< lines left out
    };
    Kind kind = Kind::Same;
    int number = 0; ///< from 1: in the old text for Removed, else in the new one; 0 for Gap
    std::string text; ///< without its line end
    bool operator==(const DiffLine &) const = default;
};

/// What changed between two texts, line by line, with `context` equal lines round each change. A line whose end alone differs counts as changed.
/// Empty when the texts are equal. Any thread.
std::vector<DiffLine> diffLines(std::string_view before, std::string_view after, int context = 3);

} // namespace cleat::ui
