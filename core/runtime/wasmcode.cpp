// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/wasmcode.h"

namespace cleat::runtime {

namespace {

thread_local bool compiling = false;

} // namespace

v8::MaybeLocal<v8::WasmModuleObject> compileWasmModule(Js js, v8::MemorySpan<const std::uint8_t> bytes)
{
    compiling = true; // no user code runs meanwhile
    const v8::MaybeLocal<v8::WasmModuleObject> module = v8::WasmModuleObject::Compile(js.isolate, bytes);
    compiling = false;
    return module;
}

bool compilingWasmModule()
{
    return compiling;
}

} // namespace cleat::runtime
