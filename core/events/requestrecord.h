// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <vector>

namespace cleat::events {

/// A request with all that is known of it, as one value: what detail views, exports and replays work on.
struct RequestRecord {
    RequestEvent request;
    ContentEvent content;
    std::vector<CallEvent> calls; ///< spans, in the order in which they ended
    std::vector<ConsoleEvent> console;
    std::vector<ExceptionEvent> exceptions;
    bool operator==(const RequestRecord &) const = default;
};

} // namespace cleat::events
