// SPDX-License-Identifier: GPL-3.0-or-later
// The query cache of Hyperdrive bindings: what stands between a driver and the connection to its database.

#include "core/base/clock.h"
#include "core/bindings/hyperdrive/mysqlcache.h"
#include "core/bindings/hyperdrive/postgrescache.h"
#include "core/runtime/consolenote.h"
#include "core/runtime/natives.h"
#include "core/runtime/preview.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using bindings::hyperdrive::DatabaseCache;
using bindings::hyperdrive::MySqlCache;
using bindings::hyperdrive::PostgresCache;
using bindings::hyperdrive::QueryCache;

std::int64_t nowMs()
{
    return base::steadyNs() / 1'000'000;
}

DatabaseCache *cacheOf(Js js, Arguments arguments)
{
    auto &open = WorkerState::of(js.isolate).realm().databaseCaches;
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

/// databaseCacheOpen(binding): the number of what stands before one connection, or 0: nothing does
void databaseCacheOpen(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    Realm &realm = state.realm();
    const std::string binding = toStd(js, arguments[0]);
    const auto &all = realm.bindings->hyperdrives;
    const auto one = std::ranges::find(all, binding, &Bindings::Hyperdrive::name);
    arguments.GetReturnValue().Set(0);
    if (one == all.end() || one->cacheSeconds == 0)
        return;
    auto &cache = realm.queryCaches[binding];
    if (!cache)
        cache = std::make_shared<QueryCache>(std::int64_t(1000) * one->cacheSeconds, std::int64_t(1000) * one->staleSeconds);
    DatabaseCache::Answered answered = [&state, binding](std::string_view sql) {
        consoleNote(state, events::Level::Debug, "Hyperdrive " + binding + " answered from its cache: " + preview(std::string(sql)));
    };
    const std::uint32_t id = ++realm.lastDatabaseCache;
    if (one->database.scheme == "mysql")
        realm.databaseCaches[id] = std::make_unique<MySqlCache>(cache, std::move(answered));
    else
        realm.databaseCaches[id] = std::make_unique<PostgresCache>(cache, std::move(answered));
    arguments.GetReturnValue().Set(id);
}

/// databaseAsked(number, bytes of the driver): [bytes for the database or undefined, bytes for the driver or undefined]
void databaseAsked(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    DatabaseCache *const cache = cacheOf(js, arguments);
    std::array<v8::Local<v8::Value>, 2> both{arguments[1], v8::Undefined(js.isolate)};
    if (cache) {
        const DatabaseCache::Passed passed = cache->fromClient(bytesOf(arguments[1]), nowMs());
        both = {bytesOrUndefined(js, passed.toServer), bytesOrUndefined(js, passed.toClient)};
    }
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, both.data(), both.size()));
}

/// databaseAnswered(number, bytes of the database): bytes for the driver, or undefined
void databaseAnswered(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (DatabaseCache *const cache = cacheOf(js, arguments))
        arguments.GetReturnValue().Set(bytesOrUndefined(js, cache->fromServer(bytesOf(arguments[1]), nowMs())));
    else
        arguments.GetReturnValue().Set(arguments[1]);
}

/// databaseCacheClose(number)
void databaseCacheClose(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).realm().databaseCaches.erase(arguments[0]->Uint32Value(js.context).FromMaybe(0));
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
