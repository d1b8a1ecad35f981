// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/runtime/workerstate.h"

namespace cleat::runtime {

template <typename Work>
bool WorkerState::enter(const std::shared_ptr<Realm> &realm, RequestId request, Work &&work, std::uint32_t scope)
{
    const std::int64_t begin = base::steadyNs();
    PendingRequest *before = pending(request);
    const std::int64_t left = limits.cpuMs * 1'000'000 - (before ? before->cpuNs : 0);
    const std::int64_t pausedBefore = m_pausedNs;
    bool ended = false;
    auto inside = [&] {
        v8::HandleScope handles(m_isolate);
        const v8::Local<v8::Context> context = realm->context();
        const v8::Context::Scope entered(context);
        const Js js{m_isolate, context};
        m_current = realm;
        beginCurrent(js, {request, scope});
        v8::TryCatch caught(m_isolate);
        ++m_serial;
        m_deadlineNs = begin + std::max<std::int64_t>(left, 1'000'000);
        m_watchdog->arm(m_deadlineNs);
        if (m_objects.count() > 0)
            m_links.hold();
        const bool fine = work(js);
        if (!caught.HasTerminated() && m_ended == Ended::No) {
            if (!fine && caught.HasCaught()) {
                // An exception that reached the event loop, out of a timer's callback for one.
                v8::Local<v8::Value> reason = caught.Exception();
                caught.Reset();
                m_rejections.push_back({{}, v8::Global<v8::Value>(m_isolate, reason), {}});
            }
            m_isolate->PerformMicrotaskCheckpoint();
        }
        // Listeners of rejections may leave more of them.
        while (!caught.HasTerminated() && m_ended == Ended::No && !mustEnd() && (!m_rejections.empty() || !m_handledLater.empty())) {
            beginCurrent(js, {request, scope});
            reportRejections(js);
            m_isolate->PerformMicrotaskCheckpoint();
        }
        ended = caught.HasTerminated() || m_ended != Ended::No;
    };
    if (!guarded([](void *data) { (*static_cast<decltype(inside) *>(data))(); }, &inside))
        ended = true;
    entryEnds();
    if (PendingRequest *after = pending(request)) {
        after->cpuNs += base::steadyNs() - begin - (m_pausedNs - pausedBefore);
        constexpr std::int64_t toleranceNs = 20'000'000; // the watchdog's own
        if (!ended && after->cpuNs > limits.cpuMs * 1'000'000 + toleranceNs) { // in pieces, each too short for the watchdog
            m_ended = Ended::Cpu;
            ended = true;
        }
    }
    if (ended) {
        m_objects.codeEnded(request, m_ended == Ended::Heap ? "Durable Object's isolate exceeded its memory limit and was reset." : "Durable Object exceeded its CPU time limit and was reset.");
        terminated(request);
    }
    turnEnds();
    return !ended;
}

} // namespace cleat::runtime
