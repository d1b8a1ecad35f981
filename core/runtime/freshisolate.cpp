// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/freshisolate.h"

#include "core/runtime/natives.h"
#include "core/runtime/snapshot.h"

#include <utility>

namespace cleat::runtime {

FreshIsolate makeIsolate(std::size_t heapBytes, std::unique_ptr<BoundedAllocator> allocator)
{
    static const v8::StartupData blob = snapshotBlob();
    v8::Isolate::CreateParams parameters;
    parameters.snapshot_blob = const_cast<v8::StartupData *>(&blob);
    parameters.external_references = externalReferences();
    parameters.array_buffer_allocator = allocator.get();
    // V8 ends the whole program where one object does not fit below its limit. So that one is far above ours, which WorkerState::collected() keeps.
    parameters.constraints.ConfigureDefaultsFromHeapSize(0, heapBytes);
    parameters.constraints.set_initial_old_generation_size_in_bytes(heapBytes / 2);
    parameters.constraints.set_max_old_generation_size_in_bytes(heapBytes + (2048ULL << 20));
    parameters.allow_atomics_wait = false;
    FreshIsolate fresh{v8::Isolate::New(parameters), std::move(allocator), {}};
    fresh.isolate->Enter();
    const v8::HandleScope scope(fresh.isolate);
    fresh.context.Reset(fresh.isolate, v8::Context::New(fresh.isolate));
    return fresh;
}

void discard(FreshIsolate &&fresh)
{
    FreshIsolate unwanted = std::move(fresh);
    unwanted.context.Reset();
    forgetV8(unwanted.isolate);
    unwanted.isolate->Exit();
    unwanted.isolate->Dispose();
}

} // namespace cleat::runtime
