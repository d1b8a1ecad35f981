// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/runtime/callrecorder.h"
#include "core/runtime/natives.h"
#include "core/runtime/workerstate.h"

#include <array>

namespace cleat::runtime {

std::optional<CallMark> markOf(Js js, v8::Local<v8::Value> value)
{
    if (!value->IsArray())
        return std::nullopt;
    const v8::Local<v8::Array> parts = value.As<v8::Array>();
    std::array<double, 4> numbers{};
    for (std::uint32_t i = 0; i < numbers.size(); ++i) {
        v8::Local<v8::Value> part;
        if (parts->Get(js.context, i).ToLocal(&part) && part->IsNumber())
            numbers[i] = part.As<v8::Number>()->Value();
    }
    return CallMark{static_cast<std::int64_t>(numbers[0]), static_cast<std::uint32_t>(numbers[1]), static_cast<std::uint32_t>(numbers[2]),
        static_cast<std::uint32_t>(numbers[3])};
}

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

RequestId requestOf(v8::Local<v8::Value> value)
{
    return value->IsNumber() ? static_cast<RequestId>(value.As<v8::Number>()->Value()) : 0;
}

std::uint32_t countOf(v8::Local<v8::Value> value)
{
    return value->IsUint32() ? value.As<v8::Uint32>()->Value() : 0;
}

/// callMark(): a mark, for a call that reaches C++ later (CallMark); undefined when calls are not told
void callMark(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::optional<CallMark> mark = WorkerState::of(js.isolate).beginCall(4);
    if (!mark)
        return;
    std::array<v8::Local<v8::Value>, 4> parts{v8::Number::New(js.isolate, static_cast<double>(mark->beginNs)),
        v8::Integer::NewFromUnsigned(js.isolate, mark->span), v8::Integer::NewFromUnsigned(js.isolate, mark->parent),
        v8::Integer::NewFromUnsigned(js.isolate, mark->place)};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, parts.data(), parts.size()));
}

/// spanBegin(request, handler, nth, scope it is called in, function, is the last): the number of its scope, which is current from now on
void spanBegin(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const RequestId id = requestOf(arguments[0]);
    PendingRequest *request = state.pending(id);
    if (!request) {
        arguments.GetReturnValue().Set(0);
        return;
    }
    SpanScope scope;
    scope.handler = countOf(arguments[1]);
    scope.nth = countOf(arguments[2]);
    const std::uint32_t parent = countOf(arguments[3]);
    scope.span = request->nextSpan();
    scope.parent = request->parentSpan;
    if (parent > 0 && parent <= request->scopes.size())
        scope.parent = request->scopes[parent - 1].span;
    const bool last = arguments[5]->IsTrue();
    scope.kind = last && !state.realm().isMiddleware(scope.handler) ? SpanScope::Kind::Handler : SpanScope::Kind::Middleware;
    if (arguments[4]->IsFunction())
        scope.place = state.realm().functionPlace(scope.handler, scope.nth, arguments[4].As<v8::Function>());
    if (last && scope.nth == 0)
        state.realm().setSingle(scope.handler, scope.place);
    scope.beginNs = base::steadyNs();
    request->scopes.push_back(scope);
    const auto number = static_cast<std::uint32_t>(request->scopes.size());
    state.makeCurrent(js, {id, number});
    arguments.GetReturnValue().Set(number);
}

/// spanLeave(request, scope): this one is current again
void spanLeave(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).makeCurrent(js, {requestOf(arguments[0]), countOf(arguments[1])});
}

/// spanEnd(request, scope, status of its answer or 0, error)
void spanEnd(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const RequestId id = requestOf(arguments[0]);
    PendingRequest *request = state.pending(id);
    if (!request)
        return;
    const std::uint32_t status = countOf(arguments[2]);
    state.endScope(id, *request, countOf(arguments[1]), status ? "{\"status\":" + std::to_string(status) + '}' : std::string(), toStd(js, arguments[3]));
}

/// waitBegin(request, scope it is called in): a scope, to be ended with spanEnd()
void waitBegin(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    PendingRequest *request = state.pending(requestOf(arguments[0]));
    if (!request) {
        arguments.GetReturnValue().Set(0);
        return;
    }
    const CallMark mark = state.markCall(request, countOf(arguments[1]), 4);
    SpanScope scope;
    scope.kind = SpanScope::Kind::WaitUntil;
    scope.span = mark.span;
    scope.parent = mark.parent;
    scope.place = mark.place;
    scope.beginNs = mark.beginNs;
    request->scopes.push_back(scope);
    arguments.GetReturnValue().Set(static_cast<std::uint32_t>(request->scopes.size()));
}

constexpr std::array natives = {
    Native{"callMark", callMark},
    Native{"spanBegin", spanBegin},
    Native{"spanLeave", spanLeave},
    Native{"spanEnd", spanEnd},
    Native{"waitBegin", waitBegin},
};

} // namespace

std::span<const Native> spanNatives()
{
    return natives;
}

} // namespace cleat::runtime
