// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/functions/routetraffic.h"

#include "core/session/session.h"

#include <QElapsedTimer>

#include <iterator>

namespace cleat::ui {

namespace {

constexpr int drainEveryMs = 250;
constexpr int budgetMs = 8;
constexpr std::size_t maxRemembered = 10'000; // a client may make up methods without end

} // namespace

RouteTraffic::RouteTraffic(session::Session &session, QObject *parent) : QObject(parent), m_reader(session.events())
{
    connect(&session, &session::Session::routesChanged, this, [this, &session] { setRoutes(session.routes()); });
    setRoutes(session.routes());
    m_timer.setInterval(drainEveryMs);
    connect(&m_timer, &QTimer::timeout, this, &RouteTraffic::drain);
    m_timer.start();
}

void RouteTraffic::setRoutes(std::shared_ptr<const session::RouteTable> routes)
{
    if (routes == m_routes)
        return;
    m_routes = std::move(routes);
    m_rows.clear();
}

const TrafficCount *RouteTraffic::count(const session::RouteHandler &handler) const
{
    const auto known = m_counts.find({handler.file, handler.exportName});
    return known == m_counts.end() ? nullptr : &known->second;
}

void RouteTraffic::clear()
{
    m_waiting.clear();
    m_reader.skip();
    m_missed = 0;
    m_counts.clear();
    m_changed = false;
    Q_EMIT changed();
}

void RouteTraffic::drain()
{
    if (!m_routes)
        return;
    QElapsedTimer spent;
    spent.start();
    if (m_waiting.empty()) {
        events::EventLog::Drained drained = m_reader.drain();
        m_missed += drained.missed;
        m_waiting.assign(std::make_move_iterator(drained.batches.begin()), std::make_move_iterator(drained.batches.end()));
    }
    while (!m_waiting.empty() && spent.elapsed() < budgetMs) {
        for (int i = 0; i < 50 && !m_waiting.empty(); ++i) {
            take(*m_waiting.front());
            m_waiting.pop_front();
        }
    }
    if (!m_waiting.empty())
        QTimer::singleShot(0, this, &RouteTraffic::drain);
    if (std::exchange(m_changed, false))
        Q_EMIT changed();
}

int RouteTraffic::rowOf(const std::string &handler, const std::string &method)
{
    if (m_rows.size() > maxRemembered)
        m_rows.clear();
    const auto [known, isNew] = m_rows.try_emplace(method + ' ' + handler, -1);
    if (isNew)
        known->second = m_routes->rowOf(handler, method);
    return known->second;
}

void RouteTraffic::take(const events::Batch &batch)
{
    for (const events::Event &event : batch) {
        const auto *request = std::get_if<events::RequestEvent>(&event);
        if (!request || request->state == events::RequestState::Running || request->answer != events::Answer::Code || request->handler.empty())
            continue;
        const int row = rowOf(request->handler, request->method);
        if (row < 0)
            continue;
        const session::RouteHandler &handler = m_routes->rows()[static_cast<std::size_t>(row)].handler;
        const bool failed = request->status >= 500 || !request->error.empty();
        m_counts[{handler.file, handler.exportName}].add(request->durationUs, failed ? TrafficCount::Outcome::Failed : TrafficCount::Outcome::Good);
        m_changed = true;
    }
}

} // namespace cleat::ui
