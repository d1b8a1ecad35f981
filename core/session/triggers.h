// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/workertriggers.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cleat::session {

/// A queue of what runs.
struct QueueStatus {
    std::string name;
    std::vector<std::string> producers; ///< the Workers (or the project) that have it in `env`, by name
    std::string consumer; ///< the Worker that consumes it; empty: none, and what is sent waits
    std::optional<config::QueueConsumer> settings; ///< of the consumer
    enum class Delivery {
        NoConsumer,
        Stopped, ///< the consumer does not run: the project is stopped, or its code does not load
        Pulled, ///< by somebody else over the network (http_pull): nothing is delivered here
        Running
    };
    Delivery delivery = Delivery::NoConsumer;
    std::vector<std::string> deadLettersOf; ///< the queues whose dead-letter queue it is
    bool operator==(const QueueStatus &) const = default;
};

/// A schedule of a Worker. Nothing runs by the clock: as with the reference, what runs on this machine is called by hand (runCron(), /cdn-cgi/handler/scheduled).
struct CronStatus {
    std::string worker;
    std::string pattern;
    std::optional<std::int64_t> nextMs; ///< when it would run in production, by now; wall clock
    std::optional<base::Error> error; ///< it is no pattern
    bool runs = false; ///< its Worker does
    bool operator==(const CronStatus &) const = default;
};

} // namespace cleat::session
