// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/eventlog.h"

#include <algorithm>
#include <array>
#include <string_view>

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
    static constexpr std::array<std::string_view, 5> others = {"middleware", "handler", "fetch", "assets", "waituntil"};
    return std::ranges::find(others, call.kind) == others.end();
}

std::size_t memoryOf(const Event &event)
{
    return sizeof(Event) + std::visit([](const auto &e) { return heap(e); }, event);
}

static_assert(EventLog::batchEvents * sizeof(Event) < 64U << 10);

Batch EventLog::emptyBatch(std::size_t last)
{
    std::size_t room = batchEvents;
    while (room % 2 == 0 && room / 2 >= last)
        room /= 2;
    Batch batch;
    batch.reserve(room);
    return batch;
}

EventLog::EventLog(std::size_t maxBytes) : m_maxBytes(maxBytes) {}

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
    for (const Event &event : batch)
        bytes += memoryOf(event);
    auto shared = std::make_shared<const Batch>(std::move(batch));
    std::vector<Held> gone; // declared before the lock, so freed after it
    std::lock_guard lock(m_mutex);
    m_held.push_back({std::move(shared), bytes});
    m_bytes += bytes;
    while (m_bytes > m_maxBytes && m_held.size() > 1) {
        m_bytes -= m_held.front().bytes;
        m_dropped += m_held.front().batch->size();
        gone.push_back(std::move(m_held.front()));
        m_held.pop_front();
        ++m_first;
    }
    if (m_waiting > 0)
        m_arrived.notify_all();
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

EventLog::Drained EventLog::after(std::uint64_t cursor) const
{
    std::lock_guard lock(m_mutex);
    Drained drained;
    drained.next = m_first + m_held.size();
    std::uint64_t from = std::max<std::uint64_t>(cursor, 1);
    if (from < m_first) {
        drained.missed = m_first - from;
        from = m_first;
    }
    if (from >= drained.next)
        return drained;
    drained.batches.reserve(drained.next - from);
    for (std::uint64_t n = from; n < drained.next; ++n)
        drained.batches.push_back(m_held[n - m_first].batch);
    return drained;
}

bool EventLog::waitAfter(std::uint64_t cursor, const std::stop_token &stop) const
{
    std::unique_lock lock(m_mutex);
    ++m_waiting;
    const bool some = m_arrived.wait(lock, stop, [&] { return m_first + m_held.size() > std::max<std::uint64_t>(cursor, 1); });
    --m_waiting;
    return some && !stop.stop_requested();
}

void EventLog::clear()
{
    std::deque<Held> gone; // declared before the lock, so freed after it
    std::lock_guard lock(m_mutex);
    m_first += m_held.size();
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
