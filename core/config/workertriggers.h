// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/document.h"

#include <optional>
#include <string>
#include <vector>

namespace cleat::config {

/// An entry of `queues.consumers` of a Worker's file. What is not said is std::nullopt: who delivers has defaults (session/queuebroker.h).
struct QueueConsumer {
    std::string queue;
    enum class Type {
        Worker, ///< its queue() handler
        HttpPull ///< somebody who asks for messages over the network: nothing is delivered here
    };
    Type type = Type::Worker;
    std::optional<int> maxBatchSize; ///< messages, 0 to 100
    std::optional<double> maxBatchTimeout; ///< seconds, 0 to 60
    std::optional<int> maxRetries; ///< 0 to 100
    std::optional<int> maxConcurrency; ///< batches at a time, 1 to 250
    std::optional<int> retryDelay; ///< seconds, 0 to 86400
    std::string deadLetterQueue; ///< empty: none
    base::Place place;
    bool operator==(const QueueConsumer &) const = default;
};

/// What calls a Worker without a request.
struct WorkerTriggers {
    std::vector<QueueConsumer> consumers; ///< `queues.consumers`, in file order
    struct Cron {
        std::string pattern;
        base::Place place;
        bool operator==(const Cron &) const = default;
    };
    std::vector<Cron> crons; ///< `triggers.crons`, in file order
    bool operator==(const WorkerTriggers &) const = default;
};

/// Reads them out of the top level of a Worker's file. `path` goes into places. Code worker.triggers: something is of a wrong type, missing or out of its range. Any thread.
base::Result<WorkerTriggers> workerTriggers(const Document &document, const std::string &path);

} // namespace cleat::config
