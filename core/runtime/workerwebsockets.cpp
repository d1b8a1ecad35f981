// SPDX-License-Identifier: GPL-3.0-or-later
// What a Worker's thread does for WebSockets that leave the Worker.

#include "core/base/clock.h"
#include "core/runtime/enter.h"
#include "core/runtime/websocketlink.h"

#include <array>

namespace cleat::runtime {

namespace {

using Item = WebSocketLink::Item;
using Side = WebSocketLink::Side;

/// Frames that may wait for the other side to take them, of one connection and of all together.
constexpr std::size_t maxWaiting = 64U << 20;
constexpr std::size_t maxWaitingOfAll = 256U << 20;

/// What JavaScript's webSocketEvent() takes as the kind.
int kindOf(Item::Kind kind)
{
    switch (kind) {
    case Item::Kind::Text:
    case Item::Kind::Binary:
        return 0;
    case Item::Kind::Close:
        return 1;
    case Item::Kind::Lost:
        return 2;
    case Item::Kind::Failed:
        return 3;
    }
    return 2;
}

} // namespace

WebSocketLink *WorkerState::socket(std::uint64_t id)
{
    const auto found = m_webSockets.find(id);
    return found == m_webSockets.end() ? nullptr : found->second.get();
}

void WorkerState::openSocket(std::uint64_t id, std::unique_ptr<WebSocketLink> link)
{
    m_webSockets[id] = std::move(link);
}

/// Bytes that are on their way to the other side of it.
std::size_t WorkerState::socketWaiting(std::uint64_t id, const WebSocketLink &link)
{
    if (link.side == Side::Server) {
        const PendingRequest *request = pending(id);
        return request ? request->inFlight : 0;
    }
    const auto fetch = fetches.find(id);
    return fetch == fetches.end() ? 0 : fetch->second.uploading;
}

void WorkerState::sendOnSocket(std::uint64_t id, WebSocketLink &link, std::string &&wire)
{
    if (link.isLost() || wire.empty())
        return;
    if (link.side == Side::Server) {
        PendingRequest *request = pending(id);
        if (!request || request->gone)
            return;
        request->inFlight += wire.size();
        sink.piece(id, std::move(wire));
    } else if (const auto fetch = fetches.find(id); fetch != fetches.end()) {
        fetch->second.uploading += wire.size();
        fetchClient().upload(id, std::move(wire));
    }
}

void WorkerState::sendMessage(std::uint64_t id, base::WebSocketOpcode opcode, std::string_view content)
{
    WebSocketLink *link = socket(id);
    if (!link || link->isLost())
        return;
    std::size_t waiting = socketWaiting(id, *link) + content.size();
    bool fits = waiting <= maxWaiting;
    if (fits && waiting > maxWaiting / 16) {
        for (const auto &[other, open] : m_webSockets)
            waiting += other == id ? 0 : socketWaiting(other, *open);
        fits = waiting <= maxWaitingOfAll;
    }
    if (!fits) {
        record(events::ExceptionEvent{link->request, base::wallUs(),
            "The other side of a WebSocket does not read: " + std::to_string(waiting >> 20) + " MiB wait to be sent, so the connection was ended.", {}, {}, {}, 0});
        cutSocket(id, *link);
        return;
    }
    tellSent(*link, opcode, content);
    sendOnSocket(id, *link, link->frame(opcode, content));
}

/// The connection ends without a word to the other side; the code learns of it.
void WorkerState::cutSocket(std::uint64_t id, WebSocketLink &link)
{
    if (link.isLost())
        return;
    if (link.side == Side::Server) {
        if (PendingRequest *request = pending(id); request && !request->gone) {
            request->answered = PendingRequest::Answered::Yes;
            sink.end(id, ResponseSink::Finish::Truncated);
        }
    } else {
        fetchClient().abort(id);
        endFetch(id, FetchSpan::End::Cut, "The WebSocket was ended.");
    }
    link.lost();
    link.held = false;
    tasks.push(BodyTask{id, {}, BodyTask::Kind::More});
}

void WorkerState::closeOnSocket(std::uint64_t id, int code, std::string_view reason)
{
    if (WebSocketLink *link = socket(id))
        sendOnSocket(id, *link, link->closeFrame(code, reason));
}

void WorkerState::endSocket(std::uint64_t id)
{
    const auto found = m_webSockets.find(id);
    if (found == m_webSockets.end())
        return;
    const std::unique_ptr<WebSocketLink> link = std::move(found->second);
    m_webSockets.erase(found);
    tellRest(*link);
    if (link->side == Side::Server) {
        PendingRequest *request = pending(id);
        if (!request || request->answered != PendingRequest::Answered::Streaming)
            return;
        request->answered = PendingRequest::Answered::Yes;
        if (!request->gone)
            sink.end(id, ResponseSink::Finish::Complete);
    } else if (!link->isLost()) {
        fetchClient().leave(id);
        endFetch(id, FetchSpan::End::Complete);
    }
}

void WorkerState::dropSocket(std::uint64_t id)
{
    WebSocketLink *link = socket(id);
    if (!link)
        return;
    if (link->side == Side::Server) {
        endSocket(id); // as workerd: an end without a close frame, and no reset
        return;
    }
    if (!link->isLost()) {
        fetchClient().abort(id);
        endFetch(id, FetchSpan::End::Cut);
    }
    tellRest(*link);
    m_webSockets.erase(id);
}

void WorkerState::resumeSocket(std::uint64_t id)
{
    WebSocketLink *link = socket(id);
    if (!link || !std::exchange(link->held, false) || link->delivering)
        return;
    tasks.push(BodyTask{id, {}, BodyTask::Kind::More}); // code is running now
}

bool WorkerState::socketBytes(std::uint64_t id, std::string &&bytes)
{
    WebSocketLink *link = socket(id);
    if (!link)
        return false;
    link->uncredited += bytes.size();
    std::string reply;
    link->read(bytes, reply);
    if (socketWaiting(id, *link) < maxInFlight) // one that does not read gets no pongs either
        sendOnSocket(id, *link, std::move(reply));
    deliverSocket(id);
    return true;
}

bool WorkerState::socketLost(std::uint64_t id)
{
    WebSocketLink *link = socket(id);
    if (!link)
        return false;
    link->lost();
    link->held = false;
    deliverSocket(id);
    return true;
}

/// Gives the code what has come, each message as a piece of work of its own with its own time, as long as it takes them.
void WorkerState::deliverSocket(std::uint64_t id)
{
    constexpr std::int64_t pauseNs = 1'000'000; // what the code has sent leaves at least that often
    std::int64_t flushedNs = base::steadyNs();
    while (WebSocketLink *link = socket(id)) {
        if (link->delivering || link->held || m_stopping || m_restart)
            return;
        if (link->items.empty()) {
            const std::size_t bytes = std::exchange(link->uncredited, 0);
            if (bytes > 0 && !link->isLost()) {
                if (link->side == Side::Server)
                    sink.bodyConsumed(id, bytes);
                else
                    fetchClient().consumed(id, bytes);
            }
            return;
        }
        const std::shared_ptr<Realm> realm = link->realm.lock();
        if (!realm) {
            endSocket(id);
            return;
        }
        const Item item = std::move(link->items.front());
        link->items.pop_front();
        const events::RequestId request = link->request;
        if (PendingRequest *known = pending(request))
            known->cpuNs = 0;
        if (item.kind == Item::Kind::Failed)
            sendOnSocket(id, *link, link->closeFrame(item.code, item.payload));
        std::optional<CallMark> mark;
        std::string host;
        if (item.kind == Item::Kind::Text || item.kind == Item::Kind::Binary)
            mark = markMessage(*link, item.payload.size(), 0);
        if (mark)
            host = link->host;
        link->span = mark ? mark->span : 0;
        link->delivering = true;
        bool hold = false;
        enter(realm, request, [&](Js js) {
            v8::Local<v8::Value> data;
            if (item.kind == Item::Kind::Binary) {
                v8::Local<v8::ArrayBuffer> buffer;
                if (!toArrayBuffer(js, item.payload).ToLocal(&buffer))
                    return false;
                data = buffer;
            } else {
                data = toJs(js, item.payload);
            }
            std::array<v8::Local<v8::Value>, 4> arguments{v8::Number::New(js.isolate, static_cast<double>(id)), v8::Integer::New(js.isolate, kindOf(item.kind)), data,
                v8::Integer::New(js.isolate, item.code)};
            v8::Local<v8::Value> result;
            if (!realm->entry(Entry::WebSocketEvent)->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(arguments.size()), arguments.data()).ToLocal(&result))
                return false;
            hold = result->IsTrue();
            return true;
        });
        if (mark)
            tellReceived(request, host, *mark, item.kind == Item::Kind::Text ? base::WebSocketOpcode::Text : base::WebSocketOpcode::Binary, item.payload);
        link = socket(id);
        if (!link)
            return;
        link->delivering = false;
        link->span = 0;
        link->held = hold && !link->isLost();
        if (link->isLost() && link->items.empty() && item.kind == Item::Kind::Lost) {
            endSocket(id);
            return;
        }
        if (const std::int64_t now = base::steadyNs(); now - flushedNs > pauseNs) {
            sink.flush();
            flushedNs = now;
        }
    }
}

void WorkerState::leaveSockets(events::RequestId request)
{
    std::vector<std::uint64_t> mine;
    for (const auto &[id, link] : m_webSockets) {
        if (link->request == request)
            mine.push_back(id);
    }
    for (const std::uint64_t id : mine)
        endSocket(id);
}

bool WorkerState::failSocket(events::RequestId request, std::string_view message)
{
    WebSocketLink *link = socket(request);
    if (!link)
        return false;
    sendOnSocket(request, *link, link->closeFrame(1011, message));
    return true;
}

} // namespace cleat::runtime
