// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/callrecorder.h"
#include "core/runtime/cfobject.h"
#include "core/runtime/fields.h"
#include "core/runtime/natives.h"
#include "core/runtime/outsidetext.h"
#include "core/runtime/websockethandshake.h"
#include "core/runtime/workerstate.h"

#include <array>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

std::uint64_t idOf(Js js, v8::Local<v8::Value> value)
{
    return static_cast<std::uint64_t>(value->NumberValue(js.context).FromMaybe(0));
}

ResponseHead headOf(Js js, Arguments arguments)
{
    return {arguments[1]->Int32Value(js.context).FromMaybe(200), toStd(js, arguments[2]), fieldsOf(js, arguments[3])};
}

std::string contentOf(Js js, v8::Local<v8::Value> value)
{
    return value->IsString() ? toStd(js, value) : std::string(bytesOf(value));
}

/// requestFields(request): [name, value, ...]
void requestFields(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const PendingRequest *request = WorkerState::of(js.isolate).pending(idOf(js, arguments[0]));
    arguments.GetReturnValue().Set(request ? toFlat(js, request->fields) : v8::Array::New(js.isolate));
}

/// requestCf(request): what request.cf holds, as JSON
void requestCf(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    Realm &realm = state.realm();
    const PendingRequest *request = state.pending(idOf(js, arguments[0]));
    const std::string encoding = request ? request->acceptEncoding.value_or("") : "";
    if (realm.cfText.IsEmpty() || realm.cfEncoding != encoding) { // one client asks as it did before
        const std::string &chosen = realm.bindings->cf;
        realm.cfText.Reset(js.isolate, toJs(js, cfOfClient(chosen.empty() ? defaultCf() : chosen, encoding)).As<v8::String>());
        realm.cfEncoding = encoding;
    }
    arguments.GetReturnValue().Set(realm.cfText.Get(js.isolate));
}

ResponseCoding::Given givenBy(v8::Local<v8::Value> manual)
{
    return manual->IsTrue() ? ResponseCoding::Given::Coded : ResponseCoding::Given::Plain;
}

/// respond(request, status, statusText, fields, body, manual): the whole response; body is a string, bytes or null. Manual: it is encoded already, as its Content-Encoding says
void respond(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).respondCoded(idOf(js, arguments[0]), headOf(js, arguments), contentOf(js, arguments[4]), givenBy(arguments[5]));
}

/// responseBegin(request, status, statusText, fields, length, manual): length is a number or undefined
void responseBegin(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const std::uint64_t id = idOf(js, arguments[0]);
    PendingRequest *request = state.pending(id);
    if (!request || request->answered != PendingRequest::Answered::No)
        return;
    ResponseHead head = headOf(js, arguments);
    std::optional<std::uint64_t> length;
    if (arguments[4]->IsNumber())
        length = idOf(js, arguments[4]);
    switch (ResponseCoding::choose(request->acceptEncoding ? &*request->acceptEncoding : nullptr, givenBy(arguments[5]), head, request->coding)) {
    case ResponseCoding::Outcome::AsIs:
        break;
    case ResponseCoding::Outcome::Refused:
        state.respond(id, std::move(head), "Unsupported Media Type");
        return;
    case ResponseCoding::Outcome::Coded:
        length.reset();
        break;
    }
    state.endSingle(id, *request, head.status);
    request->answered = PendingRequest::Answered::Streaming;
    state.unanswered.fetch_sub(1, std::memory_order_relaxed);
    if (!request->gone)
        state.sink.begin(id, std::move(head), length);
}

/// responsePiece(request, bytes): true when more may follow at once; else wait for drained(request). Throws when they are not encoded as the head said
void responsePiece(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const std::uint64_t id = idOf(js, arguments[0]);
    PendingRequest *request = state.pending(id);
    arguments.GetReturnValue().Set(true);
    if (!request || request->answered != PendingRequest::Answered::Streaming || request->gone)
        return;
    std::string bytes = contentOf(js, arguments[1]);
    if (request->coding && !bytes.empty()) {
        auto coded = request->coding->piece(bytes, state.limits.bufferBytes);
        if (!coded) {
            throwError(js, coded.error().message);
            return;
        }
        bytes = std::move(*coded);
    }
    if (bytes.empty())
        return;
    request->inFlight += bytes.size();
    state.sink.piece(id, std::move(bytes));
    if (request->inFlight > WorkerState::maxInFlight) {
        request->waitingForDrain = true;
        arguments.GetReturnValue().Set(false);
    }
}

/// responseEnd(request, complete)
void responseEnd(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const std::uint64_t id = idOf(js, arguments[0]);
    PendingRequest *request = state.pending(id);
    if (!request || request->answered != PendingRequest::Answered::Streaming)
        return;
    request->answered = PendingRequest::Answered::Yes;
    if (request->gone)
        return;
    ResponseSink::Finish finish = arguments[1]->IsTrue() ? ResponseSink::Finish::Complete : ResponseSink::Finish::Truncated;
    if (request->coding && finish == ResponseSink::Finish::Complete) {
        if (auto rest = request->coding->end(); !rest) {
            state.sink.failed(id, rest.error().message);
            finish = ResponseSink::Finish::Truncated;
        } else if (!rest->empty()) {
            request->inFlight += rest->size();
            state.sink.piece(id, std::move(*rest));
        }
    }
    state.sink.end(id, finish);
}

/// isGone(request): the client has left
void isGone(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const PendingRequest *request = WorkerState::of(js.isolate).pending(idOf(js, arguments[0]));
    arguments.GetReturnValue().Set(!request || request->gone);
}

/// finish(request): its code is done with it. What it still fetches is ended: nobody waits for that any more.
void finish(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    state.finish(idOf(js, arguments[0]));
}

void throwFailure(Js js, WorkerState &state, BodyId id)
{
    const auto found = state.bodies.find(id);
    const std::string error = found->second.error;
    const BodySource::Origin origin = found->second.origin;
    state.bodies.erase(found);
    throwError(js, origin == BodySource::Origin::Fetch && error.starts_with("Network connection lost") ? "Network connection lost." : error);
}

/// bodyTake(body): Uint8Array, null at the end, or undefined: wait for bodyReady(body)
void bodyTake(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const BodyId id = idOf(js, arguments[0]);
    const auto found = state.bodies.find(id);
    if (found == state.bodies.end()) {
        arguments.GetReturnValue().SetNull();
        return;
    }
    BodySource &body = found->second;
    if (body.next) {
        state.leaveCode();
        auto piece = body.next();
        state.backToCode();
        if (!piece || piece->empty())
            state.bodies.erase(found);
        v8::Local<v8::Value> bytes;
        if (!piece)
            throwError(js, piece.error().message);
        else if (piece->empty())
            arguments.GetReturnValue().SetNull();
        else if (toUint8Array(js, *piece).ToLocal(&bytes))
            arguments.GetReturnValue().Set(bytes);
        return;
    }
    if (!body.pieces.empty()) {
        const std::string piece = std::move(body.pieces.front());
        body.pieces.pop_front();
        state.bodyTaken(id, body, piece.size());
        v8::Local<v8::Value> bytes;
        if (toUint8Array(js, piece).ToLocal(&bytes))
            arguments.GetReturnValue().Set(bytes);
        return;
    }
    switch (body.state) {
    case BodySource::State::Open:
        body.waiting = true;
        return;
    case BodySource::State::Complete:
        state.bodies.erase(found);
        arguments.GetReturnValue().SetNull();
        return;
    case BodySource::State::Failed:
        throwFailure(js, state, id);
        return;
    }
}

/// What has come of a body, which then is over; as a string or an ArrayBuffer.
void handOver(Arguments arguments, Js js, WorkerState &state, BodyId id)
{
    std::string all;
    if (const auto found = state.bodies.find(id); found != state.bodies.end()) {
        BodySource &body = found->second;
        if (body.pieces.size() == 1) {
            all = std::move(body.pieces.front());
        } else {
            std::size_t size = 0;
            for (const std::string &piece : body.pieces)
                size += piece.size();
            all.reserve(size);
            for (const std::string &piece : body.pieces)
                all += piece;
        }
        state.bodyTaken(id, body, all.size() - body.held);
        state.bodies.erase(found);
    }
    if (arguments[1]->IsTrue()) {
        if (all.starts_with("\xEF\xBB\xBF"))
            all.erase(0, 3);
        const v8::Local<v8::Value> text = toJsOutside(js, std::move(all), state.allocator());
        if (text->IsString())
            arguments.GetReturnValue().Set(text);
        else
            js.isolate->ThrowException(v8::Exception::RangeError(toJsName(js, "Invalid string length")));
        return;
    }
    v8::Local<v8::ArrayBuffer> buffer;
    if (toArrayBuffer(js, all).ToLocal(&buffer))
        arguments.GetReturnValue().Set(buffer);
}

/// Ends what brings a body; nobody will read the rest.
void cancel(WorkerState &state, BodyId id)
{
    const auto found = state.bodies.find(id);
    if (found == state.bodies.end())
        return;
    BodySource &body = found->second;
    if (body.origin == BodySource::Origin::Fetch) {
        state.fetchClient().abort(id);
        state.endFetch(id, FetchSpan::End::Cut);
        state.bodies.erase(found);
        return;
    }
    if (body.origin == BodySource::Origin::Storage) {
        state.bodies.erase(found);
        return;
    }
    std::size_t unread = 0;
    for (const std::string &piece : body.pieces)
        unread += piece.size();
    body.pieces.clear();
    body.cancelled = true;
    body.gathering = false;
    state.bodyTaken(id, body, unread - body.held);
    body.held = 0;
    if (body.state != BodySource::State::Open)
        state.bodies.erase(found);
}

/// bodyTakeAll(body, text): everything as a string or an ArrayBuffer when it is all there already, else undefined
void bodyTakeAll(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const BodyId id = idOf(js, arguments[0]);
    const auto found = state.bodies.find(id);
    if (found == state.bodies.end() || found->second.state == BodySource::State::Complete)
        handOver(arguments, js, state, id);
}

/// bodyGather(body, text): everything as a string or an ArrayBuffer, or undefined: wait for bodyReady(body). Only for a body that is read by nothing else from then on
void bodyGather(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const BodyId id = idOf(js, arguments[0]);
    const auto found = state.bodies.find(id);
    if (found == state.bodies.end()) {
        handOver(arguments, js, state, id);
        return;
    }
    BodySource &body = found->second;
    if (!body.gathering) {
        body.gathering = true;
        for (const std::string &piece : body.pieces)
            body.held += piece.size();
        state.bodyTaken(id, body, body.held);
    }
    while (body.next && body.held <= state.limits.bufferBytes) {
        state.leaveCode();
        auto piece = body.next();
        state.backToCode();
        if (!piece) {
            state.bodies.erase(found);
            throwError(js, piece.error().message);
            return;
        }
        if (piece->empty()) {
            handOver(arguments, js, state, id);
            return;
        }
        body.held += piece->size();
        body.pieces.push_back(std::move(*piece));
    }
    if (body.held > state.limits.bufferBytes) {
        cancel(state, id);
        throwTypeError(js, "Memory limit exceeded before EOF.");
        return;
    }
    switch (body.state) {
    case BodySource::State::Open:
        body.waiting = true;
        return;
    case BodySource::State::Complete:
        handOver(arguments, js, state, id);
        return;
    case BodySource::State::Failed:
        throwFailure(js, state, id);
        return;
    }
}

/// bodyCancel(body): nobody will read the rest
void bodyCancel(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    cancel(state, idOf(js, arguments[0]));
}

/// bodyDiscard(body): nobody will read what comes, but it may come to its end
void bodyDiscard(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const auto found = state.bodies.find(idOf(js, arguments[0]));
    if (found == state.bodies.end())
        return;
    if (found->second.state == BodySource::State::Open && found->second.origin != BodySource::Origin::Storage)
        found->second.cancelled = true;
    else
        state.bodies.erase(found);
}

/// bodyLive(body): something may still come of it
void bodyLive(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    arguments.GetReturnValue().Set(WorkerState::of(js.isolate).bodies.contains(idOf(js, arguments[0])));
}

/// assets(method, url, fields): [status, fields, ArrayBuffer or null]
void assets(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!state.mayCall(js, WorkerState::Quota::Service))
        return;
    CallRecorder call(state, "assets", "ASSETS", "fetch", 6);
    const std::string method = toStd(js, arguments[0]);
    const std::string url = toStd(js, arguments[1]);
    const AssetSource::Answer answer = state.assets.fetch(method, url, fieldsOf(js, arguments[2]));
    if (call.wanted()) {
        call.event().arguments = '[' + preview(url) + (method == "GET" ? std::string() : ",{\"method\":" + jsonString(method) + '}') + ']';
        call.event().bytes = answer.body ? answer.body->size() : 0;
        ShownFields result;
        result.add("status", std::to_string(answer.head.status));
        for (const auto &[name, value] : answer.head.fields) {
            if (name.size() == 12 && (name[0] == 'c' || name[0] == 'C') && name.ends_with("ype"))
                result.add("type", jsonString(value));
        }
        call.event().result = result.json();
        call.end();
    }
    v8::Local<v8::Value> body = v8::Null(js.isolate);
    if (answer.body) {
        v8::Local<v8::ArrayBuffer> buffer;
        if (!toArrayBuffer(js, *answer.body).ToLocal(&buffer))
            return;
        body = buffer;
    }
    std::array<v8::Local<v8::Value>, 3> parts{v8::Integer::New(js.isolate, answer.head.status), toFlat(js, answer.head.fields), body};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, parts.data(), parts.size()));
}

constexpr std::array natives = {
    Native{"requestFields", requestFields},
    Native{"requestCf", requestCf},
    Native{"respond", respond},
    Native{"responseBegin", responseBegin},
    Native{"responsePiece", responsePiece},
    Native{"responseEnd", responseEnd},
    Native{"isGone", isGone},
    Native{"finish", finish},
    Native{"bodyTake", bodyTake},
    Native{"bodyTakeAll", bodyTakeAll},
    Native{"bodyGather", bodyGather},
    Native{"bodyCancel", bodyCancel},
    Native{"bodyDiscard", bodyDiscard},
    Native{"bodyLive", bodyLive},
    Native{"assets", assets},
};

} // namespace

std::span<const Native> httpNatives()
{
    return natives;
}

// ---- fetch()

namespace {

/// fetchStart(method, url, fields, bodyKind, body, length, mark, manual): id. Manual: the response's body stays encoded. bodyKind: 0 none, 1 whole (string or bytes), 2 in pieces, 3 a WebSocket; length of those, or undefined. Mark: of
/// the call of fetch()
void fetchStart(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!state.mayCall(js, WorkerState::Quota::Subrequest))
        return;
    FetchClient::Request request;
    request.id = state.nextFetch();
    request.method = toStd(js, arguments[0]);
    request.url = toStd(js, arguments[1]);
    request.fields = fieldsOf(js, arguments[2]);
    request.bodyKind = static_cast<FetchClient::Request::Body>(arguments[3]->Int32Value(js.context).FromMaybe(0));
    if (request.bodyKind == FetchClient::Request::Body::Whole)
        request.body = contentOf(js, arguments[4]);
    if (arguments[5]->IsNumber())
        request.bodyLength = idOf(js, arguments[5]);
    if (arguments[7]->IsTrue())
        request.decoding = FetchClient::Request::Decoding::None;
    const FetchClient::FetchId id = request.id;
    WorkerState::Fetch fetch;
    fetch.request = state.currentRequest();
    fetch.realm = state.sharedRealm();
    if (request.bodyKind == FetchClient::Request::Body::Upgrade) {
        fetch.host = authorityOf(request.url);
        if (state.compressesWebSockets())
            request.extensions = deflateOffersText(deflateOffers(webSocketField(request.fields, "sec-websocket-extensions")));
        fetch.offersDeflate = !request.extensions.empty();
    }
    if (state.records(state.pending(fetch.request))) {
        CallMark mark = markOf(js, arguments[6]).value_or(CallMark());
        if (mark.span == 0) { // it followed a redirect: a request of its own, made at the same place
            const CallMark own = state.markCall(state.pending(fetch.request), 0, 0);
            mark.beginNs = own.beginNs;
            mark.span = own.span;
        }
        fetch.span = std::make_unique<FetchSpan>(request, mark);
    }
    state.fetches.emplace(id, std::move(fetch));
    state.fetchClient().start(std::move(request));
    arguments.GetReturnValue().Set(static_cast<double>(id));
}

/// fetchUpload(id, bytes): true when more may follow at once, false to wait for uploadReady(id), undefined when the fetch has ended
void fetchUpload(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const std::uint64_t id = idOf(js, arguments[0]);
    const auto found = state.fetches.find(id);
    if (found == state.fetches.end())
        return;
    arguments.GetReturnValue().Set(true);
    std::string bytes = contentOf(js, arguments[1]);
    if (bytes.empty())
        return;
    found->second.uploading += bytes.size();
    state.fetchClient().upload(id, std::move(bytes));
    if (found->second.uploading > WorkerState::maxInFlight) {
        found->second.waitingForUpload = true;
        arguments.GetReturnValue().Set(false);
    }
}

/// fetchUploadDone(id)
void fetchUploadDone(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).fetchClient().uploadDone(idOf(js, arguments[0]));
}

/// fetchAbort(id)
void fetchAbort(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const std::uint64_t id = idOf(js, arguments[0]);
    state.fetchClient().abort(id);
    state.endFetch(id, FetchSpan::End::Cut, "The request was aborted.");
    state.bodies.erase(id);
}

/// fetchLive(id): it has not ended
void fetchLive(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    arguments.GetReturnValue().Set(WorkerState::of(js.isolate).fetches.contains(idOf(js, arguments[0])));
}

constexpr std::array outgoing = {
    Native{"fetchStart", fetchStart},
    Native{"fetchUpload", fetchUpload},
    Native{"fetchUploadDone", fetchUploadDone},
    Native{"fetchAbort", fetchAbort},
    Native{"fetchLive", fetchLive},
};

} // namespace

std::span<const Native> fetchNatives()
{
    return outgoing;
}

} // namespace cleat::runtime
