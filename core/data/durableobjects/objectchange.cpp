// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/durableobjects/objectchange.h"

#include "core/base/bytes.h"
#include "core/bindings/durableobjects/objectstore.h"

namespace cleat::data::durableobjects {

using base::Result;
using bindings::durableobjects::AlarmSchedule;
using bindings::durableobjects::ObjectStore;

Result<void> apply(const ObjectChange &change, ObjectStore &store)
{
    for (const std::string &key : change.remove) {
        if (auto removed = store.remove(key); !removed)
            return std::unexpected(std::move(removed.error()));
    }
    for (const auto &[key, value] : change.put) {
        if (auto put = store.put(key, base::asBytes(value)); !put)
            return put;
    }
    return change.alarm ? store.setAlarm(change.alarm->ms) : Result<void>();
}

Result<void> applyToFile(const std::filesystem::path &state, std::string_view uniqueKey, std::string_view id, const ObjectChange &change)
{
    std::error_code error;
    const std::filesystem::path file = bindings::durableobjects::objectFile(state, uniqueKey, id);
    if (!std::filesystem::exists(file, error))
        return base::fail("storage.missing", "The Durable Object " + std::string(id) + " has no file any more.", {file.string()});
    AlarmSchedule schedule(bindings::durableobjects::scheduleFile(state, uniqueKey));
    auto store = ObjectStore::open(state, {std::string(uniqueKey), std::string(id), {}}, schedule);
    if (!store)
        return std::unexpected(std::move(store.error()));
    if (auto applied = apply(change, **store); !applied)
        return applied;
    return (*store)->commit();
}

Result<void> removeFiles(const std::filesystem::path &state, std::string_view uniqueKey, std::string_view id)
{
    AlarmSchedule schedule(bindings::durableobjects::scheduleFile(state, uniqueKey));
    if (auto removed = schedule.remove(id); !removed)
        return removed;
    return bindings::durableobjects::removeObject(state, uniqueKey, id);
}

} // namespace cleat::data::durableobjects
