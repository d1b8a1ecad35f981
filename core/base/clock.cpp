// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"

#include <chrono>

namespace cleat::base {

using namespace std::chrono;

std::int64_t wallMs()
{
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t wallUs()
{
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t steadyNs()
{
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace cleat::base
