// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/routepattern.h"
#include "core/functions/routes.h"
#include "core/functions/urlpath.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

namespace cleat::functions {

namespace {

struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

// Runs of slashes as one: middlewares also see the path so, because the assets do (a request must not get around a middleware with "//").
std::string withoutRepeatedSlashes(std::string_view path)
{
    std::string out;
    out.reserve(path.size());
    for (const char c : path) {
        if (c != '/' || out.empty() || out.back() != '/')
            out += c;
    }
    return out;
}

// The part of `path` that turns into `front` when its repeated slashes are removed.
std::string_view originalFront(std::string_view path, std::string_view front)
{
    std::size_t end = 0;
    for (const char c : front) {
        ++end;
        while (c == '/' && end < path.size() && path[end] == '/')
            ++end;
    }
    return path.substr(0, end);
}

} // namespace

// A tree of segments. Parameters share a branch whatever their name; a pattern with a Rest is kept where the Rest begins and then matched by itself.
class Router::Table final
{
public:
    explicit Table(const std::vector<Route> &routes)
    {
        m_nodes.emplace_back();
        m_rows.reserve(routes.size());
        for (std::uint32_t i = 0; i < routes.size(); ++i) {
            m_rows.push_back({Pattern(routes[i].path), Pattern(routes[i].mount)});
            insert(i);
        }
    }

    // Rows that may match, in the order of the table: `whole` for exact matches, `front` for those of a folder on the way.
    struct Found {
        std::vector<std::uint32_t> whole;
        std::vector<std::uint32_t> front;
    };
    enum class Want { Both, Front };

    void find(const PathSegments &path, Want want, Found &found) const
    {
        std::string text = lowered(path.path);
        visit(0, 0, path, text, want, found);
    }

    const Pattern &pattern(std::uint32_t row) const { return m_rows[row].path; }
    const Pattern &mount(std::uint32_t row) const { return m_rows[row].mount; }

private:
    struct Row {
        Pattern path;
        Pattern mount;
    };
    struct Node {
        std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> statics;
        std::vector<std::pair<PatternSegment, std::uint32_t>> others;
        std::vector<std::uint32_t> ends;
        std::vector<std::uint32_t> rests;
    };

    void insert(std::uint32_t row)
    {
        std::uint32_t node = 0;
        for (const PatternSegment &segment : m_rows[row].path.segments()) {
            if (segment.kind == PatternSegment::Kind::Rest) {
                m_nodes[node].rests.push_back(row);
                return;
            }
            node = child(node, segment);
        }
        m_nodes[node].ends.push_back(row);
    }

    std::uint32_t child(std::uint32_t node, const PatternSegment &segment)
    {
        const auto fresh = static_cast<std::uint32_t>(m_nodes.size());
        if (segment.kind == PatternSegment::Kind::Static) {
            const auto [at, added] = m_nodes[node].statics.try_emplace(segment.text, fresh);
            const std::uint32_t next = at->second;
            if (added)
                m_nodes.emplace_back();
            return next;
        }
        for (const auto &[other, next] : m_nodes[node].others) {
            if (other.takesSameAs(segment))
                return next;
        }
        m_nodes[node].others.emplace_back(segment, fresh);
        m_nodes.emplace_back();
        return fresh;
    }

    void visit(std::uint32_t at, std::size_t depth, const PathSegments &path, std::string_view text, Want want, Found &found) const
    {
        const Node &node = m_nodes[at];
        found.front.insert(found.front.end(), node.rests.begin(), node.rests.end());
        found.front.insert(found.front.end(), node.ends.begin(), node.ends.end());
        if (want == Want::Both) {
            found.whole.insert(found.whole.end(), node.rests.begin(), node.rests.end());
            if (depth == path.exactCount() || depth == 0)
                found.whole.insert(found.whole.end(), node.ends.begin(), node.ends.end());
        }
        if (depth == path.segments.size() || path.segments[depth].empty())
            return;
        const std::string_view segment = path.segments[depth];
        if (!node.statics.empty()) {
            const auto next = node.statics.find(text.substr(static_cast<std::size_t>(segment.data() - path.path.data()), segment.size()));
            if (next != node.statics.end())
                visit(next->second, depth + 1, path, text, want, found);
        }
        for (const auto &[other, next] : node.others) {
            if (other.matches(segment, nullptr))
                visit(next, depth + 1, path, text, want, found);
        }
    }

    std::vector<Row> m_rows;
    std::vector<Node> m_nodes;
};

Router::Router(std::vector<Route> routes) : m_routes(std::move(routes)), m_table(std::make_shared<const Table>(m_routes))
{
}

std::vector<Step> Router::match(std::string_view method, std::string_view path) const
{
    std::vector<Step> steps;
    if (m_routes.empty())
        return steps;
    std::string resolved;
    if (!isNormalizedPath(path)) {
        resolved = normalizedPath(path);
        path = resolved;
    }
    const PathSegments raw(path);
    Table::Found found;
    m_table->find(raw, Table::Want::Both, found);

    std::string singleSlashed;
    std::optional<PathSegments> single;
    if (path.find("//") != std::string_view::npos) {
        singleSlashed = withoutRepeatedSlashes(path);
        single.emplace(singleSlashed);
        m_table->find(*single, Table::Want::Front, found);
    }

    std::ranges::sort(found.front, std::greater{});
    const auto repeated = std::ranges::unique(found.front);
    found.front.erase(repeated.begin(), repeated.end());
    for (const std::uint32_t row : found.front) {
        const Route &route = m_routes[row];
        if (route.middlewares.empty() || (!route.method.empty() && route.method != method))
            continue;
        std::optional<Pattern::Match> match = m_table->pattern(row).match(raw, Pattern::Extent::Front);
        if (!match && single)
            match = m_table->pattern(row).match(*single, Pattern::Extent::Front);
        if (!match)
            continue;
        std::string_view front;
        if (const auto mount = m_table->mount(row).match(raw, Pattern::Extent::Front))
            front = mount->path;
        else if (const auto singleMount = single ? m_table->mount(row).match(*single, Pattern::Extent::Front) : std::nullopt)
            front = originalFront(path, singleMount->path);
        else
            continue;
        for (const auto &[file, exportName] : route.middlewares)
            steps.push_back({file, exportName, std::string(front), match->parameters});
    }

    std::ranges::sort(found.whole);
    for (const std::uint32_t row : found.whole) {
        const Route &route = m_routes[row];
        if (route.modules.empty() || (!route.method.empty() && route.method != method))
            continue;
        std::optional<Pattern::Match> match = m_table->pattern(row).match(raw, Pattern::Extent::Whole);
        if (!match)
            continue;
        for (const auto &[file, exportName] : route.modules)
            steps.push_back({file, exportName, std::string(match->path), match->parameters});
        break;
    }
    return steps;
}

} // namespace cleat::functions
