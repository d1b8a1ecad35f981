// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/runtime/callrecorder.h"
#include "core/runtime/fields.h"
#include "core/runtime/natives.h"

#include <algorithm>
#include <array>
#include <memory>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using namespace bindings::cache;

constexpr std::int64_t pieceBytes = 256 << 10; ///< of a body that is read in pieces

std::uint64_t idOf(Js js, v8::Local<v8::Value> value)
{
    return static_cast<std::uint64_t>(value->NumberValue(js.context).FromMaybe(0));
}

/// What the log calls it: what the code wrote to reach it.
std::string shownName(const std::string &name)
{
    return name.empty() ? "caches.default" : "caches.open(" + jsonString(name) + ')';
}

std::string shownHead(const Head &head)
{
    return "{\"status\":" + std::to_string(head.status) + ",\"size\":" + std::to_string(head.size) + '}';
}

/// cacheMatch(cache, key, what to show of the request as JSON): undefined, or [status, [name, value, ...], size, value]; the value is a Uint8Array, or the number
/// of an open body for cacheBody()
void cacheMatch(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Subrequest))
        return;
    WorkerState &state = WorkerState::of(js.isolate);
    const std::string name = toStd(js, arguments[0]);
    const std::string key = toStd(js, arguments[1]);
    CallRecorder call(state, "cache", shownName(name), "match");
    if (call.wanted())
        call.event().arguments = '[' + toStd(js, arguments[2]) + ']';
    auto found = state.cache(name).match(key);
    if (!found) {
        call.fail(js, found.error());
        return;
    }
    if (!*found || !(*found)->missing.empty()) {
        call.event().result = "null";
        if (*found)
            call.event().error = "The body's file is not there: " + (*found)->missing.string() + ". The entry counts as absent until it is put anew.";
        call.end();
        return;
    }
    Match &match = **found;
    call.event().bytes = static_cast<std::uint64_t>(match.head.size);
    if (call.wanted())
        call.event().result = shownHead(match.head);
    call.end();
    v8::Local<v8::Value> value;
    if (match.whole) {
        if (!toUint8Array(js, *match.whole).ToLocal(&value))
            return;
    } else {
        const std::uint64_t id = state.nextFetch();
        state.cacheReads.emplace(id, WorkerState::CacheRead{state.currentRequest(), std::make_shared<storage::BlobReader>(std::move(*match.blob))});
        value = v8::Number::New(js.isolate, static_cast<double>(id));
    }
    std::array<v8::Local<v8::Value>, 4> flat{v8::Integer::New(js.isolate, match.head.status), toFlat(js, match.head.headers),
        v8::Number::New(js.isolate, static_cast<double>(match.head.size)), value};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, flat.data(), flat.size()));
}

/// cacheBody(open body, offset, length): the number of a body that reads that part as it is taken. The open body may be used again.
void cacheBody(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const auto found = state.cacheReads.find(idOf(js, arguments[0]));
    if (found == state.cacheReads.end()) {
        throwError(js, "The request that found this response has ended.");
        return;
    }
    const BodyId id = state.nextFetch();
    BodySource &body = state.bodies[id];
    body.origin = BodySource::Origin::Storage;
    body.request = state.currentRequest();
    body.realm = state.sharedRealm();
    body.next = [reader = found->second.reader, at = static_cast<std::int64_t>(idOf(js, arguments[1])),
                    left = static_cast<std::int64_t>(idOf(js, arguments[2]))]() mutable -> base::Result<std::string> {
        std::string bytes(static_cast<std::size_t>(std::min(pieceBytes, left)), '\0');
        if (auto read = reader->read(at, std::as_writable_bytes(std::span(bytes))); !read)
            return std::unexpected(std::move(read.error()));
        at += static_cast<std::int64_t>(bytes.size());
        left -= static_cast<std::int64_t>(bytes.size());
        return bytes;
    };
    arguments.GetReturnValue().Set(static_cast<double>(id));
}

/// cacheForget(open body)
void cacheForget(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).cacheReads.erase(idOf(js, arguments[0]));
}

/// cacheWrite(cache, mark): a number, for a body that comes in pieces
void cacheWrite(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Subrequest))
        return;
    WorkerState &state = WorkerState::of(js.isolate);
    const std::string name = toStd(js, arguments[0]);
    auto writer = state.cache(name).write();
    if (!writer) {
        CallRecorder(state, "cache", shownName(name), "put", markOf(js, arguments[1])).fail(js, writer.error());
        return;
    }
    const std::uint64_t id = state.nextFetch();
    state.cacheWrites.emplace(id, WorkerState::CacheWrite{state.currentRequest(), std::move(*writer)});
    arguments.GetReturnValue().Set(static_cast<double>(id));
}

/// cacheWritePiece(write, bytes)
void cacheWritePiece(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const auto found = state.cacheWrites.find(idOf(js, arguments[0]));
    if (found == state.cacheWrites.end()) {
        throwError(js, "The request that wrote this response has ended.");
        return;
    }
    if (const auto written = found->second.writer.write(base::asBytes(bytesOf(arguments[1]))); !written)
        throwError(js, written.error().message);
}

/// cacheNotPut(cache, key, why, write or undefined, error, mark): nothing was stored, by the rules (`why` is JSON) or because of an error
void cacheNotPut(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    CallRecorder call(state, "cache", shownName(toStd(js, arguments[0])), "put", markOf(js, arguments[5]));
    call.event().arguments = '[' + jsonString(toStd(js, arguments[1])) + ']';
    call.event().result = toStd(js, arguments[2]);
    call.event().error = toStd(js, arguments[4]);
    state.cacheWrites.erase(idOf(js, arguments[3]));
    call.end();
}

base::Result<WorkerState::CacheWrite> bodyOf(Js js, HttpCache &cache, v8::Local<v8::Value> value)
{
    WorkerState &state = WorkerState::of(js.isolate);
    if (value->IsNumber()) {
        auto node = state.cacheWrites.extract(idOf(js, value));
        if (node.empty())
            return base::fail("cache.storage", "The request that wrote this response has ended.");
        return std::move(node.mapped());
    }
    auto writer = cache.write();
    if (!writer)
        return std::unexpected(std::move(writer.error()));
    if (auto written = writer->write(base::asBytes(bytesOf(value))); !written)
        return std::unexpected(std::move(written.error()));
    return WorkerState::CacheWrite{state.currentRequest(), std::move(*writer)};
}

/// cachePut(cache, key, status, [name, value, ...], expiration in milliseconds, bytes or the number of a write, mark)
void cachePut(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!arguments[5]->IsNumber() && !state.mayCall(js, WorkerState::Quota::Subrequest))
        return;
    const std::string name = toStd(js, arguments[0]);
    const std::string key = toStd(js, arguments[1]);
    Head head{arguments[2]->Int32Value(js.context).FromMaybe(200), fieldsOf(js, arguments[3]), 0};
    const double expirationMs = std::clamp(arguments[4]->NumberValue(js.context).FromMaybe(0), 0.0, 9e15);
    HttpCache &cache = state.cache(name);
    auto body = bodyOf(js, cache, arguments[5]);
    CallRecorder call(state, "cache", shownName(name), "put", markOf(js, arguments[6]));
    if (call.wanted())
        call.event().arguments = '[' + jsonString(key) + ",{\"status\":" + std::to_string(head.status) + "}]";
    if (!body) {
        call.fail(js, body.error());
        return;
    }
    head.size = body->writer.size();
    call.event().bytes = static_cast<std::uint64_t>(head.size);
    if (call.wanted())
        call.event().result = "{\"stored\":true,\"size\":" + std::to_string(head.size) + ",\"expires\":" + std::to_string(static_cast<std::int64_t>(expirationMs)) + '}';
    if (const auto stored = cache.put(key, std::move(head), std::move(body->writer), static_cast<std::int64_t>(expirationMs)); !stored) {
        call.event().result.clear();
        call.fail(js, stored.error());
        return;
    }
    call.end();
}

/// cacheDelete(cache, key): whether there was one
void cacheDelete(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Subrequest))
        return;
    WorkerState &state = WorkerState::of(js.isolate);
    const std::string name = toStd(js, arguments[0]);
    const std::string key = toStd(js, arguments[1]);
    CallRecorder call(state, "cache", shownName(name), "delete");
    if (call.wanted())
        call.event().arguments = '[' + jsonString(key) + ']';
    const auto removed = state.cache(name).remove(key);
    if (!removed) {
        call.fail(js, removed.error());
        return;
    }
    call.event().result = *removed ? "true" : "false";
    call.end();
    arguments.GetReturnValue().Set(*removed);
}

constexpr std::array natives = {
    Native{"cacheMatch", cacheMatch},
    Native{"cacheBody", cacheBody},
    Native{"cacheForget", cacheForget},
    Native{"cacheWrite", cacheWrite},
    Native{"cacheWritePiece", cacheWritePiece},
    Native{"cacheNotPut", cacheNotPut},
    Native{"cachePut", cachePut},
    Native{"cacheDelete", cacheDelete},
};

} // namespace

std::span<const Native> cacheNatives()
{
    return natives;
}

} // namespace cleat::runtime
