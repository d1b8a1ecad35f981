// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/fields.h"
#include "core/runtime/natives.h"
#include "core/runtime/websockethandshake.h"
#include "core/runtime/websocketlink.h"
#include "core/runtime/workerstate.h"

#include <array>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

std::uint64_t idOf(Js js, v8::Local<v8::Value> value)
{
    return static_cast<std::uint64_t>(value->NumberValue(js.context).FromMaybe(0));
}

/// webSocketAccept(request, method, statusText, fields): makes the request a WebSocket of the client; or [status, text, fields] of a refusal
void webSocketAccept(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const std::uint64_t id = idOf(js, arguments[0]);
    PendingRequest *request = state.pending(id);
    if (!request || request->answered != PendingRequest::Answered::No)
        return;
    auto refusal = checkWebSocketRequest(toStd(js, arguments[1]), request->fields);
    if (!refusal && state.bodies.contains(id))
        refusal = WebSocketRefusal{400, "A request for a WebSocket has no body.", {}};
    if (refusal) {
        std::array<v8::Local<v8::Value>, 3> parts{v8::Integer::New(js.isolate, refusal->status), toJs(js, refusal->text), toFlat(js, refusal->fields)};
        arguments.GetReturnValue().Set(v8::Array::New(js.isolate, parts.data(), parts.size()));
        return;
    }
    request->answered = PendingRequest::Answered::Streaming;
    state.endSingle(id, *request, 101);
    state.unanswered.fetch_sub(1, std::memory_order_relaxed);
    Fields own = fieldsOf(js, arguments[3]);
    const auto deflate = state.compressesWebSockets() ? agreeOnDeflate(request->fields, own) : std::nullopt;
    state.openSocket(id, std::make_unique<WebSocketLink>(WebSocketLink::Side::Server, id, state.sharedRealm(), std::string(), deflate));
    if (!request->gone)
        state.sink.begin(id, ResponseHead{101, toStd(js, arguments[2]), webSocketResponseFields(request->fields, std::move(own), deflate)}, std::nullopt);
}

/// webSocketSend(socket, content): a string or bytes
void webSocketSend(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const std::uint64_t id = idOf(js, arguments[0]);
    if (arguments[1]->IsString())
        state.sendMessage(id, base::WebSocketOpcode::Text, toStd(js, arguments[1]));
    else
        state.sendMessage(id, base::WebSocketOpcode::Binary, bytesOf(arguments[1]));
}

/// webSocketClose(socket, code, reason): sends a close frame
void webSocketClose(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).closeOnSocket(idOf(js, arguments[0]), arguments[1]->Int32Value(js.context).FromMaybe(1005), toStd(js, arguments[2]));
}

/// webSocketEnd(socket): all is said
void webSocketEnd(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).endSocket(idOf(js, arguments[0]));
}

/// webSocketDrop(socket): it ends at once
void webSocketDrop(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).dropSocket(idOf(js, arguments[0]));
}

/// webSocketResume(socket): messages are taken from now on
void webSocketResume(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).resumeSocket(idOf(js, arguments[0]));
}

/// webSocketLive(socket): it has not ended
void webSocketLive(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    arguments.GetReturnValue().Set(WorkerState::of(js.isolate).hasSocket(idOf(js, arguments[0])));
}

constexpr std::array natives = {
    Native{"webSocketAccept", webSocketAccept},
    Native{"webSocketSend", webSocketSend},
    Native{"webSocketClose", webSocketClose},
    Native{"webSocketEnd", webSocketEnd},
    Native{"webSocketDrop", webSocketDrop},
    Native{"webSocketResume", webSocketResume},
    Native{"webSocketLive", webSocketLive},
};

} // namespace

std::span<const Native> webSocketNatives()
{
    return natives;
}

} // namespace cleat::runtime
