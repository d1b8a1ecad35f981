// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/writerfirstmutex.h"
#include "core/bindings/vectorize/vectorfilter.h"
#include "core/bindings/vectorize/vectorgraph.h"
#include "core/bindings/vectorize/vectorizetypes.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace cleat::bindings::vectorize {

/// The vectors of one index as searches need them; all connections of a process share one (VectorIndex). Below `graphFrom` a search compares with every vector, also with those that a filter leaves. From
/// there on a thread builds a graph in the background, and a search asks it and compares with what is not in it yet, so that it always sees everything that was
/// appended. Any thread.
class VectorMemory final
{
public:
    static constexpr std::size_t defaultGraphFrom = 20'000;

    /// `graphFile`: where the graph is kept when it is whole, and taken from again; empty: nowhere. It is worth nothing but time: it may go at any time.
    VectorMemory(Metric metric, std::uint32_t dimensions, std::size_t graphFrom = defaultGraphFrom, std::filesystem::path graphFile = {});
    ~VectorMemory();
    VectorMemory(const VectorMemory &) = delete;
    VectorMemory &operator=(const VectorMemory &) = delete;

    // ---- to be called by one at a time, who holds this

    std::mutex &filling() { return m_filling; }
    /// How far the file has been read, as whoever fills it understands it.
    struct Stamp {
        std::int64_t place = 0; ///< of the last vector
        std::int64_t removal = 0; ///< the last one
        std::string indexes; ///< the metadata indexes
        bool operator==(const Stamp &) const = default;
    };
    const Stamp &stamp() const { return m_stamp; }
    void setStamp(Stamp stamp) { m_stamp = std::move(stamp); }

    struct Row {
        std::int64_t place = 0; ///< in the file; larger than that of every row before
        std::string nameSpace;
        std::vector<float> values;
        std::vector<FilterValue> indexed; ///< of each metadata index
    };
    void append(std::span<Row> rows);
    void remove(std::span<const std::int64_t> places);
    /// Everything goes, and has to be appended again: rows have this many values from then on.
    void clear(std::vector<std::string> properties);
    /// So many are removed that it is time for clear().
    bool isWorn() const;

    // ---- searches

    struct Hit {
        std::int64_t place = 0;
        float distance = 0;
    };
    struct Found {
        std::vector<Hit> hits; ///< the nearest first
        std::vector<std::string> unindexed; ///< properties of the filter that no vector has
    };
    base::Result<Found> nearest(std::span<const float> query, std::size_t most, const std::optional<std::string> &nameSpace, const VectorFilter *filter);
    /// How many lie in the graph, and how many there are with those that were removed.
    struct Progress {
        std::size_t inGraph = 0;
        std::size_t slots = 0;
        std::size_t removed = 0;
    };
    Progress progress() const;

private:
    const float *values(std::size_t slot) const;
    std::vector<Near> compare(const float *query, std::size_t most, std::size_t from, const std::vector<char> *allowed) const;
    std::optional<std::size_t> slotOf(std::int64_t place) const;
    std::size_t allow(std::vector<char> &allowed, const std::optional<std::string> &nameSpace, const VectorFilter *filter, std::vector<std::string> &unindexed) const;
    void build(const std::stop_token &stop);
    bool isDue() const;
    void readGraph();
    void keepGraph();

    const Metric m_metric;
    const std::uint32_t m_dimensions;
    const std::size_t m_graphFrom;
    const std::size_t m_rowsOfChunk;
    const std::filesystem::path m_graphFile;

    std::mutex m_filling;
    Stamp m_stamp;

    mutable base::WriterFirstMutex m_mutex; ///< for what follows
    mutable std::atomic<int> m_waiting = 0; ///< for the mutex; the thread that builds lets them go first
    std::condition_variable_any m_grown;
    std::vector<std::unique_ptr<float[]>> m_chunks;
    std::vector<std::int64_t> m_places; ///< by slot, growing
    std::vector<char> m_alive;
    std::size_t m_removed = 0;
    std::vector<std::uint32_t> m_namespaceOf;
    std::unordered_map<std::string, std::uint32_t> m_namespaces;
    std::vector<std::string> m_properties;
    std::vector<std::vector<FilterValue>> m_columns; ///< of each property, by slot
    std::unique_ptr<VectorGraph> m_graph;
    std::size_t m_inGraph = 0; ///< slots before this one
    bool m_graphFailed = false;
    std::size_t m_unkept = 0; ///< vectors in the graph that its file has not
    std::jthread m_builder;
};

} // namespace cleat::bindings::vectorize
