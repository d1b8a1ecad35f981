// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/bindings/ai/calllog.h"
#include "core/bindings/ai/htmlmarkdown.h"
#include "core/bindings/ai/recordings.h"
#include "core/runtime/callrecorder.h"
#include "core/runtime/consolenote.h"
#include "core/runtime/fields.h"
#include "core/runtime/natives.h"
#include "core/runtime/preview.h"
#include "core/runtime/workerstate.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
using base::Json;
using bindings::ai::Provider;
using bindings::ai::Recording;
using bindings::ai::Recordings;

constexpr std::size_t shownMembers = 40; ///< of a list or an object
constexpr std::size_t shownNumbers = 8; ///< of a list of numbers

Realm::AiBinding &bindingOf(Js js, Arguments arguments)
{
    return WorkerState::of(js.isolate).realm().ai.at(arguments[0]->Uint32Value(js.context).FromMaybe(0));
}

std::string contentOf(Js js, v8::Local<v8::Value> value)
{
    return value->IsString() ? toStd(js, value) : std::string(bytesOf(value));
}

/// The same value, short enough for the log.
Json shown(const Json &value)
{
    if (value.is_string())
        return Json::parse(preview(value.get_ref<const std::string &>()), nullptr, false);
    if (value.is_array() && value.size() > shownNumbers && std::ranges::all_of(value, [](const Json &one) { return one.is_number(); })) {
        Json list = Json::array();
        for (std::size_t i = 0; i < shownNumbers; ++i)
            list.push_back(value[i]);
        list.push_back("\u2026 (" + std::to_string(value.size()) + " numbers)");
        return list;
    }
    if (!value.is_structured())
        return value;
    Json made = value.is_array() ? Json::array() : Json::object();
    std::size_t count = 0;
    for (const auto &[name, one] : value.items()) {
        if (count++ == shownMembers) {
            if (value.is_array())
                made.push_back("\u2026 (" + std::to_string(value.size()) + " in all)");
            else
                made["\u2026"] = std::to_string(value.size()) + " members in all";
            break;
        }
        if (value.is_array())
            made.push_back(shown(one));
        else
            made[name] = shown(one);
    }
    return made;
}

std::string shownText(const std::string &json)
{
    const Json value = Json::parse(json, nullptr, false);
    return value.is_discarded() ? preview(json) : shown(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

void tellProblems(WorkerState &state, Recordings &recordings)
{
    for (base::Error &problem : recordings.takeProblems())
        consoleNote(state, events::Level::Warn, std::move(problem.message));
}

/// aiMayCall(): one call of a service is spent; throws when there are none left
void aiMayCall(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    static_cast<void>(WorkerState::of(js.isolate).mayCall(js, WorkerState::Quota::Service)); // its exception is on its way
}

/// aiFetch(binding, method, URL, fields, body or null): an outgoing request as fetchStart()'s, which no limit counts and the log does not list. The key goes with one to the provider's own address.
void aiFetch(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const Provider &provider = bindingOf(js, arguments).provider;
    FetchClient::Request request;
    request.id = state.nextFetch();
    request.method = toStd(js, arguments[1]);
    request.url = toStd(js, arguments[2]);
    request.fields = fieldsOf(js, arguments[3]);
    if (!provider.key.empty() && provider.kind != Provider::Kind::None && request.url.starts_with(provider.baseUrl + '/'))
        request.fields.emplace_back("authorization", "Bearer " + provider.key);
    if (!arguments[4]->IsNullOrUndefined()) {
        request.bodyKind = FetchClient::Request::Body::Whole;
        request.body = contentOf(js, arguments[4]);
    }
    const FetchClient::FetchId id = request.id;
    WorkerState::Fetch fetch;
    fetch.request = state.currentRequest();
    fetch.realm = state.sharedRealm();
    state.fetches.emplace(id, std::move(fetch));
    state.fetchClient().start(std::move(request));
    arguments.GetReturnValue().Set(static_cast<double>(id));
}

/// aiRecorded(binding, model, inputs as JSON, exactly): [0, JSON], [1, JSON of a list of events], [2, bytes, content type], or undefined
void aiRecorded(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const auto &binding = bindingOf(js, arguments);
    if (!binding.recordings)
        return;
    const auto found = binding.recordings->find(toStd(js, arguments[1]), toStd(js, arguments[2]), arguments[3]->IsTrue() ? Recordings::Match::Exact : Recordings::Match::Model);
    tellProblems(state, *binding.recordings);
    if (!found)
        return;
    v8::Local<v8::Value> answer;
    if (found->form == Recording::Form::Bytes) {
        const v8::Local<v8::ArrayBuffer> buffer = v8::ArrayBuffer::New(js.isolate, found->answer.size());
        std::ranges::copy(found->answer, static_cast<char *>(buffer->GetBackingStore()->Data()));
        answer = buffer;
    } else {
        answer = toJs(js, found->answer);
    }
    std::array<v8::Local<v8::Value>, 3> parts{v8::Integer::New(js.isolate, static_cast<int>(found->form)), answer, toJs(js, found->contentType)};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, parts.data(), parts.size()));
}

/// aiRecordedModels(binding): names
void aiRecordedModels(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const auto &binding = bindingOf(js, arguments);
    std::vector<v8::Local<v8::Value>> names;
    if (binding.recordings) {
        for (const std::string &name : binding.recordings->models())
            names.push_back(toJs(js, name));
    }
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, names.data(), names.size()));
}

/// aiKeep(binding, model, inputs as JSON, form, JSON or bytes, content type): what goes wrong is said in the console
void aiKeep(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const auto &binding = bindingOf(js, arguments);
    if (!binding.recordings)
        return;
    Recording recording;
    recording.model = toStd(js, arguments[1]);
    recording.inputs = toStd(js, arguments[2]);
    recording.form = static_cast<Recording::Form>(arguments[3]->Int32Value(js.context).FromMaybe(0));
    recording.answer = contentOf(js, arguments[4]);
    recording.contentType = toStd(js, arguments[5]);
    const std::string &key = binding.provider.key;
    if (!key.empty() && (recording.inputs.find(key) != std::string::npos || recording.answer.find(key) != std::string::npos)) {
        consoleNote(state, events::Level::Warn, "The answer of " + recording.model + " was not recorded: the AI provider's key stands in it.");
        return;
    }
    const auto kept = binding.recordings->keep(recording);
    tellProblems(state, *binding.recordings);
    if (kept)
        consoleNote(state, events::Level::Debug, "The answer of " + recording.model + " was recorded: " + kept->string());
    else
        consoleNote(state, events::Level::Warn, kept.error().message);
}

/// aiEnd(binding, mark, method, arguments as JSON, result as JSON or undefined, error or undefined, bytes): the call is over
void aiEnd(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    CallRecorder call(state, "ai", bindingOf(js, arguments).name, toStd(js, arguments[2]), markOf(js, arguments[1]), 0);
    if (call.wanted()) {
        call.event().arguments = shownText(toStd(js, arguments[3]));
        if (arguments[4]->IsString())
            call.event().result = shownText(toStd(js, arguments[4]));
        call.event().error = toStd(js, arguments[5]);
        call.event().bytes = static_cast<std::uint64_t>(arguments[6]->IntegerValue(js.context).FromMaybe(0));
    }
    call.end();
}

/// aiLog(binding, mark, model, inputs as JSON, options as JSON, form, JSON or bytes or undefined, content type, error or undefined): a question to a model is answered
void aiLog(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    const auto &binding = bindingOf(js, arguments);
    if (!binding.provider.calls || !state.records(state.pending(state.currentRequest()))) // nobody will look: `cleat dev` without its log of calls
        return;
    const std::optional<CallMark> mark = markOf(js, arguments[1]);
    bindings::ai::ModelCall call;
    call.request = state.currentRequest();
    call.tookUs = mark ? static_cast<std::uint32_t>((base::steadyNs() - mark->beginNs) / 1000) : 0;
    call.startUs = base::wallUs() - call.tookUs;
    call.worker = state.links().name();
    call.binding = binding.name;
    call.model = toStd(js, arguments[2]);
    call.inputs = toStd(js, arguments[3]);
    call.options = toStd(js, arguments[4]);
    call.form = static_cast<Recording::Form>(arguments[5]->Int32Value(js.context).FromMaybe(0));
    if (!arguments[6]->IsUndefined())
        call.answer = contentOf(js, arguments[6]);
    call.contentType = toStd(js, arguments[7]);
    if (arguments[8]->IsString())
        call.error = toStd(js, arguments[8]);
    if (const auto redactor = state.log().redactor()) {
        for (std::string *text : {&call.inputs, &call.options, &call.error})
            redactor->redact(*text);
        if (call.form != Recording::Form::Bytes)
            redactor->redact(call.answer);
    }
    binding.provider.calls->add(std::move(call));
}

/// aiSay(is a warning, text): a line of the console
void aiSay(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    consoleNote(WorkerState::of(js.isolate), arguments[0]->IsTrue() ? events::Level::Warn : events::Level::Info, toStd(js, arguments[1]));
}

/// aiMarkdown(HTML): Markdown
void aiMarkdown(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    arguments.GetReturnValue().Set(toJs(js, bindings::ai::htmlToMarkdown(toStd(js, arguments[0]))));
}

constexpr std::array natives = {
    Native{"aiMayCall", aiMayCall},
    Native{"aiFetch", aiFetch},
    Native{"aiRecorded", aiRecorded},
    Native{"aiRecordedModels", aiRecordedModels},
    Native{"aiKeep", aiKeep},
    Native{"aiEnd", aiEnd},
    Native{"aiLog", aiLog},
    Native{"aiSay", aiSay},
    Native{"aiMarkdown", aiMarkdown},
};

} // namespace

std::span<const Native> aiNatives()
{
    return natives;
}

} // namespace cleat::runtime
