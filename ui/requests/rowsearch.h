// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace cleat::ui {

/// A stretch of the wall clock: [fromUs, toUs), microseconds since the Unix epoch.
struct TimeSpan {
    std::int64_t fromUs = 0;
    std::int64_t toUs = 0;
    bool holds(std::int64_t us) const { return us >= fromUs && us < toUs; }
    bool operator==(const TimeSpan &) const = default;
};

/// Which rows of a recording are wanted.
struct RowCriteria {
    events::RequestQuery query;
    std::optional<TimeSpan> time; ///< by when requests began
    bool all() const { return query.empty() && !time; }
    bool operator==(const RowCriteria &) const = default;
};

/// Those that fit, ascending. Any thread; takes the longer the more there are.
std::vector<events::Recording::Sequence> searchRows(
    const events::Recording &recording, const RowCriteria &criteria, events::Recording::Range range, const std::stop_token &stop);

/// Whether one fits; not one that is not held.
bool fitsRow(const events::Recording &recording, const RowCriteria &criteria, events::Recording::Sequence sequence);

} // namespace cleat::ui
