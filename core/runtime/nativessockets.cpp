// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/natives.h"
#include "core/runtime/workersockets.h"
#include "core/runtime/workerstate.h"

#include <array>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

SocketId idOf(Js js, v8::Local<v8::Value> value)
{
    return static_cast<SocketId>(value->NumberValue(js.context).FromMaybe(0));
}

/// socketOpen(host, port, tls, address, hyperdrive): id. Address: as the code gave it; hyperdrive: the name of a binding, or undefined
void socketOpen(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!state.mayCall(js, WorkerState::Quota::Subrequest))
        return;
    SocketClient::Open open;
    open.host = toStd(js, arguments[0]);
    open.port = static_cast<std::uint16_t>(arguments[1]->Uint32Value(js.context).FromMaybe(0));
    open.transport = arguments[2]->IsTrue() ? SocketClient::Open::Transport::Tls : SocketClient::Open::Transport::Plain;
    constexpr int depth = 12; // of node:net's and node:tls's own functions
    arguments.GetReturnValue().Set(static_cast<double>(state.sockets().open(std::move(open), toStd(js, arguments[3]), toStd(js, arguments[4]), depth)));
}

/// socketTake(id): Uint8Array, null at the end, or undefined: wait for the event Data. Throws when the connection has failed
void socketTake(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const WorkerSockets::Taken taken = WorkerState::of(js.isolate).sockets().take(idOf(js, arguments[0]));
    switch (taken.kind) {
    case WorkerSockets::Taken::Kind::Bytes: {
        v8::Local<v8::Value> bytes;
        if (toUint8Array(js, taken.text).ToLocal(&bytes))
            arguments.GetReturnValue().Set(bytes);
        return;
    }
    case WorkerSockets::Taken::Kind::Waiting:
        return;
    case WorkerSockets::Taken::Kind::End:
        arguments.GetReturnValue().SetNull();
        return;
    case WorkerSockets::Taken::Kind::Failed:
        throwError(js, taken.text);
        return;
    }
}

/// socketSend(id, bytes): false when the connection is over; else the event Sent follows
void socketSend(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    std::string bytes(bytesOf(arguments[1]));
    arguments.GetReturnValue().Set(WorkerState::of(js.isolate).sockets().send(idOf(js, arguments[0]), std::move(bytes)));
}

/// socketFinish(id): the same, and Finished
void socketFinish(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    arguments.GetReturnValue().Set(WorkerState::of(js.isolate).sockets().finish(idOf(js, arguments[0])));
}

/// socketStartTls(id, serverName, check, authorities): the same, and Secured. Check: undefined (all of it), "authority" or "none"
void socketStartTls(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string check = toStd(js, arguments[2]);
    TlsPeer peer{toStd(js, arguments[1]),
        check == "none"            ? TlsPeer::Check::None
            : check == "authority" ? TlsPeer::Check::Authority
                                   : TlsPeer::Check::Name,
        toStd(js, arguments[3])};
    arguments.GetReturnValue().Set(WorkerState::of(js.isolate).sockets().startTls(idOf(js, arguments[0]), std::move(peer)));
}

/// socketClose(id)
void socketClose(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).sockets().close(idOf(js, arguments[0]));
}

/// socketLive(id): it may still be told of
void socketLive(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    arguments.GetReturnValue().Set(WorkerState::of(js.isolate).sockets().isLive(idOf(js, arguments[0])));
}

/// hostResolve(name, family): id, for which the event Resolved comes. Family: 0, 4 or 6
void hostResolve(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!state.mayCall(js, WorkerState::Quota::Subrequest))
        return;
    const auto family = arguments[1]->Uint32Value(js.context).FromMaybe(0);
    arguments.GetReturnValue().Set(static_cast<double>(state.sockets().resolve(toStd(js, arguments[0]),
        family == 4       ? SocketClient::Family::V4
            : family == 6 ? SocketClient::Family::V6
                          : SocketClient::Family::Any)));
}

constexpr std::array natives = {
    Native{"socketOpen", socketOpen},
    Native{"socketTake", socketTake},
    Native{"socketSend", socketSend},
    Native{"socketFinish", socketFinish},
    Native{"socketStartTls", socketStartTls},
    Native{"socketClose", socketClose},
    Native{"socketLive", socketLive},
    Native{"hostResolve", hostResolve},
};

} // namespace

std::span<const Native> socketNatives()
{
    return natives;
}

} // namespace cleat::runtime
