// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/batchqueue.h"
#include "core/base/websocket.h"
#include "core/bindings/cache/httpcache.h"
#include "core/bindings/d1/d1database.h"
#include "core/bindings/kv/kvnamespace.h"
#include "core/bindings/queues/queuestore.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/runtime/allocator.h"
#include "core/runtime/callmark.h"
#include "core/runtime/fetchclient.h"
#include "core/runtime/fetchspan.h"
#include "core/runtime/freshisolate.h"
#include "core/runtime/html/rewriters.h"
#include "core/runtime/inspector.h"
#include "core/runtime/js.h"
#include "core/runtime/realm.h"
#include "core/runtime/responsecoding.h"
#include "core/runtime/triggerrun.h"
#include "core/runtime/watchdog.h"
#include "core/runtime/worker.h"
#include "core/runtime/workerlinks.h"
#include "core/runtime/workerobjects.h"
#include "core/runtime/workersockets.h"

#include <array>
#include <csetjmp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <variant>

namespace cleat::bindings::vectorize {
class VectorIndex;
}

namespace cleat::runtime {

class JsonWriter;

class ObjectStores;
class WebSocketLink;

/// Bytes on their way to user code: a request's body, a fetched one, or a stored value.
struct BodySource {
    std::deque<std::string> pieces;
    enum class State { Open, Complete, Failed };
    State state = State::Open;
    std::string error;
    RequestId request = 0; ///< on whose behalf
    std::weak_ptr<Realm> realm; ///< whose code reads it
    enum class Origin { Client, Fetch, Storage };
    Origin origin = Origin::Client;
    std::function<base::Result<std::string>()> next; ///< of Storage: reads the next piece, empty at the end
    bool waiting = false; ///< a reader was told to wait and is to be called
    bool gathering = false; ///< it waits for all of it: what comes is held here, and is taken already
    std::size_t held = 0; ///< bytes of pieces that are taken
    bool cancelled = false; ///< nobody will read the rest
};
using BodyId = std::uint64_t;

/// A part of a request in which calls are made: a function of its chain, or a promise given to waitUntil().
struct SpanScope {
    enum class Kind : std::uint8_t { Middleware, Handler, WaitUntil };
    std::uint32_t span = 0;
    std::uint32_t parent = 0;
    std::int64_t beginNs = 0;
    Kind kind = Kind::Handler;
    bool open = true;
    static constexpr std::uint32_t ofSession = 0xFFFFFFFF;
    std::uint32_t handler = 0; ///< in Module::handlers; or ofSession: `nth` counts PendingRequest::calls
    std::uint32_t nth = 0; ///< of the functions that it exports as one
    std::uint32_t place = 0; ///< of Realm::place()
};

/// A request that user code has not finished with.
struct PendingRequest {
    Fields fields;
    std::shared_ptr<Realm> realm;
    std::int64_t startNs = 0; ///< when it came, which may be before the Worker got it
    bool recorded = false;
    std::uint32_t lastSpan = 0;
    std::shared_ptr<std::atomic<std::uint32_t>> sharedSpans; ///< in its place, once other Workers count, too
    std::uint32_t nextSpan() { return sharedSpans ? ++*sharedSpans : ++lastSpan; }
    RequestId root = 0; ///< of a session: the request that the log knows
    WorkerObjects::Home home = 0; ///< of an alarm: the object's
    std::uint32_t depth = 0; ///< of a session: LinkOpening::depth
    std::uint32_t parentSpan = 0; ///< of a session: what is done in no other scope was done in this
    std::vector<std::string> calls; ///< of a session: what was called, by SpanScope::nth
    std::vector<SpanScope> scopes; ///< by their numbers, which count from 1
    bool single = false; ///< beginSingle() opened the first of them
    std::int64_t cpuNs = 0;
    std::array<std::uint32_t, 3> spent{}; ///< by WorkerState::Quota
    std::uint32_t dataPoints = 0; ///< that it has written
    enum class Answered { No, Streaming, Yes };
    Answered answered = Answered::No;
    bool gone = false; ///< the client left
    bool waitingForDrain = false;
    std::size_t inFlight = 0; ///< bytes of pieces not acknowledged
    std::vector<std::uint32_t> timers; ///< set on its behalf; they end with it
    std::optional<std::string> acceptEncoding; ///< what its client sent; its code sees another value
    std::unique_ptr<ResponseCoding> coding; ///< of its response
};

struct Timer {
    std::int64_t dueNs = 0;
    std::int64_t intervalNs = -1; ///< below 0: once
    RequestId request = 0;
    std::uint32_t scope = 0;
    std::weak_ptr<Realm> realm;
    v8::Global<v8::Function> callback;
};
using TimerId = std::uint32_t;

/// What a Worker's thread owns; the natives reach it through the isolate. Only that thread may touch it, but for `tasks` and what says otherwise.
class WorkerState final : public FetchClient::Listener
{
public:
    WorkerState(events::EventLog &log, ResponseSink &sink, AssetSource &assets, Limits limits, WorkerPlace place = {});
    ~WorkerState() override;
    WorkerState(const WorkerState &) = delete;
    WorkerState &operator=(const WorkerState &) = delete;

    static WorkerState &of(v8::Isolate *isolate) { return *static_cast<WorkerState *>(isolate->GetData(0)); }

    // ---- tasks: pushed by any thread
    struct LoadTask {
        std::shared_ptr<const Module> module; ///< nullptr: there is none
        std::shared_ptr<const Bindings> bindings;
        std::function<void(base::Result<void>)> done;
    };
    struct BodyTask {
        RequestId id;
        std::string bytes;
        enum class Kind { More, Last, Failed };
        Kind kind;
    };
    struct LeftTask {
        RequestId id;
    };
    struct SentTask {
        RequestId id;
        std::size_t bytes;
    };
    struct FetchHeadTask {
        FetchClient::FetchId id;
        FetchClient::Head head;
    };
    struct FetchDataTask {
        FetchClient::FetchId id;
        std::string bytes;
    };
    struct FetchDoneTask {
        FetchClient::FetchId id;
        std::string error;
    };
    struct FetchUploadedTask {
        FetchClient::FetchId id;
        std::size_t bytes;
    };
    struct SocketTask {
        SocketEvent event;
    };
    struct LinkTask {
        LinkMessage message;
    };
    struct TriggerTask {
        std::unique_ptr<TriggerRun> run;
    };
    struct ObjectsTask {
        std::function<void(ObjectControl &)> work;
    };
    struct OpenInspectorTask {
        std::shared_ptr<InspectorSink> sink;
    };
    struct CloseInspectorTask {
    };
    struct InspectorTask { ///< there is something in inspectorCommands
    };
    using Task = std::variant<Request, LoadTask, BodyTask, LeftTask, SentTask, FetchHeadTask, FetchDataTask, FetchDoneTask, FetchUploadedTask,
        SocketTask, LinkTask, TriggerTask, ObjectsTask, OpenInspectorTask, CloseInspectorTask, InspectorTask>;
    base::BatchQueue<Task> tasks;
    std::atomic<std::size_t> unanswered{0}; ///< counted up by whoever pushes a request, down by the thread

    /// Any thread: puts it into inspectorCommands and sees to it that it is carried out soon, whatever the thread does.
    void inspect(InspectorCommand &&command);
    InspectorQueue inspectorCommands;

    /// The thread's whole life: returns when `tasks` is closed.
    void run(FreshIsolate &&fresh);
    /// Any thread: what runs now is ended, for good.
    void stop();

    // ---- for the natives, on the thread
    Js js() { return currentJs(m_isolate); }
    Realm &realm() { return *m_current; }
    std::shared_ptr<Realm> sharedRealm() { return m_current; }
    /// Whose work runs now, through all its awaits; 0 outside of requests.
    RequestId currentRequest() const { return current().request; }
    /// The same with the part of the request: a number of PendingRequest::scopes, or 0.
    struct Current {
        RequestId request = 0;
        std::uint32_t scope = 0;
    };
    Current current() const;
    /// From here on in what runs, and in what it leads to, this is current.
    void makeCurrent(Js js, Current current);
    /// The same where code is entered: nothing of before remains.
    void beginCurrent(Js js, Current current);
    /// What AsyncLocalStorage keeps for what runs now; undefined: nothing.
    v8::Local<v8::Value> asyncFrame(Js js) const;
    void setAsyncFrame(Js js, v8::Local<v8::Value> frame);
    /// Whether what is called on behalf of this request is told; nullptr: of none, or one that has ended.
    bool records(const PendingRequest *request) const { return request ? request->recorded : m_log.recordsAll(); }
    /// Gives a call its number, its parent, its place (not with a depth of 0) and its start.
    CallMark markCall(PendingRequest *request, std::uint32_t scope, int depth);
    /// The same for whom what runs now belongs to; nothing when calls are not told.
    std::optional<CallMark> beginCall(int depth);
    /// Where user code called what runs now, as far as it is among the `depth` innermost functions; a number of Realm::place().
    std::uint32_t callersPlace(int depth);
    /// Ends a scope of a request; `result` is JSON. One that has ended already stays as it is.
    void endScope(RequestId id, PendingRequest &request, std::uint32_t scope, std::string result, std::string error);
    /// Opens scope 1 for a chain of one function, as far as it is known that there is one only: that spares the code two calls. False: the code does it.
    bool beginSingle(PendingRequest &request, std::span<const Step> steps);
    /// Its answer is there.
    void endSingle(RequestId id, PendingRequest &request, int status);
    /// Adds the lines of the source round its place.
    void addExcerpt(events::ExceptionEvent &event, const std::shared_ptr<Realm> &realm) const;
    /// The code that runs has used up its time, or the Worker ends: what it waits for in C++ has to give up.
    bool ends() const { return m_stopping; }
    bool mustEnd() const { return m_stopping || m_expiredSerial == m_serial || storeIsLate(); }
    /// What a request may do only so and so often (Limits).
    enum class Quota : std::uint8_t { Subrequest, Service, Query };
    /// Counts one for whom what runs now belongs to: an empty text, or why it may not be.
    std::string spend(Quota quota);
    /// The same, and keeps first what Durable Objects wrote before the call; when it may not be, that is the pending exception, and the result false.
    bool mayCall(Js js, Quota quota);
    /// A store works until backToCode(): that is no time of the code's, and has a limit of its own, as long as a D1 query may take.
    void leaveCode();
    void backToCode();
    /// The store has worked for that long.
    bool storeIsLate() const;
    PendingRequest *pending(RequestId id);
    void record(events::Event &&event);
    std::uint32_t sinceStartUs(RequestId id, std::int64_t steadyNs);
    void respond(RequestId id, ResponseHead &&head, std::string &&body);
    /// The same, with the body in the coding that the client asked for.
    void respondCoded(RequestId id, ResponseHead &&head, std::string &&body, ResponseCoding::Given given);
    BoundedAllocator &allocator() { return *m_allocator; }
    Rewriters rewriters;
    JsonWriter *jsonWriter = nullptr; ///< of the text that is being written
    std::size_t jsonBytes = 0; ///< about as many as the last one has
    /// Forgets the request; its code has nothing more to do.
    void finish(RequestId id);

    TimerId addTimer(std::int64_t delayMs, Timer &&timer);
    void removeTimer(TimerId id);

    std::unordered_map<BodyId, BodySource> bodies;
    void bodyTaken(BodyId id, BodySource &body, std::size_t bytes);

    struct Fetch {
        RequestId request = 0;
        std::weak_ptr<Realm> realm;
        std::size_t uploading = 0; ///< bytes not sent yet
        bool waitingForUpload = false;
        std::string host; ///< of one that asks for a WebSocket
        bool offersDeflate = false; ///< the same, and its messages may be compressed
        std::unique_ptr<FetchSpan> span; ///< when it is told
    };
    /// Forgets one that has ended, or is aborted, and tells of it.
    void endFetch(FetchClient::FetchId id, FetchSpan::End end, const std::string &error = {});
    std::unordered_map<FetchClient::FetchId, Fetch> fetches;
    FetchClient &fetchClient();
    FetchClient::FetchId nextFetch() { return ++m_lastFetch | fetchBit; }

    // WebSockets that leave the Worker (workerwebsockets.cpp); an id is that of the request that became one, or of the fetch.
    /// Whether the code's flags let messages be compressed.
    bool compressesWebSockets() const { return m_current->bindings->compatibility.holds("web_socket_compression"); }
    bool hasSocket(std::uint64_t id) const { return m_webSockets.contains(id); }
    void openSocket(std::uint64_t id, std::unique_ptr<WebSocketLink> link);
    void sendMessage(std::uint64_t id, base::WebSocketOpcode opcode, std::string_view content);
    void closeOnSocket(std::uint64_t id, int code, std::string_view reason);
    /// All is said: what was sent still goes out, and nothing more is told.
    void endSocket(std::uint64_t id);
    /// Ends it at once.
    void dropSocket(std::uint64_t id);
    /// The code takes what comes, which it did not before.
    void resumeSocket(std::uint64_t id);
    WorkerSockets &sockets();
    WorkerLinks &links() { return m_links; }
    const events::EventLog &log() const { return m_log; }
    WorkerObjects &objects() { return m_objects; }
    bool hasTimer(TimerId id) const { return m_timers.contains(id); }
    /// Whether a WebSocket leaves the Worker on behalf of a request, or of any in an object.
    bool hasSocketsOf(RequestId request) const;
    bool hasTimersIn(WorkerObjects::Home home) const;
    bool hasSocketsIn(WorkerObjects::Home home) const;
    /// All that is open on behalf of an object ends.
    void endAllIn(WorkerObjects::Home home);
    /// Calls JavaScript's objectEvent().
    std::string tellObject(const std::shared_ptr<Realm> &realm, WorkerObjects::Home home, int kind, const std::string &text);
    const std::string &consolePrefix() const { return m_consolePrefix; }
    std::uint64_t logToken() const { return m_log.token(); }
    /// Something is in a queue that was not.
    void queueSent() const
    {
        if (m_queueSent)
            m_queueSent();
    }
    /// Any thread.
    RequestId addTrigger(Trigger &&trigger);
    /// The handler of a trigger is through, and all that it waits for: `details` is JSON.
    void endTrigger(RequestId id, std::string outcome, std::string error, std::string details);
    /// The mark of what another Worker has called begins here: a scope of the session, which is current from now on.
    std::uint32_t beginSessionCall(Js js, RequestId session, std::string what);

    /// A value that user code streams into R2.
    struct ObjectWrite {
        RequestId request = 0;
        CallMark mark;
        bindings::r2::ObjectWriter writer;
    };
    std::unordered_map<std::uint64_t, ObjectWrite> objectWrites; ///< ids from nextFetch()

    /// A response's body that user code streams into a cache.
    struct CacheWrite {
        RequestId request = 0;
        bindings::cache::BodyWriter writer;
    };
    std::unordered_map<std::uint64_t, CacheWrite> cacheWrites; ///< ids from nextFetch()
    /// A stored body that was found.
    struct CacheRead {
        RequestId request = 0;
        std::shared_ptr<storage::BlobReader> reader;
    };
    std::unordered_map<std::uint64_t, CacheRead> cacheReads; ///< ids from nextFetch()
    /// By its name in caches.open(); empty for caches.default.
    bindings::cache::HttpCache &cache(const std::string &name);
    /// The storages of the Durable Objects that live here.
    ObjectStores &objectStores() { return m_objects.stores(); }

    ResponseSink &sink;
    AssetSource &assets;
    Limits limits; ///< of the newest code
    bool loading = false; ///< the top level of a module runs: no input or output is allowed

    // ---- for the inspector, on the thread (workerinspect.cpp)
    std::shared_ptr<Realm> latestRealm() const { return m_latest; }
    /// Runs `work` in the newest code's context, as a piece of no request, under the same limits.
    void runForInspector(const std::function<void()> &work);
    /// As that, in the middle of code that stands still: what `work` runs has its own deadline, and only that is ended by it.
    void runInPause(const std::function<void()> &work);
    /// A debugger that is attached lets V8 raise the heap's limit fourfold and stop there: too late, and too slow. The limit stays what it is.
    void watchHeapFirst();
    /// A debugger ends the code that runs.
    void endedByDebugger() { m_ended = Ended::Debugger; }
    bool mayStayPaused() const { return !m_stopping && m_ended == Ended::No; }
    /// The code stands still from here on: its deadline waits, and what it said so far is handed over. Gives the time for pauseEnds().
    std::int64_t pauseBegins();
    void pauseEnds(std::int64_t began);
    /// An exception that nobody caught.
    void tellDebuggers(Js js, v8::Local<v8::Value> exception);
    /// From the destructor of a realm.
    void realmGone(const Realm &realm);

    /// A promise was rejected with nobody to catch it (yet).
    void promiseRejected(v8::PromiseRejectMessage message);

    /// Bytes of a streamed body that may be on their way before the code has to wait.
    static constexpr std::size_t maxInFlight = 1U << 20;

private:
    friend class WorkerLinks;
    static constexpr std::uint64_t fetchBit = 1ULL << 52; ///< ids go through JavaScript numbers, exact below 2^53

    void adopt(FreshIsolate &&fresh);
    void setContinuation(Js js, Current current, v8::Local<v8::Value> frame);
    void disposeIsolate();
    void handle(Task &&task);
    void handle(Request &&request);
    void handle(LoadTask &&task);
    void handle(BodyTask &&task);
    void handle(LeftTask &&task);
    void handle(SentTask &&task);
    void handle(FetchHeadTask &&task);
    void refuseUpgrade(FetchClient::FetchId id, RequestId request, const std::shared_ptr<Realm> &realm);
    void handle(FetchDataTask &&task);
    void handle(FetchDoneTask &&task);
    void handle(FetchUploadedTask &&task);
    void handle(SocketTask &&task);
    void handle(LinkTask &&task);
    void handle(TriggerTask &&task);
    void handle(ObjectsTask &&task);
    void runEarlyTriggers();
    void handle(OpenInspectorTask &&task);
    void handle(CloseInspectorTask &&task);
    void handle(InspectorTask &&task);
    bool wantsSpare() const;
    void makeSpare();
    base::Result<std::shared_ptr<Realm>> makeRealm(std::shared_ptr<const Module> module, std::shared_ptr<const Bindings> bindings);

    /// Runs `work` as a piece of `request`'s code under its deadline, then the microtasks. False when it was terminated.
    template <typename Work>
    bool enter(const std::shared_ptr<Realm> &realm, RequestId request, Work &&work, std::uint32_t scope = 0);
    /// After code has run, with all that followed at once.
    void turnEnds();
    void publish();
    void publishSoon(std::int64_t &due);
    void terminated(RequestId request);
    std::set<std::shared_ptr<Realm>> realms() const; ///< that code may still run in
    void letGoOf(RequestId request);
    bool fits();
    /// Fails what is under way, and has the isolate exchanged as soon as the stack is unwound. `reason`: the first half of a sentence.
    void startAnew(const std::string &reason);
    void restartIsolate();
    void reportRejections(Js js);
    enum class Caught { No, Later };
    /// Tells user code of a rejection by an event; false when it does not listen for that.
    bool tellRejection(Js js, v8::Local<v8::Value> promise, v8::Local<v8::Value> reason, Caught caught);
    void handledLater(v8::Local<v8::Promise> promise);
    void failRequest(RequestId id, int status, const std::string &message);
    void failRequest(RequestId id, const std::string &message, ResponseHead &&head, std::string &&body);
    /// It went over a limit of its plan.
    void exceeded(RequestId id, const std::string &message, const std::string &detail);
    void runTimers();
    void runTimer(TimerId id, const std::shared_ptr<Realm> &realm, WorkerState::Current current);
    void failHungRequests();
    void wakeReader(BodyId id, BodySource &body);
    std::int64_t nextDue() const;

    WebSocketLink *socket(std::uint64_t id);
    std::size_t socketWaiting(std::uint64_t id, const WebSocketLink &link);
    void sendOnSocket(std::uint64_t id, WebSocketLink &link, std::string &&wire);
    void cutSocket(std::uint64_t id, WebSocketLink &link);
    /// False: there is no such WebSocket.
    bool socketBytes(std::uint64_t id, std::string &&bytes);
    bool socketLost(std::uint64_t id);
    void deliverSocket(std::uint64_t id);
    void leaveSockets(RequestId request);
    bool failSocket(RequestId request, std::string_view message);
    // workerwebsocketlog.cpp
    /// Nothing when it is not told.
    std::optional<CallMark> markMessage(WebSocketLink &link, std::size_t bytes, int depth);
    void tellSent(WebSocketLink &link, base::WebSocketOpcode opcode, std::string_view content);
    void tellReceived(RequestId request, const std::string &host, const CallMark &mark, base::WebSocketOpcode opcode, std::string_view content);
    void tellRest(WebSocketLink &link);

    // FetchClient::Listener, on its thread
    void fetchHead(FetchClient::FetchId id, FetchClient::Head &&head) override;
    void fetchData(FetchClient::FetchId id, std::string &&bytes) override;
    void fetchDone(FetchClient::FetchId id, std::string error) override;
    void fetchUploaded(FetchClient::FetchId id, std::size_t bytes) override;

    static std::size_t nearHeapLimit(void *data, std::size_t current, std::size_t initial);
    static void collected(v8::Isolate *isolate, v8::GCType type, v8::GCCallbackFlags flags, void *data);
    static void outOfMemory(const char *location, bool isHeap);
    /// Calls `work`; false when V8 could not go on in the middle of it: then the isolate can only be thrown away.
    bool guarded(void (*work)(void *), void *data);
    /// Runs what V8 has put off, user code's finalizers among it, as a piece of no request.
    void pump();
    static void interrupted(v8::Isolate *isolate, void *data);
    void deadlinePassed(); // watchdog's thread
    void deadlineIgnored(); // the same
    void entryEnds();
    static void inspectorInterrupt(v8::Isolate *isolate, void *data);

    events::EventLog &m_log;
    events::Batch m_events;
    std::int64_t m_publishedNs = 0;
    const Limits m_given; ///< what holds where the code's own settings say nothing
    std::unique_ptr<BoundedAllocator> m_allocator; ///< the isolate's
    v8::Isolate *m_isolate = nullptr; ///< written under m_isolateMutex by the thread; read under it by others
    std::mutex m_isolateMutex;
    std::atomic<bool> m_stopping{false};
    std::shared_ptr<Realm> m_latest; ///< new requests run here; null: no code is loaded
    std::shared_ptr<Realm> m_previous; ///< until the first request for m_latest comes
    std::shared_ptr<Realm> m_spare; ///< for the code that is loaded next
    std::shared_ptr<Realm> m_current; ///< whose code runs now
    Current m_entered; ///< on whose behalf it was entered
    std::unordered_map<RequestId, PendingRequest> m_pending;
    std::unordered_map<RequestId, std::unique_ptr<TriggerRun>> m_triggers; ///< of m_pending
    std::vector<std::unique_ptr<TriggerRun>> m_earlyTriggers; ///< came before any code
    bool m_codeExpected = true; ///< none was loaded yet, nor could not be
    std::vector<std::vector<SpanScope>> m_spareScopes; ///< empty, with memory that ended requests leave to new ones
    std::unordered_map<TimerId, Timer> m_timers;
    std::set<std::pair<std::int64_t, TimerId>> m_due;
    TimerId m_lastTimer = 0;
    std::uint64_t m_lastFetch = 0;
    struct Rejection {
        v8::Global<v8::Promise> promise; ///< empty: it was an exception
        v8::Global<v8::Value> reason;
        v8::Global<v8::Value> within; ///< what followed the code there (workerspans.cpp)
    };
    std::vector<Rejection> m_rejections;
    std::vector<v8::Global<v8::Promise>> m_toldRejections; ///< user code got an event for them; weak
    std::vector<v8::Global<v8::Promise>> m_handledLater; ///< of those, to be told of
    enum class Ended { No, Cpu, Heap, Debugger };
    Ended m_ended = Ended::No;
    base::Place m_endedAt;
    std::optional<std::pair<std::shared_ptr<const Module>, std::shared_ptr<const Bindings>>> m_restart; ///< the heap was full
    std::atomic<std::uint64_t> m_serial{0}; ///< counts entries into JavaScript
    std::atomic<std::uint64_t> m_expiredSerial{0}; ///< the entry whose deadline passed
    std::map<std::string, std::shared_ptr<bindings::kv::KvNamespace>> m_kv;
    std::map<std::string, std::shared_ptr<bindings::d1::D1Database>> m_d1;
    std::map<std::string, std::shared_ptr<bindings::r2::R2Bucket>> m_r2;
    std::shared_ptr<bindings::queues::QueueStore> m_queues; ///< of all queues; made on first use
    std::map<std::string, std::shared_ptr<bindings::vectorize::VectorIndex>> m_vectorize;
    std::shared_ptr<bindings::analytics::PointWriter> m_points; ///< the same, of all datasets
    std::uint32_t m_pointsPerSecond = 0; ///< its Sampling
    std::map<std::string, std::unique_ptr<bindings::cache::HttpCache>> m_caches;
    std::filesystem::path m_state; ///< that these are in
    std::unordered_map<std::uint64_t, std::unique_ptr<WebSocketLink>> m_webSockets;
    std::unique_ptr<FetchClient> m_fetchClient; ///< made on first use
    std::unique_ptr<WorkerSockets> m_sockets; ///< made on first use
    WorkerLinks m_links;
    WorkerObjects m_objects{*this};
    const std::string m_consolePrefix;
    const std::function<void()> m_queueSent;
    std::unique_ptr<Watchdog> m_watchdog;
    std::int64_t m_deadlineNs = 0; ///< of the entry into JavaScript that runs
    std::int64_t m_leftNs = 0; ///< when a store began to work; 0: none does
    std::jmp_buf m_escape; ///< of the outermost guarded()
    bool m_guarded = false;
    bool m_broken = false; ///< the isolate has left through m_escape
    unsigned m_raised = 0; ///< how often the heap's outermost limit was
    std::size_t m_restarts = 0;
    std::int64_t m_pausedNs = 0; ///< how long debuggers held the code, or stores worked, since the start
    std::unique_ptr<Inspector> m_inspector; ///< from the thread's start to its end
};

} // namespace cleat::runtime
