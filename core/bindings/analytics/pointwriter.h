// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/batchqueue.h"
#include "core/base/error.h"
#include "core/bindings/analytics/dataset.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace cleat::bindings::analytics {

/// Keeps fewer points of an index to which many are written: at most so many a second, each standing for others as its sample interval says; their sum stays exact
/// ("Sampling with WAE", equitable sampling). 0: all are kept.
struct Sampling {
    std::uint32_t pointsPerSecond = 0;
};

/// Writes points to disk on a thread of its own, many at once: they are there some 50 ms after write(), also when the process is killed then. All points of a Worker, for one state folder.
class PointWriter final
{
public:
    /// `problem` is told what could not be kept, on the writer's thread.
    PointWriter(std::filesystem::path state, std::function<void(const base::Error &)> problem, Sampling sampling = {});
    /// Writes what it was given first.
    ~PointWriter();
    PointWriter(const PointWriter &) = delete;
    PointWriter &operator=(const PointWriter &) = delete;

    const std::filesystem::path &state() const { return m_state; }

    /// Stands for a dataset in write(); stays as long as the writer. Any thread.
    using DatasetId = const std::string *;
    DatasetId dataset(std::string_view name);

    /// Any thread. Returns at once, unless the disk is behind by more than 64 MiB: then it waits for it.
    void write(DatasetId dataset, DataPoint &&point);
    /// Waits until all that was given is written, or was told to be lost. Any thread but the writer's.
    void flush();

private:
    struct Item {
        DatasetId dataset = nullptr;
        DataPoint point;
    };

    void run();
    void store(std::vector<Item> &items);
    void sample(std::vector<Item> &items);
    void append(DatasetId id, const std::vector<const DataPoint *> &points);

    const std::filesystem::path m_state;
    const std::function<void(const base::Error &)> m_problem;
    const Sampling m_sampling;
    base::BatchQueue<Item> m_queue;
    std::atomic<std::uint64_t> m_bytes{0}; ///< of what waits
    std::atomic<std::uint64_t> m_given{0};
    std::mutex m_mutex;
    std::condition_variable m_hurry; ///< of the thread
    std::condition_variable m_progress; ///< of those who wait for it
    std::uint64_t m_done = 0;
    int m_waiters = 0;
    bool m_ending = false;
    std::map<std::string, int, std::less<>> m_names; ///< keys stay where they are
    std::map<DatasetId, std::unique_ptr<Dataset>> m_datasets; ///< of the thread
    std::int64_t m_lastNs = 0; ///< of the thread
    std::thread m_thread;
};

} // namespace cleat::bindings::analytics
