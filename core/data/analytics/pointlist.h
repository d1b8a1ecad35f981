// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/analytics/datapoint.h"
#include "core/data/statefile.h"

#include <bitset>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::data::analytics {

inline constexpr std::size_t blobColumns = bindings::analytics::maxBlobs;
inline constexpr std::size_t doubleColumns = bindings::analytics::maxDoubles;
/// Of a blob of PointList::rows(), in bytes.
inline constexpr std::size_t shownBlobBytes = 400;

/// A data point as it lies on disk.
struct Point {
    std::int64_t place = 0; ///< grows with each point that is written
    std::int64_t timeMs = 0; ///< wall clock
    std::int64_t sampleInterval = 1; ///< how many points it stands for
    std::string index;
    std::vector<std::string> blobs; ///< up to the last that has something
    std::vector<std::optional<double>> doubles; ///< up to the last that is not 0; nullopt: not a number
    bool operator==(const Point &) const = default;
};

/// The points of one dataset, the newest first, while others write more. Belongs to one thread. Errors: core/storage/failure.h.
class PointList final
{
public:
    /// The dataset need not be there; `file` as bindings::analytics::datasetFile() gives it.
    explicit PointList(std::filesystem::path file) : m_file(std::move(file), "points") {}

    enum class Newer { Show, KeepBack };
    struct Look {
        std::uint64_t shown = 0; ///< how many rows there are
        std::uint64_t newer = 0; ///< points that are kept back
        bool changed = false; ///< other rows are shown than after the last look; the first says true
        std::bitset<blobColumns> blobs; ///< which blobs some of the newest points have
        std::bitset<doubleColumns> doubles;
    };
    /// Looks what there is; the rows are those of this moment until the next look that shows newer ones.
    base::Result<Look> look(Newer newer);
    std::uint64_t count() const { return m_last < m_first ? 0 : static_cast<std::uint64_t>(m_last - m_first + 1); }
    /// By number, the newest is 0. Blobs are cut after shownBlobBytes.
    base::Result<std::vector<Point>> rows(std::uint64_t first, std::size_t count);

private:
    base::Result<void> readColumns(storage::Database &database, Look &look);

    StateFile m_file;
    std::int64_t m_first = 1; ///< places
    std::int64_t m_last = 0;
    bool m_looked = false;
};

} // namespace cleat::data::analytics
