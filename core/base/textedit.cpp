// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/textedit.h"

#include <algorithm>
#include <utility>

namespace cleat::base {

std::string applyEdits(std::string_view text, std::vector<TextEdit> edits)
{
    // Of two at one offset the insertion comes first, or it would lie inside of what the other replaces.
    std::ranges::stable_sort(edits, {}, [](const TextEdit &edit) { return std::pair(edit.offset, edit.length > 0); });
    std::string out;
    std::size_t position = 0;
    for (const TextEdit &edit : edits) {
        const std::size_t start = std::min(edit.offset, text.size());
        out += text.substr(position, start - position);
        out += edit.text;
        position = std::min(start + edit.length, text.size());
    }
    out += text.substr(position);
    return out;
}

} // namespace cleat::base
