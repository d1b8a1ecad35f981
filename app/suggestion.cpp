// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/suggestion.h"

#include <algorithm>
#include <vector>

namespace cleat::app {

namespace {

/// Letters to change, add, remove or swap with their neighbour (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::vector<std::size_t> next(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        next[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                next[j] = std::min(next[j], before[j - 2] + 1);
        }
        std::swap(before, row);
        std::swap(row, next);
    }
    return row[b.size()];
}

} // namespace

std::string_view nearest(std::string_view typed, std::span<const std::string_view> known)
{
    if (typed.empty() || typed.size() > 64)
        return {};
    std::string_view best;
    std::size_t least = std::max<std::size_t>(1, typed.size() / 3) + 1; // "prt" may be "port", "x" is nothing
    for (const std::string_view name : known) {
        const std::size_t far = distance(typed, name);
        if (far < least && far < name.size()) {
            least = far;
            best = name;
        }
    }
    if (!best.empty())
        return best;
    for (const std::string_view name : known) {
        if (typed.size() >= 3 && name.starts_with(typed) && (best.empty() || name.size() < best.size()))
            best = name;
    }
    return best;
}

} // namespace cleat::app
