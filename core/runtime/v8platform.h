// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/pagearena.h"

#include <v8-version.h>

#include <memory>

namespace cleat::runtime {

#if V8_MAJOR_VERSION == 10
/// V8's default platform, but with a PageArena.
class V8Platform final : public v8::Platform
{
public:
    explicit V8Platform(int threads);

    /// For the functions of libplatform, which take nothing else.
    v8::Platform &standard() { return *m_standard; }
    void trim() { m_arena.trim(); }

    v8::PageAllocator *GetPageAllocator() override { return &m_arena; }
    v8::ZoneBackingAllocator *GetZoneBackingAllocator() override { return m_standard->GetZoneBackingAllocator(); }
    void OnCriticalMemoryPressure() override { m_standard->OnCriticalMemoryPressure(); }
    bool OnCriticalMemoryPressure(size_t length) override { return m_standard->OnCriticalMemoryPressure(length); }
    int NumberOfWorkerThreads() override { return m_standard->NumberOfWorkerThreads(); }
    std::shared_ptr<v8::TaskRunner> GetForegroundTaskRunner(v8::Isolate *isolate) override { return m_standard->GetForegroundTaskRunner(isolate); }
    void CallOnWorkerThread(std::unique_ptr<v8::Task> task) override { m_standard->CallOnWorkerThread(std::move(task)); }
    void CallBlockingTaskOnWorkerThread(std::unique_ptr<v8::Task> task) override { m_standard->CallBlockingTaskOnWorkerThread(std::move(task)); }
    void CallLowPriorityTaskOnWorkerThread(std::unique_ptr<v8::Task> task) override { m_standard->CallLowPriorityTaskOnWorkerThread(std::move(task)); }
    void CallDelayedOnWorkerThread(std::unique_ptr<v8::Task> task, double seconds) override { m_standard->CallDelayedOnWorkerThread(std::move(task), seconds); }
    bool IdleTasksEnabled(v8::Isolate *isolate) override { return m_standard->IdleTasksEnabled(isolate); }
    std::unique_ptr<v8::JobHandle> PostJob(v8::TaskPriority priority, std::unique_ptr<v8::JobTask> job) override { return m_standard->PostJob(priority, std::move(job)); }
    double MonotonicallyIncreasingTime() override { return m_standard->MonotonicallyIncreasingTime(); }
    double CurrentClockTimeMillis() override { return m_standard->CurrentClockTimeMillis(); }
    StackTracePrinter GetStackTracePrinter() override { return m_standard->GetStackTracePrinter(); }
    v8::TracingController *GetTracingController() override { return m_standard->GetTracingController(); }

private:
    std::unique_ptr<v8::Platform> m_standard;
    PageArena m_arena;
};
#else
/// What a platform has to offer is another thing from version to version. Beyond V8 10 it is the default one as it is: Workers start later.
class V8Platform final
{
public:
    explicit V8Platform(int threads);
    v8::Platform &standard() { return *m_standard; }

private:
    std::unique_ptr<v8::Platform> m_standard;
};
#endif

} // namespace cleat::runtime
