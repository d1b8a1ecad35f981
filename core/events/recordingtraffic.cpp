// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/recordingprivate.h"

#include <algorithm>
#include <array>
#include <bit>

namespace cleat::events {

namespace {

using Segment = RecordingSegment;
using Bucket = Recording::Bucket;

/// Sixteen steps to the double: a value is told from its neighbours within 1/32 of it, below 32 exactly.
class Histogram final
{
public:
    void add(std::uint32_t value)
    {
        ++m_counts[stepOf(value)];
        ++m_all;
    }
    /// The value that `percent` of all do not exceed.
    std::uint32_t at(std::uint64_t percent) const
    {
        const std::uint64_t rank = (m_all * percent + 99) / 100;
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < m_counts.size(); ++i) {
            seen += m_counts[i];
            if (seen >= rank && seen > 0)
                return middleOf(i);
        }
        return 0;
    }

private:
    static std::size_t stepOf(std::uint32_t value)
    {
        if (value < 32)
            return value;
        const unsigned shift = static_cast<unsigned>(std::bit_width(value)) - 5;
        return shift * 16 + (value >> shift);
    }
    static std::uint32_t middleOf(std::size_t step)
    {
        if (step < 32)
            return static_cast<std::uint32_t>(step);
        const std::size_t shift = step / 16 - 1;
        return static_cast<std::uint32_t>(((step - shift * 16) << shift) + ((std::size_t(1) << shift) >> 1U));
    }

    std::array<std::uint32_t, 28 * 16 + 16> m_counts{};
    std::uint64_t m_all = 0;
};

/// Counts rows into numbered buckets, and keeps their durations until all are there.
class Counter final
{
public:
    std::uint32_t addBucket()
    {
        m_buckets.emplace_back();
        return static_cast<std::uint32_t>(m_buckets.size() - 1);
    }
    /// The segment is locked.
    void add(std::uint32_t number, const Segment &segment, std::uint32_t row)
    {
        Bucket &bucket = m_buckets[number];
        ++bucket.requests;
        bucket.errors += segment.isError(row) ? 1 : 0;
        bucket.responseBytes += segment.responseBytes[row];
        if (segment.state[row] != RequestState::Running)
            m_durations.emplace_back(number, segment.durationUs[row]);
    }
    std::vector<Bucket> done()
    {
        std::vector<std::size_t> ends(m_buckets.size() + 1);
        for (const auto &[number, duration] : m_durations)
            ++ends[number + 1];
        for (std::size_t i = 1; i < ends.size(); ++i)
            ends[i] += ends[i - 1];
        std::vector<std::uint32_t> sorted(m_durations.size()); // by bucket
        std::vector<std::size_t> place = ends;
        for (const auto &[number, duration] : m_durations)
            sorted[place[number]++] = duration;
        for (std::size_t i = 0; i < m_buckets.size(); ++i)
            percentiles(m_buckets[i], std::span(sorted).subspan(ends[i], ends[i + 1] - ends[i]));
        return std::move(m_buckets);
    }

private:
    static void percentiles(Bucket &bucket, std::span<std::uint32_t> durations)
    {
        constexpr std::size_t few = 256;
        if (durations.empty())
            return;
        if (durations.size() <= few) {
            std::ranges::sort(durations);
            const auto at = [&](std::size_t percent) { return durations[(durations.size() * percent + 99) / 100 - 1]; };
            bucket.p50Us = at(50);
            bucket.p95Us = at(95);
            bucket.p99Us = at(99);
            return;
        }
        Histogram histogram;
        for (const std::uint32_t duration : durations)
            histogram.add(duration);
        bucket.p50Us = histogram.at(50);
        bucket.p95Us = histogram.at(95);
        bucket.p99Us = histogram.at(99);
    }

    std::vector<Bucket> m_buckets;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> m_durations; ///< with their bucket
};

/// Calls `each(segment, row)` for the rows that are held, with their segment locked.
template <typename Each>
void forRows(const std::vector<std::shared_ptr<const Segment>> &segments, Recording::Range range, Each each)
{
    for (const auto &segment : segments) {
        const std::shared_lock lock(segment->mutex);
        const Recording::Sequence end = std::min(range.end, segment->end());
        for (Recording::Sequence sequence = std::max(range.first, segment->base); sequence < end; ++sequence)
            each(*segment, static_cast<std::uint32_t>(sequence - segment->base));
    }
}

} // namespace

std::vector<Recording::Bucket> Recording::timeline(std::int64_t fromUs, std::int64_t toUs, int count) const
{
    Counter counter;
    for (int i = 0; i < count; ++i)
        counter.addBucket();
    if (count <= 0 || toUs <= fromUs)
        return counter.done();
    const Range range = held();
    const double stretch = static_cast<double>(toUs - fromUs) / count;
    forRows(d->segments(range.first, range.end), range, [&](const Segment &segment, std::uint32_t row) {
        const std::int64_t start = segment.startUs[row];
        if (start >= fromUs && start < toUs)
            counter.add(std::min(static_cast<std::uint32_t>(count - 1), static_cast<std::uint32_t>(static_cast<double>(start - fromUs) / stretch)), segment, row);
    });
    return counter.done();
}

Recording::Bucket Recording::total() const
{
    Counter counter;
    counter.addBucket();
    const Range range = held();
    forRows(d->segments(range.first, range.end), range, [&](const Segment &segment, std::uint32_t row) { counter.add(0, segment, row); });
    return counter.done().front();
}

std::vector<Recording::PathGroup> Recording::byPath(std::span<const Sequence> given, const std::stop_token &stop) const
{
    std::vector<Sequence> rows(given.begin(), given.end()); // segment by segment
    if (!std::ranges::is_sorted(rows))
        std::ranges::sort(rows);
    Counter counter;
    std::vector<PathGroup> groups;
    std::unordered_map<std::string, std::uint32_t> byName;
    const Range range = held();
    const auto segments = d->segments(range.first, range.end);
    for (std::size_t i = 0; i < rows.size() && !stop.stop_requested();) {
        const auto behind = std::ranges::upper_bound(segments, rows[i], {}, [](const auto &segment) { return segment->base; });
        if (behind == segments.begin()) {
            ++i;
            continue;
        }
        const Segment &segment = **std::prev(behind);
        const std::shared_lock lock(segment.mutex);
        if (rows[i] >= segment.end()) {
            ++i;
            continue;
        }
        std::unordered_map<std::uint64_t, std::uint32_t> byRefs;
        for (; i < rows.size() && rows[i] >= segment.base && rows[i] < segment.end(); ++i) {
            const auto row = static_cast<std::uint32_t>(rows[i] - segment.base);
            const Segment::Ref method = segment.requestShapes.at(segment.requestShape[row]).method;
            const auto [known, isNew] = byRefs.try_emplace(std::uint64_t(method) << 32U | segment.target[row], 0);
            if (isNew) {
                const std::string_view target = segment.text(segment.target[row]);
                const std::string_view path = target.substr(0, target.find('?'));
                std::string name(segment.text(method));
                name.append(1, '\0').append(path);
                const auto [group, first] = byName.try_emplace(std::move(name), static_cast<std::uint32_t>(groups.size()));
                if (first) {
                    groups.push_back({std::string(segment.text(method)), std::string(path), {}, 0, 0});
                    counter.addBucket();
                }
                known->second = group->second;
            }
            PathGroup &group = groups[known->second];
            counter.add(known->second, segment, row);
            if (segment.state[row] != RequestState::Running)
                group.totalUs += segment.durationUs[row];
            group.last = std::max(group.last, rows[i]);
        }
    }
    const std::vector<Bucket> traffic = counter.done();
    for (std::size_t i = 0; i < groups.size(); ++i)
        groups[i].traffic = traffic[i];
    std::ranges::sort(groups, [](const PathGroup &a, const PathGroup &b) {
        return a.traffic.requests != b.traffic.requests ? a.traffic.requests > b.traffic.requests : a.path != b.path ? a.path < b.path : a.method < b.method;
    });
    return groups;
}

} // namespace cleat::events
