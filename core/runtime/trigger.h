// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace cleat::runtime {

/// How work without a request ended.
struct TriggerResult {
    std::string outcome; ///< workerd's words: "ok", "exception", "exceededCpu", "exceededMemory"; "canceled": the Worker ended before, or had no code to run
    std::string error; ///< one line; empty when the outcome is "ok"
    std::string details; ///< JSON, an object: what the handler left behind, by the kind of event (js/triggers.js); empty: none
    bool operator==(const TriggerResult &) const = default;
};

/// Work that no request asks for: one call of a handler of the code's. It is a row of the log like a request, with the same spans, console lines and exceptions, and under the same limits.
/// The handler is found by `event` in js/triggers.js, which gets the arguments in their order.
struct Trigger {
    struct Bytes { ///< becomes an ArrayBuffer
        std::string bytes;
    };
    using Argument = std::variant<std::string, double, Bytes>;

    std::string event; ///< "scheduled", "queue"
    std::vector<Argument> arguments;
    /// The row: RequestEvent's members of these names. The kind must not be Http.
    events::RequestKind kind = events::RequestKind::Cron;
    std::string target;
    std::string environment;
    events::RequestId cause = 0;
    std::string given; ///< JSON for the log: what the handler is called with
    /// Called once, on the Worker's thread, or, when the Worker ends first, on the one that ends it. May be empty.
    std::function<void(TriggerResult &&)> done;
};

} // namespace cleat::runtime
