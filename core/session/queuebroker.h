// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/queues/queuestore.h"
#include "core/config/workertriggers.h"
#include "core/events/eventlog.h"
#include "core/runtime/trigger.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace cleat::session {

/// Gives what waits in queues to the Workers that consume them, batch by batch, on a thread of its own. As the reference does: batches of 5 after a second, or at once when there are that
/// many; 2 retries; then to the dead-letter queue, with the same id and time. Better than that: what was not acknowledged is kept on disk; a message that was acknowledged one by one stays
/// acknowledged when the handler fails, as the product documents it; and what used up its attempts with no dead-letter queue stays to be seen ("dead"). Batches of one queue follow each
/// other, unless max_concurrency says that there may be more at a time. Any thread.
class QueueBroker final
{
public:
    /// A Worker that consumes a queue. `deliver` starts a trigger there, from any thread, also when the Worker is gone by then (WorkerProject::door()).
    struct Consumer {
        config::QueueConsumer settings;
        std::string worker; ///< its name
        std::function<void(runtime::Trigger &&)> deliver;
    };

    /// `log` is borrowed. `changed`: what lies in the queues is another; on the broker's thread, some 30 times a second at most.
    QueueBroker(events::EventLog &log, std::function<void()> changed);
    /// What is under way is delivered anew the next time.
    ~QueueBroker();
    QueueBroker(const QueueBroker &) = delete;
    QueueBroker &operator=(const QueueBroker &) = delete;

    /// Delivers to these from now on, out of this state folder. Each queue has one of them at most.
    void setConsumers(std::filesystem::path state, std::vector<Consumer> consumers);
    /// Something may have been sent, released or resumed.
    void wake();
    /// What waits in that queue is delivered without waiting for the batch to be full.
    void deliverNow(const std::string &queue);

    static constexpr int defaultBatchSize = 5;
    static constexpr double defaultBatchTimeout = 1; ///< seconds
    static constexpr int defaultRetries = 2;

private:
    struct Batch;
    struct Line;
    struct Mail;
    void run();
    bool takeNews();
    void use(std::filesystem::path state, std::vector<Consumer> consumers);
    std::int64_t serve(Line &line, std::int64_t nowNs);
    bool start(Line &line);
    void settle(Batch &batch, const runtime::TriggerResult &result);
    std::int64_t settleAgain(std::int64_t nowNs);
    void returnAll();
    void problem(const base::Error &error);

    events::EventLog &m_log;
    const std::function<void()> m_changed;
    const std::shared_ptr<Mail> m_mail; ///< what comes from other threads

    // The thread's.
    std::filesystem::path m_state;
    std::unique_ptr<bindings::queues::QueueStore> m_store;
    std::map<std::string, std::unique_ptr<Line>> m_lines; ///< by queue
    std::vector<std::shared_ptr<Batch>> m_open; ///< under way
    std::vector<bindings::queues::QueueStore::Outcome> m_unsettled; ///< that could not be written yet
    std::int64_t m_settleNs = 0; ///< when to try that again
    std::string m_lastProblem;
    std::int64_t m_toldNs = 0;
    std::int64_t m_expireNs = 0;
    bool m_news = false; ///< that m_changed has not been told of
    std::thread m_thread; ///< last: the others are there when it begins
};

} // namespace cleat::session
