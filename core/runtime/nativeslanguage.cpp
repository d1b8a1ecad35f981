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

v8::Local<v8::Private> float16Mark(v8::Isolate *isolate)
{
    return v8::Private::ForApi(isolate, v8::String::NewFromUtf8Literal(isolate, "cleat.float16", v8::NewStringType::kInternalized));
}

/// knowFloat16Array(array): whose proxies have this one's handler are Float16Array's
void knowFloat16Array(const v8::FunctionCallbackInfo<v8::Value> &arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    if (arguments[0]->IsProxy() && arguments[0].As<v8::Proxy>()->GetHandler()->IsObject())
        arguments[0].As<v8::Proxy>()->GetHandler().As<v8::Object>()->SetPrivate(js.context, float16Mark(js.isolate), v8::True(js.isolate)).FromMaybe(false);
}

/// float16Bits(value): the Uint16Array behind one of Float16Array's arrays; undefined for anything else
void giveFloat16Bits(const v8::FunctionCallbackInfo<v8::Value> &arguments)
{
    if (const v8::Local<v8::Value> bits = float16Bits(arguments[0]); !bits.IsEmpty())
        arguments.GetReturnValue().Set(bits);
}

void lazyValue(v8::Local<v8::Name>, const v8::PropertyCallbackInfo<v8::Value> &look)
{
    v8::Local<v8::Value> made;
    if (look.Data().As<v8::Function>()->Call(look.GetIsolate()->GetCurrentContext(), v8::Undefined(look.GetIsolate()), 0, nullptr).ToLocal(&made))
        look.GetReturnValue().Set(made);
}

/// lazyGlobal(name, make): a global whose value is what `make` returns at the first look at it
void lazyGlobal(const v8::FunctionCallbackInfo<v8::Value> &arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    js.context->Global()->SetLazyDataProperty(js.context, arguments[0].As<v8::Name>(), lazyValue, arguments[1], v8::DontEnum).Check();
}

constexpr std::array natives = {
    Native{"float16Bits", giveFloat16Bits},
    Native{"knowFloat16Array", knowFloat16Array},
    Native{"lazyGlobal", lazyGlobal},
    Native{"moveBuffer", moveBuffer},
    Native{"regexpRewriter", regexpRewriter},
};

} // namespace

v8::Local<v8::Value> float16Bits(v8::Local<v8::Value> value)
{
    if (!value->IsProxy())
        return {};
    const v8::Local<v8::Value> target = value.As<v8::Proxy>()->GetTarget();
    const v8::Local<v8::Value> handler = value.As<v8::Proxy>()->GetHandler();
    if (!target->IsUint16Array() || !handler->IsObject() || handler->IsProxy())
        return {};
    const Js js = currentJs(v8::Isolate::GetCurrent());
    return handler.As<v8::Object>()->HasPrivate(js.context, float16Mark(js.isolate)).FromMaybe(false) ? target : v8::Local<v8::Value>();
}

std::span<const Native> languageNatives()
{
    return natives;
}

} // namespace cleat::runtime
