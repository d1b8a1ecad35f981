// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/vectorize/vectorizetypes.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::bindings::vectorize {

/// What a search found, and how far it is (distanceOf()).
struct Near {
    float distance = 0;
    std::int64_t place = 0; ///< in the index's file
    bool operator<(const Near &other) const { return distance != other.distance ? distance < other.distance : place < other.place; }
};

/// A navigable small world graph (hnswlib) over vectors that lie elsewhere: it keeps their addresses, so that they are in memory once. Not thread-safe: add() and
/// remove() alone, nearest() any number at a time. Code vectorize.memory: there is not enough for it.
class VectorGraph final
{
public:
    VectorGraph(Metric metric, std::uint32_t dimensions);
    ~VectorGraph();
    VectorGraph(const VectorGraph &) = delete;
    VectorGraph &operator=(const VectorGraph &) = delete;

    /// `values` are prepared and stay where they are for as long as the graph is there.
    base::Result<void> add(std::int64_t place, const float *values);
    /// It is passed through still, but no longer found. Does nothing when it is not there.
    void remove(std::int64_t place);
    /// The nearest, in order; as many as there are candidates, of which a larger number finds more surely.
    base::Result<std::vector<Near>> nearest(const float *query, std::size_t candidates) const;

    /// The graph without the vectors, as bytes that read() takes back.
    base::Result<std::string> written() const;
    /// Where the values of a place are; null: they are gone.
    using Values = std::function<const float *(std::int64_t place)>;
    /// Takes the place of what is there. What is gone is passed through where a neighbour lies. Nothing when the bytes are none of written(), or of a graph of which so much
    /// is gone that a new one is better: the graph is as before then. Gives how many of those that are not gone it has.
    std::optional<std::size_t> read(std::string_view bytes, const Values &valuesOf);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::bindings::vectorize
