// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/natives.h"

#include <array>

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

constexpr std::array natives = {
    Native{"moveBuffer", moveBuffer},
};

} // namespace

std::span<const Native> languageNatives()
{
    return natives;
}

} // namespace cleat::runtime
