// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/runtime/natives.h"
#include "core/runtime/preview.h"
#include "core/runtime/structuredclone.h"
#include "core/runtime/workerstate.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <limits>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

/// Refuses what a module's top level may not do; true when it was refused.
bool refusedWhileLoading(Js js)
{
    if (!WorkerState::of(js.isolate).loading)
        return false;
    throwError(js, "Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or connect()), setting a timeout, and generating random "
                   "values are not allowed within global scope. To fix this error, perform this operation within a handler.");
    return true;
}

/// now(): milliseconds since 1970 on a clock that never goes back
void now(Arguments arguments)
{
    // The steady clock stands still while the machine sleeps: catch up with the wall clock when it is far ahead.
    thread_local std::int64_t offsetUs = std::numeric_limits<std::int64_t>::min();
    const std::int64_t steadyUs = base::steadyNs() / 1000;
    const std::int64_t wallUs = base::wallUs();
    if (offsetUs == std::numeric_limits<std::int64_t>::min() || wallUs - steadyUs > offsetUs + 500'000)
        offsetUs = wallUs - steadyUs;
    arguments.GetReturnValue().Set(static_cast<double>(steadyUs + offsetUs) / 1000.0);
}

/// randomFill(view)
void randomFill(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (refusedWhileLoading(js))
        return;
    const std::string_view bytes = bytesOf(arguments[0]);
    if (!bytes.empty() && RAND_bytes(reinterpret_cast<unsigned char *>(const_cast<char *>(bytes.data())), static_cast<int>(bytes.size())) != 1)
        throwError(js, "The system's random number generator failed.");
}

/// setTimer(function, milliseconds, repeat): id
void setTimer(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (refusedWhileLoading(js))
        return;
    WorkerState &state = WorkerState::of(js.isolate);
    const double wanted = arguments[1]->NumberValue(js.context).FromMaybe(0);
    constexpr double most = 3'153'600'000'000.0; // a hundred years
    const auto delay = static_cast<std::int64_t>(wanted >= 0 ? std::min(wanted, most) : 0);
    Timer timer;
    timer.intervalNs = arguments[2]->IsTrue() ? delay * 1'000'000 : -1;
    const WorkerState::Current current = state.current();
    timer.request = current.request;
    timer.scope = current.scope;
    timer.realm = state.sharedRealm();
    timer.callback.Reset(js.isolate, arguments[0].As<v8::Function>());
    arguments.GetReturnValue().Set(state.addTimer(delay, std::move(timer)));
}

/// clearTimer(id)
void clearTimer(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).removeTimer(arguments[0]->Uint32Value(js.context).FromMaybe(0));
}

/// console(level, text, values)
void console(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    events::ConsoleEvent event;
    event.request = state.currentRequest();
    event.timeUs = base::wallUs();
    event.level = static_cast<events::Level>(std::clamp(arguments[0]->Int32Value(js.context).FromMaybe(1), 0, 4));
    event.text = toStd(js, arguments[1]);
    event.values = toStd(js, arguments[2]);
    if (const std::string &prefix = state.consolePrefix(); !prefix.empty()) {
        event.text = prefix + ' ' + event.text;
        if (event.values.size() > 2)
            event.values.insert(1, R"({"t":"text","s":)" + jsonString(prefix) + "},");
    }
    const v8::Local<v8::StackTrace> stack = v8::StackTrace::CurrentStackTrace(js.isolate, 8, v8::StackTrace::kDetailed);
    for (int i = 0; i < stack->GetFrameCount(); ++i) {
        const v8::Local<v8::StackFrame> frame = stack->GetFrame(js.isolate, static_cast<std::uint32_t>(i));
        if (toStd(js, frame->GetScriptName()) == functionsScript) {
            event.place = state.realm().original(frame->GetLineNumber(), frame->GetColumn());
            break;
        }
    }
    state.record(std::move(event));
}

/// mapPosition(line, column): [file, line, column], or undefined when the map does not know
void mapPosition(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const base::Place place = WorkerState::of(js.isolate)
                                  .realm()
                                  .original(arguments[0]->Int32Value(js.context).FromMaybe(0), arguments[1]->Int32Value(js.context).FromMaybe(0));
    if (place.line == 0)
        return;
    std::array<v8::Local<v8::Value>, 3> fields{toJs(js, place.file), v8::Integer::New(js.isolate, place.line), v8::Integer::New(js.isolate, place.column)};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, fields.data(), fields.size()));
}

/// exception(request, message, stack, file, line, column, thrown): for the log, and for debuggers
void exception(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const auto id = static_cast<RequestId>(arguments[0]->NumberValue(js.context).FromMaybe(0));
    events::ExceptionEvent event{id, base::wallUs(), toStd(js, arguments[1]), toStd(js, arguments[2]),
        {toStd(js, arguments[3]), arguments[4]->Int32Value(js.context).FromMaybe(0), arguments[5]->Int32Value(js.context).FromMaybe(0)}, {}, 0};
    state.addExcerpt(event, state.sharedRealm());
    state.tellDebuggers(js, arguments[6]);
    if (state.pending(id))
        state.sink.failed(id, event.message);
    state.record(std::move(event));
}

/// currentRequest(): number
void currentRequest(Arguments arguments)
{
    arguments.GetReturnValue().Set(static_cast<double>(WorkerState::of(arguments.GetIsolate()).currentRequest()));
}

/// refuseInGlobalScope(): throws while a module loads
void refuseInGlobalScope(Arguments arguments)
{
    refusedWhileLoading(currentJs(arguments.GetIsolate()));
}

/// structuredClone(value, transfer, hosts, revive): [value], or a text that says what cannot be cloned
void clone(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    std::string refused;
    v8::Local<v8::Value> result;
    if (structuredClone(js, arguments[0], arguments[1], arguments[2], arguments[3], refused).ToLocal(&result))
        arguments.GetReturnValue().Set(v8::Array::New(js.isolate, &result, 1));
    else if (!refused.empty())
        arguments.GetReturnValue().Set(toJs(js, refused));
}

/// promiseState(promise): undefined while it is pending, else [fulfilled, value or reason]
void promiseState(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!arguments[0]->IsPromise())
        return;
    const v8::Local<v8::Promise> promise = arguments[0].As<v8::Promise>();
    if (promise->State() == v8::Promise::kPending)
        return;
    std::array<v8::Local<v8::Value>, 2> parts{v8::Boolean::New(js.isolate, promise->State() == v8::Promise::kFulfilled), promise->Result()};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, parts.data(), parts.size()));
}

/// iteratorEntries(value): what an iterator of a Map or Set has left, without moving it, as [in pairs, flat list]; undefined for anything else
void iteratorEntries(Arguments arguments)
{
    if (!arguments[0]->IsMapIterator() && !arguments[0]->IsSetIterator())
        return;
    bool pairs = false;
    v8::Local<v8::Array> entries;
    if (!arguments[0].As<v8::Object>()->PreviewEntries(&pairs).ToLocal(&entries))
        return;
    v8::Isolate *isolate = arguments.GetIsolate();
    std::array<v8::Local<v8::Value>, 2> parts{v8::Boolean::New(isolate, pairs), entries};
    arguments.GetReturnValue().Set(v8::Array::New(isolate, parts.data(), parts.size()));
}

/// proxyTarget(value): [what stands behind the proxy, null once it is revoked]; undefined for anything else, and for arrays of Float16Array
void proxyTarget(Arguments arguments)
{
    if (!arguments[0]->IsProxy() || !float16Bits(arguments[0]).IsEmpty())
        return;
    v8::Local<v8::Value> target = arguments[0].As<v8::Proxy>()->GetTarget();
    arguments.GetReturnValue().Set(v8::Array::New(arguments.GetIsolate(), &target, 1));
}

/// valueType(object): what kind of object it is by its inside, "array", "map", ...; undefined for plain ones
void valueType(Arguments arguments)
{
    const v8::Local<v8::Value> value = arguments[0];
    const char *type = value->IsArray()                          ? "array"
        : value->IsNativeError()                                 ? "error"
        : value->IsMap()                                         ? "map"
        : value->IsSet()                                         ? "set"
        : value->IsDate()                                        ? "date"
        : value->IsRegExp()                                      ? "regexp"
        : value->IsTypedArray()                                  ? "typedarray"
        : !float16Bits(value).IsEmpty()                          ? "typedarray"
        : value->IsArrayBuffer()                                 ? "arraybuffer"
        : value->IsPromise()                                     ? "promise"
        : value->IsWeakMap()                                     ? "weakmap"
        : value->IsWeakSet()                                     ? "weakset"
        : value->IsNumberObject() || value->IsStringObject() || value->IsBooleanObject() || value->IsBigIntObject() || value->IsSymbolObject() ? "boxed"
                                                                 : nullptr;
    if (type)
        arguments.GetReturnValue().Set(toJsName(currentJs(arguments.GetIsolate()), type));
}

/// unboxed(object): the primitive in a Number, String, Boolean, BigInt or Symbol object
void unboxed(Arguments arguments)
{
    const v8::Local<v8::Value> value = arguments[0];
    if (value->IsNumberObject())
        arguments.GetReturnValue().Set(value.As<v8::NumberObject>()->ValueOf());
    else if (value->IsStringObject())
        arguments.GetReturnValue().Set(value.As<v8::StringObject>()->ValueOf());
    else if (value->IsBooleanObject())
        arguments.GetReturnValue().Set(value.As<v8::BooleanObject>()->ValueOf());
    else if (value->IsBigIntObject())
        arguments.GetReturnValue().Set(value.As<v8::BigIntObject>()->ValueOf());
    else if (value->IsSymbolObject())
        arguments.GetReturnValue().Set(value.As<v8::SymbolObject>()->ValueOf());
}

/// regexpText(regexp): "/source/flags"
void regexpText(Arguments arguments)
{
    if (!arguments[0]->IsRegExp())
        return;
    static constexpr std::array<std::pair<int, char>, 7> letters{{{v8::RegExp::kHasIndices, 'd'}, {v8::RegExp::kGlobal, 'g'}, {v8::RegExp::kIgnoreCase, 'i'},
        {v8::RegExp::kMultiline, 'm'}, {v8::RegExp::kDotAll, 's'}, {v8::RegExp::kUnicode, 'u'}, {v8::RegExp::kSticky, 'y'}}};
    const Js js = currentJs(arguments.GetIsolate());
    const v8::Local<v8::RegExp> regexp = arguments[0].As<v8::RegExp>();
    std::string text = "/" + toStd(js, regexp->GetSource()) + "/";
    for (const auto &[flag, letter] : letters) {
        if (regexp->GetFlags() & flag)
            text += letter;
    }
    arguments.GetReturnValue().Set(toJs(js, text));
}

constexpr std::array natives = {
    Native{"now", now},
    Native{"randomFill", randomFill},
    Native{"setTimer", setTimer},
    Native{"clearTimer", clearTimer},
    Native{"console", console},
    Native{"mapPosition", mapPosition},
    Native{"exception", exception},
    Native{"currentRequest", currentRequest},
    Native{"refuseInGlobalScope", refuseInGlobalScope},
    Native{"structuredClone", clone},
    Native{"promiseState", promiseState},
    Native{"iteratorEntries", iteratorEntries},
    Native{"proxyTarget", proxyTarget},
    Native{"valueType", valueType},
    Native{"unboxed", unboxed},
    Native{"regexpText", regexpText},
};

} // namespace

std::span<const Native> systemNatives()
{
    return natives;
}

} // namespace cleat::runtime
