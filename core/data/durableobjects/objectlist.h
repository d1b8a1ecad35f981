// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/durableobjects/alarmschedule.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cleat::data::durableobjects {

/// A Durable Object as a list shows it.
struct ObjectRow {
    std::string id; ///< 64 hex digits
    std::optional<std::string> name; ///< as its file, its alarm or the running code tells it
    bool hasFile = false; ///< false: it lives in memory alone
    std::uint64_t bytes = 0; ///< of its file and its journal
    std::int64_t changedMs = 0; ///< when one of those was written last; since the Unix epoch
    std::optional<std::int64_t> alarmMs; ///< when its alarm rings
    std::uint32_t tables = 0; ///< that its SQL has made
    std::string problem; ///< why its file could not be looked into; empty: it could, or needs none
    bool operator==(const ObjectRow &) const = default;
};

/// Which objects, in which order.
struct ObjectFilter {
    std::string text; ///< the name of one, or a part of an id or of a known name, ASCII letters of either case; empty: all
    enum class Order { Id, Size, Changed, Alarm }; ///< Alarm: those without one come last
    Order order = Order::Id;
    enum class Direction { Ascending, Descending };
    Direction direction = Direction::Ascending;
    bool operator==(const ObjectFilter &) const = default;
};

/// The objects of one namespace that have a file, and those that only live. To list ten thousand reads the folder; only the files of rows that are asked for are opened, and again when
/// they have changed. Belongs to one thread. A namespace without a folder is empty. Errors: core/storage/failure.h, data.cancelled.
class ObjectList final
{
public:
    /// `state` is the folder that holds v3.
    ObjectList(std::filesystem::path state, std::string uniqueKey);

    /// What the running code knows: ids, and names where it has any. Such objects are in the list without a file, too.
    void setLive(std::map<std::string, std::optional<std::string>> live);

    base::Result<std::uint64_t> count(const ObjectFilter &filter, std::stop_token stop = {});
    /// The rows from `first` (from 0) on, `count` at most; fewer at the end.
    base::Result<std::vector<ObjectRow>> rows(const ObjectFilter &filter, std::uint64_t first, std::size_t count, std::stop_token stop = {});
    /// Where an object is in the list, or nullopt.
    base::Result<std::optional<std::uint64_t>> position(const ObjectFilter &filter, const std::string &id, std::stop_token stop = {});
    /// One of them; nullopt: there is none of that id.
    base::Result<std::optional<ObjectRow>> row(const std::string &id);

    struct Look {
        std::uint64_t total = 0; ///< objects, whatever the filter
        bool changed = false; ///< objects came or went, an alarm is another, or a row of those asked for last has changed; the first says true
    };
    /// Cheap enough for four times a second.
    base::Result<Look> look();

private:
    /// What a file says of itself, as long as it does not change.
    struct Stamp {
        std::uint64_t bytes = 0;
        std::int64_t changedNs = 0;
        bool there = false;
        bool operator==(const Stamp &) const = default;
    };
    struct Known {
        Stamp stamp;
        std::optional<std::string> name;
        std::uint32_t tables = 0;
        std::string problem;
    };
    Stamp stampOf(const std::string &id) const;
    const Known &known(const std::string &id, const Stamp &stamp);
    base::Result<void> list();
    base::Result<std::vector<std::string>> matching(const ObjectFilter &filter, const std::stop_token &stop);
    ObjectRow rowOf(const std::string &id);
    std::optional<std::string> nameOf(const std::string &id) const;

    const std::filesystem::path m_state;
    const std::string m_uniqueKey;
    bindings::durableobjects::AlarmSchedule m_schedule;
    std::map<std::string, std::optional<std::string>> m_live;
    std::unordered_map<std::string, Known> m_known;
    std::vector<std::string> m_ids; ///< all, sorted; with those that only live
    std::int64_t m_folderNs = -1; ///< when the folder changed that they were read from
    std::int64_t m_listedNs = 0; ///< when that was (base::steadyNs())
    std::int64_t m_listTookNs = 0;
    bool m_liveChanged = true;
    std::map<std::string, bindings::durableobjects::ScheduledAlarm> m_alarms;
    std::optional<std::pair<ObjectFilter, std::vector<std::string>>> m_matching; ///< of the last question, as long as nothing changes
    std::unordered_map<std::string, Stamp> m_shown; ///< rows that were asked for of late
    bool m_told = false;
};

} // namespace cleat::data::durableobjects
