// SPDX-License-Identifier: GPL-3.0-or-later
// The query cache of Hyperdrive bindings: what stands between a driver and the connection to its database.

#include "core/base/clock.h"
#include "core/bindings/hyperdrive/postgrescache.h"
#include "core/runtime/consolenote.h"
#include "core/runtime/natives.h"
#include "core/runtime/preview.h"
#include "core/runtime/workerstate.h"

#include <array>
#include <string>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using bindings::hyperdrive::PostgresCache;
using bindings::hyperdrive::QueryCache;

std::int64_t nowMs()
{
    return base::steadyNs() / 1'000'000;
}

PostgresCache *cacheOf(Js js, Arguments arguments)
{
    auto &open = WorkerState::of(js.isolate).realm().postgresCaches;
    const auto found = open.find(arguments[0]->Uint32Value(js.context).FromMaybe(0));
    return found == open.end() ? nullptr : found->second.get();
}

v8::Local<v8::Value> bytesOrUndefined(Js js, const std::string &bytes)
{
    v8::Local<v8::Value> made;
    if (bytes.empty() || !toUint8Array(js, bytes).ToLocal(&made))
        return v8::Undefined(js.isolate);
    return made;
}

/// databaseCacheOpen(binding, for how many seconds): the number of what stands before one connection
void databaseCacheOpen(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    Realm &realm = state.realm();
    const std::string binding = toStd(js, arguments[0]);
    auto &cache = realm.queryCaches[binding];
    if (!cache)
        cache = std::make_shared<QueryCache>(std::int64_t(1000) * arguments[1]->Uint32Value(js.context).FromMaybe(0));
    const std::uint32_t id = ++realm.lastPostgresCache;
    realm.postgresCaches[id] = std::make_unique<PostgresCache>(cache, [&state, binding](std::string_view sql) {
        consoleNote(state, events::Level::Debug, "Hyperdrive " + binding + " answered from its cache: " + preview(std::string(sql)));
    });
    arguments.GetReturnValue().Set(id);
}

/// databaseAsked(number, bytes of the driver): [bytes for the database or undefined, bytes for the driver or undefined]
void databaseAsked(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    PostgresCache *const cache = cacheOf(js, arguments);
    std::array<v8::Local<v8::Value>, 2> both{arguments[1], v8::Undefined(js.isolate)};
    if (cache) {
        const PostgresCache::Passed passed = cache->fromClient(bytesOf(arguments[1]), nowMs());
        both = {bytesOrUndefined(js, passed.toServer), bytesOrUndefined(js, passed.toClient)};
    }
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, both.data(), both.size()));
}

/// databaseAnswered(number, bytes of the database): bytes for the driver, or undefined
void databaseAnswered(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (PostgresCache *const cache = cacheOf(js, arguments))
        arguments.GetReturnValue().Set(bytesOrUndefined(js, cache->fromServer(bytesOf(arguments[1]), nowMs())));
    else
        arguments.GetReturnValue().Set(arguments[1]);
}

/// databaseCacheClose(number)
void databaseCacheClose(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).realm().postgresCaches.erase(arguments[0]->Uint32Value(js.context).FromMaybe(0));
}

constexpr std::array natives = {
    Native{"databaseCacheOpen", databaseCacheOpen},
    Native{"databaseAsked", databaseAsked},
    Native{"databaseAnswered", databaseAnswered},
    Native{"databaseCacheClose", databaseCacheClose},
};

} // namespace

std::span<const Native> hyperdriveNatives()
{
    return natives;
}

} // namespace cleat::runtime
