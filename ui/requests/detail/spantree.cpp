// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/spantree.h"

#include <algorithm>
#include <unordered_map>

namespace cleat::ui {

namespace {

using Calls = std::vector<events::CallEvent>;

std::uint64_t endOf(const events::CallEvent &call)
{
    return std::uint64_t{call.startUs} + call.durationUs;
}

/// Cuts every circle at one of its members, and lifts what lies too deep.
void straighten(std::vector<SpanTree::Node> &nodes)
{
    enum class Seen : std::uint8_t { No, Now, Done };
    std::vector<Seen> seen(nodes.size(), Seen::No);
    std::vector<int> path;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        path.clear();
        for (int at = static_cast<int>(i); at >= 0 && seen[static_cast<std::size_t>(at)] != Seen::Done;) {
            SpanTree::Node &node = nodes[static_cast<std::size_t>(at)];
            seen[static_cast<std::size_t>(at)] = Seen::Now;
            path.push_back(at);
            if (node.parent >= 0 && seen[static_cast<std::size_t>(node.parent)] == Seen::Now)
                node.parent = -1;
            at = node.parent;
        }
        for (auto at = path.rbegin(); at != path.rend(); ++at) { // from the top down
            SpanTree::Node &node = nodes[static_cast<std::size_t>(*at)];
            if (node.parent >= 0 && nodes[static_cast<std::size_t>(node.parent)].depth >= SpanTree::mostDepth)
                node.parent = nodes[static_cast<std::size_t>(node.parent)].parent;
            node.depth = node.parent < 0 ? 0 : nodes[static_cast<std::size_t>(node.parent)].depth + 1;
            seen[static_cast<std::size_t>(*at)] = Seen::Done;
        }
    }
}

/// The span's time that none of its children covers. They are sorted by start.
std::uint32_t selfTime(const Calls &calls, const SpanTree::Node &node)
{
    const events::CallEvent &call = calls[node.call];
    const std::uint64_t end = endOf(call);
    std::uint64_t at = call.startUs;
    std::uint64_t self = 0;
    for (const int child : node.children) {
        const events::CallEvent &inner = calls[static_cast<std::size_t>(child)];
        const std::uint64_t from = std::min<std::uint64_t>(std::max<std::uint64_t>(inner.startUs, call.startUs), end);
        if (from > at)
            self += from - at;
        at = std::max(at, std::min(endOf(inner), end));
    }
    return static_cast<std::uint32_t>(self + (end > at ? end - at : 0));
}

} // namespace

SpanTree spanTree(const Calls &calls)
{
    SpanTree tree;
    tree.nodes.resize(calls.size());
    std::unordered_map<std::uint32_t, int> bySpan;
    bySpan.reserve(calls.size());
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (calls[i].span)
            bySpan.try_emplace(calls[i].span, static_cast<int>(i));
    }
    for (std::size_t i = 0; i < calls.size(); ++i) {
        SpanTree::Node &node = tree.nodes[i];
        node.call = static_cast<std::uint32_t>(i);
        if (const auto parent = bySpan.find(calls[i].parent); calls[i].parent && parent != bySpan.end() && parent->second != static_cast<int>(i))
            node.parent = parent->second;
        tree.endUs = std::max(tree.endUs, endOf(calls[i]));
    }
    straighten(tree.nodes);

    std::vector<int> order(calls.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = static_cast<int>(i);
    std::ranges::stable_sort(order, [&calls](int a, int b) {
        const events::CallEvent &first = calls[static_cast<std::size_t>(a)];
        const events::CallEvent &second = calls[static_cast<std::size_t>(b)];
        return first.startUs != second.startUs ? first.startUs < second.startUs : first.span < second.span;
    });
    for (const int i : order) {
        SpanTree::Node &node = tree.nodes[static_cast<std::size_t>(i)];
        std::vector<int> &siblings = node.parent < 0 ? tree.top : tree.nodes[static_cast<std::size_t>(node.parent)].children;
        node.row = static_cast<int>(siblings.size());
        siblings.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&tree](int i) { return tree.nodes[static_cast<std::size_t>(i)].depth; });
    for (const int i : order) {
        SpanTree::Node &node = tree.nodes[static_cast<std::size_t>(i)];
        node.selfUs = selfTime(calls, node);
        node.after = calls[static_cast<std::size_t>(i)].kind == "waituntil" || (node.parent >= 0 && tree.nodes[static_cast<std::size_t>(node.parent)].after);
    }
    return tree;
}

std::uint64_t spanKey(const Calls &calls, std::size_t index)
{
    return calls[index].span ? calls[index].span : (std::uint64_t{1} << 32) + index;
}

} // namespace cleat::ui
