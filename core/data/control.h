// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace cleat::data {

/// How far a long piece of work is.
struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0; ///< 0: not known
    std::string what; ///< what is at hand: a key, a file
    bool operator==(const Progress &) const = default;
};

/// How its caller steers a long piece of work. Cancelled work fails with code data.cancelled, and says in its header what then stays.
struct Control {
    std::stop_token stop;
    std::function<void(const Progress &)> progress; ///< called on the thread that works, now and then; may be empty
};

} // namespace cleat::data
