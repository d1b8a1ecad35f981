// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/runtime/callrecorder.h"
#include "core/runtime/natives.h"

#include <array>
#include <cmath>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using bindings::kv::KvNamespace;

/// Ends a call with its failure.
void fail(Js js, CallRecorder &call, const base::Error &error)
{
    call.fail(js, error, error.code == "kv.key" ? CallRecorder::Throws::TypeError : CallRecorder::Throws::Error);
}

Realm::KvBinding &bindingOf(Js js, Arguments arguments)
{
    return WorkerState::of(js.isolate).realm().kv[arguments[0]->Uint32Value(js.context).FromMaybe(0)];
}

enum class Type { Text, Json, Buffer, Stream };
constexpr std::array<std::string_view, 4> typeNames = {"text", "json", "arrayBuffer", "stream"};

/// kvGet(binding, key, type, withMetadata): undefined when absent; else the value, or [value, metadata text or undefined]. Type "json" gives text.
void kvGet(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    const bool withMetadata = arguments[3]->IsTrue();
    const auto type = static_cast<Type>(arguments[2]->Uint32Value(js.context).FromMaybe(0));
    const std::string key = toStd(js, arguments[1]);
    CallRecorder call(WorkerState::of(js.isolate), "kv", binding.name, withMetadata ? "getWithMetadata" : "get");
    if (call.wanted())
        call.event().arguments = '[' + jsonString(key) + (type == Type::Text ? std::string() : ',' + jsonString(typeNames[static_cast<std::size_t>(type)])) + ']';
    const auto entry = binding.space->read(key);
    if (!entry) {
        fail(js, call, entry.error());
        return;
    }
    if (!*entry) {
        call.event().result = "null";
        call.end();
        return;
    }
    const std::string &value = *(*entry)->value;
    if (call.wanted()) {
        call.event().bytes = value.size();
        call.event().result = preview(value);
        if (withMetadata)
            call.event().result = "{\"value\":" + call.event().result + ",\"metadata\":" + (*entry)->metadata.value_or("null") + '}';
    }
    call.end();
    v8::Local<v8::Value> result;
    if (type == Type::Text || type == Type::Json) {
        result = toJs(js, value);
    } else if (type == Type::Buffer) {
        v8::Local<v8::ArrayBuffer> buffer;
        if (!toArrayBuffer(js, value).ToLocal(&buffer))
            return;
        result = buffer;
    } else if (!toUint8Array(js, value).ToLocal(&result)) {
        return;
    }
    if (withMetadata) {
        std::array<v8::Local<v8::Value>, 2> pair{result, (*entry)->metadata ? toJs(js, *(*entry)->metadata) : v8::Local<v8::Value>(v8::Undefined(js.isolate))};
        result = v8::Array::New(js.isolate, pair.data(), pair.size());
    }
    arguments.GetReturnValue().Set(result);
}

std::optional<std::int64_t> optionalNumber(v8::Local<v8::Value> value)
{
    if (!value->IsNumber())
        return std::nullopt;
    return static_cast<std::int64_t>(value.As<v8::Number>()->Value());
}

/// The text of a value as a decoder gives it: without the mark of its byte order.
std::string_view withoutMark(std::string_view text)
{
    return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

std::string shownKeys(const std::vector<std::string> &keys)
{
    std::string shown;
    for (std::size_t i = 0; i < keys.size() && i < 20; ++i)
        shown += (i ? "," : "") + jsonString(keys[i]);
    return shown + (keys.size() > 20 ? ",\"\u2026\"]" : "]");
}

struct BulkRead {
    std::vector<v8::Local<v8::Value>> values; ///< value, metadata text, value, ...; undefined where there is none
    std::size_t found = 0;
    std::size_t bytes = 0;
};

/// Key by key, so that what is wrong with the first of them is told.
base::Result<BulkRead> readBulk(Js js, KvNamespace &space, const std::vector<std::string> &keys, Type type)
{
    BulkRead result;
    std::size_t length = 0;
    const v8::Local<v8::Value> undefined = v8::Undefined(js.isolate);
    for (const std::string &key : keys) {
        const auto entry = space.readOfBulk(key);
        if (!entry)
            return std::unexpected(entry.error());
        v8::Local<v8::Value> value = undefined;
        v8::Local<v8::Value> metadata = undefined;
        if (*entry) {
            ++result.found;
            result.bytes += (*entry)->value->size();
            value = toJs(js, withoutMark(*(*entry)->value));
            length += value->IsString() ? static_cast<std::size_t>(value.As<v8::String>()->Length()) : 0;
            if (type == Type::Json) {
                const v8::TryCatch quiet(js.isolate);
                if (!value->IsString() || !v8::JSON::Parse(js.context, value.As<v8::String>()).ToLocal(&value)) {
                    passTermination(js, quiet);
                    return base::fail("kv.option", "KV GET_BULK failed: 400 At least one of the requested keys corresponds to a non-json value");
                }
            }
            if ((*entry)->metadata)
                metadata = toJs(js, *(*entry)->metadata);
        }
        // Beyond the limit only what is wrong with the rest is of interest.
        if (length > bindings::kv::maxBulkLength)
            value = undefined;
        result.values.push_back(value);
        result.values.push_back(metadata);
    }
    if (length > bindings::kv::maxBulkLength)
        return base::fail("kv.limit", "KV GET_BULK failed: 413 Total size of request exceeds the limit of 25MB");
    return result;
}

/// kvGetBulk(binding, [key, ...], type, withMetadata): [value or undefined, metadata text or undefined, value, ...]. Type "json" gives what was parsed.
void kvGetBulk(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    const auto type = static_cast<Type>(arguments[2]->Uint32Value(js.context).FromMaybe(0));
    std::vector<std::string> keys;
    if (arguments[1]->IsArray()) {
        const auto list = arguments[1].As<v8::Array>();
        for (std::uint32_t i = 0; i < list->Length(); ++i) {
            v8::Local<v8::Value> key;
            if (list->Get(js.context, i).ToLocal(&key))
                keys.push_back(toStd(js, key));
        }
    }
    CallRecorder call(WorkerState::of(js.isolate), "kv", binding.name, arguments[3]->IsTrue() ? "getWithMetadata" : "get");
    if (call.wanted())
        call.event().arguments = "[[" + shownKeys(keys) + (type == Type::Json ? ",\"json\"]" : "]");
    const auto read = readBulk(js, *binding.space, keys, type);
    if (!read) {
        fail(js, call, read.error());
        return;
    }
    call.event().bytes = read->bytes;
    if (call.wanted())
        call.event().result = "{\"found\":" + std::to_string(read->found) + ",\"asked\":" + std::to_string(keys.size()) + '}';
    call.end();
    auto values = read->values;
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, values.data(), values.size()));
}

/// kvPut(binding, key, value, expiration, ttl, metadata, mark): value is a string or bytes; numbers or undefined; JSON text or undefined
void kvPut(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    CallRecorder call(WorkerState::of(js.isolate), "kv", binding.name, "put", markOf(js, arguments[6]));
    const std::string key = toStd(js, arguments[1]);
    const bool text = arguments[2]->IsString();
    const std::string copied = text ? toStd(js, arguments[2]) : std::string();
    const std::string_view value = text ? std::string_view(copied) : bytesOf(arguments[2]);
    bindings::kv::PutOptions options;
    options.expiration = optionalNumber(arguments[3]);
    options.expirationTtl = optionalNumber(arguments[4]);
    if (arguments[5]->IsString())
        options.metadata = toStd(js, arguments[5]);
    if (call.wanted()) {
        call.event().bytes = value.size();
        std::string shown = '[' + jsonString(key) + ',' + preview(value);
        if (options.expiration || options.expirationTtl || options.metadata) {
            std::string fields;
            const auto add = [&](std::string_view name, const std::string &json) { fields += (fields.empty() ? "" : ",") + jsonString(name) + ':' + json; };
            if (options.expiration)
                add("expiration", std::to_string(*options.expiration));
            if (options.expirationTtl)
                add("expirationTtl", std::to_string(*options.expirationTtl));
            if (options.metadata)
                add("metadata", options.metadata->size() > 2048 ? preview(*options.metadata) : *options.metadata);
            shown += ",{" + fields + '}';
        }
        call.event().arguments = shown + ']';
    }
    const auto done = binding.space->put(key, base::asBytes(value), options);
    if (!done)
        fail(js, call, done.error());
    else
        call.end();
}

/// kvDelete(binding, key)
void kvDelete(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    const std::string key = toStd(js, arguments[1]);
    CallRecorder call(WorkerState::of(js.isolate), "kv", binding.name, "delete");
    if (call.wanted())
        call.event().arguments = '[' + jsonString(key) + ']';
    const auto done = binding.space->remove(key);
    if (!done)
        fail(js, call, done.error());
    else
        call.end();
}

/// kvList(binding, prefix, limit, cursor): [complete, cursor, name, expiration or undefined, metadata text or undefined, name, ...]
void kvList(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    CallRecorder call(WorkerState::of(js.isolate), "kv", binding.name, "list");
    bindings::kv::ListOptions options;
    options.prefix = toStd(js, arguments[1]);
    options.limit = optionalNumber(arguments[2]);
    options.cursor = toStd(js, arguments[3]);
    if (call.wanted()) {
        std::string fields;
        const auto add = [&](std::string_view name, const std::string &json) { fields += (fields.empty() ? "" : ",") + jsonString(name) + ':' + json; };
        if (!options.prefix.empty())
            add("prefix", jsonString(options.prefix));
        if (options.limit)
            add("limit", std::to_string(*options.limit));
        if (!options.cursor.empty())
            add("cursor", jsonString(options.cursor));
        call.event().arguments = fields.empty() ? "[]" : "[{" + fields + "}]";
    }
    const auto listed = binding.space->list(options);
    if (!listed) {
        fail(js, call, listed.error());
        return;
    }
    if (call.wanted()) {
        std::string names;
        for (std::size_t i = 0; i < listed->keys.size() && i < 20; ++i)
            names += (i ? "," : "") + jsonString(listed->keys[i].name);
        call.event().result = "{\"keys\":[" + names + "],\"count\":" + std::to_string(listed->keys.size()) + ",\"list_complete\":"
            + (listed->complete ? "true" : "false") + '}';
    }
    call.end();
    std::vector<v8::Local<v8::Value>> flat;
    flat.reserve(2 + listed->keys.size() * 3);
    flat.push_back(v8::Boolean::New(js.isolate, listed->complete));
    flat.push_back(toJs(js, listed->cursor));
    const v8::Local<v8::Value> undefined = v8::Undefined(js.isolate);
    for (const auto &key : listed->keys) {
        flat.push_back(toJs(js, key.name));
        flat.push_back(key.expiration ? v8::Local<v8::Value>(v8::Number::New(js.isolate, static_cast<double>(*key.expiration))) : undefined);
        flat.push_back(key.metadata ? toJs(js, *key.metadata) : undefined);
    }
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, flat.data(), flat.size()));
}

constexpr std::array natives = {
    Native{"kvGet", kvGet},
    Native{"kvGetBulk", kvGetBulk},
    Native{"kvPut", kvPut},
    Native{"kvDelete", kvDelete},
    Native{"kvList", kvList},
};

} // namespace

std::span<const Native> kvNatives()
{
    return natives;
}

} // namespace cleat::runtime
