// SPDX-License-Identifier: GPL-3.0-or-later
// What a Worker's thread does for its inspector.

#include "core/base/clock.h"
#include "core/runtime/enter.h"
#include "core/runtime/workerstate.h"

namespace cleat::runtime {

void WorkerState::inspect(InspectorCommand &&command)
{
    if (inspectorCommands.push(std::move(command)) == InspectorQueue::Urgency::Urgent) {
        std::lock_guard lock(m_isolateMutex);
        if (m_isolate)
            m_isolate->RequestInterrupt(inspectorInterrupt, this);
    }
    tasks.push(InspectorTask{});
}

void WorkerState::inspectorInterrupt(v8::Isolate *, void *data)
{
    auto &self = *static_cast<WorkerState *>(data);
    if (self.m_inspector)
        self.m_inspector->executeUrgent();
}

std::set<std::shared_ptr<Realm>> WorkerState::realms() const
{
    std::set<std::shared_ptr<Realm>> all{m_previous, m_latest};
    for (const auto &[id, request] : m_pending)
        all.insert(request.realm);
    all.erase(nullptr);
    return all;
}

void WorkerState::handle(OpenInspectorTask &&task)
{
    m_inspector->open(std::move(task.sink));
    for (const auto &realm : realms())
        realm->mirrorConsole(Realm::Mirror::On);
}

void WorkerState::handle(CloseInspectorTask &&)
{
    m_inspector->close();
    inspectorCommands.clear();
    for (const auto &realm : realms())
        realm->mirrorConsole(Realm::Mirror::Off);
}

void WorkerState::handle(InspectorTask &&)
{
    InspectorCommand command;
    while (m_inspector->isOpen() && !m_stopping && inspectorCommands.take(command)) {
        m_inspector->execute(std::move(command));
        if (m_restart)
            restartIsolate();
    }
}

void WorkerState::watchHeapFirst()
{
    m_isolate->RemoveNearHeapLimitCallback(nearHeapLimit, 0);
    m_isolate->AddNearHeapLimitCallback(nearHeapLimit, this);
}

void WorkerState::runForInspector(const std::function<void()> &work)
{
    const std::shared_ptr<Realm> realm = m_latest;
    if (!realm) {
        work();
        return;
    }
    enter(realm, 0, [&](Js) {
        work();
        return true;
    });
    // A debugger that ends code while none runs would end what runs next.
    if (m_isolate->IsExecutionTerminating() && !m_stopping)
        m_isolate->CancelTerminateExecution();
}

void WorkerState::runInPause(const std::function<void()> &work)
{
    ++m_serial;
    const std::int64_t outer = std::exchange(m_deadlineNs, base::steadyNs() + limits.cpuMs * 1'000'000);
    m_watchdog->arm(m_deadlineNs);
    work();
    entryEnds();
    m_deadlineNs = outer;
    if (m_ended == Ended::Cpu && !m_stopping) {
        m_ended = Ended::No;
        m_endedAt = {};
        m_isolate->CancelTerminateExecution();
    }
}

std::int64_t WorkerState::pauseBegins()
{
    m_watchdog->disarm();
    sink.flush();
    publish();
    return base::steadyNs();
}

void WorkerState::pauseEnds(std::int64_t began)
{
    const std::int64_t paused = base::steadyNs() - began;
    m_pausedNs += paused;
    m_deadlineNs += paused;
    m_watchdog->arm(m_deadlineNs);
}

void WorkerState::tellDebuggers(Js js, v8::Local<v8::Value> exception)
{
    if (m_inspector)
        m_inspector->exceptionThrown(js, exception);
}

void WorkerState::realmGone(const Realm &realm)
{
    if (!m_inspector || !m_isolate) // else all of them go
        return;
    const v8::HandleScope scope(m_isolate);
    m_inspector->contextGone(realm.context());
}

} // namespace cleat::runtime
