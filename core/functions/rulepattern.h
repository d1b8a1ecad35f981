// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cleat::functions {

/// The left side of a rule of _headers or _redirects: a path, or "https://" with a host and a path, in which ":name" takes a part of a segment (of a
/// host: of a label) and "*" any text. Letters count as they are written. Immutable; any thread.
class RulePattern final
{
public:
    /// Names and what they took, in the order of the pattern; the name of "*" is "splat". Views of the pattern and of what was matched.
    using Captures = std::vector<std::pair<std::string_view, std::string_view>>;

    /// `rule`: as ruleUrl() leaves it.
    explicit RulePattern(std::string rule);

    const std::string &text() const { return m_text; }
    /// Why it can match nothing (a name that comes twice), or empty.
    const std::string &problem() const { return m_problem; }
    /// A path without names and stars: it matches itself alone.
    bool isFixed() const { return !m_hasHost && m_pieces.size() <= 1 && m_problem.empty() && (m_pieces.empty() || m_pieces.front().kind == Piece::Kind::Text); }

    /// `path`: of a URL, percent-encoded. `host`: without the port. Fills `captures` when it matches.
    bool match(std::string_view path, std::string_view host, Captures &captures) const;

private:
    struct Piece {
        enum class Kind {
            Text,
            Label, ///< in a host
            Segment,
            Splat,
        };
        Kind kind = Kind::Text;
        std::string text; ///< or the name
    };
    struct Search;

    std::string m_text;
    std::string m_problem;
    std::vector<Piece> m_pieces;
    bool m_hasHost = false;
};

/// Puts what was captured in place of ":name".
std::string filledIn(std::string text, const RulePattern::Captures &captures);

/// True for a text with "*" or ":name".
bool isPatternText(std::string_view text);

/// A URL of a rule as Pages keeps it: "https://host/path" or "/path", percent-encoded and without dot segments. Empty, with the reason, when it is none.
enum class RuleUrlParts { Path, PathQueryFragment };
enum class RuleUrlKind {
    Relative, ///< "a" stands for "/a"; no host
    WithoutPort, ///< a host, but no port
    Any,
};
std::string ruleUrl(std::string_view text, RuleUrlKind kind, RuleUrlParts parts, std::string &problem);

/// Without white space (and byte order marks) at both ends, as JavaScript's trim() does it.
std::string_view ruleTrimmed(std::string_view text);
/// How long JavaScript takes a text to be.
std::size_t utf16Length(std::string_view text);

} // namespace cleat::functions
