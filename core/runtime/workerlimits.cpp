// SPDX-License-Identifier: GPL-3.0-or-later
// What a request may not go beyond: memory, time, calls (developers.cloudflare.com/workers/platform/limits, .../d1/platform/limits).

#include "core/base/clock.h"
#include "core/runtime/fields.h"
#include "core/runtime/snapshot.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <cctype>

namespace cleat::runtime {

namespace {

bool wantsPage(const Fields &fields)
{
    for (const auto &[name, value] : fields) {
        if (name.size() == 6 && std::ranges::equal(name, std::string_view("accept"), [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; })
            && value.find("text/html") != std::string::npos)
            return true;
    }
    return false;
}

std::string escaped(std::string_view text)
{
    std::string html;
    for (const char c : text)
        html += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    return html;
}

} // namespace

// ---- calls

std::string WorkerState::spend(Quota quota)
{
    PendingRequest *const request = pending(currentRequest());
    if (!request)
        return {};
    const std::uint32_t most = quota == Quota::Subrequest ? limits.subrequests : quota == Quota::Service ? limits.serviceCalls : limits.queries;
    std::uint32_t &count = request->spent[static_cast<std::size_t>(quota)];
    if (count >= most)
        return std::string(quota == Quota::Subrequest ? "Too many subrequests" : "Too many API requests")
            + " by single Worker invocation. To configure this limit, refer to https://developers.cloudflare.com/workers/wrangler/configuration/#limits";
    ++count;
    return quota == Quota::Query ? spend(Quota::Service) : std::string();
}

bool WorkerState::mayCall(Js js, Quota quota)
{
    std::string refused = spend(quota);
    if (refused.empty())
        refused = m_objects.commitBeforeCall();
    if (!refused.empty())
        throwError(js, refused);
    return refused.empty();
}

// ---- time

void WorkerState::leaveCode()
{
    m_watchdog->disarm();
    m_leftNs = base::steadyNs();
}

void WorkerState::backToCode()
{
    const std::int64_t away = base::steadyNs() - std::exchange(m_leftNs, 0);
    m_pausedNs += away;
    m_deadlineNs += away;
    m_watchdog->arm(m_deadlineNs);
}

bool WorkerState::storeIsLate() const
{
    return m_leftNs != 0 && base::steadyNs() - m_leftNs > limits.queryMs * 1'000'000;
}

// ---- memory

void WorkerState::collected(v8::Isolate *isolate, v8::GCType, v8::GCCallbackFlags, void *data)
{
    auto &self = *static_cast<WorkerState *>(data);
    if (!self.m_guarded || self.m_ended != Ended::No)
        return;
    v8::HeapStatistics heap;
    isolate->GetHeapStatistics(&heap);
    if (heap.used_heap_size() <= self.limits.heapBytes)
        return;
    self.m_ended = Ended::Heap;
    isolate->TerminateExecution();
}

std::size_t WorkerState::nearHeapLimit(void *data, std::size_t current, std::size_t)
{
    auto &self = *static_cast<WorkerState *>(data);
    if (self.m_ended != Ended::Heap) {
        self.m_ended = Ended::Heap;
        self.m_isolate->TerminateExecution();
    }
    // Room for unwinding; the isolate is thrown away afterwards. What does not look whether it has been ended may come back for more, but not for ever.
    constexpr unsigned most = 4;
    return self.m_raised++ < most ? current + (256U << 20) : current;
}

void WorkerState::outOfMemory(const char *, bool)
{
    auto &self = of(v8::Isolate::GetCurrent());
    if (!self.m_guarded)
        return; // V8 ends the program
    self.m_ended = Ended::Heap;
    self.m_broken = true;
    std::longjmp(self.m_escape, 1);
}

bool WorkerState::guarded(void (*work)(void *), void *data)
{
    if (m_guarded) {
        work(data);
        return true;
    }
    m_guarded = true;
    if (setjmp(m_escape) != 0) {
        m_guarded = false;
        return false;
    }
    work(data);
    m_guarded = false;
    return true;
}

void WorkerState::pump()
{
    m_current = m_latest;
    m_entered = {};
    ++m_serial;
    m_deadlineNs = base::steadyNs() + limits.cpuMs * 1'000'000;
    m_watchdog->arm(m_deadlineNs);
    const auto work = [](void *data) {
        auto &self = *static_cast<WorkerState *>(data);
        while (pumpV8(self.m_isolate) && self.m_ended == Ended::No) {
        }
    };
    const bool whole = guarded(work, this);
    entryEnds();
    turnEnds();
    if (whole && m_ended == Ended::No)
        return;
    terminated(0);
    // V8 would call the next one of the same kind, and so on, for as long as there are any.
    if (!m_restart && !m_stopping)
        startAnew("A finalizer of the code ran for too long");
}

// ---- what the client gets

void WorkerState::exceeded(RequestId id, const std::string &message, const std::string &detail)
{
    const PendingRequest *request = pending(id);
    if (!request)
        return;
    if (!wantsPage(request->fields)) {
        failRequest(id, message, ResponseHead{503, {}, {{"content-type", "text/plain; charset=utf-8"}, {"cache-control", "no-store"}}},
            "error code: 1102\n" + message + '\n' + detail + '\n');
        return;
    }
    failRequest(id, message, ResponseHead{503, {}, {{"content-type", "text/html; charset=utf-8"}, {"cache-control", "no-store"}}},
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Worker exceeded resource limits</title>"
        "<style>body{font:16px/1.5 system-ui,sans-serif;margin:4em auto;max-width:40em;padding:0 1em}code{background:#8882;padding:.1em .3em}</style></head>"
        "<body><h1>Error 1102</h1><h2>Worker exceeded resource limits</h2><p>" + escaped(message) + "</p><p>" + escaped(detail)
            + "</p></body></html>\n");
}

} // namespace cleat::runtime
