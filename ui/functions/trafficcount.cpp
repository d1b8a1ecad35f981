// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/functions/trafficcount.h"

#include <algorithm>
#include <cmath>

namespace cleat::ui {

namespace {

const double logOfStep = std::log(1.05);

} // namespace

void TrafficCount::add(std::uint32_t durationUs, Outcome outcome)
{
    const int step = durationUs == 0 ? 0 : static_cast<int>(std::log(static_cast<double>(durationUs)) / logOfStep) + 1;
    ++m_durations.at(static_cast<std::size_t>(std::clamp(step, 0, steps - 1)));
    ++m_requests;
    if (outcome == Outcome::Failed)
        ++m_errors;
}

std::uint32_t TrafficCount::percentileUs(double part) const
{
    if (m_requests == 0)
        return 0;
    const auto wanted = static_cast<std::uint64_t>(std::ceil(part * static_cast<double>(m_requests)));
    std::uint64_t seen = 0;
    for (int step = 0; step < steps; ++step) {
        seen += m_durations[static_cast<std::size_t>(step)];
        if (seen >= std::max<std::uint64_t>(1, wanted))
            return step == 0 ? 0 : static_cast<std::uint32_t>(std::lround(std::exp((step - 0.5) * logOfStep))); // the middle of the step
    }
    return 0;
}

} // namespace cleat::ui
