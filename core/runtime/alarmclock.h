// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cleat::runtime {

/// When alarms of Durable Objects ring, and how often one is tried again. It keeps nothing on disk. Times are milliseconds since the Unix epoch. One thread.
class AlarmClock final
{
public:
    struct Alarm {
        std::string className;
        std::string id; ///< of the object
        std::optional<std::string> name;
        std::int64_t timeMs = 0; ///< for which it was set
        std::uint32_t retries = 0; ///< how often it has failed
        events::RequestId cause = 0; ///< the request that set it, where that is known
    };

    /// An alarm that fails this often is given up: as the real thing does.
    static constexpr std::uint32_t mostRetries = 6;
    /// How long after a failure it rings again, in milliseconds: 2 seconds, twice as much each time, and up to a quarter more. `chance`: 0 to 1.
    static std::int64_t delayMs(std::uint32_t retries, double chance);

    /// In place of what was set for the object before. One that rings now is not stopped.
    void set(Alarm alarm);
    void remove(const std::string &className, const std::string &id);
    void clear();

    /// When the next one rings.
    std::int64_t nextMs() const { return m_due.empty() ? std::numeric_limits<std::int64_t>::max() : m_due.begin()->first; }
    /// Takes out those whose time has come.
    std::vector<Alarm> take(std::int64_t nowMs);
    /// The one of an object, whenever it rings.
    std::optional<Alarm> take(const std::string &className, const std::string &id);
    /// It has failed. False: it is given up. True: it will ring again, unless another one was set for the object meanwhile.
    bool failed(Alarm alarm, std::int64_t nowMs, double chance);

    std::size_t count() const { return m_alarms.size(); }

private:
    using Key = std::pair<std::string, std::string>;
    struct Entry {
        Alarm alarm;
        std::int64_t dueMs = 0;
    };
    void put(Alarm &&alarm, std::int64_t dueMs);
    Alarm takeOut(std::map<Key, Entry>::iterator found);

    std::map<Key, Entry> m_alarms;
    std::set<std::pair<std::int64_t, Key>> m_due;
};

} // namespace cleat::runtime
