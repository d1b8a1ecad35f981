// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/serviceoptions.h"

#include "core/runtime/worker.h"

namespace cleat::session {

void ServiceOptions::applyTo(runtime::Bindings &bindings) const
{
    for (runtime::Bindings::Ai &one : bindings.ai)
        one.provider = ai;
    for (runtime::Bindings::Hyperdrive &one : bindings.hyperdrives) {
        one.cacheSeconds = hyperdriveSeconds;
        one.staleSeconds = hyperdriveStaleSeconds;
    }
    bindings.analyticsPerSecond = analyticsPerSecond;
}

} // namespace cleat::session
