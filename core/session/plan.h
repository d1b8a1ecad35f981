// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace cleat::session {

/// Whose limits a run keeps: those of the Workers Free or the Workers Paid plan (developers.cloudflare.com/workers/platform/limits), or none but those that keep the program alive.
enum class Plan : std::uint8_t { Free, Paid, None };

} // namespace cleat::session
