// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/workersockets.h"

#include "core/base/clock.h"
#include "core/runtime/callrecorder.h"
#include "core/runtime/enter.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <array>
#include <vector>

namespace cleat::runtime {

WorkerSockets::WorkerSockets(WorkerState &state) : m_state(state) {}

WorkerSockets::~WorkerSockets() = default;

SocketClient &WorkerSockets::client()
{
    if (!m_client)
        m_client = std::make_unique<SocketClient>(static_cast<SocketClient::Listener &>(*this));
    return *m_client;
}

void WorkerSockets::socketEvent(SocketEvent &&event)
{
    m_state.tasks.push(WorkerState::SocketTask{std::move(event)});
}

SocketId WorkerSockets::open(SocketClient::Open &&open, const std::string &address, const std::string &hyperdrive, int depth)
{
    const SocketId id = m_state.nextFetch();
    open.id = id;
    Socket &socket = m_sockets[id];
    const WorkerState::Current current = m_state.current();
    socket.request = current.request;
    socket.realm = m_state.sharedRealm();
    PendingRequest *const request = m_state.pending(current.request);
    socket.told = m_state.records(request);
    if (socket.told) {
        socket.mark = m_state.markCall(request, current.scope, depth);
        socket.event.kind = hyperdrive.empty() ? "connect" : "hyperdrive";
        socket.event.binding = hyperdrive.empty() ? address : hyperdrive;
        socket.event.method = "connect";
        socket.event.arguments = '[' + preview(address) + (open.transport == SocketClient::Open::Transport::Tls ? R"(,{"secureTransport":"on"}])" : "]");
    }
    client().open(std::move(open));
    return id;
}

SocketId WorkerSockets::resolve(std::string &&host, SocketClient::Family family)
{
    const SocketId id = m_state.nextFetch();
    m_questions[id] = {m_state.currentRequest(), m_state.sharedRealm()};
    client().resolve(id, std::move(host), family);
    return id;
}

WorkerSockets::Taken WorkerSockets::take(SocketId id)
{
    const auto found = m_sockets.find(id);
    if (found == m_sockets.end())
        return {Taken::Kind::Failed, "Network connection lost."};
    Socket &socket = found->second;
    if (!socket.pieces.empty()) {
        Taken taken{Taken::Kind::Bytes, std::move(socket.pieces.front())};
        socket.pieces.pop_front();
        client().consumed(id, taken.text.size());
        return taken;
    }
    if (socket.ended) {
        socket.endTaken = true;
        forgetIfDone(id);
        return {Taken::Kind::End, {}};
    }
    if (socket.failure)
        return {Taken::Kind::Failed, *socket.failure};
    socket.readWaits = true;
    return {Taken::Kind::Waiting, {}};
}

bool WorkerSockets::send(SocketId id, std::string &&bytes)
{
    const auto found = m_sockets.find(id);
    if (found == m_sockets.end() || found->second.failure)
        return false;
    found->second.sending += bytes.size();
    client().send(id, std::move(bytes));
    return true;
}

bool WorkerSockets::finish(SocketId id)
{
    const auto found = m_sockets.find(id);
    if (found == m_sockets.end() || found->second.failure)
        return false;
    client().finish(id);
    return true;
}

bool WorkerSockets::startTls(SocketId id, TlsPeer &&peer)
{
    const auto found = m_sockets.find(id);
    if (found == m_sockets.end() || found->second.failure)
        return false;
    client().startTls(id, std::move(peer));
    return true;
}

void WorkerSockets::close(SocketId id)
{
    const auto found = m_sockets.find(id);
    if (found == m_sockets.end())
        return;
    client().abort(id);
    tell(found->second, found->second.failure.value_or(std::string()));
    m_sockets.erase(found);
}

void WorkerSockets::forgetIfDone(SocketId id)
{
    const auto found = m_sockets.find(id);
    if (found == m_sockets.end() || !found->second.endTaken || !found->second.finished)
        return;
    tell(found->second, {});
    m_sockets.erase(found);
}

void WorkerSockets::endOf(RequestId request)
{
    std::erase_if(m_questions, [request](const auto &entry) { return entry.second.request == request; });
    for (auto at = m_sockets.begin(); at != m_sockets.end();) {
        if (at->second.request != request) {
            ++at;
            continue;
        }
        client().abort(at->first);
        tell(at->second, at->second.failure.value_or(std::string()));
        at = m_sockets.erase(at);
    }
}

void WorkerSockets::endAll(const std::string &why)
{
    m_questions.clear();
    for (auto &[id, socket] : m_sockets) {
        client().abort(id);
        tell(socket, socket.failure.value_or(why));
    }
    m_sockets.clear();
}

void WorkerSockets::tell(Socket &socket, const std::string &error)
{
    if (!socket.told)
        return;
    events::CallEvent event = std::move(socket.event);
    event.request = socket.request;
    event.span = socket.mark.span;
    event.parent = socket.mark.parent;
    event.startUs = m_state.sinceStartUs(socket.request, socket.mark.beginNs);
    event.durationUs = static_cast<std::uint32_t>((base::steadyNs() - socket.mark.beginNs + 500) / 1000);
    if (const std::shared_ptr<Realm> realm = socket.realm.lock())
        event.place = realm->place(socket.mark.place);
    event.bytes = socket.sent + socket.received;
    event.error = error;
    if (socket.openedNs != 0) {
        ShownFields result;
        result.add("remoteAddress", jsonString(socket.remote));
        if (!socket.tls.empty())
            result.add("tls", jsonString(socket.tls));
        result.add("openUs", std::to_string((socket.openedNs - socket.mark.beginNs + 500) / 1000));
        result.add("sent", std::to_string(socket.sent));
        result.add("received", std::to_string(socket.received));
        event.result = result.json();
    }
    m_state.record(std::move(event));
}

std::optional<WorkerSockets::Told> WorkerSockets::handle(SocketEvent &&event)
{
    if (event.kind == SocketEvent::Kind::Resolved) {
        const auto found = m_questions.find(event.id);
        if (found == m_questions.end())
            return std::nullopt;
        const Question question = std::move(found->second);
        m_questions.erase(found);
        return Told{question.realm.lock(), question.request, event.kind, std::move(event.text)};
    }
    const auto found = m_sockets.find(event.id);
    if (found == m_sockets.end())
        return std::nullopt;
    Socket &socket = found->second;
    const std::shared_ptr<Realm> realm = socket.realm.lock();
    if (!realm) {
        client().abort(event.id);
        tell(socket, {});
        m_sockets.erase(found);
        return std::nullopt;
    }
    Told told{realm, socket.request, event.kind, {}};
    switch (event.kind) {
    case SocketEvent::Kind::Opened:
        socket.openedNs = base::steadyNs();
        socket.remote = std::move(event.text);
        socket.tls = std::move(event.detail);
        return told;
    case SocketEvent::Kind::Secured:
        socket.tls = std::move(event.detail);
        return told;
    case SocketEvent::Kind::Data:
        socket.received += event.text.size();
        socket.pieces.push_back(std::move(event.text));
        break;
    case SocketEvent::Kind::End:
        socket.ended = true;
        told.kind = SocketEvent::Kind::Data;
        break;
    case SocketEvent::Kind::Sent:
        socket.sent += event.count;
        socket.sending -= std::min(socket.sending, event.count);
        if (socket.sending > 0)
            return std::nullopt;
        return told;
    case SocketEvent::Kind::Finished:
        socket.finished = true;
        forgetIfDone(event.id);
        return told;
    case SocketEvent::Kind::Failed:
        socket.failure = event.text;
        socket.readWaits = false;
        told.text = std::move(event.text);
        return told;
    case SocketEvent::Kind::Resolved:
        break;
    }
    return std::exchange(socket.readWaits, false) ? std::optional(std::move(told)) : std::nullopt;
}

// ---- of WorkerState

WorkerSockets &WorkerState::sockets()
{
    if (!m_sockets)
        m_sockets = std::make_unique<WorkerSockets>(*this);
    return *m_sockets;
}

void WorkerState::handle(SocketTask &&task)
{
    const SocketId id = task.event.id;
    const std::string detail = task.event.kind == SocketEvent::Kind::Resolved ? task.event.detail : std::string();
    const auto told = sockets().handle(std::move(task.event));
    if (!told || !told->realm)
        return;
    enter(told->realm, told->request, [&](Js js) {
        std::array<v8::Local<v8::Value>, 4> arguments{v8::Number::New(js.isolate, static_cast<double>(id)), v8::Integer::New(js.isolate, static_cast<int>(told->kind)),
            toJs(js, told->text), toJs(js, detail)};
        v8::Local<v8::Value> ignored;
        return told->realm->entry(Entry::SocketEvent)->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(arguments.size()), arguments.data()).ToLocal(&ignored);
    });
}

} // namespace cleat::runtime
