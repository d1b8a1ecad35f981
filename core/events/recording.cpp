// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/prefetch.h"
#include "core/events/recordingprivate.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace cleat::events {

namespace {

constexpr RequestId importedIds = RequestId(1) << 63U; ///< ids of rows from elsewhere lie above
constexpr std::size_t stretchEvents = 256; ///< for so many events a segment is held for the writer alone
constexpr std::size_t stretchBytes = 256U << 10;
constexpr std::size_t groupEvents = 4096; ///< so many events are looked through for new requests before what belongs to those
constexpr std::size_t groupBytes = 1U << 20; ///< or events that hold so much
constexpr std::size_t mostChanges = 1U << 16;
constexpr std::size_t mostChangesTold = 1U << 14;
constexpr std::size_t mostUnclaimed = 1U << 16;

/// The request that an event belongs to.
RequestId requestOf(const Event &event)
{
    return std::visit(
        [](const auto &e) -> RequestId {
            if constexpr (requires { e.request; })
                return e.request;
            else if constexpr (requires { e.id; })
                return e.id;
            else
                return 0;
        },
        event);
}

/// As many of the events as one group has.
std::size_t groupOf(std::span<const Event *const> events)
{
    std::size_t count = 0;
    for (std::size_t bytes = 0; count < events.size() && count < groupEvents && bytes < groupBytes; ++count) {
        if (const auto *content = std::get_if<ContentEvent>(events[count]))
            bytes += content->requestBody.size() + content->responseBody.size();
    }
    return count;
}

} // namespace

/// What a stretch of writing holds: the lock of the segment it works on, and what it changed.
struct Recording::Private::Writing {
    RecordingSegment *segment = nullptr;
    std::unique_lock<std::shared_mutex> lock;
    std::vector<RecordingSegment *> touched;
    std::vector<Sequence> changed;
    Sequence known = 0; ///< rows before it are known to readers
    std::size_t events = 0;
    std::size_t bytes = 0;

    void use(RecordingSegment &one)
    {
        if (segment == &one)
            return;
        if (lock)
            lock.unlock();
        segment = &one;
        lock = std::unique_lock(one.mutex);
        if (touched.empty() || touched.back() != &one)
            touched.push_back(&one);
    }
    void note(Sequence sequence)
    {
        if (sequence < known && (changed.empty() || changed.back() != sequence))
            changed.push_back(sequence);
    }
};

// ---- readers

std::vector<std::shared_ptr<const RecordingSegment>> Recording::Private::segments() const
{
    const std::shared_lock lock(listMutex);
    return {list.begin(), list.end()};
}

std::vector<std::shared_ptr<const RecordingSegment>> Recording::Private::segments(Sequence from, Sequence to) const
{
    const std::shared_lock lock(listMutex);
    const auto before = [](Sequence sequence, const SegmentPtr &segment) { return sequence < segment->base; };
    auto begin = std::upper_bound(list.begin(), list.end(), from, before);
    if (begin != list.begin())
        --begin;
    const auto end = std::upper_bound(begin, list.end(), to == 0 ? 0 : to - 1, before);
    return {begin, end};
}

std::shared_ptr<const RecordingSegment> Recording::Private::segmentOf(Sequence sequence) const
{
    const std::shared_lock lock(listMutex);
    const auto behind = std::upper_bound(list.begin(), list.end(), sequence, [](Sequence one, const SegmentPtr &segment) { return one < segment->base; });
    return behind == list.begin() ? nullptr : *std::prev(behind);
}

Recording::Range Recording::Private::held() const
{
    const std::lock_guard lock(stateMutex);
    return range;
}

// ---- the writer

RecordingSegment *Recording::Private::find(RequestId id)
{
    if (id > highestId && id < importedIds)
        return nullptr;
    for (std::size_t i = list.size(); i-- > 0;) {
        if (id >= idRanges[i].first && id <= idRanges[i].second && list[i]->find(id) != RecordingSegment::none)
            return list[i].get();
    }
    return nullptr;
}

/// The last segment, with room for one more row.
RecordingSegment &Recording::Private::open(Writing &writing)
{
    if (!list.empty() && list.back()->rows() < RecordingSegment::mostRows) {
        const std::size_t most = std::max<std::size_t>(64U << 10, maxBytes / 32);
        if (list.back()->rows() % 16 != 0 || list.back()->bytes() < most)
            return *list.back();
    }
    if (writing.lock)
        writing.lock.unlock();
    writing.segment = nullptr;
    if (list.size() > 2) { // late changes come to the last ones mostly
        RecordingSegment &settled = *list[list.size() - 3];
        writing.use(settled);
        settled.shrink();
        writing.lock.unlock();
        writing.segment = nullptr;
    }
    auto next = std::make_shared<RecordingSegment>(list.empty() ? writing.known : list.back()->end());
    const std::unique_lock lock(listMutex);
    list.push_back(std::move(next));
    idRanges.emplace_back(std::numeric_limits<RequestId>::max(), 0);
    return *list.back();
}

void Recording::Private::count(RecordingSegment &segment)
{
    std::size_t &before = counted[&segment];
    const std::size_t now = segment.bytes();
    held_ += now - before;
    before = now;
}

void Recording::Private::commit(Writing &writing)
{
    if (writing.lock)
        writing.lock.unlock();
    writing.segment = nullptr;
    std::ranges::sort(writing.touched);
    const auto same = std::ranges::unique(writing.touched);
    writing.touched.erase(same.begin(), same.end());
    for (RecordingSegment *segment : writing.touched)
        count(*segment);
    std::ranges::sort(writing.changed);
    const auto again = std::ranges::unique(writing.changed);
    writing.changed.erase(again.begin(), again.end());
    {
        const std::lock_guard lock(stateMutex);
        ++revision;
        if (!list.empty())
            range.end = list.back()->end();
        for (const Sequence sequence : writing.changed)
            changes.push_back({revision, sequence});
        while (changes.size() > mostChanges) {
            changesFrom = changes.front().revision;
            changes.pop_front();
        }
        writing.known = range.end;
    }
    writing.touched.clear();
    writing.changed.clear();
    writing.events = 0;
    writing.bytes = 0;
}

void Recording::Private::keepUnclaimed(RequestId id, const Event &event)
{
    Unclaimed &waiting = unclaimed[id];
    if (waiting.stamp == 0) {
        waiting.stamp = ++lastStamp;
        unclaimedOrder.emplace_back(id, waiting.stamp);
    }
    waiting.events.push_back(event);
    const std::size_t bytes = memoryOf(event);
    waiting.bytes += bytes;
    unclaimedBytes += bytes;
    held_ += bytes;
    while (!unclaimedOrder.empty() && (unclaimed.size() > mostUnclaimed || unclaimedBytes > maxBytes / 16 || unclaimedOrder.size() > 2 * mostUnclaimed))
        forgetUnclaimed();
}

/// The oldest of them.
void Recording::Private::forgetUnclaimed()
{
    const auto [id, stamp] = unclaimedOrder.front();
    unclaimedOrder.pop_front();
    const auto found = unclaimed.find(id);
    if (found == unclaimed.end() || found->second.stamp != stamp)
        return;
    unclaimedBytes -= found->second.bytes;
    held_ -= found->second.bytes;
    unclaimed.erase(found);
}

void Recording::Private::putRequest(Writing &writing, const RequestEvent &event)
{
    if (RecordingSegment *segment = find(event.id)) {
        writing.use(*segment);
        const std::uint32_t row = segment->find(event.id);
        segment->setRequest(row, event);
        writing.note(segment->base + row);
        return;
    }
    if (event.id < importedIds)
        highestId = std::max(highestId, event.id);
    else
        lastImported = std::max(lastImported, event.id);
    RecordingSegment &segment = open(writing);
    writing.use(segment);
    segment.addRow(event);
    idRanges.back() = {segment.lowestId, segment.highestId};
    if (unclaimed.empty())
        return;
    if (auto waiting = unclaimed.extract(event.id)) {
        unclaimedBytes -= waiting.mapped().bytes;
        held_ -= waiting.mapped().bytes;
        for (const Event &one : waiting.mapped().events)
            put(writing, one);
    }
}

/// Anything but a request.
void Recording::Private::put(Writing &writing, const Event &event)
{
    const RequestId id = requestOf(event);
    RecordingSegment *const segment = find(id);
    if (!segment) {
        keepUnclaimed(id, event);
        return;
    }
    writing.use(*segment);
    const std::uint32_t row = segment->find(id);
    if (const auto *call = std::get_if<CallEvent>(&event)) {
        segment->add(row, *call);
    } else if (const auto *line = std::get_if<ConsoleEvent>(&event)) {
        segment->add(row, *line);
    } else if (const auto *exception = std::get_if<ExceptionEvent>(&event)) {
        segment->add(row, *exception);
    } else if (const auto *content = std::get_if<ContentEvent>(&event)) {
        segment->setContent(row, *content);
        writing.bytes += content->requestHead.size() + content->responseHead.size() + content->requestBody.size() + content->responseBody.size();
    }
    writing.note(segment->base + row);
}

void Recording::Private::take(std::span<const Event *const> events, const Redactor *redactor)
{
    Writing writing;
    writing.known = held().end;
    const auto step = [&] {
        if (++writing.events >= stretchEvents || writing.bytes >= stretchBytes)
            commit(writing);
    };
    const bool redacts = redactor && !redactor->secrets().empty();
    while (!events.empty()) {
        const auto group = events.first(groupOf(events));
        events = events.subspan(group.size());
        // Requests first: what happened inside is mostly told before.
        const Prefetch prefetch(group);
        for (std::size_t i = 0; i < group.size(); ++i) {
            prefetch.before(i);
            const auto *request = std::get_if<RequestEvent>(group[i]);
            if (request && request->id != 0) {
                putRequest(writing, *request);
                step();
            }
        }
        for (std::size_t i = 0; i < group.size(); ++i) {
            prefetch.before(i);
            const Event *const event = group[i];
            if (std::holds_alternative<RequestEvent>(*event) || requestOf(*event) == 0)
                continue;
            if (const auto *content = std::get_if<ContentEvent>(event); content && redacts) {
                Event copy = *content;
                if (writing.lock)
                    writing.lock.unlock(); // it takes its time
                writing.segment = nullptr;
                contentRedactor.redact(std::get<ContentEvent>(copy), redactor);
                put(writing, copy);
            } else {
                put(writing, *event);
            }
            step();
        }
        commit(writing);
        bound();
    }
}

Recording::Sequence Recording::Private::add(RequestRecord &&record)
{
    const RequestId id = std::max(lastImported, importedIds) + 1;
    record.request.id = id;
    record.content.request = id;
    Writing writing;
    writing.known = held().end;
    putRequest(writing, record.request);
    const Sequence sequence = writing.segment->end() - 1;
    const auto all = [&](auto &events) {
        for (auto &event : events) {
            event.request = id;
            put(writing, std::move(event));
        }
    };
    put(writing, std::move(record.content));
    all(record.calls);
    all(record.console);
    all(record.exceptions);
    commit(writing);
    bound();
    return sequence;
}

void Recording::Private::bound()
{
    while (held_ > maxBytes && !list.empty()) {
        const SegmentPtr gone = list.front(); // freed when no reader has it any more
        {
            const std::unique_lock lock(listMutex);
            list.pop_front();
        }
        idRanges.erase(idRanges.begin());
        held_ -= counted[gone.get()];
        counted.erase(gone.get());
        const std::lock_guard lock(stateMutex);
        dropped += gone->rows();
        range.first = gone->end();
        ++revision;
    }
}

void Recording::Private::clear()
{
    std::deque<SegmentPtr> gone;
    {
        const std::unique_lock lock(listMutex);
        gone.swap(list);
    }
    idRanges.clear();
    counted.clear();
    unclaimed.clear();
    unclaimedOrder.clear();
    unclaimedBytes = 0;
    held_ = 0;
    const std::lock_guard lock(stateMutex);
    range.first = range.end;
    dropped = 0;
    ++revision;
    changes.clear();
    changesFrom = revision;
}

// ---- Recording

Recording::Recording(std::size_t maxBytes) : d(std::make_unique<Private>(maxBytes)) {}

Recording::~Recording() = default;

void Recording::take(std::span<const std::shared_ptr<const Batch>> batches, const Redactor *redactor)
{
    std::vector<const Event *> events;
    for (const auto &batch : batches) {
        for (const Event &event : *batch)
            events.push_back(&event);
    }
    d->take(events, redactor);
}

Recording::Sequence Recording::add(RequestRecord &&record)
{
    return d->add(std::move(record));
}

void Recording::clear()
{
    d->clear();
}

void Recording::setMaxBytes(std::size_t bytes)
{
    d->maxBytes = bytes;
    d->bound();
}

Recording::Range Recording::held() const
{
    return d->held();
}

std::uint64_t Recording::revision() const
{
    const std::lock_guard lock(d->stateMutex);
    return d->revision;
}

std::size_t Recording::bytes() const
{
    return d->held_;
}

std::uint64_t Recording::dropped() const
{
    const std::lock_guard lock(d->stateMutex);
    return d->dropped;
}

std::optional<Recording::Row> Recording::row(Sequence sequence) const
{
    return d->at<std::optional<Row>>(sequence, [](const RecordingSegment &segment, std::uint32_t row) { return segment.row(row); });
}

std::optional<RequestRecord> Recording::record(Sequence sequence) const
{
    return d->at<std::optional<RequestRecord>>(sequence, [](const RecordingSegment &segment, std::uint32_t row) { return segment.record(row); });
}

std::uint32_t Recording::revisionOf(Sequence sequence) const
{
    return d->at<std::uint32_t>(sequence, [](const RecordingSegment &segment, std::uint32_t row) { return segment.revision[row]; });
}

std::optional<Recording::Sequence> Recording::find(RequestId id) const
{
    const auto all = d->segments();
    for (auto segment = all.rbegin(); segment != all.rend(); ++segment) {
        const std::shared_lock lock((*segment)->mutex);
        const std::uint32_t row = (*segment)->find(id);
        if (row != RecordingSegment::none)
            return (*segment)->base + row;
    }
    return std::nullopt;
}

Recording::Changes Recording::changedSince(std::uint64_t revision) const
{
    Changes result;
    const std::lock_guard lock(d->stateMutex);
    result.revision = d->revision;
    const auto from = std::ranges::upper_bound(d->changes, revision, {}, &Private::Change::revision);
    if (revision < d->changesFrom || d->changes.end() - from > static_cast<std::ptrdiff_t>(mostChangesTold)) {
        result.all = true;
        return result;
    }
    for (auto change = from; change != d->changes.end(); ++change) {
        if (change->sequence >= d->range.first)
            result.rows.push_back(change->sequence);
    }
    std::ranges::sort(result.rows);
    const auto same = std::ranges::unique(result.rows);
    result.rows.erase(same.begin(), same.end());
    return result;
}

} // namespace cleat::events
