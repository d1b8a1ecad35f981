// SPDX-License-Identifier: GPL-3.0-or-later
// What the log is told of a WebSocket's messages.

#include "core/base/clock.h"
#include "core/runtime/preview.h"
#include "core/runtime/websocketlink.h"
#include "core/runtime/workerstate.h"

namespace cleat::runtime {

namespace {

std::string shown(base::WebSocketOpcode opcode, std::string_view content)
{
    return '[' + (opcode == base::WebSocketOpcode::Text ? preview(content) : jsonString("<" + std::to_string(content.size()) + " bytes>")) + ']';
}

events::CallEvent eventOf(events::RequestId request, const std::string &host, const char *method)
{
    events::CallEvent event;
    event.request = request;
    event.kind = "websocket";
    event.binding = host;
    event.method = method;
    return event;
}

} // namespace

std::optional<CallMark> WorkerState::markMessage(WebSocketLink &link, std::size_t bytes, int depth)
{
    PendingRequest *request = pending(link.request);
    if (!records(request))
        return std::nullopt;
    if (link.told == WebSocketLink::mostTold) {
        ++link.untold;
        link.untoldBytes += bytes;
        return std::nullopt;
    }
    ++link.told;
    return markCall(request, 0, depth);
}

void WorkerState::tellSent(WebSocketLink &link, base::WebSocketOpcode opcode, std::string_view content)
{
    constexpr int depth = 12; // the user's call comes through both ends of a pair
    const std::optional<CallMark> mark = markMessage(link, content.size(), depth);
    if (!mark)
        return;
    events::CallEvent event = eventOf(link.request, link.host, "send");
    event.arguments = shown(opcode, content);
    event.bytes = content.size();
    event.span = mark->span;
    event.parent = link.span;
    event.place = realm().place(mark->place);
    event.startUs = sinceStartUs(link.request, mark->beginNs);
    event.durationUs = 1;
    record(std::move(event));
}

void WorkerState::tellReceived(events::RequestId request, const std::string &host, const CallMark &mark, base::WebSocketOpcode opcode, std::string_view content)
{
    events::CallEvent event = eventOf(request, host, "receive");
    event.arguments = shown(opcode, content);
    event.bytes = content.size();
    event.span = mark.span;
    event.startUs = sinceStartUs(request, mark.beginNs);
    event.durationUs = static_cast<std::uint32_t>((base::steadyNs() - mark.beginNs + 500) / 1000);
    record(std::move(event));
}

void WorkerState::tellRest(WebSocketLink &link)
{
    if (link.untold == 0)
        return;
    PendingRequest *request = pending(link.request);
    const CallMark mark = markCall(request, 0, 0);
    events::CallEvent event = eventOf(link.request, link.host, "more");
    event.result = "{\"messages\":" + std::to_string(link.untold) + '}';
    event.bytes = link.untoldBytes;
    event.span = mark.span;
    event.startUs = sinceStartUs(link.request, mark.beginNs);
    event.durationUs = 1;
    record(std::move(event));
}

} // namespace cleat::runtime
