// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/urlpath.h"

#include <vector>

namespace cleat::functions {

namespace {

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

// The path percent-encode set of the URL standard.
bool mustEncode(char c)
{
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F)
        return true;
    switch (c) {
    case '"': case '#': case '<': case '>': case '?': case '^': case '`': case '{': case '}':
        return true;
    default:
        return false;
    }
}

void appendEncoded(std::string &out, char c)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

} // namespace

Dots dotsOf(std::string_view segment)
{
    int dots = 0;
    for (std::size_t i = 0; i < segment.size();) {
        if (segment[i] == '.')
            ++i;
        else if (segment.size() - i >= 3 && segment[i] == '%' && segment[i + 1] == '2' && (segment[i + 2] == 'e' || segment[i + 2] == 'E'))
            i += 3;
        else
            return Dots::None;
        if (++dots > 2)
            return Dots::None;
    }
    return dots == 1 ? Dots::Here : dots == 2 ? Dots::Up : Dots::None;
}

bool isNormalizedPath(std::string_view path)
{
    if (path.empty() || path.front() != '/')
        return false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char c = path[i];
        if (c == '\\' || mustEncode(c))
            return false;
        if (c == '/' && i + 1 < path.size() && (path[i + 1] == '.' || path[i + 1] == '%')) {
            const std::size_t end = path.find('/', i + 1);
            if (dotsOf(path.substr(i + 1, end == std::string_view::npos ? end : end - i - 1)) != Dots::None)
                return false;
        }
    }
    return true;
}

std::string normalizedPath(std::string_view path)
{
    std::vector<std::string_view> kept;
    if (!path.empty() && (path.front() == '/' || path.front() == '\\'))
        path.remove_prefix(1);
    for (;;) {
        const std::size_t end = path.find_first_of("/\\");
        const bool last = end == std::string_view::npos;
        const std::string_view segment = path.substr(0, end);
        const Dots dots = dotsOf(segment);
        if (dots == Dots::Up && !kept.empty())
            kept.pop_back();
        if (dots == Dots::None)
            kept.push_back(segment);
        else if (last)
            kept.push_back({});
        if (last)
            break;
        path.remove_prefix(end + 1);
    }
    std::string out;
    for (const std::string_view segment : kept) {
        out += '/';
        for (const char c : segment) {
            if (mustEncode(c))
                appendEncoded(out, c);
            else
                out += c;
        }
    }
    return out;
}

std::optional<std::string> percentDecoded(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        if (text.size() - i < 3)
            return std::nullopt;
        const int high = hexValue(text[i + 1]);
        const int low = hexValue(text[i + 2]);
        if (high < 0 || low < 0)
            return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

void appendComponentEncoded(std::string &out, std::string_view text)
{
    constexpr std::string_view plain = "-_.!~*'()";
    for (const char c : text) {
        const bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (alnum || plain.find(c) != std::string_view::npos)
            out += c;
        else
            appendEncoded(out, c);
    }
}

void appendQueryEncoded(std::string &out, std::string_view query)
{
    for (const char c : query) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7F || c == '"' || c == '#' || c == '<' || c == '>' || c == '\'')
            appendEncoded(out, c);
        else
            out += c;
    }
}

void appendFragmentEncoded(std::string &out, std::string_view fragment)
{
    for (const char c : fragment) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7F || c == '"' || c == '<' || c == '>' || c == '`')
            appendEncoded(out, c);
        else
            out += c;
    }
}

} // namespace cleat::functions
