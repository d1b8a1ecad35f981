// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/workerobjects.h"

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/runtime/enter.h"
#include "core/runtime/websocketlink.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace cleat::runtime {

namespace {

// A session's number is that of a block, which belongs to one object, and its place in there. A home is the number of place 0 in its first block.
constexpr std::uint64_t blockBits = 12;
constexpr std::uint64_t blockSize = 1ULL << blockBits;
constexpr RequestId firstObject = firstSession + (firstSession >> 1);

} // namespace

void WorkerObjects::addBlock(Home home, Object &object)
{
    const std::uint64_t block = (firstObject >> blockBits) + ++m_lastBlock;
    m_blocks.emplace(block, home);
    object.blocks.push_back(block);
    object.used = 0;
}

WorkerObjects::Home WorkerObjects::home(const std::shared_ptr<Realm> &realm, const std::string &className, const ObjectName &object)
{
    std::string key = className + '/' + object.id;
    if (const auto found = m_byName.find(key); found != m_byName.end())
        return found->second;
    const Home home = ((firstObject >> blockBits) + m_lastBlock + 1) << blockBits;
    Object &made = m_homes[home];
    made.realm = realm;
    made.key = key;
    made.className = className;
    made.name = object;
    addBlock(home, made);
    m_byName.emplace(std::move(key), home);
    return home;
}

RequestId WorkerObjects::beginSession(const std::shared_ptr<Realm> &realm, const std::string &className, const ObjectName &object)
{
    const Home number = home(realm, className, object);
    Object &found = m_homes.at(number);
    found.idleSinceNs = 0;
    if (found.used + 1 == blockSize)
        addBlock(number, found);
    return (found.blocks.back() << blockBits) + ++found.used;
}

WorkerObjects::Home WorkerObjects::homeOf(RequestId request) const
{
    if (request >= firstObject) {
        const auto found = m_blocks.find(request >> blockBits);
        return found == m_blocks.end() ? 0 : found->second;
    }
    if (m_homes.empty())
        return 0;
    const PendingRequest *pending = m_state.pending(request);
    return pending && m_homes.contains(pending->home) ? pending->home : 0;
}

bool WorkerObjects::hasOpen(RequestId session) const
{
    const PendingRequest *request = m_state.pending(session);
    if (!request)
        return false;
    const auto mine = [session](const auto &entry) { return entry.second.request == session; };
    return std::ranges::any_of(request->timers, [this](std::uint32_t timer) { return m_state.hasTimer(timer); }) || m_state.links().hasOpened(session)
        || std::ranges::any_of(m_state.fetches, mine) || m_state.hasSocketsOf(session) || std::ranges::any_of(m_state.objectWrites, mine)
        || std::ranges::any_of(m_state.cacheWrites, mine) || std::ranges::any_of(m_state.cacheReads, mine)
        || std::ranges::any_of(m_state.bodies, [session](const auto &entry) { return entry.second.request == session && entry.second.waiting; });
}

bool WorkerObjects::leave(RequestId session)
{
    constexpr std::size_t most = 16;
    const auto found = m_homes.find(homeOf(session));
    if (found == m_homes.end() || !hasOpen(session))
        return false;
    m_state.links().sessionEnds(session);
    std::vector<RequestId> &leaving = found->second.leaving;
    if (std::ranges::find(leaving, session) == leaving.end())
        leaving.push_back(session);
    if (leaving.size() % most == 0) {
        std::vector<RequestId> over;
        std::erase_if(leaving, [&](RequestId one) {
            if (hasOpen(one))
                return false;
            over.push_back(one);
            return true;
        });
        for (const RequestId one : over)
            m_state.finish(one);
    }
    return true;
}

bool WorkerObjects::isBusy(Home home) const
{
    return std::ranges::any_of(m_state.fetches, [&](const auto &entry) { return holds(entry.second.request, home); }) || m_state.links().hasOpenedIn(home)
        || m_state.hasSocketsIn(home);
}

void WorkerObjects::idle(Home home)
{
    const auto found = m_homes.find(home);
    if (found == m_homes.end())
        return;
    found->second.idleSinceNs = base::steadyNs();
    if (!std::exchange(found->second.queued, true))
        m_idle.emplace_back(home, found->second.idleSinceNs + m_state.limits.objectIdleMs * 1'000'000);
}

void WorkerObjects::leaves(Home home)
{
    const auto found = m_homes.find(home);
    if (found == m_homes.end())
        return;
    if (const auto named = m_byName.find(found->second.key); named != m_byName.end() && named->second == home)
        m_byName.erase(named);
    m_left.push_back(home);
}

void WorkerObjects::endThoseWhoLeft()
{
    for (const Home home : std::exchange(m_left, {}))
        end(home);
}

void WorkerObjects::end(Home home)
{
    const auto found = m_homes.find(home);
    if (found == m_homes.end())
        return;
    // What the sessions have open ends while their numbers still tell that it belongs here.
    m_state.endAllIn(home);
    for (const std::uint64_t block : found->second.blocks) {
        const std::uint64_t used = block == found->second.blocks.back() ? found->second.used : blockSize - 1;
        for (std::uint64_t nth = 1; nth <= used; ++nth)
            m_state.links().requestEnds((block << blockBits) + nth);
    }
    Object object = std::move(found->second);
    if (object.store != 0) {
        m_bySlot.erase(object.store);
        m_stores->close(object.store);
    }
    m_homes.erase(home);
    if (const auto named = m_byName.find(object.key); named != m_byName.end() && named->second == home)
        m_byName.erase(named);
    for (const std::uint64_t block : object.blocks)
        m_blocks.erase(block);
    for (const RequestId session : object.leaving)
        m_state.finish(session);
}

void WorkerObjects::resetAll(const std::string &reason)
{
    std::vector<std::pair<Home, std::shared_ptr<Realm>>> all;
    for (const auto &[home, object] : m_homes)
        all.emplace_back(home, object.realm.lock());
    for (const auto &[home, realm] : all) {
        if (realm)
            m_state.tellObject(realm, home, objectReset, reason);
        end(home);
    }
}

void WorkerObjects::forget()
{
    if (m_stores)
        m_stores->closeAll();
    m_bySlot.clear();
    m_failures.clear();
    m_homes.clear();
    m_byName.clear();
    m_blocks.clear();
    m_left.clear();
    m_idle.clear();
}

std::vector<LiveObject> WorkerObjects::live(const std::string &className) const
{
    std::vector<LiveObject> all;
    for (const auto &[home, object] : m_homes) {
        if (object.className != className || (object.store == 0 && object.webSockets == 0)) // an instance has its storage; others only know the object
            continue;
        using State = LiveObject::State;
        const State state = object.store == 0 ? State::Hibernating : object.idleSinceNs != 0 ? State::Idle : State::Active;
        all.push_back({object.name.id, object.name.name, state, object.webSockets});
    }
    std::ranges::sort(all, {}, &LiveObject::id);
    return all;
}

WorkerObjects::Instance WorkerObjects::evict(const std::string &className, const std::string &id)
{
    const auto instance = [&]() -> Home {
        const auto named = m_byName.find(className + '/' + id);
        return named != m_byName.end() && m_homes.at(named->second).store != 0 ? named->second : 0;
    };
    const Home home = instance();
    if (home == 0)
        return Instance::Gone;
    if (m_homes.at(home).idleSinceNs == 0 || isBusy(home))
        return Instance::Busy;
    if (const std::shared_ptr<Realm> realm = m_homes.at(home).realm.lock())
        m_state.tellObject(realm, home, objectEvict, {});
    else
        end(home);
    return instance() == 0 ? Instance::Gone : Instance::Busy;
}

void WorkerObjects::reset(const std::string &className, const std::string &id, const std::string &reason)
{
    const auto named = m_byName.find(className + '/' + id);
    if (named == m_byName.end())
        return;
    const Home home = named->second;
    if (const std::shared_ptr<Realm> realm = m_homes.at(home).realm.lock())
        m_state.tellObject(realm, home, objectReset, reason);
    end(home);
}

std::vector<ObjectSocket> WorkerObjects::webSockets(const std::string &className, const std::string &id)
{
    std::vector<ObjectSocket> all;
    const auto named = m_byName.find(className + '/' + id);
    if (named == m_byName.end() || m_homes.at(named->second).webSockets == 0)
        return all;
    const std::shared_ptr<Realm> realm = m_homes.at(named->second).realm.lock();
    const auto told = base::Json::parse(realm ? m_state.tellObject(realm, named->second, objectSockets, {}) : std::string(), nullptr, false);
    if (!told.is_array())
        return all;
    for (const base::Json &one : told) {
        ObjectSocket &socket = all.emplace_back();
        socket.tags = one.at("tags").get<std::vector<std::string>>();
        socket.attachment = one.at("attachment").get<std::string>();
        socket.isClosing = one.at("closing").get<bool>();
        socket.answeredMs = one.at("answeredAt").get<std::int64_t>();
    }
    return all;
}

void WorkerObjects::socketsAre(Home home, std::size_t count)
{
    if (const auto found = m_homes.find(home); found != m_homes.end())
        found->second.webSockets = count;
}

void WorkerObjects::evictDue(std::int64_t now)
{
    while (!m_idle.empty() && m_idle.front().second <= now) {
        const Home home = m_idle.front().first;
        m_idle.pop_front();
        const auto found = m_homes.find(home);
        if (found == m_homes.end())
            continue;
        Object &object = found->second;
        object.queued = false;
        if (object.idleSinceNs == 0)
            continue;
        const std::int64_t due = object.idleSinceNs + m_state.limits.objectIdleMs * 1'000'000;
        if (due > now) {
            object.queued = true;
            m_idle.emplace_back(home, due);
            continue;
        }
        if (isBusy(home)) {
            idle(home);
            continue;
        }
        if (now < object.idleSinceNs + m_state.limits.objectTimersMs * 1'000'000 && m_state.hasTimersIn(home)) {
            object.queued = true;
            m_idle.emplace_back(home, now + m_state.limits.objectIdleMs * 1'000'000);
            continue;
        }
        object.idleSinceNs = 0;
        if (const std::shared_ptr<Realm> realm = object.realm.lock())
            m_state.tellObject(realm, home, objectEvict, {});
        else
            end(home);
    }
}

std::int64_t WorkerObjects::nextDue() const
{
    std::int64_t due = m_idle.empty() ? std::numeric_limits<std::int64_t>::max() : m_idle.front().second;
    if (m_clock.count() > 0) {
        // In pieces, because the clock on the wall may be set.
        const std::int64_t waitMs = std::clamp<std::int64_t>(m_clock.nextMs() - base::wallMs(), 0, 60'000);
        due = std::min(due, base::steadyNs() + waitMs * 1'000'000);
    }
    return due;
}

void WorkerObjects::runDue()
{
    if (m_clock.count() > 0) {
        for (AlarmClock::Alarm &alarm : m_clock.take(base::wallMs()))
            ring(std::move(alarm));
    }
    if (!m_idle.empty())
        evictDue(base::steadyNs());
}

// ---- WorkerState

bool WorkerState::hasSocketsOf(RequestId request) const
{
    return std::ranges::any_of(m_webSockets, [request](const auto &entry) { return entry.second->request == request; });
}

bool WorkerState::hasTimersIn(WorkerObjects::Home home) const
{
    return std::ranges::any_of(m_timers, [&](const auto &entry) { return m_objects.homeOf(entry.second.request) == home; });
}

bool WorkerState::hasSocketsIn(WorkerObjects::Home home) const
{
    return std::ranges::any_of(m_webSockets, [&](const auto &entry) { return m_objects.homeOf(entry.second->request) == home; });
}

void WorkerState::endAllIn(WorkerObjects::Home home)
{
    const auto inside = [&](RequestId request) { return m_objects.homeOf(request) == home; };
    std::vector<TimerId> timers;
    for (const auto &[id, timer] : m_timers) {
        if (inside(timer.request))
            timers.push_back(id);
    }
    for (const TimerId timer : timers)
        removeTimer(timer);
    std::vector<FetchClient::FetchId> open;
    for (const auto &[id, fetch] : fetches) {
        if (inside(fetch.request))
            open.push_back(id);
    }
    for (const FetchClient::FetchId fetch : open) {
        if (!hasSocket(fetch)) {
            fetchClient().abort(fetch);
            endFetch(fetch, FetchSpan::End::Cut);
        }
    }
    std::vector<std::uint64_t> sockets;
    for (const auto &[id, link] : m_webSockets) {
        if (inside(link->request))
            sockets.push_back(id);
    }
    for (const std::uint64_t id : sockets)
        dropSocket(id);
    std::erase_if(objectWrites, [&](const auto &entry) { return inside(entry.second.request); });
    std::erase_if(cacheWrites, [&](const auto &entry) { return inside(entry.second.request); });
    std::erase_if(cacheReads, [&](const auto &entry) { return inside(entry.second.request); });
    std::erase_if(bodies, [&](const auto &entry) { return entry.second.origin != BodySource::Origin::Client && inside(entry.second.request); });
}

std::string WorkerState::tellObject(const std::shared_ptr<Realm> &realm, WorkerObjects::Home home, int kind, const std::string &text)
{
    std::string told;
    enter(realm, 0, [&](Js js) {
        std::array<v8::Local<v8::Value>, 3> arguments{v8::Number::New(js.isolate, static_cast<double>(home)), v8::Integer::New(js.isolate, kind), toJs(js, text)};
        v8::Local<v8::Value> answer;
        if (!realm->entry(Entry::ObjectEvent)->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(arguments.size()), arguments.data()).ToLocal(&answer))
            return false;
        told = toStd(js, answer);
        return true;
    });
    return told;
}

void WorkerState::turnEnds()
{
    m_objects.commit();
    m_objects.endThoseWhoLeft();
    m_links.release();
    m_objects.tellFailures();
}

} // namespace cleat::runtime
