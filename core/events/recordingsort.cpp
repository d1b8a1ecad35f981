// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/recordingprivate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace cleat::events {

namespace {

using Segment = RecordingSegment;
using Ref = Segment::Ref;

struct Keyed {
    std::uint64_t key = 0;
    Recording::Sequence sequence = 0;
};

/// Stable, by bytes from the lowest on, leaving out those that are the same everywhere.
void sortByKey(std::vector<Keyed> &rows, const std::stop_token &stop)
{
    std::uint64_t all = 0;
    for (const Keyed &one : rows)
        all |= one.key ^ rows.front().key;
    std::vector<Keyed> other(rows.size());
    for (unsigned shift = 0; shift < 64 && !stop.stop_requested(); shift += 8) {
        if ((all >> shift & 0xffU) == 0)
            continue;
        std::array<std::size_t, 257> place{};
        for (const Keyed &one : rows)
            ++place[(one.key >> shift & 0xffU) + 1];
        for (std::size_t i = 1; i < place.size(); ++i)
            place[i] += place[i - 1];
        for (const Keyed &one : rows)
            other[place[one.key >> shift & 0xffU]++] = one;
        rows.swap(other);
    }
}

struct Text {
    std::uint64_t start = 0; ///< eight bytes behind what all texts begin with
    std::string_view text;
    std::uint32_t segment = 0;
    Ref ref = 0;
};

std::uint64_t startOf(std::string_view text, std::size_t from)
{
    std::uint64_t start = 0;
    text.remove_prefix(std::min(from, text.size()));
    if (!text.empty()) // which has no place
        std::memcpy(&start, text.data(), std::min(text.size(), sizeof start));
    if constexpr (std::endian::native == std::endian::little)
        start = __builtin_bswap64(start);
    return start;
}

/// Ranks of texts among all of the segments.
class Ranks final
{
public:
    Ranks(const std::vector<std::shared_ptr<const Segment>> &segments, Recording::Key key, const std::stop_token &stop) : m_ranks(segments.size())
    {
        std::vector<Text> texts;
        for (std::uint32_t i = 0; i < segments.size() && !stop.stop_requested(); ++i) {
            const Segment &segment = *segments[i];
            const std::shared_lock lock(segment.mutex);
            auto &ranks = m_ranks[i];
            ranks.resize(segment.texts.size());
            const auto used = [&](Ref ref) {
                if (ranks[ref] == 0) {
                    ranks[ref] = 1;
                    texts.push_back({0, segment.text(ref), i, ref});
                }
            };
            for (std::uint32_t row = 0; row < segment.rows(); ++row)
                used(refOf(segment, row, key));
        }
        rank(texts, stop);
    }

    static Ref refOf(const Segment &segment, std::uint32_t row, Recording::Key key)
    {
        const Segment::RequestShape &shape = segment.requestShapes.at(segment.requestShape[row]);
        switch (key) {
        case Recording::Key::Method:
            return shape.method;
        case Recording::Key::Path:
            return segment.target[row];
        case Recording::Key::Handler:
            return shape.handler;
        case Recording::Key::Error:
            return shape.error;
        case Recording::Key::Time:
        case Recording::Key::Status:
        case Recording::Key::Duration:
        case Recording::Key::RequestSize:
        case Recording::Key::ResponseSize:
        case Recording::Key::Calls:
        case Recording::Key::Kind:
            break;
        }
        return 0;
    }
    /// 0 for a text that came after the ranks were made.
    std::uint32_t of(std::size_t segment, Ref ref) const { return ref < m_ranks[segment].size() ? m_ranks[segment][ref] : 0; }

private:
    void rank(std::vector<Text> &texts, const std::stop_token &stop)
    {
        if (texts.empty() || stop.stop_requested())
            return;
        std::size_t common = texts.front().text.size();
        for (const Text &one : texts) {
            const std::size_t most = std::min(common, one.text.size());
            common = static_cast<std::size_t>(std::mismatch(one.text.begin(), one.text.begin() + static_cast<std::ptrdiff_t>(most), texts.front().text.begin()).first - one.text.begin());
        }
        for (Text &one : texts)
            one.start = startOf(one.text, common);
        std::ranges::sort(texts, [](const Text &a, const Text &b) { return a.start != b.start ? a.start < b.start : a.text < b.text; });
        std::uint32_t rank = 0;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            rank += i == 0 || texts[i].text != texts[i - 1].text ? 1 : 0;
            m_ranks[texts[i].segment][texts[i].ref] = rank;
        }
    }

    std::vector<std::vector<std::uint32_t>> m_ranks; ///< by segment and ref
};

bool isOfText(Recording::Key key)
{
    return key == Recording::Key::Method || key == Recording::Key::Path || key == Recording::Key::Handler || key == Recording::Key::Error;
}

/// Calls of bindings by row.
std::vector<std::uint32_t> callsOf(const Segment &segment)
{
    std::vector<std::uint32_t> calls(segment.rows());
    for (const Segment::Item &item : segment.items) {
        if (item.type == Segment::ItemType::Call)
            calls[item.row] += segment.callShapes.at(item.value).bindingCall;
    }
    return calls;
}

/// The keys of all rows of one segment.
std::vector<std::uint64_t> keysOf(const Segment &segment, std::size_t number, Recording::Key key, const std::optional<Ranks> &ranks)
{
    const std::shared_lock lock(segment.mutex);
    std::vector<std::uint64_t> keys(segment.rows());
    const std::vector<std::uint32_t> calls = key == Recording::Key::Calls ? callsOf(segment) : std::vector<std::uint32_t>();
    for (std::uint32_t row = 0; row < keys.size(); ++row) {
        switch (key) {
        case Recording::Key::Time:
            keys[row] = static_cast<std::uint64_t>(segment.startUs[row]) ^ std::uint64_t(1) << 63U;
            break;
        case Recording::Key::Status:
            keys[row] = segment.status[row];
            break;
        case Recording::Key::Duration:
            keys[row] = segment.durationUs[row];
            break;
        case Recording::Key::RequestSize:
            keys[row] = segment.requestBytes[row];
            break;
        case Recording::Key::ResponseSize:
            keys[row] = segment.responseBytes[row];
            break;
        case Recording::Key::Calls:
            keys[row] = calls[row];
            break;
        case Recording::Key::Kind:
            keys[row] = static_cast<std::uint64_t>(segment.requestShapes.at(segment.requestShape[row]).kind);
            break;
        case Recording::Key::Method:
        case Recording::Key::Path:
        case Recording::Key::Handler:
        case Recording::Key::Error:
            keys[row] = ranks->of(number, Ranks::refOf(segment, row, key));
            break;
        }
    }
    return keys;
}

} // namespace

void Recording::sort(std::vector<Sequence> &rows, Key key, Order order, const std::stop_token &stop) const
{
    const Range range = held();
    const auto segments = d->segments(range.first, range.end);
    std::optional<Ranks> ranks;
    if (isOfText(key))
        ranks.emplace(segments, key, stop);
    std::vector<std::vector<std::uint64_t>> keys(segments.size());
    for (std::size_t i = 0; i < segments.size() && !stop.stop_requested(); ++i)
        keys[i] = keysOf(*segments[i], i, key, ranks);

    std::vector<Keyed> keyed;
    keyed.reserve(rows.size());
    std::size_t at = 0; // rows come in stretches of one segment mostly
    for (const Sequence sequence : rows) {
        if (segments.empty() || sequence < segments.front()->base)
            continue;
        if (sequence < segments[at]->base || sequence - segments[at]->base >= keys[at].size()) {
            const auto behind = std::ranges::upper_bound(segments, sequence, {}, [](const auto &segment) { return segment->base; });
            at = static_cast<std::size_t>(behind - segments.begin()) - 1;
            if (sequence - segments[at]->base >= keys[at].size())
                continue;
        }
        const std::uint64_t value = keys[at][sequence - segments[at]->base];
        keyed.push_back({order == Order::Ascending ? value : ~value, sequence});
    }
    if (!keyed.empty())
        sortByKey(keyed, stop);
    if (stop.stop_requested())
        return;
    rows.resize(keyed.size());
    std::ranges::transform(keyed, rows.begin(), &Keyed::sequence);
}

} // namespace cleat::events
