// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace cleat::test {

/// What a Recording says, in the plainest way: all records in one vector, looked through from end to end. It lets nothing go: keepFrom() tells it what the real one has let go.
class SimpleRecording final
{
public:
    using Sequence = events::Recording::Sequence;

    void take(const events::Event &event)
    {
        using namespace events;
        if (const auto *request = std::get_if<RequestEvent>(&event)) {
            if (request->id == 0)
                return;
            if (RequestRecord *known = find(request->id)) {
                known->request = *request;
                return;
            }
            RequestRecord record;
            record.request = *request;
            record.content.request = request->id;
            m_rows.push_back(std::move(record));
            m_ids[request->id] = m_base + m_rows.size() - 1;
            for (const Event &one : m_unclaimed[request->id])
                put(m_rows.back(), one);
            m_unclaimed.erase(request->id);
            return;
        }
        const RequestId id = std::visit(
            [](const auto &e) -> RequestId {
                if constexpr (requires { e.request; })
                    return e.request;
                else
                    return 0;
            },
            event);
        if (id == 0)
            return;
        if (RequestRecord *known = find(id))
            put(*known, event);
        else
            m_unclaimed[id].push_back(event);
    }
    void clear()
    {
        keepFrom(m_base + m_rows.size());
        m_unclaimed.clear();
    }
    void keepFrom(Sequence first)
    {
        while (m_base < first && !m_rows.empty()) {
            m_ids.erase(m_rows.front().request.id);
            m_rows.erase(m_rows.begin());
            ++m_base;
        }
    }
    Sequence first() const { return m_base; }
    Sequence end() const { return m_base + m_rows.size(); }
    const events::RequestRecord &at(Sequence sequence) const { return m_rows[sequence - m_base]; }

    std::vector<Sequence> matching(const events::RequestQuery &query, Sequence from, Sequence to) const
    {
        std::vector<Sequence> found;
        for (Sequence one = std::max(from, m_base); one < std::min(to, end()); ++one) {
            const events::RequestRecord &record = at(one);
            if (query.matches({record.request, record.calls, record.console, record.exceptions, &record.content}))
                found.push_back(one);
        }
        return found;
    }

    static std::uint32_t calls(const events::RequestRecord &record) { return static_cast<std::uint32_t>(std::ranges::count_if(record.calls, events::isBindingCall)); }

    std::vector<Sequence> sorted(std::vector<Sequence> rows, events::Recording::Key key, events::Recording::Order order) const
    {
        using Key = events::Recording::Key;
        std::erase_if(rows, [this](Sequence one) { return one < m_base || one >= end(); });
        const auto by = [&](auto what) {
            std::ranges::stable_sort(rows, [&](Sequence a, Sequence b) {
                return order == events::Recording::Order::Ascending ? what(at(a)) < what(at(b)) : what(at(b)) < what(at(a));
            });
        };
        using Record = events::RequestRecord;
        switch (key) {
        case Key::Time:
            by([](const Record &r) { return r.request.startUs; });
            break;
        case Key::Method:
            by([](const Record &r) -> const std::string & { return r.request.method; });
            break;
        case Key::Path:
            by([](const Record &r) -> const std::string & { return r.request.target; });
            break;
        case Key::Status:
            by([](const Record &r) { return r.request.status; });
            break;
        case Key::Duration:
            by([](const Record &r) { return r.request.durationUs; });
            break;
        case Key::RequestSize:
            by([](const Record &r) { return r.request.requestBytes; });
            break;
        case Key::ResponseSize:
            by([](const Record &r) { return r.request.responseBytes; });
            break;
        case Key::Calls:
            by([](const Record &r) { return calls(r); });
            break;
        case Key::Handler:
            by([](const Record &r) -> const std::string & { return r.request.handler; });
            break;
        case Key::Kind:
            by([](const Record &r) { return r.request.kind; });
            break;
        case Key::Error:
            by([](const Record &r) -> const std::string & { return r.request.error; });
            break;
        }
        return rows;
    }

    /// With percentiles as they are.
    struct Traffic {
        events::Recording::Bucket sum;
        std::vector<std::uint32_t> durations;
        void add(const events::RequestRecord &record)
        {
            ++sum.requests;
            const bool unasked = record.request.kind != events::RequestKind::Http; // has no status, so its error counts
            sum.errors += record.request.status >= 500 || record.request.state == events::RequestState::Abandoned || !record.exceptions.empty() || (unasked && !record.request.error.empty()) ? 1 : 0;
            sum.responseBytes += record.request.responseBytes;
            if (record.request.state != events::RequestState::Running)
                durations.push_back(record.request.durationUs);
        }
        events::Recording::Bucket done()
        {
            std::ranges::sort(durations);
            const auto rank = [this](std::size_t percent) { return durations.empty() ? 0 : durations[(durations.size() * percent + 99) / 100 - 1]; };
            sum.p50Us = rank(50);
            sum.p95Us = rank(95);
            sum.p99Us = rank(99);
            return sum;
        }
    };

private:
    static void put(events::RequestRecord &record, const events::Event &event)
    {
        using namespace events;
        if (const auto *call = std::get_if<CallEvent>(&event))
            record.calls.push_back(*call);
        else if (const auto *line = std::get_if<ConsoleEvent>(&event))
            record.console.push_back(*line);
        else if (const auto *exception = std::get_if<ExceptionEvent>(&event))
            record.exceptions.push_back(*exception);
        else if (const auto *content = std::get_if<ContentEvent>(&event))
            record.content = *content;
    }
    events::RequestRecord *find(events::RequestId id)
    {
        const auto found = m_ids.find(id);
        return found == m_ids.end() ? nullptr : &m_rows[found->second - m_base];
    }

    Sequence m_base = 1;
    std::vector<events::RequestRecord> m_rows;
    std::unordered_map<events::RequestId, Sequence> m_ids;
    std::unordered_map<events::RequestId, std::vector<events::Event>> m_unclaimed;
};

} // namespace cleat::test
