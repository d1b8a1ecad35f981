// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/bindings/vectorize/vectorindex.h"
#include "core/runtime/callrecorder.h"
#include "core/runtime/natives.h"
#include "core/runtime/preview.h"
#include "core/runtime/workerstate.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using base::Json;
using namespace bindings::vectorize;

constexpr std::size_t shownVectors = 10;
constexpr std::size_t shownNumbers = 8; ///< of a vector

Realm::VectorizeBinding &bindingOf(Js js, Arguments arguments)
{
    return WorkerState::of(js.isolate).realm().vectorize.at(arguments[0]->Uint32Value(js.context).FromMaybe(0));
}

std::string textOf(const Json &json)
{
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// What a JSON text stands for, as a part of another.
Json parsed(const std::string &text)
{
    return Json::parse(text, nullptr, false);
}

std::vector<float> floatsOf(v8::Local<v8::Value> value)
{
    const std::string_view bytes = bytesOf(value);
    std::vector<float> values(bytes.size() / sizeof(float));
    if (!values.empty())
        std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
    return values;
}

Json numberJson(double number)
{
    const bool whole = number == std::floor(number) && std::abs(number) < 1e15;
    return whole ? Json(static_cast<std::int64_t>(number)) : Json(number);
}

/// Some of a vector for the log: the first numbers, and how many there are.
Json shownValues(std::span<const float> values)
{
    Json list = Json::array();
    for (const float value : values.first(std::min(values.size(), shownNumbers)))
        list.push_back(value);
    if (values.size() > shownNumbers)
        list.push_back("\u2026 (" + std::to_string(values.size()) + " numbers)");
    return list;
}

Json shownVector(const Vector &vector)
{
    Json shown{{"id", vector.id}, {"values", shownValues(vector.values)}};
    if (vector.nameSpace)
        shown["namespace"] = *vector.nameSpace;
    if (vector.metadata)
        shown["metadata"] = vector.metadata->size() <= 1024 ? parsed(*vector.metadata) : parsed(preview(*vector.metadata));
    return shown;
}

template <typename List, typename Show>
Json shownList(const List &list, Show &&show)
{
    Json shown = Json::array();
    for (std::size_t i = 0; i < list.size() && i < shownVectors; ++i)
        shown.push_back(show(list[i]));
    if (list.size() > shownVectors)
        shown.push_back("\u2026 (" + std::to_string(list.size()) + " in all)");
    return shown;
}

std::string_view operationOf(std::string_view method)
{
    return method == "describe" ? "INDEX_GET"
        : method == "insert"    ? "VECTOR_INSERT"
        : method == "upsert"    ? "VECTOR_UPSERT"
        : method == "getByIds"  ? "VECTOR_GET"
        : method == "deleteByIds" ? "VECTOR_DELETE"
                                  : "VECTOR_QUERY";
}

/// The failure for js/vectorize.js: [number of the product or undefined, message]. The log has the text that the code sees.
void refuse(Js js, Arguments arguments, CallRecorder &call, std::string_view method, const base::Error &error)
{
    constexpr std::string_view prefix = "vectorize.";
    std::string_view number = error.code;
    if (number.starts_with(prefix))
        number.remove_prefix(prefix.size());
    const bool known = !number.empty() && std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
    if (call.wanted())
        call.event().error = std::string(operationOf(method)) + "_ERROR" + (known ? " (code = " + std::string(number) + ")" : "") + ": " + error.message;
    call.end();
    std::array<v8::Local<v8::Value>, 2> parts{
        known ? v8::Number::New(js.isolate, std::stod(std::string(number))).As<v8::Value>() : v8::Undefined(js.isolate).As<v8::Value>(), toJs(js, error.message)};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, parts.data(), parts.size()));
}

void answer(Js js, Arguments arguments, CallRecorder &call, const Json &shown, const Json &result)
{
    if (call.wanted())
        call.event().result = textOf(shown);
    call.end();
    arguments.GetReturnValue().Set(toJs(js, textOf(result)));
}

/// A line of the console that the code did not write.
void say(WorkerState &state, const std::string &text)
{
    events::ConsoleEvent event;
    event.request = state.currentRequest();
    event.timeUs = base::wallUs();
    event.level = events::Level::Warn;
    event.text = text;
    state.record(std::move(event));
}

Json mutationJson(const Mutation &mutation, Version version)
{
    if (version == Version::V1)
        return Json{{"count", mutation.ids.size()}, {"ids", mutation.ids}};
    return Json{{"mutationId", mutation.id}};
}

Json vectorJson(const Vector &vector, Json &&values)
{
    Json json{{"id", vector.id}};
    if (vector.nameSpace)
        json["namespace"] = *vector.nameSpace;
    if (vector.metadata)
        json["metadata"] = parsed(*vector.metadata);
    json["values"] = std::move(values);
    return json;
}

Json wholeValues(std::span<const float> values)
{
    Json list = Json::array();
    for (const float value : values)
        list.push_back(static_cast<double>(value));
    return list;
}

template <typename Values>
Json matchesJson(const Matches &matches, Values &&values)
{
    Json list = Json::array();
    for (const Match &match : matches.matches) {
        Json json{{"id", match.id}, {"score", match.score}};
        if (match.nameSpace)
            json["namespace"] = *match.nameSpace;
        if (!match.values.empty())
            json["values"] = values(match.values);
        if (match.metadata)
            json["metadata"] = parsed(*match.metadata);
        list.push_back(std::move(json));
    }
    return Json{{"count", matches.matches.size()}, {"matches", std::move(list)}};
}

/// vectorizeVersion(binding): 1 or 2; 2 for an index that is not there
void vectorizeVersion(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto config = bindingOf(js, arguments).index->config();
    arguments.GetReturnValue().Set(config ? static_cast<std::int32_t>(config->version) : 2);
}

/// vectorizeDescribe(binding, mark): as all that follow, JSON or [number, message] of a failure
void vectorizeDescribe(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!state.mayCall(js, WorkerState::Quota::Service))
        return;
    const auto &binding = bindingOf(js, arguments);
    CallRecorder call(state, "vectorize", binding.name, "describe", markOf(js, arguments[1]));
    if (call.wanted())
        call.event().arguments = "[]";
    const auto told = binding.index->describe();
    if (!told) {
        refuse(js, arguments, call, "describe", told.error());
        return;
    }
    Json json;
    if (told->config.version == Version::V1) {
        json = Json{{"id", told->incarnation}, {"name", told->config.name}, {"description", told->config.description},
            {"config", Json{{"dimensions", told->config.dimensions}, {"metric", metricName(told->config.metric)}}}, {"vectorsCount", told->vectors}};
    } else {
        const bool any = !told->mutation.empty();
        json = Json{{"vectorCount", told->vectors}, {"dimensions", told->config.dimensions}, {"processedUpToDatetime", any ? Json(isoTime(told->mutationMs)) : Json()},
            {"processedUpToMutation", any ? Json(told->mutation) : Json()}};
    }
    answer(js, arguments, call, json, json);
}

/// The index of a binding is made by the first vectors that come, because the guide's code expects no more than the binding; what it was made as is said.
base::Result<void> makeFor(WorkerState &state, const VectorIndex &index, const Vector &first)
{
    IndexConfig config;
    config.name = index.name();
    config.dimensions = static_cast<std::uint32_t>(first.values.size());
    auto made = createIndex(index.state(), config);
    if (!made)
        return made.error().code == "vectorize.exists" ? base::Result<void>() : std::unexpected(std::move(made.error())); // another Worker was first
    say(state,
        "The local Vectorize index \"" + config.name + "\" was made for the first vectors: " + std::to_string(config.dimensions)
            + " dimensions, metric cosine. For others: cleat vectorize delete " + config.name + ", then cleat vectorize create " + config.name + " --dimensions=... --metric=...");
    return {};
}

/// vectorizeWrite(binding, mark, "insert" or "upsert", [id, Float32Array, namespace or undefined, JSON or undefined, ...])
void vectorizeWrite(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!state.mayCall(js, WorkerState::Quota::Service) || !arguments[3]->IsArray())
        return;
    const auto &binding = bindingOf(js, arguments);
    const std::string method = toStd(js, arguments[2]);
    const v8::Local<v8::Array> flat = arguments[3].As<v8::Array>();
    const auto at = [&](std::uint32_t i) { return flat->Get(js.context, i).FromMaybe(v8::Local<v8::Value>(v8::Undefined(js.isolate))); };
    std::vector<Vector> vectors;
    vectors.reserve(flat->Length() / 4);
    std::uint64_t bytes = 0;
    for (std::uint32_t i = 0; i + 3 < flat->Length(); i += 4) {
        Vector &vector = vectors.emplace_back();
        vector.id = toStd(js, at(i));
        vector.values = floatsOf(at(i + 1));
        if (const auto text = at(i + 2); text->IsString())
            vector.nameSpace = toStd(js, text);
        if (const auto text = at(i + 3); text->IsString())
            vector.metadata = toStd(js, text);
        bytes += vector.values.size() * sizeof(float) + (vector.metadata ? vector.metadata->size() : 0);
    }
    CallRecorder call(state, "vectorize", binding.name, method, markOf(js, arguments[1]));
    if (call.wanted()) {
        call.event().bytes = bytes;
        call.event().arguments = textOf(Json::array({shownList(vectors, shownVector)}));
    }
    const auto write = [&] { return method == "insert" ? binding.index->insert(vectors) : binding.index->upsert(vectors); };
    auto mutation = write();
    if (!mutation && mutation.error().code == "vectorize.missing" && !vectors.empty()) {
        if (auto made = makeFor(state, *binding.index, vectors.front()); !made)
            mutation = std::unexpected(std::move(made.error()));
        else
            mutation = write();
    }
    const auto config = mutation ? binding.index->config() : std::unexpected(mutation.error());
    if (!config) {
        refuse(js, arguments, call, method, config.error());
        return;
    }
    const Json json = mutationJson(*mutation, config->version);
    answer(js, arguments, call, Json{{"mutationId", mutation->id}, {"count", mutation->ids.size()}}, json);
}

/// vectorizeIds(binding, mark, "getByIds" or "deleteByIds", [id, ...])
void vectorizeIds(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!state.mayCall(js, WorkerState::Quota::Service) || !arguments[3]->IsArray())
        return;
    const auto &binding = bindingOf(js, arguments);
    const std::string method = toStd(js, arguments[2]);
    const v8::Local<v8::Array> list = arguments[3].As<v8::Array>();
    std::vector<std::string> ids;
    for (std::uint32_t i = 0; i < list->Length(); ++i)
        ids.push_back(toStd(js, list->Get(js.context, i).FromMaybe(v8::Local<v8::Value>(v8::Undefined(js.isolate)))));
    CallRecorder call(state, "vectorize", binding.name, method, markOf(js, arguments[1]));
    if (call.wanted())
        call.event().arguments = textOf(Json::array({shownList(ids, [](const std::string &id) { return Json(id); })}));
    if (method == "getByIds") {
        const auto vectors = binding.index->getByIds(ids);
        if (!vectors) {
            refuse(js, arguments, call, method, vectors.error());
            return;
        }
        Json all = Json::array();
        for (const Vector &vector : *vectors) {
            all.push_back(vectorJson(vector, wholeValues(vector.values)));
            if (call.wanted())
                call.event().bytes += vector.values.size() * sizeof(float);
        }
        answer(js, arguments, call, call.wanted() ? shownList(*vectors, shownVector) : Json(), all);
        return;
    }
    const auto mutation = binding.index->deleteByIds(ids);
    const auto config = mutation ? binding.index->config() : std::unexpected(mutation.error());
    if (!config) {
        refuse(js, arguments, call, method, config.error());
        return;
    }
    answer(js, arguments, call, Json{{"mutationId", mutation->id}, {"count", mutation->ids.size()}}, mutationJson(*mutation, config->version));
}

/// vectorizeQuery(binding, mark, method, Float32Array or id, top K, with values, level of metadata, namespace or undefined, JSON of the filter or undefined)
void vectorizeQuery(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    if (!state.mayCall(js, WorkerState::Quota::Service))
        return;
    auto &binding = bindingOf(js, arguments);
    const std::string method = toStd(js, arguments[2]);
    const std::vector<float> values = floatsOf(arguments[3]);
    const std::string id = toStd(js, arguments[3]);
    QueryOptions options;
    options.topK = arguments[4]->NumberValue(js.context).FromMaybe(5);
    options.returnValues = arguments[5]->IsTrue() ? ReturnValues::Yes : ReturnValues::No;
    options.returnMetadata = static_cast<ReturnMetadata>(std::clamp(arguments[6]->Int32Value(js.context).FromMaybe(0), 0, 2));
    if (arguments[7]->IsString())
        options.nameSpace = toStd(js, arguments[7]);
    if (arguments[8]->IsString())
        options.filter = toStd(js, arguments[8]);
    CallRecorder call(state, "vectorize", binding.name, method, markOf(js, arguments[1]));
    if (call.wanted()) {
        Json shown{{"topK", numberJson(options.topK)}};
        if (options.returnValues == ReturnValues::Yes)
            shown["returnValues"] = true;
        if (options.returnMetadata != ReturnMetadata::None)
            shown["returnMetadata"] = options.returnMetadata == ReturnMetadata::All ? "all" : "indexed";
        if (options.nameSpace)
            shown["namespace"] = *options.nameSpace;
        if (!options.filter.empty())
            shown["filter"] = parsed(options.filter);
        call.event().arguments = textOf(Json::array({method == "queryById" ? Json(id) : shownValues(values), std::move(shown)}));
    }
    const auto matches = method == "queryById" ? binding.index->queryById(id, options) : binding.index->query(values, options);
    if (!matches) {
        refuse(js, arguments, call, method, matches.error());
        return;
    }
    for (const std::string &property : matches->unindexed) {
        if (binding.told.insert(property).second)
            say(state,
                "A filter names \"" + property + "\", for which the Vectorize index \"" + binding.index->name()
                    + "\" has no metadata index, so that no vector has a value there, as in production. Make one, then write the vectors again: cleat vectorize create-metadata-index "
                    + binding.index->name() + " --property-name=" + property + " --type=string");
    }
    Json shown;
    if (call.wanted()) {
        Matches some = *matches;
        some.matches.resize(std::min(some.matches.size(), shownVectors * 2));
        shown = matchesJson(some, shownValues);
        shown["count"] = matches->matches.size();
    }
    answer(js, arguments, call, shown, matchesJson(*matches, wholeValues));
}

constexpr std::array natives = {
    Native{"vectorizeVersion", vectorizeVersion},
    Native{"vectorizeDescribe", vectorizeDescribe},
    Native{"vectorizeWrite", vectorizeWrite},
    Native{"vectorizeIds", vectorizeIds},
    Native{"vectorizeQuery", vectorizeQuery},
};

} // namespace

std::span<const Native> vectorizeNatives()
{
    return natives;
}

} // namespace cleat::runtime
