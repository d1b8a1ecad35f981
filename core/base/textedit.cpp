// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/textedit.h"

#include <algorithm>

namespace cleat::base {

std::string applyEdits(std::string_view text, std::vector<TextEdit> edits)
{
    std::stable_sort(edits.begin(), edits.end(), [](const TextEdit &a, const TextEdit &b) { return a.offset < b.offset; });
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
