// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/batchqueue.h"
#include "core/events/eventlog.h"
#include "core/runtime/worker.h"
#include "core/server/httpserver.h"
#include "core/session/deployment.h"
#include "core/session/livereload.h"

#include <QObject>
#include <QString>

#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

class QTimer;

namespace cleat::session {

/// A running project's front: takes requests from the listener, answers them from the assets or hands them to the Worker, and reports each to the log.
/// Lives on the server thread; the runtime calls its ResponseSink half on the Worker's thread.
class Site final : public QObject, private server::Handler, public runtime::ResponseSink
{
    Q_OBJECT
public:
    struct Settings {
        std::vector<std::string> allowedHosts; ///< names besides localhost and addresses that a Host field may hold
        std::size_t maxPending = 1024; ///< unanswered requests for code; 503 beyond
        server::Limits limits;
        enum class Assets { Folder, OtherServer };
        Assets assets = Assets::Folder; ///< OtherServer: code asks it (AssetAccess)
        enum class LiveReload { Off, On };
        LiveReload liveReload = LiveReload::Off; ///< pages load again by themselves
        std::shared_ptr<const server::TlsContext> tls; ///< HTTPS; nullptr: HTTP
    };

    Site(events::EventLog &log, Settings settings);
    ~Site() override;

    /// Before the first request, and with null after the last.
    void setWorker(runtime::Worker *worker) { m_worker = worker; }
    void deploy(std::shared_ptr<const Deployment> deployment);
    /// Errors as HttpServer::listen.
    base::Result<int> listen(const std::string &ip, int port);
    /// Takes no more requests; emits closed() when those under way are done, or after 2 seconds.
    void close();
    /// Of Settings::liveReload, without which they do nothing. Pages load again, ...
    void reloadPages();
    /// ... or show why they do not; nothing: all is well.
    void setProblem(std::optional<base::Error> problem);
    /// Drops everything at once: the listener, what is under way, the Worker.
    void shutDown();

Q_SIGNALS:
    void closed();

private:
    struct Exchange {
        server::ExchangeId exchange = 0;
        events::RequestEvent event;
        events::EventLog::Recorded recorded = events::EventLog::Recorded::Nothing;
        std::optional<events::ContentEvent> content; ///< when all is recorded
        std::int64_t startNs = 0;
        enum class Body { Code, Ignored };
        Body body = Body::Ignored;
        bool head = false; ///< a HEAD request
        bool upgrade = false; ///< it asks for a WebSocket
        bool socket = false; ///< and has one
        bool answered = false;
        bool streaming = false;
        bool wantsScript = false; ///< a page would load again by itself
        bool owesScript = false; ///< and it stands behind the body
        bool announced = false; ///< its row was told while it ran
        std::vector<std::size_t> unacknowledged; ///< sizes of pieces that the client's socket has not taken
    };

    struct WholeReply {
        runtime::RequestId id;
        int status;
        std::string head;
        std::string body;
        bool page; ///< the head is open: completePage()
        std::int64_t beganNs; ///< 0: a BeganReply told it
        std::int64_t answeredNs;
    };
    struct BeganReply {
        runtime::RequestId id;
        std::int64_t atNs;
    };
    struct BeginReply {
        runtime::RequestId id;
        int status;
        std::string head;
        server::HttpServer::Framing framing;
        bool page;
        std::optional<std::uint64_t> length; ///< of a page, whose head is open then: beginPage()
        std::int64_t beganNs;
        std::int64_t answeredNs;
    };
    struct PieceReply {
        runtime::RequestId id;
        std::string bytes;
    };
    struct EndReply {
        runtime::RequestId id;
        Finish finish;
    };
    struct ConsumedReply {
        runtime::RequestId id;
        std::size_t bytes;
    };
    struct FailedReply {
        runtime::RequestId id;
        std::string error;
    };
    using Reply = std::variant<WholeReply, BeganReply, BeginReply, PieceReply, EndReply, ConsumedReply, FailedReply>;

    // server::Handler
    void request(server::ExchangeId exchange, server::Head &&head, std::string &&body, bool complete) override;
    void bodyData(server::ExchangeId exchange, std::string &&piece, bool last) override;
    void ended(server::ExchangeId exchange, End end, std::uint64_t responseBytes) override;
    void writable(server::ExchangeId exchange) override;
    void refused(const Refused &request) override;

    // runtime::ResponseSink, on the Worker's thread
    void began(runtime::RequestId id, std::int64_t atNs) override;
    void respond(runtime::RequestId id, runtime::ResponseHead &&head, std::string &&body) override;
    void begin(runtime::RequestId id, runtime::ResponseHead &&head, std::optional<std::uint64_t> length) override;
    void piece(runtime::RequestId id, std::string &&bytes) override;
    void end(runtime::RequestId id, Finish finish) override;
    void bodyConsumed(runtime::RequestId id, std::size_t bytes) override;
    void failed(runtime::RequestId id, const std::string &error) override;
    void flush() override;
    void push(Reply &&reply);
    void pushBegan();
    /// When the code of `id` began, unless that was told already.
    std::int64_t takeBegan(runtime::RequestId id);

    bool event(QEvent *event) override;
    void drainReplies();
    void handle(WholeReply &&reply);
    void sendWhole(Exchange &exchange, WholeReply &&reply);
    void handle(BeganReply &&reply);
    void handle(BeginReply &&reply);
    void handle(PieceReply &&reply);
    void handle(EndReply &&reply);
    void handle(ConsumedReply &&reply);
    void handle(FailedReply &&reply);

    Exchange *find(runtime::RequestId id);
    void answerPlain(Exchange &exchange, int status, const std::string &text);
    void answerAsset(Exchange &exchange, const server::Head &head, std::string_view path, std::string_view query);
    void handToWorker(Exchange &exchange, server::Head &&head, std::string &&body, bool complete, const std::vector<functions::Step> &steps);
    bool hostAllowed(std::string_view host) const;
    // sitesockets.cpp
    bool originAllowed(const server::Head &head) const;
    bool refuseForeignPage(Exchange &exchange, const server::Head &head);
    /// Tells the clients of all WebSockets with a close frame, ends their connections, and lets the code know.
    void closeSockets(int code, const std::string &reason);

    // sitepages.cpp
    bool takePageSocket(server::ExchangeId exchange, const server::Head &head);
    static void askPlain(server::Fields &fields);
    static void completePage(const Exchange &exchange, WholeReply &reply);
    static void beginPage(Exchange &exchange, BeginReply &reply);
    /// The exchange may be gone afterwards.
    void endPage(Exchange &exchange);
    void answerProblem(Exchange &exchange, const server::Head &head);

    // siterecord.cpp: what the log is told
    void startRecording(Exchange &exchange, const server::Head &head, std::string_view body);
    /// The head of its response is known.
    void recordAnswer(Exchange &exchange, int status, std::int64_t answeredNs, std::int64_t beganNs = 0);
    void recordHead(Exchange &exchange, std::string_view wire) const;
    void recordBody(std::string &kept, std::string_view bytes) const;
    void recordEnd(Exchange &&exchange, events::RequestState state);
    void recordRunning(const Exchange &exchange, std::int64_t now);
    void startTicking();
    void stopTicking();
    void tick();
    void tellRunningAgain();
    void told();
    void publish();
    void closeIfIdle();

    events::EventLog &m_log;
    const Settings m_settings;
    runtime::Worker *m_worker = nullptr;
    std::shared_ptr<const Deployment> m_deployment;
    std::unique_ptr<server::HttpServer> m_server;
    const std::unique_ptr<LiveReload> m_reload; ///< null: Settings::LiveReload::Off
    std::unordered_map<runtime::RequestId, Exchange> m_exchanges;
    std::unordered_map<server::ExchangeId, runtime::RequestId> m_ids;
    std::deque<std::pair<runtime::RequestId, std::int64_t>> m_started; ///< in order, until announced as running or gone
    /// A request that was announced, and is told of again when more of it has come: after a second, and then each time after twice as long.
    struct Running {
        runtime::RequestId id = 0;
        unsigned seconds = 0;
        unsigned due = 1;
        std::uint64_t toldBytes = 0;
    };
    std::vector<Running> m_running;
    events::Batch m_events;
    QTimer *m_tick = nullptr;
    bool m_ticking = false; ///< m_tick is active
    QTimer *m_second = nullptr; ///< while m_running holds something
    enum class Closing { No, Yes, Done };
    Closing m_closing = Closing::No;

    std::vector<Reply> m_outgoing; ///< the Worker's thread only
    std::optional<BeganReply> m_began; ///< the same: kept back, because mostly the answer follows at once
    base::BatchQueue<std::vector<Reply>> m_replies;
};

} // namespace cleat::session
