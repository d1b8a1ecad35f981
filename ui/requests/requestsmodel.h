// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/eventlog.h"
#include "core/events/requestquery.h"

#include <QAbstractTableModel>

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <unordered_map>
#include <vector>

namespace cleat::ui {

/// What happened inside of one request, in the order it was told.
struct RequestDetail {
    std::vector<events::CallEvent> calls;
    std::vector<events::ConsoleEvent> console;
    std::vector<events::ExceptionEvent> exceptions;
};

/// The requests of an event log, oldest first, one row each however often it is published again, and what belongs to each. Bounded in rows and in bytes:
/// the oldest go first, in blocks. Rows change only inside take(), clear() and setFilter(). With a filter, rows stand in the order in which they first fitted it,
/// and stay. GUI thread.
class RequestsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Time, Method, Path, Status, Duration, Size, Calls, ColumnCount };

    struct Bounds {
        std::size_t rows = 200'000;
        std::size_t bytes = 128U << 20; ///< rough, by events::memoryOf()
        std::size_t block = 4'096; ///< at least so many rows go at once
        std::size_t unclaimed = 10'000; ///< requests of which something inside is known, but not yet the request
    };
    explicit RequestsModel(QObject *parent = nullptr);
    explicit RequestsModel(Bounds bounds, QObject *parent = nullptr);
    ~RequestsModel() override;

    /// Adds what the batches tell, in one insertion of rows and one change of data.
    void take(std::span<const std::shared_ptr<const events::Batch>> batches);
    void clear();
    void setFilter(const events::RequestQuery &filter);

    /// Borrowed until the next take(), clear() or setFilter(). nullptr when there is no such row.
    const events::RequestEvent *request(int row) const;
    const events::RequestEvent *find(events::RequestId id) const;
    /// Never nullptr for a request that is held.
    const RequestDetail *detail(events::RequestId id) const;
    /// Grows with each change of the request or its detail; 0 when it is not held.
    std::uint32_t revision(events::RequestId id) const;

    /// All that are held, whatever the filter.
    std::size_t total() const { return m_rows.size(); }
    /// Let go because of the bounds since the last clear().
    std::uint64_t dropped() const { return m_dropped; }
    std::size_t bytes() const { return m_bytes; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        events::RequestEvent event;
        std::unique_ptr<RequestDetail> detail; ///< nullptr: nothing told so far
        std::size_t bytes = 0;
        std::uint32_t revision = 1;
        bool shown = false; ///< stands in m_shown
    };
    struct Unclaimed {
        std::unique_ptr<RequestDetail> detail;
        std::size_t bytes = 0;
    };
    using Sequence = std::uint64_t;

    Row *held(events::RequestId id);
    const Row *held(events::RequestId id) const;
    const Row *at(int row) const;
    RequestDetail *detailFor(events::RequestId id, std::size_t bytes);
    void touch(Row &row, Sequence sequence);
    void takeRequest(const events::RequestEvent &event);
    template <typename E>
    void takeInside(const E &event, std::vector<E> RequestDetail::*list);
    bool fits(const Row &row) const;
    void forget(Row &row);
    void trim();
    void announce();

    const Bounds m_bounds;
    std::deque<Row> m_rows;
    std::vector<Row> m_new; ///< seen in this take(), not announced yet
    Sequence m_first = 0; ///< of m_rows.front()
    std::unordered_map<events::RequestId, Sequence> m_sequence;
    std::unordered_map<events::RequestId, Unclaimed> m_unclaimed;
    std::deque<events::RequestId> m_unclaimedOrder;
    events::RequestQuery m_filter;
    std::deque<Sequence> m_shown; ///< with a filter: the rows that fit
    Sequence m_changedFrom = 0; ///< rows with changes to announce; from > to: none
    Sequence m_changedTo = 0;
    std::vector<Sequence> m_changed; ///< with a filter: rows that may fit now
    std::size_t m_bytes = 0;
    std::uint64_t m_dropped = 0;
};

} // namespace cleat::ui
