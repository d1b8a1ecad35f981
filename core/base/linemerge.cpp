// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/linemerge.h"

#include "core/base/linediff.h"

#include <algorithm>
#include <utility>

namespace cleat::base {

namespace {

using Lines = std::span<const std::string_view>;

/// One side's changes in order. Those of the place at hand are [taken, next).
struct Side {
    Lines lines;
    std::span<const Hunk> hunks;
    std::size_t next = 0;
    std::size_t taken = 0;

    bool done() const { return next == hunks.size(); }
    std::span<const Hunk> atHand() const { return hunks.subspan(taken, next - taken); }
    std::pair<std::size_t, std::size_t> key() const { return {hunks[next].beforeBegin, hunks[next].beforeEnd}; }
};

/// What became of [begin, end) of the base, which holds the hunks whole; at least one.
Lines version(Lines lines, std::span<const Hunk> hunks, std::size_t begin, std::size_t end)
{
    const std::size_t from = hunks.front().afterBegin - (hunks.front().beforeBegin - begin);
    return lines.subspan(from, hunks.back().afterEnd + (end - hunks.back().beforeEnd) - from);
}

/// Whether a hunk that begins no earlier is of the place [begin, end) of the base.
bool belongs(const Hunk &hunk, std::size_t begin, std::size_t end, Adjacent adjacent)
{
    if (adjacent == Adjacent::Clash)
        return hunk.beforeBegin <= end;
    const bool bothInsert = begin == end && hunk.beforeBegin == hunk.beforeEnd;
    return hunk.beforeBegin < end || (bothInsert && hunk.beforeBegin == end);
}

class Merger final
{
public:
    Merger(Lines base, OnClash onClash, Adjacent adjacent) : m_base(base), m_onClash(onClash), m_adjacent(adjacent) {}

    /// False when they clash.
    bool run(Lines mine, Lines theirs)
    {
        const std::vector<Hunk> mineHunks = diffLines(m_base, mine);
        const std::vector<Hunk> theirHunks = diffLines(m_base, theirs);
        if (!merge({mine, mineHunks}, {theirs, theirHunks}, Adjacent::Clash))
            return false;
        append(m_base.subspan(m_at));
        return true;
    }

    std::vector<std::string_view> merged;

private:
    void append(Lines lines) { merged.insert(merged.end(), lines.begin(), lines.end()); }

    bool merge(Side my, Side their, Adjacent adjacent)
    {
        while (!my.done() || !their.done()) {
            // An insertion comes before a change that begins where it stands.
            Side &first = their.done() || (!my.done() && my.key() <= their.key()) ? my : their;
            const auto [begin, firstEnd] = first.key();
            std::size_t end = firstEnd;
            my.taken = my.next;
            their.taken = their.next;
            ++first.next;
            for (bool grown = true; grown;) {
                grown = false;
                for (Side *side : {&my, &their}) {
                    while (!side->done() && belongs(side->hunks[side->next], begin, end, adjacent)) {
                        end = std::max(end, side->hunks[side->next].beforeEnd);
                        ++side->next;
                        grown = true;
                    }
                }
            }
            if (!place(my, their, begin, end, adjacent))
                return false;
        }
        return true;
    }

    bool place(const Side &my, const Side &their, std::size_t begin, std::size_t end, Adjacent adjacent)
    {
        const auto mine = my.atHand();
        const auto theirs = their.atHand();
        if (!mine.empty() && !theirs.empty() && !std::ranges::equal(version(my.lines, mine, begin, end), version(their.lines, theirs, begin, end))) {
            if (adjacent != m_adjacent) // what lies side by side may be told apart
                return merge({my.lines, mine}, {their.lines, theirs}, m_adjacent);
            if (m_onClash == OnClash::Fail)
                return false;
        }
        append(m_base.subspan(m_at, begin - m_at));
        m_at = end;
        append(mine.empty() ? version(their.lines, theirs, begin, end) : version(my.lines, mine, begin, end));
        return true;
    }

    Lines m_base;
    OnClash m_onClash;
    Adjacent m_adjacent;
    std::size_t m_at = 0; ///< in the base
};

} // namespace

std::optional<std::vector<std::string_view>> mergeSequences(Lines base, Lines mine, Lines theirs, OnClash onClash, Adjacent adjacent)
{
    Merger merger(base, onClash, adjacent);
    if (!merger.run(mine, theirs))
        return std::nullopt;
    return std::move(merger.merged);
}

std::optional<std::string> mergeLines(std::string_view base, std::string_view mine, std::string_view theirs, OnClash onClash, Adjacent adjacent)
{
    const auto merged = mergeSequences(splitLines(base), splitLines(mine), splitLines(theirs), onClash, adjacent);
    if (!merged)
        return std::nullopt;
    std::string text;
    for (const std::string_view line : *merged)
        text += line;
    return text;
}

} // namespace cleat::base
