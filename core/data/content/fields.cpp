// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/content/fields.h"

#include <algorithm>

namespace cleat::data::content {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::string_view valueOf(const std::vector<NamedValue> &list, std::string_view name)
{
    const auto found = std::ranges::find_if(list, [name](const NamedValue &one) { return sameName(one.name, name); });
    return found == list.end() ? std::string_view() : std::string_view(found->value);
}

/// "name=value", cut at the first '='.
NamedValue pairOf(std::string_view text)
{
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos)
        return {std::string(trimmed(text)), {}};
    return {std::string(trimmed(text.substr(0, equals))), std::string(trimmed(text.substr(equals + 1)))};
}

/// The end of a parameter: the next ';' that is in no quotes.
std::size_t parameterEnd(std::string_view text)
{
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (text[i] == ';' && !quoted)
            return i;
    }
    return text.size();
}

std::string unquoted(std::string_view text)
{
    if (text.size() < 2 || text.front() != '"')
        return std::string(text);
    std::string result;
    for (std::size_t i = 1; i < text.size() && text[i] != '"'; ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\'))
            ++i;
        result += text[i];
    }
    return result;
}

} // namespace

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

bool sameName(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view Head::value(std::string_view name) const
{
    return valueOf(fields, name);
}

std::string_view MediaType::parameter(std::string_view name) const
{
    return valueOf(parameters, name);
}

Head parseHead(std::string_view text)
{
    Head head;
    bool first = true;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const bool start = first && line.starts_with("HTTP/");
        first = false;
        if (start) {
            head.startLine = line;
            continue;
        }
        if (line.empty())
            continue;
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos)
            head.fields.push_back({{}, std::string(line)});
        else
            head.fields.push_back({std::string(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1)))});
    }
    return head;
}

MediaType parseMediaType(std::string_view field)
{
    MediaType result;
    std::size_t end = parameterEnd(field);
    result.type = lowered(trimmed(field.substr(0, end)));
    while (end < field.size() && result.parameters.size() < 100) {
        field.remove_prefix(end + 1);
        end = parameterEnd(field);
        const std::string_view one = trimmed(field.substr(0, end));
        if (one.empty())
            continue;
        const std::size_t equals = std::min(one.find('='), one.size());
        const std::string_view value = equals < one.size() ? trimmed(one.substr(equals + 1)) : std::string_view();
        result.parameters.push_back({lowered(trimmed(one.substr(0, equals))), unquoted(value)});
    }
    return result;
}

std::string percentDecoded(std::string_view text, Plus plus)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hexValue(text[i + 1]) >= 0 && hexValue(text[i + 2]) >= 0) {
            result += static_cast<char>(hexValue(text[i + 1]) * 16 + hexValue(text[i + 2]));
            i += 2;
        } else {
            result += plus == Plus::Space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return result;
}

std::vector<NamedValue> parseUrlEncoded(std::string_view text, std::size_t most)
{
    std::vector<NamedValue> result;
    while (!text.empty() && result.size() < most) {
        const std::size_t end = std::min(text.find('&'), text.size());
        const std::string_view one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (one.empty())
            continue;
        const std::size_t equals = std::min(one.find('='), one.size());
        result.push_back({percentDecoded(one.substr(0, equals), Plus::Space),
            equals < one.size() ? percentDecoded(one.substr(equals + 1), Plus::Space) : std::string()});
    }
    return result;
}

std::vector<NamedValue> parseCookies(std::string_view field)
{
    std::vector<NamedValue> result;
    while (!field.empty()) {
        const std::size_t end = std::min(field.find(';'), field.size());
        if (const std::string_view one = trimmed(field.substr(0, end)); !one.empty())
            result.push_back(pairOf(one));
        field.remove_prefix(std::min(end + 1, field.size()));
    }
    return result;
}

SetCookie parseSetCookie(std::string_view field)
{
    const std::size_t end = std::min(field.find(';'), field.size());
    return {pairOf(field.substr(0, end)), std::string(end < field.size() ? trimmed(field.substr(end + 1)) : std::string_view())};
}

} // namespace cleat::data::content
