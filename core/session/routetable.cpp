// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/routetable.h"

#include "core/functions/bundler.h"
#include "core/functions/routepattern.h"
#include "core/functions/urlpath.h"
#include "core/session/deployment.h"

#include <algorithm>
#include <tuple>

namespace cleat::session {

using functions::PathSegments;
using functions::Pattern;
using functions::Route;

namespace {

/// A Worker's script is none of the functions folder's files.
RouteHandler handlerOf(const std::pair<std::string, std::string> &function)
{
    const bool isWorker = function.second == functions::workerFetch || function.second == functions::workerScheduled;
    return {isWorker ? function.first : "functions/" + function.first, function.second};
}

bool methodFits(const std::string &wanted, std::string_view method)
{
    return wanted.empty() || wanted == method;
}

/// The middlewares that whatever fits `row` has to pass.
std::vector<RouteHandler> chainOf(const std::vector<Route> &routes, const Route &row)
{
    std::vector<RouteHandler> chain;
    const PathSegments path(row.path);
    for (auto route = routes.rbegin(); route != routes.rend(); ++route) { // those of outer folders come later in the table
        if (route->middlewares.empty() || !(route->method.empty() || route->method == row.method) || !Pattern(route->path).match(path, Pattern::Extent::Front))
            continue;
        for (const auto &function : route->middlewares)
            chain.push_back(handlerOf(function));
    }
    return chain;
}

/// The path of a path or URL, and the query with its '?'.
std::pair<std::string, std::string> pathAndQuery(std::string_view target)
{
    if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos && target.find_first_of("/?#") > scheme) {
        target.remove_prefix(scheme + 3);
        target.remove_prefix(std::min(target.find_first_of("/?#"), target.size()));
    }
    target = target.substr(0, target.find('#'));
    const std::size_t question = std::min(target.find('?'), target.size());
    std::string path(target.substr(0, question));
    if (!path.starts_with('/'))
        path.insert(0, 1, '/');
    return {functions::normalizedPath(path), std::string(target.substr(question))};
}

std::string withoutRepeatedSlashes(std::string path)
{
    const auto repeated = std::ranges::unique(path, [](char a, char b) { return a == '/' && b == '/'; });
    path.erase(repeated.begin(), repeated.end());
    return path;
}

/// How many letters have to change to make one of the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string listed(const std::vector<std::string> &words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

std::string named(const RouteRow &row)
{
    return (row.method.empty() ? std::string() : row.method + ' ') + row.path + " (" + row.handler.file + ')';
}

} // namespace

RouteTable::RouteTable(std::shared_ptr<const Deployment> deployment, std::optional<RouteRules> rules) : m_deployment(std::move(deployment)), m_rules(std::move(rules))
{
    const std::vector<Route> &routes = m_deployment->router.routes();
    for (const Route &route : routes) {
        for (const auto &function : route.modules)
            m_rows.push_back({RouteRow::Kind::Handler, route.method, route.path, handlerOf(function), chainOf(routes, route)});
        for (const auto &function : route.middlewares)
            m_rows.push_back({RouteRow::Kind::Middleware, route.method, route.path, handlerOf(function), {}});
    }
}

RouteTable::~RouteTable() = default;

int RouteTable::rowOf(std::string_view file, std::string_view method) const
{
    int any = -1;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i].handler.file != file)
            continue;
        if (m_rows[i].method == method)
            return static_cast<int>(i);
        if (m_rows[i].method.empty())
            any = static_cast<int>(i);
    }
    return any;
}

RouteMatch RouteTable::tryPath(std::string_view method, std::string_view target) const
{
    RouteMatch match;
    std::string query;
    std::tie(match.path, query) = pathAndQuery(target);
    const auto decision = m_deployment->rules ? m_deployment->rules->decide(match.path) : functions::RoutesFile::Decision{};
    using Goes = functions::RoutesFile::Goes;
    if (decision.goes == Goes::ToCode) {
        for (const functions::Step &step : m_deployment->match(method, match.path)) {
            RouteMatch::Step made{handlerOf({step.file, step.exportName}), RouteRow::Kind::Middleware, step.functionPath, {}};
            for (const functions::Parameter &parameter : step.parameters) {
                made.parameters.push_back({parameter.name, parameter.values,
                    parameter.kind == functions::Parameter::Kind::Rest ? RouteMatch::Parameter::Kind::Rest : RouteMatch::Parameter::Kind::Single});
            }
            match.steps.push_back(std::move(made));
        }
        if (!match.steps.empty()) {
            const RouteHandler &last = match.steps.back().handler;
            for (std::size_t i = 0; i < m_rows.size(); ++i) {
                if (m_rows[i].kind == RouteRow::Kind::Handler && m_rows[i].handler == last)
                    match.row = static_cast<int>(i);
            }
        }
    }
    if (match.row >= 0) {
        match.steps.back().kind = RouteRow::Kind::Handler;
        explainCode(match, method);
        return match;
    }
    explainAssets(match, method, query);
    if (decision.goes == Goes::Excluded)
        match.why = "_routes.json keeps the path from the Functions: its exclude rule \"" + decision.rule + "\" takes it. " + match.why;
    else if (decision.goes == Goes::NotIncluded)
        match.why = "_routes.json keeps the path from the Functions: no include rule takes it. " + match.why;
    else if (!match.steps.empty())
        match.why = "Only middlewares take the path; when the last of them calls next(), the assets answer. " + match.why;
    if (decision.goes == Goes::ToCode)
        addNearMisses(match, method);
    else if (!m_deployment->router.match(method, match.path).empty())
        match.notes.push_back("Without that rule, a Function would take it.");
    return match;
}

void RouteTable::explainCode(RouteMatch &match, std::string_view method) const
{
    match.answer = RouteMatch::Answer::Code;
    const RouteRow &row = m_rows[static_cast<std::size_t>(match.row)];
    match.why = row.path == match.path ? "The path is the route's own." : "The path fits the pattern " + row.path + '.';
    match.why += row.method.empty() ? " The function takes any method." : " The file exports " + row.handler.exportName + " for this method.";
    const PathSegments path(match.path);
    for (std::size_t i = static_cast<std::size_t>(match.row) + 1; i < m_rows.size(); ++i) {
        const RouteRow &other = m_rows[i];
        if (other.kind == RouteRow::Kind::Handler && methodFits(other.method, method) && Pattern(other.path).match(path, Pattern::Extent::Whole))
            match.notes.push_back(named(other) + " fits too, but it is less specific and comes later.");
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(match.row); ++i) {
        const RouteRow &other = m_rows[i];
        if (other.kind == RouteRow::Kind::Handler && !methodFits(other.method, method) && other.handler.file != row.handler.file
            && Pattern(other.path).match(path, Pattern::Extent::Whole))
            match.notes.push_back(named(other) + " is more specific, but does not export " + std::string(method) + '.');
    }
}

void RouteTable::explainAssets(RouteMatch &match, std::string_view method, std::string_view query) const
{
    const functions::AssetAnswer answer = m_deployment->assets->answer(method, match.path, query, {});
    match.status = answer.status;
    match.asset = answer.file;
    if (answer.status == 405) {
        match.answer = RouteMatch::Answer::NotAllowed;
        match.why = "The assets take GET and HEAD only, so the answer is 405.";
    } else if (answer.status == 200) {
        match.answer = RouteMatch::Answer::Asset;
        const bool fallback = answer.file == "index.html" && match.path != "/" && match.path != "/index";
        match.why = answer.redirectLine > 0 ? "Line " + std::to_string(answer.redirectLine) + " of _redirects puts the file " + answer.file + " in its place."
            : fallback                      ? "No file has that path; index.html answers, as for a single-page application, because there is no 404.html."
                             : "The file " + answer.file + " is what the path stands for.";
    } else if (answer.status >= 300 && answer.status < 400) {
        match.answer = RouteMatch::Answer::Redirect;
        const auto location = std::ranges::find(answer.fields, "Location", &std::pair<std::string, std::string>::first);
        match.location = location == answer.fields.end() ? std::string() : location->second;
        match.why = (answer.redirectLine > 0 ? "Line " + std::to_string(answer.redirectLine) + " of _redirects sends the client to " : "The assets send the client to ")
            + match.location + '.';
    } else {
        match.answer = RouteMatch::Answer::NotFound;
        match.why = answer.file.empty() ? "No file has that path, so the answer is 404." : "No file has that path; " + answer.file + " is shown, with 404.";
    }
}

void RouteTable::addNearMisses(RouteMatch &match, std::string_view method) const
{
    const PathSegments path(match.path);
    std::vector<std::string> files;
    for (const RouteRow &row : m_rows) {
        if (row.kind != RouteRow::Kind::Handler || !Pattern(row.path).match(path, Pattern::Extent::Whole) || std::ranges::find(files, row.handler.file) != files.end())
            continue;
        files.push_back(row.handler.file);
        std::vector<std::string> methods;
        for (const RouteRow &other : m_rows) {
            if (other.kind == RouteRow::Kind::Handler && other.handler.file == row.handler.file)
                methods.push_back(other.method);
        }
        match.notes.push_back("Method " + std::string(method) + " is not exported: " + row.handler.file + " takes this path for " + listed(methods) + " only.");
    }
    if (!files.empty())
        return;
    const auto taker = [this, method](std::string_view other) {
        const auto steps = m_deployment->router.match(method, other);
        const auto row = steps.empty() ? m_rows.end() : std::ranges::find_if(m_rows, [&](const RouteRow &known) {
            return known.kind == RouteRow::Kind::Handler && known.handler == handlerOf({steps.back().file, steps.back().exportName});
        });
        return row == m_rows.end() ? nullptr : &*row;
    };
    std::vector<std::pair<std::string, std::string>> others; // a path, and what makes the difference
    if (const std::string single = withoutRepeatedSlashes(match.path); single != match.path)
        others.emplace_back(single, "The path has a doubled slash. ");
    if (match.path.starts_with("/functions/"))
        others.emplace_back(match.path.substr(10), "The folder functions is no part of a path. ");
    const std::size_t dot = match.path.rfind('.');
    if (dot != std::string::npos && dot > match.path.rfind('/'))
        others.emplace_back(match.path.substr(0, dot), "A route has no file extension. ");
    if (match.path.ends_with("/index"))
        others.emplace_back(match.path.substr(0, match.path.size() - 5), "index is the folder itself. ");
    for (const auto &[other, what] : others) {
        if (const RouteRow *row = taker(other)) {
            match.notes.push_back(what + other + " would be taken by " + named(*row) + '.');
            return;
        }
    }
    const RouteRow *nearest = nullptr;
    std::size_t least = 3;
    for (const RouteRow &row : m_rows) {
        if (row.kind != RouteRow::Kind::Handler || row.path.size() > match.path.size() + 2 || match.path.size() > row.path.size() + 2)
            continue;
        if (const std::size_t far = distance(functions::lowered(match.path), functions::lowered(row.path)); far > 0 && far < least && far < row.path.size() - 1) {
            least = far;
            nearest = &row;
        }
    }
    if (nearest)
        match.notes.push_back("A route that is spelled nearly so: " + named(*nearest) + '.');
}

} // namespace cleat::session
