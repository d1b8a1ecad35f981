// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/requestsmodel.h"

#include "ui/widgets/text.h"

#include <limits>

namespace cleat::ui {

using events::CallEvent;
using events::ConsoleEvent;
using events::ExceptionEvent;
using events::RequestEvent;
using events::RequestId;
using events::RequestState;

namespace {

constexpr std::uint64_t none = std::numeric_limits<std::uint64_t>::max();

const RequestDetail &nothing()
{
    static const RequestDetail detail;
    return detail;
}

} // namespace

RequestsModel::RequestsModel(QObject *parent) : RequestsModel(Bounds{}, parent) {}

RequestsModel::RequestsModel(Bounds bounds, QObject *parent) : QAbstractTableModel(parent), m_bounds(bounds), m_changedFrom(none) {}

RequestsModel::~RequestsModel() = default;

RequestsModel::Row *RequestsModel::held(RequestId id)
{
    const auto it = m_sequence.find(id);
    if (it == m_sequence.end())
        return nullptr;
    const std::size_t index = it->second - m_first;
    return index < m_rows.size() ? &m_rows[index] : &m_new[index - m_rows.size()];
}

const RequestsModel::Row *RequestsModel::held(RequestId id) const
{
    return const_cast<RequestsModel *>(this)->held(id);
}

const RequestsModel::Row *RequestsModel::at(int row) const
{
    if (row < 0 || row >= rowCount())
        return nullptr;
    const std::size_t index = static_cast<std::size_t>(row);
    return &m_rows[m_filter.empty() ? index : m_shown[index] - m_first];
}

void RequestsModel::touch(Row &row, Sequence sequence)
{
    ++row.revision;
    if (sequence - m_first >= m_rows.size())
        return; // new: announced as a whole
    m_changedFrom = std::min(m_changedFrom, sequence);
    m_changedTo = std::max(m_changedTo, sequence);
    if (!m_filter.empty() && !row.shown)
        m_changed.push_back(sequence);
}

void RequestsModel::takeRequest(const RequestEvent &event)
{
    const std::size_t bytes = events::memoryOf(event) + sizeof(Row) - sizeof(RequestEvent);
    if (Row *row = held(event.id)) {
        if (event.state == RequestState::Running && row->event.state != RequestState::Running)
            return; // told out of order
        const std::size_t before = events::memoryOf(row->event) + sizeof(Row) - sizeof(RequestEvent);
        row->event = event;
        row->bytes += bytes - before;
        m_bytes += bytes - before;
        touch(*row, m_sequence[event.id]);
        return;
    }
    Row row;
    row.event = event;
    row.bytes = bytes;
    m_bytes += bytes;
    if (const auto it = m_unclaimed.find(event.id); it != m_unclaimed.end()) {
        row.detail = std::move(it->second.detail);
        row.bytes += it->second.bytes;
        m_unclaimed.erase(it);
    }
    m_sequence[event.id] = m_first + m_rows.size() + m_new.size();
    m_new.push_back(std::move(row));
}

RequestDetail *RequestsModel::detailFor(RequestId id, std::size_t bytes)
{
    m_bytes += bytes;
    if (Row *row = held(id)) {
        if (!row->detail)
            row->detail = std::make_unique<RequestDetail>();
        row->bytes += bytes;
        touch(*row, m_sequence[id]);
        return row->detail.get();
    }
    Unclaimed &unclaimed = m_unclaimed[id];
    if (!unclaimed.detail) {
        unclaimed.detail = std::make_unique<RequestDetail>();
        m_unclaimedOrder.push_back(id);
    }
    unclaimed.bytes += bytes;
    return unclaimed.detail.get();
}

template <typename E>
void RequestsModel::takeInside(const E &event, std::vector<E> RequestDetail::*list)
{
    if (event.request != 0)
        (detailFor(event.request, events::memoryOf(event))->*list).push_back(event);
}

void RequestsModel::take(std::span<const std::shared_ptr<const events::Batch>> batches)
{
    struct Visitor {
        RequestsModel &model;
        void operator()(const RequestEvent &e) const { model.takeRequest(e); }
        void operator()(const CallEvent &e) const { model.takeInside(e, &RequestDetail::calls); }
        void operator()(const ConsoleEvent &e) const { model.takeInside(e, &RequestDetail::console); }
        void operator()(const ExceptionEvent &e) const { model.takeInside(e, &RequestDetail::exceptions); }
        void operator()(const events::NoticeEvent &) const {}
    };
    for (const auto &batch : batches) {
        for (const events::Event &event : *batch)
            std::visit(Visitor{*this}, event);
    }
    trim();
    announce();
}

bool RequestsModel::fits(const Row &row) const
{
    const RequestDetail &detail = row.detail ? *row.detail : nothing();
    return m_filter.matches({row.event, detail.calls, detail.console, detail.exceptions});
}

void RequestsModel::forget(Row &row)
{
    m_sequence.erase(row.event.id);
    m_bytes -= row.bytes;
}

void RequestsModel::trim()
{
    while (m_unclaimedOrder.size() > m_bounds.unclaimed) {
        if (const auto it = m_unclaimed.find(m_unclaimedOrder.front()); it != m_unclaimed.end()) {
            m_bytes -= it->second.bytes;
            m_unclaimed.erase(it);
        }
        m_unclaimedOrder.pop_front();
    }

    const std::size_t all = m_rows.size() + m_new.size();
    std::size_t excess = all > m_bounds.rows ? all - m_bounds.rows : 0;
    if (m_bytes > m_bounds.bytes) {
        std::size_t freed = 0;
        std::size_t count = 0;
        while (count < all && m_bytes - freed > m_bounds.bytes) {
            freed += count < m_rows.size() ? m_rows[count].bytes : m_new[count - m_rows.size()].bytes;
            ++count;
        }
        excess = std::max(excess, std::min(count, all - 1)); // the newest stays, however large
    }
    if (excess == 0)
        return;
    excess = std::min(std::max(excess, m_bounds.block), all - 1);
    m_dropped += excess;

    const std::size_t old = std::min(excess, m_rows.size());
    const Sequence keepFrom = m_first + old;
    if (m_filter.empty()) {
        if (old > 0)
            beginRemoveRows({}, 0, static_cast<int>(old) - 1);
    } else {
        std::size_t front = 0;
        while (front < m_shown.size() && m_shown[front] < keepFrom)
            ++front;
        if (front > 0) {
            beginRemoveRows({}, 0, static_cast<int>(front) - 1);
            m_shown.erase(m_shown.begin(), m_shown.begin() + static_cast<std::ptrdiff_t>(front));
            endRemoveRows();
        }
        for (std::size_t i = m_shown.size(); i-- > 0;) { // the few that fitted late
            if (m_shown[i] >= keepFrom)
                continue;
            beginRemoveRows({}, static_cast<int>(i), static_cast<int>(i));
            m_shown.erase(m_shown.begin() + static_cast<std::ptrdiff_t>(i));
            endRemoveRows();
        }
    }
    for (std::size_t i = 0; i < old; ++i)
        forget(m_rows[i]);
    m_rows.erase(m_rows.begin(), m_rows.begin() + static_cast<std::ptrdiff_t>(old));
    const std::size_t fresh = excess - old;
    for (std::size_t i = 0; i < fresh; ++i)
        forget(m_new[i]);
    m_new.erase(m_new.begin(), m_new.begin() + static_cast<std::ptrdiff_t>(fresh));
    m_first += excess;
    if (m_filter.empty() && old > 0)
        endRemoveRows();
}

void RequestsModel::announce()
{
    const Sequence end = m_first + m_rows.size();
    if (m_changedFrom != none && !m_rows.empty()) {
        const Sequence from = std::max(m_changedFrom, m_first);
        const Sequence to = std::min(m_changedTo, end - 1);
        if (m_filter.empty() && from <= to)
            Q_EMIT dataChanged(index(static_cast<int>(from - m_first), 0), index(static_cast<int>(to - m_first), ColumnCount - 1));
        else if (!m_filter.empty() && !m_shown.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
    std::vector<Sequence> fitting;
    if (!m_filter.empty()) {
        for (const Sequence sequence : m_changed) {
            if (sequence < m_first)
                continue;
            Row &row = m_rows[sequence - m_first];
            if (!row.shown && fits(row)) {
                row.shown = true;
                fitting.push_back(sequence);
            }
        }
        for (std::size_t i = 0; i < m_new.size(); ++i) {
            if (fits(m_new[i])) {
                m_new[i].shown = true;
                fitting.push_back(end + i);
            }
        }
    }
    m_changed.clear();
    m_changedFrom = none;
    m_changedTo = 0;

    const auto append = [this] {
        m_rows.insert(m_rows.end(), std::make_move_iterator(m_new.begin()), std::make_move_iterator(m_new.end()));
        m_new.clear();
    };
    const int count = rowCount();
    if (m_filter.empty() && !m_new.empty()) {
        beginInsertRows({}, count, count + static_cast<int>(m_new.size()) - 1);
        append();
        endInsertRows();
    } else if (!fitting.empty()) {
        beginInsertRows({}, count, count + static_cast<int>(fitting.size()) - 1);
        append();
        m_shown.insert(m_shown.end(), fitting.begin(), fitting.end());
        endInsertRows();
    } else {
        append();
    }
}

void RequestsModel::clear()
{
    beginResetModel();
    m_first += m_rows.size();
    m_rows.clear();
    m_sequence.clear();
    m_unclaimed.clear();
    m_unclaimedOrder.clear();
    m_shown.clear();
    m_bytes = 0;
    m_dropped = 0;
    endResetModel();
}

void RequestsModel::setFilter(const events::RequestQuery &filter)
{
    if (filter == m_filter)
        return;
    beginResetModel();
    m_filter = filter;
    m_shown.clear();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        m_rows[i].shown = !m_filter.empty() && fits(m_rows[i]);
        if (m_rows[i].shown)
            m_shown.push_back(m_first + i);
    }
    endResetModel();
}

const RequestEvent *RequestsModel::request(int row) const
{
    const Row *found = at(row);
    return found ? &found->event : nullptr;
}

const RequestEvent *RequestsModel::find(RequestId id) const
{
    const Row *found = held(id);
    return found ? &found->event : nullptr;
}

const RequestDetail *RequestsModel::detail(RequestId id) const
{
    const Row *found = held(id);
    if (!found)
        return nullptr;
    return found->detail ? found->detail.get() : &nothing();
}

std::uint32_t RequestsModel::revision(RequestId id) const
{
    const Row *found = held(id);
    return found ? found->revision : 0;
}

int RequestsModel::rowCount(const QModelIndex &parent) const
{
    if (parent.isValid())
        return 0;
    return static_cast<int>(m_filter.empty() ? m_rows.size() : m_shown.size());
}

int RequestsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RequestsModel::data(const QModelIndex &index, int role) const
{
    const Row *row = at(index.row());
    if (!row || index.column() >= ColumnCount)
        return {};
    const RequestEvent *e = &row->event;
    const auto column = static_cast<Column>(index.column());
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (column >= Duration ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::ToolTipRole && column == Path)
        return fromUtf8(e->error.empty() ? e->target : e->target + "\n" + e->error).toHtmlEscaped();
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case Time:
        return formatTime(e->startUs);
    case Method:
        return fromUtf8(e->method);
    case Path:
        return fromUtf8(e->target);
    case Status:
        return e->status ? QString::number(e->status) : QString();
    case Duration:
        return e->state == RequestState::Running ? tr("running") : formatDuration(e->durationUs);
    case Size:
        return e->state == RequestState::Running && e->responseBytes == 0 ? QString() : formatBytes(e->responseBytes);
    case Calls:
        return row->detail && !row->detail->calls.empty() ? QString::number(row->detail->calls.size()) : QString();
    case ColumnCount:
        break;
    }
    return {};
}

QVariant RequestsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignVCenter | (section >= Duration ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (static_cast<Column>(section)) {
    case Time:
        return tr("Time");
    case Method:
        return tr("Method");
    case Path:
        return tr("Path");
    case Status:
        return tr("Status");
    case Duration:
        return tr("Duration");
    case Size:
        return tr("Size");
    case Calls:
        return tr("Calls");
    case ColumnCount:
        break;
    }
    return {};
}

} // namespace cleat::ui
