// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"

#include <array>
#include <cstdint>

namespace cleat::base {

std::string toHex(std::span<const std::byte> bytes)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const std::byte b : bytes) {
        out += digits[std::to_integer<unsigned>(b) >> 4];
        out += digits[std::to_integer<unsigned>(b) & 15];
    }
    return out;
}

namespace {
constexpr char base64Digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> makeBase64Values()
{
    std::array<std::int8_t, 256> values{};
    values.fill(-1);
    for (int i = 0; i < 64; ++i)
        values[static_cast<unsigned char>(base64Digits[i])] = static_cast<std::int8_t>(i);
    return values;
}
constexpr auto base64Values = makeBase64Values();
} // namespace

std::string toBase64(std::span<const std::byte> bytes)
{
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    std::size_t i = 0;
    const auto at = [&](std::size_t n) { return std::to_integer<std::uint32_t>(bytes[n]); };
    for (; i + 2 < bytes.size(); i += 3) {
        const std::uint32_t word = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
        for (int shift = 18; shift >= 0; shift -= 6)
            out += base64Digits[word >> shift & 63];
    }
    if (const std::size_t rest = bytes.size() - i; rest == 1) {
        const std::uint32_t word = at(i) << 16;
        out += base64Digits[word >> 18];
        out += base64Digits[word >> 12 & 63];
        out += "==";
    } else if (rest == 2) {
        const std::uint32_t word = at(i) << 16 | at(i + 1) << 8;
        out += base64Digits[word >> 18];
        out += base64Digits[word >> 12 & 63];
        out += base64Digits[word >> 6 & 63];
        out += '=';
    }
    return out;
}

std::optional<std::string> fromBase64(std::string_view text)
{
    while (!text.empty() && text.back() == '=')
        text.remove_suffix(1);
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t word = 0;
    int bits = 0;
    for (const char c : text) {
        const int value = base64Values[static_cast<unsigned char>(c)];
        if (value < 0)
            return std::nullopt;
        word = word << 6 | static_cast<std::uint32_t>(value);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out += static_cast<char>(word >> bits & 255);
        }
    }
    return out;
}

bool isUtf8(std::string_view bytes)
{
    const auto *p = reinterpret_cast<const unsigned char *>(bytes.data());
    const auto *const end = p + bytes.size();
    while (p < end) {
        const unsigned char c = *p++;
        if (c < 0x80)
            continue;
        int more = 0;
        unsigned low = 0x80;
        unsigned high = 0xBF;
        if (c >= 0xC2 && c <= 0xDF) {
            more = 1;
        } else if (c >= 0xE0 && c <= 0xEF) {
            more = 2;
            low = c == 0xE0 ? 0xA0 : 0x80;
            high = c == 0xED ? 0x9F : 0xBF;
        } else if (c >= 0xF0 && c <= 0xF4) {
            more = 3;
            low = c == 0xF0 ? 0x90 : 0x80;
            high = c == 0xF4 ? 0x8F : 0xBF;
        } else {
            return false;
        }
        for (; more > 0; --more) {
            if (p == end || *p < low || *p > high)
                return false;
            ++p;
            low = 0x80;
            high = 0xBF;
        }
    }
    return true;
}

} // namespace cleat::base
