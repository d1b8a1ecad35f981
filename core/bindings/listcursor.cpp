// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/listcursor.h"

#include "core/base/bytes.h"

#include <algorithm>

namespace cleat::bindings {

namespace {

/// The bytes of one code point at the start of `text`, or of the longest beginning of one, or 1.
std::size_t sequenceLength(std::string_view text)
{
    for (const std::size_t length : {1, 2, 3, 4}) {
        if (base::isUtf8(text.substr(0, length)))
            return std::min(length, text.size());
    }
    for (const std::size_t length : {3, 2}) {
        const std::string begun(text.substr(0, length));
        if (base::isUtf8(begun + '\x80') || base::isUtf8(begun + "\x80\x80"))
            return begun.size();
    }
    return 1;
}

/// What is not UTF-8 becomes U+FFFD, as in every JavaScript decoder.
std::string toUtf8(std::string bytes)
{
    if (base::isUtf8(bytes))
        return bytes;
    std::string text;
    for (std::string_view rest = bytes; !rest.empty();) {
        const std::size_t length = sequenceLength(rest);
        text += base::isUtf8(rest.substr(0, length)) ? rest.substr(0, length) : std::string_view("\uFFFD");
        rest.remove_prefix(length);
    }
    return text;
}

} // namespace

std::string decodeCursor(std::string_view cursor)
{
    std::string digits;
    for (const char c : cursor) {
        if (c == '=')
            break;
        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/')
            digits += c;
        else if (c == '-' || c == '_')
            digits += c == '-' ? '+' : '/';
    }
    if (digits.size() % 4 == 1)
        digits.pop_back();
    return toUtf8(base::fromBase64(digits).value_or(std::string()));
}

} // namespace cleat::bindings
