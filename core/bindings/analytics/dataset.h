// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/analytics/datapoint.h"
#include "core/storage/database.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3_stmt;

namespace cleat::bindings::analytics {

/// How long points are kept ("Data retention": three months).
inline constexpr std::int64_t retentionMs = 92LL * 24 * 3600 * 1000;

/// <state>/v3/analytics-engine/<name>.sqlite, with what no file name should hold as %XX. The reference keeps nothing, so the place is ours. `state` is the folder that holds v3.
/// Code analytics.dataset: the name is empty or too long.
base::Result<std::filesystem::path> datasetFile(const std::filesystem::path &state, std::string_view dataset);
/// Those that have a file; by name.
std::vector<std::string> datasets(const std::filesystem::path &state);

/// The points of one dataset, on disk: a table `points` (place, time_ms, sample_interval, index1, blob1 to blob20, double1 to double20), in the order in which they were written.
/// A number that is none is NULL. Errors: see core/storage/failure.h. Belongs to one thread.
class Dataset final
{
public:
    /// Makes the file at the first append(), which also drops what is older than retentionMs.
    explicit Dataset(std::filesystem::path file, std::chrono::milliseconds busyTimeout = storage::defaultBusyTimeout);
    ~Dataset();
    Dataset(const Dataset &) = delete;
    Dataset &operator=(const Dataset &) = delete;

    /// All of them or none.
    base::Result<void> append(std::span<const DataPoint *const> points);

private:
    base::Result<void> open();
    void close();

    const std::filesystem::path m_file;
    const std::chrono::milliseconds m_busyTimeout;
    std::unique_ptr<storage::Database> m_database;
    sqlite3_stmt *m_insert = nullptr;
};

} // namespace cleat::bindings::analytics
