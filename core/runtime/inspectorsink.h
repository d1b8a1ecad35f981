// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <string>

namespace cleat::runtime {

/// One attached debugger. Chosen by who attaches it; not 0, and never used twice for one Worker.
using InspectorSessionId = std::uint64_t;

/// Where a Worker's inspector sends what it says. Called on the Worker's thread; must return at once.
class InspectorSink
{
public:
    virtual ~InspectorSink() = default;
    /// A response or a notification of the inspector protocol: one JSON object, UTF-8.
    virtual void message(InspectorSessionId session, std::string &&json) = 0;
    /// The code stands still, at a place of the user's files (line 0: not known), until a debugger lets it go on or none is left.
    virtual void paused(const base::Place &place) = 0;
    virtual void resumed() = 0;
};

} // namespace cleat::runtime
