// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/linediff.h"

#include "core/base/linediff.h"

#include <algorithm>

namespace cleat::ui {

namespace {

using Lines = std::vector<std::string_view>;

std::string shown(std::string_view line)
{
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.remove_suffix(1);
    return std::string(line);
}

void append(DiffLine::Kind kind, const Lines &lines, std::size_t begin, std::size_t end, std::vector<DiffLine> &out)
{
    for (std::size_t i = begin; i < end; ++i)
        out.push_back({kind, static_cast<int>(i + 1), shown(lines[i])});
}

} // namespace

std::vector<DiffLine> diffLines(std::string_view before, std::string_view after, int context)
{
    if (before == after)
        return {};
    const Lines a = base::splitLines(before);
    const Lines b = base::splitLines(after);
    const std::size_t reach = static_cast<std::size_t>(std::max(context, 0));
    std::vector<DiffLine> result;
    std::size_t told = 0; // of the new text's lines
    const auto gapUntil = [&](std::size_t line) {
        if (line > told)
            result.push_back({DiffLine::Kind::Gap, 0, {}});
        told = std::max(told, line);
    };
    const std::vector<base::Hunk> hunks = base::diffLines(a, b);
    for (std::size_t i = 0; i < hunks.size(); ++i) {
        const base::Hunk &hunk = hunks[i];
        gapUntil(hunk.afterBegin > reach ? hunk.afterBegin - reach : 0);
        append(DiffLine::Kind::Same, b, told, hunk.afterBegin, result);
        append(DiffLine::Kind::Removed, a, hunk.beforeBegin, hunk.beforeEnd, result);
        append(DiffLine::Kind::Added, b, hunk.afterBegin, hunk.afterEnd, result);
        const std::size_t next = i + 1 < hunks.size() ? hunks[i + 1].afterBegin : b.size();
        told = std::min(next, hunk.afterEnd + reach);
        append(DiffLine::Kind::Same, b, hunk.afterEnd, told, result);
    }
    gapUntil(b.size());
    return result;
}

} // namespace cleat::ui
