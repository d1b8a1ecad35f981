// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/eventlog.h"
#include "core/session/routetable.h"
#include "ui/functions/trafficcount.h"

#include <QObject>
#include <QTimer>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

namespace cleat::session {
class Session;
}

namespace cleat::ui {

/// What came to each function since the project was opened, or since clear(). Counts from the event log 4 times a second, also while no pane shows it: the log keeps nothing of
/// requests once others have read it. GUI thread.
class RouteTraffic final : public QObject
{
    Q_OBJECT
public:
    /// `session` has to live longer.
    explicit RouteTraffic(session::Session &session, QObject *parent = nullptr);

    /// nullptr: nothing came to it. Good until control returns to the event loop.
    const TrafficCount *count(const session::RouteHandler &handler) const;
    /// Batches of events that were let go before they were counted.
    std::uint64_t missed() const { return m_missed; }
    void clear();
    /// Counts what there is, as far as a few milliseconds go; the rest follows soon.
    void drain();

Q_SIGNALS:
    void changed();

private:
    void setRoutes(std::shared_ptr<const session::RouteTable> routes);
    void take(const events::Batch &batch);
    int rowOf(const std::string &handler, const std::string &method);

    events::EventLog::Reader m_reader;
    std::shared_ptr<const session::RouteTable> m_routes;
    std::unordered_map<std::string, int> m_rows; ///< of "METHOD file", as they are asked for
    std::map<std::pair<std::string, std::string>, TrafficCount> m_counts; ///< file, export
    std::deque<std::shared_ptr<const events::Batch>> m_waiting; ///< drained, not counted yet
    std::uint64_t m_missed = 0;
    bool m_changed = false; ///< since changed() was emitted
    QTimer m_timer;
};

} // namespace cleat::ui
