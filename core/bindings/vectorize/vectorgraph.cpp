// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/vectorgraph.h"

#include "core/base/file.h"
#include "core/bindings/vectorize/distance.h"

// Its own fetching ahead reads a link behind the last one; the distances are ours anyway.
#define NO_MANUAL_VECTORIZATION
#include <hnswlib/hnswlib.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace cleat::bindings::vectorize {

namespace {

// Measured with tests/bench/vectorize.cpp.
constexpr std::size_t linksOfEach = 16;
constexpr std::size_t candidatesWhileBuilding = 128;
constexpr std::size_t firstCapacity = 1 << 15;

struct Measure {
    Metric metric;
    std::size_t dimensions;
};

/// hnswlib puts what it keeps of an element at any address.
const float *valuesAt(const void *element)
{
    const float *values = nullptr;
    std::memcpy(&values, element, sizeof values);
    return values;
}

template <Metric metric>
float measured(const void *a, const void *b, const void *measure)
{
    return distanceOf(metric, valuesAt(a), valuesAt(b), static_cast<const Measure *>(measure)->dimensions);
}

class Space final : public hnswlib::SpaceInterface<float>
{
public:
    Space(Metric metric, std::size_t dimensions) : m_measure{metric, dimensions} {}

    size_t get_data_size() override { return sizeof(const float *); }
    void *get_dist_func_param() override { return &m_measure; }
    hnswlib::DISTFUNC<float> get_dist_func() override
    {
        switch (m_measure.metric) {
        case Metric::Cosine:
            return measured<Metric::Cosine>;
        case Metric::Euclidean:
            return measured<Metric::Euclidean>;
        case Metric::DotProduct:
            return measured<Metric::DotProduct>;
        }
        return nullptr;
    }

private:
    Measure m_measure;
};

using Graph = hnswlib::HierarchicalNSW<float>;

/// hnswlib writes and reads files only: one that is nowhere but in memory.
class MemoryFile final
{
public:
    MemoryFile() : m_descriptor(::memfd_create("cleat-graph", MFD_CLOEXEC)) {}
    ~MemoryFile()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }
    MemoryFile(const MemoryFile &) = delete;
    MemoryFile &operator=(const MemoryFile &) = delete;

    bool isOpen() const { return m_descriptor >= 0; }
    std::string path() const { return "/proc/self/fd/" + std::to_string(m_descriptor); }

private:
    const int m_descriptor;
};

/// An empty graph that loadIndex() may fill: what the constructor has allocated, loadIndex() would forget.
std::unique_ptr<Graph> hollow(Space &space)
{
    auto graph = std::make_unique<Graph>(&space, 1, linksOfEach, candidatesWhileBuilding);
    std::free(std::exchange(graph->data_level0_memory_, nullptr));
    std::free(std::exchange(graph->linkLists_, nullptr));
    delete std::exchange(graph->visited_list_pool_, nullptr);
    return graph;
}

/// Gives each element the address of its values. Those whose values are gone get a neighbour's, and are no longer found. Gives how many are not gone; nothing: too few.
std::optional<std::size_t> settle(Graph &graph, const VectorGraph::Values &valuesOf)
{
    const auto count = static_cast<hnswlib::tableint>(graph.cur_element_count);
    std::vector<const float *> values(count);
    std::size_t found = 0;
    const float *any = nullptr;
    for (hnswlib::tableint i = 0; i < count; ++i) {
        values[i] = valuesOf(static_cast<std::int64_t>(graph.getExternalLabel(i)));
        found += values[i] ? 1 : 0;
        any = values[i] ? values[i] : any;
    }
    if (found < count - count / 5)
        return std::nullopt;
    for (hnswlib::tableint i = 0; i < count; ++i) {
        const float *own = values[i];
        if (!own) {
            own = any;
            hnswlib::linklistsizeint *const links = graph.get_linklist0(i);
            for (unsigned k = 0; k < graph.getListCount(links) && own == any; ++k) {
                const hnswlib::tableint neighbour = reinterpret_cast<const hnswlib::tableint *>(links + 1)[k];
                own = neighbour < count && values[neighbour] ? values[neighbour] : any;
            }
            if (!graph.isMarkedDeleted(i))
                graph.markDeletedInternal(i);
        }
        std::memcpy(graph.getDataByInternalId(i), &own, sizeof own);
    }
    return found;
}

std::unexpected<base::Error> failure(const std::exception &why)
{
    return base::fail("vectorize.memory", std::string("The graph of a Vectorize index could not be made: ") + why.what() + '.');
}

} // namespace

struct VectorGraph::Private {
    Private(Metric metric, std::size_t dimensions) : space(metric, dimensions) {}

    Space space;
    std::unique_ptr<hnswlib::HierarchicalNSW<float>> graph;
};

VectorGraph::VectorGraph(Metric metric, std::uint32_t dimensions) : d(std::make_unique<Private>(metric, dimensions)) {}

VectorGraph::~VectorGraph() = default;

base::Result<void> VectorGraph::add(std::int64_t place, const float *values)
{
    try {
        if (!d->graph)
            d->graph = std::make_unique<hnswlib::HierarchicalNSW<float>>(&d->space, firstCapacity, linksOfEach, candidatesWhileBuilding);
        if (d->graph->cur_element_count == d->graph->max_elements_)
            d->graph->resizeIndex(d->graph->max_elements_ * 2);
        d->graph->addPoint(&values, static_cast<hnswlib::labeltype>(place));
        return {};
    } catch (const std::exception &why) {
        return failure(why);
    }
}

void VectorGraph::remove(std::int64_t place)
{
    if (!d->graph)
        return;
    const auto found = d->graph->label_lookup_.find(static_cast<hnswlib::labeltype>(place));
    if (found == d->graph->label_lookup_.end() || d->graph->isMarkedDeleted(found->second))
        return;
    d->graph->markDeletedInternal(found->second);
}

base::Result<std::vector<Near>> VectorGraph::nearest(const float *query, std::size_t candidates) const
{
    std::vector<Near> found;
    if (!d->graph || d->graph->cur_element_count == 0)
        return found;
    try {
        auto queue = d->graph->searchKnn(&query, candidates);
        found.resize(queue.size());
        for (std::size_t i = found.size(); i-- > 0; queue.pop())
            found[i] = {queue.top().first, static_cast<std::int64_t>(queue.top().second)};
        return found;
    } catch (const std::exception &why) {
        return failure(why);
    }
}

base::Result<std::string> VectorGraph::written() const
{
    const MemoryFile file;
    try {
        if (!d->graph || !file.isOpen())
            return base::fail("vectorize.memory", "There is no graph of a Vectorize index to keep.");
        d->graph->saveIndex(file.path());
    } catch (const std::exception &why) {
        return failure(why);
    }
    return base::readFile(file.path());
}

std::optional<std::size_t> VectorGraph::read(std::string_view bytes, const Values &valuesOf)
{
    const MemoryFile file;
    std::unique_ptr<Graph> graph;
    try {
        std::ofstream stream(file.path(), std::ios::binary);
        stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        stream.close();
        if (!stream)
            return std::nullopt;
        graph = hollow(d->space);
        graph->loadIndex(file.path(), &d->space);
        const auto found = settle(*graph, valuesOf);
        if (found)
            d->graph = std::move(graph);
        return found;
    } catch (const std::exception &) {
        // What it had read by then is not whole: nothing in it may be followed.
        if (graph)
            graph->cur_element_count = 0;
        return std::nullopt;
    }
}

} // namespace cleat::bindings::vectorize
