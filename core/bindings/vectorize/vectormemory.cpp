// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/vectormemory.h"

#include "core/base/file.h"
#include "core/bindings/vectorize/distance.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace cleat::bindings::vectorize {

namespace {

constexpr std::size_t bytesOfChunk = 1 << 20;
constexpr std::size_t candidates = 160; ///< of a search in the graph, at least
constexpr std::size_t mostCandidates = 2000;
constexpr std::chrono::seconds quietBeforeKeeping{3};

/// A lock that the thread that builds the graph steps back for.
template <typename Lock>
Lock lockBefore(base::WriterFirstMutex &mutex, std::atomic<int> &waiting)
{
    waiting.fetch_add(1, std::memory_order_relaxed);
    Lock lock(mutex);
    waiting.fetch_sub(1, std::memory_order_relaxed);
    return lock;
}

void keep(std::vector<Near> &nearest, std::size_t most, Near candidate)
{
    if (nearest.size() == most) {
        if (!(candidate < nearest.front()))
            return;
        std::ranges::pop_heap(nearest, std::less<>());
        nearest.pop_back();
    }
    nearest.push_back(candidate);
    std::ranges::push_heap(nearest, std::less<>());
}

} // namespace

VectorMemory::VectorMemory(Metric metric, std::uint32_t dimensions, std::size_t graphFrom, std::filesystem::path graphFile)
    : m_metric(metric),
      m_dimensions(dimensions),
      m_graphFrom(graphFrom),
      m_rowsOfChunk(std::max<std::size_t>(1, bytesOfChunk / (sizeof(float) * dimensions))),
      m_graphFile(std::move(graphFile))
{}

VectorMemory::~VectorMemory() = default;

const float *VectorMemory::values(std::size_t slot) const
{
    return m_chunks[slot / m_rowsOfChunk].get() + slot % m_rowsOfChunk * m_dimensions;
}

std::optional<std::size_t> VectorMemory::slotOf(std::int64_t place) const
{
    const auto found = std::ranges::lower_bound(m_places, place);
    return found == m_places.end() || *found != place ? std::nullopt : std::optional(static_cast<std::size_t>(found - m_places.begin()));
}

void VectorMemory::append(std::span<Row> rows)
{
    for (Row &row : rows)
        prepare(m_metric, row.values.data(), m_dimensions);
    const auto lock = lockBefore<std::unique_lock<base::WriterFirstMutex>>(m_mutex, m_waiting);
    for (Row &row : rows) {
        const std::size_t slot = m_places.size();
        if (slot / m_rowsOfChunk == m_chunks.size())
            m_chunks.push_back(std::make_unique_for_overwrite<float[]>(m_rowsOfChunk * m_dimensions));
        std::ranges::copy(row.values, m_chunks.back().get() + slot % m_rowsOfChunk * m_dimensions);
        m_places.push_back(row.place);
        m_alive.push_back(1);
        m_namespaceOf.push_back(m_namespaces.emplace(std::move(row.nameSpace), static_cast<std::uint32_t>(m_namespaces.size())).first->second);
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            m_columns[i].push_back(std::move(row.indexed[i]));
    }
    if (m_places.size() - m_removed >= m_graphFrom && !m_builder.joinable())
        m_builder = std::jthread([this](const std::stop_token &stop) { build(stop); });
    m_grown.notify_one();
}

void VectorMemory::remove(std::span<const std::int64_t> places)
{
    const auto lock = lockBefore<std::unique_lock<base::WriterFirstMutex>>(m_mutex, m_waiting);
    for (const std::int64_t place : places) {
        const auto slot = slotOf(place);
        if (!slot || std::exchange(m_alive[*slot], 0) == 0)
            continue;
        ++m_removed;
        if (m_graph)
            m_graph->remove(place);
    }
}

void VectorMemory::clear(std::vector<std::string> properties)
{
    const auto lock = lockBefore<std::unique_lock<base::WriterFirstMutex>>(m_mutex, m_waiting);
    m_graph.reset();
    m_inGraph = 0;
    m_unkept = 0;
    m_graphFailed = false;
    m_chunks.clear();
    m_places.clear();
    m_alive.clear();
    m_removed = 0;
    m_namespaceOf.clear();
    m_namespaces.clear();
    m_columns.assign(properties.size(), {});
    m_properties = std::move(properties);
}

bool VectorMemory::isWorn() const
{
    const Progress now = progress();
    return now.removed > 10'000 && now.removed > now.slots / 2;
}

VectorMemory::Progress VectorMemory::progress() const
{
    const auto lock = lockBefore<std::shared_lock<base::WriterFirstMutex>>(m_mutex, m_waiting);
    return {m_inGraph, m_places.size(), m_removed};
}

/// Whether there is something to put into the graph.
bool VectorMemory::isDue() const
{
    return !m_graphFailed && m_inGraph < m_places.size() && (m_graph || m_places.size() - m_removed >= m_graphFrom);
}

void VectorMemory::build(const std::stop_token &stop)
{
    while (!stop.stop_requested()) {
        while (m_waiting.load(std::memory_order_relaxed) > 0)
            std::this_thread::sleep_for(std::chrono::microseconds(20));
        std::unique_lock lock(m_mutex);
        // Once nothing has come for a while, the graph is kept as it is.
        if (!isDue() && m_unkept > 0 && !m_grown.wait_for(lock, stop, quietBeforeKeeping, [this] { return isDue(); }) && !stop.stop_requested()) {
            lock.unlock();
            keepGraph();
            continue;
        }
        if (!m_grown.wait(lock, stop, [this] { return isDue(); }))
            break;
        if (!m_graph) {
            m_graph = std::make_unique<VectorGraph>(m_metric, m_dimensions);
            readGraph();
            continue;
        }
        const std::size_t slot = m_inGraph++;
        if (m_alive[slot] == 0)
            continue;
        ++m_unkept;
        if (auto added = m_graph->add(m_places[slot], values(slot)); !added) {
            // Everything is compared from now on, as before.
            m_graph.reset();
            m_inGraph = 0;
            m_unkept = 0;
            m_graphFailed = true;
        }
    }
    keepGraph();
}

namespace {

constexpr std::string_view graphMagic = "cleat vectorize graph 1\n";
struct GraphHead {
    std::uint64_t sum = 0; ///< of what follows
    std::int64_t lastPlace = 0; ///< what has a place up to this one is in the graph
};

} // namespace

/// Takes the graph of the file, if there is one and it fits. Needs the lock.
void VectorMemory::readGraph()
{
    if (m_graphFile.empty())
        return;
    const auto file = base::readFile(m_graphFile);
    if (!file || !file->starts_with(graphMagic) || file->size() < graphMagic.size() + sizeof(GraphHead))
        return;
    std::string_view bytes = std::string_view(*file).substr(graphMagic.size());
    GraphHead head;
    std::memcpy(&head, bytes.data(), sizeof head);
    bytes.remove_prefix(sizeof head);
    if (head.sum != base::checksum(bytes))
        return;
    const auto end = static_cast<std::size_t>(std::ranges::upper_bound(m_places, head.lastPlace) - m_places.begin());
    const auto alive = static_cast<std::size_t>(std::count(m_alive.begin(), m_alive.begin() + static_cast<std::ptrdiff_t>(end), 1));
    const auto found = m_graph->read(bytes, [this](std::int64_t place) {
        const auto slot = slotOf(place);
        return slot && m_alive[*slot] != 0 ? values(*slot) : nullptr;
    });
    if (found == alive)
        m_inGraph = end;
    else
        m_graph = std::make_unique<VectorGraph>(m_metric, m_dimensions);
}

/// Writes it beside the index. A failure costs no more than time at the next start.
void VectorMemory::keepGraph()
{
    std::string bytes;
    {
        const auto lock = lockBefore<std::shared_lock<base::WriterFirstMutex>>(m_mutex, m_waiting);
        if (std::exchange(m_unkept, 0) > 0 && !m_graphFile.empty() && m_graph) {
            if (auto written = m_graph->written()) {
                const GraphHead head{base::checksum(*written), m_places[m_inGraph - 1]};
                bytes = std::string(graphMagic) + std::string(reinterpret_cast<const char *>(&head), sizeof head) + *written;
            }
        }
    }
    if (!bytes.empty())
        (void)base::writeFileAtomically(m_graphFile, bytes);
}

std::vector<Near> VectorMemory::compare(const float *query, std::size_t most, std::size_t from, const std::vector<char> *allowed) const
{
    const std::vector<char> &wanted = allowed ? *allowed : m_alive;
    std::vector<Near> nearest;
    nearest.reserve(most + 1);
    for (std::size_t slot = from; slot < m_places.size(); ++slot) {
        if (wanted[slot] != 0)
            keep(nearest, most, {distanceOf(m_metric, query, values(slot), m_dimensions), m_places[slot]});
    }
    return nearest;
}

/// Marks the slots that a search may find, and counts them.
std::size_t VectorMemory::allow(
    std::vector<char> &allowed, const std::optional<std::string> &nameSpace, const VectorFilter *filter, std::vector<std::string> &unindexed) const
{
    allowed = m_alive;
    if (nameSpace) {
        const auto found = m_namespaces.find(*nameSpace);
        for (std::size_t slot = 0; slot < allowed.size(); ++slot)
            allowed[slot] = static_cast<char>(allowed[slot] != 0 && found != m_namespaces.end() && m_namespaceOf[slot] == found->second);
    }
    for (const VectorFilter::Condition &condition : filter ? filter->conditions() : std::span<const VectorFilter::Condition>()) {
        const auto column = std::ranges::find(m_properties, condition.property);
        if (column == m_properties.end()) {
            if (std::ranges::find(unindexed, condition.property) == unindexed.end())
                unindexed.push_back(condition.property);
            if (!condition.holds({}))
                std::ranges::fill(allowed, 0);
            continue;
        }
        const std::vector<FilterValue> &values = m_columns[static_cast<std::size_t>(column - m_properties.begin())];
        for (std::size_t slot = 0; slot < allowed.size(); ++slot)
            allowed[slot] = static_cast<char>(allowed[slot] != 0 && condition.holds(values[slot]));
    }
    return static_cast<std::size_t>(std::ranges::count(allowed, 1));
}

base::Result<VectorMemory::Found> VectorMemory::nearest(
    std::span<const float> query, std::size_t most, const std::optional<std::string> &nameSpace, const VectorFilter *filter)
{
    std::vector<float> prepared(query.begin(), query.end());
    prepare(m_metric, prepared.data(), prepared.size());
    Found found;
    std::vector<char> allowed;
    const auto lock = lockBefore<std::shared_lock<base::WriterFirstMutex>>(m_mutex, m_waiting);
    const bool some = nameSpace || filter;
    const std::size_t count = some ? allow(allowed, nameSpace, filter, found.unindexed) : m_places.size() - m_removed;
    std::vector<Near> nearest;
    // A filter leaves the graph some of its candidates only, so there have to be more of them.
    const std::size_t asked = count == 0 ? 0 : std::max(candidates, most) * (some ? 2 * m_places.size() / count + 1 : 1);
    const bool useGraph = m_graph && m_inGraph > 0 && count > m_graphFrom && asked <= mostCandidates;
    if (useGraph) {
        auto near = m_graph->nearest(prepared.data(), asked);
        if (!near)
            return std::unexpected(std::move(near.error()));
        nearest = compare(prepared.data(), most, m_inGraph, some ? &allowed : nullptr);
        for (const Near &one : *near) {
            const auto slot = some ? slotOf(one.place) : std::nullopt;
            if (!some || (slot && allowed[*slot] != 0))
                keep(nearest, most, one);
        }
    }
    if (!useGraph || nearest.size() < most)
        nearest = compare(prepared.data(), most, 0, some ? &allowed : nullptr);
    std::ranges::sort_heap(nearest, std::less<>());
    found.hits.reserve(nearest.size());
    for (const Near &near : nearest)
        found.hits.push_back({near.place, near.distance});
    return found;
}

} // namespace cleat::bindings::vectorize
