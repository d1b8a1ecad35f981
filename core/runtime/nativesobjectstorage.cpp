// SPDX-License-Identifier: GPL-3.0-or-later
// The storage of Durable Objects: everything but SQL, which is in nativesobjectsql.cpp.

#include "core/base/bytes.h"
#include "core/bindings/durableobjects/objectids.h"
#include "core/runtime/natives.h"
#include "core/runtime/objectcalls.h"
#include "core/runtime/storedvalues.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using namespace bindings::durableobjects;

constexpr std::size_t shownBytes = 1024; ///< of one value
constexpr std::size_t shownEntries = 20;

/// A stored value for the log.
std::string shown(Js js, const std::string &bytes, v8::Local<v8::Value> revive)
{
    const v8::TryCatch quiet(js.isolate);
    v8::Local<v8::Value> value;
    v8::Local<v8::String> json;
    if (bytes.size() <= shownBytes && revive->IsFunction() && readStoredValue(js, bytes, revive.As<v8::Function>()).ToLocal(&value)
        && v8::JSON::Stringify(js.context, value).ToLocal(&json)) {
        std::string text = toStd(js, json);
        if (text != "undefined" && text.size() <= shownBytes)
            return text;
    }
    passTermination(js, quiet);
    return jsonString("<" + std::to_string(bytes.size()) + " bytes>");
}

std::string shownKeys(const std::vector<std::string> &keys)
{
    std::string text;
    for (std::size_t i = 0; i < keys.size() && i < shownEntries; ++i)
        text += (i ? "," : "") + jsonString(keys[i]);
    return '[' + text + (keys.size() > shownEntries ? ",\"\u2026\"]" : "]");
}

std::vector<std::string> keysOf(Js js, v8::Local<v8::Value> value)
{
    std::vector<std::string> keys;
    if (!value->IsArray())
        return keys;
    const v8::Local<v8::Array> list = value.As<v8::Array>();
    for (std::uint32_t i = 0; i < list->Length(); ++i) {
        v8::Local<v8::Value> key;
        if (list->Get(js.context, i).ToLocal(&key))
            keys.push_back(keyOf(js, key));
    }
    return keys;
}

/// [key, value, ...], unless one of the values cannot be read: then that is the pending exception.
void giveEntries(Js js, Arguments arguments, const std::vector<ObjectEntry> &entries, v8::Local<v8::Function> revive)
{
    std::vector<v8::Local<v8::Value>> flat;
    flat.reserve(entries.size() * 2);
    for (const auto &[key, bytes] : entries) {
        v8::Local<v8::Value> value;
        if (!readStoredValue(js, bytes, revive).ToLocal(&value))
            return;
        flat.push_back(toJs(js, key));
        flat.push_back(value);
    }
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, flat.data(), flat.size()));
}

/// objectOpen(worker, class, id, name or undefined, SQLite): its slot
void objectOpen(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string className = toStd(js, arguments[1]);
    ObjectAddress address;
    address.uniqueKey = uniqueKey(toStd(js, arguments[0]), className);
    address.id = toStd(js, arguments[2]);
    if (arguments[3]->IsString())
        address.name = toStd(js, arguments[3]);
    address.backend = arguments[4]->IsTrue() ? ObjectAddress::Backend::Sqlite : ObjectAddress::Backend::KeyValue;
    arguments.GetReturnValue().Set(WorkerState::of(js.isolate).objectStores().open(std::move(address), className));
}

/// objectClose(slot)
void objectClose(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).objectStores().close(slotOf(js, arguments[0]));
}

/// objectCommit(slot)
void objectCommit(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (const auto done = WorkerState::of(js.isolate).objectStores().commit(slotOf(js, arguments[0])); !done)
        throwError(js, done.error().message);
}

/// objectRollback(slot)
void objectRollback(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState::of(js.isolate).objectStores().rollback(slotOf(js, arguments[0]));
}

/// objectGet(slot, key or [key, ...], revive, from storage.kv): the value or undefined; of a list, [key, value, ...] of those that are there, by their keys
void objectGet(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    if (!arguments[2]->IsFunction())
        return;
    const auto revive = arguments[2].As<v8::Function>();
    ObjectCall call(js, slot, arguments[3]->IsTrue() ? "kv.get" : "get");
    const auto store = call.stores().use(slot);
    if (!store) {
        call.fail(js, store.error());
        return;
    }
    if (!arguments[1]->IsArray()) {
        const std::string key = keyOf(js, arguments[1]);
        if (call.wanted())
            call.event().arguments = '[' + jsonString(key) + ']';
        const auto found = (*store)->get(key);
        if (!found) {
            call.fail(js, found.error());
            return;
        }
        if (call.wanted()) {
            call.event().rowsRead = 1;
            call.event().bytes = *found ? (*found)->size() : 0;
            call.event().result = *found ? shown(js, **found, revive) : "null";
        }
        call.end();
        v8::Local<v8::Value> value;
        if (*found && readStoredValue(js, **found, revive).ToLocal(&value))
            arguments.GetReturnValue().Set(value);
        return;
    }
    std::vector<std::string> keys = keysOf(js, arguments[1]);
    if (call.wanted())
        call.event().arguments = '[' + shownKeys(keys) + ']';
    std::ranges::sort(keys);
    keys.erase(std::ranges::unique(keys).begin(), keys.end());
    std::vector<ObjectEntry> entries;
    for (std::string &key : keys) {
        auto found = (*store)->get(key);
        if (!found) {
            call.fail(js, found.error());
            return;
        }
        if (*found) {
            call.event().bytes += (*found)->size();
            entries.emplace_back(std::move(key), std::move(**found));
        }
    }
    call.event().rowsRead = keys.size();
    if (call.wanted())
        call.event().result = "{\"found\":" + std::to_string(entries.size()) + ",\"asked\":" + std::to_string(keys.size()) + '}';
    call.end();
    giveEntries(js, arguments, entries, revive);
}

/// objectPut(slot, [key, value, hosts or undefined, key, ...], revive, from storage.kv): nothing, or the text of a DataCloneError. All are written, or none.
void objectPut(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    if (!arguments[1]->IsArray())
        return;
    const v8::Local<v8::Array> flat = arguments[1].As<v8::Array>();
    std::vector<ObjectEntry> entries;
    entries.reserve(flat->Length() / 3);
    for (std::uint32_t i = 0; i + 2 < flat->Length(); i += 3) {
        v8::Local<v8::Value> key;
        v8::Local<v8::Value> value;
        v8::Local<v8::Value> hosts;
        if (!flat->Get(js.context, i).ToLocal(&key) || !flat->Get(js.context, i + 1).ToLocal(&value) || !flat->Get(js.context, i + 2).ToLocal(&hosts))
            return;
        std::string refused;
        auto bytes = writeStoredValue(js, value, hosts, refused);
        if (!bytes) {
            if (!refused.empty())
                arguments.GetReturnValue().Set(toJs(js, refused));
            return;
        }
        entries.emplace_back(keyOf(js, key), std::move(*bytes));
    }
    ObjectCall call(js, slot, arguments[3]->IsTrue() ? "kv.put" : "put");
    for (const auto &[key, bytes] : entries)
        call.event().bytes += bytes.size();
    if (call.wanted()) {
        std::string text;
        for (std::size_t i = 0; i < entries.size() && i < shownEntries; ++i)
            text += (i ? "," : "") + jsonString(entries[i].first) + (entries.size() > 1 ? ':' : ',') + shown(js, entries[i].second, arguments[2]);
        call.event().arguments = entries.size() == 1 ? '[' + text + ']' : "[{" + text + (entries.size() > shownEntries ? ",\"\u2026\":null}]" : "}]");
        call.event().rowsWritten = entries.size();
    }
    const auto store = call.stores().useToWrite(slot);
    if (!store) {
        call.fail(js, store.error());
        return;
    }
    // Of several, none may be left behind when one is too large.
    const bool several = entries.size() > 1;
    if (several) {
        if (const auto begun = (*store)->begin(ObjectStore::Kind::Sync); !begun) {
            call.fail(js, begun.error());
            return;
        }
    }
    base::Result<void> done;
    for (const auto &[key, bytes] : entries) {
        done = (*store)->put(key, base::asBytes(bytes));
        if (!done)
            break;
    }
    if (several) {
        auto ended = done ? (*store)->end() : (*store)->takeBack();
        if (done)
            done = std::move(ended);
    }
    if (done)
        call.end();
    else
        call.fail(js, done.error());
}

/// objectDelete(slot, key or [key, ...], from storage.kv): whether it was there; of a list, how many were
void objectDelete(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    ObjectCall call(js, slot, arguments[2]->IsTrue() ? "kv.delete" : "delete");
    const bool list = arguments[1]->IsArray();
    const std::vector<std::string> keys = list ? keysOf(js, arguments[1]) : std::vector<std::string>{keyOf(js, arguments[1])};
    if (call.wanted())
        call.event().arguments = list ? '[' + shownKeys(keys) + ']' : shownKeys(keys);
    const auto store = call.stores().useToWrite(slot);
    if (!store) {
        call.fail(js, store.error());
        return;
    }
    std::uint32_t count = 0;
    for (const std::string &key : keys) {
        const auto removed = (*store)->remove(key);
        if (!removed) {
            call.fail(js, removed.error());
            return;
        }
        count += *removed ? 1 : 0;
    }
    call.event().rowsWritten = count;
    if (call.wanted())
        call.event().result = list ? std::to_string(count) : count ? "true" : "false";
    call.end();
    if (list)
        arguments.GetReturnValue().Set(count);
    else
        arguments.GetReturnValue().Set(count != 0);
}

/// objectList(slot, [start, startAfter, end, prefix, backwards, limit], revive, from storage.kv): [key, value, ...]; what is not given is undefined
void objectList(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    if (!arguments[1]->IsArray() || !arguments[2]->IsFunction())
        return;
    const auto revive = arguments[2].As<v8::Function>();
    std::array<v8::Local<v8::Value>, 6> given;
    for (std::uint32_t i = 0; i < given.size(); ++i) {
        if (!arguments[1].As<v8::Array>()->Get(js.context, i).ToLocal(&given[i]))
            return;
    }
    ObjectListOptions options;
    ShownFields fields;
    ObjectCall call(js, slot, arguments[3]->IsTrue() ? "kv.list" : "list");
    const auto text = [&](std::size_t i, std::string_view name, std::optional<std::string> &to) {
        if (!given[i]->IsString())
            return;
        to = keyOf(js, given[i]);
        if (call.wanted())
            fields.add(name, jsonString(*to));
    };
    text(0, "start", options.start);
    text(1, "startAfter", options.startAfter);
    text(2, "end", options.end);
    text(3, "prefix", options.prefix);
    if (given[4]->IsTrue()) {
        options.order = ObjectListOptions::Order::Descending;
        fields.add("reverse", "true");
    }
    if (given[5]->IsUint32()) {
        options.limit = given[5].As<v8::Uint32>()->Value();
        fields.add("limit", std::to_string(*options.limit));
    }
    if (call.wanted())
        call.event().arguments = fields.empty() ? "[]" : '[' + fields.json() + ']';
    const auto store = call.stores().use(slot);
    if (!store) {
        call.fail(js, store.error());
        return;
    }
    const auto entries = (*store)->list(options);
    if (!entries) {
        call.fail(js, entries.error());
        return;
    }
    call.event().rowsRead = entries->size();
    for (const auto &[key, bytes] : *entries)
        call.event().bytes += bytes.size();
    if (call.wanted()) {
        std::string keys;
        for (std::size_t i = 0; i < entries->size() && i < shownEntries; ++i)
            keys += (i ? "," : "") + jsonString((*entries)[i].first);
        call.event().result = "{\"keys\":[" + keys + "],\"count\":" + std::to_string(entries->size()) + '}';
    }
    call.end();
    giveEntries(js, arguments, *entries, revive);
}

/// objectDeleteAll(slot, the alarm too)
void objectDeleteAll(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    ObjectCall call(js, slot, "deleteAll");
    const auto store = call.stores().useToWrite(slot); // its alarm is told of at the end of the turn
    const auto done = store ? (*store)->removeAll(arguments[1]->IsTrue() ? ObjectStore::Alarm::Removed : ObjectStore::Alarm::Kept) : std::unexpected(store.error());
    if (done)
        call.end();
    else
        call.fail(js, done.error());
}

/// objectBegin(slot, asynchronous): begins a transaction
void objectBegin(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    ObjectStores &stores = WorkerState::of(js.isolate).objectStores();
    const auto store = stores.useToWrite(slot);
    const auto done = store ? (*store)->begin(arguments[1]->IsTrue() ? ObjectStore::Kind::Async : ObjectStore::Kind::Sync) : std::unexpected(store.error());
    if (!done)
        throwError(js, done.error().message);
}

/// objectEnd(slot, keep, what the log says): ends it, or takes it back
void objectEnd(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    const bool keep = arguments[1]->IsTrue();
    ObjectCall call(js, slot, toStd(js, arguments[2]));
    const auto store = call.stores().useToWrite(slot);
    const auto done = !store ? std::unexpected(store.error()) : keep ? (*store)->end() : (*store)->takeBack();
    if (call.wanted())
        call.event().result = keep ? "\"committed\"" : "\"rolled back\"";
    if (done)
        call.end();
    else
        call.fail(js, done.error());
}

/// objectAlarm(slot): milliseconds, or null
void objectAlarm(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    ObjectCall call(js, slot, "getAlarm");
    const auto store = call.stores().use(slot);
    const auto alarm = store ? (*store)->alarm() : std::unexpected(store.error());
    if (!alarm) {
        call.fail(js, alarm.error());
        return;
    }
    if (call.wanted())
        call.event().result = *alarm ? std::to_string(**alarm) : "null";
    call.end();
    if (*alarm)
        arguments.GetReturnValue().Set(static_cast<double>(**alarm));
    else
        arguments.GetReturnValue().SetNull();
}

/// objectSetAlarm(slot, milliseconds or null)
void objectSetAlarm(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    std::optional<std::int64_t> ms;
    if (arguments[1]->IsNumber())
        ms = static_cast<std::int64_t>(arguments[1].As<v8::Number>()->Value());
    ObjectCall call(js, slot, ms ? "setAlarm" : "deleteAlarm");
    if (call.wanted())
        call.event().arguments = ms ? '[' + std::to_string(*ms) + ']' : "[]";
    const auto store = call.stores().useToWrite(slot);
    const auto done = store ? (*store)->setAlarm(ms) : std::unexpected(store.error());
    if (done)
        call.end();
    else
        call.fail(js, done.error());
}

/// objectAlarmBegin(slot): whether the handler is to run
void objectAlarmBegin(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    ObjectStores &stores = WorkerState::of(js.isolate).objectStores();
    const auto store = stores.useToWrite(slotOf(js, arguments[0]));
    const auto begins = store ? (*store)->alarmBegins() : std::unexpected(store.error());
    if (begins)
        arguments.GetReturnValue().Set(*begins);
    else
        throwError(js, begins.error().message);
}

/// objectAlarmEnd(slot, it is to be tried again)
void objectAlarmEnd(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    ObjectStores &stores = WorkerState::of(js.isolate).objectStores();
    const auto store = stores.useToWrite(slotOf(js, arguments[0]));
    const auto done = store ? (*store)->alarmEnds(arguments[1]->IsTrue() ? ObjectStore::Rang::Again : ObjectStore::Rang::Done) : std::unexpected(store.error());
    if (!done)
        throwError(js, done.error().message);
}

/// objectBookmark(slot)
void objectBookmark(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto slot = slotOf(js, arguments[0]);
    ObjectCall call(js, slot, "getCurrentBookmark");
    const auto store = call.stores().useToWrite(slot);
    const auto bookmark = store ? (*store)->currentBookmark() : std::unexpected(store.error());
    if (!bookmark) {
        call.fail(js, bookmark.error());
        return;
    }
    if (call.wanted())
        call.event().result = jsonString(*bookmark);
    call.end();
    arguments.GetReturnValue().Set(toJs(js, *bookmark));
}

/// objectIdFromName(worker, class, name): 64 hex digits
void objectIdFromName(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    arguments.GetReturnValue().Set(toJs(js, idFromName(uniqueKey(toStd(js, arguments[0]), toStd(js, arguments[1])), keyOf(js, arguments[2]))));
}

void giveId(Js js, Arguments arguments, const base::Result<std::string> &id)
{
    if (id)
        arguments.GetReturnValue().Set(toJs(js, *id));
    else if (id.error().code == "object.id")
        throwTypeError(js, id.error().message);
    else
        throwError(js, id.error().message);
}

/// objectIdUnique(worker, class)
void objectIdUnique(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    giveId(js, arguments, newUniqueId(uniqueKey(toStd(js, arguments[0]), toStd(js, arguments[1]))));
}

/// objectIdFromString(worker, class, hex)
void objectIdFromString(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    giveId(js, arguments, idFromString(uniqueKey(toStd(js, arguments[0]), toStd(js, arguments[1])), toStd(js, arguments[2])));
}

/// isPlainClone(value): whether V8's serializer writes it as an object with properties
void isPlainClone(Arguments arguments)
{
    const v8::Local<v8::Value> value = arguments[0];
    const bool other = !value->IsObject() || value->IsArray() || value->IsFunction() || value->IsProxy() || value->IsDate() || value->IsRegExp() || value->IsMap() || value->IsSet()
        || value->IsArrayBuffer() || value->IsArrayBufferView() || value->IsSharedArrayBuffer() || value->IsNumberObject() || value->IsStringObject() || value->IsBooleanObject()
        || value->IsBigIntObject() || value->IsSymbolObject() || value->IsPromise() || value->IsWeakMap() || value->IsWeakSet() || value->IsGeneratorObject()
        || value->IsNativeError() || value->IsMapIterator() || value->IsSetIterator() || value->IsWasmModuleObject() || value->IsWasmMemoryObject();
    arguments.GetReturnValue().Set(!other);
}

/// objectTestEntry(): whether tests may import the storage (js/durable/testentry.js)
void objectTestEntry(Arguments arguments)
{
    arguments.GetReturnValue().Set(std::getenv("CLEAT_TEST_OBJECT_STORAGE") != nullptr);
}

constexpr std::array natives = {
    Native{"isPlainClone", isPlainClone},
    Native{"objectTestEntry", objectTestEntry},
    Native{"objectOpen", objectOpen},
    Native{"objectClose", objectClose},
    Native{"objectCommit", objectCommit},
    Native{"objectRollback", objectRollback},
    Native{"objectGet", objectGet},
    Native{"objectPut", objectPut},
    Native{"objectDelete", objectDelete},
    Native{"objectList", objectList},
    Native{"objectDeleteAll", objectDeleteAll},
    Native{"objectBegin", objectBegin},
    Native{"objectEnd", objectEnd},
    Native{"objectAlarm", objectAlarm},
    Native{"objectSetAlarm", objectSetAlarm},
    Native{"objectAlarmBegin", objectAlarmBegin},
    Native{"objectAlarmEnd", objectAlarmEnd},
    Native{"objectBookmark", objectBookmark},
    Native{"objectIdFromName", objectIdFromName},
    Native{"objectIdUnique", objectIdUnique},
    Native{"objectIdFromString", objectIdFromString},
};

} // namespace

std::span<const Native> objectStorageNatives()
{
    return natives;
}

} // namespace cleat::runtime
