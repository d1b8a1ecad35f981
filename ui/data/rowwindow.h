// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/session/datathread.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <utility>
#include <vector>

namespace cleat::ui {

/// The rows of a long list that a model has at hand: pages of them come from another thread when they are first asked for, and those far from what is to be seen go again.
/// Row is copyable. To be owned by a model, which says how rows are fetched and hears what to repaint. GUI thread.
template <typename Row>
class RowWindow final
{
public:
    static constexpr std::uint64_t pageRows = 128;
    static constexpr std::size_t maxPages = 48;
    static constexpr qint64 markMs = 4000;

    struct Hooks {
        /// Runs on the thread; what it captures must be made for that.
        std::function<base::Result<std::vector<Row>>(std::uint64_t first, std::size_t count, std::stop_token stop)> fetch;
        /// Rows to repaint.
        std::function<void(std::uint64_t first, std::uint64_t last)> arrived;
        std::function<void(const base::Error &error)> failed;
        /// Whether two are the same row of the data, though their content may differ.
        std::function<bool(const Row &, const Row &)> sameRow;
        std::function<bool(const Row &, const Row &)> sameContent;
    };

    /// `thread` and `context` are borrowed; `context` is gone before the window is, or with it.
    RowWindow(session::DataThread &thread, QObject *context, Hooks hooks) : m_thread(thread), m_context(context), m_hooks(std::move(hooks))
    {
        m_clock.start();
        m_unmark.setSingleShot(true);
        QObject::connect(&m_unmark, &QTimer::timeout, context, [this] { dropMarks(); });
    }
    ~RowWindow() { forget(); }
    RowWindow(const RowWindow &) = delete;
    RowWindow &operator=(const RowWindow &) = delete;

    std::uint64_t count() const { return m_count; }
    void setCount(std::uint64_t count) { m_count = count; }

    /// Other rows altogether: nothing is at hand. Answers that are on their way are dropped.
    void reset(std::uint64_t count)
    {
        forget();
        m_count = count;
    }

    /// The rows of the first page, for a list that was just reset.
    void give(std::vector<Row> &&rows)
    {
        Page &page = m_pages[0];
        page.rows = std::move(rows);
        page.known = true;
        page.used = ++m_tick;
    }

    /// The row; nullptr: it is on its way, arrived() will tell.
    const Row *at(std::uint64_t row)
    {
        if (row >= m_count)
            return nullptr;
        const std::uint64_t number = row / pageRows;
        Page &page = m_pages[number];
        page.used = ++m_tick;
        const std::uint64_t within = row % pageRows;
        if (within < page.rows.size())
            return &page.rows[within];
        if (!page.known && !page.ticket)
            ask(number, page);
        return nullptr;
    }

    /// As at(), but asks for nothing.
    const Row *known(std::uint64_t row) const
    {
        const auto found = m_pages.find(row / pageRows);
        return found != m_pages.end() && row % pageRows < found->second.rows.size() ? &found->second.rows[row % pageRows] : nullptr;
    }

    /// Fetches anew what is between these rows, which stay until the new ones come, and forgets all else. New and changed rows are marked for some seconds.
    void refresh(std::uint64_t first, std::uint64_t last)
    {
        std::vector<std::uint64_t> wanted;
        for (auto i = m_pages.begin(); i != m_pages.end();) {
            if (i->second.ticket)
                m_thread.cancel(std::exchange(i->second.ticket, 0));
            if (i->first < first / pageRows || i->first > last / pageRows) {
                i = m_pages.erase(i);
            } else {
                wanted.push_back(i->first);
                ++i;
            }
        }
        for (const std::uint64_t number : wanted)
            ask(number, m_pages[number]);
    }

    /// Whether the row is new or changed since it was last seen.
    bool isMarked(std::uint64_t row) const
    {
        const auto found = m_marks.find(row);
        return found != m_marks.end() && found->second > m_clock.elapsed();
    }

private:
    struct Page {
        std::vector<Row> rows;
        bool known = false;
        session::DataThread::Ticket ticket = 0;
        std::uint64_t used = 0;
    };

    void ask(std::uint64_t number, Page &page)
    {
        page.ticket = m_thread.run(
            m_context, [fetch = m_hooks.fetch, number](std::stop_token stop) { return fetch(number * pageRows, pageRows, std::move(stop)); },
            [this, number](base::Result<std::vector<Row>> &&rows) { take(number, std::move(rows)); });
        m_thread.hurry(page.ticket);
        evict(number);
    }

    void take(std::uint64_t number, base::Result<std::vector<Row>> &&rows)
    {
        const auto found = m_pages.find(number);
        if (found == m_pages.end())
            return;
        Page &page = found->second;
        page.ticket = 0;
        page.known = true; // a page that failed is not asked for again and again
        if (!rows) {
            if (rows.error().code != "data.cancelled")
                m_hooks.failed(rows.error());
            return;
        }
        if (!page.rows.empty())
            mark(number, page.rows, *rows);
        page.rows = std::move(*rows);
        m_hooks.arrived(number * pageRows, number * pageRows + pageRows - 1);
    }

    /// Rows that came into the page because others before them went are not new: only what stands between rows that were there can be.
    void mark(std::uint64_t number, const std::vector<Row> &before, const std::vector<Row> &after)
    {
        const bool whole = before.size() < pageRows; // the list ended here: all behind the last is new
        std::size_t lastKnown = 0;
        std::vector<std::uint64_t> fresh;
        std::size_t from = 0;
        for (std::size_t i = 0; i < after.size(); ++i) {
            const auto same = [&](const Row &row) { return m_hooks.sameRow(row, after[i]); };
            auto old = std::find_if(before.begin() + static_cast<std::ptrdiff_t>(from), before.end(), same);
            if (old == before.end())
                old = std::find_if(before.begin(), before.end(), same);
            if (old == before.end()) {
                fresh.push_back(number * pageRows + i);
            } else {
                from = static_cast<std::size_t>(old - before.begin()) + 1;
                lastKnown = i + 1;
                if (!m_hooks.sameContent(*old, after[i]))
                    fresh.push_back(number * pageRows + i);
            }
        }
        const qint64 until = m_clock.elapsed() + markMs;
        for (const std::uint64_t row : fresh) {
            if (whole || row - number * pageRows < lastKnown)
                m_marks[row] = until;
        }
        if (!m_marks.empty() && !m_unmark.isActive())
            m_unmark.start(static_cast<int>(markMs));
    }

    void dropMarks()
    {
        const qint64 now = m_clock.elapsed();
        qint64 next = 0;
        std::uint64_t first = UINT64_MAX;
        std::uint64_t last = 0;
        for (auto i = m_marks.begin(); i != m_marks.end();) {
            if (i->second <= now + 20) {
                first = std::min(first, i->first);
                last = std::max(last, i->first);
                i = m_marks.erase(i);
            } else {
                next = next ? std::min(next, i->second) : i->second;
                ++i;
            }
        }
        if (next)
            m_unmark.start(static_cast<int>(std::max<qint64>(next - now, 20)));
        if (first <= last)
            m_hooks.arrived(first, last);
    }

    void evict(std::uint64_t keep)
    {
        while (m_pages.size() > maxPages) {
            auto oldest = m_pages.end();
            for (auto i = m_pages.begin(); i != m_pages.end(); ++i) {
                if (i->first != keep && (oldest == m_pages.end() || i->second.used < oldest->second.used))
                    oldest = i;
            }
            if (oldest->second.ticket)
                m_thread.cancel(oldest->second.ticket);
            m_pages.erase(oldest);
        }
    }

    void forget()
    {
        for (auto &[number, page] : m_pages) {
            if (page.ticket)
                m_thread.cancel(page.ticket);
        }
        m_pages.clear();
        m_marks.clear();
    }

    session::DataThread &m_thread;
    QObject *const m_context;
    const Hooks m_hooks;
    std::uint64_t m_count = 0;
    std::map<std::uint64_t, Page> m_pages;
    std::map<std::uint64_t, qint64> m_marks;
    std::uint64_t m_tick = 0;
    QElapsedTimer m_clock;
    QTimer m_unmark;
};

} // namespace cleat::ui
