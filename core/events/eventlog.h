// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/batchpool.h"
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
/// A producer holds the lock for one pointer only and never waits for a reader. Oldest batches go first when the bound is reached; what has been read by every Reader and tells of
/// nothing but requests goes at once.
class EventLog final
{
public:
    explicit EventLog(std::size_t maxBytes);
    EventLog(const EventLog &) = delete;
    EventLog &operator=(const EventLog &) = delete;

    /// A new request's id. Any thread.
    RequestId nextRequest() { return m_lastRequest.fetch_add(1, std::memory_order_relaxed) + 1; }

    /// Tells this log's request numbers from those of any other log, of this process or an earlier one: random, never 0.
    std::uint64_t token() const { return m_token; }

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
    /// Takes the batch. An empty one is ignored. Any thread.
    void publish(Batch &&batch);
    /// The same, for a producer that has more to come: an empty one with room for about as many, of memory that was used before where there is some.
    Batch publishAndRenew(Batch &&batch);

    /// From now on, what is published passes through it first; nullptr: nothing does. What is held already stays as it is. Any thread.
    void setRedactor(std::shared_ptr<const Redactor> redactor);
    std::shared_ptr<const Redactor> redactor() const;

    struct Drained {
        std::vector<std::shared_ptr<const Batch>> batches; ///< in order
        std::uint64_t next = 0; ///< pass it to the next call
        std::uint64_t missed = 0; ///< batches that the bound took before this reader came
    };
    /// Everything held since `cursor` (0 at first): all that was published, but for what the bound took and what went because there are Readers, which is RequestEvents, CallEvents
    /// and ContentEvents only. Never blocks on producers for longer than copying pointers. Any thread.
    Drained after(std::uint64_t cursor) const;

    /// One who reads all there is, and for whom the log keeps it as long as the bound allows. One thread at a time.
    class Reader final
    {
    public:
        /// Begins with what is held. `log` has to live longer.
        explicit Reader(EventLog &log);
        ~Reader();
        Reader(const Reader &) = delete;
        Reader &operator=(const Reader &) = delete;

        /// Everything since the last call.
        Drained drain();
        /// As if all there is had been drained.
        void skip();
        /// Waits until there is something to drain; false: it was asked to stop.
        bool wait(const std::stop_token &stop) const;

    private:
        EventLog &m_log;
        std::uint64_t m_cursor = 0; ///< guarded by m_log.m_mutex, as is what follows
        friend class EventLog;
    };

    /// Forgets what is held; cursors stay valid.
    void clear();

    /// Bytes held now, by memoryOf().
    std::size_t bytes() const;
    /// Events dropped so far because of the bound.
    std::uint64_t droppedEvents() const;

private:
    struct Held {
        std::uint64_t number = 0;
        std::shared_ptr<const Batch> batch;
        std::size_t bytes = 0;
        bool requestsOnly = false; ///< RequestEvents, CallEvents and ContentEvents
    };
    using HeldList = std::deque<Held>;
    Drained drainedAfter(std::uint64_t cursor) const; // the lock is held, as by what follows
    HeldList::const_iterator at(std::uint64_t number) const;
    std::vector<Held> takeSettled();
    Held leaveOthers(Held &held);

    const std::uint64_t m_token;
    const std::shared_ptr<BatchPool> m_pool = std::make_shared<BatchPool>();
    mutable std::mutex m_mutex;
    mutable std::condition_variable_any m_arrived;
    mutable int m_waiting = 0; ///< threads that wait for something to come
    HeldList m_held; ///< by number
    std::vector<Reader *> m_readers;
    std::uint64_t m_next = 1; ///< number of the next batch
    std::uint64_t m_first = 1; ///< what is below was taken by the bound, or by clear()
    std::uint64_t m_settled = 1; ///< what is below and still held stays until the bound takes it
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
