// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <bitset>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::session {

/// A schedule as Cloudflare's Cron Triggers write it ("Cron Triggers", "Supported cron expressions"): five fields, in UTC.
///
///     minute          0-59           * , - /
///     hour            0-23           * , - /
///     day of month    1-31           * , - / L W      L: the last day, L-3: three days before it, 15W: the weekday next to the 15th, LW: the last weekday
///     month           1-12, JAN-DEC  * , - /
///     day of week     1-7, SUN-SAT   * , - / L #      1 is Sunday; 6L: the last Friday of the month, 6#2: the second one
///
/// Where both kinds of day are restricted, one of them is enough. A value; any thread.
class Cron final
{
public:
    /// Code cron.pattern: it is none; the message says which field and why.
    static base::Result<Cron> parse(std::string_view pattern);

    using Minute = std::chrono::sys_time<std::chrono::minutes>;
    /// The first time after `after`; nothing: there is none within the next nine years (the 30th of February).
    std::optional<Minute> next(Minute after) const;
    bool fits(Minute time) const;

private:
    /// Days of a month that are not known before the month is.
    struct Days {
        std::bitset<32> plain; ///< by number
        std::bitset<32> beforeLast; ///< L-3
        std::bitset<32> nearWeekday; ///< 15W
        bool lastWeekday = false; ///< LW
        bool all = false; ///< *
    };
    struct Weekdays {
        std::bitset<8> plain; ///< 1 is Sunday
        std::bitset<8> last; ///< 6L
        std::bitset<64> nth; ///< 6#2: 6 * 8 + 2
        bool all = false;
    };
    bool fitsDay(std::chrono::year_month_day date) const;

    std::bitset<60> m_minutes;
    std::bitset<24> m_hours;
    std::bitset<13> m_months;
    Days m_days;
    Weekdays m_weekdays;
};

} // namespace cleat::session
