// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/workerlinks.h"

#include "core/runtime/enter.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <utility>

namespace cleat::runtime {

namespace {

constexpr const char *lost = "Network connection lost."; // workerd's words

/// What JavaScript's linkEvent() takes as the kind.
enum class Told { Opened, Data, End, Hung };

v8::Local<v8::Value> number(Js js, std::uint64_t value)
{
    return v8::Number::New(js.isolate, static_cast<double>(value));
}

void refuse(const LinkMessage &message, const std::string &reason)
{
    if (message.opening)
        message.opening->from->post({otherEnd(message.link), LinkMessage::Kind::End, reason, {}});
}

} // namespace

WorkerLinks::WorkerLinks(WorkerState &state, WorkerPlace place)
    : m_state(state), m_place(std::move(place)),
      m_port(std::make_shared<LinkPort>([&state](LinkMessage &&message) { state.tasks.push(WorkerState::LinkTask{std::move(message)}); }))
{
    if (m_place.directory && !m_place.name.empty())
        m_place.directory->enter(m_place.name, m_port);
}

WorkerLinks::~WorkerLinks()
{
    close();
}

void WorkerLinks::keep(LinkId id, End &&end)
{
    m_byRequest.emplace(end.request, id);
    m_opened += (id & 1) == 0 ? 1 : 0;
    m_ends.emplace(id, std::move(end));
}

WorkerLinks::End WorkerLinks::take(std::unordered_map<LinkId, End>::iterator found)
{
    const LinkId id = found->first;
    End end = std::move(found->second);
    m_ends.erase(found);
    m_opened -= (id & 1) == 0 ? 1 : 0;
    const auto [first, last] = m_byRequest.equal_range(end.request);
    for (auto at = first; at != last; ++at) {
        if (at->second == id) {
            m_byRequest.erase(at);
            break;
        }
    }
    return end;
}

bool WorkerLinks::mayOpen() const
{
    const PendingRequest *request = m_state.pending(m_state.currentRequest());
    return !request || request->depth < maxDepth;
}

LinkId WorkerLinks::open(const std::string &service, std::string entrypoint, std::string props, const CallMark &mark)
{
    LinkOpening opening;
    opening.entrypoint = std::move(entrypoint);
    opening.props = std::move(props);
    return open(service, std::move(opening), mark);
}

LinkId WorkerLinks::openObject(const std::string &worker, std::string className, ObjectName object, const CallMark &mark)
{
    LinkOpening opening;
    opening.entrypoint = std::move(className);
    opening.object = std::move(object);
    return open(worker, std::move(opening), mark);
}

LinkId WorkerLinks::open(const std::string &service, LinkOpening &&given, const CallMark &mark)
{
    const std::shared_ptr<LinkPort> peer = service.empty() ? m_port : m_place.directory ? m_place.directory->find(service) : nullptr;
    if (!peer)
        return 0;
    const RequestId id = m_state.currentRequest();
    auto opening = std::make_unique<LinkOpening>(std::move(given));
    opening->from = m_port;
    if (PendingRequest *request = m_state.pending(id)) {
        opening->request = request->root != 0 ? request->root : id;
        opening->startNs = request->startNs;
        opening->recorded = request->recorded;
        opening->span = mark.span;
        opening->depth = request->depth + 1;
        if (!request->sharedSpans)
            request->sharedSpans = std::make_shared<std::atomic<std::uint32_t>>(request->lastSpan);
        opening->spans = request->sharedSpans;
    }
    const LinkId link = newLink();
    keep(link, {peer, m_state.sharedRealm(), id, std::move(opening)});
    return link;
}

void WorkerLinks::send(LinkId id, std::string &&bytes)
{
    if (m_holding)
        m_held.push_back({id, LinkMessage::Kind::Data, std::move(bytes), {}});
    else
        sendNow(id, std::move(bytes));
}

void WorkerLinks::end(LinkId id, const std::string &reason)
{
    if (m_holding)
        m_held.push_back({id, LinkMessage::Kind::End, reason, {}});
    else
        endNow(id, reason);
}

void WorkerLinks::release()
{
    m_holding = false;
    for (LinkMessage &message : std::exchange(m_held, {})) {
        if (message.kind == LinkMessage::Kind::Data)
            sendNow(message.link, std::move(message.bytes));
        else
            endNow(message.link, message.bytes);
    }
}

void WorkerLinks::dropHeld(RequestId home)
{
    std::erase_if(m_held, [&](const LinkMessage &message) {
        const auto found = m_ends.find(message.link);
        return found != m_ends.end() && m_state.objects().homeOf(found->second.request) == home;
    });
}

void WorkerLinks::sendNow(LinkId id, std::string &&bytes)
{
    const auto found = m_ends.find(id);
    if (found == m_ends.end())
        return;
    if (!found->second.peer->post({otherEnd(id), LinkMessage::Kind::Data, std::move(bytes), std::move(found->second.opening)}))
        m_port->post({id, LinkMessage::Kind::End, lost, {}});
}

void WorkerLinks::endNow(LinkId id, const std::string &reason)
{
    const auto found = m_ends.find(id);
    if (found == m_ends.end())
        return;
    const End end = take(found);
    if (!end.opening)
        end.peer->post({otherEnd(id), LinkMessage::Kind::End, reason, {}});
}

void WorkerLinks::handle(LinkMessage &&message)
{
    if (!m_codeCame) {
        m_early.push_back(std::move(message));
        return;
    }
    if (message.opening) {
        begin(std::move(message));
        return;
    }
    const auto found = m_ends.find(message.link);
    if (found == m_ends.end())
        return;
    if (message.kind == LinkMessage::Kind::Data) {
        tell(message.link, message.bytes, nullptr);
        return;
    }
    const End end = take(found);
    if (const std::shared_ptr<Realm> realm = end.realm.lock())
        tellEnd(message.link, end.request, realm, message.bytes);
}

void WorkerLinks::begin(LinkMessage &&message)
{
    const std::shared_ptr<Realm> realm = m_state.m_latest;
    if (!realm) {
        refuse(message, "The Worker's code could not be loaded; the log says why.");
        return;
    }
    const LinkOpening &opening = *message.opening;
    const RequestId session = opening.object ? m_state.objects().beginSession(realm, opening.entrypoint, *opening.object) : ++m_lastSession;
    PendingRequest &request = m_state.m_pending[session];
    request.realm = realm;
    request.startNs = opening.startNs;
    request.recorded = opening.recorded;
    request.root = opening.request;
    request.parentSpan = opening.span;
    request.depth = opening.depth;
    request.sharedSpans = opening.spans;
    request.answered = PendingRequest::Answered::Yes; // it is no request that a client waits for
    request.gone = true;
    keep(message.link, {opening.from, realm, session, nullptr});
    tell(message.link, message.bytes, &opening);
}

void WorkerLinks::tell(LinkId id, const std::string &bytes, const LinkOpening *opening)
{
    const auto found = m_ends.find(id);
    const std::shared_ptr<Realm> realm = found == m_ends.end() ? nullptr : found->second.realm.lock();
    if (!realm) {
        end(id, lost);
        return;
    }
    const RequestId request = found->second.request;
    found->second.examined = false;
    const RequestId home = m_state.objects().homeOf(request);
    if (home != 0) { // each message has its own time
        if (PendingRequest *session = m_state.pending(request))
            session->cpuNs = 0;
    }
    m_state.enter(realm, request, [&](Js js) {
        LinkReader reader(js, bytes);
        v8::Local<v8::Value> head;
        if (!reader.head(js).ToLocal(&head))
            return false;
        const Told kind = opening ? Told::Opened : Told::Data;
        const ObjectName *object = opening && opening->object ? &*opening->object : nullptr;
        std::array<v8::Local<v8::Value>, 9> arguments{number(js, id), v8::Integer::New(js.isolate, static_cast<int>(kind)), head, number(js, request),
            toJs(js, opening ? opening->entrypoint : std::string()), toJs(js, opening ? opening->props : std::string()), number(js, object ? home : 0),
            object ? toJs(js, object->id) : v8::Local<v8::Value>(v8::Undefined(js.isolate)),
            object && object->name ? toJs(js, *object->name) : v8::Local<v8::Value>(v8::Undefined(js.isolate))};
        v8::Local<v8::Value> ignored;
        LinkReader *const before = std::exchange(m_reading, &reader);
        const bool fine = realm->entry(Entry::LinkEvent)->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(arguments.size()), arguments.data()).ToLocal(&ignored);
        m_reading = before;
        return fine;
    });
}

void WorkerLinks::tellEnd(LinkId id, RequestId request, const std::shared_ptr<Realm> &realm, const std::string &reason)
{
    m_state.enter(realm, request, [&](Js js) {
        std::array<v8::Local<v8::Value>, 3> arguments{number(js, id), v8::Integer::New(js.isolate, static_cast<int>(Told::End)), toJs(js, reason)};
        v8::Local<v8::Value> ignored;
        return realm->entry(Entry::LinkEvent)->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(arguments.size()), arguments.data()).ToLocal(&ignored);
    });
}

void WorkerLinks::endHung()
{
    std::vector<LinkId> all;
    for (auto &[id, end] : m_ends) {
        if ((id & 1) != 0 && !std::exchange(end.examined, true))
            all.push_back(id);
    }
    for (const LinkId id : all) {
        const auto found = m_ends.find(id);
        const std::shared_ptr<Realm> realm = found == m_ends.end() ? nullptr : found->second.realm.lock();
        if (!realm)
            continue;
        m_state.enter(realm, found->second.request, [&](Js js) {
            std::array<v8::Local<v8::Value>, 2> arguments{number(js, id), v8::Integer::New(js.isolate, static_cast<int>(Told::Hung))};
            v8::Local<v8::Value> ignored;
            return realm->entry(Entry::LinkEvent)->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(arguments.size()), arguments.data()).ToLocal(&ignored);
        });
    }
}

void WorkerLinks::codeCame()
{
    m_codeCame = true;
    for (LinkMessage &message : std::exchange(m_early, {}))
        handle(std::move(message));
}

void WorkerLinks::requestEnds(RequestId id, const std::string &reason)
{
    std::vector<LinkId> all;
    const auto [first, last] = m_byRequest.equal_range(id);
    for (auto at = first; at != last; ++at)
        all.push_back(at->second);
    for (const LinkId link : all)
        end(link, reason);
}

bool WorkerLinks::sessionEnds(RequestId id)
{
    std::vector<LinkId> mine;
    const auto [first, last] = m_byRequest.equal_range(id);
    for (auto at = first; at != last; ++at) {
        if ((at->second & 1) != 0)
            mine.push_back(at->second);
    }
    for (const LinkId link : mine)
        end(link, {});
    return hasOpened(id);
}

bool WorkerLinks::hasOpened(RequestId id) const
{
    const auto [first, last] = m_byRequest.equal_range(id);
    return std::any_of(first, last, [](const auto &entry) { return (entry.second & 1) == 0; });
}

bool WorkerLinks::hasOpenedIn(RequestId home) const
{
    return std::ranges::any_of(m_ends, [&](const auto &entry) { return (entry.first & 1) == 0 && m_state.objects().homeOf(entry.second.request) == home; });
}

void WorkerLinks::endAll(const std::string &reason)
{
    release();
    while (!m_ends.empty())
        endNow(m_ends.begin()->first, reason);
}

void WorkerLinks::close()
{
    if (m_place.directory)
        m_place.directory->leave(m_place.name, m_port);
    m_port->close();
    endAll(lost);
    for (const LinkMessage &message : std::exchange(m_early, {}))
        refuse(message, lost);
    std::vector<WorkerState::Task> rest;
    while (m_state.tasks.take(rest)) {
        for (const WorkerState::Task &task : rest) {
            if (const auto *link = std::get_if<WorkerState::LinkTask>(&task))
                refuse(link->message, lost);
        }
    }
}

void WorkerLinks::relate(events::Event &event) const
{
    std::visit(
        [this](auto &known) {
            if constexpr (requires { known.request; }) {
                if (known.request < firstSession)
                    return;
                const PendingRequest *session = m_state.pending(known.request);
                known.request = session ? session->root : 0;
            }
        },
        event);
}

void WorkerState::handle(LinkTask &&task)
{
    m_links.handle(std::move(task.message));
}

std::uint32_t WorkerState::beginSessionCall(Js js, RequestId id, std::string what)
{
    PendingRequest *request = pending(id);
    if (!request || !request->recorded)
        return 0;
    SpanScope scope;
    scope.handler = SpanScope::ofSession;
    scope.nth = static_cast<std::uint32_t>(request->calls.size());
    request->calls.push_back(std::move(what));
    scope.span = request->nextSpan();
    scope.parent = request->parentSpan;
    scope.beginNs = base::steadyNs();
    request->scopes.push_back(scope);
    const auto number = static_cast<std::uint32_t>(request->scopes.size());
    makeCurrent(js, {id, number});
    return number;
}

} // namespace cleat::runtime
