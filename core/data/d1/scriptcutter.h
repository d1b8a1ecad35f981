// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cleat::data::d1 {

/// Finds where the statements of a script begin and end, in a text that may come in pieces cut anywhere. Cuts where SQLite's own shell does: a trigger ends
/// at ";", "END", ";".
class ScriptCutter final
{
public:
    /// Told of each statement: where it begins, comments before it left out, and how long it is without its ';'. In bytes of all that was fed.
    using Found = std::function<void(std::size_t begin, std::size_t length)>;

    void feed(std::string_view piece, const Found &found);
    /// What is not closed runs to the end.
    void finish(const Found &found);

    /// Of the statement at hand; nothing before it is asked for again.
    std::size_t begin() const { return m_started ? m_begin : m_at; }

private:
    enum class State : std::uint8_t { Plain, Word, Quote, Dash, LineComment, Slash, BlockComment, BlockStar };
    enum class Kind : std::uint8_t { Begin, Explain, Create, Trigger, TriggerSemicolon, TriggerEnd, Other };

    bool take(char c);
    void start(std::size_t at);
    void word();
    void other();

    std::size_t m_at = 0; ///< bytes seen
    std::size_t m_begin = 0;
    std::size_t m_last = 0; ///< behind the last byte that is neither space nor comment
    bool m_started = false;
    State m_state = State::Plain;
    Kind m_kind = Kind::Begin;
    char m_quote = 0;
    std::string m_word; ///< upper case, its first ten bytes
};

} // namespace cleat::data::d1
