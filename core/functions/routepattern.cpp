// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/routepattern.h"

#include <algorithm>

namespace cleat::functions {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool startsWith(std::string_view text, std::string_view loweredPrefix)
{
    if (text.size() < loweredPrefix.size())
        return false;
    for (std::size_t i = 0; i < loweredPrefix.size(); ++i) {
        if (lower(text[i]) != loweredPrefix[i])
            return false;
    }
    return true;
}

void setParameter(std::vector<Parameter> &out, Parameter &&parameter)
{
    const auto same = std::ranges::find(out, parameter.name, &Parameter::name);
    if (same != out.end())
        *same = std::move(parameter);
    else
        out.push_back(std::move(parameter));
}

std::vector<PatternToken> tokensOf(std::string_view segment)
{
    std::vector<PatternToken> tokens;
    std::string text;
    for (std::size_t i = 0; i < segment.size();) {
        if (segment[i] == ':') {
            std::size_t end = i + 1;
            while (end < segment.size() && isParameterCharacter(segment[end]))
                ++end;
            PatternToken parameter{PatternToken::Kind::Parameter, std::string(segment.substr(i + 1, end - i - 1)), {}};
            if (!tokens.empty())
                parameter.stop = text;
            if (!text.empty())
                tokens.push_back({PatternToken::Kind::Text, std::exchange(text, {}), {}});
            tokens.push_back(std::move(parameter));
            i = end;
        } else {
            text += lower(segment[i++]);
        }
    }
    if (!text.empty())
        tokens.push_back({PatternToken::Kind::Text, text, {}});
    return tokens;
}

// A parameter takes as few characters as will do.
bool matchTokens(const std::vector<PatternToken> &tokens, std::size_t index, std::string_view rest, std::vector<std::string_view> &values)
{
    if (index == tokens.size())
        return rest.empty();
    const PatternToken &token = tokens[index];
    if (token.kind == PatternToken::Kind::Text)
        return startsWith(rest, token.text) && matchTokens(tokens, index + 1, rest.substr(token.text.size()), values);
    for (std::size_t length = 1; length <= rest.size(); ++length) {
        if (!token.stop.empty() && startsWith(rest.substr(length - 1), token.stop))
            return false;
        values.push_back(rest.substr(0, length));
        if (matchTokens(tokens, index + 1, rest.substr(length), values))
            return true;
        values.pop_back();
    }
    return false;
}

PatternSegment compile(std::string_view segment)
{
    if (segment.find(':') == std::string_view::npos)
        return {PatternSegment::Kind::Static, lowered(segment), {}};
    if (segment.front() == ':' && segment.back() == '*')
        return {PatternSegment::Kind::Rest, std::string(segment.substr(1, segment.size() - 2)), {}};
    std::vector<PatternToken> tokens = tokensOf(segment);
    if (tokens.size() == 1)
        return {PatternSegment::Kind::Parameter, tokens.front().text, {}};
    return {PatternSegment::Kind::Mixed, {}, std::move(tokens)};
}

} // namespace

std::string lowered(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

bool PatternSegment::takesSameAs(const PatternSegment &other) const
{
    if (kind != other.kind)
        return false;
    switch (kind) {
    case Kind::Static:
        return text == other.text;
    case Kind::Parameter:
    case Kind::Rest:
        return true;
    case Kind::Mixed:
        return std::ranges::equal(tokens, other.tokens, [](const PatternToken &a, const PatternToken &b) {
            return a.kind == b.kind && a.stop == b.stop && (a.kind == PatternToken::Kind::Parameter || a.text == b.text);
        });
    }
    return false;
}

bool PatternSegment::matches(std::string_view segment, std::vector<Parameter> *out) const
{
    switch (kind) {
    case Kind::Static:
        return segment.size() == text.size() && startsWith(segment, text);
    case Kind::Parameter:
        if (out)
            setParameter(*out, {text, {std::string(segment)}, Parameter::Kind::Single});
        return true;
    case Kind::Mixed: {
        std::vector<std::string_view> values;
        if (!matchTokens(tokens, 0, segment, values))
            return false;
        if (out) {
            std::size_t next = 0;
            for (const PatternToken &token : tokens) {
                if (token.kind == PatternToken::Kind::Parameter)
                    setParameter(*out, {token.text, {std::string(values[next++])}, Parameter::Kind::Single});
            }
        }
        return true;
    }
    case Kind::Rest:
        break;
    }
    return false;
}

PathSegments::PathSegments(std::string_view text) : path(text)
{
    if (text.size() < 2)
        return;
    segments.reserve(8);
    for (std::size_t start = 1;;) {
        const std::size_t end = text.find('/', start);
        segments.push_back(text.substr(start, end == std::string_view::npos ? end : end - start));
        if (end == std::string_view::npos)
            return;
        start = end + 1;
    }
}

Pattern::Pattern(std::string_view path)
{
    for (std::string_view segment : PathSegments(path).segments) {
        m_segments.push_back(compile(segment));
        m_rests += m_segments.back().kind == PatternSegment::Kind::Rest ? 1 : 0;
    }
}

std::string Pattern::problem(std::string_view path)
{
    for (std::string_view segment : PathSegments(path).segments) {
        const std::size_t star = segment.find('*');
        if (star != std::string_view::npos) {
            if (segment.front() != ':' || star + 1 != segment.size() || segment.find(':', 1) != std::string_view::npos)
                return "[[...]] must be the whole name of a file or folder.";
            continue;
        }
        for (std::size_t i = segment.find(':'); i != std::string_view::npos; i = segment.find(':', i)) {
            for (++i; i < segment.size() && isParameterCharacter(segment[i]);)
                ++i;
            if (i < segment.size() && segment[i] == ':')
                return "Two parameters need some text between them.";
        }
    }
    return {};
}

struct Pattern::Search {
    const std::vector<PatternSegment> &pattern;
    const std::vector<std::string_view> &path;
    std::size_t limit; // segments that may be taken
    Extent extent;
    std::vector<std::size_t> taken; // by each Rest, in order
    std::vector<bool> dead; // pattern index * (limit + 1) + path index; only kept with several Rests

    bool run(std::size_t at, std::size_t from, std::size_t &end)
    {
        if (at == pattern.size()) {
            end = from;
            return extent == Extent::Front || from == limit;
        }
        const std::size_t state = at * (limit + 1) + from;
        if (!dead.empty() && dead[state])
            return false;
        bool found = false;
        if (pattern[at].kind == PatternSegment::Kind::Rest) {
            std::size_t most = 0;
            while (from + most < limit && !path[from + most].empty())
                ++most;
            taken.push_back(most);
            const std::size_t slot = taken.size() - 1;
            for (std::size_t count = most + 1; count-- > 0 && !found;) {
                taken.resize(slot + 1);
                taken[slot] = count;
                found = run(at + 1, from + count, end);
            }
            if (!found)
                taken.resize(slot);
        } else if (from < limit && !path[from].empty() && pattern[at].matches(path[from], nullptr)) {
            found = run(at + 1, from + 1, end);
        }
        if (!found && !dead.empty())
            dead[state] = true;
        return found;
    }
};

std::optional<Pattern::Match> Pattern::match(const PathSegments &path, Extent extent) const
{
    if (m_segments.empty()) {
        const bool all = path.path == "/" || path.path == "//";
        if (!all && extent == Extent::Whole)
            return std::nullopt;
        return Match{all ? path.path : path.path.substr(0, 1), {}};
    }
    Search search{m_segments, path.segments, extent == Extent::Whole ? path.exactCount() : path.segments.size(), extent, {}, {}};
    if (m_rests > 1)
        search.dead.resize(m_segments.size() * (search.limit + 1));
    std::size_t end = 0;
    if (!search.run(0, 0, end))
        return std::nullopt;

    Match match;
    std::size_t next = 0;
    std::size_t rest = 0;
    for (const PatternSegment &segment : m_segments) {
        if (segment.kind != PatternSegment::Kind::Rest) {
            segment.matches(path.segments[next++], &match.parameters);
            continue;
        }
        const std::size_t count = search.taken[rest++];
        if (count == 0)
            continue;
        Parameter parameter{segment.text, {}, Parameter::Kind::Rest};
        for (std::size_t i = 0; i < count; ++i)
            parameter.values.emplace_back(path.segments[next++]);
        setParameter(match.parameters, std::move(parameter));
    }
    // One slash that ends the path belongs to what was taken.
    std::size_t length = 0;
    if (end > 0)
        length = static_cast<std::size_t>(path.segments[end - 1].data() - path.path.data()) + path.segments[end - 1].size();
    if (extent == Extent::Whole || path.path.substr(length) == "/")
        length = path.path.size();
    match.path = path.path.substr(0, length);
    return match;
}

} // namespace cleat::functions
