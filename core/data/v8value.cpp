// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/v8value.h"

#include "core/base/bytes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

namespace cleat::data {

namespace {

constexpr int deepest = 100;
constexpr std::size_t longest = 4U << 20;

void appendUtf8(std::string &text, std::uint32_t code)
{
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
    } else if (code < 0x10000) {
        text += {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
    } else {
        text += {static_cast<char>(0xF0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3F)), static_cast<char>(0x80 | (code >> 6 & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
    }
}

std::string quoted(std::string_view text)
{
    std::string out = "\"";
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20)
                out += "\\u00" + base::toHex(base::asBytes({&c, 1}));
            else
                out += c;
        }
    }
    return out + '"';
}

std::string_view viewName(char tag)
{
    switch (tag) {
    case 'b':
        return "Int8Array";
    case 'B':
        return "Uint8Array";
    case 'C':
        return "Uint8ClampedArray";
    case 'w':
        return "Int16Array";
    case 'W':
        return "Uint16Array";
    case 'd':
        return "Int32Array";
    case 'D':
        return "Uint32Array";
    case 'h':
        return "Float16Array";
    case 'f':
        return "Float32Array";
    case 'F':
        return "Float64Array";
    case 'q':
        return "BigInt64Array";
    case 'Q':
        return "BigUint64Array";
    case '?':
        return "DataView";
    default:
        return {};
    }
}

class Reader final
{
public:
    explicit Reader(std::string_view bytes) : m_bytes(bytes) {}

    std::optional<std::string> read()
    {
        while (!m_bad && at() == '\xFF') { // the version, and before it that of whoever wrapped it
            ++m_place;
            const std::uint64_t version = number();
            m_version = version;
            if (version < 9 || version > 15)
                return std::nullopt;
        }
        if (m_version == 0)
            return std::nullopt;
        value(0);
        if (m_bad || m_place != m_bytes.size())
            return std::nullopt;
        return std::move(m_text);
    }

private:
    char at() const { return m_place < m_bytes.size() ? m_bytes[m_place] : '\0'; }
    bool isEnd()
    {
        m_bad = m_bad || m_place >= m_bytes.size() || m_text.size() > longest;
        return m_bad;
    }
    char take()
    {
        if (isEnd())
            return '\0';
        return m_bytes[m_place++];
    }
    char tag()
    {
        char found = take();
        while (!m_bad && found == '\0') // padding
            found = take();
        return found;
    }
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const auto byte = static_cast<unsigned char>(take());
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if ((byte & 0x80) == 0)
                return value;
        }
        m_bad = true;
        return 0;
    }
    std::string_view piece(std::uint64_t size)
    {
        if (m_bad || size > m_bytes.size() - m_place) {
            m_bad = true;
            return {};
        }
        const std::string_view found = m_bytes.substr(m_place, size);
        m_place += size;
        return found;
    }
    double real()
    {
        const std::string_view bytes = piece(sizeof(double));
        double value = 0;
        if (!m_bad)
            std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    static std::string padded(std::int64_t number, std::size_t width)
    {
        std::string text = std::to_string(number);
        return std::string(width - std::min(width, text.size()), '0') + text;
    }
    static std::string realText(double value)
    {
        if (std::isnan(value))
            return "NaN";
        if (std::isinf(value))
            return value < 0 ? "-Infinity" : "Infinity";
        if (value == 0 && std::signbit(value))
            return "-0";
        std::array<char, 32> digits{};
        const bool whole = value == std::trunc(value) && std::abs(value) < 1e21;
        const auto end = whole ? std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 0).ptr : std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
        return {digits.data(), end};
    }

    std::string stringOf(char kind)
    {
        std::string text;
        const std::string_view bytes = piece(number());
        switch (kind) {
        case '"':
            for (const char c : bytes)
                appendUtf8(text, static_cast<unsigned char>(c));
            break;
        case 'c':
            for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
                const auto unit = [&](std::size_t place) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[place]) | static_cast<unsigned char>(bytes[place + 1]) << 8); };
                std::uint32_t code = unit(i);
                if (code >= 0xD800 && code < 0xDC00 && i + 3 < bytes.size() && unit(i + 2) >= 0xDC00 && unit(i + 2) < 0xE000) {
                    code = 0x10000 + ((code - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
                    i += 2;
                } else if (code >= 0xD800 && code < 0xE000) {
                    code = 0xFFFD; // half of a pair
                }
                appendUtf8(text, code);
            }
            break;
        case 'S':
            m_bad = m_bad || !base::isUtf8(bytes);
            text = bytes;
            break;
        default:
            m_bad = true;
        }
        return text;
    }
    std::string string() { return stringOf(tag()); }

    std::string bigint()
    {
        const std::uint64_t field = number();
        const std::string_view bytes = piece(field >> 1);
        if (bytes.size() > 1024) { // its decimal digits would take their time
            m_bad = true;
            return {};
        }
        std::vector<std::uint32_t> parts; // of 1e9, the lowest first
        for (std::size_t i = bytes.size(); i-- > 0;) {
            std::uint64_t carry = static_cast<unsigned char>(bytes[i]);
            for (std::uint32_t &part : parts) {
                const std::uint64_t next = part * 256ULL + carry;
                part = static_cast<std::uint32_t>(next % 1'000'000'000);
                carry = next / 1'000'000'000;
            }
            if (carry > 0)
                parts.push_back(static_cast<std::uint32_t>(carry));
        }
        std::string text = (field & 1) != 0 ? "-" : "";
        text += parts.empty() ? "0" : std::to_string(parts.back());
        for (std::size_t i = parts.size(); i-- > 1;)
            text += padded(parts[i - 1], 9);
        return text + 'n';
    }

    static std::string date(double ms)
    {
        if (!std::isfinite(ms) || std::abs(ms) > 8.64e15)
            return "new Date(NaN)";
        const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(static_cast<std::int64_t>(ms))};
        const auto day = std::chrono::floor<std::chrono::days>(time);
        const std::chrono::year_month_day date(day);
        const auto rest = std::chrono::hh_mm_ss(time - day);
        const int year = static_cast<int>(date.year());
        std::string text = "new Date(\"";
        text += year < 0 ? "-" + padded(-year, 6) : year > 9999 ? '+' + padded(year, 6) : padded(year, 4);
        text += '-' + padded(static_cast<unsigned>(date.month()), 2) + '-' + padded(static_cast<unsigned>(date.day()), 2) + 'T' + padded(rest.hours().count(), 2) + ':';
        return text + padded(rest.minutes().count(), 2) + ':' + padded(rest.seconds().count(), 2) + '.' + padded(rest.subseconds().count(), 3) + "Z\")";
    }

    void line(int depth) { m_text.append("\n").append(static_cast<std::size_t>(depth) * 2, ' '); }

    /// Keys and values up to `end`, which it takes; how many the writer counted. Each on a line of its own.
    void members(char end, int depth, bool any)
    {
        while (!m_bad) {
            if (at() == '\0' && m_place < m_bytes.size()) {
                ++m_place;
                continue;
            }
            if (at() == end) {
                ++m_place;
                break;
            }
            if (isEnd())
                return;
            m_text += any ? "," : "";
            any = true;
            line(depth + 1);
            key();
            m_text += ": ";
            value(depth + 1);
        }
        number();
        if (any)
            line(depth);
    }
    void key()
    {
        const char kind = tag();
        if (kind == 'I') {
            const std::uint64_t number = this->number();
            m_text += quoted(std::to_string(static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1)));
        } else if (kind == 'U') {
            m_text += quoted(std::to_string(number()));
        } else if (kind == 'N') {
            m_text += quoted(realText(real()));
        } else {
            m_text += quoted(stringOf(kind));
        }
    }
    void dense(int depth)
    {
        const std::uint64_t length = number();
        m_text += '[';
        for (std::uint64_t i = 0; i < length && !m_bad; ++i) {
            m_text += i == 0 ? "" : ",";
            line(depth + 1);
            value(depth + 1);
        }
        if (length > 0)
            line(depth);
        m_text += ']';
        extra('$', depth);
        number();
    }
    /// Members of an array beside its elements.
    void extra(char end, int depth)
    {
        if (at() == end) {
            ++m_place;
            number();
            return;
        }
        m_text += " /* and */ {";
        members(end, depth, false);
        m_text += '}';
    }
    void collection(char end, std::string_view name, int depth)
    {
        const bool pairs = end == ':';
        m_text.append("new ").append(name).append("([");
        bool any = false;
        while (!m_bad && at() != end) {
            if (at() == '\0' && m_place < m_bytes.size()) {
                ++m_place;
                continue;
            }
            m_text += any ? "," : "";
            any = true;
            line(depth + 1);
            m_text += pairs ? "[" : "";
            value(depth + 1);
            if (pairs) {
                m_text += ", ";
                value(depth + 1);
                m_text += ']';
            }
            if (isEnd())
                return;
        }
        take();
        number();
        if (any)
            line(depth);
        m_text += "])";
    }
    void buffer(std::uint64_t size)
    {
        std::string_view bytes = piece(size);
        std::string_view name = "ArrayBuffer";
        if (at() == 'V') { // one of its views was written; the others name the buffer
            ++m_place;
            name = viewName(take());
            const std::uint64_t offset = number();
            const std::uint64_t length = number();
            if (m_version >= 14)
                number();
            m_bad = m_bad || name.empty() || offset > size || length > size - offset;
            bytes = m_bad ? std::string_view() : bytes.substr(offset, length);
        }
        m_text.append(name).append(" { ").append(std::to_string(bytes.size())).append(" bytes: ").append(base::toHex(base::asBytes(bytes.substr(0, 64)))).append(bytes.size() > 64 ? "… }" : " }");
    }
    void error(int depth)
    {
        std::string name = "Error";
        std::string message;
        std::string cause;
        for (;;) {
            switch (take()) {
            case 'E':
                name = "EvalError";
                continue;
            case 'R':
                name = "RangeError";
                continue;
            case 'F':
                name = "ReferenceError";
                continue;
            case 'S':
                name = "SyntaxError";
                continue;
            case 'T':
                name = "TypeError";
                continue;
            case 'U':
                name = "URIError";
                continue;
            case 'm':
                message = string();
                continue;
            case 's':
                string();
                continue;
            case 'c': {
                std::string before = std::exchange(m_text, {});
                value(depth + 1);
                cause = ", { cause: " + std::exchange(m_text, std::move(before)) + " }";
                continue;
            }
            case '.':
                m_text += "new " + name + '(' + quoted(message) + cause + ')';
                return;
            default:
                m_bad = true;
                return;
            }
        }
    }

    void value(int depth)
    {
        if (depth > deepest)
            m_bad = true;
        const char kind = tag();
        if (m_bad)
            return;
        switch (kind) {
        case '-':
            m_text += "/* hole */";
            return;
        case '_':
            m_text += "undefined";
            return;
        case '0':
            m_text += "null";
            return;
        case 'T':
            m_text += "true";
            return;
        case 'F':
            m_text += "false";
            return;
        case 'I': {
            const std::uint64_t number = this->number();
            m_text += std::to_string(static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1));
            return;
        }
        case 'U':
            m_text += std::to_string(number());
            return;
        case 'N':
            m_text += realText(real());
            return;
        case 'Z':
            m_text += bigint();
            return;
        case '"':
        case 'c':
        case 'S':
            m_text += quoted(stringOf(kind));
            return;
        case '^':
            m_text += "/* object " + std::to_string(number() + 1) + " again */";
            return;
        default:
            object(kind, depth);
        }
    }
    void object(char kind, int depth)
    {
        switch (kind) {
        case 'o':
            m_text += '{';
            members('{', depth, false);
            m_text += '}';
            return;
        case 'A':
            dense(depth);
            return;
        case 'a':
            m_text += "/* array of " + std::to_string(number()) + ", with holes */ {";
            members('@', depth, false);
            number();
            m_text += '}';
            return;
        case 'D':
            m_text += date(real());
            return;
        case 'y':
        case 'x':
            m_text += kind == 'y' ? "new Boolean(true)" : "new Boolean(false)";
            return;
        case 'n':
            m_text += "new Number(" + realText(real()) + ')';
            return;
        case 'z':
            m_text += "Object(" + bigint() + ')';
            return;
        case 's':
            m_text += "new String(" + quoted(string()) + ')';
            return;
        case 'R': {
            const std::string pattern = string();
            const std::uint64_t bits = number();
            m_text += '/' + pattern + '/';
            constexpr std::string_view flags = "gimyusld";
            for (std::size_t i = 0; i < flags.size(); ++i) {
                if ((bits >> i & 1) != 0)
                    m_text += flags[i];
            }
            return;
        }
        case ';':
            collection(':', "Map", depth);
            return;
        case '\'':
            collection(',', "Set", depth);
            return;
        case 'B':
            buffer(number());
            return;
        case '~': {
            const std::uint64_t size = number();
            number();
            buffer(size);
            return;
        }
        case 'r':
            error(depth);
            return;
        default: // an object of the host's, or something newer
            m_bad = true;
        }
    }

    const std::string_view m_bytes;
    std::size_t m_place = 0;
    std::uint64_t m_version = 0;
    std::string m_text;
    bool m_bad = false;
};

} // namespace

std::optional<std::string> readV8Value(std::string_view bytes)
{
    return Reader(bytes).read();
}

} // namespace cleat::data
