// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cleat::bindings::analytics {

// Workers Analytics Engine, "Limits"; the sizes as workerd has them.
inline constexpr std::size_t maxIndexes = 1;
inline constexpr std::size_t maxIndexBytes = 96;
inline constexpr std::size_t maxBlobs = 20;
inline constexpr std::size_t maxBlobBytes = 16'000; ///< of all of a point
inline constexpr std::size_t maxDoubles = 20;
inline constexpr std::uint32_t maxPointsOfInvocation = 250;

/// What one writeDataPoint() tells, in one piece of memory. What is beyond a limit is counted, and not kept.
class DataPoint final
{
public:
    std::int64_t timeMs = 0; ///< wall clock
    std::uint32_t sampleInterval = 1; ///< how many points it stands for

    void addIndex(std::string_view text);
    void addDouble(double value);
    void addBlob(std::string_view bytes);

    /// The reference's words, code analytics.limit, when it is beyond a limit: then it is not recorded.
    base::Result<void> check() const;

    std::string_view index() const { return std::string_view(m_texts).substr(0, m_ends[0]); }
    std::size_t blobs() const { return m_blobs; }
    /// Empty for those that there are not.
    std::string_view blob(std::size_t i) const { return i < m_blobs ? std::string_view(m_texts).substr(m_ends[i], m_ends[i + 1] - m_ends[i]) : std::string_view(); }
    std::size_t doubles() const { return m_doubles; }
    double number(std::size_t i) const { return i < m_doubles ? m_numbers[i] : 0; }
    /// Of memory.
    std::size_t bytes() const { return sizeof(DataPoint) + m_texts.size(); }

private:
    std::string m_texts; ///< the index and the blobs
    std::array<std::uint32_t, maxBlobs + 1> m_ends{};
    std::array<double, maxDoubles> m_numbers{};
    std::uint32_t m_indexes = 0;
    std::uint32_t m_blobs = 0;
    std::uint32_t m_doubles = 0;
    std::uint32_t m_givenBlobs = 0;
    std::uint32_t m_givenDoubles = 0;
    std::size_t m_blobBytes = 0;
};

} // namespace cleat::bindings::analytics
