// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/natives.h"
#include "core/runtime/realm.h"

#include <array>
#include <cstddef>
#include <string_view>

extern "C" {
extern const char cleat_regexprewriter_begin[]; // regexpcode.S
extern const char cleat_regexprewriter_end[];
}

namespace cleat::runtime {

namespace {

/// moveBuffer(buffer): an ArrayBuffer with its memory; the buffer itself is detached
void moveBuffer(const v8::FunctionCallbackInfo<v8::Value> &arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (!arguments[0]->IsArrayBuffer() || !arguments[0].As<v8::ArrayBuffer>()->IsDetachable()) {
        throwTypeError(js, "Cannot perform ArrayBuffer.prototype.transfer on a buffer that cannot be detached");
        return;
    }
    const v8::Local<v8::ArrayBuffer> buffer = arguments[0].As<v8::ArrayBuffer>();
    std::shared_ptr<v8::BackingStore> store = buffer->GetBackingStore();
    buffer->Detach();
    arguments.GetReturnValue().Set(v8::ArrayBuffer::New(js.isolate, std::move(store)));
}

/// regexpRewriter(require): what the bundle of regexp/rewriter.js returns
void regexpRewriter(const v8::FunctionCallbackInfo<v8::Value> &arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const v8::Local<v8::Value> code = toJs(js, std::string_view(cleat_regexprewriter_begin, static_cast<std::size_t>(cleat_regexprewriter_end - cleat_regexprewriter_begin)));
    if (!code->IsString())
        return;
    const v8::ScriptOrigin origin(js.isolate, toJsName(js, runtimeScript));
    v8::ScriptCompiler::Source source(code.As<v8::String>(), origin);
    v8::Local<v8::String> parameter = toJsName(js, "require");
    v8::Local<v8::Function> bundle;
    v8::Local<v8::Value> argument = arguments[0];
    v8::Local<v8::Value> made;
    if (v8::ScriptCompiler::CompileFunction(js.context, &source, 1, &parameter).ToLocal(&bundle) && bundle->Call(js.context, v8::Undefined(js.isolate), 1, &argument).ToLocal(&made))
        arguments.GetReturnValue().Set(made);
}

constexpr std::array natives = {
    Native{"moveBuffer", moveBuffer},
    Native{"regexpRewriter", regexpRewriter},
};

} // namespace

std::span<const Native> languageNatives()
{
    return natives;
}

} // namespace cleat::runtime
