// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/routesfile.h"

#include "core/base/json.h"
#include "core/functions/urlpath.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cleat::functions {

namespace {

using base::Json;

constexpr std::size_t maxRules = 100;
constexpr std::size_t maxRuleLength = 100;

base::Place placeAt(std::string_view text, std::size_t at, const std::string &file)
{
    const std::string_view before = text.substr(0, std::min(at, text.size()));
    const auto line = std::ranges::count(before, '\n');
    return {file, static_cast<int>(line) + 1, static_cast<int>(before.size() - (line > 0 ? before.rfind('\n') + 1 : 0)) + 1};
}

/// '*' stands for any text.
bool globTakes(std::string_view glob, std::string_view text)
{
    std::size_t g = 0;
    std::size_t t = 0;
    std::size_t star = std::string_view::npos;
    std::size_t mark = 0;
    while (t < text.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            mark = t;
        } else if (g < glob.size() && glob[g] == text[t]) {
            ++g;
            ++t;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (g < glob.size() && glob[g] == '*')
        ++g;
    return g == glob.size();
}

std::string ruleProblem(const std::string &rule)
{
    if (!rule.starts_with('/'))
        return "does not begin with a slash";
    if (rule.size() > maxRuleLength)
        return "is longer than " + std::to_string(maxRuleLength) + " characters";
    return {};
}

/// Another rule of the list that takes all that this one takes, as Pages sees it; empty: none.
std::string overlapped(const std::vector<std::string> &rules, const std::string &rule)
{
    for (const std::string &other : rules) {
        if (other.ends_with("/*") && other != rule && rule.starts_with(std::string_view(other).substr(0, other.size() - 1)))
            return other;
    }
    return {};
}

} // namespace

bool ruleTakes(std::string_view rule, std::string_view path)
{
    if (rule.size() > 2 && rule.ends_with("/*")) {
        const std::string_view folder = rule.substr(0, rule.size() - 2);
        return globTakes(folder, path) || globTakes(rule, path);
    }
    if (rule == "/" || rule.ends_with('*'))
        return globTakes(rule, path);
    const std::string_view bare = rule.ends_with('/') ? rule.substr(0, rule.size() - 1) : rule;
    return globTakes(bare, path) || (path.ends_with('/') && globTakes(bare, path.substr(0, path.size() - 1)));
}

base::Result<RoutesFile> RoutesFile::parse(std::string_view text, const std::string &file)
{
    const auto invalid = [&](const std::string &why, std::size_t at = std::string_view::npos) {
        return base::fail("routesfile.invalid", file + " is not in order: " + why, at == std::string_view::npos ? base::Place{file, 0, 0} : placeAt(text, at, file));
    };
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error &error) {
        return invalid("it is not JSON.", error.byte > 0 ? error.byte - 1 : 0);
    }
    if (!json.is_object() || !json.contains("version") || json["version"] != 1)
        return invalid("it needs \"version\": 1.");
    RoutesFile made;
    for (const auto &[key, list] : {std::pair{"include", &made.include}, std::pair{"exclude", &made.exclude}}) {
        if (!json.contains(key))
            continue;
        if (!json[key].is_array())
            return invalid("\"" + std::string(key) + "\" has to be a list of paths.");
        for (const Json &rule : json[key]) {
            if (!rule.is_string())
                return invalid("a rule of \"" + std::string(key) + "\" is not a text.");
            list->push_back(rule.get<std::string>());
            if (const std::string why = ruleProblem(list->back()); !why.empty())
                return invalid("the rule \"" + list->back() + "\" of \"" + key + "\" " + why + '.', text.find(rule.dump(-1, ' ', false, Json::error_handler_t::replace)));
        }
    }
    if (made.include.empty())
        return invalid("\"include\" needs one rule at least, for example \"/*\".");
    if (made.include.size() + made.exclude.size() > maxRules)
        return invalid("it has more than " + std::to_string(maxRules) + " rules.");
    if (!json.contains("exclude"))
        return invalid("it needs \"exclude\", which may be an empty list.");
    for (const auto *list : {&made.include, &made.exclude}) {
        for (const std::string &rule : *list) {
            if (const std::string other = overlapped(*list, rule); !other.empty())
                return invalid("the rule \"" + rule + "\" is part of \"" + other + "\". Remove it.", text.find(Json(rule).dump(-1, ' ', false, Json::error_handler_t::replace)));
        }
    }
    return made;
}

RoutesFile::Decision RoutesFile::decide(std::string_view path) const
{
    const std::string normal = normalizedPath(path);
    const auto taking = [&normal](const std::string &rule) { return ruleTakes(rule, normal); };
    if (const auto rule = std::ranges::find_if(exclude, taking); rule != exclude.end())
        return {Goes::Excluded, *rule};
    if (const auto rule = std::ranges::find_if(include, taking); rule != include.end())
        return {Goes::ToCode, *rule};
    return {Goes::NotIncluded, {}};
}

} // namespace cleat::functions
