// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/bindings/r2/r2limits.h"
#include "core/runtime/callrecorder.h"
#include "core/runtime/natives.h"

#include <algorithm>
#include <array>
#include <memory>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using namespace bindings::r2;

constexpr std::size_t pieceBytes = 256 << 10; ///< of a value that is read in pieces
constexpr std::size_t maxShownJson = 2048;

Realm::R2Binding &bindingOf(Js js, Arguments arguments)
{
    return WorkerState::of(js.isolate).realm().r2[arguments[0]->Uint32Value(js.context).FromMaybe(0)];
}

std::uint64_t idOf(Js js, v8::Local<v8::Value> value)
{
    return static_cast<std::uint64_t>(value->NumberValue(js.context).FromMaybe(0));
}

v8::Local<v8::Value> number(Js js, std::int64_t value)
{
    return v8::Number::New(js.isolate, static_cast<double>(value));
}

std::optional<std::int64_t> optionalNumber(v8::Local<v8::Value> value)
{
    if (!value->IsNumber())
        return std::nullopt;
    // JavaScript has checked the rest; what no file can reach is as good as the end.
    return static_cast<std::int64_t>(std::clamp(value.As<v8::Number>()->Value(), -9e15, 9e15));
}

/// A flat JavaScript array, element by element; undefined behind its end or when it is none.
class Flat final
{
public:
    Flat(Js js, v8::Local<v8::Value> value) : m_js(js)
    {
        if (value->IsArray())
            m_array = value.As<v8::Array>();
    }
    std::uint32_t size() const { return m_array.IsEmpty() ? 0 : m_array->Length(); }
    v8::Local<v8::Value> at(std::uint32_t i) const
    {
        v8::Local<v8::Value> value;
        if (i < size() && m_array->Get(m_js.context, i).ToLocal(&value))
            return value;
        return v8::Undefined(m_js.isolate);
    }
    std::string text(std::uint32_t i) const { return toStd(m_js, at(i)); }

private:
    const Js m_js;
    v8::Local<v8::Array> m_array; // lives as long as the call of the native
};

/// [kind, value, kind, value, ...], or undefined
std::optional<std::vector<Etag>> etagsOf(Js js, v8::Local<v8::Value> value)
{
    if (!value->IsArray())
        return std::nullopt;
    const Flat flat(js, value);
    std::vector<Etag> etags;
    for (std::uint32_t i = 0; i + 1 < flat.size(); i += 2)
        etags.push_back({static_cast<Etag::Kind>(flat.at(i)->Int32Value(js.context).FromMaybe(0)), flat.text(i + 1)});
    return etags;
}

/// [etagMatches, etagDoesNotMatch, uploadedBefore, uploadedAfter, secondsGranularity], or undefined
std::optional<Conditions> conditionsOf(Js js, v8::Local<v8::Value> value)
{
    if (!value->IsArray())
        return std::nullopt;
    const Flat flat(js, value);
    return Conditions{etagsOf(js, flat.at(0)), etagsOf(js, flat.at(1)), optionalNumber(flat.at(2)), optionalNumber(flat.at(3)), flat.at(4)->IsTrue()};
}

std::string shown(const std::vector<Etag> &etags)
{
    std::string text;
    for (const Etag &etag : etags)
        text += (text.empty() ? "" : ", ") + (etag.kind == Etag::Kind::Wildcard ? "*" : (etag.kind == Etag::Kind::Weak ? "W/\"" : "\"") + etag.value + '"');
    return jsonString(text);
}

void addShown(ShownFields &fields, const std::optional<Conditions> &conditions)
{
    if (!conditions)
        return;
    ShownFields inner;
    if (conditions->etagMatches)
        inner.add("etagMatches", shown(*conditions->etagMatches));
    if (conditions->etagDoesNotMatch)
        inner.add("etagDoesNotMatch", shown(*conditions->etagDoesNotMatch));
    if (conditions->uploadedBeforeMs)
        inner.add("uploadedBefore", std::to_string(*conditions->uploadedBeforeMs));
    if (conditions->uploadedAfterMs)
        inner.add("uploadedAfter", std::to_string(*conditions->uploadedAfterMs));
    fields.add("onlyIf", inner.json());
}

/// [httpMetadata, customMetadata, hash or undefined, its bytes, conditions]: JSON texts, a number
PutOptions putOptionsOf(Js js, v8::Local<v8::Value> value)
{
    PutOptions options;
    const Flat flat(js, value);
    if (flat.size() == 0)
        return options;
    options.httpMetadata = flat.text(0);
    options.customMetadata = flat.text(1);
    if (flat.at(2)->IsNumber())
        options.checksum = Checksum{static_cast<Hash>(flat.at(2)->Int32Value(js.context).FromMaybe(0)), std::string(bytesOf(flat.at(3)))};
    options.onlyIf = conditionsOf(js, flat.at(4));
    return options;
}

/// With a comma in front; nothing when there are none.
std::string shown(const PutOptions &options)
{
    ShownFields fields;
    const auto addJson = [&](std::string_view name, const std::string &json) {
        if (json != "{}")
            fields.add(name, json.size() > maxShownJson ? preview(json) : json);
    };
    addJson("httpMetadata", options.httpMetadata);
    addJson("customMetadata", options.customMetadata);
    if (options.checksum)
        fields.add(fieldOf(options.checksum->hash), jsonString(base::toHex(base::asBytes(options.checksum->bytes))));
    addShown(fields, options.onlyIf);
    return fields.empty() ? std::string() : ',' + fields.json();
}

std::string shown(const Object &object)
{
    ShownFields fields;
    fields.add("key", jsonString(object.key));
    fields.add("size", std::to_string(object.size));
    fields.add("etag", jsonString(object.etag));
    return fields.json();
}

/// [key, version, size, etag, uploaded, checksums, httpMetadata, customMetadata, offset or undefined, length, ...]
void append(Js js, std::vector<v8::Local<v8::Value>> &flat, const Object &object)
{
    const v8::Local<v8::Value> undefined = v8::Undefined(js.isolate);
    for (const v8::Local<v8::Value> value : {toJs(js, object.key), toJs(js, object.version), number(js, object.size), toJs(js, object.etag),
             number(js, object.uploadedMs), toJs(js, object.checksums), toJs(js, object.httpMetadata), toJs(js, object.customMetadata),
             object.range ? number(js, object.range->offset) : undefined, object.range ? number(js, object.range->length) : undefined})
        flat.push_back(value);
}

v8::Local<v8::Array> toJs(Js js, const Object &object)
{
    std::vector<v8::Local<v8::Value>> flat;
    append(js, flat, object);
    return v8::Array::New(js.isolate, flat.data(), flat.size());
}

/// r2Head(binding, key): an object, or undefined
void r2Head(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    const std::string key = toStd(js, arguments[1]);
    CallRecorder call(WorkerState::of(js.isolate), "r2", binding.name, "head");
    if (call.wanted())
        call.event().arguments = '[' + jsonString(key) + ']';
    const auto found = binding.bucket->head(key);
    if (!found) {
        call.fail(js, found.error());
        return;
    }
    if (call.wanted())
        call.event().result = *found ? shown(**found) : "null";
    call.end();
    if (*found)
        arguments.GetReturnValue().Set(toJs(js, **found));
}

GetOptions getOptionsOf(Js js, const Flat &flat)
{
    GetOptions options;
    options.onlyIf = conditionsOf(js, flat.at(0));
    RangeRequest range{optionalNumber(flat.at(2)), optionalNumber(flat.at(3)), optionalNumber(flat.at(4)), {}};
    if (flat.at(1)->IsString())
        range.header = flat.text(1);
    if (range.header || range.offset || range.length || range.suffix)
        options.range = std::move(range);
    return options;
}

std::string shown(const std::string &key, const GetOptions &options)
{
    ShownFields fields;
    addShown(fields, options.onlyIf);
    if (options.range) {
        ShownFields range;
        for (const auto &[name, value] :
            {std::pair("offset", options.range->offset), std::pair("length", options.range->length), std::pair("suffix", options.range->suffix)}) {
            if (value)
                range.add(name, std::to_string(*value));
        }
        fields.add("range", options.range->header ? jsonString(*options.range->header) : range.json());
    }
    return '[' + jsonString(key) + (fields.empty() ? std::string() : ',' + fields.json()) + ']';
}

/// A body that reads the value as it is taken; gives its number.
BodyId startReading(WorkerState &state, std::unique_ptr<ObjectReader> value)
{
    const BodyId id = state.nextFetch();
    BodySource &body = state.bodies[id];
    body.origin = BodySource::Origin::Storage;
    body.request = state.currentRequest();
    body.realm = state.sharedRealm();
    body.next = [reader = std::shared_ptr<ObjectReader>(std::move(value))] { return reader->read(pieceBytes); };
    return id;
}

/// r2Get(binding, key, [conditions, range header, offset, length, suffix] or undefined): undefined, or an object with its value at the end: null (the
/// conditions do not hold), a Uint8Array, or the number of a body
void r2Get(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    WorkerState &state = WorkerState::of(js.isolate);
    const auto &binding = bindingOf(js, arguments);
    const std::string key = toStd(js, arguments[1]);
    CallRecorder call(state, "r2", binding.name, "get");
    const GetOptions options = getOptionsOf(js, Flat(js, arguments[2]));
    if (call.wanted())
        call.event().arguments = shown(key, options);
    auto found = binding.bucket->get(key, options);
    if (!found) {
        call.fail(js, found.error());
        return;
    }
    if (!*found) {
        call.event().result = "null";
        call.end();
        return;
    }
    Got &got = **found;
    std::vector<v8::Local<v8::Value>> flat;
    flat.reserve(11);
    append(js, flat, got.object);
    if (call.wanted())
        call.event().result = shown(got.object);
    v8::Local<v8::Value> value = v8::Null(js.isolate);
    if (got.outcome == Got::Outcome::Value) {
        call.event().bytes = static_cast<std::uint64_t>(got.object.range->length);
        std::string_view bytes;
        if (got.whole)
            bytes = std::string_view(*got.whole)
                        .substr(static_cast<std::size_t>(got.object.range->offset), static_cast<std::size_t>(got.object.range->length));
        if (call.wanted()) {
            call.event().result.pop_back();
            call.event().result += ",\"value\":" + (got.whole ? preview(bytes) : jsonString("<" + std::to_string(got.object.range->length) + " bytes>")) + '}';
        }
        if (!got.whole) {
            value = number(js, static_cast<std::int64_t>(startReading(state, std::move(got.value))));
        } else if (!toUint8Array(js, bytes).ToLocal(&value)) {
            call.end();
            return;
        }
    }
    call.end();
    flat.push_back(value);
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, flat.data(), flat.size()));
}

/// r2Write(binding, operation, hash or undefined): a number, for values that come in pieces
void r2Write(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    WorkerState &state = WorkerState::of(js.isolate);
    const auto &binding = bindingOf(js, arguments);
    const std::string operation = toStd(js, arguments[1]);
    const std::optional<CallMark> mark = state.beginCall(5);
    auto writer = binding.bucket->write(operation, arguments[2]->IsNumber() ? std::optional(static_cast<Hash>(arguments[2]->Int32Value(js.context).FromMaybe(0))) : std::nullopt);
    if (!writer) {
        CallRecorder(state, "r2", binding.name, operation, mark).fail(js, writer.error());
        return;
    }
    const std::uint64_t id = state.nextFetch();
    state.objectWrites.emplace(id, WorkerState::ObjectWrite{state.currentRequest(), mark.value_or(CallMark()), std::move(*writer)});
    arguments.GetReturnValue().Set(static_cast<double>(id));
}

/// r2WritePiece(write, bytes, operation)
void r2WritePiece(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const auto found = state.objectWrites.find(idOf(js, arguments[0]));
    if (found == state.objectWrites.end()) {
        throwError(js, "The request that wrote this value has ended.");
        return;
    }
    if (const auto written = found->second.writer.write(base::asBytes(bytesOf(arguments[1]))); !written)
        throwError(js, refused(toStd(js, arguments[2]), Code::Internal, written.error().message).error().message);
}

/// r2WriteFailed(binding, operation, write, key, message): the stream ended with an error
void r2WriteFailed(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const auto found = state.objectWrites.find(idOf(js, arguments[2]));
    if (found == state.objectWrites.end())
        return;
    CallRecorder call(state, "r2", bindingOf(js, arguments).name, toStd(js, arguments[1]), found->second.mark);
    if (call.wanted())
        call.event().arguments = '[' + jsonString(toStd(js, arguments[3])) + ",\"<stream>\"]";
    call.event().bytes = static_cast<std::uint64_t>(found->second.writer.size());
    call.event().error = toStd(js, arguments[4]);
    call.end();
    state.objectWrites.erase(found);
}

/// A value out of a string, bytes, or the number of a write.
struct Value {
    std::optional<ObjectWriter> writer;
    std::string shown;
};

/// The mark of a write by its number; else one that is made now.
std::optional<CallMark> markOfWrite(Js js, v8::Local<v8::Value> value)
{
    WorkerState &state = WorkerState::of(js.isolate);
    if (value->IsNumber()) {
        if (const auto found = state.objectWrites.find(idOf(js, value)); found != state.objectWrites.end())
            return found->second.mark;
    }
    return state.beginCall(4);
}

base::Result<Value> valueOf(Js js, const Realm::R2Binding &binding, std::string_view operation, v8::Local<v8::Value> value, std::optional<Hash> hash)
{
    Value result;
    if (value->IsNumber()) {
        auto &writes = WorkerState::of(js.isolate).objectWrites;
        const auto found = writes.find(idOf(js, value));
        if (found == writes.end())
            return base::fail("r2.storage", "The request that wrote this value has ended.");
        result.writer.emplace(std::move(found->second.writer));
        result.shown = jsonString("<" + std::to_string(result.writer->size()) + " bytes>");
        writes.erase(found);
        return result;
    }
    auto writer = binding.bucket->write(operation, hash);
    if (!writer)
        return std::unexpected(std::move(writer.error()));
    const std::string copied = value->IsString() ? toStdAsIs(js, value.As<v8::String>()) : std::string();
    const std::string_view bytes = value->IsString() ? std::string_view(copied) : bytesOf(value);
    result.shown = preview(bytes);
    if (const auto written = writer->write(base::asBytes(bytes)); !written)
        return refused(operation, Code::Internal, written.error().message);
    result.writer.emplace(std::move(*writer));
    return result;
}

/// r2Put(binding, key, value, options): an object, or undefined (the conditions do not hold)
void r2Put(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!arguments[2]->IsNumber() && !state.mayCall(js, WorkerState::Quota::Service)) // a write has been counted at its begin
        return;
    const auto &binding = bindingOf(js, arguments);
    const std::string key = toStd(js, arguments[1]);
    const PutOptions options = putOptionsOf(js, arguments[3]);
    const std::optional<CallMark> mark = markOfWrite(js, arguments[2]);
    auto value = valueOf(js, binding, "put", arguments[2], options.checksum ? std::optional(options.checksum->hash) : std::nullopt);
    CallRecorder call(state, "r2", binding.name, "put", mark);
    if (call.wanted())
        call.event().arguments = '[' + jsonString(key) + ',' + (value ? value->shown : "null") + shown(options) + ']';
    if (!value) {
        call.fail(js, value.error());
        return;
    }
    call.event().bytes = static_cast<std::uint64_t>(value->writer->size());
    const auto stored = binding.bucket->put(key, std::move(*value->writer), options);
    if (!stored) {
        call.fail(js, stored.error());
        return;
    }
    if (call.wanted())
        call.event().result = *stored ? shown(**stored) : "null";
    call.end();
    if (*stored)
        arguments.GetReturnValue().Set(toJs(js, **stored));
}

/// r2Delete(binding, [key, ...])
void r2Delete(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    const Flat flat(js, arguments[1]);
    std::vector<std::string> keys;
    std::string shownKeys;
    for (std::uint32_t i = 0; i < flat.size(); ++i) {
        keys.push_back(flat.text(i));
        if (i < 20)
            shownKeys += (i ? "," : "") + jsonString(keys.back());
    }
    CallRecorder call(WorkerState::of(js.isolate), "r2", binding.name, "delete");
    if (call.wanted())
        call.event().arguments = keys.size() == 1 ? '[' + shownKeys + ']' : "[[" + shownKeys + (keys.size() > 20 ? ",\"\u2026\"" : "") + "]]";
    const auto done = binding.bucket->remove(keys);
    if (!done)
        call.fail(js, done.error());
    else
        call.end();
}

/// r2List(binding, prefix, delimiter, cursor, startAfter or undefined, limit or undefined, include http, include custom):
/// [truncated, cursor, [prefix, ...], object, object, ...], the objects one after the other
void r2List(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    CallRecorder call(WorkerState::of(js.isolate), "r2", binding.name, "list");
    ListOptions options{toStd(js, arguments[1]), toStd(js, arguments[2]), toStd(js, arguments[3]), {}, optionalNumber(arguments[5]), arguments[6]->IsTrue(),
        arguments[7]->IsTrue()};
    if (arguments[4]->IsString())
        options.startAfter = toStd(js, arguments[4]);
    ShownFields fields;
    if (!options.prefix.empty())
        fields.add("prefix", jsonString(options.prefix));
    if (!options.delimiter.empty())
        fields.add("delimiter", jsonString(options.delimiter));
    if (!options.cursor.empty())
        fields.add("cursor", jsonString(options.cursor));
    if (options.startAfter)
        fields.add("startAfter", jsonString(*options.startAfter));
    if (options.limit)
        fields.add("limit", std::to_string(*options.limit));
    if (call.wanted())
        call.event().arguments = fields.empty() ? "[]" : '[' + fields.json() + ']';
    const auto listed = binding.bucket->list(options);
    if (!listed) {
        call.fail(js, listed.error());
        return;
    }
    std::string keys;
    for (std::size_t i = 0; i < listed->objects.size() && i < 20; ++i)
        keys += (i ? "," : "") + jsonString(listed->objects[i].key);
    std::string prefixes;
    for (std::size_t i = 0; i < listed->delimitedPrefixes.size() && i < 20; ++i)
        prefixes += (i ? "," : "") + jsonString(listed->delimitedPrefixes[i]);
    if (call.wanted())
        call.event().result = "{\"objects\":[" + keys + "],\"count\":" + std::to_string(listed->objects.size()) + ",\"delimitedPrefixes\":[" + prefixes
        + "],\"truncated\":" + (listed->truncated ? "true" : "false") + '}';
    call.end();
    std::vector<v8::Local<v8::Value>> names;
    for (const std::string &prefix : listed->delimitedPrefixes)
        names.push_back(toJs(js, prefix));
    std::vector<v8::Local<v8::Value>> flat{v8::Boolean::New(js.isolate, listed->truncated), toJs(js, listed->cursor),
        v8::Array::New(js.isolate, names.data(), names.size())};
    flat.reserve(3 + listed->objects.size() * 10);
    for (const Object &object : listed->objects)
        append(js, flat, object);
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, flat.data(), flat.size()));
}

/// r2Create(binding, key, options): the upload's id
void r2Create(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    const std::string key = toStd(js, arguments[1]);
    const PutOptions options = putOptionsOf(js, arguments[2]);
    CallRecorder call(WorkerState::of(js.isolate), "r2", binding.name, "createMultipartUpload");
    if (call.wanted())
        call.event().arguments = '[' + jsonString(key) + shown(options) + ']';
    const auto id = binding.bucket->createMultipartUpload(key, options);
    if (!id) {
        call.fail(js, id.error());
        return;
    }
    if (call.wanted())
        call.event().result = "{\"uploadId\":" + jsonString(*id) + '}';
    call.end();
    arguments.GetReturnValue().Set(toJs(js, *id));
}

/// r2UploadPart(binding, key, upload, number, value, mark): the etag
void r2UploadPart(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!arguments[4]->IsNumber() && !state.mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    const std::string key = toStd(js, arguments[1]);
    const std::string upload = toStd(js, arguments[2]);
    const int part = arguments[3]->Int32Value(js.context).FromMaybe(0);
    std::optional<CallMark> mark = markOf(js, arguments[5]);
    if (!mark)
        mark = markOfWrite(js, arguments[4]);
    auto value = valueOf(js, binding, "uploadPart", arguments[4], {});
    CallRecorder call(state, "r2", binding.name, "uploadPart", mark);
    if (call.wanted())
        call.event().arguments = '[' + std::to_string(part) + ',' + (value ? value->shown : "null") + ",{\"key\":" + jsonString(key) + "}]";
    if (!value) {
        call.fail(js, value.error());
        return;
    }
    call.event().bytes = static_cast<std::uint64_t>(value->writer->size());
    const auto etag = binding.bucket->uploadPart(key, upload, part, std::move(*value->writer));
    if (!etag) {
        call.fail(js, etag.error());
        return;
    }
    if (call.wanted())
        call.event().result = "{\"partNumber\":" + std::to_string(part) + ",\"etag\":" + jsonString(*etag) + '}';
    call.end();
    arguments.GetReturnValue().Set(toJs(js, *etag));
}

/// r2Complete(binding, key, upload, [number, etag, number, etag, ...]): an object
void r2Complete(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    const std::string key = toStd(js, arguments[1]);
    const Flat flat(js, arguments[3]);
    std::vector<UploadedPart> parts;
    for (std::uint32_t i = 0; i + 1 < flat.size(); i += 2)
        parts.push_back({flat.at(i)->Int32Value(js.context).FromMaybe(0), flat.text(i + 1)});
    CallRecorder call(WorkerState::of(js.isolate), "r2", binding.name, "completeMultipartUpload");
    if (call.wanted())
        call.event().arguments = "[{\"key\":" + jsonString(key) + ",\"parts\":" + std::to_string(parts.size()) + "}]";
    const auto object = binding.bucket->completeMultipartUpload(key, toStd(js, arguments[2]), parts);
    if (!object) {
        call.fail(js, object.error());
        return;
    }
    if (call.wanted())
        call.event().result = shown(*object);
    call.event().bytes = static_cast<std::uint64_t>(object->size);
    call.end();
    arguments.GetReturnValue().Set(toJs(js, *object));
}

/// r2Abort(binding, key, upload)
void r2Abort(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    const std::string key = toStd(js, arguments[1]);
    CallRecorder call(WorkerState::of(js.isolate), "r2", binding.name, "abortMultipartUpload");
    if (call.wanted())
        call.event().arguments = "[{\"key\":" + jsonString(key) + "}]";
    const auto done = binding.bucket->abortMultipartUpload(key, toStd(js, arguments[2]));
    if (!done)
        call.fail(js, done.error());
    else
        call.end();
}

constexpr std::array natives = {
    Native{"r2Head", r2Head},
    Native{"r2Get", r2Get},
    Native{"r2Write", r2Write},
    Native{"r2WritePiece", r2WritePiece},
    Native{"r2WriteFailed", r2WriteFailed},
    Native{"r2Put", r2Put},
    Native{"r2Delete", r2Delete},
    Native{"r2List", r2List},
    Native{"r2Create", r2Create},
    Native{"r2UploadPart", r2UploadPart},
    Native{"r2Complete", r2Complete},
    Native{"r2Abort", r2Abort},
};

} // namespace

std::span<const Native> r2Natives()
{
    return natives;
}

} // namespace cleat::runtime
