// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/html/rewriters.h"

#include "core/runtime/html/rewritermodule.h"
#include "core/runtime/workerstate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <new>
#include <string>
#include <utility>

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;
constexpr int questions = static_cast<int>(RewriterQuestion::Count);

// Internal fields: of the module's object, the answers and the ArrayBuffer of its memory behind its Face; of what each of its functions knows, a Bound and that object.
constexpr int ownField = 0;
constexpr int firstAnswer = 1;
constexpr int bufferField = firstAnswer + questions;
constexpr int objectField = 1;

struct Bound {
    Rewriters::Face *face;
    const RewriterExport *what;
};

} // namespace

struct Rewriters::Face {
    Face(Rewriters &rewriters, RewriterModule::StackLimit &limit) : owner(rewriters), module(limit) {}

    Rewriters &owner;
    RewriterModule module;
    std::vector<Bound> bound;
    std::vector<RewriterCall *> waiting; ///< by the number, less 1; null where there is none
    v8::Global<v8::Object> object; ///< weak; nothing else of the context may be held from here, as that would keep all of it
    std::size_t bufferBytes = 0; ///< of the object's ArrayBuffer; 0 while it has none

    /// Memory has grown: what JavaScript has of it is no longer it.
    void lookAtMemory(v8::Local<v8::Object> holder)
    {
        if (bufferBytes == 0 || module.bytes().size() == bufferBytes)
            return;
        holder->GetInternalField(bufferField).As<v8::ArrayBuffer>()->Detach();
        bufferBytes = 0;
    }

    std::uint32_t keep(RewriterCall &call)
    {
        auto free = std::ranges::find(waiting, nullptr);
        if (free == waiting.end())
            free = waiting.insert(free, nullptr);
        *free = &call;
        return static_cast<std::uint32_t>(free - waiting.begin()) + 1;
    }
};

namespace {

std::uint32_t numberOf(Js js, v8::Local<v8::Value> value)
{
    return value->IsInt32() ? static_cast<std::uint32_t>(value.As<v8::Int32>()->Value()) : value->Uint32Value(js.context).FromMaybe(0);
}

Bound &boundOf(Arguments arguments)
{
    return *static_cast<Bound *>(arguments.Data().As<v8::Object>()->GetAlignedPointerFromInternalField(ownField));
}

v8::Local<v8::Function> functionOf(v8::Local<v8::Object> object, RewriterQuestion question)
{
    return object->GetInternalField(firstAnswer + static_cast<int>(question)).As<v8::Function>();
}

v8::MaybeLocal<v8::Value> answerOf(Js js, v8::Local<v8::Object> object, const RewriterCall &call)
{
    const auto &numbers = RewriterModule::arguments(call);
    std::array<v8::Local<v8::Value>, 3> given{};
    for (std::size_t i = 0; i < given.size(); ++i)
        given[i] = v8::Integer::NewFromUnsigned(js.isolate, numbers[i]);
    return functionOf(object, RewriterModule::question(call))->Call(js.context, v8::Undefined(js.isolate), static_cast<int>(given.size()), given.data());
}

/// Tells JavaScript that the module is in no state to be used again; false with a pending exception when it ends meanwhile.
bool tellBroken(Js js, v8::Local<v8::Object> object)
{
    v8::Local<v8::Value> ignored;
    return functionOf(object, RewriterQuestion::Broken)->Call(js.context, v8::Undefined(js.isolate), 0, nullptr).ToLocal(&ignored);
}

void run(Js js, Arguments arguments, Rewriters::Face &face, RewriterCall &call)
{
    const v8::Local<v8::Object> object = arguments.Data().As<v8::Object>()->GetInternalField(objectField).As<v8::Object>();
    const WorkerState &state = WorkerState::of(js.isolate);
    std::uint32_t answer = 0;
    for (;;) {
        face.module.prepare(call);
        if (state.mustEnd()) // an interrupt may have come before that
            face.owner.interrupt();
        const RewriterModule::Stop stop = face.module.go(call, answer);
        face.lookAtMemory(object);
        switch (stop) {
        case RewriterModule::Stop::Returned:
            arguments.GetReturnValue().Set(static_cast<std::int32_t>(RewriterModule::result(call)));
            face.module.end(call);
            return;
        case RewriterModule::Stop::Waiting:
            arguments.GetReturnValue().Set(face.keep(call));
            return;
        case RewriterModule::Stop::Interrupted:
            if (state.mustEnd()) {
                face.module.end(call);
                if (tellBroken(js, object))
                    throwError(js, "The code was ended"); // unless that was V8's own doing at once
                return;
            }
            break;
        case RewriterModule::Stop::Trapped: {
            const bool outOfMemory = RewriterModule::outOfMemory(call);
            const std::string why(RewriterModule::trap(call));
            face.module.end(call);
            if (!tellBroken(js, object))
                return;
            if (outOfMemory)
                throwTypeError(js, "Parser error: The memory limit has been exceeded.");
            else
                throwError(js, why);
            return;
        }
        case RewriterModule::Stop::Question: {
            const v8::HandleScope handles(js.isolate);
            v8::Local<v8::Value> value;
            if (!answerOf(js, object, call).ToLocal(&value)) {
                face.module.end(call);
                return;
            }
            answer = numberOf(js, value);
            break;
        }
        }
    }
}

void exported(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    Bound &bound = boundOf(arguments);
    std::array<std::uint32_t, RewriterModule::mostArguments> given{};
    for (std::size_t i = 0; i < bound.what->arguments; ++i)
        given[i] = numberOf(js, arguments[static_cast<int>(i)]);
    run(js, arguments, *bound.face, bound.face->module.begin(*bound.what, given.data()));
}

void resume(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    Rewriters::Face &face = *boundOf(arguments).face;
    const std::uint32_t number = numberOf(js, arguments[0]) - 1;
    if (number >= face.waiting.size() || !face.waiting[number]) {
        throwError(js, "The HTML rewriter waits for nothing of this number");
        return;
    }
    run(js, arguments, face, *std::exchange(face.waiting[number], nullptr));
}

void buffer(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    Rewriters::Face &face = *boundOf(arguments).face;
    const v8::Local<v8::Object> object = arguments.Data().As<v8::Object>()->GetInternalField(objectField).As<v8::Object>();
    if (face.bufferBytes == 0) {
        const std::span<char> bytes = face.module.bytes();
        auto *holder = new std::shared_ptr<void>(face.module.memory());
        auto store = v8::ArrayBuffer::NewBackingStore(
            bytes.data(), bytes.size(), [](void *, std::size_t, void *held) { delete static_cast<std::shared_ptr<void> *>(held); }, holder);
        object->SetInternalField(bufferField, v8::ArrayBuffer::New(js.isolate, std::move(store)));
        face.bufferBytes = bytes.size();
    }
    arguments.GetReturnValue().Set(object->GetInternalField(bufferField).As<v8::Value>());
}

void text(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::span<char> bytes = boundOf(arguments).face->module.bytes();
    const std::size_t offset = numberOf(js, arguments[0]);
    const std::size_t length = numberOf(js, arguments[1]);
    if (offset <= bytes.size() && length <= bytes.size() - offset)
        arguments.GetReturnValue().Set(toJs(js, std::string_view(bytes.data() + offset, length)));
}

void takeOutput(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    std::vector<char> &output = boundOf(arguments).face->module.output();
    if (output.empty())
        return;
    v8::Local<v8::ArrayBuffer> taken;
    if (toArrayBuffer(js, {output.data(), output.size()}).ToLocal(&taken))
        arguments.GetReturnValue().Set(v8::Uint8Array::New(taken, 0, output.size()));
    constexpr std::size_t mostKept = 1U << 20;
    if (output.capacity() > mostKept)
        std::vector<char>().swap(output);
    else
        output.clear();
}

} // namespace

Rewriters::Rewriters() = default;
Rewriters::~Rewriters() = default;

v8::MaybeLocal<v8::Object> Rewriters::make(Js js, v8::Local<v8::Array> answers)
{
    std::unique_ptr<Face> made;
    try {
        made = std::make_unique<Face>(*this, m_stackLimit);
    } catch (const std::bad_alloc &) {
        throwError(js, "There is no memory for the HTML rewriter");
        return {};
    }
    Face &face = *made;
    const v8::Local<v8::ObjectTemplate> objectShape = v8::ObjectTemplate::New(js.isolate);
    objectShape->SetInternalFieldCount(bufferField + 1);
    const v8::Local<v8::ObjectTemplate> dataShape = v8::ObjectTemplate::New(js.isolate);
    dataShape->SetInternalFieldCount(objectField + 1);
    v8::Local<v8::Object> object;
    if (!objectShape->NewInstance(js.context).ToLocal(&object))
        return {};
    object->SetAlignedPointerInInternalField(ownField, &face);
    for (int i = 0; i < questions; ++i) {
        v8::Local<v8::Value> answer;
        if (!answers->Get(js.context, static_cast<std::uint32_t>(i)).ToLocal(&answer))
            return {};
        object->SetInternalField(firstAnswer + i, answer);
    }
    const std::array<std::pair<const char *, v8::FunctionCallback>, 4> own = {
        {{"resume", resume}, {"buffer", buffer}, {"text", text}, {"takeOutput", takeOutput}}};
    const std::span<const RewriterExport> exports = RewriterModule::exports();
    face.bound.reserve(exports.size() + own.size()); // the functions keep their addresses
    const auto add = [&](const char *name, v8::FunctionCallback callback, const RewriterExport *what) {
        face.bound.push_back({&face, what});
        v8::Local<v8::Object> data;
        v8::Local<v8::Function> function;
        if (!dataShape->NewInstance(js.context).ToLocal(&data))
            return false;
        data->SetAlignedPointerInInternalField(ownField, &face.bound.back());
        data->SetInternalField(objectField, object);
        return v8::Function::New(js.context, callback, data, 0, v8::ConstructorBehavior::kThrow).ToLocal(&function)
            && object->CreateDataProperty(js.context, toJsName(js, name), function).FromMaybe(false);
    };
    for (const RewriterExport &what : exports) {
        if (!add(what.name, exported, &what))
            return {};
    }
    for (const auto &[name, callback] : own) {
        if (!add(name, callback, nullptr))
            return {};
    }
    m_faces.push_back(std::move(made));
    face.object.Reset(js.isolate, object);
    face.object.SetWeak(
        &face,
        [](const v8::WeakCallbackInfo<Face> &info) {
            Face &gone = *info.GetParameter();
            gone.object.Reset();
            gone.owner.forget(gone);
        },
        v8::WeakCallbackType::kParameter);
    return object;
}

void Rewriters::forget(const Face &face)
{
    std::erase_if(m_faces, [&](const auto &kept) { return kept.get() == &face; });
}

void Rewriters::interrupt()
{
    m_stackLimit = std::bit_cast<char *>(UINTPTR_MAX);
}

void Rewriters::clear()
{
    m_faces.clear();
}

} // namespace cleat::runtime
