// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

/// Times at which stored values end, for people. All in milliseconds since the Unix epoch. Any thread.
namespace cleat::ui {

bool expired(std::int64_t ms);
/// "in 3 days", "12 minutes ago".
QString relativeTime(std::int64_t ms);
/// Local wall clock with its date: "2026-11-28 05:12:03".
QString absoluteTime(std::int64_t ms);

} // namespace cleat::ui
