// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/legacytext.h"

#include "core/runtime/iso2022jp.h"
#include "core/runtime/legacytables.h"

#include <map>
#include <mutex>

namespace cleat::runtime {

namespace {

constexpr char32_t none = 0;

/// What is known at a place of the input: `length` bytes stand for `c` (none: an error); length 0: more bytes are needed.
struct Step {
    std::size_t length;
    char32_t c;
    char32_t second = none;
};

class Bytes final
{
public:
    explicit Bytes(std::string_view bytes) : m_bytes(bytes) {}
    std::size_t size() const { return m_bytes.size(); }
    /// 0 to 255, or -1 beyond the end
    int at(std::size_t i) const { return i < m_bytes.size() ? static_cast<unsigned char>(m_bytes[i]) : -1; }

private:
    std::string_view m_bytes;
};

bool within(int byte, int low, int high)
{
    return byte >= low && byte <= high;
}

/// A pair out of a table. A trail that is ASCII is not part of an error.
Step pairStep(const PairTable &table, int lead, int trail)
{
    if (trail < 0)
        return {0, none};
    const char32_t c = table[static_cast<std::size_t>(lead << 8 | trail)];
    return {c == none && trail < 0x80 ? 1U : 2U, c};
}

/// The error of a trail that cannot stand here: it is taken for a new character where it may begin one (as ICU does, and with it workerd; the standard drops both).
Step strayTrail(int trail, bool begins)
{
    return {trail < 0x80 || begins ? 1U : 2U, none};
}

Step gb18030Step(Bytes bytes, std::size_t i)
{
    const int first = bytes.at(i);
    if (!within(first, 0x81, 0xFE))
        return {1, none};
    const int second = bytes.at(i + 1);
    if (!within(second, 0x30, 0x39))
        return pairStep(gb18030Pairs(), first, second);
    const int third = bytes.at(i + 2);
    if (third < 0)
        return {0, none};
    if (!within(third, 0x81, 0xFE))
        return {1, none};
    const int fourth = bytes.at(i + 3);
    if (fourth < 0)
        return {0, none};
    if (!within(fourth, 0x30, 0x39))
        return {1, none};
    return {4, gb18030Four(static_cast<std::uint32_t>(((first - 0x81) * 10 + second - 0x30) * 1260 + (third - 0x81) * 10 + fourth - 0x30))};
}

Step big5Step(Bytes bytes, std::size_t i)
{
    const int lead = bytes.at(i);
    if (!within(lead, 0x87, 0xFE))
        return {1, none};
    const int trail = bytes.at(i + 1);
    if (within(trail, 0x80, 0xA0))
        return strayTrail(trail, trail >= 0x87);
    switch (trail < 0 ? 0 : lead << 8 | trail) {
    case 0x8862: return {2, 0xCA, 0x304};
    case 0x8864: return {2, 0xCA, 0x30C};
    case 0x88A3: return {2, 0xEA, 0x304};
    case 0x88A5: return {2, 0xEA, 0x30C};
    default: return pairStep(big5Pairs(), lead, trail);
    }
}

Step eucJpStep(Bytes bytes, std::size_t i)
{
    const auto begins = [](int byte) { return byte == 0x8E || byte == 0x8F || within(byte, 0xA1, 0xFE); };
    const int lead = bytes.at(i);
    if (!begins(lead))
        return {1, none};
    const int trail = bytes.at(i + 1);
    if (trail < 0)
        return {0, none};
    if (lead == 0x8E)
        return within(trail, 0xA1, 0xDF) ? Step{2, static_cast<char32_t>(0xFF61 - 0xA1 + trail)} : strayTrail(trail, begins(trail));
    if (!within(trail, 0xA1, 0xFE))
        return strayTrail(trail, begins(trail));
    if (lead != 0x8F)
        return pairStep(eucJpPairs(), lead, trail);
    const int third = bytes.at(i + 2);
    if (third >= 0 && !within(third, 0xA1, 0xFE))
        return {1, none};
    Step step = pairStep(jis0212Pairs(), trail, third);
    if (step.length > 0)
        ++step.length;
    return step;
}

Step shiftJisStep(Bytes bytes, std::size_t i)
{
    const int lead = bytes.at(i);
    if (lead == 0x80)
        return {1, 0x80};
    if (within(lead, 0xA1, 0xDF))
        return {1, static_cast<char32_t>(0xFF61 - 0xA1 + lead)};
    if (!within(lead, 0x81, 0x9F) && !within(lead, 0xE0, 0xFC))
        return {1, none};
    const int trail = bytes.at(i + 1);
    if (lead == 0x87 && trail == 0x5E)
        return {2, none};
    return pairStep(shiftJisPairs(), lead, trail);
}

Step eucKrStep(Bytes bytes, std::size_t i)
{
    const int lead = bytes.at(i);
    return within(lead, 0x81, 0xFE) ? pairStep(eucKrPairs(), lead, bytes.at(i + 1)) : Step{1, none};
}

template<bool bigEndian> Step utf16Step(Bytes bytes, std::size_t i)
{
    const auto unit = [&](std::size_t at) { return static_cast<char32_t>(bigEndian ? bytes.at(at) << 8 | bytes.at(at + 1) : bytes.at(at + 1) << 8 | bytes.at(at)); };
    if (bytes.at(i + 1) < 0)
        return {0, none};
    const char32_t high = unit(i);
    if (high < 0xD800 || high > 0xDFFF)
        return {2, high, none};
    if (high > 0xDBFF)
        return {2, none};
    if (bytes.at(i + 3) < 0)
        return {0, none};
    const char32_t low = unit(i + 2);
    if (low < 0xDC00 || low > 0xDFFF)
        return {2, none};
    return {4, 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)};
}

void append(std::u16string &text, char32_t c)
{
    if (c < 0x10000) {
        text += static_cast<char16_t>(c);
    } else {
        text += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
        text += static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
    }
}

using Stepper = Step (*)(Bytes, std::size_t);

Stepper stepperOf(std::string_view name)
{
    static const std::map<std::string_view, Stepper> steppers = {{"gbk", gb18030Step}, {"gb18030", gb18030Step}, {"big5", big5Step}, {"euc-jp", eucJpStep}, {"shift_jis", shiftJisStep},
        {"euc-kr", eucKrStep}, {"utf-16le", utf16Step<false>}, {"utf-16be", utf16Step<true>}};
    const auto found = steppers.find(name);
    return found == steppers.end() ? nullptr : found->second;
}

const HighHalf *sharedHalf(std::string_view name)
{
    static std::mutex mutex;
    static std::map<std::string, HighHalf, std::less<>> halves;
    const std::lock_guard lock(mutex);
    auto found = halves.find(name);
    if (found == halves.end()) {
        const auto half = highHalf(name);
        if (!half)
            return nullptr;
        found = halves.emplace(name, *half).first;
    }
    return &found->second;
}

std::optional<std::u16string> decodeSingle(const HighHalf &half, std::string_view bytes, OnError onError)
{
    std::u16string text(bytes.size(), u'\0');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        char16_t c = byte < 0x80 ? static_cast<char16_t>(byte) : half[byte - 0x80U];
        if (c == 0 && byte != 0) {
            if (onError == OnError::Fail)
                return std::nullopt;
            c = u'\uFFFD';
        }
        text[i] = c;
    }
    return text;
}

} // namespace

std::optional<std::u16string> decodeText(std::string_view encoding, std::string_view input, Piece piece, OnError onError, DecoderState &state)
{
    state.pending = 0;
    if (encoding == "iso-2022-jp")
        return decodeIso2022Jp(input, piece, onError, state.mode);
    const Stepper stepper = stepperOf(encoding);
    if (!stepper) {
        const HighHalf *half = sharedHalf(encoding);
        return half ? decodeSingle(*half, input, onError) : std::nullopt;
    }
    const bool ascii = !encoding.starts_with("utf-16");
    const Bytes bytes(input);
    std::u16string text;
    text.reserve(input.size() / (ascii ? 1 : 2));
    for (std::size_t i = 0; i < input.size();) {
        if (ascii && bytes.at(i) < 0x80) {
            text += static_cast<char16_t>(bytes.at(i++));
            continue;
        }
        const Step step = stepper(bytes, i);
        if (step.length == 0) {
            if (piece == Piece::More) {
                state.pending = input.size() - i;
                break;
            }
            if (onError == OnError::Fail)
                return std::nullopt;
            text += u'\uFFFD';
            break;
        }
        i += step.length;
        if (step.c == none && (ascii || step.length != 2 || bytes.at(i - 1) != 0 || bytes.at(i - 2) != 0)) {
            if (onError == OnError::Fail)
                return std::nullopt;
            text += u'\uFFFD';
            continue;
        }
        append(text, step.c);
        if (step.second != none)
            append(text, step.second);
    }
    return text;
}

} // namespace cleat::runtime
