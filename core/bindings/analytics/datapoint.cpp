// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/analytics/datapoint.h"

namespace cleat::bindings::analytics {

void DataPoint::addIndex(std::string_view text)
{
    if (++m_indexes > 1 || m_givenBlobs > 0)
        return;
    m_texts.assign(text);
    m_ends[0] = static_cast<std::uint32_t>(text.size());
}

void DataPoint::addDouble(double value)
{
    if (++m_givenDoubles <= maxDoubles)
        m_numbers[m_doubles++] = value;
}

void DataPoint::addBlob(std::string_view bytes)
{
    m_blobBytes += bytes.size();
    if (++m_givenBlobs > maxBlobs || m_blobBytes > maxBlobBytes)
        return;
    m_texts.append(bytes);
    m_ends[++m_blobs] = static_cast<std::uint32_t>(m_texts.size());
}

base::Result<void> DataPoint::check() const
{
    const auto refused = [](std::string why) { return base::fail("analytics.limit", "writeDataPoint(): " + std::move(why)); };
    if (m_indexes > maxIndexes)
        return refused("Maximum of " + std::to_string(maxIndexes) + " indexes supported.");
    if (m_ends[0] > maxIndexBytes)
        return refused("Size of indexes[0] exceeds " + std::to_string(maxIndexBytes) + " bytes).");
    if (m_givenDoubles > maxDoubles)
        return refused("Maximum of " + std::to_string(maxDoubles) + " doubles supported.");
    if (m_givenBlobs > maxBlobs)
        return refused("Maximum of " + std::to_string(maxBlobs) + " blobs supported.");
    if (m_blobBytes > maxBlobBytes)
        return refused("Cumulative size of blobs exceeds " + std::to_string(maxBlobBytes) + " bytes).");
    return {};
}

} // namespace cleat::bindings::analytics
