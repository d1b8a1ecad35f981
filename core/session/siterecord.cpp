// SPDX-License-Identifier: GPL-3.0-or-later
// The half of Site that tells the log of its requests.

#include "core/base/clock.h"
#include "core/session/site.h"
#include "core/session/siteclock.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace cleat::session {

namespace {

constexpr std::size_t batchEvents = events::EventLog::batchEvents;
constexpr std::size_t maxRefusedHead = 16U << 10;

std::size_t sizeOf(const server::Fields &fields)
{
    std::size_t size = 0;
    for (const auto &[name, value] : fields)
        size += name.size() + value.size() + 4;
    return size;
}

/// The fields of a head that was refused, each on a line of its own with the usual break, however they came.
std::string refusedFields(std::string_view received)
{
    received = received.substr(0, maxRefusedHead);
    std::string fields;
    bool first = true;
    while (!received.empty()) {
        const std::size_t end = std::min(received.find('\n'), received.size());
        std::string_view line = received.substr(0, end);
        received.remove_prefix(std::min(end + 1, received.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty() && !first)
            break; // what follows is no head any more
        if (!first)
            fields.append(line).append("\r\n");
        first = first && line.empty();
    }
    return fields;
}

} // namespace

void Site::startRecording(Exchange &exchange, const server::Head &head, std::string_view body)
{
    using Recorded = events::EventLog::Recorded;
    exchange.recorded = m_log.recorded();
    if (exchange.recorded == Recorded::Nothing)
        return;
    exchange.event.startUs = base::wallUs();
    exchange.event.method = head.method;
    exchange.event.secure = head.secure;
    exchange.event.environment = m_deployment->environment;
    if (exchange.recorded == Recorded::All) {
        exchange.content.emplace();
        exchange.content->request = exchange.event.id;
        std::string &fields = exchange.content->requestHead;
        fields.reserve(sizeOf(head.fields));
        for (const auto &[name, value] : head.fields)
            fields.append(name).append(": ").append(value).append("\r\n");
        recordBody(exchange.content->requestBody, body);
    }
    m_started.emplace_back(exchange.event.id, exchange.startNs);
    startTicking();
}

void Site::recordAnswer(Exchange &exchange, int status, std::int64_t answeredNs, std::int64_t beganNs)
{
    exchange.event.status = static_cast<std::uint16_t>(status);
    exchange.event.answeredUs = sinceUs(exchange.startNs, answeredNs);
    if (beganNs != 0)
        exchange.event.beganUs = sinceUs(exchange.startNs, beganNs);
    if (exchange.announced)
        recordRunning(exchange, base::steadyNs());
}

/// `wire` begins with a head and the empty line behind it.
void Site::recordHead(Exchange &exchange, std::string_view wire) const
{
    exchange.content->responseHead = wire.substr(0, wire.find("\r\n\r\n") + 2);
}

void Site::recordBody(std::string &kept, std::string_view bytes) const
{
    const std::size_t most = m_log.bodyBytes();
    if (kept.size() < most)
        kept.append(bytes.substr(0, most - kept.size()));
}

void Site::recordEnd(Exchange &&exchange, events::RequestState state)
{
    if (exchange.recorded == events::EventLog::Recorded::Nothing)
        return;
    exchange.event.durationUs = sinceUs(exchange.startNs, base::steadyNs());
    exchange.event.state = state;
    m_events.emplace_back(std::move(exchange.event));
    if (exchange.content)
        m_events.emplace_back(std::move(*exchange.content));
    told();
}

void Site::recordRunning(const Exchange &exchange, std::int64_t now)
{
    events::RequestEvent running = exchange.event;
    running.durationUs = sinceUs(exchange.startNs, now);
    m_events.emplace_back(std::move(running));
    told();
}

void Site::refused(const Refused &request)
{
    using Recorded = events::EventLog::Recorded;
    const Recorded recorded = m_log.recorded();
    if (recorded == Recorded::Nothing)
        return;
    events::RequestEvent event;
    event.id = m_log.nextRequest();
    event.startUs = base::wallUs();
    event.durationUs = event.answeredUs = 1;
    event.status = static_cast<std::uint16_t>(request.status);
    event.state = events::RequestState::Finished;
    event.answer = events::Answer::Refused;
    event.environment = m_deployment ? m_deployment->environment : std::string();
    event.method = request.method.empty() ? "?" : request.method;
    event.target = request.target;
    event.error = request.reason;
    const std::size_t headEnd = std::min(request.response.find("\r\n\r\n"), request.response.size());
    const std::string_view body = request.response.substr(std::min(headEnd + 4, request.response.size()));
    event.responseBytes = body.size();
    events::ContentEvent content;
    content.request = event.id;
    m_events.emplace_back(std::move(event));
    if (recorded == Recorded::All) {
        content.requestHead = refusedFields(request.received);
        content.responseHead = request.response.substr(0, std::min(headEnd + 2, request.response.size()));
        recordBody(content.responseBody, body);
        m_events.emplace_back(std::move(content));
    }
    told();
}

/// Something went into m_events.
void Site::told()
{
    if (m_events.size() >= batchEvents)
        publish();
    else
        startTicking();
}

void Site::startTicking()
{
    if (!std::exchange(m_ticking, true)) // QTimer::isActive() is slow for what is asked twice for each request
        m_tick->start();
}

void Site::stopTicking()
{
    m_tick->stop();
    m_ticking = false;
}

void Site::publish()
{
    if (m_events.empty())
        return;
    m_events = m_log.publishAndRenew(std::move(m_events));
}

void Site::tick()
{
    const std::int64_t now = base::steadyNs();
    while (!m_started.empty() && now - m_started.front().second >= tickMs * 1'000'000LL) {
        Exchange *exchange = find(m_started.front().first);
        m_started.pop_front();
        if (!exchange)
            continue;
        exchange->announced = true;
        recordRunning(*exchange, now);
        if (exchange->content)
            m_events.emplace_back(*exchange->content);
        m_running.push_back({exchange->event.id, 0, 1, exchange->event.requestBytes + exchange->event.responseBytes});
        if (!m_second->isActive())
            m_second->start();
    }
    publish();
    closeIfIdle();
    if (m_started.empty() && m_closing != Closing::Yes)
        stopTicking();
}

/// A stream may run for hours: it can be looked at meanwhile.
void Site::tellRunningAgain()
{
    const std::int64_t now = base::steadyNs();
    std::erase_if(m_running, [&](Running &running) {
        const Exchange *exchange = find(running.id);
        if (!exchange)
            return true;
        const std::uint64_t bytes = exchange->event.requestBytes + exchange->event.responseBytes;
        if (++running.seconds < running.due || bytes == running.toldBytes)
            return false;
        running.due = running.seconds * 2;
        running.toldBytes = bytes;
        recordRunning(*exchange, now);
        if (exchange->content)
            m_events.emplace_back(*exchange->content);
        return false;
    });
    if (m_running.empty())
        m_second->stop();
}

} // namespace cleat::session
