// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/site.h"

#include "core/base/clock.h"
#include "core/server/responsehead.h"
#include "core/session/hostcheck.h"
#include "core/session/siteclock.h"

#include <QByteArrayView>
#include <QCoreApplication>
#include <QEvent>
#include <QTimer>

#include <algorithm>
#include <limits>

namespace cleat::session {

using server::HttpServer;

namespace {

constexpr std::size_t worthMoving = 65536; // bytes of a body that goes out by itself, not copied behind its head
const auto repliesEvent = static_cast<QEvent::Type>(QEvent::registerEventType());

/// Fields that the listener decides itself.
bool isFraming(std::string_view name)
{
    switch (name.size()) {
    case 7:
        return name == "upgrade";
    case 10:
        return name == "connection" || name == "keep-alive";
    case 14:
        return name == "content-length";
    case 17:
        return name == "transfer-encoding";
    default:
        return false;
    }
}

std::string wireHead(const runtime::ResponseHead &head)
{
    std::string wire;
    wire.reserve(256);
    server::appendStatusLine(wire, head.status, head.statusText);
    bool dated = false;
    for (const auto &[name, value] : head.fields) {
        dated = dated || name == "date";
        if (!isFraming(name) || (head.status == 101 && name != "content-length" && name != "transfer-encoding"))
            server::appendField(wire, name, value);
    }
    if (dated) { // of code, or of the server that it has asked: ours leaves
        const std::size_t own = wire.find("\r\n") + 2;
        wire.erase(own, wire.find("\r\n", own) + 2 - own);
    }
    return wire;
}

bool sameText(std::string_view a, std::string_view b)
{
    return QByteArrayView(a.data(), static_cast<qsizetype>(a.size())).compare(QByteArrayView(b.data(), static_cast<qsizetype>(b.size())), Qt::CaseInsensitive) == 0;
}

bool hasNoBody(int status)
{
    return status < 200 || status == 204 || status == 304;
}

} // namespace

Site::Site(events::EventLog &log, Settings settings)
    : m_log(log), m_settings(std::move(settings)), m_reload(m_settings.liveReload == Settings::LiveReload::On ? std::make_unique<LiveReload>() : nullptr), m_tick(new QTimer(this)), m_second(new QTimer(this)),
      m_replies(std::numeric_limits<std::size_t>::max())
{
    m_tick->setInterval(tickMs);
    connect(m_tick, &QTimer::timeout, this, &Site::tick);
    m_second->setInterval(1000);
    connect(m_second, &QTimer::timeout, this, &Site::tellRunningAgain);
}

Site::~Site()
{
    if (m_reload)
        m_reload->setServer(nullptr);
    m_server.reset();
    publish();
}

void Site::deploy(std::shared_ptr<const Deployment> deployment)
{
    m_deployment = std::move(deployment);
    closeSockets(1012, "The code was changed");
    reloadPages();
}

base::Result<int> Site::listen(const std::string &ip, int port)
{
    m_server = std::make_unique<HttpServer>(static_cast<server::Handler &>(*this), m_settings.limits);
    if (m_settings.tls)
        m_server->setTls(m_settings.tls);
    if (auto result = m_server->listen(ip, port); !result) {
        m_server.reset();
        return std::unexpected(result.error());
    }
    if (m_reload)
        m_reload->setServer(m_server.get());
    return m_server->port();
}

void Site::close()
{
    if (!m_server) {
        Q_EMIT closed();
        return;
    }
    m_closing = Closing::Yes;
    closeSockets(1001, "The server stops");
    if (m_reload)
        m_reload->close(1001, "The server stops");
    m_server->close();
    startTicking();
    QTimer::singleShot(2000, this, [this] {
        if (m_closing == Closing::Yes) {
            m_closing = Closing::Done;
            Q_EMIT closed();
        }
    });
    closeIfIdle();
}

void Site::shutDown()
{
    m_worker = nullptr;
    for (auto &[id, exchange] : m_exchanges) {
        exchange.event.error = "The project was stopped before the request was answered.";
        recordEnd(std::move(exchange), events::RequestState::Abandoned);
    }
    m_exchanges.clear();
    m_ids.clear();
    m_started.clear();
    if (m_reload)
        m_reload->setServer(nullptr);
    m_server.reset();
    m_running.clear();
    stopTicking();
    m_second->stop();
    publish();
}

void Site::closeIfIdle()
{
    if (!m_server || m_closing != Closing::Yes || !m_server->idle() || !m_exchanges.empty())
        return;
    m_closing = Closing::Done;
    Q_EMIT closed();
}

bool Site::hostAllowed(std::string_view host) const
{
    return isLocalHost(host) || std::ranges::any_of(m_settings.allowedHosts, [&](const std::string &name) { return hostMatches(host, name); });
}

// ---- from the listener

void Site::request(server::ExchangeId exchangeId, server::Head &&head, std::string &&body, bool complete)
{
    if (takePageSocket(exchangeId, head))
        return;
    const runtime::RequestId id = m_log.nextRequest();
    Exchange &exchange = m_exchanges[id];
    m_ids.emplace(exchangeId, id);
    exchange.exchange = exchangeId;
    exchange.startNs = base::steadyNs();
    exchange.head = head.method == "HEAD";
    exchange.upgrade = head.webSocket;
    exchange.wantsScript = m_reload && LiveReload::wantsScript(head);
    exchange.event.id = id;
    exchange.event.target = head.target;
    exchange.event.requestBytes = body.size();
    startRecording(exchange, head, body);

    if (!hostAllowed(head.host)) {
        exchange.event.answer = events::Answer::Refused;
        answerPlain(exchange, 403,
            "The Host \"" + head.host + "\" is not allowed: only localhost and IP addresses are, so that no page on the web can reach this server through a name of "
                                         "its own. Open http://localhost, or start with --allowed-host " + head.host + ".\n");
        return;
    }
    if (refuseForeignPage(exchange, head))
        return;
    const std::string_view target = exchange.event.target;
    const std::size_t question = std::min(target.find('?'), target.size());
    const std::string_view path = target.substr(0, question);
    if (!m_deployment->error.message.empty()) {
        answerProblem(exchange, head);
        return;
    }
    const auto steps = m_deployment->match(head.method, path);
    if (steps.empty() && m_settings.assets == Settings::Assets::Folder)
        answerAsset(exchange, head, path, target.substr(question));
    else
        handToWorker(exchange, std::move(head), std::move(body), complete, steps);
}

void Site::handToWorker(Exchange &exchange, server::Head &&head, std::string &&body, bool complete, const std::vector<functions::Step> &steps)
{
    if (!steps.empty())
        exchange.event.handler = m_deployment->isWorker ? steps.back().file : "functions/" + steps.back().file;
    if (m_worker->pending() >= m_settings.maxPending) {
        exchange.event.answer = events::Answer::Refused;
        exchange.event.error = "The queue of the Worker is full.";
        answerPlain(exchange, 503, "The Worker is busy: " + std::to_string(m_settings.maxPending) + " requests wait already. Try again later.\n");
        return;
    }
    const std::int64_t now = base::steadyNs();
    exchange.event.handedUs = sinceUs(exchange.startNs, now);
    runtime::Request request;
    request.id = exchange.event.id;
    request.startNs = exchange.startNs;
    request.recorded = exchange.content.has_value();
    request.generation = m_deployment->generation;
    request.method = std::move(head.method);
    request.url.reserve(8 + head.host.size() + exchange.event.target.size());
    request.url.append(head.secure ? "https://" : "http://").append(head.host.empty() ? "localhost" : head.host).append(exchange.event.target);
    request.fields = std::move(head.fields);
    if (exchange.wantsScript)
        askPlain(request.fields);
    // The only field of Cloudflare's edge that wrangler adds, too.
    if (std::ranges::none_of(request.fields, [](const auto &field) { return sameText(field.first, "cf-connecting-ip"); }))
        request.fields.emplace_back("CF-Connecting-IP", head.client);
    if (head.body != server::Head::Body::None) {
        exchange.body = Exchange::Body::Code;
        request.bodyKind = complete ? runtime::Request::Body::Whole : runtime::Request::Body::Streaming;
        request.body = std::move(body);
    }
    request.steps = m_deployment->steps(steps);
    m_worker->request(std::move(request));
}

void Site::answerPlain(Exchange &exchange, int status, const std::string &text)
{
    recordAnswer(exchange, status, base::steadyNs());
    exchange.event.responseBytes = exchange.head ? 0 : text.size();
    exchange.answered = true;
    std::string wire = server::plainResponse(status, text, !exchange.head);
    if (exchange.content) {
        recordHead(exchange, wire);
        if (!exchange.head)
            recordBody(exchange.content->responseBody, text);
    }
    m_server->respond(exchange.exchange, std::move(wire), HttpServer::Connection::Keep);
}

void Site::answerAsset(Exchange &exchange, const server::Head &head, std::string_view path, std::string_view query)
{
    functions::AssetRequest asked;
    asked.method = head.method;
    asked.path = path;
    asked.query = query;
    asked.host = head.host;
    asked.scheme = head.secure ? functions::AssetRequest::Scheme::Https : functions::AssetRequest::Scheme::Http;
    for (const auto &[name, value] : head.fields) {
        if (sameText(name, "if-none-match"))
            asked.ifNoneMatch = value;
        else if (sameText(name, "authorization") || sameText(name, "range"))
            asked.caching = functions::AssetRequest::Caching::Withheld;
    }
    const functions::AssetAnswer answer = m_deployment->assets->answer(asked);
    exchange.event.answer = events::Answer::Asset;
    exchange.event.handler = answer.file.empty() && answer.redirectLine > 0 ? "_redirects:" + std::to_string(answer.redirectLine) : answer.file;
    recordAnswer(exchange, answer.status, base::steadyNs());
    exchange.answered = true;
    const bool withBody = answer.body && !exchange.head;
    const std::string_view script = exchange.wantsScript && answer.body && LiveReload::isPage(answer.status, answer.fields) ? LiveReload::script() : std::string_view();
    std::string wire;
    wire.reserve(512 + (withBody ? answer.body->size() : 0));
    server::appendStatusLine(wire, answer.status);
    for (const auto &[name, value] : answer.fields)
        server::appendField(wire, name, value);
    if (!hasNoBody(answer.status))
        server::appendField(wire, "Content-Length", std::to_string((answer.body ? answer.body->size() : 0) + script.size()));
    if (exchange.content)
        exchange.content->responseHead = wire;
    wire += "\r\n";
    if (withBody) {
        wire.append(*answer.body).append(script);
        exchange.event.responseBytes = answer.body->size() + script.size();
        if (exchange.content) {
            recordBody(exchange.content->responseBody, *answer.body);
            recordBody(exchange.content->responseBody, script);
        }
    }
    m_server->respond(exchange.exchange, std::move(wire), HttpServer::Connection::Keep);
}

void Site::bodyData(server::ExchangeId exchangeId, std::string &&piece, bool last)
{
    if (m_reload && m_reload->has(exchangeId)) {
        m_reload->received(exchangeId, piece, last ? LiveReload::More::No : LiveReload::More::Yes);
        return;
    }
    const auto found = m_ids.find(exchangeId);
    Exchange *exchange = found == m_ids.end() ? nullptr : find(found->second);
    if (!exchange)
        return;
    exchange->event.requestBytes += piece.size();
    if (exchange->content && !exchange->socket)
        recordBody(exchange->content->requestBody, piece);
    if (exchange->body == Exchange::Body::Code)
        m_worker->bodyPiece(found->second, std::move(piece), last ? runtime::Worker::Piece::Last : runtime::Worker::Piece::More);
    else
        m_server->bodyConsumed(exchangeId, piece.size());
}

void Site::ended(server::ExchangeId exchangeId, End end, std::uint64_t)
{
    const auto found = m_ids.find(exchangeId);
    if (found == m_ids.end()) {
        if (m_reload)
            m_reload->ended(exchangeId);
        if (m_closing == Closing::Yes)
            QMetaObject::invokeMethod(this, &Site::closeIfIdle, Qt::QueuedConnection);
        return;
    }
    const runtime::RequestId id = found->second;
    Exchange *exchange = find(id);
    if (!exchange)
        return;
    const std::string bodyError = end == End::BadBody ? "The request body is malformed."
        : end == End::BodyTooLarge                    ? "The request body is larger than the limit of " + std::to_string(m_settings.limits.bodyBytes) + " bytes."
                                                      : std::string();
    if (end != End::Done && exchange->body == Exchange::Body::Code)
        m_worker->bodyFailed(id, bodyError.empty() ? "The client disconnected before its request body was complete." : bodyError);
    if (end != End::Done && exchange->event.answer == events::Answer::Code && m_worker)
        m_worker->clientLeft(id);
    if (!bodyError.empty() && !exchange->answered) {
        exchange->event.error = bodyError;
        recordAnswer(*exchange, end == End::BodyTooLarge ? 413 : 400, base::steadyNs());
    }
    recordEnd(std::move(*exchange), end == End::Left ? events::RequestState::Abandoned : events::RequestState::Finished);
    m_ids.erase(found);
    m_exchanges.erase(id);
    if (m_closing == Closing::Yes)
        QMetaObject::invokeMethod(this, &Site::closeIfIdle, Qt::QueuedConnection);
}

void Site::writable(server::ExchangeId exchangeId)
{
    const auto found = m_ids.find(exchangeId);
    Exchange *exchange = found == m_ids.end() ? nullptr : find(found->second);
    if (!exchange)
        return;
    for (const std::size_t bytes : std::exchange(exchange->unacknowledged, {}))
        m_worker->pieceSent(found->second, bytes);
}

// ---- from the Worker's thread

void Site::push(Reply &&reply)
{
    m_outgoing.push_back(std::move(reply));
}

/// Tells it by itself: the answer will take its time.
void Site::pushBegan()
{
    if (m_began)
        m_outgoing.push_back(*std::exchange(m_began, std::nullopt));
}

std::int64_t Site::takeBegan(runtime::RequestId id)
{
    if (!m_began || m_began->id != id) {
        pushBegan();
        return 0;
    }
    return std::exchange(m_began, std::nullopt)->atNs;
}

void Site::began(runtime::RequestId id, std::int64_t atNs)
{
    pushBegan();
    m_began = BeganReply{id, atNs};
}

void Site::flush()
{
    pushBegan();
    if (m_outgoing.empty())
        return;
    using Queue = base::BatchQueue<std::vector<Reply>>;
    if (m_replies.push(std::exchange(m_outgoing, {})) == Queue::Push::First)
        QCoreApplication::postEvent(this, new QEvent(repliesEvent));
}

void Site::respond(runtime::RequestId id, runtime::ResponseHead &&head, std::string &&body)
{
    std::string wire = wireHead(head);
    const bool page = m_reload && LiveReload::isPage(head.status, head.fields);
    if (!page) {
        if (!hasNoBody(head.status))
            server::appendField(wire, "Content-Length", std::to_string(body.size()));
        wire += "\r\n";
    }
    push(WholeReply{id, head.status, std::move(wire), std::move(body), page, takeBegan(id), base::steadyNs()});
}

void Site::begin(runtime::RequestId id, runtime::ResponseHead &&head, std::optional<std::uint64_t> length)
{
    std::string wire = wireHead(head);
    const bool page = m_reload && LiveReload::isPage(head.status, head.fields);
    HttpServer::Framing framing = head.status == 101 ? HttpServer::Framing::Raw : HttpServer::Framing::None;
    if (!hasNoBody(head.status)) {
        framing = length ? HttpServer::Framing::Sized : HttpServer::Framing::Chunked;
        if (!length)
            server::appendField(wire, "Transfer-Encoding", "chunked");
        else if (!page)
            server::appendField(wire, "Content-Length", std::to_string(*length));
    }
    if (!page || !length)
        wire += "\r\n";
    push(BeginReply{id, head.status, std::move(wire), framing, page, page ? length : std::nullopt, takeBegan(id), base::steadyNs()});
}

void Site::piece(runtime::RequestId id, std::string &&bytes)
{
    push(PieceReply{id, std::move(bytes)});
}

void Site::end(runtime::RequestId id, Finish finish)
{
    push(EndReply{id, finish});
}

void Site::bodyConsumed(runtime::RequestId id, std::size_t bytes)
{
    push(ConsumedReply{id, bytes});
}

void Site::failed(runtime::RequestId id, const std::string &error)
{
    push(FailedReply{id, error});
}

// ---- back on the server thread

bool Site::event(QEvent *event)
{
    if (event->type() != repliesEvent)
        return QObject::event(event);
    drainReplies();
    return true;
}

void Site::drainReplies()
{
    std::vector<std::vector<Reply>> batches;
    m_replies.take(batches);
    if (!m_worker || !m_server)
        return;
    for (auto &batch : batches) {
        for (Reply &reply : batch)
            std::visit([this](auto &&known) { handle(std::forward<decltype(known)>(known)); }, std::move(reply));
    }
}

Site::Exchange *Site::find(runtime::RequestId id)
{
    const auto found = m_exchanges.find(id);
    return found == m_exchanges.end() ? nullptr : &found->second;
}

void Site::handle(WholeReply &&reply)
{
    Exchange *exchange = find(reply.id);
    if (!exchange || exchange->answered)
        return;
    exchange->answered = true;
    if (reply.page)
        completePage(*exchange, reply);
    recordAnswer(*exchange, reply.status, reply.answeredNs, reply.beganNs);
    if (exchange->content)
        recordHead(*exchange, reply.head);
    if (!exchange->head && !hasNoBody(reply.status)) {
        exchange->event.responseBytes = reply.body.size();
        if (reply.body.size() >= worthMoving) {
            sendWhole(*exchange, std::move(reply));
            return;
        }
        reply.head += reply.body;
        if (exchange->content && reply.body.size() <= m_log.bodyBytes())
            exchange->content->responseBody = std::move(reply.body);
        else if (exchange->content)
            recordBody(exchange->content->responseBody, reply.body);
    }
    m_server->respond(exchange->exchange, std::move(reply.head), HttpServer::Connection::Keep);
}

/// Without another copy of the body.
void Site::sendWhole(Exchange &exchange, WholeReply &&reply)
{
    if (exchange.content)
        recordBody(exchange.content->responseBody, reply.body);
    const server::ExchangeId id = exchange.exchange; // the exchange may end in any of the calls
    m_server->beginResponse(id, std::move(reply.head), HttpServer::Framing::Sized, HttpServer::Connection::Keep);
    m_server->sendPiece(id, std::move(reply.body));
    m_server->endResponse(id, HttpServer::Finish::Complete);
}

void Site::handle(BeganReply &&reply)
{
    if (Exchange *exchange = find(reply.id))
        exchange->event.beganUs = sinceUs(exchange->startNs, reply.atNs);
}

void Site::handle(BeginReply &&reply)
{
    Exchange *exchange = find(reply.id);
    if (!exchange || exchange->answered)
        return;
    if (reply.framing == HttpServer::Framing::Raw && !exchange->upgrade) {
        answerPlain(*exchange, 400, "A WebSocket needs a request of HTTP/1.1 that keeps its connection.\n");
        m_worker->clientLeft(reply.id);
        return;
    }
    exchange->answered = true;
    exchange->streaming = true;
    if (reply.framing == HttpServer::Framing::Raw) {
        exchange->socket = true;
        exchange->body = Exchange::Body::Code;
    }
    if (reply.page)
        beginPage(*exchange, reply);
    if (exchange->content)
        recordHead(*exchange, reply.head);
    recordAnswer(*exchange, reply.status, reply.answeredNs, reply.beganNs);
    const bool head = exchange->head;
    const server::ExchangeId id = exchange->exchange;
    m_server->beginResponse(id, std::move(reply.head), head ? HttpServer::Framing::None : reply.framing, HttpServer::Connection::Keep);
    if (head) { // the body is not wanted, and it may have no end
        m_server->endResponse(id, HttpServer::Finish::Complete);
        m_worker->clientLeft(reply.id);
    }
}

void Site::handle(PieceReply &&reply)
{
    const std::size_t size = reply.bytes.size();
    Exchange *exchange = find(reply.id);
    if (!exchange || !exchange->streaming || exchange->head) {
        m_worker->pieceSent(reply.id, size);
        return;
    }
    exchange->event.responseBytes += size;
    if (exchange->content && !exchange->socket)
        recordBody(exchange->content->responseBody, reply.bytes);
    exchange->unacknowledged.push_back(size);
    if (m_server->sendPiece(exchange->exchange, std::move(reply.bytes)) == HttpServer::Flow::Wait)
        return;
    // Looked up again: a client that had gone was reported from inside sendPiece.
    exchange = find(reply.id);
    if (!exchange)
        return;
    for (const std::size_t bytes : std::exchange(exchange->unacknowledged, {}))
        m_worker->pieceSent(reply.id, bytes);
}

void Site::handle(EndReply &&reply)
{
    Exchange *exchange = find(reply.id);
    if (!exchange || !exchange->streaming)
        return;
    const server::ExchangeId id = exchange->exchange;
    if (exchange->owesScript && reply.finish == Finish::Complete)
        endPage(*exchange);
    m_server->endResponse(id, reply.finish == Finish::Complete ? HttpServer::Finish::Complete : HttpServer::Finish::Truncated);
}

void Site::handle(ConsumedReply &&reply)
{
    if (const Exchange *exchange = find(reply.id))
        m_server->bodyConsumed(exchange->exchange, reply.bytes);
}

void Site::handle(FailedReply &&reply)
{
    if (Exchange *exchange = find(reply.id))
        exchange->event.error = std::move(reply.error);
}

} // namespace cleat::session
