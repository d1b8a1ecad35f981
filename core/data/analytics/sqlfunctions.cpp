// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/analytics/sqlfunctions.h"

#include "core/data/analytics/civiltime.h"
#include "core/data/analytics/sqlaggregates.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cleat::data::analytics {

namespace {

std::string_view textOf(sqlite3_value *value)
{
    const auto *text = reinterpret_cast<const char *>(sqlite3_value_text(value));
    return text ? std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value))) : std::string_view();
}

bool isNull(sqlite3_value *value)
{
    return sqlite3_value_type(value) == SQLITE_NULL;
}

void give(sqlite3_context *context, std::string_view text)
{
    sqlite3_result_text64(context, text.empty() ? "" : text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Wraps `body` for arguments of which none is NULL: what has one is NULL itself.
template <auto body>
void strict(sqlite3_context *context, int count, sqlite3_value **values)
{
    for (int i = 0; i < count; ++i) {
        if (isNull(values[i]))
            return;
    }
    body(context, count, values);
}

// ---- times

std::shared_ptr<const Zone> zoneOf(sqlite3_value *value)
{
    const std::string name(textOf(value));
    auto zone = Zone::named(name.empty() ? "Etc/UTC" : name);
    return zone ? zone : Zone::named("Etc/UTC"); // the translation has looked for it before
}

struct Interval {
    std::int64_t amount = 1;
    TimeUnit unit = TimeUnit::Second;
};

Interval intervalOf(std::string_view text)
{
    Interval interval;
    const std::size_t space = std::min(text.find(' '), text.size());
    std::from_chars(text.data(), text.data() + space, interval.amount);
    const std::string_view unit = text.substr(std::min(space + 1, text.size()));
    for (const auto &[name, known] : std::array<std::pair<std::string_view, TimeUnit>, 7>{{{"YEAR", TimeUnit::Year}, {"MONTH", TimeUnit::Month}, {"WEEK", TimeUnit::Week}, {"DAY", TimeUnit::Day},
             {"HOUR", TimeUnit::Hour}, {"MINUTE", TimeUnit::Minute}, {"SECOND", TimeUnit::Second}}}) {
        if (unit == name)
            interval.unit = known;
    }
    return interval;
}

/// ae_add(time, interval, sign, zone)
void add(sqlite3_context *context, int, sqlite3_value **values)
{
    const auto zone = zoneOf(values[3]);
    const std::int64_t time = sqlite3_value_int64(values[0]);
    const Interval interval = intervalOf(textOf(values[1]));
    const std::int64_t amount = interval.amount * sqlite3_value_int64(values[2]);
    const bool calendar = interval.unit == TimeUnit::Year || interval.unit == TimeUnit::Month || interval.unit == TimeUnit::Week || interval.unit == TimeUnit::Day;
    const auto moved = addTime(calendar ? time + zone->offsetAt(time) : time, amount, interval.unit);
    if (moved)
        sqlite3_result_int64(context, calendar ? zone->fromLocal(*moved) : *moved);
}

/// ae_start(time, interval, zone, whether the result is a Date)
void start(sqlite3_context *context, int, sqlite3_value **values)
{
    const auto zone = zoneOf(values[2]);
    const std::int64_t time = sqlite3_value_int64(values[0]);
    const Interval interval = intervalOf(textOf(values[1]));
    const std::int64_t local = startOfInterval(time + zone->offsetAt(time), interval.amount, interval.unit);
    sqlite3_result_int64(context, sqlite3_value_int(values[3]) != 0 ? local : zone->fromLocal(local));
}

/// ae_time(text or number, zone)
void time(sqlite3_context *context, int, sqlite3_value **values)
{
    if (sqlite3_value_type(values[0]) != SQLITE_TEXT) {
        sqlite3_result_int64(context, sqlite3_value_int64(values[0]));
        return;
    }
    const std::string_view text = textOf(values[0]);
    const auto parsed = parseTime(text);
    if (!parsed) {
        sqlite3_result_error(context, ("toDateTime() cannot read this time: " + std::string(text.substr(0, 100))).c_str(), -1);
        return;
    }
    sqlite3_result_int64(context, text.contains('-') && text.find('-') > 0 ? zoneOf(values[1])->fromLocal(*parsed) : *parsed);
}

/// ae_part(time, name, zone)
void part(sqlite3_context *context, int, sqlite3_value **values)
{
    const std::int64_t utc = sqlite3_value_int64(values[0]);
    const CivilTime civil = CivilTime::of(utc + zoneOf(values[2])->offsetAt(utc));
    const std::string_view name = textOf(values[1]);
    sqlite3_result_int64(context,
        name == "year"         ? civil.year
            : name == "month"  ? civil.month
            : name == "day"    ? civil.day
            : name == "hour"   ? civil.hour
            : name == "minute" ? civil.minute
            : name == "second" ? civil.second
            : name == "yyyymm" ? civil.year * 100 + civil.month
                               : civil.weekday());
}

/// ae_formattime(time, format, zone)
void formatted(sqlite3_context *context, int, sqlite3_value **values)
{
    const std::int64_t utc = sqlite3_value_int64(values[0]);
    const std::int64_t offset = zoneOf(values[2])->offsetAt(utc);
    give(context, formatTime(utc + offset, textOf(values[1]), offset));
}

// ---- numbers

void divide(sqlite3_context *context, int, sqlite3_value **values)
{
    sqlite3_result_double(context, sqlite3_value_double(values[0]) / sqlite3_value_double(values[1]));
}

bool isWhole(sqlite3_value *value)
{
    return sqlite3_value_type(value) == SQLITE_INTEGER;
}

bool canDivide(sqlite3_context *context, std::int64_t by)
{
    if (by == 0)
        sqlite3_result_error(context, "Division by zero", -1);
    return by != 0;
}

void modulo(sqlite3_context *context, int, sqlite3_value **values)
{
    if (!isWhole(values[0]) || !isWhole(values[1])) {
        sqlite3_result_double(context, std::fmod(sqlite3_value_double(values[0]), sqlite3_value_double(values[1])));
        return;
    }
    const std::int64_t by = sqlite3_value_int64(values[1]);
    if (canDivide(context, by))
        sqlite3_result_int64(context, by == -1 ? 0 : sqlite3_value_int64(values[0]) % by);
}

/// Down to the whole number below.
void intDiv(sqlite3_context *context, int, sqlite3_value **values)
{
    if (!isWhole(values[0]) || !isWhole(values[1])) {
        const double by = sqlite3_value_double(values[1]);
        const double quotient = std::floor(sqlite3_value_double(values[0]) / by);
        if (by == 0 || !std::isfinite(quotient) || std::abs(quotient) > 9e18)
            sqlite3_result_error(context, by == 0 ? "Division by zero" : "intDiv() of a number that is too large", -1);
        else
            sqlite3_result_int64(context, static_cast<std::int64_t>(quotient));
        return;
    }
    const std::int64_t value = sqlite3_value_int64(values[0]);
    const std::int64_t by = sqlite3_value_int64(values[1]);
    if (!canDivide(context, by))
        return;
    if (by == -1)
        sqlite3_result_int64(context, value == std::numeric_limits<std::int64_t>::min() ? value : -value);
    else
        sqlite3_result_int64(context, value / by - ((value % by != 0 && (value < 0) != (by < 0)) ? 1 : 0));
}

void logarithm(sqlite3_context *context, int, sqlite3_value **values)
{
    sqlite3_result_double(context, std::log(sqlite3_value_double(values[0])));
}

void power(sqlite3_context *context, int, sqlite3_value **values)
{
    sqlite3_result_double(context, std::pow(sqlite3_value_double(values[0]), sqlite3_value_double(values[1])));
}

template <double (*rounds)(double)>
void rounded(sqlite3_context *context, int, sqlite3_value **values)
{
    const std::int64_t digits = std::clamp<std::int64_t>(sqlite3_value_int64(values[1]), -30, 30);
    if (isWhole(values[0]) && digits >= 0) {
        sqlite3_result_value(context, values[0]);
        return;
    }
    const double scale = std::pow(10.0, static_cast<double>(std::abs(digits)));
    const double value = sqlite3_value_double(values[0]);
    const double result = digits >= 0 ? rounds(value * scale) / scale : rounds(value / scale) * scale;
    if (isWhole(values[0]))
        sqlite3_result_int64(context, static_cast<std::int64_t>(result));
    else
        sqlite3_result_double(context, std::isfinite(result) ? result : value);
}

/// Of two equally near ones the even one, as ClickHouse does.
double nearest(double value)
{
    return std::nearbyint(value);
}

std::uint64_t mask(int bits)
{
    return bits >= 64 ? ~0ULL : (1ULL << bits) - 1;
}

/// A number as so many bits.
std::uint64_t bitsOf(sqlite3_value *value, int width)
{
    if (isWhole(value))
        return static_cast<std::uint64_t>(sqlite3_value_int64(value)) & mask(width);
    const double number = sqlite3_value_double(value);
    if (!(number > -9.3e18 && number < 1.8e19))
        return 0;
    return (number < 0 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(number)) : static_cast<std::uint64_t>(number)) & mask(width);
}

void giveBits(sqlite3_context *context, std::uint64_t value, int width)
{
    sqlite3_result_int64(context, static_cast<std::int64_t>(value & mask(width)));
}

/// ae_unsigned(number or text, bits)
void toUnsigned(sqlite3_context *context, int, sqlite3_value **values)
{
    const int width = sqlite3_value_int(values[1]);
    if (sqlite3_value_type(values[0]) == SQLITE_TEXT) {
        const std::string_view text = textOf(values[0]);
        double number = 0;
        const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (ec != std::errc() || end != text.data() + text.size()) {
            sqlite3_result_error(context, ("This text is no number: " + std::string(text.substr(0, 100))).c_str(), -1);
            return;
        }
        giveBits(context, number > -9.3e18 && number < 1.8e19 ? static_cast<std::uint64_t>(static_cast<std::int64_t>(number)) : 0, width);
        return;
    }
    giveBits(context, bitsOf(values[0], 64), width);
}

template <char operation>
void bitwise(sqlite3_context *context, int count, sqlite3_value **values)
{
    const int width = sqlite3_value_int(values[count - 1]);
    const std::uint64_t left = bitsOf(values[0], width);
    if constexpr (operation == '~') {
        giveBits(context, ~left, width);
        return;
    }
    const std::uint64_t right = bitsOf(values[1], 64);
    const auto by = static_cast<int>(right % static_cast<std::uint64_t>(width));
    switch (operation) {
    case '&':
        giveBits(context, left & right, width);
        return;
    case '|':
        giveBits(context, left | right, width);
        return;
    case '^':
        giveBits(context, left ^ right, width);
        return;
    case '<':
        giveBits(context, right >= 64 ? 0 : left << right, width);
        return;
    case '>':
        giveBits(context, right >= 64 ? 0 : left >> right, width);
        return;
    case 'l':
        giveBits(context, by == 0 ? left : left << by | left >> (width - by), width);
        return;
    case 'r':
        giveBits(context, by == 0 ? left : left >> by | left << (width - by), width);
        return;
    }
}

void bitCount(sqlite3_context *context, int, sqlite3_value **values)
{
    const std::uint64_t all = isWhole(values[0]) ? bitsOf(values[0], sqlite3_value_int(values[1])) : std::bit_cast<std::uint64_t>(sqlite3_value_double(values[0]));
    sqlite3_result_int(context, std::popcount(all));
}

void bitDistance(sqlite3_context *context, int, sqlite3_value **values)
{
    sqlite3_result_int(context, std::popcount(bitsOf(values[0], 64) ^ bitsOf(values[1], 64)));
}

void bitTest(sqlite3_context *context, int, sqlite3_value **values)
{
    const std::uint64_t which = bitsOf(values[1], 64);
    sqlite3_result_int(context, which < 64 ? static_cast<int>(bitsOf(values[0], 64) >> which & 1) : 0);
}

template <int digitBits>
void encoded(sqlite3_context *context, int, sqlite3_value **values)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string bytes;
    bool leading = false;
    if (sqlite3_value_type(values[0]) == SQLITE_TEXT) {
        bytes = textOf(values[0]);
    } else if (isWhole(values[0])) {
        const auto value = static_cast<std::uint64_t>(sqlite3_value_int64(values[0]));
        const int width = std::max(8, sqlite3_value_int(values[1]));
        for (int shift = width - 8; shift >= 0; shift -= 8) {
            const auto byte = static_cast<char>(value >> shift & 0xff);
            if (byte != 0 || leading || shift == 0)
                bytes += byte;
            leading = leading || byte != 0;
        }
    } else {
        const double number = sqlite3_value_double(values[0]);
        bytes.resize(sizeof number);
        std::memcpy(bytes.data(), &number, sizeof number); // the bytes of a float as they lie in memory, as ClickHouse has it
    }
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        for (int shift = 8 - digitBits; shift >= 0; shift -= digitBits)
            out += digits[byte >> shift & ((1U << digitBits) - 1)];
    }
    give(context, out);
}

// ---- texts

/// The character at `at`, which moves behind it; bytes that are no UTF-8 count one each.
char32_t next(std::string_view text, std::size_t &at)
{
    const auto lead = static_cast<unsigned char>(text[at++]);
    const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
    char32_t value = more == 3 ? lead & 7U : more == 2 ? lead & 15U : more == 1 ? lead & 31U : lead;
    for (int i = 0; i < more && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80; ++i)
        value = value << 6 | (static_cast<unsigned char>(text[at++]) & 0x3fU);
    return value;
}

void append(std::string &out, char32_t value)
{
    if (value < 0x80) {
        out += static_cast<char>(value);
    } else if (value < 0x800) {
        out += static_cast<char>(0xc0 | value >> 6);
        out += static_cast<char>(0x80 | (value & 0x3f));
    } else {
        out += static_cast<char>(0xe0 | value >> 12);
        out += static_cast<char>(0x80 | (value >> 6 & 0x3f));
        out += static_cast<char>(0x80 | (value & 0x3f));
    }
}

char asciiLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char asciiUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

/// Latin, Greek, Cyrillic and Armenian letters; 0 for one that has no other case here.
char32_t lowerOf(char32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3ab && c != 0x3a2) || (c >= 0x410 && c <= 0x42f))
        return c + 32;
    if (c >= 0x400 && c <= 0x40f)
        return c + 80;
    if (c >= 0x531 && c <= 0x556)
        return c + 48;
    const bool even = (c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14a && c <= 0x177) || (c >= 0x460 && c <= 0x481) || (c >= 0x48a && c <= 0x4bf) || (c >= 0x4d0 && c <= 0x52f) || (c >= 0x1e00 && c <= 0x1e95)
        || (c >= 0x1ea0 && c <= 0x1eff);
    const bool odd = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e);
    if (even && c % 2 == 0)
        return c + 1;
    if (odd && c % 2 == 1)
        return c + 1;
    if (c == 0x178)
        return 0xff;
    constexpr std::array<std::pair<char32_t, char32_t>, 7> accented{{{0x386, 0x3ac}, {0x388, 0x3ad}, {0x389, 0x3ae}, {0x38a, 0x3af}, {0x38c, 0x3cc}, {0x38e, 0x3cd}, {0x38f, 0x3ce}}};
    const auto found = std::ranges::find(accented, c, &std::pair<char32_t, char32_t>::first);
    return found == accented.end() ? 0 : found->second;
}

char32_t upperOf(char32_t c)
{
    for (const int below : {32, 80, 48, 1}) {
        if (c > static_cast<char32_t>(below) && lowerOf(c - static_cast<char32_t>(below)) == c)
            return c - static_cast<char32_t>(below);
    }
    if (c == 0xff)
        return 0x178;
    for (char32_t candidate = 0x386; candidate <= 0x38f; ++candidate) {
        if (lowerOf(candidate) == c)
            return candidate;
    }
    return 0;
}

template <char32_t (*change)(char32_t)>
void changed(sqlite3_context *context, int, sqlite3_value **values)
{
    const std::string_view text = textOf(values[0]);
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const char32_t other = change(next(text, at));
        if (other != 0)
            append(out, other);
        else
            out += text.substr(begin, at - begin);
    }
    give(context, out);
}

template <char (*change)(char)>
void changedAscii(sqlite3_context *context, int, sqlite3_value **values)
{
    std::string text(textOf(values[0]));
    std::ranges::transform(text, text.begin(), change);
    give(context, text);
}

std::size_t characters(std::string_view text)
{
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count)
        next(text, at);
    return count;
}

void length(sqlite3_context *context, int, sqlite3_value **values)
{
    sqlite3_result_int64(context, static_cast<std::int64_t>(characters(textOf(values[0]))));
}

void empty(sqlite3_context *context, int, sqlite3_value **values)
{
    sqlite3_result_int(context, textOf(values[0]).empty() ? 1 : 0);
}

void startsWith(sqlite3_context *context, int, sqlite3_value **values)
{
    sqlite3_result_int(context, textOf(values[0]).starts_with(textOf(values[1])) ? 1 : 0);
}

void endsWith(sqlite3_context *context, int, sqlite3_value **values)
{
    sqlite3_result_int(context, textOf(values[0]).ends_with(textOf(values[1])) ? 1 : 0);
}

/// ae_position(needle, haystack)
void position(sqlite3_context *context, int, sqlite3_value **values)
{
    const std::string_view hay = textOf(values[1]);
    const std::size_t at = hay.find(textOf(values[0]));
    sqlite3_result_int64(context, at == std::string_view::npos ? 0 : static_cast<std::int64_t>(characters(hay.substr(0, at))) + 1);
}

void substring(sqlite3_context *context, int count, sqlite3_value **values)
{
    const std::string_view text = textOf(values[0]);
    std::int64_t from = sqlite3_value_int64(values[1]);
    const std::int64_t most = count > 2 ? std::max<std::int64_t>(0, sqlite3_value_int64(values[2])) : std::numeric_limits<std::int64_t>::max();
    if (from < 0) // from the end, as ClickHouse has it
        from = std::max<std::int64_t>(1, static_cast<std::int64_t>(characters(text)) + from + 1);
    std::size_t at = 0;
    for (std::int64_t i = 1; i < from && at < text.size(); ++i)
        next(text, at);
    const std::size_t begin = at;
    for (std::int64_t i = 0; i < most && at < text.size(); ++i)
        next(text, at);
    give(context, from == 0 ? std::string_view() : text.substr(begin, at - begin));
}

void format(sqlite3_context *context, int count, sqlite3_value **values)
{
    const std::string_view pattern = textOf(values[0]);
    std::string out;
    int used = 1;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] != '{') {
            out += pattern[i];
            continue;
        }
        const std::size_t end = pattern.find('}', i);
        const std::string_view inside = end == std::string_view::npos ? "?" : pattern.substr(i + 1, end - i - 1);
        int which = used;
        if (inside.empty()) {
            ++used;
        } else {
            const auto [last, ec] = std::from_chars(inside.data(), inside.data() + inside.size(), which);
            which = ec == std::errc() && last == inside.data() + inside.size() && which >= 0 ? which + 1 : count;
        }
        if (which >= count) {
            sqlite3_result_error(context, "format(): the text has a {} for which there is no argument", -1);
            return;
        }
        if (sqlite3_value_type(values[which]) == SQLITE_FLOAT) {
            std::array<char, 40> number{};
            const auto [last, ec] = std::to_chars(number.data(), number.data() + number.size(), sqlite3_value_double(values[which]));
            out.append(number.data(), last);
        } else {
            out += textOf(values[which]);
        }
        i = end;
    }
    give(context, out);
}

/// Without recursion: after a difference it goes on behind the last %.
template <bool anyCase>
bool matches(std::string_view text, std::string_view pattern)
{
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '%') {
            star = ++p;
            resume = t;
            continue;
        }
        if (p < pattern.size()) {
            std::size_t afterText = t;
            std::size_t afterPattern = p;
            const char32_t c = next(text, afterText);
            const bool any = pattern[p] == '_';
            if (pattern[p] == '\\' && p + 1 < pattern.size())
                ++afterPattern;
            const char32_t wanted = next(pattern, afterPattern);
            const auto folded = [](char32_t value) {
                const char32_t low = anyCase ? lowerOf(value) : 0;
                return low == 0 ? value : low;
            };
            if (any || folded(c) == folded(wanted)) {
                t = afterText;
                p = afterPattern;
                continue;
            }
        }
        if (star == std::string_view::npos)
            return false;
        next(text, resume);
        t = resume;
        p = star;
    }
    while (p < pattern.size() && pattern[p] == '%')
        ++p;
    return p == pattern.size();
}

template <bool anyCase>
void like(sqlite3_context *context, int, sqlite3_value **values)
{
    sqlite3_result_int(context, matches<anyCase>(textOf(values[0]), textOf(values[1])) ? 1 : 0);
}

struct Function {
    const char *name;
    int arguments;
    void (*body)(sqlite3_context *, int, sqlite3_value **);
};

constexpr std::array functions{
    Function{"ae_add", 4, strict<add>},
    Function{"ae_start", 4, strict<start>},
    Function{"ae_time", 2, strict<time>},
    Function{"ae_part", 3, strict<part>},
    Function{"ae_formattime", 3, strict<formatted>},
    Function{"ae_divide", 2, strict<divide>},
    Function{"ae_modulo", 2, strict<modulo>},
    Function{"ae_intdiv", 2, strict<intDiv>},
    Function{"ae_log", 1, strict<logarithm>},
    Function{"ae_pow", 2, strict<power>},
    Function{"ae_round", 2, strict<rounded<nearest>>},
    Function{"ae_floor", 2, strict<rounded<std::floor>>},
    Function{"ae_ceil", 2, strict<rounded<std::ceil>>},
    Function{"ae_unsigned", 2, strict<toUnsigned>},
    Function{"ae_bitand", 3, strict<bitwise<'&'>>},
    Function{"ae_bitor", 3, strict<bitwise<'|'>>},
    Function{"ae_bitxor", 3, strict<bitwise<'^'>>},
    Function{"ae_bitnot", 2, strict<bitwise<'~'>>},
    Function{"ae_bitleft", 3, strict<bitwise<'<'>>},
    Function{"ae_bitright", 3, strict<bitwise<'>'>>},
    Function{"ae_rotateleft", 3, strict<bitwise<'l'>>},
    Function{"ae_rotateright", 3, strict<bitwise<'r'>>},
    Function{"ae_bitcount", 2, strict<bitCount>},
    Function{"ae_bitdistance", 3, strict<bitDistance>},
    Function{"ae_bittest", 3, strict<bitTest>},
    Function{"ae_bin", 2, strict<encoded<1>>},
    Function{"ae_hex", 2, strict<encoded<4>>},
    Function{"ae_length", 1, strict<length>},
    Function{"ae_empty", 1, strict<empty>},
    Function{"ae_lower", 1, strict<changedAscii<asciiLower>>},
    Function{"ae_upper", 1, strict<changedAscii<asciiUpper>>},
    Function{"ae_lowerutf8", 1, strict<changed<lowerOf>>},
    Function{"ae_upperutf8", 1, strict<changed<upperOf>>},
    Function{"ae_startswith", 2, strict<startsWith>},
    Function{"ae_endswith", 2, strict<endsWith>},
    Function{"ae_position", 2, strict<position>},
    Function{"ae_substring", -1, strict<substring>},
    Function{"ae_format", -1, strict<format>},
    Function{"ae_like", 2, strict<like<false>>},
    Function{"ae_ilike", 2, strict<like<true>>},
};

} // namespace

bool registerFunctions(sqlite3 *database)
{
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    for (const Function &function : functions) {
        if (sqlite3_create_function_v2(database, function.name, function.arguments, flags, nullptr, function.body, nullptr, nullptr, nullptr) != SQLITE_OK)
            return false;
    }
    return registerAggregates(database);
}

} // namespace cleat::data::analytics
