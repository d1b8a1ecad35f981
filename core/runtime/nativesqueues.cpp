// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/bindings/queues/queuelimits.h"
#include "core/runtime/callrecorder.h"
#include "core/runtime/natives.h"
#include "core/runtime/preview.h"
#include "core/runtime/workerstate.h"

#include <array>
#include <cstdlib>
#include <memory>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using bindings::queues::Backlog;
using bindings::queues::Call;
using bindings::queues::ContentType;
using bindings::queues::NewMessage;

const Realm::QueueBinding &bindingOf(Js js, Arguments arguments)
{
    return WorkerState::of(js.isolate).realm().queues.at(arguments[0]->Uint32Value(js.context).FromMaybe(0));
}

v8::Local<v8::Value> backlogToJs(Js js, const Backlog &backlog)
{
    std::array<v8::Local<v8::Value>, 3> parts{v8::Number::New(js.isolate, static_cast<double>(backlog.count)), v8::Number::New(js.isolate, static_cast<double>(backlog.bytes)),
        v8::Number::New(js.isolate, static_cast<double>(backlog.oldestMs.value_or(-1)))};
    return v8::Array::New(js.isolate, parts.data(), parts.size());
}

std::string backlogJson(const Backlog &backlog)
{
    ShownFields fields;
    fields.add("backlogCount", std::to_string(backlog.count));
    fields.add("backlogBytes", std::to_string(backlog.bytes));
    return fields.json();
}

/// A body, or a part of one, as the log shows it.
std::string shownBody(const NewMessage &message)
{
    constexpr std::size_t most = 2048;
    return message.type == ContentType::Json && message.body.size() <= most ? message.body : preview(message.body);
}

std::string shownMessages(Call call, const std::vector<NewMessage> &messages, std::int64_t batchDelay)
{
    const auto options = [](const NewMessage &message, std::int64_t usual) {
        ShownFields fields;
        if (message.type != ContentType::Json)
            fields.add("contentType", jsonString(contentTypeName(message.type)));
        if (message.delaySeconds != usual)
            fields.add("delaySeconds", std::to_string(message.delaySeconds));
        return fields;
    };
    if (call == Call::Send) {
        const ShownFields fields = options(messages.front(), 0);
        return '[' + shownBody(messages.front()) + (fields.empty() ? "" : ',' + fields.json()) + ']';
    }
    std::string list;
    for (std::size_t i = 0; i < messages.size() && i < 20; ++i) {
        ShownFields fields = options(messages[i], batchDelay);
        fields.add("body", shownBody(messages[i]));
        list += (i ? "," : "") + fields.json();
    }
    return "[[" + list + (messages.size() > 20 ? ",\"\u2026\"]" : "]") + (batchDelay ? ",{\"delaySeconds\":" + std::to_string(batchDelay) + "}]" : "]");
}

void fail(Js js, CallRecorder &call, const base::Error &error)
{
    const bool hidden = error.code == "queue.limit" && WorkerState::of(js.isolate).realm().bindings->compatibility.holds("queue_expose_error_codes");
    if (!hidden) {
        call.fail(js, error);
        return;
    }
    // The code sees what it would see there; the log says why.
    call.event().error = error.message;
    call.end();
    throwError(js, "Unknown Internal Error (15000)");
}

/// queueSend(binding, mark, delay of the whole batch or undefined for send(), [content type, text or bytes, delay or undefined, ...]): [messages, bytes, time of the first or -1] before
void queueSend(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!state.mayCall(js, WorkerState::Quota::Service) || !arguments[3]->IsArray())
        return;
    const auto &binding = bindingOf(js, arguments);
    const Call what = arguments[2]->IsUndefined() ? Call::Send : Call::SendBatch;
    const auto batchDelay = static_cast<std::int64_t>(arguments[2]->IsNumber() ? arguments[2].As<v8::Number>()->Value() : 0);
    const v8::Local<v8::Array> flat = arguments[3].As<v8::Array>();
    const RequestId current = state.currentRequest();
    const PendingRequest *request = state.pending(current);
    const bindings::queues::Sender sender{state.logToken(), request && request->root != 0 ? request->root : current};
    std::vector<NewMessage> messages;
    std::uint64_t bytes = 0;
    const auto at = [&](std::uint32_t i) { return flat->Get(js.context, i).FromMaybe(v8::Local<v8::Value>(v8::Undefined(js.isolate))); };
    for (std::uint32_t i = 0; i + 2 < flat->Length(); i += 3) {
        NewMessage &message = messages.emplace_back();
        message.type = bindings::queues::contentTypeNamed(toStd(js, at(i))).value_or(ContentType::Json);
        const v8::Local<v8::Value> body = at(i + 1);
        message.body = body->IsString() ? toStd(js, body) : std::string(bytesOf(body));
        const v8::Local<v8::Value> delay = at(i + 2);
        message.delaySeconds = delay->IsNumber() ? static_cast<std::int64_t>(delay.As<v8::Number>()->Value()) : batchDelay;
        message.sender = sender;
        bytes += message.body.size();
    }
    CallRecorder call(state, "queue", binding.name, what == Call::Send ? "send" : "sendBatch", markOf(js, arguments[1]));
    if (call.wanted()) {
        call.event().bytes = bytes;
        call.event().arguments = shownMessages(what, messages, batchDelay);
    }
    if (const auto fine = checkMessages(what, messages); !fine) {
        fail(js, call, fine.error());
        return;
    }
    const auto before = binding.store->send(binding.queue, messages, base::wallMs());
    if (!before) {
        fail(js, call, before.error());
        return;
    }
    if (call.wanted())
        call.event().result = backlogJson(*before);
    call.end();
    state.queueSent();
    arguments.GetReturnValue().Set(backlogToJs(js, *before));
}

/// queueMetrics(binding, mark): as queueSend()
void queueMetrics(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!state.mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    CallRecorder call(state, "queue", binding.name, "metrics", markOf(js, arguments[1]));
    const auto backlog = binding.store->backlog(binding.queue, base::wallMs());
    if (!backlog) {
        fail(js, call, backlog.error());
        return;
    }
    if (call.wanted())
        call.event().result = backlogJson(*backlog);
    call.end();
    arguments.GetReturnValue().Set(backlogToJs(js, *backlog));
}

struct Freed {
    void operator()(std::uint8_t *data) const { std::free(data); }
};

/// queueWrite(value that structuredClone() gave): ArrayBuffer
void queueWrite(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    v8::ValueSerializer serializer(js.isolate);
    serializer.WriteHeader();
    bool written = false;
    if (!serializer.WriteValue(js.context, arguments[0]).To(&written) || !written)
        return;
    const auto [data, size] = serializer.Release();
    const std::unique_ptr<std::uint8_t, Freed> owned(data);
    v8::Local<v8::ArrayBuffer> buffer;
    if (toArrayBuffer(js, {reinterpret_cast<const char *>(data), size}).ToLocal(&buffer))
        arguments.GetReturnValue().Set(buffer);
}

/// queueRead(ArrayBuffer): value
void queueRead(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view bytes = bytesOf(arguments[0]);
    v8::ValueDeserializer deserializer(js.isolate, reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
    bool read = false;
    v8::Local<v8::Value> value;
    if (deserializer.ReadHeader(js.context).To(&read) && read && deserializer.ReadValue(js.context).ToLocal(&value))
        arguments.GetReturnValue().Set(value);
}

constexpr std::array natives = {
    Native{"queueSend", queueSend},
    Native{"queueMetrics", queueMetrics},
    Native{"queueWrite", queueWrite},
    Native{"queueRead", queueRead},
};

} // namespace

std::span<const Native> queueNatives()
{
    return natives;
}

} // namespace cleat::runtime
