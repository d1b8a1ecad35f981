// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace cleat::ui {

/// Requests counted, with their durations in steps of 5 %, so that percentiles cost no memory for each. A value.
class TrafficCount final
{
public:
    enum class Outcome { Good, Failed };
    void add(std::uint32_t durationUs, Outcome outcome);
    std::uint64_t requests() const { return m_requests; }
    std::uint64_t errors() const { return m_errors; }
    /// The duration that `part` of the requests (0 to 1) did not go beyond, in microseconds, within 5 %; 0 when there are none.
    std::uint32_t percentileUs(double part) const;

private:
    static constexpr int steps = 456; ///< as far as 32 bits go
    std::array<std::uint32_t, steps> m_durations{};
    std::uint64_t m_requests = 0;
    std::uint64_t m_errors = 0;
};

} // namespace cleat::ui
