// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/printable.h"

#include "core/base/bytes.h"

namespace cleat::app {

namespace {

void appendByte(std::string &out, unsigned char c)
{
    constexpr const char *digits = "0123456789abcdef";
    out += "\\x";
    out += digits[c >> 4];
    out += digits[c & 15];
}

} // namespace

void appendPrintable(std::string &out, std::string_view text)
{
    const auto picture = [&out](int c) { out.append("\xe2\x90") += static_cast<char>(0x80 + c); }; // from U+2400 on, in their order
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x80) {
            const std::size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
            const std::string_view character = text.substr(i, length);
            if (character.size() != length || !base::isUtf8(character)) {
                appendByte(out, c);
            } else if (c == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0) { // C1: 0x9b is what ESC [ is
                appendByte(out, static_cast<unsigned char>(character[1]));
                ++i;
            } else {
                out += character;
                i += length - 1;
            }
        } else if (c == 0x7f) {
            picture(0x21);
        } else if (c >= 0x20 || c == '\n' || c == '\t') {
            out += text[i];
        } else if (c != '\r' || i + 1 == text.size() || text[i + 1] != '\n') {
            picture(c);
        }
    }
}

std::string printable(std::string_view text)
{
    std::string out;
    appendPrintable(out, text);
    return out;
}

} // namespace cleat::app
