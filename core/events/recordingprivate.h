// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/contentredactor.h"
#include "core/events/recording.h"
#include "core/events/recordingsegment.h"

#include <array>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace cleat::events {

/// Locks, in the order in which they are taken: `listMutex`, one segment's, `stateMutex`.
/// The writer changes segments in stretches of some hundred events, and makes each stretch known at its end (commit()).
class Recording::Private
{
public:
    using SegmentPtr = std::shared_ptr<RecordingSegment>;

    explicit Private(std::size_t bound) : maxBytes(bound) {}

    // ---- readers

    /// All segments that hold rows of [from, to), in order.
    std::vector<std::shared_ptr<const RecordingSegment>> segments(Sequence from, Sequence to) const;
    std::vector<std::shared_ptr<const RecordingSegment>> segments() const;
    std::shared_ptr<const RecordingSegment> segmentOf(Sequence sequence) const;
    /// What `read` makes of the segment and the row, under its lock; R() when the row is not held.
    template <typename R, typename Read>
    R at(Sequence sequence, Read read) const
    {
        const auto segment = segmentOf(sequence);
        if (!segment)
            return R();
        const std::shared_lock lock(segment->mutex);
        return sequence < segment->end() ? R(read(*segment, static_cast<std::uint32_t>(sequence - segment->base))) : R();
    }
    Range held() const;

    // ---- the writer

    void take(std::span<const Event *const> events, const Redactor *redactor);
    Sequence add(RequestRecord &&record);
    void clear();
    /// Lets go what is beyond the bound.
    void bound();

    std::atomic<std::size_t> maxBytes;

private:
    /// Something of a request that is not known yet.
    struct Unclaimed {
        std::vector<Event> events;
        std::size_t bytes = 0;
        std::uint64_t stamp = 0;
    };
    struct Writing;

    void put(Writing &writing, const Event &event);
    void putRequest(Writing &writing, const RequestEvent &event);
    void keepUnclaimed(RequestId id, const Event &event);
    void forgetUnclaimed();
    RecordingSegment *find(RequestId id);
    RecordingSegment &open(Writing &writing);
    void count(RecordingSegment &segment);
    void commit(Writing &writing);

    mutable std::shared_mutex listMutex;
    std::deque<SegmentPtr> list; ///< the writer reads it without the lock, and changes it with it

    mutable std::mutex stateMutex;
    Range range; ///< guarded by stateMutex, as is what follows
    std::uint64_t revision = 0;
    std::uint64_t dropped = 0;
    struct Change {
        std::uint64_t revision = 0;
        Sequence sequence = 0;
    };
    std::deque<Change> changes; ///< ascending
    std::uint64_t changesFrom = 0; ///< all since this revision are in `changes`

    std::atomic<std::size_t> held_{0};

    // The writer's own.
    std::vector<std::pair<RequestId, RequestId>> idRanges; ///< lowest and highest id of each of `list`
    std::map<const RecordingSegment *, std::size_t> counted; ///< bytes of each in held_
    std::unordered_map<RequestId, Unclaimed> unclaimed;
    std::deque<std::pair<RequestId, std::uint64_t>> unclaimedOrder; ///< with their stamps
    std::size_t unclaimedBytes = 0;
    std::uint64_t lastStamp = 0;
    RequestId highestId = 0; ///< of the log's
    RequestId lastImported = 0;
    ContentRedactor contentRedactor;

    friend class Recording;
};

} // namespace cleat::events
