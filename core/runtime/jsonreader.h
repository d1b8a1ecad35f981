// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace cleat::runtime {

/// Reads a large JSON text (RFC 8259; ECMAScript, JSON.parse) into steps, out of which js/language/largejson.js makes the value: which of the values that were read are put on a stack, and
/// where some on its top become an array or an object. What objects look like is remembered from one to the next, also from one text to the next, so that JavaScript makes those of one shape by one
/// compiled literal: twice as fast as JSON.parse of V8 10 with much of the same.
/// It gives up whatever it does not like: V8's own JSON.parse then gives the value, or the error. Belongs to a Worker's thread.
class JsonReader final
{
public:
    static constexpr std::size_t stepNumbers = 16'384;

    /// A piece of the text as read() gives it; lives on the stack.
    struct Piece {
        explicit Piece(Js token) : js(token) {}
        const Js js;
        std::vector<v8::Local<v8::Value>> values;
        std::array<std::pair<std::uint64_t, v8::Local<v8::String>>, 256> shortTexts; ///< by what hashes to the place
    };
    /// How many of the steps' numbers are used, this one too, is the first of them. Then pairs: Push and how many values; Array or Numbers and of how many values; a shape's number beside Object and how many values.
    enum Step : std::int32_t { Push = 0, Array = 1, Numbers = 2, Object = 3 };
    enum class Outcome { More, Done, GivenUp };

    JsonReader() = default;
    JsonReader(const JsonReader &) = delete;
    JsonReader &operator=(const JsonReader &) = delete;

    /// `text`: Latin-1. False: texts of this code's are not worth it.
    bool begin(std::string &&text);
    Outcome read(Piece &piece, std::span<std::int32_t, stepNumbers> steps);
    /// Lets go of the text.
    void end(Outcome outcome);

    /// Whether the shapes are new, so that what is known of earlier ones does not hold. Once.
    bool forgotShapes() { return std::exchange(m_forgotShapes, false); }
    /// In order. The numbers of shapes are those of the steps.
    const std::vector<std::string> &keysOf(std::size_t shape) const { return m_shapes[shape].keys; }

private:
    static constexpr int none = -1;
    struct Shape {
        std::vector<std::string> keys;
        std::vector<int> children; ///< what objects below each key were like when they were seen last
    };
    struct Level {
        bool isObject = false;
        bool isNumbers = true; ///< an array of nothing else so far
        int count = 0; ///< values so far
        int expected = none; ///< an object's shape, as long as its keys are those
        int child = none; ///< an array's: the shape of its last object
        std::vector<std::string_view> keys; ///< of an object that is not as expected
    };

    bool scalar(Piece &piece, std::span<std::int32_t, stepNumbers> steps);
    bool number(Piece &piece, std::span<std::int32_t, stepNumbers> steps);
    bool text(v8::Local<v8::Value> &made, Piece &piece);
    bool textWithEscapes(v8::Local<v8::Value> &made, Piece &piece, std::size_t from);
    bool word(std::string_view expected);
    /// To the end of a text without escapes, from behind its first quote.
    void skipPlain();
    bool key();
    bool close(std::span<std::int32_t, stepNumbers> steps);
    void open(bool isObject);
    int shapeOf(Level &level);
    int expectedChild() const;
    void rememberChild(int shape);
    void push(std::span<std::int32_t, stepNumbers> steps, Piece &piece, v8::Local<v8::Value> value);
    void skipSpace()
    {
        while (m_at < m_text.size() && m_text[m_at] <= ' ' && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\r' || m_text[m_at] == '\t'))
            ++m_at;
    }
    char at() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    Level &level() { return m_levels[m_depth - 1]; }

    std::string m_text;
    std::size_t m_at = 0;
    std::vector<Level> m_levels; ///< m_depth of them are in use
    std::size_t m_depth = 0;
    std::size_t m_used = 0; ///< of the steps
    std::size_t m_push = 0; ///< where the last step is a Push: its number of values
    std::deque<Shape> m_shapes; ///< stay where they are: levels refer to their keys
    std::unordered_map<std::string, int> m_shapeNumbers; ///< by the keys, each with a 0 behind it
    std::string m_joined;
    bool m_isReading = false; ///< a debugger may have code run in the middle of it
    bool m_forgotShapes = true;
    int m_givenUp = 0; ///< texts one after the other
};

} // namespace cleat::runtime
