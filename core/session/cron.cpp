// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/cron.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <span>
#include <vector>

namespace cleat::session {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> monthNames{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> dayNames{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

struct Field {
    const char *title;
    int first;
    int last;
    std::span<const std::string_view> names;
};

std::unexpected<base::Error> wrong(const Field &field, std::string_view text, const std::string &why)
{
    return base::fail("cron.pattern", "The " + std::string(field.title) + " of a schedule cannot be \"" + std::string(text) + "\": " + why);
}

std::string allowed(const Field &field)
{
    return "it goes from " + std::to_string(field.first) + " to " + std::to_string(field.last) + '.';
}

std::string upper(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return result;
}

std::optional<int> number(const Field &field, std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && !text.starts_with('-'))
        return value >= field.first && value <= field.last ? std::optional(value) : std::nullopt;
    const auto found = std::ranges::find(field.names, upper(text));
    return found == field.names.end() ? std::nullopt : std::optional(static_cast<int>(found - field.names.begin()) + field.first);
}

/// One of the parts between commas that is a number, a range or a *, with or without a step.
template <std::size_t N>
base::Result<void> addRange(const Field &field, std::string_view part, std::bitset<N> &set)
{
    std::string_view range = part;
    int step = 1;
    const std::size_t slash = part.find('/');
    if (slash != std::string_view::npos) {
        range = part.substr(0, slash);
        const std::string_view by = part.substr(slash + 1);
        const auto [end, error] = std::from_chars(by.data(), by.data() + by.size(), step);
        if (by.empty() || error != std::errc() || end != by.data() + by.size() || step < 1 || step > field.last)
            return wrong(field, part, "behind the / stands a number from 1 to " + std::to_string(field.last) + '.');
    }
    int from = field.first;
    int to = field.last;
    if (range != "*") {
        const std::size_t dash = range.find('-');
        const auto begin = number(field, range.substr(0, dash));
        const auto end = dash == std::string_view::npos ? begin : number(field, range.substr(dash + 1));
        if (!begin || !end)
            return wrong(field, part, allowed(field));
        from = *begin;
        to = dash == std::string_view::npos && slash != std::string_view::npos ? field.last : *end;
        if (from > to)
            return wrong(field, part, "a range goes from the lower to the higher.");
    }
    for (int value = from; value <= to; value += step)
        set.set(static_cast<std::size_t>(value));
    return {};
}

std::vector<std::string_view> split(std::string_view text, char at)
{
    std::vector<std::string_view> parts;
    for (;;) {
        const std::size_t end = text.find(at);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

template <std::size_t N>
base::Result<void> addAll(const Field &field, std::string_view text, std::bitset<N> &set)
{
    for (const std::string_view part : split(text, ',')) {
        if (auto added = addRange(field, part, set); !added)
            return added;
    }
    return {};
}

unsigned lastDay(year_month_day date)
{
    return static_cast<unsigned>((date.year() / date.month() / std::chrono::last).day());
}

/// 1 is Sunday.
unsigned weekdayOf(year_month_day date)
{
    return weekday(sys_days(date)).c_encoding() + 1;
}

bool isWorkday(year_month_day date)
{
    const unsigned day = weekdayOf(date);
    return day != 1 && day != 7;
}

/// The weekday of the same month that is next to a day.
unsigned nearestWorkday(year_month_day date, unsigned wanted)
{
    const unsigned last = lastDay(date);
    const auto at = [&](unsigned number) { return date.year() / date.month() / day(number); };
    wanted = std::min(wanted, last);
    switch (weekdayOf(at(wanted))) {
    case 7: // Saturday
        return wanted > 1 ? wanted - 1 : wanted + 2;
    case 1: // Sunday
        return wanted < last ? wanted + 1 : wanted - 2;
    }
    return wanted;
}

} // namespace

base::Result<Cron> Cron::parse(std::string_view pattern)
{
    std::vector<std::string_view> fields;
    for (const std::string_view part : split(pattern, ' ')) {
        if (!part.empty())
            fields.push_back(part);
    }
    if (fields.size() != 5) {
        return base::fail("cron.pattern", "The schedule \"" + std::string(pattern) + "\" has " + std::to_string(fields.size())
                + " fields. Five are needed, apart by spaces: minute, hour, day of month, month, day of week.");
    }
    static constexpr Field minute{"minute", 0, 59, {}};
    static constexpr Field hour{"hour", 0, 23, {}};
    static constexpr Field monthDay{"day of month", 1, 31, {}};
    static constexpr Field monthField{"month", 1, 12, monthNames};
    static constexpr Field weekDay{"day of week", 1, 7, dayNames};
    Cron cron;
    if (auto added = addAll(minute, fields[0], cron.m_minutes); !added)
        return std::unexpected(added.error());
    if (auto added = addAll(hour, fields[1], cron.m_hours); !added)
        return std::unexpected(added.error());
    if (auto added = addAll(monthField, fields[3], cron.m_months); !added)
        return std::unexpected(added.error());
    Days &days = cron.m_days;
    days.all = fields[2] == "*";
    for (const std::string_view part : split(fields[2], ',')) {
        const std::string text = upper(part);
        if (text == "LW" || text == "WL") {
            days.lastWeekday = true;
        } else if (text == "L") {
            days.beforeLast.set(0);
        } else if (text.starts_with("L-")) {
            const auto before = number({"", 1, 30, {}}, std::string_view(text).substr(2));
            if (!before)
                return wrong(monthDay, part, "behind L- stands a number from 1 to 30.");
            days.beforeLast.set(static_cast<std::size_t>(*before));
        } else if (text.ends_with('W')) {
            const auto near = number(monthDay, std::string_view(text).substr(0, text.size() - 1));
            if (!near)
                return wrong(monthDay, part, "in front of W stands a day from 1 to 31.");
            days.nearWeekday.set(static_cast<std::size_t>(*near));
        } else if (auto added = addRange(monthDay, part, days.plain); !added) {
            return std::unexpected(added.error());
        }
    }
    Weekdays &weekdays = cron.m_weekdays;
    weekdays.all = fields[4] == "*";
    for (const std::string_view part : split(fields[4], ',')) {
        const std::string text = upper(part);
        const std::size_t sharp = text.find('#');
        if (text == "L") {
            weekdays.plain.set(7); // the last day of the week
        } else if (sharp != std::string::npos) {
            const auto which = number(weekDay, std::string_view(text).substr(0, sharp));
            const auto nth = number({"", 1, 5, {}}, std::string_view(text).substr(sharp + 1));
            if (!which || !nth)
                return wrong(weekDay, part, "in front of # stands a day, and behind it a number from 1 to 5.");
            weekdays.nth.set(static_cast<std::size_t>(*which * 8 + *nth));
        } else if (text.size() > 1 && text.ends_with('L') && number(weekDay, std::string_view(text).substr(0, text.size() - 1))) {
            weekdays.last.set(static_cast<std::size_t>(*number(weekDay, std::string_view(text).substr(0, text.size() - 1))));
        } else if (auto added = addRange(weekDay, part, weekdays.plain); !added) {
            return std::unexpected(added.error());
        }
    }
    return cron;
}

bool Cron::fitsDay(year_month_day date) const
{
    const auto number = static_cast<unsigned>(date.day());
    const unsigned last = lastDay(date);
    const auto ofMonth = [&] {
        if (m_days.plain.test(number) || m_days.beforeLast.test(last - number))
            return true;
        for (unsigned wanted = 1; wanted <= last; ++wanted) {
            if (m_days.nearWeekday.test(wanted) && nearestWorkday(date, wanted) == number)
                return true;
        }
        if (!m_days.lastWeekday || !isWorkday(date))
            return false;
        for (unsigned later = number + 1; later <= last; ++later) {
            if (isWorkday(date.year() / date.month() / day(later)))
                return false;
        }
        return true;
    };
    const auto ofWeek = [&] {
        const unsigned weekday = weekdayOf(date);
        return m_weekdays.plain.test(weekday) || (m_weekdays.last.test(weekday) && number + 7 > last) || m_weekdays.nth.test(weekday * 8 + (number + 6) / 7);
    };
    if (m_days.all || m_weekdays.all)
        return (m_days.all || ofMonth()) && (m_weekdays.all || ofWeek());
    return ofMonth() || ofWeek();
}

bool Cron::fits(Minute time) const
{
    const auto dayTime = floor<std::chrono::days>(time);
    const year_month_day date(dayTime);
    const auto minutes = (time - dayTime).count();
    return m_minutes.test(static_cast<std::size_t>(minutes % 60)) && m_hours.test(static_cast<std::size_t>(minutes / 60)) && m_months.test(static_cast<unsigned>(date.month())) && fitsDay(date);
}

std::optional<Cron::Minute> Cron::next(Minute after) const
{
    const Minute from = after + minutes(1);
    const sys_days firstDay = floor<std::chrono::days>(from);
    for (int count = 0; count < 9 * 366; ++count) {
        const sys_days dayTime = firstDay + std::chrono::days(count);
        const year_month_day date(dayTime);
        if (!m_months.test(static_cast<unsigned>(date.month())) || !fitsDay(date))
            continue;
        for (std::size_t hour = 0; hour < 24; ++hour) {
            for (std::size_t minute = 0; m_hours.test(hour) && minute < 60; ++minute) {
                const Minute time = dayTime + minutes(hour * 60 + minute);
                if (m_minutes.test(minute) && time >= from)
                    return time;
            }
        }
    }
    return std::nullopt;
}

} // namespace cleat::session
