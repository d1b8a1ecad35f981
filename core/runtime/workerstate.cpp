// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/workerstate.h"

#include "core/base/clock.h"
#include "core/runtime/enter.h"
#include "core/runtime/objectstores.h"
#include "core/runtime/snapshot.h"
#include "core/runtime/triggerrun.h"
#include "core/runtime/websocketlink.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace cleat::runtime {

WorkerState::WorkerState(events::EventLog &log, ResponseSink &sinkToUse, AssetSource &assetsToUse, Limits limitsToUse, WorkerPlace place)
    : tasks(std::numeric_limits<std::size_t>::max()), sink(sinkToUse), assets(assetsToUse), limits(limitsToUse), m_log(log), m_given(limitsToUse),
      m_links(*this, place), m_consolePrefix(place.prefix), m_queueSent(place.queueSent)
{
}

WorkerState::~WorkerState() = default;

void WorkerState::adopt(FreshIsolate &&fresh)
{
    v8::Isolate *const isolate = fresh.isolate;
    m_allocator = std::move(fresh.allocator);
    m_broken = false;
    m_raised = 0;
    isolate->SetData(0, this);
    isolate->SetMicrotasksPolicy(v8::MicrotasksPolicy::kExplicit);
    isolate->AddNearHeapLimitCallback(nearHeapLimit, this);
    isolate->AddGCEpilogueCallback(collected, this, v8::kGCTypeMarkSweepCompact);
    isolate->SetOOMErrorHandler(outOfMemory);
    isolate->SetPromiseRejectCallback([](v8::PromiseRejectMessage message) { of(v8::Isolate::GetCurrent()).promiseRejected(message); });
    isolate->SetCaptureStackTraceForUncaughtExceptions(false);
    ModuleMap::attach(isolate);
    {
        std::lock_guard lock(m_isolateMutex);
        m_isolate = isolate;
        if (m_stopping)
            isolate->TerminateExecution();
    }
    m_inspector->isolateMade(isolate);
    const v8::HandleScope scope(isolate);
    m_spare = Realm::create(isolate, fresh.context.Get(isolate));
    fresh.context.Reset();
}

void WorkerState::disposeIsolate()
{
    v8::Isolate *isolate = m_isolate;
    if (m_inspector)
        m_inspector->isolateGoing();
    {
        std::lock_guard lock(m_isolateMutex);
        m_isolate = nullptr;
    }
    m_objects.forget();
    m_rejections.clear();
    m_toldRejections.clear();
    m_handledLater.clear();
    m_timers.clear();
    m_due.clear();
    m_pending.clear();
    m_current.reset();
    m_latest.reset();
    m_previous.reset();
    m_spare.reset();
    rewriters.clear();
    forgetV8(isolate);
    isolate->Exit();
    isolate->Dispose();
}

void WorkerState::run(FreshIsolate &&fresh)
{
    m_inspector = std::make_unique<Inspector>(*this);
    adopt(std::move(fresh));
    m_watchdog = std::make_unique<Watchdog>([this] { deadlinePassed(); }, [this] { deadlineIgnored(); });
    std::vector<Task> batch;
    std::int64_t lastWorkNs = base::steadyNs();
    enum class Trim { Needed, Done } trim = Trim::Done;
    while (!m_stopping) {
        std::int64_t due = nextDue();
        bool got = tasks.take(batch);
        if (!got) {
            failHungRequests();
            sink.flush();
            publishSoon(due);
            m_inspector->idle(Inspector::Idle::Begins);
            if (due != std::numeric_limits<std::int64_t>::max()) {
                got = tasks.waitUntil(batch, std::chrono::steady_clock::time_point(std::chrono::nanoseconds(due)));
            } else if (trim == Trim::Needed) {
                got = tasks.waitUntil(batch, std::chrono::steady_clock::time_point(std::chrono::nanoseconds(lastWorkNs + 1'000'000'000)));
                if (!got && !tasks.closed()) {
                    // A second of quiet: give back what the load left behind, and get ready for the next save.
                    m_isolate->LowMemoryNotification();
                    trimV8();
                    if (wantsSpare())
                        makeSpare();
                    trim = Trim::Done;
                }
            } else {
                got = tasks.wait(batch);
            }
            m_inspector->idle(Inspector::Idle::Ends);
        }
        int handled = 0;
        for (Task &task : batch) {
            if (m_stopping)
                break;
            handle(std::move(task));
            if (m_restart)
                restartIsolate();
            // A long batch hands over what it has, so that the connections' thread works at the same time.
            if (++handled % 16 == 0)
                sink.flush();
        }
        batch.clear();
        runTimers();
        m_objects.runDue();
        pump();
        if (m_restart)
            restartIsolate();
        if (got) {
            lastWorkNs = base::steadyNs();
            trim = Trim::Needed;
        }
        if (tasks.closed())
            break;
    }
    m_watchdog.reset();
    m_fetchClient.reset();
    m_sockets.reset();
    m_inspector.reset();
    m_links.close();
    m_triggers.clear();
    m_earlyTriggers.clear();
    bodies.clear();
    fetches.clear();
    objectWrites.clear();
    cacheWrites.clear();
    cacheReads.clear();
    m_webSockets.clear();
    disposeIsolate();
    m_caches.clear();
    m_kv.clear();
    m_d1.clear();
    m_r2.clear();
    m_queues.reset();
    m_vectorize.clear();
    m_points.reset();
    sink.flush();
    publish();
}

void WorkerState::stop()
{
    m_stopping = true;
    rewriters.interrupt();
    tasks.close();
    inspectorCommands.close();
    std::lock_guard lock(m_isolateMutex);
    if (m_isolate)
        m_isolate->TerminateExecution();
}

PendingRequest *WorkerState::pending(RequestId id)
{
    const auto found = m_pending.find(id);
    return found == m_pending.end() ? nullptr : &found->second;
}

void WorkerState::record(events::Event &&event)
{
    m_links.relate(event);
    m_events.push_back(std::move(event));
    if (m_events.size() >= events::EventLog::batchEvents)
        publish();
}

void WorkerState::publish()
{
    if (m_events.empty())
        return;
    m_events = m_log.publishAndRenew(std::move(m_events));
    m_publishedNs = base::steadyNs();
}

/// Hands over what there is now, unless something was handed over just before: then before long, `due` at the latest.
void WorkerState::publishSoon(std::int64_t &due)
{
    constexpr std::int64_t pauseNs = 10'000'000;
    if (m_events.empty())
        return;
    const std::int64_t next = m_publishedNs + pauseNs;
    if (base::steadyNs() >= next)
        publish();
    else
        due = std::min(due, next);
}

std::uint32_t WorkerState::sinceStartUs(RequestId id, std::int64_t steadyNs)
{
    const PendingRequest *request = pending(id);
    return request ? static_cast<std::uint32_t>(std::max<std::int64_t>(0, steadyNs - request->startNs) / 1000) : 0;
}

void WorkerState::respond(RequestId id, ResponseHead &&head, std::string &&body)
{
    PendingRequest *request = pending(id);
    if (!request || request->answered != PendingRequest::Answered::No)
        return;
    request->answered = PendingRequest::Answered::Yes;
    endSingle(id, *request, head.status);
    unanswered.fetch_sub(1, std::memory_order_relaxed);
    if (!request->gone)
        sink.respond(id, std::move(head), std::move(body));
}

void WorkerState::respondCoded(RequestId id, ResponseHead &&head, std::string &&body, ResponseCoding::Given given)
{
    const PendingRequest *request = pending(id);
    if (!request || request->answered != PendingRequest::Answered::No)
        return;
    std::unique_ptr<ResponseCoding> coding;
    switch (ResponseCoding::choose(request->acceptEncoding ? &*request->acceptEncoding : nullptr, given, head, coding)) {
    case ResponseCoding::Outcome::AsIs:
        break;
    case ResponseCoding::Outcome::Refused:
        body = "Unsupported Media Type";
        break;
    case ResponseCoding::Outcome::Coded:
        if (body.empty())
            break;
        if (auto coded = coding->whole(body, limits.bufferBytes)) {
            body = std::move(*coded);
        } else {
            sink.failed(id, coded.error().message);
            head = {500, {}, {{"content-type", "text/plain; charset=utf-8"}, {"cache-control", "no-store"}}};
            body = coded.error().message + "\n";
        }
        break;
    }
    respond(id, std::move(head), std::move(body));
}

void WorkerState::finish(RequestId id)
{
    if (PendingRequest *request = pending(id)) {
        for (std::uint32_t scope = 1; scope <= request->scopes.size(); ++scope)
            endScope(id, *request, scope, {}, "The request ended before this did.");
    }
    if (!m_triggers.empty())
        endTrigger(id, "canceled", "The code ended before its handler did.", {});
    if (m_objects.count() > 0 && m_objects.leave(id))
        return;
    m_links.requestEnds(id);
    if (!m_webSockets.empty())
        leaveSockets(id);
    if (!fetches.empty()) { // nobody waits for them any more
        std::vector<FetchClient::FetchId> mine;
        for (const auto &[fetch, known] : fetches) {
            if (known.request == id)
                mine.push_back(fetch);
        }
        for (const FetchClient::FetchId fetch : mine) {
            fetchClient().abort(fetch);
            endFetch(fetch, FetchSpan::End::Cut);
        }
    }
    if (m_sockets)
        m_sockets->endOf(id);
    if (!bodies.empty())
        std::erase_if(bodies, [id](const auto &entry) { return entry.second.origin != BodySource::Origin::Client && entry.second.request == id; });
    const auto body = bodies.find(id);
    if (body != bodies.end()) {
        body->second.cancelled = true;
        std::size_t unread = 0;
        for (const std::string &piece : body->second.pieces)
            unread += piece.size();
        body->second.pieces.clear();
        bodyTaken(id, body->second, unread - std::exchange(body->second.held, 0));
        if (body->second.state != BodySource::State::Open)
            bodies.erase(body);
    }
    if (!objectWrites.empty())
        std::erase_if(objectWrites, [id](const auto &entry) { return entry.second.request == id; });
    if (!cacheWrites.empty())
        std::erase_if(cacheWrites, [id](const auto &entry) { return entry.second.request == id; });
    if (!cacheReads.empty())
        std::erase_if(cacheReads, [id](const auto &entry) { return entry.second.request == id; });
    const auto found = m_pending.find(id);
    if (found == m_pending.end())
        return;
    if (found->second.answered == PendingRequest::Answered::No)
        unanswered.fetch_sub(1, std::memory_order_relaxed);
    for (const TimerId timer : found->second.timers)
        removeTimer(timer);
    if (found->second.scopes.capacity() > 0 && m_spareScopes.size() < 64) {
        found->second.scopes.clear();
        m_spareScopes.push_back(std::move(found->second.scopes));
    }
    m_pending.erase(found);
}

void WorkerState::bodyTaken(BodyId id, BodySource &body, std::size_t bytes)
{
    if (bytes == 0)
        return;
    if (body.origin == BodySource::Origin::Client)
        sink.bodyConsumed(id, bytes);
    else
        fetchClient().consumed(id, bytes);
}

bindings::cache::HttpCache &WorkerState::cache(const std::string &name)
{
    auto &found = m_caches[name];
    if (!found)
        found = std::make_unique<bindings::cache::HttpCache>(m_state, name);
    return *found;
}

FetchClient &WorkerState::fetchClient()
{
    if (!m_fetchClient)
        m_fetchClient = std::make_unique<FetchClient>(*this);
    return *m_fetchClient;
}

// ---- timers

TimerId WorkerState::addTimer(std::int64_t delayMs, Timer &&timer)
{
    const TimerId id = ++m_lastTimer;
    timer.dueNs = base::steadyNs() + delayMs * 1'000'000;
    if (PendingRequest *request = pending(timer.request)) {
        if (request->timers.size() % 64 == 63)
            std::erase_if(request->timers, [this](TimerId old) { return !m_timers.contains(old); });
        request->timers.push_back(id);
    }
    m_due.emplace(timer.dueNs, id);
    m_timers.emplace(id, std::move(timer));
    return id;
}

void WorkerState::removeTimer(TimerId id)
{
    const auto found = m_timers.find(id);
    if (found == m_timers.end())
        return;
    m_due.erase({found->second.dueNs, id});
    m_timers.erase(found);
}

std::int64_t WorkerState::nextDue() const
{
    const std::int64_t due = m_due.empty() ? std::numeric_limits<std::int64_t>::max() : m_due.begin()->first;
    return std::min({due, m_inspector->nextDue(), m_objects.nextDue()});
}

void WorkerState::runTimers()
{
    m_inspector->runTimers();
    if (m_due.empty())
        return;
    const std::int64_t now = base::steadyNs();
    while (!m_due.empty() && m_due.begin()->first <= now && !m_stopping) {
        const TimerId id = m_due.begin()->second;
        m_due.erase(m_due.begin());
        const auto found = m_timers.find(id);
        if (found == m_timers.end())
            continue;
        const std::shared_ptr<Realm> realm = found->second.realm.lock();
        if (!realm) {
            m_timers.erase(found);
            continue;
        }
        runTimer(id, realm, {found->second.request, found->second.scope});
        if (m_restart) {
            restartIsolate();
            return;
        }
    }
}

void WorkerState::runTimer(TimerId id, const std::shared_ptr<Realm> &realm, WorkerState::Current current)
{
    const v8::HandleScope handles(m_isolate);
    const auto found = m_timers.find(id);
    const v8::Local<v8::Function> callback = found->second.callback.Get(m_isolate);
    if (found->second.intervalNs >= 0) {
        found->second.dueNs = base::steadyNs() + std::max<std::int64_t>(found->second.intervalNs, 1'000'000);
        m_due.emplace(found->second.dueNs, id);
    } else {
        m_timers.erase(found);
    }
    const auto work = [&](Js js) {
        v8::Local<v8::Value> result;
        return callback->Call(js.context, v8::Undefined(js.isolate), 0, nullptr).ToLocal(&result);
    };
    enter(realm, current.request, work, current.scope);
}

// ---- limits

void WorkerState::deadlinePassed()
{
    m_expiredSerial = m_serial.load();
    rewriters.interrupt();
    std::lock_guard lock(m_isolateMutex);
    if (m_isolate)
        m_isolate->RequestInterrupt(interrupted, this);
}

/// Some of V8's own loops, such as that of a multiplication, look for nothing but this.
void WorkerState::deadlineIgnored()
{
    std::lock_guard lock(m_isolateMutex);
    if (m_isolate && m_expiredSerial == m_serial)
        m_isolate->TerminateExecution();
}

void WorkerState::entryEnds()
{
    m_watchdog->disarm();
    if (m_expiredSerial == m_serial++)
        std::lock_guard lock(m_isolateMutex); // after this, deadlineIgnored() does nothing more
    m_leftNs = 0;
}

void WorkerState::interrupted(v8::Isolate *isolate, void *data)
{
    auto &self = *static_cast<WorkerState *>(data);
    if (self.m_expiredSerial != self.m_serial)
        return; // it ended in time after all, and something else runs now
    self.m_ended = Ended::Cpu;
    v8::HandleScope scope(isolate);
    const v8::Local<v8::StackTrace> stack = v8::StackTrace::CurrentStackTrace(isolate, 16, v8::StackTrace::kScriptName);
    for (int i = 0; i < stack->GetFrameCount() && self.m_current; ++i) {
        const v8::Local<v8::StackFrame> frame = stack->GetFrame(isolate, static_cast<std::uint32_t>(i));
        if (toStd(self.js(), frame->GetScriptName()) != functionsScript)
            continue;
        self.m_endedAt = self.m_current->original(frame->GetLineNumber(), frame->GetColumn());
        break;
    }
    isolate->TerminateExecution();
}

/// The JavaScript half forgets a request whose code was ended.
void WorkerState::letGoOf(RequestId request)
{
    m_rejections.clear();
    const std::shared_ptr<Realm> realm = m_current;
    if (request == 0 || !realm)
        return;
    const v8::HandleScope handles(m_isolate);
    const v8::Local<v8::Context> context = realm->context();
    const v8::Context::Scope inside(context);
    const v8::TryCatch quiet(m_isolate);
    std::array<v8::Local<v8::Value>, 2> arguments{v8::Number::New(m_isolate, static_cast<double>(request)), v8::True(m_isolate)};
    v8::Local<v8::Value> ignored;
    if (!realm->entry(Entry::Aborted)->Call(context, v8::Undefined(m_isolate), static_cast<int>(arguments.size()), arguments.data()).ToLocal(&ignored))
        m_isolate->CancelTerminateExecution();
}

/// Whether the rest is small enough to go on with, after a request that filled the heap.
bool WorkerState::fits()
{
    m_isolate->LowMemoryNotification();
    v8::HeapStatistics heap;
    m_isolate->GetHeapStatistics(&heap);
    return heap.used_heap_size() < limits.heapBytes / 4 * 3;
}

void WorkerState::terminated(RequestId request)
{
    const Ended why = std::exchange(m_ended, Ended::No);
    const base::Place place = std::exchange(m_endedAt, {});
    if (!m_broken)
        m_isolate->CancelTerminateExecution();
    if (m_stopping)
        return;
    // The real thing's own words.
    const std::string message = why == Ended::Heap ? "Worker exceeded memory limit."
        : why == Ended::Debugger               ? "A debugger ended the code."
                                               : "Worker exceeded CPU time limit.";
    events::ExceptionEvent event{request, base::wallUs(), message,
        place.line ? "    at " + place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) : std::string(), place, {}, 0};
    addExcerpt(event, m_current);
    record(std::move(event));
    if (why == Ended::Debugger)
        failRequest(request, 503, message);
    else if (why != Ended::Heap)
        exceeded(request, message, "The code ran for more than " + std::to_string(limits.cpuMs) + " ms and was ended.");
    if (!m_broken)
        letGoOf(request);
    if (why != Ended::Heap)
        return;
    exceeded(request, message, "The code filled the JavaScript heap (limit " + std::to_string(limits.heapBytes >> 20) + " MB) and was ended.");
    if (m_broken || m_raised > 0 || !fits())
        startAnew("Another request exceeded the Worker's memory limit");
}

void WorkerState::startAnew(const std::string &reason)
{
    const std::string message = reason + ", and the Worker was started anew. Send this request again.";
    m_links.endAll("Network connection lost.");
    std::vector<RequestId> all;
    for (const auto &[id, ignored] : m_pending)
        all.push_back(id);
    for (const RequestId id : all)
        failRequest(id, 500, message);
    const std::shared_ptr<Realm> latest = m_latest;
    const auto module = latest ? latest->module : nullptr;
    const auto bindings = latest ? latest->bindings : nullptr;
    bodies.clear();
    for (const auto &[id, ignored] : fetches)
        fetchClient().abort(id);
    while (!fetches.empty())
        endFetch(fetches.begin()->first, FetchSpan::End::Cut, message);
    if (m_sockets)
        m_sockets->endAll(message);
    objectWrites.clear();
    cacheWrites.clear();
    cacheReads.clear();
    m_webSockets.clear();
    m_objects.forget();
    // The caller still holds handles into this isolate; it is exchanged when the stack is unwound.
    m_restart = {module, bindings};
}

void WorkerState::restartIsolate()
{
    const auto [module, bindings] = *std::exchange(m_restart, std::nullopt);
    disposeIsolate();
    adopt(makeIsolate(limits.heapBytes, std::move(m_allocator)));
    ++m_restarts;
    record(events::NoticeEvent{base::wallUs(), events::Level::Warn, "runtime.restarted",
        "The Worker was started anew, because its code went beyond a limit; what it kept in variables is gone. Restarts since the project was started: "
            + std::to_string(m_restarts) + '.',
        {}});
    if (!module)
        return;
    auto realm = makeRealm(module, bindings);
    if (realm) {
        m_latest = *realm;
        m_objects.codeIsIn();
        return;
    }
    record(events::NoticeEvent{base::wallUs(), events::Level::Error, realm.error().code, realm.error().message, realm.error().place});
}

void WorkerState::failRequest(RequestId id, int status, const std::string &message)
{
    failRequest(id, message, ResponseHead{status, {}, {{"content-type", "text/plain; charset=utf-8"}, {"cache-control", "no-store"}}}, message + "\n");
}

void WorkerState::failRequest(RequestId id, const std::string &message, ResponseHead &&head, std::string &&body)
{
    PendingRequest *request = pending(id);
    if (!request)
        return;
    if (!request->gone)
        sink.failed(id, message);
    for (std::uint32_t scope = 1; scope <= request->scopes.size(); ++scope)
        endScope(id, *request, scope, {}, message);
    if (request->answered == PendingRequest::Answered::Streaming && !request->gone)
        sink.end(id, failSocket(id, message) ? ResponseSink::Finish::Complete : ResponseSink::Finish::Truncated);
    respond(id, std::move(head), std::move(body));
    m_links.requestEnds(id, message);
    if (!m_triggers.empty())
        endTrigger(id, message == "Worker exceeded memory limit." ? "exceededMemory" : message == "Worker exceeded CPU time limit." ? "exceededCpu" : "exception", message, {});
    finish(id);
}

void WorkerState::failHungRequests()
{
    if (m_pending.empty() || !m_due.empty() || !fetches.empty() || !m_webSockets.empty() || m_links.waiting() || (m_sockets && !m_sockets->empty()))
        return;
    for (const auto &[id, body] : bodies) {
        if (body.waiting)
            return;
    }
    std::vector<RequestId> hung;
    for (const auto &[id, request] : m_pending) {
        if (request.waitingForDrain)
            return;
        if (request.answered == PendingRequest::Answered::No)
            hung.push_back(id);
    }
    for (const RequestId id : hung) {
        const std::string message = "The code waits for something that can never happen (a promise that nothing resolves), so this request would never be answered.";
        record(events::ExceptionEvent{id, base::wallUs(), message, {}, {}, {}, 0});
        failRequest(id, 500, message);
    }
    m_links.endHung();
}

// ---- promises

void WorkerState::promiseRejected(v8::PromiseRejectMessage message)
{
    const v8::Local<v8::Promise> promise = message.GetPromise();
    switch (message.GetEvent()) {
    case v8::kPromiseRejectWithNoHandler:
        m_rejections.push_back({v8::Global<v8::Promise>(m_isolate, promise), v8::Global<v8::Value>(m_isolate, message.GetValue()),
            v8::Global<v8::Value>(m_isolate, m_isolate->GetCurrentContext()->GetContinuationPreservedEmbedderData())});
        break;
    case v8::kPromiseHandlerAddedAfterReject:
        if (std::erase_if(m_rejections, [&](const Rejection &one) { return one.promise == promise; }) == 0)
            handledLater(promise);
        break;
    case v8::kPromiseRejectAfterResolved:
    case v8::kPromiseResolveAfterResolved:
        break;
    }
}

void WorkerState::handledLater(v8::Local<v8::Promise> promise)
{
    const auto told = std::ranges::find_if(m_toldRejections, [&](const auto &one) { return one == promise; });
    if (told == m_toldRejections.end())
        return;
    m_handledLater.emplace_back(m_isolate, promise);
    m_toldRejections.erase(told);
}

bool WorkerState::tellRejection(Js js, v8::Local<v8::Value> promise, v8::Local<v8::Value> reason, Caught caught)
{
    std::array<v8::Local<v8::Value>, 3> arguments{promise, reason, v8::Boolean::New(js.isolate, caught == Caught::Later)};
    v8::Local<v8::Value> told;
    return m_current->entry(Entry::PromiseRejected)->Call(js.context, v8::Undefined(js.isolate), 3, arguments.data()).ToLocal(&told) && told->IsTrue();
}

void WorkerState::reportRejections(Js js)
{
    constexpr std::size_t mostTold = 1000; // of which it is remembered whether something catches them later
    for (const auto &promise : std::exchange(m_handledLater, {})) {
        const v8::TryCatch quiet(js.isolate);
        tellRejection(js, promise.Get(js.isolate), v8::Undefined(js.isolate), Caught::Later);
    }
    const auto rejections = std::exchange(m_rejections, {});
    const RequestId request = currentRequest();
    const v8::Local<v8::Value> here = js.context->GetContinuationPreservedEmbedderData();
    for (const auto &[promise, reason, within] : rejections) {
        v8::TryCatch quiet(js.isolate);
        js.context->SetContinuationPreservedEmbedderData(within.IsEmpty() ? here : within.Get(js.isolate));
        v8::Local<v8::Value> argument = reason.Get(js.isolate);
        v8::Local<v8::Value> result;
        if (!promise.IsEmpty() && tellRejection(js, promise.Get(js.isolate), argument, Caught::No)) {
            if (m_toldRejections.size() == mostTold)
                m_toldRejections.erase(m_toldRejections.begin());
            m_toldRejections.emplace_back(m_isolate, promise.Get(js.isolate)).SetWeak();
            continue;
        }
        if (quiet.HasTerminated())
            return;
        tellDebuggers(js, argument);
        events::ExceptionEvent event{request, base::wallUs(), {}, {}, {}, {}, 0};
        if (m_current->entry(Entry::DescribeError)->Call(js.context, v8::Undefined(js.isolate), 1, &argument).ToLocal(&result) && result->IsArray()) {
            const v8::Local<v8::Array> fields = result.As<v8::Array>();
            const auto at = [&](std::uint32_t i) { return fields->Get(js.context, i).FromMaybe(v8::Local<v8::Value>(v8::Undefined(js.isolate))); };
            event.message = "Uncaught (in promise) " + toStd(js, at(0));
            event.stack = toStd(js, at(1));
            event.place = {toStd(js, at(2)), at(3)->Int32Value(js.context).FromMaybe(0), at(4)->Int32Value(js.context).FromMaybe(0)};
        } else {
            event.message = "A promise was rejected and nothing caught it.";
        }
        addExcerpt(event, m_current);
        record(std::move(event));
        if (m_ended != Ended::No) // the time is over: it was an endless getter of an error, or one rejection too many
            break;
    }
}

} // namespace cleat::runtime
