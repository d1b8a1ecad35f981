// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace cleat::runtime {

/// What is known of a call when it begins. A call that has to wait before it reaches C++ (for a stream to be read) takes its mark first.
struct CallMark {
    std::int64_t beginNs = 0;
    std::uint32_t span = 0; ///< 0: the request has ended, or there is none
    std::uint32_t parent = 0;
    std::uint32_t place = 0; ///< of Realm::place()
};

} // namespace cleat::runtime
