// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/eventlog.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <numeric>
#include <random>
#include <string_view>
#include <utility>

namespace cleat::events {

namespace {

std::size_t heap(const std::string &text)
{
    return text.capacity() > 15 ? text.capacity() : 0;
}

std::size_t heap(const RequestEvent &e)
{
    return heap(e.environment) + heap(e.method) + heap(e.target) + heap(e.handler) + heap(e.error);
}
std::size_t heap(const CallEvent &e)
{
    return heap(e.kind) + heap(e.binding) + heap(e.method) + heap(e.place.file) + heap(e.arguments) + heap(e.result) + heap(e.error);
}
std::size_t heap(const ConsoleEvent &e)
{
    return heap(e.text) + heap(e.values) + heap(e.place.file);
}
std::size_t heap(const ExceptionEvent &e)
{
    return heap(e.message) + heap(e.stack) + heap(e.place.file) + heap(e.excerpt);
}
std::size_t heap(const ContentEvent &e)
{
    return heap(e.requestHead) + heap(e.responseHead) + heap(e.cf) + heap(e.requestBody) + heap(e.responseBody);
}
std::size_t heap(const NoticeEvent &e)
{
    return heap(e.code) + heap(e.text) + heap(e.place.file);
}

} // namespace

bool isBindingCall(const CallEvent &call)
{
    static constexpr std::array<std::string_view, 7> others = {"middleware", "handler", "fetch", "connect", "websocket", "assets", "waituntil"};
    return std::ranges::find(others, call.kind) == others.end();
}

namespace {

bool isOfRequests(const Event &event)
{
    return std::holds_alternative<RequestEvent>(event) || std::holds_alternative<CallEvent>(event) || std::holds_alternative<ContentEvent>(event);
}

} // namespace

std::string_view kindName(RequestKind kind)
{
    switch (kind) {
    case RequestKind::Http:
        return "http";
    case RequestKind::Queue:
        return "queue";
    case RequestKind::Cron:
        return "cron";
    case RequestKind::Alarm:
        return "alarm";
    case RequestKind::Manual:
        return "manual";
    }
    return {};
}

std::size_t memoryOf(const Event &event)
{
    return sizeof(Event) + std::visit([](const auto &e) { return heap(e); }, event);
}

static_assert(EventLog::batchEvents * sizeof(Event) < 64U << 10);

namespace {

std::uint64_t randomToken()
{
    std::random_device source;
    return (std::uint64_t(source()) << 31 ^ source()) | 1;
}

} // namespace

EventLog::EventLog(std::size_t maxBytes) : m_token(randomToken()), m_maxBytes(maxBytes) {}

void EventLog::publish(Batch &&batch)
{
    if (batch.empty())
        return;
    if (m_redacts.load(std::memory_order_acquire)) {
        if (const auto redactor = this->redactor()) {
            for (Event &event : batch)
                redactor->redact(event);
        }
    }
    std::size_t bytes = (batch.capacity() - batch.size()) * sizeof(Event);
    bool requestsOnly = true;
    for (const Event &event : batch) {
        bytes += memoryOf(event);
        requestsOnly = requestsOnly && isOfRequests(event);
    }
    auto shared = BatchPool::share(m_pool, std::move(batch), bytes);
    std::vector<Held> gone; // declared before the lock, so freed after it
    std::lock_guard lock(m_mutex);
    m_held.push_back({m_next++, std::move(shared), bytes, requestsOnly});
    m_bytes += bytes;
    while (m_bytes > m_maxBytes && m_held.size() > 1) {
        m_bytes -= m_held.front().bytes;
        m_dropped += m_held.front().batch->size();
        m_first = m_held.front().number + 1;
        gone.push_back(std::move(m_held.front()));
        m_held.pop_front();
    }
    if (m_waiting > 0)
        m_arrived.notify_all();
}

Batch EventLog::publishAndRenew(Batch &&batch)
{
    std::size_t room = batchEvents;
    while (room % 2 == 0 && room / 2 >= batch.size())
        room /= 2;
    publish(std::move(batch));
    Batch next = m_pool->take();
    next.reserve(room);
    return next;
}

void EventLog::setRecording(Recorded recorded)
{
    m_recorded.store(recorded, std::memory_order_relaxed);
}

void EventLog::setRedactor(std::shared_ptr<const Redactor> redactor)
{
    std::lock_guard lock(m_redactorMutex);
    m_redactor.swap(redactor);
    m_redacts.store(m_redactor != nullptr, std::memory_order_release);
}

std::shared_ptr<const Redactor> EventLog::redactor() const
{
    std::lock_guard lock(m_redactorMutex);
    return m_redactor;
}

EventLog::HeldList::const_iterator EventLog::at(std::uint64_t number) const
{
    return std::ranges::lower_bound(m_held, number, {}, &Held::number);
}

EventLog::Drained EventLog::drainedAfter(std::uint64_t cursor) const
{
    Drained drained;
    drained.next = m_next;
    const std::uint64_t from = std::max<std::uint64_t>(cursor, 1);
    drained.missed = from < m_first ? m_first - from : 0;
    const auto begin = at(from);
    drained.batches.reserve(static_cast<std::size_t>(m_held.end() - begin));
    for (auto held = begin; held != m_held.end(); ++held)
        drained.batches.push_back(held->batch);
    return drained;
}

EventLog::Drained EventLog::after(std::uint64_t cursor) const
{
    const std::lock_guard lock(m_mutex);
    return drainedAfter(cursor);
}

/// Leaves what is not of requests; returns what was there before, to be freed.
EventLog::Held EventLog::leaveOthers(Held &held)
{
    Batch others;
    std::ranges::copy_if(*held.batch, std::back_inserter(others), std::not_fn(isOfRequests));
    const std::size_t bytes = std::transform_reduce(others.begin(), others.end(), (others.capacity() - others.size()) * sizeof(Event), std::plus<>(), memoryOf);
    Held before = std::exchange(held, Held{held.number, std::make_shared<const Batch>(std::move(others)), bytes, false});
    m_bytes += bytes;
    m_bytes -= before.bytes;
    return before;
}

/// Takes out what every reader has had and nobody else asks for.
std::vector<EventLog::Held> EventLog::takeSettled()
{
    std::uint64_t read = m_readers.empty() ? 0 : m_next;
    for (const Reader *reader : m_readers)
        read = std::min(read, reader->m_cursor);
    std::vector<Held> gone;
    if (read <= m_settled)
        return gone;
    const auto begin = m_held.begin() + (at(m_settled) - m_held.cbegin());
    const auto end = m_held.begin() + (at(read) - m_held.cbegin());
    auto kept = begin;
    for (auto held = begin; held != end; ++held) {
        if (held->requestsOnly) {
            m_bytes -= held->bytes;
            gone.push_back(std::move(*held));
        } else {
            if (std::ranges::any_of(*held->batch, isOfRequests))
                gone.push_back(leaveOthers(*held));
            if (kept != held)
                *kept = std::move(*held);
            ++kept;
        }
    }
    m_held.erase(kept, end);
    m_settled = read;
    return gone;
}

EventLog::Reader::Reader(EventLog &log) : m_log(log)
{
    const std::lock_guard lock(m_log.m_mutex);
    m_log.m_readers.push_back(this);
}

EventLog::Reader::~Reader()
{
    const std::lock_guard lock(m_log.m_mutex);
    std::erase(m_log.m_readers, this);
}

EventLog::Drained EventLog::Reader::drain()
{
    std::vector<Held> gone; // declared before the lock, so freed after it
    const std::lock_guard lock(m_log.m_mutex);
    Drained drained = m_log.drainedAfter(m_cursor);
    m_cursor = drained.next;
    gone = m_log.takeSettled();
    return drained;
}

void EventLog::Reader::skip()
{
    std::vector<Held> gone;
    const std::lock_guard lock(m_log.m_mutex);
    m_cursor = m_log.m_next;
    gone = m_log.takeSettled();
}

bool EventLog::Reader::wait(const std::stop_token &stop) const
{
    std::unique_lock lock(m_log.m_mutex);
    ++m_log.m_waiting;
    const bool some = m_log.m_arrived.wait(lock, stop, [&] { return m_log.m_next > std::max<std::uint64_t>(m_cursor, 1); });
    --m_log.m_waiting;
    return some && !stop.stop_requested();
}

void EventLog::clear()
{
    HeldList gone; // declared before the lock, so freed after it
    std::lock_guard lock(m_mutex);
    m_first = m_next;
    gone.swap(m_held);
    m_bytes = 0;
}

std::size_t EventLog::bytes() const
{
    std::lock_guard lock(m_mutex);
    return m_bytes;
}

std::uint64_t EventLog::droppedEvents() const
{
    std::lock_guard lock(m_mutex);
    return m_dropped;
}

} // namespace cleat::events
