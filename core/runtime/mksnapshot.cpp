// SPDX-License-Identifier: GPL-3.0-or-later
// Build tool: runs the bundled JavaScript half once and writes the heap that it leaves behind.
// Usage: cleat-mksnapshot bundle.js snapshot.bin

#include "core/base/file.h"
#include "core/runtime/natives.h"
#include "core/runtime/nosnapshot.h"
#include "core/runtime/realm.h"

#include <algorithm>
#include <cstdio>

using namespace cleat;

namespace {

bool runBundle(v8::Isolate *isolate, v8::Local<v8::Context> context)
{
    const v8::Context::Scope inside(context);
    const runtime::Js js{isolate, context};
    v8::TryCatch caught(isolate);
    context->Global()->Set(context, runtime::toJsName(js, "__native"), runtime::nativeTemplate(isolate)->NewInstance(context).ToLocalChecked()).Check();
    v8::ScriptOrigin origin(isolate, runtime::toJsName(js, runtime::runtimeScript));
    v8::Local<v8::String> code;
    v8::Local<v8::Script> script;
    v8::Local<v8::Value> result;
    if (v8::String::NewExternalOneByte(isolate, runtime::runtimeCodeResource()).ToLocal(&code) && v8::Script::Compile(context, code, &origin).ToLocal(&script) && script->Run(context).ToLocal(&result)) {
        isolate->PerformMicrotaskCheckpoint();
        return true;
    }
    v8::Local<v8::Value> stack;
    if (!caught.Message().IsEmpty())
        std::fprintf(stderr, "line %d: %s\n", caught.Message()->GetLineNumber(context).FromMaybe(0), *v8::String::Utf8Value(isolate, caught.Message()->Get()));
    if (!v8::TryCatch::StackTrace(context, caught.Exception()).ToLocal(&stack))
        stack = caught.Exception();
    std::fprintf(stderr, "%s\n", *v8::String::Utf8Value(isolate, stack));
    return false;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s bundle.js snapshot.bin\n", argv[0]);
        return 2;
    }
    auto code = base::readFile(argv[1]);
    if (!code) {
        std::fprintf(stderr, "%s\n", code.error().message.c_str());
        return 1;
    }
    if (!std::ranges::all_of(*code, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
        std::fprintf(stderr, "%s is not plain ASCII: V8 would read its bytes as Latin-1\n", argv[1]);
        return 1;
    }
    runtime::setRuntimeCode(std::move(*code));
    runtime::startV8();
    // The cache of numbers as text is part of the snapshot, and as large as the youngest generation lets it be. It grows again where there is use for it.
    v8::V8::SetFlagsFromString("--max-semi-space-size=1");
    v8::StartupData blob{};
    {
        v8::SnapshotCreator creator(runtime::externalReferences());
        v8::Isolate *isolate = creator.GetIsolate();
        {
            const v8::HandleScope scope(isolate);
            const v8::Local<v8::Context> context = v8::Context::New(isolate);
            if (!runBundle(isolate, context))
                return 1;
            creator.SetDefaultContext(context);
        }
        blob = creator.CreateBlob(v8::SnapshotCreator::FunctionCodeHandling::kKeep);
    }
    if (!blob.data) {
        std::fprintf(stderr, "V8 could not serialize the heap\n");
        return 1;
    }
    const auto written = base::writeFileAtomically(argv[2], {blob.data, static_cast<std::size_t>(blob.raw_size)});
    delete[] blob.data;
    if (!written) {
        std::fprintf(stderr, "%s\n", written.error().message.c_str());
        return 1;
    }
    return 0;
}
