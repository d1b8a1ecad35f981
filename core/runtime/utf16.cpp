// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/utf16.h"

#include <algorithm>
#include <array>

namespace cleat::runtime {

namespace {

constexpr char32_t replacement = 0xFFFD;

void appendUtf8(std::string &out, char32_t c)
{
    std::array<char, 4> bytes{};
    out.append(bytes.data(), writeUtf8(bytes.data(), c));
}

} // namespace

char *writeUtf8(char *at, char32_t c)
{
    if (c < 0x80) {
        *at++ = static_cast<char>(c);
    } else if (c < 0x800) {
        *at++ = static_cast<char>(0xC0 | c >> 6);
        *at++ = static_cast<char>(0x80 | (c & 63));
    } else if (c < 0x10000) {
        *at++ = static_cast<char>(0xE0 | c >> 12);
        *at++ = static_cast<char>(0x80 | (c >> 6 & 63));
        *at++ = static_cast<char>(0x80 | (c & 63));
    } else {
        *at++ = static_cast<char>(0xF0 | c >> 18);
        *at++ = static_cast<char>(0x80 | (c >> 12 & 63));
        *at++ = static_cast<char>(0x80 | (c >> 6 & 63));
        *at++ = static_cast<char>(0x80 | (c & 63));
    }
    return at;
}

std::string utf16ToUtf8(std::u16string_view text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (std::size_t i = 0; i < text.size(); ++i) {
        char32_t c = text[i];
        if (c >= 0xD800 && c < 0xDC00 && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000)
            c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00);
        else if (c >= 0xD800 && c < 0xE000)
            c = replacement;
        appendUtf8(out, c);
    }
    return out;
}

std::string latin1ToUtf8(std::string_view text)
{
    if (std::ranges::all_of(text, [](char c) { return static_cast<signed char>(c) >= 0; }))
        return std::string(text);
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text)
        appendUtf8(out, static_cast<unsigned char>(c));
    return out;
}

std::u16string utf8ToUtf16(std::string_view text)
{
    std::u16string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        const int more = lead < 0x80 ? 0 : (lead & 0xE0) == 0xC0 ? 1 : (lead & 0xF0) == 0xE0 ? 2 : (lead & 0xF8) == 0xF0 ? 3 : -1;
        char32_t c = more == 0 ? lead : more < 0 ? replacement : lead & (0x3FU >> more);
        for (int k = 0; k < more; ++k) {
            const auto next = i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
            if ((next & 0xC0) != 0x80) {
                c = replacement;
                break;
            }
            c = (c << 6) | (next & 63);
            ++i;
        }
        if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
            c = replacement;
        if (c < 0x10000) {
            out += static_cast<char16_t>(c);
        } else {
            out += static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10));
            out += static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF));
        }
    }
    return out;
}

} // namespace cleat::runtime
