// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/iso2022jp.h"

#include "core/runtime/legacytables.h"

#include <vector>

namespace cleat::runtime {

namespace {

enum class Mode : unsigned char { Ascii, Roman, Katakana, Lead, Trail, EscapeStart, Escape };

class Machine final
{
public:
    explicit Machine(unsigned packed)
        : m_mode(static_cast<Mode>(packed & 7)), m_output(static_cast<Mode>(packed >> 3 & 7)), m_shown((packed >> 6 & 1) != 0), m_lead(static_cast<int>(packed >> 8 & 0xFF))
    {
    }
    unsigned packed() const
    {
        return static_cast<unsigned>(m_mode) | static_cast<unsigned>(m_output) << 3 | (m_shown ? 1U : 0U) << 6 | static_cast<unsigned>(m_lead) << 8;
    }

    /// Takes a byte, or -1 for the end. False at an error; `again` are the bytes that come once more.
    bool take(int byte, std::u16string &text, std::vector<int> &again)
    {
        switch (m_mode) {
        case Mode::Ascii:
        case Mode::Roman:
        case Mode::Katakana:
        case Mode::Lead: return plain(byte, text);
        case Mode::Trail: return trail(byte, text);
        case Mode::EscapeStart:
            if (byte == 0x24 || byte == 0x28) {
                m_lead = byte;
                m_mode = Mode::Escape;
                return true;
            }
            m_shown = false;
            m_mode = m_output;
            if (byte >= 0)
                again.push_back(byte);
            return false;
        case Mode::Escape: return escape(byte, again);
        }
        return false;
    }
    /// Whether the end may come here without being told of.
    bool atRest() const { return m_mode != Mode::Trail && m_mode != Mode::EscapeStart && m_mode != Mode::Escape; }

private:
    bool plain(int byte, std::u16string &text)
    {
        if (byte < 0)
            return true;
        if (byte == 0x1B) {
            m_mode = Mode::EscapeStart;
            return true;
        }
        m_shown = false;
        if (m_mode == Mode::Lead) {
            if (byte < 0x21 || byte > 0x7E)
                return false;
            m_lead = byte;
            m_mode = Mode::Trail;
            return true;
        }
        if (m_mode == Mode::Katakana) {
            if (byte < 0x21 || byte > 0x5F)
                return false;
            text += static_cast<char16_t>(0xFF61 - 0x21 + byte);
            return true;
        }
        if (byte > 0x7F || byte == 0x0E || byte == 0x0F)
            return false;
        text += m_mode == Mode::Roman && byte == 0x5C ? u'\u00A5' : m_mode == Mode::Roman && byte == 0x7E ? u'\u203E' : static_cast<char16_t>(byte);
        return true;
    }

    bool trail(int byte, std::u16string &text)
    {
        if (byte == 0x1B) {
            m_mode = Mode::EscapeStart;
            return false;
        }
        m_mode = Mode::Lead;
        if (byte < 0x21 || byte > 0x7E)
            return false;
        const char32_t c = eucJpPairs()[static_cast<std::size_t>((m_lead | 0x80) << 8 | byte | 0x80)];
        if (c == 0)
            return false;
        text += static_cast<char16_t>(c);
        return true;
    }

    bool escape(int byte, std::vector<int> &again)
    {
        const int lead = m_lead;
        m_lead = 0;
        const auto go = [&](Mode mode) {
            m_mode = m_output = mode;
            const bool second = m_shown;
            m_shown = true;
            return !second;
        };
        if (lead == 0x28 && byte == 0x42)
            return go(Mode::Ascii);
        if (lead == 0x28 && byte == 0x4A)
            return go(Mode::Roman);
        if (lead == 0x28 && byte == 0x49)
            return go(Mode::Katakana);
        if (lead == 0x24 && (byte == 0x40 || byte == 0x42))
            return go(Mode::Lead);
        if (byte >= 0) { // at the end the whole beginning is one error
            again.push_back(byte);
            again.push_back(lead);
        }
        m_shown = false;
        m_mode = m_output;
        return false;
    }

    Mode m_mode;
    Mode m_output;
    bool m_shown; // an escape sequence came, and nothing after it yet
    int m_lead;
};

} // namespace

std::optional<std::u16string> decodeIso2022Jp(std::string_view bytes, Piece piece, OnError onError, unsigned &mode)
{
    Machine machine(mode);
    std::u16string text;
    std::vector<int> again; // the next one is at the back
    std::size_t at = 0;
    for (;;) {
        int byte = -1;
        if (!again.empty()) {
            byte = again.back();
            again.pop_back();
        } else if (at < bytes.size()) {
            byte = static_cast<unsigned char>(bytes[at++]);
        } else if (piece == Piece::More || machine.atRest()) {
            break;
        }
        if (machine.take(byte, text, again))
            continue;
        if (onError == OnError::Fail) {
            mode = 0;
            return std::nullopt;
        }
        text += u'\uFFFD';
    }
    mode = piece == Piece::More ? machine.packed() : 0;
    return text;
}

} // namespace cleat::runtime
