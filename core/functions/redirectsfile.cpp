// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/redirectsfile.h"

#include "core/functions/rulefile.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace cleat::functions {

namespace {

constexpr std::string_view blanks = " \t\v\f\r";

std::vector<std::string_view> wordsOf(std::string_view line)
{
    // A comment begins with a # behind a blank.
    for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
        if (at > 0 && blanks.find(line[at - 1]) != std::string_view::npos) {
            line = line.substr(0, at);
            break;
        }
    }
    std::vector<std::string_view> words;
    for (;;) {
        const std::size_t start = line.find_first_not_of(blanks);
        if (start == std::string_view::npos)
            return words;
        line.remove_prefix(start);
        const std::size_t end = std::min(line.find_first_of(blanks), line.size());
        words.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

std::optional<int> statusOf(std::string_view text)
{
    int status = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
    constexpr auto known = std::to_array({200, 301, 302, 303, 307, 308});
    if (error != std::errc() || end != text.data() + text.size() || std::ranges::find(known, status) == known.end())
        return std::nullopt;
    return status;
}

bool endsAtIndex(std::string_view to)
{
    return to.ends_with("/index") || to.ends_with("/index.html");
}

/// What a pattern's target becomes: runs of slashes are one, unless another host is named.
std::string patternTarget(std::string_view to, const RulePattern::Captures &captures)
{
    const bool hasHost = to.find("://") < to.find('/') || (to.starts_with("//") && to.size() > 2 && std::string_view("/\\?#").find(to[2]) == std::string_view::npos);
    std::string filled = filledIn(std::string(to), captures);
    if (hasHost)
        return filled;
    std::string made;
    const std::size_t end = std::min(filled.find_first_of("?#"), filled.size());
    for (std::size_t at = 0; at < end; ++at) {
        const bool slash = filled[at] == '/' || filled[at] == '\\';
        if (!slash)
            made += filled[at];
        else if (made.empty() || made.back() != '/')
            made += '/';
    }
    return made.append(filled, end);
}

} // namespace

class RedirectsFile::Parser final
{
public:
    Parser(RedirectsFile &made, const std::string &file) : m_made(made), m_file(file) {}

    void run(std::string_view text)
    {
        eachRuleLine(text, [this](std::string_view line, int number) {
            if (const std::string why = take(line, number); !why.empty())
                tell(number, line, why);
            return !m_full;
        });
    }

private:
    void tell(int number, std::string_view line, const std::string &why)
    {
        m_made.m_problems.push_back(ruleProblem("redirectsfile.line", m_file, number, line, why));
    }

    /// Why the line is left out, or an empty text.
    std::string take(std::string_view line, int number)
    {
        if (utf16Length(line) > maxLineLength)
            return "a line has at most " + std::to_string(maxLineLength) + " characters";
        const std::vector<std::string_view> words = wordsOf(line);
        if (words.size() < 2 || words.size() > 3)
            return "a rule is written as \"/from /to\", perhaps with a status behind it; these are " + std::to_string(words.size()) + (words.size() == 1 ? " word" : " words");
        std::string problem;
        const std::string from = ruleUrl(words[0], RuleUrlKind::Relative, RuleUrlParts::Path, problem);
        if (!problem.empty())
            return problem;
        const bool isPattern = isPatternText(from);
        m_onlyFixed = m_onlyFixed && !isPattern;
        if (m_onlyFixed && ++m_fixed > maxFixed)
            return "there are at most " + std::to_string(maxFixed) + " rules without * and :names";
        if (!m_onlyFixed && ++m_patterns > maxPatterns) {
            m_full = true;
            return "there are at most " + std::to_string(maxPatterns) + " rules from the first one with * or a :name on, and all that follow are left out, too";
        }
        const std::string to = ruleUrl(words[1], RuleUrlKind::Any, RuleUrlParts::PathQueryFragment, problem);
        if (!problem.empty())
            return "where it leads to is wrong: " + problem;
        const std::optional<int> status = words.size() == 3 ? statusOf(words[2]) : 302;
        if (!status)
            return "the status is one of 200, 301, 302, 303, 307 and 308, not \"" + std::string(words[2]) + '"';
        const bool hasHost = to.starts_with("https://");
        if (!hasHost && endsAtIndex(to) && (from.ends_with("/*") || from.ends_with('/')))
            return "it would lead to itself again without end, because /index and .html leave every address; for a single-page application no rule is needed";
        if (!m_seen.insert(from).second)
            return "a rule for " + from + " stands further up";
        if (*status == 200 && hasHost)
            return "with status 200 it has to lead to a path of this site";
        RulePattern pattern(from);
        if (!pattern.problem().empty())
            return pattern.problem();
        Match match{*status, to, number};
        if (m_keepFixed && !isPattern) {
            m_made.m_fixed.emplace(from, std::move(match));
        } else {
            m_keepFixed = false;
            m_made.m_patterns.emplace_back(std::move(pattern), std::move(match));
        }
        return {};
    }

    RedirectsFile &m_made;
    const std::string &m_file;
    std::set<std::string> m_seen;
    std::size_t m_fixed = 0;
    std::size_t m_patterns = 0;
    bool m_onlyFixed = true; ///< no pattern has come, as the limits count
    bool m_keepFixed = true; ///< the same among the rules that hold
    bool m_full = false;
};

RedirectsFile RedirectsFile::parse(std::string_view text, const std::string &file)
{
    RedirectsFile made;
    Parser(made, file).run(text);
    return made;
}

std::optional<RedirectsFile::Match> RedirectsFile::match(std::string_view path) const
{
    if (const auto fixed = m_fixed.find(path); fixed != m_fixed.end())
        return fixed->second;
    RulePattern::Captures captures;
    for (const auto &[pattern, rule] : m_patterns) {
        if (pattern.match(path, {}, captures))
            return Match{rule.status, patternTarget(rule.to, captures), rule.line};
    }
    return std::nullopt;
}

} // namespace cleat::functions
