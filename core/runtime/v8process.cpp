// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/snapshot.h"

#include <libplatform/libplatform.h>

#include <memory>
#include <mutex>

namespace cleat::runtime {

namespace {

/// Lives as long as the process: V8 cannot be started a second time.
v8::Platform *&platform()
{
    static v8::Platform *instance = nullptr;
    return instance;
}

} // namespace

void startV8()
{
    static std::once_flag once;
    std::call_once(once, [] {
        // Half the default of the youngest generation: a server's short-lived objects fit, and the resident memory stays small.
        v8::V8::SetFlagsFromString("--max-semi-space-size=8");
        // The runtime's own frames count, too, and are left out of what is shown.
        v8::V8::SetFlagsFromString("--stack-trace-limit=30");
        platform() = v8::platform::NewDefaultPlatform(1).release();
        v8::V8::InitializePlatform(platform());
        v8::V8::Initialize();
    });
}

void pumpV8(v8::Isolate *isolate)
{
    while (v8::platform::PumpMessageLoop(platform(), isolate)) {
    }
}

void forgetV8(v8::Isolate *isolate)
{
    v8::platform::NotifyIsolateShutdown(platform(), isolate);
}

} // namespace cleat::runtime
