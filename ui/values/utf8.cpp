// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/utf8.h"

#include <cstring>

namespace cleat::ui {

namespace {

bool isTrail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

} // namespace

Utf8Step utf8At(std::string_view text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned char first = byte(0);
    const std::size_t left = text.size() - at;
    if (first < 0x80)
        return {first, 1, true};
    constexpr Utf8Step invalid = {0xFFFD, 1, false};
    if (first < 0xC2 || first > 0xF4)
        return invalid;
    if (first < 0xE0) {
        if (left < 2 || !isTrail(byte(1)))
            return invalid;
        return {static_cast<char32_t>((first & 0x1F) << 6 | (byte(1) & 0x3F)), 2, true};
    }
    if (first < 0xF0) {
        if (left < 3 || !isTrail(byte(1)) || !isTrail(byte(2)) || (first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F))
            return invalid;
        return {static_cast<char32_t>((first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F)), 3, true};
    }
    if (left < 4 || !isTrail(byte(1)) || !isTrail(byte(2)) || !isTrail(byte(3)) || (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F))
        return invalid;
    return {static_cast<char32_t>((first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F)), 4, true};
}

std::size_t utf8ValidUntil(std::string_view text, Utf8End end, std::stop_token stop)
{
    std::size_t at = 0;
    std::size_t look = 1 << 20;
    while (at < text.size()) {
        if (at >= look) {
            if (stop.stop_requested())
                return at;
            look = at + (1 << 20);
        }
        while (at + 8 <= text.size()) {
            std::uint64_t word = 0;
            std::memcpy(&word, text.data() + at, 8);
            if (word & 0x8080808080808080U)
                break;
            at += 8;
        }
        if (at >= text.size())
            break;
        const Utf8Step step = utf8At(text, at);
        if (!step.valid) {
            const auto first = static_cast<unsigned char>(text[at]);
            const std::size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
            if (end == Utf8End::MayBeCut && first >= 0xC2 && first <= 0xF4 && text.size() - at < wanted) {
                bool trails = true;
                for (std::size_t i = at + 1; i < text.size(); ++i)
                    trails = trails && isTrail(static_cast<unsigned char>(text[i]));
                if (trails)
                    return text.size();
            }
            return at;
        }
        at += step.length;
    }
    return text.size();
}

std::size_t utf8Floor(std::string_view text, std::size_t at)
{
    if (at >= text.size())
        return text.size();
    for (std::size_t back = 0; back < 4 && back <= at; ++back) {
        const Utf8Step step = utf8At(text, at - back);
        if (step.valid && step.length > back)
            return at - back;
    }
    return at;
}

} // namespace cleat::ui
