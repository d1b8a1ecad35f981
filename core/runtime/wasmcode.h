// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"

#include <cstdint>

namespace cleat::runtime {

/// Compiles WebAssembly that belongs to the project's bundle, which is allowed whatever the running code itself may compile. Empty with a pending exception when
/// the bytes are no module. The isolate's thread only.
v8::MaybeLocal<v8::WasmModuleObject> compileWasmModule(Js js, v8::MemorySpan<const std::uint8_t> bytes);

/// Whether compileWasmModule() is at work on this thread: for V8's question whether code may be generated.
bool compilingWasmModule();

} // namespace cleat::runtime
