// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/recordingprivate.h"

#include <algorithm>

namespace cleat::events {

namespace {

using Key = RequestQuery::Key;
using Term = RequestQuery::Term;
using Segment = RecordingSegment;
using Ref = Segment::Ref;

/// What became of each text of a segment that was asked about.
class Asked final
{
public:
    Asked(const Term &term, const Segment &segment) : m_term(term), m_segment(segment) {}

    bool operator()(Ref ref)
    {
        if (ref >= m_known.size())
            m_known.resize(std::max<std::size_t>(m_segment.texts.size(), ref + 1), Unknown);
        std::uint8_t &known = m_known[ref];
        if (known == Unknown)
            known = m_term.fitsText(m_segment.text(ref)) ? Yes : No;
        return known == Yes;
    }
    /// With an answer found elsewhere.
    void learn(Ref ref, bool fits)
    {
        if (ref >= m_known.size())
            m_known.resize(ref + 1, Unknown);
        m_known[ref] = fits ? Yes : No;
    }

private:
    enum : std::uint8_t { Unknown, No, Yes };
    const Term &m_term;
    const Segment &m_segment;
    std::vector<std::uint8_t> m_known;
};

using Hits = std::vector<std::uint8_t>; ///< a row each; 1: it fits

/// Sets what fits in `hits`, which is as long as the segment has rows and all 0. The segment is locked.
class Search final
{
public:
    Search(const Term &term, const Segment &segment, Asked &asked, Hits &hits) : m_term(term), m_segment(segment), m_asked(asked), m_hits(hits) {}

    void run()
    {
        const Segment &s = m_segment;
        switch (m_term.key) {
        case Key::Text:
            shapes([this](const Segment::RequestShape &shape) { return m_asked(shape.method) || m_asked(shape.handler) || m_asked(shape.error); });
            each([&](std::size_t row) { return m_asked(s.target[row]); });
            break;
        case Key::Method:
            shapes([this](const Segment::RequestShape &shape) { return m_asked(shape.method); });
            break;
        case Key::Path:
            each([&](std::size_t row) { return m_asked(s.target[row]); });
            break;
        case Key::Handler:
            shapes([this](const Segment::RequestShape &shape) { return m_asked(shape.handler); });
            break;
        case Key::Environment:
            shapes([this](const Segment::RequestShape &shape) { return m_asked(shape.environment); });
            break;
        case Key::Status:
            each([&](std::size_t row) { return m_term.fitsNumber(s.status[row]); });
            break;
        case Key::Duration:
            each([&](std::size_t row) { return s.state[row] != RequestState::Running && m_term.fitsNumber(s.durationUs[row]); });
            break;
        case Key::Size:
            each([&](std::size_t row) { return m_term.fitsNumber(static_cast<double>(s.responseBytes[row])); });
            break;
        case Key::Kind:
            shapes([this](const Segment::RequestShape &shape) { return shape.kind != RequestKind::Http && m_term.fitsText(kindName(shape.kind)); });
            calls([this](const Segment::CallShape &shape) { return m_asked(shape.kind); });
            break;
        case Key::Binding:
            calls([this](const Segment::CallShape &shape) { return m_asked(shape.binding); });
            break;
        case Key::Error:
            shapes([this](const Segment::RequestShape &shape) { return m_asked(shape.error); });
            calls([this](const Segment::CallShape &shape) { return m_asked(shape.error); });
            items(Segment::ItemType::Thrown, [&](const Segment::Item &item) { return m_asked(s.exceptions[item.value].message); });
            break;
        case Key::Console:
            items(Segment::ItemType::Line, [&](const Segment::Item &item) { return m_asked(s.lines[item.value].text); });
            break;
        case Key::Body:
            contents([this](const Segment::ContentShape &shape) { return m_asked(shape.requestBody) || m_asked(shape.responseBody); });
            break;
        case Key::Header:
            contents([this](const Segment::ContentShape &shape) { return m_asked(shape.requestHead) || m_asked(shape.responseHead); });
            break;
        }
    }

private:
    template <typename Fits>
    void each(Fits fits)
    {
        for (std::size_t row = 0; row < m_hits.size(); ++row)
            m_hits[row] |= fits(row) ? 1 : 0;
    }
    /// Whether each of a table's values fits; empty when none does.
    template <typename Table, typename Fits>
    static Hits judged(const Table &table, Fits fits)
    {
        Hits judged(table.size());
        bool some = false;
        for (std::uint32_t i = 0; i < judged.size(); ++i) {
            judged[i] = fits(table.at(i)) ? 1 : 0;
            some = some || judged[i];
        }
        return some ? judged : Hits();
    }
    template <typename Fits>
    void shapes(Fits fits)
    {
        const Hits fitting = judged(m_segment.requestShapes, fits);
        if (!fitting.empty())
            each([&](std::size_t row) { return fitting[m_segment.requestShape[row]] != 0; });
    }
    template <typename Fits>
    void contents(Fits fits)
    {
        const Hits fitting = judged(m_segment.contents, fits);
        if (!fitting.empty())
            each([&](std::size_t row) { return fitting[m_segment.content[row]] != 0; });
    }
    template <typename Fits>
    void calls(Fits fits)
    {
        const Hits fitting = judged(m_segment.callShapes, fits);
        if (!fitting.empty())
            items(Segment::ItemType::Call, [&](const Segment::Item &item) { return fitting[item.value] != 0; });
    }
    template <typename Fits>
    void items(Segment::ItemType type, Fits fits)
    {
        for (const Segment::Item &item : m_segment.items) {
            if (item.type == type && fits(item))
                m_hits[item.row] = 1;
        }
    }

    const Term &m_term;
    const Segment &m_segment;
    Asked &m_asked;
    Hits &m_hits;
};

/// Bodies are long: they are read while the segment is not locked. A text stays where it is as long as its segment.
void readBodies(const Term &term, const Segment &segment, Asked &asked, const std::stop_token &stop)
{
    std::vector<std::pair<Ref, std::string_view>> bodies;
    {
        const std::shared_lock lock(segment.mutex);
        for (std::uint32_t i = 0; i < segment.contents.size(); ++i) {
            const Segment::ContentShape &shape = segment.contents.at(i);
            for (const Ref ref : {shape.requestBody, shape.responseBody}) {
                if (ref != 0)
                    bodies.emplace_back(ref, segment.text(ref));
            }
        }
    }
    std::ranges::sort(bodies, {}, [](const auto &body) { return body.first; });
    for (std::size_t i = 0; i < bodies.size() && !stop.stop_requested(); ++i) {
        if (i == 0 || bodies[i].first != bodies[i - 1].first)
            asked.learn(bodies[i].first, term.fitsText(bodies[i].second));
    }
}

} // namespace

std::vector<Recording::Sequence> Recording::matching(const RequestQuery &query, Sequence from, Sequence to, const std::stop_token &stop) const
{
    std::vector<Sequence> found;
    const Range range = held();
    from = std::max(from, range.first);
    to = std::min(to, range.end);
    if (from >= to)
        return found;
    Hits fitting;
    Hits hits;
    for (const auto &segment : d->segments(from, to)) {
        if (stop.stop_requested())
            break;
        std::vector<Asked> asked;
        asked.reserve(query.terms().size());
        for (const Term &term : query.terms()) {
            asked.emplace_back(term, *segment);
            if (term.key == RequestQuery::Key::Body)
                readBodies(term, *segment, asked.back(), stop);
        }
        const std::shared_lock lock(segment->mutex);
        fitting.assign(segment->rows(), 1);
        for (std::size_t i = 0; i < asked.size(); ++i) {
            const Term &term = query.terms()[i];
            hits.assign(segment->rows(), 0);
            Search(term, *segment, asked[i], hits).run();
            const std::uint8_t unwanted = term.negated ? 1 : 0;
            std::uint8_t some = 0;
            for (std::size_t row = 0; row < hits.size(); ++row)
                some |= fitting[row] &= hits[row] ^ unwanted;
            if (some == 0)
                break;
        }
        const Sequence end = std::min(to, segment->end());
        for (Sequence sequence = std::max(from, segment->base); sequence < end; ++sequence) {
            if (fitting[sequence - segment->base])
                found.push_back(sequence);
        }
    }
    return found;
}

bool Recording::fits(const RequestQuery &query, Sequence sequence) const
{
    const auto one = record(sequence);
    return one && query.matches({one->request, one->calls, one->console, one->exceptions, &one->content});
}

} // namespace cleat::events
