// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/analytics/civiltime.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>

namespace cleat::data::analytics {

namespace fs = std::filesystem;

namespace {

constexpr const char *database = "/usr/share/zoneinfo";
constexpr std::int64_t daySeconds = 86'400;

std::int64_t floorDiv(std::int64_t a, std::int64_t b)
{
    return a / b - ((a % b != 0 && (a % b < 0) != (b < 0)) ? 1 : 0);
}

/// Days since 1970-01-01 of a day of the proleptic Gregorian calendar, and back: years of 400 from a 1st of March on.
std::int64_t daysOf(std::int64_t year, int month, int dayOfMonth)
{
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = floorDiv(year, 400);
    const std::int64_t yearOfEra = year - era * 400;
    const std::int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dayOfMonth - 1;
    return era * 146'097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719'468;
}

int daysIn(std::int64_t year, int month)
{
    constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

std::int64_t big(std::string_view bytes, std::size_t at, std::size_t size)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    if (size == 4)
        return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
    return static_cast<std::int64_t>(value);
}

bool isName(const std::string &name)
{
    return !name.empty() && name.size() < 100 && name.front() != '/' && !name.contains("..")
        && std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '/' || c == '_' || c == '-' || c == '+'; });
}

std::optional<std::int64_t> number(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
    return ec == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

template <typename... Values>
std::string printed(const char *format, Values... values)
{
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), format, values...);
    return text.data();
}

} // namespace

std::shared_ptr<const Zone> Zone::named(const std::string &name)
{
    static std::mutex mutex;
    static std::map<std::string, std::shared_ptr<const Zone>> known;
    const std::lock_guard lock(mutex);
    if (const auto found = known.find(name); found != known.end())
        return found->second;
    auto zone = std::make_shared<Zone>();
    if (name != "Etc/UTC" && name != "UTC") {
        if (!isName(name))
            return nullptr;
        std::error_code ec;
        const fs::path path = fs::path(database) / name;
        if (!fs::is_regular_file(path, ec))
            return nullptr;
        std::ifstream stream(path, std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        // RFC 8536: a header and its data with times of 4 bytes, then both again with times of 8.
        constexpr std::size_t headSize = 44;
        const auto counts = [&](std::size_t head) {
            std::array<std::size_t, 6> all{}; // isut, isstd, leap, time, type, char
            for (std::size_t i = 0; i < all.size(); ++i)
                all[i] = static_cast<std::size_t>(big(bytes, head + 20 + 4 * i, 4));
            return all;
        };
        if (bytes.size() < headSize || !bytes.starts_with("TZif") || bytes[4] < '2')
            return nullptr;
        const auto [isut1, isstd1, leap1, time1, type1, char1] = counts(0);
        const std::size_t second = headSize + time1 * 5 + type1 * 6 + char1 + leap1 * 8 + isstd1 + isut1;
        if (bytes.size() < second + headSize)
            return nullptr;
        const auto [isut, isstd, leap, times, types, chars] = counts(second);
        const std::size_t data = second + headSize;
        if (types == 0 || bytes.size() < data + times * 9 + types * 6)
            return nullptr;
        const auto offset = [&](std::size_t type) { return type < types ? big(bytes, data + times * 9 + type * 6, 4) : 0; };
        zone->m_first = offset(0);
        for (std::size_t i = 0; i < times; ++i)
            zone->m_changes.push_back({big(bytes, data + i * 8, 8), offset(static_cast<unsigned char>(bytes[data + times * 8 + i]))});
    }
    known.emplace(name, zone);
    return zone;
}

std::vector<std::string> Zone::names()
{
    std::vector<std::string> all{"Etc/UTC"};
    std::error_code ec;
    for (fs::recursive_directory_iterator at(database, fs::directory_options::skip_permission_denied, ec), end; !ec && at != end; at.increment(ec)) {
        const std::string name = at->path().lexically_relative(database).string();
        std::error_code ignored;
        if (at->is_directory(ignored)) {
            if (name == "posix" || name == "right")
                at.disable_recursion_pending();
            continue;
        }
        std::array<char, 4> magic{};
        std::ifstream stream(at->path(), std::ios::binary);
        if (std::isupper(static_cast<unsigned char>(name.front())) != 0 && isName(name) && stream.read(magic.data(), 4) && std::string_view(magic.data(), 4) == "TZif")
            all.push_back(name);
    }
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
}

std::int64_t Zone::offsetAt(std::int64_t utc) const
{
    const auto behind = std::ranges::upper_bound(m_changes, utc, {}, &Change::at);
    return behind == m_changes.begin() ? m_first : std::prev(behind)->offset;
}

std::int64_t Zone::fromLocal(std::int64_t local) const
{
    const std::int64_t before = offsetAt(local - daySeconds);
    const std::int64_t early = local - before;
    if (offsetAt(early) == before)
        return early;
    const std::int64_t later = local - offsetAt(local + daySeconds);
    return offsetAt(later) == offsetAt(local + daySeconds) ? later : early;
}

CivilTime CivilTime::of(std::int64_t local)
{
    const std::int64_t days = floorDiv(local, daySeconds);
    const auto rest = static_cast<int>(local - days * daySeconds);
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = floorDiv(shifted, 146'097);
    const std::int64_t dayOfEra = shifted - era * 146'097;
    const std::int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const std::int64_t shiftedMonth = (5 * dayOfYear + 2) / 153;
    CivilTime time;
    time.day = static_cast<int>(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1);
    time.month = static_cast<int>(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9);
    time.year = yearOfEra + era * 400 + (time.month <= 2 ? 1 : 0);
    time.hour = rest / 3600;
    time.minute = rest / 60 % 60;
    time.second = rest % 60;
    return time;
}

std::int64_t CivilTime::seconds() const
{
    return daysOf(year, month, day) * daySeconds + hour * 3600LL + minute * 60LL + second;
}

int CivilTime::weekday() const
{
    const std::int64_t days = daysOf(year, month, day) + 3; // 1970-01-01 was a Thursday
    return static_cast<int>(days - floorDiv(days, 7) * 7) + 1;
}

int CivilTime::dayOfYear() const
{
    return static_cast<int>(daysOf(year, month, day) - daysOf(year, 1, 1)) + 1;
}

std::optional<std::int64_t> parseTime(std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    if (const auto seconds = number(text))
        return seconds;
    if (text.size() < 10 || text[4] != '-' || text[7] != '-')
        return std::nullopt;
    CivilTime time;
    const auto year = number(text.substr(0, 4));
    const auto month = number(text.substr(5, 2));
    const auto dayOfMonth = number(text.substr(8, 2));
    if (!year || !month || !dayOfMonth || *year < 0 || *month < 1 || *month > 12 || *dayOfMonth < 1 || *dayOfMonth > daysIn(*year, static_cast<int>(*month)))
        return std::nullopt;
    time.year = *year;
    time.month = static_cast<int>(*month);
    time.day = static_cast<int>(*dayOfMonth);
    if (text.size() > 10) {
        if (text.size() != 19 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':' || text[16] != ':')
            return std::nullopt;
        const auto hour = number(text.substr(11, 2));
        const auto minute = number(text.substr(14, 2));
        const auto second = number(text.substr(17, 2));
        if (!hour || !minute || !second || *hour < 0 || *hour > 23 || *minute < 0 || *minute > 59 || *second < 0 || *second > 59)
            return std::nullopt;
        time.hour = static_cast<int>(*hour);
        time.minute = static_cast<int>(*minute);
        time.second = static_cast<int>(*second);
    }
    return time.seconds();
}

std::string dateText(std::int64_t local)
{
    const CivilTime time = CivilTime::of(local);
    return printed("%04lld-%02d-%02d", static_cast<long long>(time.year), time.month, time.day);
}

std::string timeText(std::int64_t local)
{
    const CivilTime time = CivilTime::of(local);
    return dateText(local) + printed(" %02d:%02d:%02d", time.hour, time.minute, time.second);
}

std::string formatTime(std::int64_t local, std::string_view format, std::int64_t offset)
{
    constexpr std::array<std::string_view, 12> months{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
    constexpr std::array<std::string_view, 7> weekdays{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    const CivilTime time = CivilTime::of(local);
    const std::string_view month = months[static_cast<std::size_t>(time.month - 1)];
    const std::string_view weekday = weekdays[static_cast<std::size_t>(time.weekday() - 1)];
    // The week of ISO 8601 is that of its Thursday.
    const CivilTime thursday = CivilTime::of(local + (4 - time.weekday()) * daySeconds);
    const int hour12 = time.hour % 12 == 0 ? 12 : time.hour % 12;
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%' || i + 1 == format.size()) {
            out += format[i];
            continue;
        }
        switch (const char code = format[++i]) {
        case 'a':
            out += weekday.substr(0, 3);
            break;
        case 'b':
            out += month.substr(0, 3);
            break;
        case 'c':
        case 'm':
            out += printed("%02d", time.month);
            break;
        case 'C':
            out += printed("%02lld", static_cast<long long>(time.year / 100));
            break;
        case 'd':
            out += printed("%02d", time.day);
            break;
        case 'D':
            out += printed("%02d/%02d/%02lld", time.month, time.day, static_cast<long long>(time.year % 100));
            break;
        case 'e':
            out += printed("%2d", time.day);
            break;
        case 'f':
            out += "000000";
            break;
        case 'F':
            out += dateText(local);
            break;
        case 'G':
            out += printed("%lld", static_cast<long long>(thursday.year));
            break;
        case 'g':
            out += printed("%02lld", static_cast<long long>(thursday.year % 100));
            break;
        case 'h':
        case 'I':
            out += printed("%02d", hour12);
            break;
        case 'H':
        case 'k':
            out += printed("%02d", time.hour);
            break;
        case 'i':
            out += printed("%02d", time.minute);
            break;
        case 'M':
            out += month;
            break;
        case 'j':
            out += printed("%03d", time.dayOfYear());
            break;
        case 'l':
            out += printed("%d", hour12);
            break;
        case 'n':
            out += '\n';
            break;
        case 'p':
            out += time.hour < 12 ? "AM" : "PM";
            break;
        case 'Q':
            out += printed("%d", (time.month - 1) / 3 + 1);
            break;
        case 'R':
            out += printed("%02d:%02d", time.hour, time.minute);
            break;
        case 'r':
            out += printed("%02d:%02d %s", hour12, time.minute, time.hour < 12 ? "AM" : "PM");
            break;
        case 's':
        case 'S':
            out += printed("%02d", time.second);
            break;
        case 't':
            out += '\t';
            break;
        case 'T':
            out += printed("%02d:%02d:%02d", time.hour, time.minute, time.second);
            break;
        case 'u':
            out += printed("%d", time.weekday());
            break;
        case 'V':
            out += printed("%02d", (thursday.dayOfYear() - 1) / 7 + 1);
            break;
        case 'w':
            out += printed("%d", time.weekday() % 7);
            break;
        case 'W':
            out += weekday;
            break;
        case 'y':
            out += printed("%02lld", static_cast<long long>(time.year % 100));
            break;
        case 'Y':
            out += printed("%04lld", static_cast<long long>(time.year));
            break;
        case 'z':
            out += printed("%c%02lld%02lld", offset < 0 ? '-' : '+', static_cast<long long>(std::abs(offset) / 3600), static_cast<long long>(std::abs(offset) / 60 % 60));
            break;
        case '%':
            out += '%';
            break;
        default:
            out += '%';
            out += code;
            break;
        }
    }
    return out;
}

std::optional<std::int64_t> addTime(std::int64_t local, std::int64_t amount, TimeUnit unit)
{
    constexpr std::int64_t farthest = 200'000'000'000; // some 6000 years
    const auto bounded = [](std::int64_t value) { return value > -farthest && value < farthest ? std::optional(value) : std::nullopt; };
    if (!bounded(local) || amount > 2'000'000'000 || amount < -2'000'000'000)
        return std::nullopt;
    const auto months = [&](std::int64_t by) {
        CivilTime time = CivilTime::of(local);
        const std::int64_t all = time.year * 12 + time.month - 1 + by;
        time.year = floorDiv(all, 12);
        time.month = static_cast<int>(all - time.year * 12) + 1;
        time.day = std::min(time.day, daysIn(time.year, time.month));
        return bounded(time.seconds());
    };
    switch (unit) {
    case TimeUnit::Year:
        return months(amount * 12);
    case TimeUnit::Quarter:
        return months(amount * 3);
    case TimeUnit::Month:
        return months(amount);
    case TimeUnit::Week:
        return bounded(local + amount * 7 * daySeconds);
    case TimeUnit::Day:
        return bounded(local + amount * daySeconds);
    case TimeUnit::Hour:
        return bounded(local + amount * 3600);
    case TimeUnit::Minute:
        return bounded(local + amount * 60);
    case TimeUnit::Second:
        return bounded(local + amount);
    }
    return std::nullopt;
}

std::int64_t startOfInterval(std::int64_t local, std::int64_t amount, TimeUnit unit)
{
    amount = std::max<std::int64_t>(amount, 1);
    const auto seconds = [&](std::int64_t size) { return floorDiv(local, amount * size) * amount * size; };
    const auto months = [&](std::int64_t size) {
        CivilTime time = CivilTime::of(local);
        const std::int64_t all = floorDiv(time.year * 12 + time.month - 1, amount * size) * amount * size;
        time = {floorDiv(all, 12), static_cast<int>(all - floorDiv(all, 12) * 12) + 1, 1, 0, 0, 0};
        return time.seconds();
    };
    switch (unit) {
    case TimeUnit::Year:
        return months(12);
    case TimeUnit::Quarter:
        return months(3);
    case TimeUnit::Month:
        return months(1);
    case TimeUnit::Week: {
        constexpr std::int64_t monday = 4 * daySeconds; // 1970-01-05
        return floorDiv(local - monday, amount * 7 * daySeconds) * amount * 7 * daySeconds + monday;
    }
    case TimeUnit::Day:
        return seconds(daySeconds);
    case TimeUnit::Hour:
        return seconds(3600);
    case TimeUnit::Minute:
        return seconds(60);
    case TimeUnit::Second:
        return seconds(1);
    }
    return local;
}

} // namespace cleat::data::analytics
