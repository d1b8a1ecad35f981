// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/headersfile.h"

#include "core/functions/rulefile.h"

#include <algorithm>
#include <optional>

namespace cleat::functions {

namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool sameName(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, {}, lower, lower);
}

// RFC 9110 section 5.6.2: a token
bool isFieldName(std::string_view name)
{
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.find(c) != std::string_view::npos;
    });
}

bool isFieldValue(std::string_view value)
{
    return std::ranges::none_of(value, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

/// "/path" or "scheme://".
bool looksLikePath(std::string_view line)
{
    const std::size_t scheme = line.find("://");
    return line.starts_with('/') || (scheme != std::string_view::npos && scheme > 0 && line.find_first_of(" \t\v\f") > scheme);
}

} // namespace

class HeadersFile::Parser final
{
public:
    Parser(HeadersFile &made, const std::string &file) : m_made(made), m_file(file) {}

    void run(std::string_view text)
    {
        eachRuleLine(text, [this](std::string_view line, int number) {
            take(line, number);
            return !m_full;
        });
        finish();
    }

private:
    void tell(int number, std::string_view line, const std::string &why)
    {
        m_made.m_problems.push_back(ruleProblem("headersfile.line", m_file, number, line, why));
    }

    void take(std::string_view line, int number)
    {
        if (utf16Length(line) > maxLineLength)
            tell(number, line, "a line has at most " + std::to_string(maxLineLength) + " characters");
        else if (looksLikePath(line))
            begin(line, number);
        else if (!m_skip)
            field(line, number);
    }

    void begin(std::string_view line, int number)
    {
        finish();
        m_skip = false;
        if (m_count >= maxRules) {
            tell(number, line, "there are at most " + std::to_string(maxRules) + " rules, and all that follow are left out, too");
            m_full = true;
            return;
        }
        std::string problem;
        std::string path = ruleUrl(line, RuleUrlKind::WithoutPort, RuleUrlParts::Path, problem);
        if (problem.empty() && std::ranges::count(path, '*') == 1 && holdsSplat(path))
            problem = "a * is called :splat already, so :splat cannot stand beside it";
        std::optional<RulePattern> pattern;
        if (problem.empty()) {
            pattern.emplace(std::move(path));
            problem = pattern->problem();
        }
        if (!problem.empty()) {
            tell(number, line, problem);
            m_skip = true;
            return;
        }
        m_rule = Rule{*std::move(pattern), number, {}, {}};
    }

    static bool holdsSplat(std::string_view path)
    {
        for (std::size_t at = path.find(":splat"); at != std::string_view::npos; at = path.find(":splat", at + 1)) {
            const char next = at + 6 < path.size() ? path[at + 6] : '/';
            if (!((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || (next >= '0' && next <= '9') || next == '_'))
                return true;
        }
        return false;
    }

    void field(std::string_view line, int number)
    {
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) {
            if (!m_rule)
                tell(number, line, "a path, which begins with a slash, has to come first");
            else if (const std::string_view name = line.substr(std::min<std::size_t>(2, line.size())); !line.starts_with("! "))
                tell(number, line, "a field is written as \"name: value\", and one to be removed as \"! name\"");
            else if (!isFieldName(ruleTrimmed(name)))
                tell(number, line, "that is no name of a field");
            else
                m_rule->removed.emplace_back(ruleTrimmed(name));
            return;
        }
        const std::string_view name = ruleTrimmed(line.substr(0, colon));
        const std::string_view value = ruleTrimmed(line.substr(colon + 1));
        std::string why;
        if (name.empty())
            why = "the name of the field is missing";
        else if (!isFieldName(name))
            why = name.find(' ') != std::string_view::npos ? "the name of a field holds no spaces" : "that is no name of a field";
        else if (value.empty())
            why = "the value of the field is missing";
        else if (!isFieldValue(value))
            why = "the value holds control characters";
        else if (!m_rule)
            why = "a path, which begins with a slash, has to come first";
        if (!why.empty()) {
            tell(number, line, why);
            return;
        }
        const auto known = std::ranges::find_if(m_rule->set, [name](const auto &one) { return sameName(one.first, name); });
        if (known == m_rule->set.end())
            m_rule->set.emplace_back(name, value);
        else
            known->second.append(", ").append(value);
    }

    void finish()
    {
        if (!m_rule)
            return;
        Rule rule = *std::exchange(m_rule, std::nullopt);
        if (rule.set.empty() && rule.removed.empty()) {
            tell(rule.line, rule.pattern.text(), "no fields follow it");
            return;
        }
        ++m_count;
        const auto known = std::ranges::find_if(m_made.m_rules, [&](const Rule &other) { return other.pattern.text() == rule.pattern.text(); });
        if (known == m_made.m_rules.end()) {
            m_made.m_rules.push_back(std::move(rule));
            return;
        }
        // As Pages has it: the later one counts, in the place of the earlier.
        tell(known->line, rule.pattern.text(), "line " + std::to_string(rule.line) + " has the same path and replaces it");
        *known = std::move(rule);
    }

    HeadersFile &m_made;
    const std::string &m_file;
    std::optional<Rule> m_rule;
    std::size_t m_count = 0;
    bool m_skip = false; ///< until the next path
    bool m_full = false;
};

HeadersFile HeadersFile::parse(std::string_view text, const std::string &file)
{
    HeadersFile made;
    Parser(made, file).run(text);
    return made;
}

void HeadersFile::apply(Fields &fields, std::string_view path, std::string_view host) const
{
    std::vector<std::string_view> set; // by a rule before
    RulePattern::Captures captures;
    for (const Rule &rule : m_rules) {
        if (!rule.pattern.match(path, host, captures))
            continue;
        for (const std::string &name : rule.removed)
            std::erase_if(fields, [&name](const auto &field) { return sameName(field.first, name); });
        for (const auto &[name, text] : rule.set) {
            const auto isIt = [&](const auto &field) { return sameName(field.first, name); };
            const bool again = std::ranges::any_of(set, [&](std::string_view one) { return sameName(one, name); });
            const auto known = std::ranges::find_if(fields, isIt);
            std::string value = filledIn(text, captures);
            if (again && known != fields.end() && !sameName(name, "set-cookie")) {
                known->second.append(", ").append(value);
                continue;
            }
            if (!again) {
                std::erase_if(fields, isIt);
                set.push_back(name);
            }
            fields.emplace_back(name, std::move(value));
        }
    }
}

} // namespace cleat::functions
