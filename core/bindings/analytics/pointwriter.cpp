// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/analytics/pointwriter.h"

#include "core/base/clock.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace cleat::bindings::analytics {

using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t mostBytes = 64U << 20;
constexpr std::uint64_t enoughBytes = 8U << 20;
constexpr auto gathering = 50ms;

} // namespace

PointWriter::PointWriter(std::filesystem::path state, std::function<void(const base::Error &)> problem, Sampling sampling)
    : m_state(std::move(state)), m_problem(std::move(problem)), m_sampling(sampling), m_queue(std::numeric_limits<std::size_t>::max()), m_thread([this] { run(); })
{
}

PointWriter::~PointWriter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_queue.close();
    m_hurry.notify_all();
    m_thread.join();
}

PointWriter::DatasetId PointWriter::dataset(std::string_view name)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_names.find(name);
    return &(found != m_names.end() ? found : m_names.emplace(name, 0).first)->first;
}

void PointWriter::write(DatasetId dataset, DataPoint &&point)
{
    const std::uint64_t bytes = point.bytes();
    const std::uint64_t before = m_bytes.fetch_add(bytes, std::memory_order_relaxed);
    if (before > enoughBytes) {
        std::unique_lock lock(m_mutex);
        ++m_waiters;
        m_hurry.notify_all();
        m_progress.wait(lock, [this] { return m_bytes.load(std::memory_order_relaxed) <= mostBytes || m_ending; });
        --m_waiters;
    }
    m_given.fetch_add(1, std::memory_order_relaxed);
    m_queue.push(Item{dataset, std::move(point)});
}

void PointWriter::flush()
{
    std::unique_lock lock(m_mutex);
    const std::uint64_t until = m_given.load(std::memory_order_relaxed);
    ++m_waiters;
    m_hurry.notify_all();
    m_progress.wait(lock, [this, until] { return m_done >= until; });
    --m_waiters;
}

void PointWriter::run()
{
    std::vector<Item> items;
    std::vector<Item> more;
    while (m_queue.wait(items)) {
        {
            std::unique_lock lock(m_mutex);
            m_hurry.wait_for(lock, gathering, [this] { return m_ending || m_waiters > 0 || m_bytes.load(std::memory_order_relaxed) > enoughBytes; });
        }
        if (m_queue.take(more))
            std::ranges::move(more, std::back_inserter(items));
        std::uint64_t bytes = 0;
        for (const Item &item : items)
            bytes += item.point.bytes();
        const std::uint64_t count = items.size();
        store(items);
        m_bytes.fetch_sub(bytes, std::memory_order_relaxed);
        {
            const std::lock_guard lock(m_mutex);
            m_done += count;
        }
        m_progress.notify_all();
    }
}

void PointWriter::store(std::vector<Item> &items)
{
    if (m_sampling.pointsPerSecond > 0)
        sample(items);
    std::map<DatasetId, std::vector<const DataPoint *>> sorted;
    DatasetId last = nullptr;
    std::vector<const DataPoint *> *list = nullptr;
    for (const Item &item : items) {
        if (item.dataset != last) {
            last = item.dataset;
            list = &sorted[last];
        }
        list->push_back(&item.point);
    }
    for (const auto &[dataset, points] : sorted)
        append(dataset, points);
}

void PointWriter::append(DatasetId id, const std::vector<const DataPoint *> &points)
{
    auto &dataset = m_datasets[id];
    base::Result<void> written;
    if (!dataset) {
        if (auto file = datasetFile(m_state, *id))
            dataset = std::make_unique<Dataset>(std::move(*file));
        else
            written = std::unexpected(file.error());
    }
    for (int attempt = 0; dataset && attempt < 3; ++attempt) {
        written = dataset->append(points);
        if (written || written.error().code != "storage.busy")
            break;
    }
    if (!written)
        m_problem({"analytics.lost", std::to_string(points.size()) + " data points of the dataset " + *id + " could not be kept: " + written.error().message, {}});
}

/// Of each index to which too many were written since the last time, every k-th point stays, and stands for those before it.
void PointWriter::sample(std::vector<Item> &items)
{
    const std::int64_t now = base::steadyNs();
    const double seconds = m_lastNs == 0 ? 0.05 : std::clamp(static_cast<double>(now - m_lastNs) / 1e9, 0.05, 1.0);
    m_lastNs = now;
    const auto most = std::max<std::size_t>(1, static_cast<std::size_t>(m_sampling.pointsPerSecond * seconds));
    struct Group {
        std::size_t count = 0;
        std::size_t step = 1;
        std::size_t met = 0;
        std::uint32_t skipped = 0;
    };
    std::map<std::pair<DatasetId, std::string_view>, Group> groups;
    for (const Item &item : items)
        ++groups[{item.dataset, item.point.index()}].count;
    for (auto &[key, group] : groups)
        group.step = (group.count + most - 1) / most;
    std::vector<Item> kept;
    std::vector<bool> stays(items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        Group &group = groups[{items[i].dataset, items[i].point.index()}];
        ++group.met;
        ++group.skipped;
        if (group.met % group.step == 0 || group.met == group.count) {
            items[i].point.sampleInterval = std::exchange(group.skipped, 0);
            stays[i] = true;
        }
    }
    groups.clear(); // its keys look into the points
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (stays[i])
            kept.push_back(std::move(items[i]));
    }
    items.swap(kept);
}

} // namespace cleat::bindings::analytics
