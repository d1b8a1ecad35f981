// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/callrecorder.h"
#include "core/runtime/linkserializer.h"
#include "core/runtime/natives.h"
#include "core/runtime/stepvalues.h"
#include "core/runtime/workerstate.h"

#include <array>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

std::uint64_t idOf(v8::Local<v8::Value> value)
{
    return value->IsNumber() ? static_cast<std::uint64_t>(value.As<v8::Number>()->Value()) : 0;
}

} // namespace

bool mayOpenLink(Js js)
{
    WorkerState &state = WorkerState::of(js.isolate);
    if (!state.mayCall(js, WorkerState::Quota::Subrequest))
        return false;
    if (state.links().mayOpen())
        return true;
    throwError(js, "Subrequest depth limit exceeded. This request recursed through Workers too many times. This can happen e.g. if you have a Worker or Durable Object that "
                   "calls other Workers or objects recursively.");
    return false;
}

namespace {

/// linkOpen(binding, entrypoint, props, mark): a link to the Worker of a service binding; or, below 0, to an entrypoint of the code itself. 0: it is not there
void linkOpen(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!mayOpenLink(js))
        return;
    const auto index = arguments[0]->Int32Value(js.context).FromMaybe(-1);
    const CallMark mark = markOf(js, arguments[3]).value_or(CallMark());
    const auto &services = state.realm().bindings->services;
    LinkId id = 0;
    if (index >= 0 && static_cast<std::size_t>(index) < services.size()) {
        const Bindings::Service &service = services[static_cast<std::size_t>(index)];
        id = state.links().open(service.service, service.entrypoint, service.props, mark);
    } else {
        id = state.links().open({}, toStd(js, arguments[1]), toStd(js, arguments[2]), mark);
    }
    arguments.GetReturnValue().Set(static_cast<double>(id));
}

/// linkSend(link, head, whether there is a value, value): a text that says what cannot be cloned, or undefined
void linkSend(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    std::string refused;
    auto bytes = writeLinkMessage(js, arguments[1], arguments[2]->IsTrue() ? v8::MaybeLocal<v8::Value>(arguments[3]) : v8::MaybeLocal<v8::Value>(), refused);
    if (bytes)
        WorkerState::of(js.isolate).links().send(idOf(arguments[0]), std::move(*bytes));
    else if (!refused.empty())
        arguments.GetReturnValue().Set(toJs(js, refused));
}

/// linkEnd(link, reason)
void linkEnd(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).links().end(idOf(arguments[0]), toStd(js, arguments[1]));
}

/// linkValue(hosts): the value of the message that linkEvent() is called for
void linkValue(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    LinkReader *reader = WorkerState::of(js.isolate).links().reading();
    v8::Local<v8::Value> value;
    if (!reader || !arguments[0]->IsArray()) {
        throwError(js, "There is no message to read.");
        return;
    }
    if (reader->value(js, arguments[0].As<v8::Array>()).ToLocal(&value))
        arguments.GetReturnValue().Set(value);
}

/// linkHost(index): what stands in a value for one of the head's things
void linkHost(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    v8::Local<v8::Object> object;
    if (linkPlaceholder(js, arguments[0]->Uint32Value(js.context).FromMaybe(0)).ToLocal(&object))
        arguments.GetReturnValue().Set(object);
}

/// linkCall(session, what): the number of a scope, to be ended with spanEnd()
void linkCall(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    arguments.GetReturnValue().Set(WorkerState::of(js.isolate).beginSessionCall(js, idOf(arguments[0]), toStd(js, arguments[1])));
}

/// linkRoute(method, url): the chain that answers, as dispatch() takes it; of a project with Functions
void linkRoute(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    arguments.GetReturnValue().Set(stepsToJs(js, state.assets.route(toStd(js, arguments[0]), toStd(js, arguments[1]), state.realm().module->generation)));
}

/// linkTold(mark, binding, what, result, error, is it an object's): a call of another Worker is over
void linkTold(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::optional<CallMark> mark = markOf(js, arguments[0]);
    if (!mark)
        return;
    CallRecorder call(WorkerState::of(js.isolate), arguments[5]->IsTrue() ? "do" : "service", toStd(js, arguments[1]), toStd(js, arguments[2]), mark);
    if (call.wanted()) {
        call.event().result = toStd(js, arguments[3]);
        call.event().error = toStd(js, arguments[4]);
    }
    call.end();
}

constexpr std::array natives = {
    Native{"linkOpen", linkOpen},
    Native{"linkSend", linkSend},
    Native{"linkEnd", linkEnd},
    Native{"linkValue", linkValue},
    Native{"linkHost", linkHost},
    Native{"linkCall", linkCall},
    Native{"linkRoute", linkRoute},
    Native{"linkTold", linkTold},
};

} // namespace

std::span<const Native> linkNatives()
{
    return natives;
}

} // namespace cleat::runtime
