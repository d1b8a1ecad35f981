// SPDX-License-Identifier: GPL-3.0-or-later
// What Site does for WebSockets beyond what it does for all responses.

#include "core/base/websocket.h"
#include "core/session/hostcheck.h"
#include "core/session/site.h"

#include <QByteArrayView>

#include <algorithm>

namespace cleat::session {

namespace {

std::string_view fieldOf(const server::Head &head, std::string_view name)
{
    for (const auto &[key, value] : head.fields) {
        if (key.size() == name.size()
            && QByteArrayView(key.data(), static_cast<qsizetype>(key.size())).compare(QByteArrayView(name.data(), static_cast<qsizetype>(name.size())), Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

} // namespace

bool Site::originAllowed(const server::Head &head) const
{
    const std::string_view origin = fieldOf(head, "origin");
    if (origin.empty() || originMatches(origin, head.host)) // no browser sends an empty one
        return true;
    const std::string_view host = hostOfOrigin(origin);
    return !host.empty() && std::ranges::any_of(m_settings.allowedHosts, [&](const std::string &name) { return hostMatches(host, name); });
}

bool Site::refuseForeignPage(Exchange &exchange, const server::Head &head)
{
    if (!head.webSocket || originAllowed(head))
        return false;
    const std::string origin(fieldOf(head, "origin"));
    const std::string host(hostOfOrigin(origin));
    exchange.event.answer = events::Answer::Refused;
    exchange.event.error = "A page of " + origin + " tried to open a WebSocket.";
    answerPlain(exchange, 403,
        "A page of \"" + origin + "\" may not open a WebSocket here: only pages of this server and of this machine may, so that no page on the web can talk to this server."
            + (host.empty() ? std::string() : " To allow it, start with --allowed-host " + host.substr(0, host.find(':')) + ".") + "\n");
    return true;
}

void Site::closeSockets(int code, const std::string &reason)
{
    if (!m_server)
        return;
    std::vector<std::pair<runtime::RequestId, server::ExchangeId>> open;
    for (const auto &[id, exchange] : m_exchanges) {
        if (exchange.socket)
            open.emplace_back(id, exchange.exchange);
    }
    for (const auto &[id, exchange] : open) {
        // What the code sent before are whole frames, so one more may follow.
        std::string frame;
        base::appendWebSocketClose(frame, code, reason);
        m_server->sendPiece(exchange, std::move(frame));
        m_server->endResponse(exchange, server::HttpServer::Finish::Complete);
        if (m_worker)
            m_worker->clientLeft(id);
    }
}

} // namespace cleat::session
