// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/scriptcutter.h"

namespace cleat::data::d1 {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool isWord(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || byte >= 0x80;
}

} // namespace

void ScriptCutter::start(std::size_t at)
{
    if (!m_started) {
        m_started = true;
        m_begin = at;
    }
}

void ScriptCutter::word()
{
    switch (m_kind) {
    case Kind::Begin:
        m_kind = m_word == "CREATE" ? Kind::Create : m_word == "EXPLAIN" ? Kind::Explain : Kind::Other;
        break;
    case Kind::Explain: // as SQLite's shell, which takes whatever stands between it and CREATE for QUERY PLAN
        if (m_word == "CREATE")
            m_kind = Kind::Create;
        else if (m_word == "EXPLAIN" || m_word == "TEMP" || m_word == "TEMPORARY" || m_word == "TRIGGER" || m_word == "END")
            m_kind = Kind::Other;
        break;
    case Kind::Create:
        if (m_word != "TEMP" && m_word != "TEMPORARY")
            m_kind = m_word == "TRIGGER" ? Kind::Trigger : Kind::Other;
        break;
    case Kind::TriggerSemicolon:
        m_kind = m_word == "END" ? Kind::TriggerEnd : Kind::Trigger;
        break;
    case Kind::TriggerEnd:
        m_kind = Kind::Trigger;
        break;
    case Kind::Trigger:
    case Kind::Other:
        break;
    }
    m_word.clear();
}

/// A name in quotes, a sign, a text.
void ScriptCutter::other()
{
    if (m_kind == Kind::Begin || m_kind == Kind::Create)
        m_kind = Kind::Other;
    else if (m_kind == Kind::TriggerSemicolon || m_kind == Kind::TriggerEnd)
        m_kind = Kind::Trigger;
}

/// True at the ';' that ends a statement.
bool ScriptCutter::take(char c)
{
    switch (m_state) {
    case State::Quote:
        m_last = m_at + 1;
        if (c == m_quote)
            m_state = State::Plain; // a doubled quote opens it again
        return false;
    case State::LineComment:
        if (c == '\n')
            m_state = State::Plain;
        return false;
    case State::BlockComment:
        if (c == '*')
            m_state = State::BlockStar;
        return false;
    case State::BlockStar:
        if (c != '*')
            m_state = c == '/' ? State::Plain : State::BlockComment;
        return false;
    case State::Dash:
    case State::Slash:
        if (c == (m_state == State::Dash ? '-' : '*')) {
            m_state = m_state == State::Dash ? State::LineComment : State::BlockComment;
            return false;
        }
        start(m_at - 1);
        m_last = m_at;
        other();
        m_state = State::Plain;
        break;
    case State::Word:
        if (isWord(c)) {
            m_last = m_at + 1;
            if (m_word.size() < 10)
                m_word += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
            return false;
        }
        word();
        m_state = State::Plain;
        break;
    case State::Plain:
        break;
    }
    if (isSpace(c))
        return false;
    if (c == '-' || c == '/') {
        m_state = c == '-' ? State::Dash : State::Slash;
        return false;
    }
    if (c == ';') {
        if (m_kind == Kind::Trigger || m_kind == Kind::TriggerSemicolon) {
            m_kind = Kind::TriggerSemicolon;
            m_last = m_at + 1;
            return false;
        }
        return true;
    }
    start(m_at);
    m_last = m_at + 1;
    if (isWord(c)) {
        m_state = State::Word;
        m_word.assign(1, c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c);
    } else {
        other();
        if (c == '\'' || c == '"' || c == '`' || c == '[') {
            m_state = State::Quote;
            m_quote = c == '[' ? ']' : c;
        }
    }
    return false;
}

void ScriptCutter::feed(std::string_view piece, const Found &found)
{
    for (const char c : piece) {
        const bool over = take(c);
        ++m_at;
        if (!over)
            continue;
        if (m_started)
            found(m_begin, m_last - m_begin);
        m_started = false;
        m_kind = Kind::Begin;
    }
}

void ScriptCutter::finish(const Found &found)
{
    if (m_state == State::Dash || m_state == State::Slash) {
        start(m_at - 1);
        m_last = m_at;
    }
    if (m_started)
        found(m_begin, m_last - m_begin);
    m_started = false;
}

} // namespace cleat::data::d1
