// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/jsonreader.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

namespace cleat::runtime {

namespace {

constexpr std::size_t mostValues = 4096; // of a piece
constexpr std::size_t mostDepth = 512;
constexpr std::size_t mostKeys = 256;
constexpr std::size_t mostShapes = 1024;
constexpr int mostGivenUp = 8;

static_assert(mostDepth * 2 + 8 < JsonReader::stepNumbers);

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

int hexDigit(char c)
{
    return isDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The bytes of a word that are a quote, a backslash or below a space: each has its highest bit set; so may bytes behind the first one.
std::uint64_t specials(std::uint64_t word)
{
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t tops = 0x8080808080808080U;
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t backslash = word ^ (ones * '\\');
    return (((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | ((word - ones * 0x20) & ~word)) & tops;
}

} // namespace

bool JsonReader::begin(std::string &&text)
{
    if (m_givenUp >= mostGivenUp || m_isReading)
        return false;
    m_isReading = true;
    if (m_shapes.size() > mostShapes / 2) {
        m_shapes.clear();
        m_shapeNumbers.clear();
        m_forgotShapes = true;
    }
    m_text = std::move(text);
    m_at = 0;
    m_depth = 0;
    return true;
}

void JsonReader::end(Outcome outcome)
{
    m_isReading = false;
    m_text = {};
    m_levels.resize(std::min(m_levels.size(), std::size_t(16)));
    m_givenUp = outcome == Outcome::GivenUp ? m_givenUp + 1 : 0;
}

JsonReader::Outcome JsonReader::read(Piece &piece, std::span<std::int32_t, stepNumbers> steps)
{
    m_used = 1;
    m_push = 0;
    for (;;) {
        if (piece.values.size() >= mostValues || m_used + 2 * mostDepth + 8 > stepNumbers)
            break;
        skipSpace();
        const char c = at();
        if (c == '{' || c == '[') {
            if (m_depth >= mostDepth)
                return Outcome::GivenUp;
            open(c == '{');
            ++m_at;
            skipSpace();
            if (at() != (c == '{' ? '}' : ']')) {
                if (c == '{' && !key())
                    return Outcome::GivenUp;
                continue;
            }
            if (!close(steps))
                return Outcome::GivenUp;
        } else if (!scalar(piece, steps)) {
            return Outcome::GivenUp;
        }
        // Behind a value: ends of what it is in, then the next one, or the end of all.
        for (;;) {
            skipSpace();
            if (m_depth == 0) {
                if (m_at < m_text.size())
                    return Outcome::GivenUp;
                steps[0] = static_cast<std::int32_t>(m_used);
                return Outcome::Done;
            }
            const bool isObject = level().isObject;
            if (at() == ',') {
                ++m_at;
                skipSpace();
                if (isObject && !key())
                    return Outcome::GivenUp;
                break;
            }
            if (at() != (isObject ? '}' : ']') || !close(steps))
                return Outcome::GivenUp;
        }
    }
    steps[0] = static_cast<std::int32_t>(m_used);
    return Outcome::More;
}

void JsonReader::push(std::span<std::int32_t, stepNumbers> steps, Piece &piece, v8::Local<v8::Value> value)
{
    piece.values.push_back(value);
    if (m_push == 0) {
        steps[m_used] = Push;
        steps[m_used + 1] = 0;
        m_push = m_used + 1;
        m_used += 2;
    }
    ++steps[m_push];
    if (m_depth > 0)
        ++level().count;
}

void JsonReader::open(bool isObject)
{
    const int expected = expectedChild();
    if (m_levels.size() == m_depth)
        m_levels.emplace_back();
    ++m_depth;
    Level &opened = level();
    opened.isObject = isObject;
    opened.isNumbers = true;
    opened.count = 0;
    opened.expected = isObject ? expected : none;
    opened.child = expected;
    opened.keys.clear();
}

/// What an object that begins now was like when one was last seen in its place.
int JsonReader::expectedChild() const
{
    if (m_depth == 0)
        return none;
    const Level &in = m_levels[m_depth - 1];
    if (!in.isObject)
        return in.child;
    return in.expected == none ? none : m_shapes[static_cast<std::size_t>(in.expected)].children[static_cast<std::size_t>(in.count)];
}

void JsonReader::rememberChild(int shape)
{
    if (m_depth == 0)
        return;
    Level &in = level();
    if (!in.isObject)
        in.child = shape;
    else if (in.expected != none)
        m_shapes[static_cast<std::size_t>(in.expected)].children[static_cast<std::size_t>(in.count)] = shape;
}

bool JsonReader::close(std::span<std::int32_t, stepNumbers> steps)
{
    ++m_at;
    Level &ended = level();
    int shape = ended.child;
    if (ended.isObject) {
        shape = shapeOf(ended);
        if (shape == none)
            return false;
        steps[m_used] = Object + shape;
    } else {
        steps[m_used] = ended.isNumbers ? Numbers : Array;
    }
    steps[m_used + 1] = ended.count;
    m_used += 2;
    m_push = 0;
    --m_depth;
    rememberChild(shape);
    if (m_depth > 0) {
        level().isNumbers = false;
        ++level().count;
    }
    return true;
}

int JsonReader::shapeOf(Level &ended)
{
    const auto count = static_cast<std::size_t>(ended.count);
    if (ended.expected != none) {
        const Shape &expected = m_shapes[static_cast<std::size_t>(ended.expected)];
        if (expected.keys.size() == count)
            return ended.expected;
        ended.keys.assign(expected.keys.begin(), expected.keys.begin() + ended.count);
    }
    m_joined.clear();
    for (const std::string_view key : ended.keys) {
        m_joined += key;
        m_joined += '\0';
    }
    const auto [found, isNew] = m_shapeNumbers.try_emplace(m_joined, static_cast<int>(m_shapes.size()));
    if (isNew) {
        if (m_shapes.size() >= mostShapes) {
            m_shapeNumbers.erase(found);
            return none;
        }
        m_shapes.push_back({std::vector<std::string>(ended.keys.begin(), ended.keys.end()), std::vector<int>(count, none)});
    }
    return found->second;
}

void JsonReader::skipPlain()
{
    while (m_at + 8 <= m_text.size()) {
        std::uint64_t word = 0;
        std::memcpy(&word, m_text.data() + m_at, sizeof word);
        if (const std::uint64_t found = specials(word)) {
            m_at += static_cast<std::size_t>(std::countr_zero(found)) / 8;
            return;
        }
        m_at += 8;
    }
    while (m_at < m_text.size() && m_text[m_at] != '"' && m_text[m_at] != '\\' && static_cast<unsigned char>(m_text[m_at]) >= 0x20)
        ++m_at;
}

/// A key, and the colon behind it.
bool JsonReader::key()
{
    if (at() != '"')
        return false;
    Level &in = level();
    const auto nth = static_cast<std::size_t>(in.count);
    bool isAsExpected = false;
    if (in.expected != none) {
        const std::vector<std::string> &keys = m_shapes[static_cast<std::size_t>(in.expected)].keys;
        if (nth < keys.size()) {
            const std::string &next = keys[nth];
            isAsExpected = m_at + next.size() + 2 <= m_text.size() && m_text[m_at + 1 + next.size()] == '"'
                && std::memcmp(m_text.data() + m_at + 1, next.data(), next.size()) == 0;
            if (isAsExpected)
                m_at += next.size() + 2;
        }
        if (!isAsExpected) {
            in.keys.assign(keys.begin(), keys.begin() + in.count);
            in.expected = none;
        }
    }
    if (!isAsExpected) {
        const std::size_t from = ++m_at;
        skipPlain();
        const std::string_view key(m_text.data() + from, m_at - from);
        if (at() != '"' || !isAscii(key) || nth >= mostKeys)
            return false;
        ++m_at;
        in.keys.push_back(key);
    }
    skipSpace();
    if (at() != ':')
        return false;
    ++m_at;
    return true;
}

bool JsonReader::word(std::string_view expected)
{
    if (m_text.compare(m_at, expected.size(), expected) != 0)
        return false;
    m_at += expected.size();
    return true;
}

bool JsonReader::scalar(Piece &piece, std::span<std::int32_t, stepNumbers> steps)
{
    const char c = at();
    if (c == '-' || isDigit(c))
        return number(piece, steps);
    v8::Local<v8::Value> made;
    if (c == '"') {
        if (!text(made, piece))
            return false;
    } else if (c == 't' && word("true")) {
        made = v8::True(piece.js.isolate);
    } else if (c == 'f' && word("false")) {
        made = v8::False(piece.js.isolate);
    } else if (c == 'n' && word("null")) {
        made = v8::Null(piece.js.isolate);
    } else {
        return false;
    }
    if (m_depth > 0)
        level().isNumbers = false;
    push(steps, piece, made);
    return true;
}

bool JsonReader::number(Piece &piece, std::span<std::int32_t, stepNumbers> steps)
{
    const std::size_t from = m_at;
    const bool isNegative = at() == '-';
    if (isNegative)
        ++m_at;
    const std::size_t firstDigit = m_at;
    std::int32_t whole = 0;
    for (; isDigit(at()); ++m_at)
        whole = m_at - firstDigit < 9 ? whole * 10 + (m_text[m_at] - '0') : whole;
    const std::size_t digits = m_at - firstDigit;
    if (digits == 0 || (digits > 1 && m_text[firstDigit] == '0'))
        return false;
    bool isInteger = digits <= 9 && !(isNegative && whole == 0);
    if (at() == '.') {
        isInteger = false;
        const std::size_t point = m_at++;
        while (isDigit(at()))
            ++m_at;
        if (m_at == point + 1)
            return false;
    }
    if (at() == 'e' || at() == 'E') {
        isInteger = false;
        ++m_at;
        if (at() == '+' || at() == '-')
            ++m_at;
        const std::size_t exponent = m_at;
        while (isDigit(at()))
            ++m_at;
        if (m_at == exponent)
            return false;
    }
    if (isInteger) {
        push(steps, piece, v8::Integer::New(piece.js.isolate, isNegative ? -whole : whole));
        return true;
    }
    double value = 0;
    const auto [end, error] = std::from_chars(m_text.data() + from, m_text.data() + m_at, value);
    if (error != std::errc() || end != m_text.data() + m_at)
        return false; // too large or too small for one
    push(steps, piece, v8::Number::New(piece.js.isolate, value));
    return true;
}

bool JsonReader::text(v8::Local<v8::Value> &made, Piece &piece)
{
    const std::size_t from = ++m_at;
    skipPlain();
    if (at() != '"')
        return textWithEscapes(made, piece, from);
    const std::size_t length = m_at - from;
    const char *begin = m_text.data() + from;
    ++m_at;
    v8::Local<v8::String> *place = nullptr;
    if (length < 8) { // so short a one may well come again soon
        std::uint64_t word = 0;
        std::memcpy(&word, begin, length);
        word |= static_cast<std::uint64_t>(length + 1) << 56;
        auto &[had, string] = piece.shortTexts[(word * 0x9E3779B97F4A7C15U) >> 56];
        if (had == word) {
            made = string;
            return true;
        }
        had = word;
        place = &string;
    }
    v8::Local<v8::String> string;
    if (!v8::String::NewFromOneByte(piece.js.isolate, reinterpret_cast<const std::uint8_t *>(begin), v8::NewStringType::kNormal, static_cast<int>(length))
             .ToLocal(&string))
        return false;
    if (place)
        *place = string;
    made = string;
    return true;
}

bool JsonReader::textWithEscapes(v8::Local<v8::Value> &made, Piece &piece, std::size_t from)
{
    std::u16string units;
    m_at = from;
    for (;;) {
        const std::size_t plain = m_at;
        skipPlain();
        for (std::size_t i = plain; i < m_at; ++i)
            units += static_cast<char16_t>(static_cast<unsigned char>(m_text[i]));
        if (at() == '"')
            break;
        if (at() != '\\')
            return false; // a control character, or the end
        ++m_at;
        const char escape = at();
        ++m_at;
        constexpr std::string_view names = "\"\\/bfnrt";
        constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
        if (const std::size_t which = names.find(escape); which != std::string_view::npos) {
            units += static_cast<char16_t>(meant[which]);
        } else if (escape == 'u') {
            char16_t unit = 0;
            for (int i = 0; i < 4; ++i, ++m_at) {
                const int digit = hexDigit(at());
                if (digit < 0)
                    return false;
                unit = static_cast<char16_t>(unit << 4 | digit);
            }
            units += unit;
        } else {
            return false;
        }
    }
    ++m_at;
    v8::Local<v8::String> string;
    if (!v8::String::NewFromTwoByte(
            piece.js.isolate, reinterpret_cast<const std::uint16_t *>(units.data()), v8::NewStringType::kNormal, static_cast<int>(units.size()))
             .ToLocal(&string))
        return false;
    made = string;
    return true;
}

} // namespace cleat::runtime
