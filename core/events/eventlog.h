// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"
#include "core/events/redactor.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

namespace cleat::events {

/// Events as one producer handed them over together. Immutable once published, and shared by all readers.
using Batch = std::vector<Event>;

/// The record of what a running project did: bounded, numbered, appended in batches by any thread and read in batches by any thread.
/// A producer holds the lock for one pointer only and never waits for a reader. Oldest batches go first when the bound is reached.
class EventLog final
{
public:
    explicit EventLog(std::size_t maxBytes);
    EventLog(const EventLog &) = delete;
    EventLog &operator=(const EventLog &) = delete;

    /// A new request's id. Any thread.
    RequestId nextRequest() { return m_lastRequest.fetch_add(1, std::memory_order_relaxed) + 1; }

    /// How much producers tell of requests: Nothing; the Rows only; or All, what happened inside and what went over the wire too.
    enum class Recorded : std::uint8_t { Nothing, Rows, All };
    void setRecording(Recorded recorded);
    Recorded recorded() const { return m_recorded.load(std::memory_order_relaxed); }
    bool recordsAll() const { return recorded() == Recorded::All; }
    /// Bytes kept of a body in each direction; 1 MiB at first. Any thread.
    void setBodyBytes(std::size_t bytes) { m_bodyBytes.store(bytes, std::memory_order_relaxed); }
    std::size_t bodyBytes() const { return m_bodyBytes.load(std::memory_order_relaxed); }

    /// As many events are worth to be handed over at once. Fewer than 64 KiB, from which on glibc tidies its heap whenever such a block is freed.
    static constexpr std::size_t batchEvents = 192;
    /// An empty one with room for about as many as the last one had, which doubles up to batchEvents and no further.
    static Batch emptyBatch(std::size_t last);
    /// Takes the batch. An empty one is ignored. Any thread.
    void publish(Batch &&batch);

    /// From now on, what is published passes through it first; nullptr: nothing does. What is held already stays as it is. Any thread.
    void setRedactor(std::shared_ptr<const Redactor> redactor);
    std::shared_ptr<const Redactor> redactor() const;

    struct Drained {
        std::vector<std::shared_ptr<const Batch>> batches; ///< in order
        std::uint64_t next = 0; ///< pass it to the next call
        std::uint64_t missed = 0; ///< batches that were dropped before this reader came
    };
    /// Everything published since `cursor` (0 at first). Never blocks on producers for longer than copying pointers. Any thread.
    Drained after(std::uint64_t cursor) const;
    /// Waits until there is something after `cursor`; false: it was asked to stop. Any thread.
    bool waitAfter(std::uint64_t cursor, const std::stop_token &stop) const;

    /// Forgets what is held; cursors stay valid.
    void clear();

    /// Bytes held now, by memoryOf().
    std::size_t bytes() const;
    /// Events dropped so far because of the bound.
    std::uint64_t droppedEvents() const;

private:
    struct Held {
        std::shared_ptr<const Batch> batch;
        std::size_t bytes = 0;
    };
    mutable std::mutex m_mutex;
    mutable std::condition_variable_any m_arrived;
    mutable int m_waiting = 0; ///< threads in waitAfter()
    std::deque<Held> m_held;
    std::uint64_t m_first = 1; ///< number of m_held.front()
    std::size_t m_bytes = 0;
    std::uint64_t m_dropped = 0;
    const std::size_t m_maxBytes;
    std::atomic<RequestId> m_lastRequest{0};
    std::atomic<Recorded> m_recorded{Recorded::All};
    std::atomic<std::size_t> m_bodyBytes{1U << 20};
    std::atomic<bool> m_redacts{false}; ///< whether it is worth to ask for m_redactor
    mutable std::mutex m_redactorMutex;
    std::shared_ptr<const Redactor> m_redactor;
};

} // namespace cleat::events
