// SPDX-License-Identifier: GPL-3.0-or-later
// What Site does for pages in browsers: those that load again by themselves, and the one that says why there is no code.

#include "core/base/clock.h"
#include "core/server/responsehead.h"
#include "core/session/problempage.h"
#include "core/session/site.h"

#include <algorithm>

namespace cleat::session {

using server::HttpServer;

namespace {

bool isNamed(std::string_view name, std::string_view lower)
{
    return std::ranges::equal(name, lower, [](unsigned char x, unsigned char y) { return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y; });
}

bool takesHtml(const server::Head &head)
{
    return std::ranges::any_of(head.fields, [](const auto &field) { return isNamed(field.first, "accept") && field.second.find("text/html") != std::string::npos; });
}

} // namespace

void Site::reloadPages()
{
    if (m_reload)
        m_reload->changed();
}

void Site::setProblem(std::optional<base::Error> problem)
{
    if (m_reload)
        m_reload->setProblem(std::move(problem));
}

/// A page's connection, which the log does not tell of.
bool Site::takePageSocket(server::ExchangeId exchange, const server::Head &head)
{
    if (!m_reload || !LiveReload::asks(head) || !hostAllowed(head.host) || !originAllowed(head))
        return false;
    m_reload->open(exchange, head);
    return true;
}

/// So that a script can stand behind the answer. Code does not see the difference.
void Site::askPlain(server::Fields &fields)
{
    for (auto &[name, value] : fields) {
        if (isNamed(name, "accept-encoding"))
            value = "identity";
    }
}

void Site::completePage(const Exchange &exchange, WholeReply &reply)
{
    if (exchange.wantsScript)
        reply.body += LiveReload::script();
    server::appendField(reply.head, "Content-Length", std::to_string(reply.body.size()));
    reply.head += "\r\n";
}

void Site::beginPage(Exchange &exchange, BeginReply &reply)
{
    exchange.owesScript = exchange.wantsScript && !exchange.head;
    if (!reply.length)
        return;
    server::appendField(reply.head, "Content-Length", std::to_string(*reply.length + (exchange.wantsScript ? LiveReload::script().size() : 0)));
    reply.head += "\r\n";
}

void Site::endPage(Exchange &exchange)
{
    std::string script(LiveReload::script());
    exchange.owesScript = false;
    exchange.event.responseBytes += script.size();
    if (exchange.content)
        recordBody(exchange.content->responseBody, script);
    m_server->sendPiece(exchange.exchange, std::move(script));
}

void Site::answerProblem(Exchange &exchange, const server::Head &head)
{
    const base::Error &problem = m_deployment->error;
    exchange.event.error = problem.message.substr(0, problem.message.find('\n'));
    if (!takesHtml(head)) {
        answerPlain(exchange, 500, problem.message + "\n");
        return;
    }
    const std::string page = problemPage(problem, exchange.wantsScript ? LiveReload::script() : std::string_view());
    recordAnswer(exchange, 500, base::steadyNs());
    exchange.answered = true;
    std::string wire;
    server::appendStatusLine(wire, 500);
    server::appendField(wire, "Content-Type", "text/html; charset=utf-8");
    server::appendField(wire, "Content-Length", std::to_string(page.size()));
    server::appendField(wire, "Cache-Control", "no-store");
    wire += "\r\n";
    if (exchange.content)
        recordHead(exchange, wire);
    if (!exchange.head) {
        exchange.event.responseBytes = page.size();
        if (exchange.content)
            recordBody(exchange.content->responseBody, page);
        wire += page;
    }
    m_server->respond(exchange.exchange, std::move(wire), HttpServer::Connection::Keep);
}

} // namespace cleat::session
