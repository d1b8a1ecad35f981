// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/preview.h"

#include "core/base/bytes.h"

namespace cleat::runtime {

std::string jsonString(std::string_view text)
{
    static constexpr char hex[] = "0123456789abcdef";
    std::string out;
    out.reserve(text.size() + 2);
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20) {
                out += "\\u00";
                out += hex[static_cast<unsigned char>(c) >> 4];
                out += hex[static_cast<unsigned char>(c) & 15];
            } else {
                out += c;
            }
        }
    }
    out += '"';
    return out;
}

std::string preview(std::string_view value)
{
    constexpr std::size_t most = 1024;
    std::string_view shown = value.substr(0, most);
    if (value.size() > most) {
        // Not in the middle of a character.
        while (!shown.empty() && (static_cast<unsigned char>(value[shown.size()]) & 0xC0) == 0x80)
            shown.remove_suffix(1);
    }
    if (!base::isUtf8(shown))
        return jsonString("<" + std::to_string(value.size()) + " bytes>");
    if (shown.size() == value.size())
        return jsonString(value);
    return jsonString(std::string(shown) + "\u2026 (" + std::to_string(value.size()) + " bytes)");
}

} // namespace cleat::runtime
