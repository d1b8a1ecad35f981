// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/linediff.h"

#include <algorithm>
#include <cstdint>

namespace cleat::ui {

namespace {

using Lines = std::vector<std::string_view>;

/// Each with its line end, so that a missing last one or another style counts.
Lines split(std::string_view text)
{
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::size_t length = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return lines;
}

std::string shown(std::string_view line)
{
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.remove_suffix(1);
    return std::string(line);
}

/// The longest common subsequence by the plain table; what differs in one edit of a Wrangler file is small once equal ends are cut off.
constexpr std::size_t maxCells = 4'000'000;

void diffMiddle(const Lines &a, std::size_t aFrom, std::size_t aTo, const Lines &b, std::size_t bFrom, std::size_t bTo, std::vector<DiffLine> &out)
{
    const std::size_t n = aTo - aFrom;
    const std::size_t m = bTo - bFrom;
    const auto removed = [&](std::size_t i) { out.push_back({DiffLine::Kind::Removed, static_cast<int>(i + 1), shown(a[i])}); };
    const auto added = [&](std::size_t j) { out.push_back({DiffLine::Kind::Added, static_cast<int>(j + 1), shown(b[j])}); };
    if ((n + 1) * (m + 1) > maxCells) {
        for (std::size_t i = aFrom; i < aTo; ++i)
            removed(i);
        for (std::size_t j = bFrom; j < bTo; ++j)
            added(j);
        return;
    }
    std::vector<std::uint32_t> length((n + 1) * (m + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t & { return length[i * (m + 1) + j]; };
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t j = m; j-- > 0;)
            at(i, j) = a[aFrom + i] == b[bFrom + j] ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < n || j < m) {
        if (i < n && j < m && a[aFrom + i] == b[bFrom + j]) {
            out.push_back({DiffLine::Kind::Same, static_cast<int>(bFrom + j + 1), shown(b[bFrom + j])});
            ++i;
            ++j;
        } else if (i < n && (j == m || at(i + 1, j) >= at(i, j + 1))) {
            removed(aFrom + i++);
        } else {
            added(bFrom + j++);
        }
    }
}

} // namespace

std::vector<DiffLine> diffLines(std::string_view before, std::string_view after, int context)
{
    if (before == after)
        return {};
    const Lines a = split(before);
    const Lines b = split(after);
    std::size_t head = 0;
    while (head < a.size() && head < b.size() && a[head] == b[head])
        ++head;
    std::size_t tail = 0;
    while (tail < a.size() - head && tail < b.size() - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;

    std::vector<DiffLine> all;
    for (std::size_t i = 0; i < head; ++i)
        all.push_back({DiffLine::Kind::Same, static_cast<int>(i + 1), shown(b[i])});
    diffMiddle(a, head, a.size() - tail, b, head, b.size() - tail, all);
    for (std::size_t i = b.size() - tail; i < b.size(); ++i)
        all.push_back({DiffLine::Kind::Same, static_cast<int>(i + 1), shown(b[i])});

    std::vector<bool> keep(all.size(), false);
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].kind == DiffLine::Kind::Same)
            continue;
        const std::size_t reach = static_cast<std::size_t>(std::max(context, 0));
        const std::size_t last = std::min(all.size() - 1, i + reach);
        for (std::size_t k = i > reach ? i - reach : 0; k <= last; ++k)
            keep[k] = true;
    }
    std::vector<DiffLine> result;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (keep[i])
            result.push_back(std::move(all[i]));
        else if (result.empty() || result.back().kind != DiffLine::Kind::Gap)
            result.push_back({DiffLine::Kind::Gap, 0, {}});
    }
    return result;
}

} // namespace cleat::ui
