// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::base {

/// Replace `length` bytes from `offset` by `text`. Offsets count bytes of the text before any edit.
struct TextEdit {
    std::size_t offset = 0;
    std::size_t length = 0;
    std::string text;
    bool operator==(const TextEdit &) const = default;
};

/// Applies edits that do not overlap, in any order, and leaves every other byte as it is. Two insertions at one offset keep their order;
/// an insertion at the start of a replaced piece comes before it.
std::string applyEdits(std::string_view text, std::vector<TextEdit> edits);

} // namespace cleat::base
