// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/durableobjects/objectstore.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <v8.h>

namespace cleat::runtime {

/// The storages of a Worker's Durable Objects, each under a number ("slot") for as long as the object lives. Of the files at most `maxOpen` are open: what was
/// used longest ago, and is in no transaction, is closed and opened again when it is needed. Belongs to the Worker's thread.
class ObjectStores final
{
public:
    using Slot = std::uint32_t; ///< counts from 1

    static constexpr std::size_t maxOpen = 128;

    /// What happens at the end of a turn. Called on the Worker's thread, outside of JavaScript.
    class Observer
    {
    public:
        virtual ~Observer() = default;
        /// What the object wrote in this turn is lost, and taken back; the object is to be broken.
        virtual void commitFailed(Slot slot, const base::Error &error) = 0;
        /// The object's alarm was committed: its time in milliseconds since the Unix epoch, or none. Not called for what alarmEnds() removes.
        virtual void alarmCommitted(Slot slot, std::optional<std::int64_t> ms) = 0;
    };

    /// `state` is the folder that holds v3. `stop` is asked now and then while SQL runs.
    ObjectStores(std::filesystem::path state, std::function<bool()> stop);
    ~ObjectStores();
    ObjectStores(const ObjectStores &) = delete;
    ObjectStores &operator=(const ObjectStores &) = delete;

    /// Borrowed; nullptr: nobody is told.
    void setObserver(Observer *observer) { m_observer = observer; }

    /// The file is opened by the first use. An object that has a slot already gets another one on the same storage: the caller sees to it that one object is one slot.
    /// `label`: what the log calls it; the unique key when it is left out.
    Slot open(bindings::durableobjects::ObjectAddress address, std::string label = {});
    /// What was not committed is taken back.
    void close(Slot slot);
    /// nullptr: no such slot.
    const bindings::durableobjects::ObjectAddress *address(Slot slot) const;
    /// Empty: no such slot.
    std::string_view label(Slot slot) const;

    /// The storage, opened when it is not. object.slot: no such slot. Valid until the next use() or close().
    base::Result<bindings::durableobjects::ObjectStore *> use(Slot slot);
    /// The same for a call that may write: commitAll() will see to it.
    base::Result<bindings::durableobjects::ObjectStore *> useToWrite(Slot slot);

    /// The end of a turn: commits whatever was written. Cheap when nothing was. Failures go to the observer.
    void commitAll();
    /// Whether commitAll() has something to do.
    bool isDirty() const { return !m_dirty.empty(); }
    base::Result<void> commit(Slot slot);
    /// The object breaks: takes back what it has not committed.
    void rollback(Slot slot);
    /// The same for all that wrote in this turn, which did not come to its end.
    void rollbackAll();
    /// The isolate goes: there are no slots any more.
    void closeAll();

    /// The schedule of a namespace.
    bindings::durableobjects::AlarmSchedule &schedule(const std::string &uniqueKey);

    // ---- cursors that have rows left, under numbers
    using CursorId = std::uint32_t; ///< counts from 1
    struct Cursor {
        Slot slot = 0;
        std::shared_ptr<bindings::durableobjects::SqlCursor> cursor;
        ObjectStores *stores = nullptr;
        CursorId id = 0;
        v8::Global<v8::Object> holder; ///< weak
    };
    /// Until forget(), or until the garbage collector has `holder`, or the slot is closed.
    CursorId keep(Slot slot, std::shared_ptr<bindings::durableobjects::SqlCursor> cursor, v8::Isolate *isolate, v8::Local<v8::Object> holder);
    /// nullptr: it has been forgotten. Valid until the next call that changes cursors.
    Cursor *cursor(CursorId id);
    void forget(CursorId id);

private:
    struct Item {
        bindings::durableobjects::ObjectAddress address;
        std::string label;
        std::unique_ptr<bindings::durableobjects::ObjectStore> store; ///< null: closed
        std::list<Slot>::iterator place; ///< in m_used, while it is open
        bool dirty = false; ///< in m_dirty
    };
    void makeRoom();
    void tellAlarm(Slot slot, Item &item);

    const std::filesystem::path m_state;
    const std::function<bool()> m_stop;
    Observer *m_observer = nullptr;
    Slot m_last = 0;
    CursorId m_lastCursor = 0;
    std::unordered_map<Slot, Item> m_items;
    std::list<Slot> m_used; ///< open ones, last used first
    std::vector<Slot> m_dirty;
    std::map<std::string, std::unique_ptr<bindings::durableobjects::AlarmSchedule>> m_schedules;
    std::unordered_map<CursorId, Cursor> m_cursors;
};

} // namespace cleat::runtime
