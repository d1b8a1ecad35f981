// SPDX-License-Identifier: GPL-3.0-or-later
// What a Worker's thread does with each kind of task.

#include "core/base/clock.h"
#include "core/bindings/ai/recordings.h"
#include "core/bindings/vectorize/vectorindex.h"
#include "core/runtime/enter.h"
#include "core/runtime/fields.h"
#include "core/runtime/stepvalues.h"
#include "core/runtime/websockethandshake.h"
#include "core/runtime/websocketlink.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <array>

namespace cleat::runtime {

namespace {

v8::Local<v8::Value> number(Js js, std::uint64_t value)
{
    return v8::Number::New(js.isolate, static_cast<double>(value));
}

bool call(Js js, Realm &realm, Entry entry, std::span<v8::Local<v8::Value>> arguments)
{
    v8::Local<v8::Value> result;
    return realm.entry(entry)->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(arguments.size()), arguments.data()).ToLocal(&result);
}

v8::Local<v8::Value> parametersToJs(Js js, const std::vector<Parameter> &parameters)
{
    const v8::Local<v8::Object> object = v8::Object::New(js.isolate);
    for (const Parameter &parameter : parameters) {
        v8::Local<v8::Value> value;
        if (parameter.kind == Parameter::Kind::Rest) {
            const v8::Local<v8::Array> list = v8::Array::New(js.isolate, static_cast<int>(parameter.values.size()));
            for (std::uint32_t i = 0; i < parameter.values.size(); ++i)
                list->CreateDataProperty(js.context, i, toJs(js, parameter.values[i])).Check();
            value = list;
        } else {
            value = toJs(js, parameter.values.empty() ? std::string() : parameter.values.front());
        }
        object->CreateDataProperty(js.context, toJsName(js, parameter.name), value).Check();
    }
    return object;
}

/// Code sees what it may answer with; what the client takes is seen to when the answer leaves.
void fixAcceptEncoding(PendingRequest &request)
{
    static constexpr std::string_view name = "accept-encoding";
    const auto isIt = [](const auto &field) {
        return field.first.size() == name.size() && std::ranges::equal(field.first, name, [](char a, char b) { return (a | 0x20) == b || a == b; });
    };
    const auto found = std::ranges::find_if(request.fields, isIt);
    if (found == request.fields.end()) {
        request.fields.emplace_back(name, "br, gzip");
        return;
    }
    request.acceptEncoding = std::move(found->second);
    found->second = "br, gzip";
    for (auto other = found + 1; other != request.fields.end();) {
        if (isIt(*other)) {
            request.acceptEncoding->append(", ").append(other->second);
            other = request.fields.erase(other);
        } else {
            ++other;
        }
    }
}

/// Bytes of a body that its reader wants whole: they are taken when they come.
void hold(WorkerState &state, BodyId id, BodySource &body, std::size_t bytes)
{
    if (!body.gathering)
        return;
    body.held += bytes;
    state.bodyTaken(id, body, bytes);
}

} // namespace

v8::Local<v8::Array> stepsToJs(Js js, const std::vector<Step> &steps)
{
    std::vector<v8::Local<v8::Value>> flat;
    flat.reserve(steps.size() * 3);
    for (const Step &step : steps) {
        flat.push_back(v8::Integer::New(js.isolate, step.handler));
        flat.push_back(toJs(js, step.functionPath));
        flat.push_back(step.parameters.empty() ? v8::Local<v8::Value>(v8::Undefined(js.isolate)) : parametersToJs(js, step.parameters));
    }
    return v8::Array::New(js.isolate, flat.data(), flat.size());
}

void WorkerState::handle(Task &&task)
{
    std::visit([this](auto &&known) { handle(std::forward<decltype(known)>(known)); }, std::move(task));
}

void WorkerState::handle(Request &&request)
{
    const RequestId id = request.id;
    if (!m_latest) {
        unanswered.fetch_sub(1, std::memory_order_relaxed);
        const std::string message = "The project's code could not be loaded; the log says why.";
        sink.failed(id, message);
        sink.respond(id, ResponseHead{500, {}, {{"content-type", "text/plain; charset=utf-8"}, {"cache-control", "no-store"}}}, message + "\n");
        return;
    }
    // Requests that were on their way while the code changed still name handlers of the code before.
    if (request.generation == m_latest->module->generation)
        m_previous.reset();
    const std::shared_ptr<Realm> realm = m_previous && m_previous->module->generation == request.generation ? m_previous : m_latest;
    PendingRequest &pendingRequest = m_pending[id];
    pendingRequest.realm = realm;
    const std::int64_t now = base::steadyNs();
    pendingRequest.startNs = request.startNs != 0 ? request.startNs : now;
    pendingRequest.recorded = request.recorded;
    if (request.recorded && !m_spareScopes.empty()) {
        pendingRequest.scopes = std::move(m_spareScopes.back());
        m_spareScopes.pop_back();
    }
    sink.began(id, now);
    pendingRequest.fields = std::move(request.fields);
    fixAcceptEncoding(pendingRequest);
    if (request.bodyKind != Request::Body::None) {
        BodySource &body = bodies[id];
        body.request = id;
        body.realm = realm;
        body.state = request.bodyKind == Request::Body::Whole ? BodySource::State::Complete : BodySource::State::Open;
        if (!request.body.empty())
            body.pieces.push_back(std::move(request.body));
    }
    const bool single = request.recorded && beginSingle(pendingRequest, request.steps);
    enter(
        realm, id,
        [&](Js js) {
            std::array<v8::Local<v8::Value>, 7> arguments{number(js, id), toJs(js, request.method), toJs(js, request.url), stepsToJs(js, request.steps),
                v8::Boolean::New(js.isolate, request.bodyKind != Request::Body::None), v8::Boolean::New(js.isolate, request.recorded),
                v8::Boolean::New(js.isolate, single)};
            return call(js, *realm, Entry::Dispatch, arguments);
        },
        single ? 1 : 0);
}

/// Not where it would take from code that needs the heap.
bool WorkerState::wantsSpare() const
{
    if (!m_latest || m_spare)
        return false;
    v8::HeapStatistics heap;
    m_isolate->GetHeapStatistics(&heap);
    return heap.used_heap_size() < limits.heapBytes / 2;
}

/// Right after a collection of garbage only: V8 10.2 crashes when it starts one in the middle of reading a context out of the snapshot, because marking meets objects that are half
/// read. Whether it does depends on the order of the snapshot's objects, which is another one in each build.
void WorkerState::makeSpare()
{
    const v8::HandleScope scope(m_isolate);
    m_spare = Realm::create(m_isolate, v8::Context::New(m_isolate));
}

/// What the code's own settings say, over what its surroundings do.
static Limits limitsUnder(Limits limits, const Bindings &bindings)
{
    limits.cpuMs = bindings.cpuMs.value_or(limits.cpuMs);
    if (bindings.subrequests)
        limits.subrequests = limits.serviceCalls = *bindings.subrequests;
    return limits;
}

base::Result<std::shared_ptr<Realm>> WorkerState::makeRealm(std::shared_ptr<const Module> module, std::shared_ptr<const Bindings> bindings)
{
    if (!m_spare) {
        if (m_latest)
            m_isolate->LowMemoryNotification();
        makeSpare();
    }
    const std::shared_ptr<Realm> realm = std::exchange(m_spare, nullptr);
    if (!realm)
        return base::fail("runtime.start", "The JavaScript runtime could not make a context. Restart Cleat; if it happens again, please report it.");
    const v8::HandleScope scope(m_isolate);
    realm->module = std::move(module);
    realm->bindings = bindings;
    m_inspector->contextMade(*realm);
    if (m_state != bindings->state) {
        m_kv.clear();
        m_d1.clear();
        m_r2.clear();
        m_queues.reset();
        m_vectorize.clear();
        m_points.reset();
        m_caches.clear();
        m_state = bindings->state;
    }
    m_objects.setStateFolder(bindings->state);
    m_objects.codeHas({});
    for (const Bindings::Kv &kv : bindings->kv) {
        auto &space = m_kv[kv.id];
        if (!space)
            space = std::make_shared<bindings::kv::KvNamespace>(bindings->state, kv.id);
        realm->kv.push_back({kv.name, space});
    }
    for (const Bindings::D1 &d1 : bindings->d1) {
        auto &database = m_d1[d1.id];
        if (!database) {
            database = std::make_shared<bindings::d1::D1Database>(bindings->state, d1.id);
            database->setStop([this] { return mustEnd(); });
        }
        realm->d1.push_back({d1.name, database});
    }
    for (const Bindings::R2 &r2 : bindings->r2) {
        auto &bucket = m_r2[r2.bucket];
        if (!bucket)
            bucket = std::make_shared<bindings::r2::R2Bucket>(bindings->state, r2.bucket);
        realm->r2.push_back({r2.name, bucket});
    }
    for (const Bindings::Queue &queue : bindings->queues) {
        if (!m_queues)
            m_queues = std::make_shared<bindings::queues::QueueStore>(bindings->state);
        realm->queues.push_back({queue.name, queue.queue, m_queues});
    }
    for (const Bindings::Analytics &analytics : bindings->analytics) {
        if (!m_points || m_pointsPerSecond != bindings->analyticsPerSecond) {
            m_pointsPerSecond = bindings->analyticsPerSecond;
            m_points = std::make_shared<bindings::analytics::PointWriter>(bindings->state,
                [this](const base::Error &error) { m_log.publish({events::NoticeEvent{base::wallUs(), events::Level::Error, error.code, error.message, error.place}}); },
                bindings::analytics::Sampling{m_pointsPerSecond});
        }
        realm->analytics.push_back({analytics.name, m_points, m_points->dataset(analytics.dataset)});
    }
    for (const Bindings::Vectorize &vectorize : bindings->vectorize) {
        auto &index = m_vectorize[vectorize.index];
        if (!index)
            index = std::make_shared<bindings::vectorize::VectorIndex>(bindings->state, vectorize.index);
        realm->vectorize.push_back({vectorize.name, index, {}});
    }
    for (const Bindings::Ai &ai : bindings->ai) {
        const auto &folder = ai.provider.recordings;
        realm->ai.push_back({ai.name, ai.provider, folder.empty() ? nullptr : std::make_shared<bindings::ai::Recordings>(folder)});
    }
    const Limits before = std::exchange(limits, limitsUnder(m_given, *bindings));
    base::Result<void> loaded;
    loading = true;
    const bool survived = enter(realm, 0, [&](Js js) {
        loaded = realm->load(js);
        return true;
    });
    loading = false;
    if (!loaded || !survived)
        limits = before;
    if (!loaded)
        return std::unexpected(loaded.error());
    if (!survived)
        return base::fail("runtime.load", "The top level of the code ran into the time or memory limit while it was loaded. Move the work into a handler.");
    return realm;
}

void WorkerState::handle(LoadTask &&task)
{
    if (!task.module) {
        m_links.codeCame();
        runEarlyTriggers();
        return;
    }
    auto realm = makeRealm(task.module, task.bindings);
    if (!realm) {
        task.done(std::unexpected(realm.error()));
        m_links.codeCame();
        runEarlyTriggers();
        return;
    }
    m_objects.resetAll("Durable Object reset because its code was updated.");
    m_previous = std::exchange(m_latest, *realm);
    m_objects.codeIsIn();
    // What the old code keeps open to servers, for requests that are answered, would keep it for ever.
    std::vector<std::uint64_t> old;
    for (const auto &[id, link] : m_webSockets) {
        const PendingRequest *request = pending(link->request);
        if (link->side == WebSocketLink::Side::Client && link->realm.lock() != m_latest && (!request || request->answered == PendingRequest::Answered::Yes))
            old.push_back(id);
    }
    for (const std::uint64_t id : old) {
        WebSocketLink *link = socket(id);
        if (!link)
            continue;
        sendOnSocket(id, *link, link->closeFrame(1001, "The code was changed"));
        fetchClient().leave(id);
        endFetch(id, FetchSpan::End::Complete);
        socketLost(id);
    }
    task.done({});
    m_links.codeCame();
    runEarlyTriggers();
}

void WorkerState::wakeReader(BodyId id, BodySource &body)
{
    if (!body.waiting || (body.gathering && body.state == BodySource::State::Open && body.held <= limits.bufferBytes))
        return;
    body.waiting = false;
    const std::shared_ptr<Realm> realm = body.realm.lock();
    if (!realm)
        return;
    const RequestId request = body.request;
    enter(realm, request, [&](Js js) {
        std::array<v8::Local<v8::Value>, 1> arguments{number(js, id)};
        return call(js, *realm, Entry::BodyReady, arguments);
    });
}

void WorkerState::handle(BodyTask &&task)
{
    if (task.kind == BodyTask::Kind::Failed ? socketLost(task.id) : socketBytes(task.id, std::move(task.bytes))) {
        if (task.kind == BodyTask::Kind::Last)
            socketLost(task.id);
        return;
    }
    const auto found = bodies.find(task.id);
    if (found == bodies.end()) {
        if (!task.bytes.empty())
            sink.bodyConsumed(task.id, task.bytes.size());
        return;
    }
    BodySource &body = found->second;
    if (task.kind == BodyTask::Kind::Failed) {
        body.state = BodySource::State::Failed;
        body.error = std::move(task.bytes);
    } else {
        if (body.cancelled) {
            bodyTaken(task.id, body, task.bytes.size());
        } else if (!task.bytes.empty()) {
            hold(*this, task.id, body, task.bytes.size());
            body.pieces.push_back(std::move(task.bytes));
        }
        if (task.kind == BodyTask::Kind::Last)
            body.state = BodySource::State::Complete;
    }
    if (body.cancelled && body.state != BodySource::State::Open) {
        bodies.erase(found);
        return;
    }
    wakeReader(task.id, body);
}

void WorkerState::handle(LeftTask &&task)
{
    if (const auto body = bodies.find(task.id); body != bodies.end() && body->second.state == BodySource::State::Open) {
        body->second.state = BodySource::State::Failed;
        body->second.error = "The client disconnected before its request body was complete.";
        wakeReader(task.id, body->second);
    }
    PendingRequest *request = pending(task.id);
    if (!request)
        return;
    request->gone = true;
    if (request->answered == PendingRequest::Answered::No) { // nobody waits for it: it takes no place in the queue, however long its code goes on
        request->answered = PendingRequest::Answered::Yes;
        unanswered.fetch_sub(1, std::memory_order_relaxed);
    }
    if (socketLost(task.id))
        return;
    const std::shared_ptr<Realm> realm = request->realm;
    const bool drain = std::exchange(request->waitingForDrain, false);
    request->inFlight = 0;
    enter(realm, task.id, [&](Js js) {
        std::array<v8::Local<v8::Value>, 1> arguments{number(js, task.id)};
        return call(js, *realm, Entry::Aborted, arguments) && (!drain || call(js, *realm, Entry::Drained, arguments));
    });
}

void WorkerState::handle(SentTask &&task)
{
    PendingRequest *request = pending(task.id);
    if (!request)
        return;
    request->inFlight -= std::min(request->inFlight, task.bytes);
    if (!request->waitingForDrain || request->inFlight > maxInFlight / 2)
        return;
    request->waitingForDrain = false;
    const std::shared_ptr<Realm> realm = request->realm;
    enter(realm, task.id, [&](Js js) {
        std::array<v8::Local<v8::Value>, 1> arguments{number(js, task.id)};
        return call(js, *realm, Entry::Drained, arguments);
    });
}

// ---- outgoing requests; a fetch's body has the fetch's id

/// The server answered an upgrade with something that cannot be gone on with: the code gets an answer without a WebSocket.
void WorkerState::refuseUpgrade(FetchClient::FetchId id, RequestId request, const std::shared_ptr<Realm> &realm)
{
    fetchClient().abort(id);
    endFetch(id, FetchSpan::End::Cut, "The server's answer to the WebSocket handshake agrees to an extension that was not offered.");
    BodySource &body = bodies[id];
    body.origin = BodySource::Origin::Fetch;
    body.state = BodySource::State::Complete;
    body.request = request;
    body.realm = realm;
    enter(realm, request, [&](Js js) {
        std::array<v8::Local<v8::Value>, 5> arguments{number(js, id), v8::Integer::New(js.isolate, 502), toJs(js, "Bad Gateway"), v8::Array::New(js.isolate), v8::False(js.isolate)};
        return call(js, *realm, Entry::FetchHead, arguments);
    });
}

void WorkerState::handle(FetchHeadTask &&task)
{
    const auto found = fetches.find(task.id);
    const std::shared_ptr<Realm> realm = found == fetches.end() ? nullptr : found->second.realm.lock();
    if (!realm) {
        fetchClient().abort(task.id);
        endFetch(task.id, FetchSpan::End::Cut);
        return;
    }
    std::optional<DeflateParameters> deflate;
    if (const std::string extensions = task.head.upgraded ? webSocketField(task.head.fields, "sec-websocket-extensions") : std::string(); !extensions.empty()) {
        deflate = found->second.offersDeflate ? deflateAgreement(extensions) : std::nullopt;
        if (!deflate) { // nobody has asked for that: workerd's answer
            refuseUpgrade(task.id, found->second.request, realm);
            return;
        }
    }
    if (found->second.span)
        found->second.span->head(task.head, base::steadyNs());
    const RequestId request = found->second.request;
    if (task.head.upgraded) {
        openSocket(task.id, std::make_unique<WebSocketLink>(WebSocketLink::Side::Client, request, realm, found->second.host, deflate));
    } else {
        BodySource &body = bodies[task.id];
        body.origin = BodySource::Origin::Fetch;
        body.request = request;
        body.realm = realm;
    }
    enter(realm, request, [&](Js js) {
        std::array<v8::Local<v8::Value>, 5> arguments{number(js, task.id), v8::Integer::New(js.isolate, task.head.status), toJs(js, task.head.statusText),
            toFlat(js, task.head.fields), v8::Boolean::New(js.isolate, task.head.encoding == FetchClient::Head::Encoding::Decoded)};
        return call(js, *realm, Entry::FetchHead, arguments);
    });
}

void WorkerState::handle(FetchDataTask &&task)
{
    if (socketBytes(task.id, std::move(task.bytes)))
        return;
    const auto found = bodies.find(task.id);
    if (found == bodies.end())
        return;
    if (const auto fetch = fetches.find(task.id); fetch != fetches.end() && fetch->second.span)
        fetch->second.span->data(task.bytes);
    if (found->second.cancelled) {
        bodyTaken(task.id, found->second, task.bytes.size());
        return;
    }
    hold(*this, task.id, found->second, task.bytes.size());
    found->second.pieces.push_back(std::move(task.bytes));
    wakeReader(task.id, found->second);
}

void WorkerState::handle(FetchDoneTask &&task)
{
    const auto fetch = fetches.find(task.id);
    const bool known = fetch != fetches.end();
    const RequestId request = known ? fetch->second.request : 0;
    const std::shared_ptr<Realm> realm = known ? fetch->second.realm.lock() : nullptr;
    const bool uploadWaits = known && fetch->second.waitingForUpload;
    if (socket(task.id)) {
        endFetch(task.id, FetchSpan::End::Complete, task.error);
        socketLost(task.id);
        return;
    }
    endFetch(task.id, task.error.empty() ? FetchSpan::End::Complete : FetchSpan::End::Cut, task.error);
    const auto body = bodies.find(task.id);
    const bool headSeen = body != bodies.end();
    if (headSeen) {
        body->second.state = task.error.empty() ? BodySource::State::Complete : BodySource::State::Failed;
        body->second.error = task.error;
        if (body->second.cancelled)
            bodies.erase(body);
        else
            wakeReader(task.id, body->second);
    }
    if (!realm)
        return;
    enter(realm, request, [&](Js js) {
        std::array<v8::Local<v8::Value>, 2> arguments{number(js, task.id), toJs(js, task.error)};
        bool fine = headSeen || call(js, *realm, Entry::FetchFailed, arguments);
        if (uploadWaits)
            fine = call(js, *realm, Entry::UploadReady, std::span(arguments).first(1)) && fine;
        return fine;
    });
}

void WorkerState::handle(FetchUploadedTask &&task)
{
    const auto found = fetches.find(task.id);
    if (found == fetches.end())
        return;
    Fetch &fetch = found->second;
    fetch.uploading -= std::min(fetch.uploading, task.bytes);
    const std::shared_ptr<Realm> realm = fetch.realm.lock();
    if (!fetch.waitingForUpload || fetch.uploading > maxInFlight / 2 || !realm)
        return;
    fetch.waitingForUpload = false;
    enter(realm, fetch.request, [&](Js js) {
        std::array<v8::Local<v8::Value>, 1> arguments{number(js, task.id)};
        return call(js, *realm, Entry::UploadReady, arguments);
    });
}

void WorkerState::fetchHead(FetchClient::FetchId id, FetchClient::Head &&head)
{
    tasks.push(FetchHeadTask{id, std::move(head)});
}

void WorkerState::fetchData(FetchClient::FetchId id, std::string &&bytes)
{
    tasks.push(FetchDataTask{id, std::move(bytes)});
}

void WorkerState::fetchDone(FetchClient::FetchId id, std::string error)
{
    tasks.push(FetchDoneTask{id, std::move(error)});
}

void WorkerState::fetchUploaded(FetchClient::FetchId id, std::size_t bytes)
{
    tasks.push(FetchUploadedTask{id, bytes});
}

} // namespace cleat::runtime
