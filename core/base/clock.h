// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace cleat::base {

/// Wall clock, milliseconds since the Unix epoch.
std::int64_t wallMs();
/// Wall clock, microseconds since the Unix epoch.
std::int64_t wallUs();
/// Monotonic clock, nanoseconds since an unspecified start. Never goes back.
std::int64_t steadyNs();

} // namespace cleat::base
