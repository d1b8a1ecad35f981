// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/ai/provider.h"
#include "core/bindings/hyperdrive/connectionstring.h"
#include "core/events/eventlog.h"
#include "core/runtime/compatibility.h"
#include "core/runtime/inspectorsink.h"
#include "core/runtime/trigger.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cleat::runtime {

using events::RequestId;
using Fields = std::vector<std::pair<std::string, std::string>>;

struct Parameter {
    std::string name;
    std::vector<std::string> values;
    enum class Kind { Single, Rest };
    Kind kind = Kind::Single;
};

/// One handler of a request's chain: an index into Module::handlers.
struct Step {
    int handler = 0;
    std::string functionPath;
    std::vector<Parameter> parameters;
};

/// A request for user code.
struct Request {
    RequestId id = 0;
    std::int64_t startNs = 0; ///< base::steadyNs() when it came: the times of its spans count from there; 0: when the Worker takes it
    bool recorded = true; ///< its spans go to the log
    std::uint64_t generation = 0; ///< of the Module that `steps` counts in
    std::string method;
    std::string url; ///< absolute
    Fields fields;
    std::vector<Step> steps; ///< outermost middleware first; empty: the assets answer
    enum class Body { None, Whole, Streaming };
    Body bodyKind = Body::None;
    std::string body; ///< all of it, or what has come so far
};

struct ResponseHead {
    int status = 200;
    std::string statusText;
    Fields fields;
};

/// Where answers go. Called on the Worker's thread; must return at once.
class ResponseSink
{
public:
    virtual ~ResponseSink() = default;
    /// Its code begins now (base::steadyNs()). Comes before everything else about a request, and not at all for one that reaches no code.
    virtual void began(RequestId id, std::int64_t atNs) = 0;
    /// The whole response.
    virtual void respond(RequestId id, ResponseHead &&head, std::string &&body) = 0;
    /// A response in pieces; `length` when the total is known beforehand.
    virtual void begin(RequestId id, ResponseHead &&head, std::optional<std::uint64_t> length) = 0;
    /// Each piece is to be acknowledged through Worker::pieceSent.
    virtual void piece(RequestId id, std::string &&bytes) = 0;
    enum class Finish { Complete, Truncated };
    virtual void end(RequestId id, Finish finish) = 0;
    virtual void bodyConsumed(RequestId id, std::size_t bytes) = 0;
    /// Code failed while answering; one line for the log. A respond() follows unless a response had begun.
    virtual void failed(RequestId id, const std::string &error) = 0;
    /// All that was ready for now has been handed over.
    virtual void flush() = 0;
};

/// What env.ASSETS and a chain's last next() reach. Called on the Worker's thread.
class AssetSource
{
public:
    struct Answer {
        ResponseHead head;
        std::shared_ptr<const std::string> body;
    };
    virtual ~AssetSource() = default;
    virtual Answer fetch(const std::string &method, const std::string &url, const Fields &fields) = 0;
    /// Which handlers of the code answer what another Worker asks of this one, as Request::steps; empty: the assets do. `generation` is that of the code.
    virtual std::vector<Step> route(const std::string &method, const std::string &url, std::uint64_t generation)
    {
        static_cast<void>(method);
        static_cast<void>(url);
        static_cast<void>(generation);
        return {};
    }
};

/// What `env` holds.
struct Bindings {
    struct Kv {
        std::string name;
        std::string id;
        bool operator==(const Kv &) const = default;
    };
    struct D1 {
        std::string name;
        std::string id;
        bool operator==(const D1 &) const = default;
    };
    struct R2 {
        std::string name;
        std::string bucket;
        bool operator==(const R2 &) const = default;
    };
    /// The producer of a queue.
    struct Queue {
        std::string name;
        std::string queue;
        bool operator==(const Queue &) const = default;
    };
    struct Vectorize {
        std::string name;
        std::string index;
        bool operator==(const Vectorize &) const = default;
    };
    /// The database that Hyperdrive would lead to.
    struct Hyperdrive {
        std::string name;
        bindings::hyperdrive::Database database;
        std::string problem; ///< why there is none, which whoever uses the binding is told; empty: there is
        std::uint32_t cacheSeconds = 0; ///< how long answers of queries that only read are kept and given again (bindings::hyperdrive::QueryCache); 0: they are not
        std::uint32_t staleSeconds = 0; ///< how long they are given besides, while they are asked for again
        bool operator==(const Hyperdrive &) const = default;
    };
    /// A dataset of the Analytics Engine.
    struct Analytics {
        std::string name;
        std::string dataset;
        bool operator==(const Analytics &) const = default;
    };
    /// Workers AI.
    struct Ai {
        std::string name;
        bindings::ai::Provider provider;
        bool operator==(const Ai &) const = default;
    };
    struct Variable {
        std::string name;
        std::string value; ///< text, or JSON text
        enum class Kind { Text, Json };
        Kind kind = Kind::Text;
        bool operator==(const Variable &) const = default;
    };
    /// Another Worker, or this one itself.
    struct Service {
        std::string name;
        std::string service; ///< the Worker's name
        std::string entrypoint; ///< empty: the default one
        std::string props; ///< JSON; empty: none
        bool operator==(const Service &) const = default;
    };
    /// A namespace of Durable Objects.
    struct Objects {
        std::string name;
        std::string className;
        std::string worker; ///< that has the class; empty: this one
        bool operator==(const Objects &) const = default;
    };
    std::filesystem::path state; ///< the folder that holds v3
    std::vector<Kv> kv;
    std::vector<D1> d1;
    std::vector<R2> r2;
    std::vector<Queue> queues;
    std::vector<Vectorize> vectorize;
    std::vector<Hyperdrive> hyperdrives;
    std::vector<Analytics> analytics;
    std::uint32_t analyticsPerSecond = 0; ///< bindings::analytics::Sampling
    std::vector<Ai> ai;
    std::vector<Service> services;
    std::vector<Objects> objects;
    std::vector<std::string> sqliteClasses; ///< classes of this code's Durable Objects whose storage has SQL
    std::vector<Variable> variables;
    enum class StaticFiles {
        AsAssets, ///< env.ASSETS
        None
    };
    StaticFiles staticFiles = StaticFiles::AsAssets;
    Compatibility compatibility;
    std::string cf; ///< `request.cf`, as JSON (checkCf()); empty: defaultCf()
    // What the code's own settings say in place of Limits:
    std::optional<std::int64_t> cpuMs;
    std::optional<std::uint32_t> subrequests; ///< and of calls of services, counted for themselves
    bool operator==(const Bindings &) const = default;
};

/// Code to run, as the bundler made it.
struct Module {
    std::uint64_t generation = 0; ///< grows with each module that is loaded
    enum class Kind {
        Functions, ///< the default export maps a file to its namespace
        Worker ///< the exports are a Worker's; each of `handlers` is its "fetch", or its "scheduled" as /cdn-cgi/handler/scheduled calls it
    };
    Kind kind = Kind::Functions;
    std::string code; ///< an ES module. Empty: no code, assets only
    std::string sourceMap; ///< JSON, version 3
    /// What the code imports beside itself, by the name that it imports it by.
    struct Part {
        enum class Kind {
            Text, ///< a string
            Data, ///< an ArrayBuffer
            Wasm ///< a WebAssembly.Module
        };
        std::string name;
        Kind kind = Kind::Data;
        std::string bytes;
    };
    std::vector<Part> parts;
    std::vector<std::pair<std::string, std::string>> handlers; ///< file, export; what Step::handler counts
    std::string root; ///< put in front of relative source paths in places
    std::string folder; ///< absolute; where relative sources are, for debuggers
};

struct Limits {
    std::size_t heapBytes = 128U << 20; ///< of the JavaScript heap
    std::size_t bufferBytes = 256U << 20; ///< of array buffers, which lie outside the heap
    std::int64_t cpuMs = 30'000; ///< JavaScript time for one request; what stores do meanwhile does not count
    std::int64_t queryMs = 30'000; ///< for one call of a D1 database
    std::int64_t objectIdleMs = 10'000; ///< after which a Durable Object with nothing to do leaves memory
    std::int64_t objectTimersMs = 70'000; ///< the same while it has timers (developers.cloudflare.com/durable-objects/concepts/durable-object-lifecycle)
    static constexpr std::uint32_t unlimited = 0xFFFFFFFF;
    // For one request:
    std::uint32_t subrequests = unlimited; ///< of fetch(), each hop of a redirect for itself, and of the Cache API
    std::uint32_t serviceCalls = unlimited; ///< of KV, R2, D1 and the assets
    std::uint32_t queries = unlimited; ///< of D1
    std::uint32_t dataPoints = unlimited; ///< of the Analytics Engine
    bool operator==(const Limits &) const = default;
};

class ObjectControl;
class WorkerDirectory;

/// Where a Worker stands among others, by which they reach it and it reaches them.
struct WorkerPlace {
    std::shared_ptr<WorkerDirectory> directory; ///< nullptr: it is alone
    std::string name; ///< empty: no other one reaches it
    std::string prefix; ///< of what its console says; empty: none
    std::function<void()> queueSent; ///< the code has sent something to a queue. On the Worker's thread; may be empty
};

/// One Worker: one V8 isolate on one thread of its own, with its timers, its fetches and its storage connections.
/// Members may be called from any thread and return at once unless said otherwise; what they ask for happens on the Worker's thread in order.
/// A request that loops for ever, fills the heap or throws is answered with an error that says so, and the Worker goes on: after a full heap with a new isolate.
class Worker final
{
public:
    Worker(events::EventLog &log, ResponseSink &sink, AssetSource &assets, Limits limits, WorkerPlace place = {});
    /// Ends the thread: what runs is terminated.
    ~Worker();
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    /// Puts new code in place. Requests that run go on in the code they began with; one given later runs in the module of its generation, if that is
    /// the newest or the one before. When the code does
    /// not load (an import that is not there, a throw at the top level), the old stays and `done` gets code runtime.load with message and place.
    /// `done` is called on the Worker's thread.
    void load(Module module, Bindings bindings, std::function<void(base::Result<void>)> done);

    /// There is no code that could be loaded: what other Workers ask of it is refused, until some is. (Before the first load(), that waits.)
    void loadNothing();

    void request(Request &&request);
    /// Runs a handler that no request asks for, in the newest code; before any was loaded, once that is. The id is that of its row.
    RequestId trigger(Trigger &&trigger);
    /// The alarm of a Durable Object of the code's, by its class and its id (64 hex digits), rings now. `done` (which may be empty) is called on the Worker's thread; codes
    /// objects.no-class, objects.no-alarm, and those of the storage.
    void ringAlarm(std::string className, std::string id, std::function<void(base::Result<void>)> done);
    /// Something is asked of, or done with, the Durable Objects of the code by hand: `work` is called on the Worker's thread, between two turns. Not at all when the Worker ends before: then it is
    /// only destroyed.
    void controlObjects(std::function<void(ObjectControl &)> work);
    /// More of a streaming request body.
    enum class Piece { More, Last };
    void bodyPiece(RequestId id, std::string &&bytes, Piece piece);
    /// The body will not be complete: the client left or sent something malformed.
    void bodyFailed(RequestId id, std::string reason);
    /// The client is gone; what the code still sends is dropped.
    void clientLeft(RequestId id);
    /// The connection took this many bytes of a response in pieces.
    void pieceSent(RequestId id, std::size_t bytes);

    /// Turns V8's inspector on; without it there is none and it costs nothing. Debuggers may attach from then on, also to code that runs already.
    void openInspector(std::shared_ptr<InspectorSink> sink);
    /// Detaches all debuggers and turns it off. `sink` is not called after this was carried out.
    void closeInspector();
    /// A debugger. While one holds the code at a breakpoint the Worker's thread does only what debuggers ask; requests wait, and no limit of time runs.
    /// The limits go on to hold for what debuggers evaluate.
    void attachDebugger(InspectorSessionId session);
    /// A message of the inspector protocol: JSON, well-formed UTF-8. What is wrong with it is told in the answer.
    void debuggerMessage(InspectorSessionId session, std::string &&json);
    /// It is gone: what it had set is undone. The code goes on when it stood still for this one alone.
    void detachDebugger(InspectorSessionId session);
    /// Lets the code go on from where it stands still.
    void resume();

    /// Unanswered requests, including queued ones. Exact enough for a bound.
    std::size_t pending() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::runtime
