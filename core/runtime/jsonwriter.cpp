// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/jsonwriter.h"

#include "core/runtime/utf16.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace cleat::runtime {

namespace {

constexpr double mostExact = 9007199254740992.0; // 2^53

/// Whether a JSON text may hold these bytes between quotes as they are, each of them a character.
bool isPlain(std::string_view text)
{
    unsigned bad = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        bad |=
            static_cast<unsigned>(byte < 0x20) | static_cast<unsigned>(byte >= 0x80) | static_cast<unsigned>(byte == '"') | static_cast<unsigned>(byte == '\\');
    }
    return bad == 0;
}

/// Appends a UTF-16 unit's escape sequence to `at`; returns what is behind it.
char *escape(char *at, char16_t unit)
{
    constexpr std::string_view digits = "0123456789abcdef";
    *at++ = '\\';
    switch (unit) {
    case '"':
    case '\\':
        *at++ = static_cast<char>(unit);
        return at;
    case '\b':
        *at++ = 'b';
        return at;
    case '\f':
        *at++ = 'f';
        return at;
    case '\n':
        *at++ = 'n';
        return at;
    case '\r':
        *at++ = 'r';
        return at;
    case '\t':
        *at++ = 't';
        return at;
    default:
        *at++ = 'u';
        for (int shift = 12; shift >= 0; shift -= 4)
            *at++ = digits[static_cast<std::size_t>(unit >> shift & 15)];
        return at;
    }
}

} // namespace

JsonWriter::JsonWriter(Js js, v8::Local<v8::Value> openObject, v8::Local<v8::Value> openArray, std::size_t mostBytes, std::size_t likelyBytes)
    : m_openObject(js.isolate, openObject),
      m_openArray(js.isolate, openArray),
      m_mostBytes(mostBytes)
{
    grow(likelyBytes);
}

void JsonWriter::grow(std::size_t bytes)
{
    m_text.resize(std::max({m_size + bytes, m_text.size() * 2, std::size_t(64) << 10}));
}

void JsonWriter::put(std::string_view text)
{
    std::memcpy(room(text.size()), text.data(), text.size());
    m_size += text.size();
}

bool JsonWriter::write(Js js, v8::Local<v8::Value> value)
{
    if (value->IsUndefined()) {
        put(m_levels.back().isObject ? '}' : ']');
        m_levels.pop_back();
    } else {
        if (!m_levels.empty()) {
            Level &in = m_levels.back();
            if (in.isObject && in.isKeyNext) {
                key(js, value.As<v8::String>());
                ++in.count;
                in.isKeyNext = false;
                return m_size <= m_mostBytes;
            }
            if (!in.isObject && in.count++ > 0)
                put(',');
        }
        if (value->IsString()) {
            string(js, value.As<v8::String>());
        } else if (value->IsNumber()) {
            number(js, value);
        } else if (m_openObject == value || m_openArray == value) {
            const bool isObject = m_openObject == value;
            put(isObject ? '{' : '[');
            m_levels.push_back({isObject, true, 0});
            return m_size <= m_mostBytes;
        } else {
            put(value->IsNull() ? "null" : value->IsTrue() ? "true" : "false");
        }
    }
    if (!m_levels.empty())
        m_levels.back().isKeyNext = true;
    return m_size <= m_mostBytes;
}

void JsonWriter::key(Js js, v8::Local<v8::String> name)
{
    const std::size_t depth = m_levels.size();
    const std::size_t nth = m_levels.back().count;
    std::vector<Key> *known = depth < knownDepth && nth < knownKeys ? &m_keys[depth] : nullptr;
    if (known && nth < known->size() && (*known)[nth].key == name) {
        put((*known)[nth].written);
        return;
    }
    const std::size_t from = m_size;
    if (nth > 0)
        put(',');
    string(js, name);
    put(':');
    if (!known)
        return;
    if (nth >= known->size())
        known->resize(nth + 1);
    (*known)[nth].key.Reset(js.isolate, name);
    (*known)[nth].written.assign(m_text, from, m_size - from);
}

void JsonWriter::string(Js js, v8::Local<v8::String> string)
{
    const auto length = static_cast<std::size_t>(string->Length());
    if (!string->IsOneByte()) {
        twoBytes(js, string);
        return;
    }
    char *const at = room(length + 2);
    at[0] = '"';
    string->WriteOneByte(js.isolate, reinterpret_cast<std::uint8_t *>(at + 1), 0, static_cast<int>(length), v8::String::NO_NULL_TERMINATION);
    if (!isPlain({at + 1, length})) {
        twoBytes(js, string);
        return;
    }
    at[length + 1] = '"';
    m_size += length + 2;
}

void JsonWriter::twoBytes(Js js, v8::Local<v8::String> string)
{
    put('"');
    const int length = string->Length();
    std::array<std::uint16_t, 4096> units;
    char16_t first = 0; // of a pair whose second half is in the next piece
    for (int from = 0; from < length; from += static_cast<int>(units.size())) {
        const int count =
            string->Write(js.isolate, units.data(), from, std::min(length - from, static_cast<int>(units.size())), v8::String::NO_NULL_TERMINATION);
        char *const begin = room(static_cast<std::size_t>(count) * 6 + 6);
        char *at = begin;
        for (int i = 0; i < count; ++i) {
            const char16_t unit = units[static_cast<std::size_t>(i)];
            const bool isSecond = unit >= 0xDC00 && unit < 0xE000;
            if (first != 0) {
                if (isSecond) {
                    at = writeUtf8(at, 0x10000 + (static_cast<char32_t>(first - 0xD800) << 10) + (unit - 0xDC00));
                    first = 0;
                    continue;
                }
                at = escape(at, first);
                first = 0;
            }
            if (unit >= 0xD800 && unit < 0xDC00)
                first = unit;
            else if (unit < 0x20 || unit == '"' || unit == '\\' || isSecond)
                at = escape(at, unit);
            else
                at = writeUtf8(at, unit);
        }
        m_size += static_cast<std::size_t>(at - begin);
    }
    if (first != 0)
        m_size = static_cast<std::size_t>(escape(room(6), first) - m_text.data());
    put('"');
}

/// As ECMAScript's Number::toString has it.
void JsonWriter::number(Js js, v8::Local<v8::Value> number)
{
    constexpr std::size_t most = 32;
    char *const at = room(most);
    if (number->IsInt32()) {
        m_size = static_cast<std::size_t>(std::to_chars(at, at + most, number.As<v8::Int32>()->Value()).ptr - m_text.data());
        return;
    }
    const double value = number.As<v8::Number>()->Value();
    const double size = std::abs(value);
    if (!std::isfinite(value)) {
        put("null");
    } else if (size < mostExact && std::trunc(value) == value) {
        m_size = static_cast<std::size_t>(std::to_chars(at, at + most, static_cast<std::int64_t>(value)).ptr - m_text.data());
    } else if (size < mostExact && size >= 1e-6) {
        m_size = static_cast<std::size_t>(std::to_chars(at, at + most, value, std::chars_format::fixed).ptr - m_text.data());
    } else {
        v8::Local<v8::String> text;
        if (number->ToString(js.context).ToLocal(&text))
            put(toStd(js, text));
    }
}

} // namespace cleat::runtime
