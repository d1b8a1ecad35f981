// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::analytics {

/// A time zone of the system's database (/usr/share/zoneinfo), as far as the tables there reach.
class Zone final
{
public:
    /// "Etc/UTC" and "UTC" are there without any database. Nullptr: there is none of that name.
    static std::shared_ptr<const Zone> named(const std::string &name);
    /// All names, sorted.
    static std::vector<std::string> names();

    /// What has to be added to UTC, in seconds.
    std::int64_t offsetAt(std::int64_t utc) const;
    /// The first time of which this is the local time; of one that there is not, what it would be with the offset before.
    std::int64_t fromLocal(std::int64_t local) const;

private:
    struct Change {
        std::int64_t at = 0;
        std::int64_t offset = 0;
    };
    std::int64_t m_first = 0; ///< before all changes
    std::vector<Change> m_changes;
};

/// A local time in parts.
struct CivilTime {
    std::int64_t year = 1970;
    int month = 1; ///< from 1
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;

    static CivilTime of(std::int64_t local);
    std::int64_t seconds() const;
    int weekday() const; ///< 1: Monday
    int dayOfYear() const; ///< from 1
};

/// "2026-03-01 10:20:30", "2026-03-01" or seconds since the epoch; local. Nothing: it is none of these.
std::optional<std::int64_t> parseTime(std::string_view text);
/// "2026-03-01 10:20:30"
std::string timeText(std::int64_t local);
/// "2026-03-01"
std::string dateText(std::int64_t local);

/// By the placeholders of ClickHouse's formatDateTime(); an unknown one stays as it is. `offset` is the zone's.
std::string formatTime(std::int64_t local, std::string_view format, std::int64_t offset);

enum class TimeUnit : char { Year = 'Y', Quarter = 'Q', Month = 'M', Week = 'W', Day = 'D', Hour = 'h', Minute = 'm', Second = 's' };

/// Years and months by the calendar: from the 31st to the last day that there is. Nothing: beyond the years that there are.
std::optional<std::int64_t> addTime(std::int64_t local, std::int64_t amount, TimeUnit unit);
/// Down to a multiple of the interval: of days and shorter ones since the epoch's local midnight, of weeks from a Monday on, of months and years from January and year 0 on.
std::int64_t startOfInterval(std::int64_t local, std::int64_t amount, TimeUnit unit);

} // namespace cleat::data::analytics
