// SPDX-License-Identifier: GPL-3.0-or-later
// JSON texts of many values: what js/language/largejson.js needs.
#include "core/runtime/jsonreader.h"
#include "core/runtime/jsonwriter.h"
#include "core/runtime/natives.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

/// Whether JavaScript may store into arrays of its own without anything of the user's being asked: nothing stands below a number in what arrays inherit from.
bool arraysArePlain(Js js)
{
    const v8::Local<v8::Object> array = v8::Array::New(js.isolate)->GetPrototype().As<v8::Object>();
    const v8::Local<v8::Value> above = array->GetPrototype();
    const v8::Local<v8::Value> object = v8::Object::New(js.isolate)->GetPrototype();
    if (above != object)
        return false;
    for (const v8::Local<v8::Object> one : {array, object.As<v8::Object>()}) {
        v8::Local<v8::Array> names;
        v8::Local<v8::Value> first;
        if (!one->GetOwnPropertyNames(js.context, v8::PropertyFilter::SKIP_SYMBOLS, v8::KeyConversionMode::kKeepNumbers).ToLocal(&names))
            return false;
        if (names->Length() > 0 && (!names->Get(js.context, 0).ToLocal(&first) || first->IsNumber()))
            return false;
    }
    return true;
}

JsonReader &readerOf(Js js)
{
    auto &reader = WorkerState::of(js.isolate).realm().jsonReader;
    if (!reader)
        reader = std::make_unique<JsonReader>();
    return *reader;
}

/// jsonRead(text, build): what build(whether shapes are forgotten) returns, which calls jsonPiece until it has all; undefined when it is not read here
void jsonRead(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const v8::Local<v8::String> string = arguments[0].As<v8::String>();
    if (!string->IsOneByte() || !arraysArePlain(js))
        return;
    std::string text;
    text.resize_and_overwrite(static_cast<std::size_t>(string->Length()), [&](char *data, std::size_t) {
        string->WriteOneByte(js.isolate, reinterpret_cast<std::uint8_t *>(data), 0, string->Length(), v8::String::NO_NULL_TERMINATION);
        return static_cast<std::size_t>(string->Length());
    });
    JsonReader &reader = readerOf(js);
    if (!reader.begin(std::move(text)))
        return;
    v8::Local<v8::Value> argument = v8::Boolean::New(js.isolate, reader.forgotShapes());
    v8::Local<v8::Value> built;
    const bool fine = arguments[1].As<v8::Function>()->Call(js.context, v8::Undefined(js.isolate), 1, &argument).ToLocal(&built);
    reader.end(fine && built->IsUndefined() ? JsonReader::Outcome::GivenUp : JsonReader::Outcome::Done);
    if (fine)
        arguments.GetReturnValue().Set(built);
}

/// jsonPiece(steps): the values that the steps put on the stack; true beside them when it is the last piece: [values, isLast]; undefined when it is given up
void jsonPiece(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string_view memory = bytesOf(arguments[0]);
    if (memory.size() != JsonReader::stepNumbers * sizeof(std::int32_t))
        return;
    auto *steps = reinterpret_cast<std::int32_t *>(const_cast<char *>(memory.data()));
    JsonReader::Piece piece(js);
    const JsonReader::Outcome outcome = readerOf(js).read(piece, std::span<std::int32_t, JsonReader::stepNumbers>(steps, JsonReader::stepNumbers));
    if (outcome == JsonReader::Outcome::GivenUp)
        return;
    std::array<v8::Local<v8::Value>, 2> both{
        v8::Array::New(js.isolate, piece.values.data(), piece.values.size()), v8::Boolean::New(js.isolate, outcome == JsonReader::Outcome::Done)};
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, both.data(), both.size()));
}

/// jsonObject(shape, values, from): an object of the shape with the values from there on
void jsonObject(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::vector<std::string> &keys = readerOf(js).keysOf(arguments[0].As<v8::Uint32>()->Value());
    const v8::Local<v8::Object> values = arguments[1].As<v8::Object>();
    std::uint32_t at = arguments[2].As<v8::Uint32>()->Value();
    const v8::Local<v8::Object> made = v8::Object::New(js.isolate);
    for (const std::string &key : keys) {
        v8::Local<v8::Value> value;
        if (!values->Get(js.context, at++).ToLocal(&value) || made->CreateDataProperty(js.context, toJsName(js, key), value).IsNothing())
            return;
    }
    arguments.GetReturnValue().Set(made);
}

/// jsonMaker(shape): (values, from) => the same, compiled
void jsonMaker(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    std::string code = "return {";
    std::size_t nth = 0;
    for (const std::string &key : readerOf(js).keysOf(arguments[0].As<v8::Uint32>()->Value())) {
        const bool setsPrototype = key == "__proto__"; // as a key in brackets it does not
        code += setsPrototype ? "[\"" : "\"";
        code += key;
        code += setsPrototype ? "\"]" : "\"";
        code += ":values[from+" + std::to_string(nth++) + "],";
    }
    code += "};";
    const v8::ScriptOrigin origin(js.isolate, toJsName(js, runtimeScript));
    v8::ScriptCompiler::Source source(toJs(js, code).As<v8::String>(), origin);
    std::array<v8::Local<v8::String>, 2> parameters{toJsName(js, "values"), toJsName(js, "from")};
    v8::Local<v8::Function> maker;
    if (v8::ScriptCompiler::CompileFunction(js.context, &source, parameters.size(), parameters.data()).ToLocal(&maker))
        arguments.GetReturnValue().Set(maker);
}

/// jsonText(value, walk, openObject, openArray): the text, out of what walk(value, whether this is within another one) gives to jsonWrite; undefined when walk returns something else than true
void jsonText(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    WorkerState &state = WorkerState::of(js.isolate);
    JsonWriter writer(js, arguments[2], arguments[3], std::min(static_cast<std::size_t>(v8::String::kMaxLength), state.limits.bufferBytes), state.jsonBytes);
    JsonWriter *const outer = std::exchange(state.jsonWriter, &writer);
    std::array<v8::Local<v8::Value>, 2> given{arguments[0], v8::Boolean::New(js.isolate, outer != nullptr)};
    v8::Local<v8::Value> result;
    const bool fine = arguments[1].As<v8::Function>()->Call(js.context, v8::Undefined(js.isolate), given.size(), given.data()).ToLocal(&result);
    state.jsonWriter = outer;
    constexpr std::size_t mostLikelyBytes = 4U << 20;
    state.jsonBytes = std::min(writer.text().size() + writer.text().size() / 16, mostLikelyBytes);
    if (fine && result->IsTrue())
        arguments.GetReturnValue().Set(toJs(js, writer.text()));
}

/// jsonWrite(how many, value, ...): of what follows as many go to the writer
void jsonWrite(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    JsonWriter *const writer = WorkerState::of(js.isolate).jsonWriter;
    const int count = std::min(arguments[0].As<v8::Int32>()->Value(), arguments.Length());
    for (int i = 1; writer && i < count; ++i) {
        if (!writer->write(js, arguments[i])) {
            js.isolate->ThrowException(v8::Exception::RangeError(toJsName(js, "Invalid string length")));
            return;
        }
    }
}

/// jsonBatch(length): an array of as many zeros
void jsonBatch(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    std::vector<v8::Local<v8::Value>> zeros(arguments[0].As<v8::Uint32>()->Value(), v8::Integer::New(js.isolate, 0));
    arguments.GetReturnValue().Set(v8::Array::New(js.isolate, zeros.data(), zeros.size()));
}

/// jsonUnboxed(object): what is in an object of Number, String, Boolean or BigInt, as JSON.stringify asks for it; any other object itself
void jsonUnboxed(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const v8::Local<v8::Value> value = arguments[0];
    v8::Local<v8::Value> inside = value;
    v8::Local<v8::Number> number;
    v8::Local<v8::String> string;
    if (value->IsNumberObject()) {
        if (!value->ToNumber(js.context).ToLocal(&number))
            return;
        inside = number;
    } else if (value->IsStringObject()) {
        if (!value->ToString(js.context).ToLocal(&string))
            return;
        inside = string;
    } else if (value->IsBooleanObject()) {
        inside = v8::Boolean::New(js.isolate, value.As<v8::BooleanObject>()->ValueOf());
    } else if (value->IsBigIntObject()) {
        inside = value.As<v8::BigIntObject>()->ValueOf();
    }
    arguments.GetReturnValue().Set(inside);
}

constexpr std::array natives = {
    Native{"jsonRead", jsonRead},
    Native{"jsonPiece", jsonPiece},
    Native{"jsonObject", jsonObject},
    Native{"jsonMaker", jsonMaker},
    Native{"jsonText", jsonText},
    Native{"jsonWrite", jsonWrite},
    Native{"jsonBatch", jsonBatch},
    Native{"jsonUnboxed", jsonUnboxed},
};

} // namespace

std::span<const Native> jsonNatives()
{
    return natives;
}

} // namespace cleat::runtime
