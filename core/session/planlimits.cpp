// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/planlimits.h"

namespace cleat::session {

runtime::Limits limitsOf(Plan plan)
{
    runtime::Limits limits; // 128 MB in both plans
    switch (plan) {
    case Plan::Free:
        limits.cpuMs = 10;
        limits.subrequests = 50;
        limits.serviceCalls = 1'000;
        limits.queries = 50;
        limits.dataPoints = 250;
        break;
    case Plan::Paid:
        limits.cpuMs = 30'000;
        limits.subrequests = 10'000;
        limits.serviceCalls = 10'000;
        limits.queries = 1'000;
        limits.dataPoints = 250;
        break;
    case Plan::None:
        limits.heapBytes = 1024U << 20;
        limits.bufferBytes = 1024U << 20;
        limits.cpuMs = 300'000;
        break;
    }
    return limits;
}

} // namespace cleat::session
