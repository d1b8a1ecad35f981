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
    {
        v8::HandleScope handles(m_isolate);
        const v8::Local<v8::Context> context = realm->context();
        const v8::Context::Scope inside(context);
        const Js js{m_isolate, context};
        m_current = realm;
        makeCurrent(js, {request, scope});
        v8::TryCatch caught(m_isolate);
        ++m_serial;
        m_deadlineNs = begin + std::max<std::int64_t>(left, 1'000'000);
        m_watchdog->arm(m_deadlineNs);
        const bool fine = work(js);
        if (!caught.HasTerminated() && m_ended == Ended::No) {
            if (!fine && caught.HasCaught()) {
                // An exception that reached the event loop, out of a timer's callback for one.
                v8::Local<v8::Value> reason = caught.Exception();
                caught.Reset();
                m_rejections.emplace_back(v8::Global<v8::Promise>(), v8::Global<v8::Value>(m_isolate, reason));
            }
            m_isolate->PerformMicrotaskCheckpoint();
        }
        if (!caught.HasTerminated() && m_ended == Ended::No && !m_rejections.empty()) {
            makeCurrent(js, {request, scope});
            reportRejections(js);
        }
        m_watchdog->disarm();
        ++m_serial;
        ended = caught.HasTerminated() || m_ended != Ended::No;
    }
    if (PendingRequest *after = pending(request))
        after->cpuNs += base::steadyNs() - begin - (m_pausedNs - pausedBefore);
    if (ended)
        terminated(request);
    return !ended;
}

} // namespace cleat::runtime
