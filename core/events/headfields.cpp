// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/headfields.h"

#include <algorithm>
#include <array>

namespace cleat::events {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string formDecoded(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexDigit(text[i + 1]) >= 0 && hexDigit(text[i + 2]) >= 0) {
            result += static_cast<char>(hexDigit(text[i + 1]) * 16 + hexDigit(text[i + 2]));
            i += 2;
        } else {
            result += text[i] == '+' ? ' ' : text[i];
        }
    }
    return result;
}

} // namespace

bool sameName(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool isToken(std::string_view text)
{
    static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !text.empty()
        && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || marks.contains(c); });
}

std::vector<HeadField> headFields(std::string_view head)
{
    std::vector<HeadField> fields;
    bool first = true;
    while (!head.empty()) {
        const std::size_t end = std::min(head.find("\r\n"), head.size());
        const std::string_view line = head.substr(0, end);
        const std::size_t colon = line.find(':');
        const bool statusLine = first && line.starts_with("HTTP/") && line.substr(0, colon).contains(' ');
        if (colon != std::string_view::npos && !statusLine)
            fields.push_back({line.substr(0, colon), trimmed(line.substr(colon + 1))});
        head.remove_prefix(std::min(end + 2, head.size()));
        first = false;
    }
    return fields;
}

std::string_view headValue(const std::vector<HeadField> &fields, std::string_view name)
{
    const auto found = std::ranges::find_if(fields, [name](const HeadField &field) { return sameName(field.name, name); });
    return found == fields.end() ? std::string_view() : found->value;
}

bool hasField(const std::vector<HeadField> &fields, std::string_view name)
{
    return std::ranges::any_of(fields, [name](const HeadField &field) { return sameName(field.name, name); });
}

std::vector<HeadField> carriedFields(std::string_view head, std::string_view authority)
{
    static constexpr std::array<std::string_view, 10> never = {
        "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings", "expect", "content-length"};
    std::vector<HeadField> fields = headFields(head);
    std::vector<std::string_view> named;
    for (const HeadField &field : fields) {
        if (!sameName(field.name, "connection"))
            continue;
        for (std::string_view rest = field.value; !rest.empty();) {
            const std::size_t comma = std::min(rest.find(','), rest.size());
            named.push_back(trimmed(rest.substr(0, comma)));
            rest.remove_prefix(std::min(comma + 1, rest.size()));
        }
    }
    std::erase_if(fields, [&](const HeadField &field) {
        const auto same = [&field](std::string_view name) { return sameName(field.name, name); };
        return std::ranges::any_of(never, same) || std::ranges::any_of(named, same) || (same("host") && sameName(field.value, authority));
    });
    return fields;
}

std::string_view authorityOf(std::string_view url)
{
    if (const std::size_t scheme = url.find("://"); scheme != std::string_view::npos)
        url.remove_prefix(scheme + 3);
    return url.substr(0, url.find_first_of("/?#"));
}

std::string urlPath(std::string_view target)
{
    if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos && !target.starts_with('/') && target.find_first_of("/?#") > scheme) {
        target.remove_prefix(scheme + 3);
        target.remove_prefix(std::min(target.find_first_of("/?#"), target.size()));
    }
    static constexpr std::string_view never = "\"<>\\^`{|}#";
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    if (target == "*")
        target = {};
    if (!target.starts_with('/'))
        result += '/';
    for (const char c : target) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7F && !never.contains(c)) {
            result += c;
        } else {
            result += '%';
            result += digits[byte >> 4];
            result += digits[byte & 15];
        }
    }
    return result;
}

std::vector<FormPair> formPairs(std::string_view text)
{
    std::vector<FormPair> pairs;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('&'), text.size());
        if (const std::string_view piece = text.substr(0, end); !piece.empty()) {
            const std::size_t equals = std::min(piece.find('='), piece.size());
            pairs.push_back({formDecoded(piece.substr(0, equals)), formDecoded(piece.substr(std::min(equals + 1, piece.size())))});
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return pairs;
}

} // namespace cleat::events
