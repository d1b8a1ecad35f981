// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/natives.h"
#include "core/runtime/wasmcode.h"

#include <array>
#include <map>
#include <mutex>
#include <string>

extern "C" {
extern const std::uint8_t cleat_htmlrewriter_begin[];
extern const std::uint8_t cleat_htmlrewriter_end[];
}

namespace cleat::runtime {

namespace {

using Arguments = const v8::FunctionCallbackInfo<v8::Value> &;

v8::MemorySpan<const std::uint8_t> wireBytes(const std::string &name)
{
    if (name == "htmlrewriter")
        return {cleat_htmlrewriter_begin, static_cast<std::size_t>(cleat_htmlrewriter_end - cleat_htmlrewriter_begin)};
    return {};
}

/// What one isolate compiled, all others of the process take: the machine code belongs to V8's process, not to an isolate.
struct Compiled {
    std::mutex mutex;
    std::map<std::string, v8::CompiledWasmModule, std::less<>> modules;
};

Compiled &compiled()
{
    static auto *instance = new Compiled; // outlives V8, which never stops
    return *instance;
}

/// compileWasm(name): a WebAssembly.Module that is part of the program; for the runtime alone, whatever user code may compile
void compileWasm(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const std::string name = toStd(js, arguments[0]);
    const std::scoped_lock lock(compiled().mutex);
    v8::Local<v8::WasmModuleObject> module;
    if (const auto found = compiled().modules.find(name); found != compiled().modules.end()) {
        if (v8::WasmModuleObject::FromCompiledModule(js.isolate, found->second).ToLocal(&module))
            arguments.GetReturnValue().Set(module);
        return;
    }
    const auto bytes = wireBytes(name);
    if (bytes.size() == 0) {
        throwError(js, "The runtime has no WebAssembly module of this name: " + name);
        return;
    }
    if (!compileWasmModule(js, bytes).ToLocal(&module))
        return;
    compiled().modules.emplace(name, module->GetCompiledModule());
    arguments.GetReturnValue().Set(module);
}

/// wasmText(buffer, offset, length): string, from UTF-8
void wasmText(Arguments arguments)
{
    const Js js = currentJs(arguments.GetIsolate());
    const v8::Local<v8::ArrayBuffer> buffer = arguments[0].As<v8::ArrayBuffer>();
    const std::size_t offset = arguments[1]->Uint32Value(js.context).FromMaybe(0);
    const std::size_t length = arguments[2]->Uint32Value(js.context).FromMaybe(0);
    if (offset > buffer->ByteLength() || length > buffer->ByteLength() - offset)
        return;
    arguments.GetReturnValue().Set(toJs(js, std::string_view(static_cast<const char *>(buffer->Data()) + offset, length)));
}

constexpr std::array natives = {
    Native{"compileWasm", compileWasm},
    Native{"wasmText", wasmText},
};

} // namespace

std::span<const Native> wasmNatives()
{
    return natives;
}

} // namespace cleat::runtime
