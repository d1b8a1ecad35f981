// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/analyticsapi.h"

#include "core/data/analytics/query.h"
#include "core/server/httpserver.h"
#include "core/server/responsehead.h"
#include "core/session/hostcheck.h"

#include <nlohmann/json.hpp>

#include <QThread>
#include <QThreadPool>

#include <algorithm>
#include <cctype>
#include <optional>
#include <stop_token>
#include <string_view>
#include <unordered_map>

namespace cleat::session {

namespace fs = std::filesystem;
using server::ExchangeId;
using server::HttpServer;

namespace {

constexpr int notThere = 7003;
constexpr int notAllowed = 10000;
constexpr int wrongQuery = 10001;

std::string field(const server::Fields &fields, std::string_view name)
{
    const auto same = [name](const auto &entry) { return std::ranges::equal(entry.first, name, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); }); };
    const auto found = std::ranges::find_if(fields, same);
    return found == fields.end() ? std::string() : found->second;
}

std::string decoded(std::string_view text)
{
    const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0 ? c - '0' : std::tolower(static_cast<unsigned char>(c)) - 'a' + 10; };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 && std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0) {
            out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::optional<std::string> parameter(std::string_view query, std::string_view name)
{
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (decoded(pair.substr(0, equals)) == name)
            return decoded(pair.substr(std::min(equals + 1, pair.size())));
    }
    return std::nullopt;
}

/// /client/v4/accounts/ANY/analytics_engine/sql
bool isSqlPath(std::string_view path)
{
    constexpr std::string_view before = "/client/v4/accounts/";
    constexpr std::string_view behind = "/analytics_engine/sql";
    if (!path.starts_with(before) || !path.ends_with(behind) || path.size() <= before.size() + behind.size())
        return false;
    return !path.substr(before.size(), path.size() - before.size() - behind.size()).contains('/');
}

std::string response(int status, std::string_view type, std::string_view body)
{
    std::string wire;
    server::appendStatusLine(wire, status);
    server::appendField(wire, "Content-Type", type);
    server::appendField(wire, "Content-Length", std::to_string(body.size()));
    server::appendField(wire, "Cache-Control", "no-store");
    if (status == 405)
        server::appendField(wire, "Allow", "GET, POST");
    wire += "\r\n";
    wire += body;
    return wire;
}

std::string failure(int status, int code, const std::string &message)
{
    const nlohmann::ordered_json body{{"success", false}, {"errors", nlohmann::ordered_json::array({{{"code", code}, {"message", message}}})}, {"messages", nlohmann::ordered_json::array()}, {"result", nullptr}};
    return response(status, "application/json; charset=utf-8", body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
}

server::Limits limits()
{
    server::Limits made;
    made.bodyBytes = 1U << 20;
    made.connections = 64;
    return made;
}

} // namespace

class AnalyticsApi::Service final : public QObject, public server::Handler
{
public:
    Service(fs::path state, std::vector<std::string> allowedHosts) : m_state(std::move(state)), m_allowedHosts(std::move(allowedHosts)) { m_pool.setMaxThreadCount(2); }

    base::Result<int> listen(int port)
    {
        m_server = std::make_unique<HttpServer>(*this, limits());
        if (auto listening = m_server->listen("localhost", port); !listening)
            return std::unexpected(std::move(listening.error()));
        return m_server->port();
    }
    void setState(const fs::path &state) { m_state = state; }
    void end()
    {
        m_stop.request_stop();
        m_pool.waitForDone();
        m_server.reset();
    }

private:
    void request(ExchangeId exchange, server::Head &&head, std::string &&body, bool complete) override
    {
        if (const auto refusal = refused(head)) {
            m_server->respond(exchange, std::string(*refusal), complete ? HttpServer::Connection::Keep : HttpServer::Connection::Close);
            return;
        }
        if (head.method == "GET") {
            const std::size_t question = std::min(head.target.find('?'), head.target.size());
            const auto query = parameter(std::string_view(head.target).substr(std::min(question + 1, head.target.size())), "query");
            if (query)
                run(exchange, std::string(*query));
            else
                m_server->respond(exchange, failure(400, wrongQuery, "The query is missing: it is the body of a POST, or the parameter `query`."), complete ? HttpServer::Connection::Keep : HttpServer::Connection::Close);
            return;
        }
        if (complete) {
            run(exchange, std::move(body));
            return;
        }
        m_server->bodyConsumed(exchange, body.size());
        m_bodies[exchange] = std::move(body);
    }

    void bodyData(ExchangeId exchange, std::string &&piece, bool last) override
    {
        const auto found = m_bodies.find(exchange);
        if (found == m_bodies.end())
            return;
        m_server->bodyConsumed(exchange, piece.size());
        found->second += piece;
        if (last)
            run(exchange, std::move(m_bodies.extract(found).mapped()));
    }

    void ended(ExchangeId exchange, End, std::uint64_t) override { m_bodies.erase(exchange); }
    void writable(ExchangeId) override {}
    void refused(const Refused &) override {}

    std::optional<std::string> refused(const server::Head &head) const
    {
        const bool known = isLocalHost(head.host) || std::ranges::any_of(m_allowedHosts, [&](const std::string &name) { return hostMatches(head.host, name); });
        if (!known)
            return failure(403, notAllowed, "This server is reached as localhost only.");
        if (const std::string origin = field(head.fields, "origin"); !origin.empty() && !originMatches(origin, head.host))
            return failure(403, notAllowed, "Pages of other origins may not ask this server.");
        if (!isSqlPath(std::string_view(head.target).substr(0, head.target.find('?'))))
            return failure(404, notThere, "There is nothing at this address. The SQL API is at /client/v4/accounts/ACCOUNT/analytics_engine/sql.");
        if (head.method != "GET" && head.method != "POST")
            return failure(405, notThere, "The SQL API takes GET and POST.");
        return std::nullopt;
    }

    void run(ExchangeId exchange, std::string &&query)
    {
        m_pool.start([this, exchange, query = std::move(query), state = m_state, stop = m_stop.get_token()] {
            const auto answer = data::analytics::runQuery(state, query, {}, {stop, {}});
            std::string wire;
            if (answer) {
                wire = response(200, data::analytics::contentType(answer->format), written(*answer, answer->format));
            } else {
                const base::Error &error = answer.error();
                const std::string place = error.place.line > 0 ? "Line " + std::to_string(error.place.line) + ", column " + std::to_string(error.place.column) + ": " : std::string();
                wire = failure(error.code.starts_with("analytics.") ? 400 : 500, wrongQuery, place + error.message);
            }
            QMetaObject::invokeMethod(
                this,
                [this, exchange, wire = std::move(wire)]() mutable {
                    if (m_server)
                        m_server->respond(exchange, std::move(wire), HttpServer::Connection::Keep);
                },
                Qt::QueuedConnection);
        });
    }

    fs::path m_state;
    const std::vector<std::string> m_allowedHosts;
    std::unordered_map<ExchangeId, std::string> m_bodies;
    std::stop_source m_stop;
    std::unique_ptr<HttpServer> m_server;
    QThreadPool m_pool;
};

AnalyticsApi::AnalyticsApi(fs::path state, std::vector<std::string> allowedHosts, QObject *parent)
    : QObject(parent), m_thread(std::make_unique<QThread>()), m_service(new Service(std::move(state), std::move(allowedHosts)))
{
    m_thread->setObjectName(QStringLiteral("analytics sql"));
    m_service->moveToThread(m_thread.get());
    m_thread->start();
}

AnalyticsApi::~AnalyticsApi()
{
    QMetaObject::invokeMethod(m_service, [this] { m_service->end(); }, Qt::BlockingQueuedConnection);
    m_thread->quit();
    m_thread->wait();
    delete m_service;
}

base::Result<void> AnalyticsApi::listen(int port)
{
    base::Result<int> result;
    QMetaObject::invokeMethod(m_service, [this, port, &result] { result = m_service->listen(port); }, Qt::BlockingQueuedConnection);
    if (!result)
        return std::unexpected(std::move(result.error()));
    m_port = *result;
    return {};
}

void AnalyticsApi::setStateFolder(const fs::path &state)
{
    QMetaObject::invokeMethod(m_service, [this, state] { m_service->setState(state); }, Qt::QueuedConnection);
}

} // namespace cleat::session
