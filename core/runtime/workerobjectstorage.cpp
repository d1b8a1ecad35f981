// SPDX-License-Identifier: GPL-3.0-or-later
// The half of WorkerObjects that keeps: storages, what happens at the end of a turn, and alarms.

#include "core/base/clock.h"
#include "core/bindings/durableobjects/objectids.h"
#include "core/runtime/preview.h"
#include "core/runtime/workerobjects.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <random>
#include <type_traits>

namespace cleat::runtime {

using bindings::durableobjects::ObjectAddress;
using bindings::durableobjects::ObjectStore;

namespace {

std::unexpected<base::Error> noClass(const std::string &className)
{
    return base::fail("objects.no-class", "The code that runs has no Durable Objects of class " + className + '.');
}

} // namespace

void WorkerObjects::setStateFolder(const std::filesystem::path &folder)
{
    if (m_stores && m_folder == folder)
        return;
    for (auto &[home, object] : m_homes)
        object.store = 0;
    m_bySlot.clear();
    m_clock.clear();
    m_folder = folder;
    m_stores = std::make_unique<ObjectStores>(folder, [this] { return m_state.mustEnd(); });
    m_stores->setObserver(this);
}

ObjectAddress WorkerObjects::addressOf(const std::string &className, const ObjectName &name) const
{
    const std::shared_ptr<Realm> realm = m_state.latestRealm();
    const bool hasSql = realm && std::ranges::find(realm->bindings->sqliteClasses, className) != realm->bindings->sqliteClasses.end();
    return {bindings::durableobjects::uniqueKey(m_state.links().name(), className), name.id, name.name, hasSql ? ObjectAddress::Backend::Sqlite : ObjectAddress::Backend::KeyValue};
}

ObjectStores::Slot WorkerObjects::openStore(Home home)
{
    const auto found = m_homes.find(home);
    if (found == m_homes.end())
        return 0;
    Object &object = found->second;
    if (object.store == 0) {
        object.store = m_stores->open(addressOf(object.className, object.name), object.className);
        m_bySlot.emplace(object.store, home);
    }
    return object.store;
}

void WorkerObjects::closeStore(Home home)
{
    const auto found = m_homes.find(home);
    if (found == m_homes.end() || found->second.store == 0)
        return;
    m_bySlot.erase(found->second.store);
    m_stores->close(std::exchange(found->second.store, 0));
}

template <typename Work>
auto WorkerObjects::withStore(const std::string &className, const ObjectName &name, Work &&work)
{
    // Only an instance keeps its storage open.
    if (const auto found = m_byName.find(className + '/' + name.id); found != m_byName.end() && m_homes.at(found->second).store != 0)
        return work(m_homes.at(found->second).store);
    const ObjectStores::Slot slot = m_stores->open(addressOf(className, name), className);
    auto result = work(slot);
    m_stores->close(slot);
    return result;
}

// ---- turns

void WorkerObjects::commitFailed(ObjectStores::Slot slot, const base::Error &error)
{
    if (const auto found = m_bySlot.find(slot); found != m_bySlot.end())
        m_failures.emplace_back(found->second, error.message);
}

void WorkerObjects::codeEnded(RequestId request, const std::string &reason)
{
    if (m_stores)
        m_stores->rollbackAll();
    const auto found = m_homes.find(homeOf(request));
    if (found == m_homes.end())
        return;
    m_failures.emplace_back(found->first, reason);
}

void WorkerObjects::commit()
{
    if (m_stores)
        m_stores->commitAll();
    for (const auto &[home, reason] : m_failures)
        m_state.links().dropHeld(home);
}

void WorkerObjects::tellFailures()
{
    for (const auto &[home, reason] : std::exchange(m_failures, {})) {
        const auto found = m_homes.find(home);
        const std::shared_ptr<Realm> realm = found == m_homes.end() ? nullptr : found->second.realm.lock();
        if (realm)
            m_state.tellObject(realm, home, objectReset, reason);
        end(home);
    }
}

// ---- alarms

void WorkerObjects::codeIsIn()
{
    m_clock.clear();
    m_classes = m_classesOfCode;
    for (const std::string &className : m_classes) {
        const auto alarms = m_stores->schedule(bindings::durableobjects::uniqueKey(m_state.links().name(), className)).list();
        if (!alarms) {
            m_state.record(events::NoticeEvent{base::wallUs(), events::Level::Error, alarms.error().code,
                "The alarms of the Durable Objects of class " + className + " cannot be read, so none of them will ring: " + alarms.error().message, {}});
            continue;
        }
        for (const bindings::durableobjects::ScheduledAlarm &alarm : *alarms)
            m_clock.set({className, alarm.id, alarm.name, alarm.timeNs / 1'000'000, 0, 0});
    }
}

void WorkerObjects::alarmTouched(Home home)
{
    const auto found = m_homes.find(home);
    if (found == m_homes.end())
        return;
    const RequestId current = m_state.currentRequest();
    const PendingRequest *request = m_state.pending(current);
    found->second.alarmBy = !request ? 0 : request->root != 0 ? request->root : current;
}

void WorkerObjects::alarmCommitted(ObjectStores::Slot slot, std::optional<std::int64_t> ms)
{
    const auto bySlot = m_bySlot.find(slot);
    const auto found = bySlot == m_bySlot.end() ? m_homes.end() : m_homes.find(bySlot->second);
    if (found != m_homes.end()) {
        const Object &object = found->second;
        if (ms)
            m_clock.set({object.className, object.name.id, object.name.name, *ms, 0, object.alarmBy < firstSession ? object.alarmBy : 0});
        else
            m_clock.remove(object.className, object.name.id);
        return;
    }
    // Of an object that has no instance: ringNow(), change().
    const ObjectAddress *address = m_stores->address(slot);
    for (const std::string &className : m_classes) {
        if (!address || address->uniqueKey != bindings::durableobjects::uniqueKey(m_state.links().name(), className))
            continue;
        if (ms)
            m_clock.set({className, address->id, address->name, *ms, 0, 0});
        else
            m_clock.remove(className, address->id);
    }
}

base::Result<void> WorkerObjects::ringNow(const std::string &className, const std::string &id)
{
    const auto missing = [&] { return base::fail("objects.no-alarm", "The Durable Object " + className + ' ' + id + " has no alarm."); };
    if (!hasClass(className))
        return noClass(className);
    return withStore(className, {id, {}}, [&](ObjectStores::Slot slot) -> base::Result<void> {
        auto store = m_stores->useToWrite(slot);
        if (!store)
            return std::unexpected(store.error());
        const auto alarm = (*store)->alarm();
        if (!alarm)
            return std::unexpected(alarm.error());
        if (!*alarm)
            return missing();
        if (const auto set = (*store)->setAlarm(base::wallMs()); !set)
            return std::unexpected(set.error());
        return m_stores->commit(slot);
    });
}

WorkerObjects::Home WorkerObjects::homeOfTrigger(const std::shared_ptr<Realm> &realm, const Trigger &trigger)
{
    ObjectName name{std::get<std::string>(trigger.arguments[1]), {}};
    if (const auto *known = std::get_if<std::string>(&trigger.arguments[2]))
        name.name = *known;
    const Home found = home(realm, std::get<std::string>(trigger.arguments[0]), name);
    m_homes.at(found).idleSinceNs = 0;
    return found;
}

void WorkerObjects::ring(AlarmClock::Alarm &&alarm)
{
    Trigger trigger;
    trigger.event = "alarm";
    trigger.kind = events::RequestKind::Alarm;
    trigger.target = alarm.className + ' ' + alarm.name.value_or(alarm.id);
    trigger.cause = alarm.cause;
    trigger.arguments = {alarm.className, alarm.id, alarm.name ? Trigger::Argument(*alarm.name) : Trigger::Argument(-1.0), static_cast<double>(alarm.retries), static_cast<double>(alarm.timeMs)};
    trigger.given = "{\"scheduledTime\":" + std::to_string(alarm.timeMs) + ",\"retryCount\":" + std::to_string(alarm.retries) + ",\"isRetry\":" + (alarm.retries > 0 ? "true" : "false") + '}';
    trigger.done = [this, here = std::weak_ptr<int>(m_here), alarm = std::move(alarm)](TriggerResult &&result) {
        if (here.lock())
            alarmOver(alarm, result.outcome);
    };
    m_state.addTrigger(std::move(trigger));
}

void WorkerObjects::alarmOver(const AlarmClock::Alarm &alarm, const std::string &outcome)
{
    if (outcome == "ok" || m_state.ends())
        return;
    std::error_code ignored; // what cannot be told is there
    if (!std::filesystem::exists(bindings::durableobjects::objectFile(m_folder, bindings::durableobjects::uniqueKey(m_state.links().name(), alarm.className), alarm.id), ignored) && !ignored)
        return; // removed by hand
    static thread_local std::minstd_rand random{std::random_device{}()};
    if (m_clock.failed(alarm, base::wallMs(), std::uniform_real_distribution<double>(0, 1)(random)))
        return;
    m_state.record(events::NoticeEvent{base::wallUs(), events::Level::Warn, "objects.alarm",
        "The alarm of the Durable Object " + alarm.className + ' ' + alarm.name.value_or(alarm.id) + " has failed " + std::to_string(alarm.retries + 1) + " times and is given up.", {}});
    // The code's half has removed it, unless there was no instance to do that.
    const auto removed = withStore(alarm.className, {alarm.id, alarm.name}, [&](ObjectStores::Slot slot) -> base::Result<void> {
        auto store = m_stores->useToWrite(slot);
        if (!store)
            return std::unexpected(store.error());
        const auto begins = (*store)->alarmBegins();
        if (!begins)
            return std::unexpected(begins.error());
        if (*begins) {
            if (const auto ends = (*store)->alarmEnds(ObjectStore::Rang::Done); !ends)
                return ends;
        }
        return m_stores->commit(slot);
    });
    if (!removed)
        m_state.record(events::NoticeEvent{base::wallUs(), events::Level::Error, removed.error().code, "An alarm that was given up could not be removed: " + removed.error().message, {}});
}

// ---- by hand

bool WorkerObjects::hasClass(const std::string &className) const
{
    return m_stores && std::ranges::find(m_classes, className) != m_classes.end();
}

base::Result<void> WorkerObjects::change(const std::string &className, const std::string &id, const Change &work)
{
    if (!hasClass(className))
        return noClass(className);
    return withStore(className, {id, {}}, [&](ObjectStores::Slot slot) -> base::Result<void> {
        auto store = m_stores->useToWrite(slot);
        if (!store)
            return std::unexpected(store.error());
        if ((*store)->depth() > 0)
            return base::fail("objects.busy", "The Durable Object is in a transaction. Try again when that has ended.");
        // What its code has written before is its own.
        if (auto before = m_stores->commit(slot); !before)
            return before;
        if (auto done = work(**store); !done) {
            m_stores->rollback(slot);
            return done;
        }
        return m_stores->commit(slot);
    });
}

base::Result<void> WorkerObjects::remove(const std::string &className, const std::string &id)
{
    if (!hasClass(className))
        return noClass(className);
    reset(className, id, "The Durable Object was deleted by hand.");
    m_clock.remove(className, id);
    const std::string key = bindings::durableobjects::uniqueKey(m_state.links().name(), className);
    if (auto unscheduled = m_stores->schedule(key).remove(id); !unscheduled)
        return unscheduled;
    return bindings::durableobjects::removeObject(m_folder, key, id);
}

// ---- WorkerState

void WorkerState::handle(ObjectsTask &&task)
{
    task.work(m_objects);
    turnEnds();
}

} // namespace cleat::runtime
