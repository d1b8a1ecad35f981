// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/snapshot.h"
#include "core/runtime/v8platform.h"

#include <libplatform/libplatform.h>

#include <memory>
#include <mutex>

namespace cleat::runtime {

namespace {

/// Lives as long as the process: V8 cannot be started a second time.
V8Platform *&platform()
{
    static V8Platform *instance = nullptr;
    return instance;
}

} // namespace

#if V8_MAJOR_VERSION == 10
V8Platform::V8Platform(int threads) : m_standard(v8::platform::NewDefaultPlatform(threads)), m_arena(*m_standard->GetPageAllocator()) {}
#else
V8Platform::V8Platform(int threads) : m_standard(v8::platform::NewDefaultPlatform(threads)) {}
#endif

void startV8()
{
    static std::once_flag once;
    std::call_once(once, [] {
        // V8's own default of the youngest generation, said once more: a body of some mebibytes, taken apart and put together again, fits. It grows to this only where so much survives.
        v8::V8::SetFlagsFromString("--max-semi-space-size=16");
        // How far a heap grows from one collection to the next: as far as with V8's own limit of 128 MB, which is not the one that is kept (makeIsolate).
        v8::V8::SetFlagsFromString("--heap-growing-percent=30");
        // What the snapshot is has been seen to when the program was built: no sum over all of it, and no new places in its hash tables, at each start of a Worker. The price is that
        // their seed is the build's; code that is fed with names that meet in them is ended by its time like any other.
        v8::V8::SetFlagsFromString("--no-verify-snapshot-checksum");
        v8::V8::SetFlagsFromString("--no-rehash-snapshot");
        // Memory of WebAssembly comes from no allocator of ours: 128 MB.
        v8::V8::SetFlagsFromString("--wasm-max-mem-pages=2048");
        // The runtime's own frames count, too, and are left out of what is shown.
        v8::V8::SetFlagsFromString("--stack-trace-limit=30");
        // WebAssembly that a project brings may be large, and a request need a part of it: functions are compiled when they are called.
        v8::V8::SetFlagsFromString("--wasm-lazy-compilation");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        // WebAssembly's accesses beyond its memory are caught by the processor, not by a check each. Sanitizers want the signal for themselves.
        v8::V8::EnableWebAssemblyTrapHandler(true);
#endif
        platform() = new V8Platform(1);
#if V8_MAJOR_VERSION == 10
        v8::V8::InitializePlatform(platform());
#else
        v8::V8::InitializePlatform(&platform()->standard());
#endif
        v8::V8::Initialize();
    });
}

bool pumpV8(v8::Isolate *isolate)
{
    return v8::platform::PumpMessageLoop(&platform()->standard(), isolate);
}

void trimV8()
{
#if V8_MAJOR_VERSION == 10
    platform()->trim();
#endif
}

void forgetV8(v8::Isolate *isolate)
{
    v8::platform::NotifyIsolateShutdown(&platform()->standard(), isolate);
}

} // namespace cleat::runtime
