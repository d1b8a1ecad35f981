// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/rowsearch.h"

#include <algorithm>

namespace cleat::ui {

using events::Recording;
using Sequence = Recording::Sequence;

namespace {

constexpr std::size_t few = 4'096; ///< rows that are looked at one by one sooner than sorted

/// Of rows in the order of their time, where those begin that began at `us` or later. Rows that went meanwhile are the oldest, and count as such.
std::ptrdiff_t firstAt(const Recording &recording, const std::vector<Sequence> &rows, std::int64_t us)
{
    const auto before = [&recording](Sequence sequence, std::int64_t time) {
        const auto row = recording.row(sequence);
        return !row || row->request.startUs < time;
    };
    return std::lower_bound(rows.begin(), rows.end(), us, before) - rows.begin();
}

} // namespace

std::vector<Sequence> searchRows(const Recording &recording, const RowCriteria &criteria, Recording::Range range, const std::stop_token &stop)
{
    std::vector<Sequence> rows = recording.matching(criteria.query, range.first, range.end, stop);
    if (!criteria.time || stop.stop_requested())
        return rows;
    if (rows.size() <= few) {
        std::erase_if(rows, [&](Sequence sequence) {
            const auto row = recording.row(sequence);
            return !row || !criteria.time->holds(row->request.startUs);
        });
        return rows;
    }
    // They arrive about in the order of their time, but one that runs long may be told late.
    recording.sort(rows, Recording::Key::Time, Recording::Order::Ascending, stop);
    if (stop.stop_requested())
        return {};
    const auto first = firstAt(recording, rows, criteria.time->fromUs);
    const auto end = std::max(first, firstAt(recording, rows, criteria.time->toUs));
    rows.erase(rows.begin() + end, rows.end());
    rows.erase(rows.begin(), rows.begin() + first);
    std::ranges::sort(rows);
    return rows;
}

bool fitsRow(const Recording &recording, const RowCriteria &criteria, Sequence sequence)
{
    if (criteria.time) {
        const auto row = recording.row(sequence);
        if (!row || !criteria.time->holds(row->request.startUs))
            return false;
    }
    return recording.fits(criteria.query, sequence);
}

} // namespace cleat::ui
