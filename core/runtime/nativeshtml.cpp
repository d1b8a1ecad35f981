// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/natives.h"
#include "core/runtime/workerstate.h"

#include <array>

namespace cleat::runtime {

namespace {

/// rewriterModule(answers): what Rewriters::make() says
void rewriterModule(const v8::FunctionCallbackInfo<v8::Value> &arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    v8::Local<v8::Object> made;
    if (arguments[0]->IsArray() && WorkerState::of(js.isolate).rewriters.make(js, arguments[0].As<v8::Array>()).ToLocal(&made))
        arguments.GetReturnValue().Set(made);
}

constexpr std::array natives = {
    Native{"rewriterModule", rewriterModule},
};

} // namespace

std::span<const Native> htmlNatives()
{
    return natives;
}

} // namespace cleat::runtime
