// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace cleat::session {

/// How often the site looks after its requests.
inline constexpr int tickMs = 15;

/// From one moment of base::steadyNs() to another, in microseconds; at least 1, because 0 stands for "never" in a request's phases.
inline std::uint32_t sinceUs(std::int64_t startNs, std::int64_t atNs)
{
    return static_cast<std::uint32_t>(std::max<std::int64_t>(1, (atNs - startNs) / 1000));
}

} // namespace cleat::session
