// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/requestquery.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace cleat::events {

namespace {

constexpr std::array<std::string_view, 13> keyNames{"method:", "path:", "handler:", "status:", "kind:", "binding:", "dur:", "size:", "error:", "console:", "env:", "body:",
    "header."}; // as RequestQuery::Key, from Method on
constexpr std::string_view header = keyNames.back();
constexpr std::string_view topLevel = "top"; ///< env: of requests without an environment

constexpr double endless = std::numeric_limits<double>::infinity();

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), lower);
    return result;
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool contains(std::string_view text, std::string_view pattern)
{
    if (pattern.empty())
        return true;
    if (text.size() < pattern.size())
        return false;
    const char first = pattern.front();
    const char *const end = text.data() + text.size() - pattern.size() + 1;
    for (const char *at = text.data(); at < end; ++at) {
        if (lower(*at) == first && std::equal(pattern.begin() + 1, pattern.end(), at + 1, [](char p, char t) { return p == lower(t); }))
            return true;
    }
    return false;
}

/// Whether the pattern, in which '*' stands for anything, is the text as a whole. Linear but for the last star that was tried.
bool isLike(std::string_view text, std::string_view pattern)
{
    std::size_t t = 0;
    std::size_t p = 0;
    std::size_t star = std::string_view::npos;
    std::size_t mark = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = t;
        } else if (p < pattern.size() && pattern[p] == lower(text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

/// A number with a unit behind it.
std::optional<double> number(std::string_view text, std::span<const std::pair<std::string_view, double>> units)
{
    if (text.empty() || (!isDigit(text.front()) && text.front() != '.')) // "nan" and "inf" are numbers to from_chars
        return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc())
        return std::nullopt;
    const std::string unit = lowered({end, text.data() + text.size()});
    for (const auto &[name, factor] : units) {
        if (unit == name)
            return value * factor;
    }
    return std::nullopt;
}

constexpr std::array<std::pair<std::string_view, double>, 1> plainUnits{{{"", 1}}};
constexpr std::array<std::pair<std::string_view, double>, 5> timeUnits{{{"", 1e3}, {"ms", 1e3}, {"us", 1}, {"\xc2\xb5s", 1}, {"s", 1e6}}}; // in microseconds
constexpr std::array<std::pair<std::string_view, double>, 8> sizeUnits{
    {{"", 1}, {"b", 1}, {"k", 1e3}, {"kb", 1e3}, {"m", 1e6}, {"mb", 1e6}, {"g", 1e9}, {"gb", 1e9}}};

struct Range {
    double from = 0;
    double to = endless;
};

/// 5, 5-7, 5..7, >5, >=5, <5, <=5.
std::optional<Range> range(std::string_view text, std::span<const std::pair<std::string_view, double>> units)
{
    if (text.starts_with('>') || text.starts_with('<')) {
        const bool more = text.front() == '>';
        const bool inclusive = text.size() > 1 && text[1] == '=';
        const auto bound = number(text.substr(inclusive ? 2 : 1), units);
        if (!bound)
            return std::nullopt;
        if (more)
            return Range{inclusive ? *bound : std::nextafter(*bound, endless), endless};
        return Range{0, inclusive ? *bound : std::nextafter(*bound, -endless)};
    }
    for (const std::string_view mark : {std::string_view(".."), std::string_view("-")}) {
        const std::size_t at = text.find(mark, 1);
        if (at == std::string_view::npos)
            continue;
        const auto from = number(text.substr(0, at), units);
        const std::string_view rest = text.substr(at + mark.size());
        const auto to = rest.empty() ? std::optional(endless) : number(rest, units);
        if (!from || !to || *from > *to)
            return std::nullopt;
        return Range{*from, *to};
    }
    const auto value = number(text, units);
    return value ? std::optional(Range{*value, *value}) : std::nullopt;
}

/// 503, or 5xx.
std::optional<Range> statusWord(std::string_view text)
{
    if (text.size() != 3 || text[0] < '1' || text[0] > '9')
        return std::nullopt;
    const int hundreds = (text[0] - '0') * 100;
    if (lower(text[1]) == 'x' && lower(text[2]) == 'x')
        return Range{static_cast<double>(hundreds), static_cast<double>(hundreds + 99)};
    if (!isDigit(text[1]) || !isDigit(text[2]))
        return std::nullopt;
    const double status = hundreds + (text[1] - '0') * 10 + (text[2] - '0');
    return Range{status, status};
}

/// Cuts at commas.
std::vector<std::string_view> parts(std::string_view text)
{
    std::vector<std::string_view> found;
    while (true) {
        const std::size_t comma = text.find(',');
        if (comma != 0 && !text.empty())
            found.push_back(text.substr(0, comma));
        if (comma == std::string_view::npos)
            return found;
        text.remove_prefix(comma + 1);
    }
}

} // namespace

std::span<const std::string_view> RequestQuery::keys()
{
    return keyNames;
}

base::Result<RequestQuery::Alternative> RequestQuery::alternative(Key key, std::string_view text)
{
    Alternative result;
    std::optional<Range> found;
    switch (key) {
    case Key::Text:
    case Key::Method:
    case Key::Path:
    case Key::Handler:
    case Key::Kind:
    case Key::Binding:
    case Key::Error:
    case Key::Console:
    case Key::Environment:
    case Key::Body:
    case Key::Header:
        result.pattern = lowered(text);
        result.wild = text.find('*') != std::string_view::npos;
        return result;
    case Key::Status:
        found = statusWord(text);
        if (!found)
            found = range(text, plainUnits);
        if (!found)
            return base::fail("query.value", "A status is a number (404), a class (5xx), a range (400-499) or a bound (>=500), not \"" + std::string(text) + "\".");
        break;
    case Key::Duration:
        found = range(text, timeUnits);
        if (!found)
            return base::fail("query.value", "A duration is milliseconds (100), has a unit (2s, 500us), or is a range (10-50) or a bound (>100), not \"" + std::string(text) + "\".");
        break;
    case Key::Size:
        found = range(text, sizeUnits);
        if (!found)
            return base::fail("query.value", "A size is bytes (512), has a unit (10k, 2M), or is a range (1k-10k) or a bound (>1M), not \"" + std::string(text) + "\".");
        break;
    }
    result.from = found->from;
    result.to = found->to;
    return result;
}

base::Result<RequestQuery::Term> RequestQuery::term(std::string_view word, bool quoted)
{
    Term result;
    if (!quoted && word.size() > 1 && word.starts_with('-')) {
        result.negated = true;
        word.remove_prefix(1);
    }
    if (!quoted && word.size() >= header.size() && lowered(word.substr(0, header.size())) == header) {
        const std::size_t colon = word.find(':');
        if (word.size() == header.size() || (colon != std::string_view::npos && colon > header.size())) {
            result.key = Key::Header;
            const std::size_t name = std::min(colon, word.size());
            result.field = lowered(word.substr(header.size(), name - header.size()));
            word.remove_prefix(std::min(name + 1, word.size()));
        }
    } else if (!quoted) {
        const std::string start = lowered(word.substr(0, word.find(':') + 1));
        const auto name = std::ranges::find(keyNames, start);
        if (name != keyNames.end()) {
            result.key = static_cast<Key>(static_cast<int>(Key::Method) + (name - keyNames.begin()));
            word.remove_prefix(start.size());
        }
    }
    if (result.key == Key::Text) {
        if (const auto status = quoted ? std::nullopt : statusWord(word)) {
            result.key = Key::Status;
            result.any.push_back({{}, false, status->from, status->to});
        } else {
            result.any.push_back({lowered(word), false, 0, 0});
        }
        return result;
    }
    for (const std::string_view part : parts(word)) {
        auto one = alternative(result.key, part);
        if (!one)
            return std::unexpected(one.error());
        result.any.push_back(std::move(*one));
    }
    return result;
}

base::Result<RequestQuery> RequestQuery::parse(std::string_view line)
{
    RequestQuery query;
    std::size_t at = 0;
    const auto isSpace = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
    while (at < line.size()) {
        if (isSpace(line[at])) {
            ++at;
            continue;
        }
        const std::size_t begin = at;
        const bool quoted = line[at] == '"'; // the whole word; a quote within, behind a key, only keeps spaces together
        std::string word;
        bool inside = false;
        for (; at < line.size() && (inside || !isSpace(line[at])); ++at) {
            if (line[at] == '"')
                inside = !inside;
            else
                word += line[at];
        }
        if (word.empty())
            continue;
        auto one = term(word, quoted);
        if (!one) {
            one.error().place.column = static_cast<int>(begin) + 1;
            return std::unexpected(one.error());
        }
        if (!one->any.empty())
            query.m_terms.push_back(std::move(*one));
    }
    return query;
}

bool RequestQuery::asksInside() const
{
    return std::ranges::any_of(m_terms, [](const Term &term) {
        switch (term.key) {
        case Key::Kind:
        case Key::Binding:
        case Key::Error:
        case Key::Console:
        case Key::Body:
        case Key::Header:
            return true;
        case Key::Text:
        case Key::Method:
        case Key::Path:
        case Key::Handler:
        case Key::Status:
        case Key::Duration:
        case Key::Size:
        case Key::Environment:
            break;
        }
        return false;
    });
}

bool RequestQuery::Term::fitsNumber(double number) const
{
    return std::ranges::any_of(any, [number](const Alternative &one) { return number >= one.from && number <= one.to; });
}

bool RequestQuery::Term::fitsText(std::string_view text) const
{
    const auto holds = [](std::string_view value, const Alternative &one) { return one.wild ? isLike(value, one.pattern) : contains(value, one.pattern); };
    const auto some = [this](auto how) { return std::ranges::any_of(any, how); };
    switch (key) {
    case Key::Text:
        return some([&](const Alternative &one) { return contains(text, one.pattern); });
    case Key::Method:
    case Key::Kind:
    case Key::Binding:
        return some([&](const Alternative &one) { return isLike(text, one.pattern); });
    case Key::Environment:
        return some([&](const Alternative &one) { return isLike(text.empty() ? topLevel : text, one.pattern); });
    case Key::Path:
    case Key::Handler:
    case Key::Console:
        return some([&](const Alternative &one) { return holds(text, one); });
    case Key::Error:
        return !text.empty() && some([&](const Alternative &one) { return holds(text, one); });
    case Key::Body:
        return !text.empty() && some([&](const Alternative &one) { return holds(text, one); });
    case Key::Header:
        while (!text.empty()) {
            const std::string_view line = text.substr(0, text.find("\r\n"));
            text.remove_prefix(std::min(line.size() + 2, text.size()));
            if (line.size() <= field.size() || line[field.size()] != ':' || !std::ranges::equal(line.substr(0, field.size()), field, {}, lower))
                continue;
            std::string_view value = line.substr(field.size() + 1);
            value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
            if (some([&](const Alternative &one) { return holds(value, one); }))
                return true;
        }
        return false;
    case Key::Status:
    case Key::Duration:
    case Key::Size:
        break;
    }
    return false;
}

bool RequestQuery::fits(const Term &term, const RequestFacts &facts)
{
    const RequestEvent &request = facts.request;
    const auto is = [&term](std::string_view text) { return term.fitsText(text); };
    switch (term.key) {
    case Key::Text:
        return is(request.target) || is(request.method) || is(request.handler) || is(request.error);
    case Key::Method:
        return is(request.method);
    case Key::Path:
        return is(request.target);
    case Key::Handler:
        return is(request.handler);
    case Key::Status:
        return term.fitsNumber(request.status);
    case Key::Kind:
        return (request.kind != RequestKind::Http && is(kindName(request.kind))) || std::ranges::any_of(facts.calls, is, &CallEvent::kind);
    case Key::Binding:
        return std::ranges::any_of(facts.calls, is, &CallEvent::binding);
    case Key::Duration:
        return request.state != RequestState::Running && term.fitsNumber(request.durationUs);
    case Key::Size:
        return term.fitsNumber(static_cast<double>(request.responseBytes));
    case Key::Error:
        return is(request.error) || std::ranges::any_of(facts.calls, is, &CallEvent::error) || std::ranges::any_of(facts.exceptions, is, &ExceptionEvent::message);
    case Key::Console:
        return std::ranges::any_of(facts.console, is, &ConsoleEvent::text);
    case Key::Environment:
        return is(request.environment);
    case Key::Body:
        return facts.content && (is(facts.content->requestBody) || is(facts.content->responseBody));
    case Key::Header:
        return facts.content && (is(facts.content->requestHead) || is(facts.content->responseHead));
    }
    return false;
}

bool RequestQuery::matches(const RequestFacts &facts) const
{
    return std::ranges::all_of(m_terms, [&](const Term &term) { return fits(term, facts) != term.negated; });
}

} // namespace cleat::events
