// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/linediff.h"

#include <algorithm>
#include <unordered_map>

namespace cleat::base {

namespace {

using Lines = std::span<const std::string_view>;

constexpr std::ptrdiff_t maxDifferences = 2000; ///< the search keeps about its square in numbers

constexpr std::size_t npos = std::size_t(-1);

class Search final
{
public:
    Search(Lines a, Lines b) : m_a(numbered(a)), m_b(numbered(b)) {}

    /// False when there are too many differences.
    bool run()
    {
        const auto n = static_cast<std::ptrdiff_t>(m_a.size());
        const auto m = static_cast<std::ptrdiff_t>(m_b.size());
        const std::ptrdiff_t most = std::min(n + m, maxDifferences);
        std::vector<std::ptrdiff_t> furthest(static_cast<std::size_t>(2 * most + 3), 0);
        const auto at = [&](std::ptrdiff_t k) -> std::ptrdiff_t & { return furthest[static_cast<std::size_t>(k + most + 1)]; };
        for (std::ptrdiff_t d = 0; d <= most; ++d) {
            for (std::ptrdiff_t k = -d; k <= d; k += 2) {
                std::ptrdiff_t x = k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
                while (x < n && x - k < m && m_a[static_cast<std::size_t>(x)] == m_b[static_cast<std::size_t>(x - k)])
                    ++x;
                at(k) = x;
                if (x >= n && x - k >= m) {
                    walkBack(d, k);
                    return true;
                }
            }
            // What the steps up to here reached, from diagonal -d to d.
            m_steps.emplace_back(&at(-d), &at(d) + 1);
        }
        return false;
    }

    /// For each line of `a` the line of `b` that it stays, or npos.
    const std::vector<std::size_t> &partners() const { return m_partners; }

private:
    std::vector<int> numbered(Lines lines)
    {
        std::vector<int> numbers;
        numbers.reserve(lines.size());
        for (const std::string_view line : lines)
            numbers.push_back(m_numbers.emplace(line, static_cast<int>(m_numbers.size())).first->second);
        return numbers;
    }

    void walkBack(std::ptrdiff_t d, std::ptrdiff_t k)
    {
        m_partners.assign(m_a.size(), npos);
        std::ptrdiff_t x = static_cast<std::ptrdiff_t>(m_a.size());
        const auto pairBackTo = [&](std::ptrdiff_t start) {
            for (; x > start; --x)
                m_partners[static_cast<std::size_t>(x - 1)] = static_cast<std::size_t>(x - 1 - k);
        };
        for (; d > 0; --d) {
            const std::vector<std::ptrdiff_t> &before = m_steps[static_cast<std::size_t>(d - 1)];
            const auto at = [&](std::ptrdiff_t diagonal) { return before[static_cast<std::size_t>(diagonal + d - 1)]; };
            // The diagonals of the step before lie at -(d-1) to d-1.
            const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
            const std::ptrdiff_t from = down ? at(k + 1) : at(k - 1);
            pairBackTo(down ? from : from + 1);
            k += down ? 1 : -1;
            x = from;
        }
        pairBackTo(0);
    }

    std::unordered_map<std::string_view, int> m_numbers;
    std::vector<int> m_a;
    std::vector<int> m_b;
    std::vector<std::vector<std::ptrdiff_t>> m_steps;
    std::vector<std::size_t> m_partners;
};

} // namespace

std::vector<std::string_view> splitLines(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::size_t length = end == std::string_view::npos ? text.size() : end + 1;
        lines.push_back(text.substr(0, length));
        text.remove_prefix(length);
    }
    return lines;
}

std::vector<Hunk> diffLines(Lines before, Lines after)
{
    const std::size_t head = static_cast<std::size_t>(std::ranges::mismatch(before, after).in1 - before.begin());
    const std::size_t room = std::min(before.size(), after.size()) - head;
    std::size_t tail = 0;
    while (tail < room && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    const std::size_t beforeEnd = before.size() - tail;
    const std::size_t afterEnd = after.size() - tail;
    if (head == beforeEnd && head == afterEnd)
        return {};
    if (head == beforeEnd || head == afterEnd)
        return {{head, beforeEnd, head, afterEnd}};
    Search search(before.subspan(head, beforeEnd - head), after.subspan(head, afterEnd - head));
    if (!search.run())
        return {{head, beforeEnd, head, afterEnd}};

    std::vector<Hunk> hunks;
    std::size_t a = head;
    std::size_t b = head;
    const auto close = [&](std::size_t untilA, std::size_t untilB) {
        if (untilA > a || untilB > b)
            hunks.push_back({a, untilA, b, untilB});
    };
    const std::vector<std::size_t> &partners = search.partners();
    for (std::size_t i = 0; i < partners.size(); ++i) {
        if (partners[i] == npos)
            continue;
        close(head + i, head + partners[i]);
        a = head + i + 1;
        b = head + partners[i] + 1;
    }
    close(beforeEnd, afterEnd);
    return hunks;
}

} // namespace cleat::base
