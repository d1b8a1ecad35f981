// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/functions/routes.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::functions {

constexpr bool isParameterCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// ASCII letters in lower case; routes match in either case.
std::string lowered(std::string_view text);

/// One part of a segment: text, or a parameter within it.
struct PatternToken {
    enum class Kind { Text, Parameter };
    Kind kind = Kind::Text;
    std::string text; ///< in lower case; of a parameter its name
    std::string stop; ///< a parameter's value never holds this text (the text between it and the parameter before)
};

/// What stands between two slashes of a pattern.
struct PatternSegment {
    enum class Kind {
        Static, ///< "api"
        Parameter, ///< ":id"
        Mixed, ///< "v:major.:minor"
        Rest, ///< ":path*": none, one or more segments
    };
    Kind kind = Kind::Static;
    std::string text; ///< Static: in lower case; Parameter and Rest: the name
    std::vector<PatternToken> tokens; ///< Mixed only

    /// True when both take the same texts; the names of parameters do not count.
    bool takesSameAs(const PatternSegment &other) const;
    /// `segment`: not empty. Adds parameters to `out` when that is not null. Not for Rest.
    bool matches(std::string_view segment, std::vector<Parameter> *out) const;
};

/// A path cut at its slashes. "/a/b/" has the segments "a", "b" and "".
struct PathSegments {
    explicit PathSegments(std::string_view path);
    std::string_view path;
    std::vector<std::string_view> segments;
    /// Segments that an exact match must take: one empty segment at the end does not count.
    std::size_t exactCount() const { return segments.empty() || !segments.back().empty() ? segments.size() : segments.size() - 1; }
};

/// A route's path, compiled. Matches as path-to-regexp 6 does with the options of Pages: letters in either case, one slash more at the end is ignored,
/// and a part of a path only up to the end of a segment. Immutable; any thread.
class Pattern final
{
public:
    explicit Pattern(std::string_view path);

    /// Why `path` cannot be a pattern, or an empty text.
    static std::string problem(std::string_view path);

    const std::vector<PatternSegment> &segments() const { return m_segments; }

    enum class Extent { Whole, Front };
    struct Match {
        std::string_view path; ///< what was taken of the path
        std::vector<Parameter> parameters;
    };
    std::optional<Match> match(const PathSegments &path, Extent extent) const;

private:
    struct Search;
    std::vector<PatternSegment> m_segments;
    int m_rests = 0;
};

} // namespace cleat::functions
