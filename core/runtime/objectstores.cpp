// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/objectstores.h"

#include <algorithm>
#include <utility>

namespace cleat::runtime {

using bindings::durableobjects::AlarmSchedule;
using bindings::durableobjects::ObjectAddress;
using bindings::durableobjects::ObjectStore;

ObjectStores::ObjectStores(std::filesystem::path state, std::function<bool()> stop) : m_state(std::move(state)), m_stop(std::move(stop)) {}

ObjectStores::~ObjectStores()
{
    closeAll(); // before the schedules that they use
}

ObjectStores::Slot ObjectStores::open(ObjectAddress address, std::string label)
{
    const Slot slot = ++m_last;
    if (label.empty())
        label = address.uniqueKey;
    m_items.emplace(slot, Item{std::move(address), std::move(label), nullptr, {}, false});
    return slot;
}

void ObjectStores::close(Slot slot)
{
    const auto found = m_items.find(slot);
    if (found == m_items.end())
        return;
    std::erase_if(m_cursors, [slot](const auto &entry) { return entry.second.slot == slot; });
    if (found->second.store)
        m_used.erase(found->second.place);
    if (found->second.dirty)
        std::erase(m_dirty, slot);
    m_items.erase(found);
}

const ObjectAddress *ObjectStores::address(Slot slot) const
{
    const auto found = m_items.find(slot);
    return found == m_items.end() ? nullptr : &found->second.address;
}

std::string_view ObjectStores::label(Slot slot) const
{
    const auto found = m_items.find(slot);
    return found == m_items.end() ? std::string_view() : found->second.label;
}

base::Result<ObjectStore *> ObjectStores::use(Slot slot)
{
    const auto found = m_items.find(slot);
    if (found == m_items.end())
        return base::fail("object.slot", "Durable Object storage is no longer accessible.");
    Item &item = found->second;
    if (item.store) {
        m_used.splice(m_used.begin(), m_used, item.place);
        return item.store.get();
    }
    makeRoom();
    auto store = ObjectStore::open(m_state, item.address, schedule(item.address.uniqueKey), m_stop);
    if (!store)
        return std::unexpected(std::move(store.error()));
    item.store = std::move(*store);
    m_used.push_front(slot);
    item.place = m_used.begin();
    return item.store.get();
}

base::Result<ObjectStore *> ObjectStores::useToWrite(Slot slot)
{
    auto store = use(slot);
    if (!store)
        return store;
    Item &item = m_items.find(slot)->second;
    if (!item.dirty) {
        item.dirty = true;
        m_dirty.push_back(slot);
    }
    return store;
}

void ObjectStores::makeRoom()
{
    for (auto place = m_used.end(); m_used.size() >= maxOpen && place != m_used.begin();) {
        --place;
        Item &item = m_items.find(*place)->second;
        if (item.dirty || item.store->depth() > 0 || item.store->hasCursors() || item.store->alarmRings())
            continue;
        item.store.reset();
        place = m_used.erase(place);
    }
}

void ObjectStores::tellAlarm(Slot slot, Item &item)
{
    const auto change = item.store->takeAlarmChange();
    if (change && m_observer)
        m_observer->alarmCommitted(slot, change->ms);
}

base::Result<void> ObjectStores::commit(Slot slot)
{
    const auto found = m_items.find(slot);
    if (found == m_items.end() || !found->second.store)
        return {};
    auto done = found->second.store->commit();
    tellAlarm(slot, found->second);
    return done;
}

void ObjectStores::commitAll()
{
    while (!m_dirty.empty()) {
        const std::vector<Slot> slots = std::exchange(m_dirty, {}); // an observer may close some, or write into others
        for (const Slot slot : slots) {
            if (const auto found = m_items.find(slot); found != m_items.end())
                found->second.dirty = false;
        }
        for (const Slot slot : slots) {
            if (const auto done = commit(slot); !done && m_observer)
                m_observer->commitFailed(slot, done.error());
        }
    }
}

void ObjectStores::rollback(Slot slot)
{
    const auto found = m_items.find(slot);
    if (found != m_items.end() && found->second.store)
        found->second.store->rollback();
}

void ObjectStores::rollbackAll()
{
    for (const Slot slot : std::exchange(m_dirty, {})) {
        if (const auto found = m_items.find(slot); found != m_items.end())
            found->second.dirty = false;
        rollback(slot);
    }
}

void ObjectStores::closeAll()
{
    m_cursors.clear();
    m_items.clear();
    m_used.clear();
    m_dirty.clear();
}

AlarmSchedule &ObjectStores::schedule(const std::string &uniqueKey)
{
    auto &schedule = m_schedules[uniqueKey];
    if (!schedule)
        schedule = std::make_unique<AlarmSchedule>(bindings::durableobjects::scheduleFile(m_state, uniqueKey));
    return *schedule;
}

// ---- cursors

ObjectStores::CursorId ObjectStores::keep(Slot slot, std::shared_ptr<bindings::durableobjects::SqlCursor> cursor, v8::Isolate *isolate, v8::Local<v8::Object> holder)
{
    const CursorId id = ++m_lastCursor;
    Cursor &kept = m_cursors[id];
    kept.slot = slot;
    kept.cursor = std::move(cursor);
    kept.stores = this;
    kept.id = id;
    kept.holder.Reset(isolate, holder);
    kept.holder.SetWeak(
        &kept,
        [](const v8::WeakCallbackInfo<Cursor> &info) {
            Cursor &gone = *info.GetParameter();
            gone.holder.Reset();
            gone.stores->forget(gone.id);
        },
        v8::WeakCallbackType::kParameter);
    return id;
}

ObjectStores::Cursor *ObjectStores::cursor(CursorId id)
{
    const auto found = m_cursors.find(id);
    return found == m_cursors.end() ? nullptr : &found->second;
}

void ObjectStores::forget(CursorId id)
{
    m_cursors.erase(id);
}

} // namespace cleat::runtime
