// SPDX-License-Identifier: GPL-3.0-or-later
// Durable Objects: their namespaces, and what C++ has to know of the instances.

#include "core/bindings/durableobjects/objectids.h"
#include "core/runtime/callrecorder.h"
#include "core/runtime/natives.h"
#include "core/runtime/stepvalues.h"
#include "core/runtime/workerstate.h"

#include <array>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

RequestId numberOf(v8::Local<v8::Value> value)
{
    return value->IsNumber() ? static_cast<RequestId>(value.As<v8::Number>()->Value()) : 0;
}

/// Where a namespace's class is: that of `env`, or below 0, with its class, one of the code's own.
struct Place {
    std::string worker;
    std::string className;
};

Place placeOf(Js js, Arguments arguments)
{
    WorkerState &state = WorkerState::of(js.isolate);
    const auto index = arguments[0]->Int32Value(js.context).FromMaybe(-1);
    const auto &all = state.realm().bindings->objects;
    if (index >= 0 && static_cast<std::size_t>(index) < all.size())
        return {all[static_cast<std::size_t>(index)].worker, all[static_cast<std::size_t>(index)].className};
    return {{}, toStd(js, arguments[1])};
}

std::string keyOf(Js js, const Place &place)
{
    return bindings::durableobjects::uniqueKey(place.worker.empty() ? WorkerState::of(js.isolate).links().name() : place.worker, place.className);
}

/// objectIdNamed(namespace, class, name): 64 hex digits
void objectIdNamed(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    arguments.GetReturnValue().Set(toJs(js, bindings::durableobjects::idFromName(keyOf(js, placeOf(js, arguments)), toStd(js, arguments[2]))));
}

/// objectIdNew(namespace, class): 64 hex digits
void objectIdNew(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto id = bindings::durableobjects::newUniqueId(keyOf(js, placeOf(js, arguments)));
    if (id)
        arguments.GetReturnValue().Set(toJs(js, *id));
    else
        throwError(js, id.error().message);
}

/// objectIdParsed(namespace, class, text): 64 hex digits. Throws what says why it is none
void objectIdParsed(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto id = bindings::durableobjects::idFromString(keyOf(js, placeOf(js, arguments)), toStd(js, arguments[2]));
    if (id)
        arguments.GetReturnValue().Set(toJs(js, *id));
    else
        throwTypeError(js, id.error().message);
}

/// objectLink(namespace, class, id, name or undefined, mark): a link to an object. 0: the Worker that has the class is not there
void objectLink(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!mayOpenLink(js))
        return;
    const Place place = placeOf(js, arguments);
    ObjectName object{toStd(js, arguments[2]), {}};
    if (arguments[3]->IsString())
        object.name = toStd(js, arguments[3]);
    const CallMark mark = markOf(js, arguments[4]).value_or(CallMark());
    arguments.GetReturnValue().Set(static_cast<double>(state.links().openObject(place.worker, place.className, std::move(object), mark)));
}

/// ioContext(): the request that runs, or the home of the object in which it does
void ioContext(Arguments arguments)
{
    WorkerState &state = WorkerState::of(arguments.GetIsolate());
    const RequestId current = state.currentRequest();
    const RequestId home = state.objects().homeOf(current);
    arguments.GetReturnValue().Set(static_cast<double>(home != 0 ? home : current));
}

/// objectIdle(home): nothing goes on in it
void objectIdle(Arguments arguments)
{
    WorkerState::of(arguments.GetIsolate()).objects().idle(numberOf(arguments[0]));
}

/// objectGone(home): it is not in memory any more
void objectGone(Arguments arguments)
{
    WorkerState::of(arguments.GetIsolate()).objects().leaves(numberOf(arguments[0]));
}

/// objectSlot(home): the number of its storage
void objectSlot(Arguments arguments)
{
    arguments.GetReturnValue().Set(WorkerState::of(arguments.GetIsolate()).objects().openStore(numberOf(arguments[0])));
}

/// objectSlotClose(home)
void objectSlotClose(Arguments arguments)
{
    WorkerState::of(arguments.GetIsolate()).objects().closeStore(numberOf(arguments[0]));
}

/// objectSockets(home, count): so many WebSockets were given to acceptWebSocket() in it
void objectSockets(Arguments arguments)
{
    WorkerState::of(arguments.GetIsolate()).objects().socketsAre(numberOf(arguments[0]), static_cast<std::size_t>(numberOf(arguments[1])));
}

/// objectAlarmTouched(home): its alarm is set or removed
void objectAlarmTouched(Arguments arguments)
{
    WorkerState::of(arguments.GetIsolate()).objects().alarmTouched(numberOf(arguments[0]));
}

/// objectClasses(names): those that the code has
void objectClasses(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!arguments[0]->IsArray())
        return;
    const v8::Local<v8::Array> list = arguments[0].As<v8::Array>();
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < list->Length(); ++i)
        names.push_back(toStd(js, list->Get(js.context, i).FromMaybe(v8::Local<v8::Value>(v8::Undefined(js.isolate)))));
    WorkerState::of(js.isolate).objects().codeHas(std::move(names));
}

constexpr std::array natives = {
    Native{"objectIdNamed", objectIdNamed},
    Native{"objectIdNew", objectIdNew},
    Native{"objectIdParsed", objectIdParsed},
    Native{"objectLink", objectLink},
    Native{"ioContext", ioContext},
    Native{"objectIdle", objectIdle},
    Native{"objectGone", objectGone},
    Native{"objectSlot", objectSlot},
    Native{"objectSlotClose", objectSlotClose},
    Native{"objectSockets", objectSockets},
    Native{"objectAlarmTouched", objectAlarmTouched},
    Native{"objectClasses", objectClasses},
};

} // namespace

std::span<const Native> objectNatives()
{
    return natives;
}

} // namespace cleat::runtime
