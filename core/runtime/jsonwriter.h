// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::runtime {

/// Writes a large JSON text (ECMAScript, JSON.stringify without a replacer and without spaces) out of what js/language/largejson.js finds on its way through a value. One for each text; on the stack of the
/// call that asks for it. Belongs to a Worker's thread.
class JsonWriter final
{
public:
    /// `openObject`, `openArray`: what stands for the beginning of one; undefined stands for the end of either. `mostBytes`: of the text. `likelyBytes`: room for these is made at once.
    JsonWriter(Js js, v8::Local<v8::Value> openObject, v8::Local<v8::Value> openArray, std::size_t mostBytes, std::size_t likelyBytes);
    JsonWriter(const JsonWriter &) = delete;
    JsonWriter &operator=(const JsonWriter &) = delete;

    /// The next of them: strings, numbers, booleans, nulls and those marks; in an object a key before each value. False when the text has become too long.
    bool write(Js js, v8::Local<v8::Value> value);

    /// UTF-8: a surrogate that stands alone is escaped.
    std::string_view text() const { return {m_text.data(), m_size}; }

private:
    struct Level {
        bool isObject = false;
        bool isKeyNext = true; ///< in an object
        std::size_t count = 0; ///< of keys or of values
    };
    /// A key as it was written last in its place, with what is before and behind it.
    struct Key {
        v8::Global<v8::String> key;
        std::string written;
    };
    static constexpr std::size_t knownDepth = 16;
    static constexpr std::size_t knownKeys = 64;

    /// Where the text ends, with at least as many bytes behind it.
    char *room(std::size_t bytes)
    {
        if (m_text.size() - m_size < bytes)
            grow(bytes);
        return m_text.data() + m_size;
    }
    void grow(std::size_t bytes);
    void put(char c) { *room(1) = c, ++m_size; }
    void put(std::string_view text);
    void key(Js js, v8::Local<v8::String> key);
    void string(Js js, v8::Local<v8::String> string);
    void twoBytes(Js js, v8::Local<v8::String> string);
    void number(Js js, v8::Local<v8::Value> number);

    v8::Global<v8::Value> m_openObject;
    v8::Global<v8::Value> m_openArray;
    const std::size_t m_mostBytes;
    std::string m_text; ///< longer than what is written
    std::size_t m_size = 0;
    std::vector<Level> m_levels;
    std::array<std::vector<Key>, knownDepth> m_keys; ///< by how deep an object is
};

} // namespace cleat::runtime
