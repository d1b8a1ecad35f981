// SPDX-License-Identifier: GPL-3.0-or-later
// The half of WorkerState that knows what is done on whose behalf.

#include "core/base/clock.h"
#include "core/runtime/workerstate.h"

#include <array>

#include <algorithm>

namespace cleat::runtime {

namespace {

// The request's id and the scope's number travel as one JavaScript number, exact below 2^53: that is room for 2^40 requests. What is done in a scope
// with a greater number belongs to the request itself.
constexpr std::uint64_t scopeBits = 13;
constexpr std::uint64_t scopeMask = (1ULL << scopeBits) - 1;

const char *kindOf(SpanScope::Kind kind)
{
    switch (kind) {
    case SpanScope::Kind::Middleware:
        return "middleware";
    case SpanScope::Kind::Handler:
        return "handler";
    case SpanScope::Kind::WaitUntil:
        return "waituntil";
    }
    return "";
}

} // namespace

// What follows the code through its awaits: a number that says whose work it is, or an array of that number and the frame of AsyncLocalStorage.
WorkerState::Current WorkerState::current() const
{
    const v8::Local<v8::Context> context = m_isolate->GetCurrentContext();
    v8::Local<v8::Value> data = context->GetContinuationPreservedEmbedderData();
    if (data->IsArray() && !data.As<v8::Array>()->Get(context, 0).ToLocal(&data))
        return {};
    if (data->IsUndefined()) // V8 10 forgets it where a promise is resolved with an object that has a then() of its own
        return m_entered;
    if (!data->IsNumber())
        return {};
    const auto both = static_cast<std::uint64_t>(data.As<v8::Number>()->Value());
    return {both >> scopeBits, static_cast<std::uint32_t>(both & scopeMask)};
}

void WorkerState::makeCurrent(Js js, Current current)
{
    setContinuation(js, current, asyncFrame(js));
}

void WorkerState::beginCurrent(Js js, Current current)
{
    m_entered = current;
    setContinuation(js, current, {});
}

v8::Local<v8::Value> WorkerState::asyncFrame(Js js) const
{
    const v8::Local<v8::Value> data = js.context->GetContinuationPreservedEmbedderData();
    v8::Local<v8::Value> frame;
    return data->IsArray() && data.As<v8::Array>()->Get(js.context, 1).ToLocal(&frame) ? frame : v8::Local<v8::Value>(v8::Undefined(js.isolate));
}

void WorkerState::setAsyncFrame(Js js, v8::Local<v8::Value> frame)
{
    setContinuation(js, current(), frame);
}

void WorkerState::setContinuation(Js js, Current current, v8::Local<v8::Value> frame)
{
    const std::uint64_t scope = current.scope <= scopeMask ? current.scope : 0;
    const v8::Local<v8::Value> number = v8::Number::New(js.isolate, static_cast<double>(current.request << scopeBits | scope));
    if (frame.IsEmpty() || frame->IsUndefined()) {
        js.context->SetContinuationPreservedEmbedderData(number);
        return;
    }
    std::array<v8::Local<v8::Value>, 2> both{number, frame};
    js.context->SetContinuationPreservedEmbedderData(v8::Array::New(js.isolate, both.data(), both.size()));
}

CallMark WorkerState::markCall(PendingRequest *request, std::uint32_t scope, int depth)
{
    CallMark mark;
    if (request) {
        mark.span = request->nextSpan();
        mark.parent = request->parentSpan;
        if (scope > 0 && scope <= request->scopes.size())
            mark.parent = request->scopes[scope - 1].span;
    }
    if (depth > 0)
        mark.place = callersPlace(depth);
    mark.beginNs = base::steadyNs();
    return mark;
}

std::optional<CallMark> WorkerState::beginCall(int depth)
{
    const Current now = current();
    PendingRequest *const request = pending(now.request);
    return records(request) ? std::optional(markCall(request, now.scope, depth)) : std::nullopt;
}

std::uint32_t WorkerState::callersPlace(int depth)
{
    constexpr auto what = static_cast<v8::StackTrace::StackTraceOptions>(
        v8::StackTrace::kScriptId | v8::StackTrace::kLineNumber | v8::StackTrace::kColumnOffset);
    const v8::HandleScope scope(m_isolate);
    const v8::Local<v8::StackTrace> stack = v8::StackTrace::CurrentStackTrace(m_isolate, depth, what);
    const int count = stack->GetFrameCount();
    for (int i = 0; i < count; ++i) {
        const v8::Local<v8::StackFrame> frame = stack->GetFrame(m_isolate, static_cast<std::uint32_t>(i));
        if (frame->GetScriptId() == m_current->scriptId())
            return m_current->placeNumber(frame->GetLineNumber(), frame->GetColumn());
    }
    return 0;
}

bool WorkerState::beginSingle(PendingRequest &request, std::span<const Step> steps)
{
    if (steps.size() != 1)
        return false;
    const std::uint32_t handler = steps.front().handler;
    const std::optional<std::uint32_t> place = request.realm->single(handler);
    if (!place || request.realm->isMiddleware(handler))
        return false;
    SpanScope scope;
    scope.kind = SpanScope::Kind::Handler;
    scope.handler = handler;
    scope.span = request.nextSpan();
    scope.place = *place;
    scope.beginNs = base::steadyNs();
    request.scopes.push_back(scope);
    return request.single = true;
}

void WorkerState::endSingle(RequestId id, PendingRequest &request, int status)
{
    if (request.single)
        endScope(id, request, 1, "{\"status\":" + std::to_string(status) + '}', {});
}

void WorkerState::endScope(RequestId id, PendingRequest &request, std::uint32_t number, std::string result, std::string error)
{
    if (number == 0 || number > request.scopes.size() || !request.scopes[number - 1].open)
        return;
    SpanScope &scope = request.scopes[number - 1];
    scope.open = false;
    events::CallEvent event;
    event.request = id;
    event.span = scope.span;
    event.parent = scope.parent;
    event.startUs = sinceStartUs(id, scope.beginNs);
    event.durationUs = static_cast<std::uint32_t>((base::steadyNs() - scope.beginNs + 500) / 1000);
    event.kind = kindOf(scope.kind);
    event.place = request.realm->place(scope.place);
    if (scope.kind == SpanScope::Kind::WaitUntil) {
        event.method = "waitUntil";
    } else if (scope.handler == SpanScope::ofSession) {
        event.binding = m_links.name();
        event.method = request.calls[scope.nth];
    } else {
        const auto &[file, name] = request.realm->module->handlers.at(scope.handler);
        event.binding = file;
        event.method = name;
    }
    event.result = std::move(result);
    event.error = std::move(error);
    record(std::move(event));
}

void WorkerState::addExcerpt(events::ExceptionEvent &event, const std::shared_ptr<Realm> &realm) const
{
    if (event.place.line > 0 && realm)
        event.excerpt = realm->excerpt(event.place, event.excerptLine);
}

void WorkerState::endFetch(FetchClient::FetchId id, FetchSpan::End end, const std::string &error)
{
    const auto found = fetches.find(id);
    if (found == fetches.end())
        return;
    const Fetch fetch = std::move(found->second);
    fetches.erase(found);
    if (!fetch.span)
        return;
    events::CallEvent event = fetch.span->finish(error, end);
    event.request = fetch.request;
    event.startUs = sinceStartUs(fetch.request, fetch.span->mark().beginNs);
    if (const std::shared_ptr<Realm> realm = fetch.realm.lock())
        event.place = realm->place(fetch.span->mark().place);
    record(std::move(event));
}

} // namespace cleat::runtime
