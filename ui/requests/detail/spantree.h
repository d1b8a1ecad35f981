// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <cstdint>
#include <vector>

namespace cleat::ui {

/// The spans of one request, each below the one it happened in. Whatever is wrong with their numbers (a parent that is not there yet, one that is its own grandchild, a number told
/// twice) puts a span at the top rather than nowhere. Any thread.
struct SpanTree {
    static constexpr int mostDepth = 60; ///< what lies deeper stands beside its parent
    struct Node {
        std::uint32_t call = 0; ///< index of its event
        int parent = -1; ///< index of a node; -1: the request itself
        int row = 0; ///< among its siblings
        int depth = 0;
        std::uint32_t selfUs = 0; ///< its time without that of the spans in it
        bool after = false; ///< is, or is in, what went on after the response (waitUntil)
        std::vector<int> children; ///< by start
    };
    std::vector<Node> nodes; ///< one for each event, at its index
    std::vector<int> top; ///< by start
    std::uint64_t endUs = 0; ///< of the last span
};

SpanTree spanTree(const std::vector<events::CallEvent> &calls);

/// What tells a span from its siblings while more of them come: its number, or where it stands.
std::uint64_t spanKey(const std::vector<events::CallEvent> &calls, std::size_t index);

} // namespace cleat::ui
