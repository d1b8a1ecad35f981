// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/data/rowwindow.h"

#include <QAbstractTableModel>
#include <QItemSelection>

#include <algorithm>
#include <climits>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace cleat::ui {

/// What every PagedModel tells. GUI thread.
class PagedModelSignals : public QAbstractTableModel
{
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;

Q_SIGNALS:
    /// How many rows there are is known (again).
    void counted();
    void failed(const cleat::base::Error &error);
};

/// A table whose rows lie behind a thread: they are counted there, and fetched by pages as they come into sight. What it shows is a Query, a value with ==. Those who derive
/// from it say what the columns are. GUI thread.
template <typename Row, typename Query>
class PagedModel : public PagedModelSignals
{
public:
    /// Both run on the thread; what they capture must be made for that.
    struct Source {
        std::function<base::Result<std::uint64_t>(const Query &, std::stop_token)> count;
        std::function<base::Result<std::vector<Row>>(const Query &, std::uint64_t first, std::size_t count, std::stop_token)> rows;
        std::function<bool(const Row &, const Row &)> sameRow; ///< whether both are the same row of the data, though their content may differ
    };

    /// `thread` is borrowed and outlives the model. Shows nothing until setQuery().
    PagedModel(session::DataThread &thread, Source source, QObject *parent) : PagedModelSignals(parent), m_thread(thread), m_source(std::move(source))
    {
        m_window = makeWindow();
    }
    ~PagedModel() override
    {
        m_thread.cancel(m_loading);
        m_thread.cancel(m_counting);
    }

    /// Shows other rows, from the beginning; the ones before stay until their number is known.
    void setQuery(const Query &query)
    {
        if (m_query == query)
            return;
        m_query = query;
        m_thread.cancel(m_loading);
        // The first rows are there before all are counted.
        m_loading = m_thread.run(
            this, [rows = m_source.rows, query](std::stop_token stop) { return rows(query, 0, RowWindow<Row>::pageRows, std::move(stop)); },
            [this](base::Result<std::vector<Row>> &&rows) { begin(std::move(rows)); });
        count(std::nullopt);
    }
    /// Of the last setQuery().
    const Query &query() const { return m_query ? *m_query : m_none; }

    /// Counts and fetches anew; what is new between these rows is marked.
    void refresh(int first, int last)
    {
        if (m_query)
            count(std::pair(static_cast<std::uint64_t>(std::max(first, 0)), static_cast<std::uint64_t>(std::max(last, 0))));
    }

    /// nullptr: on its way, dataChanged() will tell.
    const Row *row(int row) const { return row < 0 ? nullptr : m_window->at(static_cast<std::uint64_t>(row)); }
    /// All rows that are selected, also those that are not at hand; `then` comes at once when none has to be fetched, and never when `context` is gone.
    void read(const QItemSelection &selection, QObject *context, std::function<void(base::Result<std::vector<Row>> &&rows)> then) const
    {
        std::vector<std::pair<std::uint64_t, std::size_t>> ranges;
        std::vector<Row> atHand;
        bool known = true;
        for (const QItemSelectionRange &range : selection) {
            ranges.emplace_back(static_cast<std::uint64_t>(range.top()), static_cast<std::size_t>(range.height()));
            for (int number = range.top(); known && number <= range.bottom(); ++number) {
                const Row *found = row(number);
                known = found != nullptr;
                if (found)
                    atHand.push_back(*found);
            }
        }
        if (known) {
            then(std::move(atHand));
            return;
        }
        m_thread.run(
            context,
            [rows = m_source.rows, query = query(), ranges = std::move(ranges)](std::stop_token stop) -> base::Result<std::vector<Row>> {
                constexpr std::size_t atOnce = 5000;
                std::vector<Row> all;
                for (const auto &[first, count] : ranges) {
                    for (std::size_t at = 0; at < count; at += atOnce) {
                        auto some = rows(query, first + at, std::min(atOnce, count - at), stop);
                        if (!some)
                            return std::unexpected(some.error());
                        std::move(some->begin(), some->end(), std::back_inserter(all));
                    }
                }
                return all;
            },
            std::move(then));
    }

    bool isMarked(int row) const { return m_window->isMarked(static_cast<std::uint64_t>(row)); }
    bool isCounting() const { return m_counting != 0; }

    int rowCount(const QModelIndex &parent = {}) const final { return parent.isValid() ? 0 : static_cast<int>(m_window->count()); }

private:
    std::unique_ptr<RowWindow<Row>> makeWindow()
    {
        typename RowWindow<Row>::Hooks hooks;
        hooks.fetch = [rows = m_source.rows, query = query()](std::uint64_t first, std::size_t count, std::stop_token stop) { return rows(query, first, count, std::move(stop)); };
        hooks.arrived = [this](std::uint64_t first, std::uint64_t last) {
            const int end = rowCount() - 1;
            if (first <= static_cast<std::uint64_t>(std::max(end, 0)) && end >= 0)
                Q_EMIT dataChanged(index(static_cast<int>(first), 0), index(static_cast<int>(std::min<std::uint64_t>(last, static_cast<std::uint64_t>(end))), columnCount() - 1));
        };
        hooks.failed = [this](const base::Error &error) { Q_EMIT failed(error); };
        hooks.sameRow = m_source.sameRow;
        hooks.sameContent = [](const Row &a, const Row &b) { return a == b; };
        return std::make_unique<RowWindow<Row>>(m_thread, this, std::move(hooks));
    }

    void begin(base::Result<std::vector<Row>> &&rows)
    {
        m_loading = 0;
        if (!rows) {
            tell(rows.error());
            rows = std::vector<Row>();
        }
        beginResetModel();
        m_window = makeWindow();
        m_window->reset(rows->size());
        m_window->give(std::move(*rows));
        endResetModel();
    }

    /// `again`: the rows to fetch anew.
    void count(std::optional<std::pair<std::uint64_t, std::uint64_t>> again)
    {
        m_thread.cancel(m_counting);
        m_counting = m_thread.run(
            this, [count = m_source.count, query = query()](std::stop_token stop) { return count(query, std::move(stop)); },
            [this, again](base::Result<std::uint64_t> &&found) {
                m_counting = 0;
                if (!found) {
                    tell(found.error());
                    return;
                }
                resize(std::min<std::uint64_t>(*found, INT_MAX));
                if (again)
                    m_window->refresh(again->first, again->second);
                Q_EMIT counted();
            });
    }

    void tell(const base::Error &error)
    {
        if (error.code != "data.cancelled")
            Q_EMIT failed(error);
    }

    void resize(std::uint64_t rows)
    {
        const int before = rowCount();
        const int after = static_cast<int>(rows);
        if (after > before) {
            beginInsertRows({}, before, after - 1);
            m_window->setCount(rows);
            endInsertRows();
        } else if (after < before) {
            beginRemoveRows({}, after, before - 1);
            m_window->setCount(rows);
            endRemoveRows();
        }
    }

    session::DataThread &m_thread;
    const Source m_source;
    std::optional<Query> m_query;
    const Query m_none{};
    session::DataThread::Ticket m_loading = 0;
    session::DataThread::Ticket m_counting = 0;
    std::unique_ptr<RowWindow<Row>> m_window;
};

} // namespace cleat::ui
