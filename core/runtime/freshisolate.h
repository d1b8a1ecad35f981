// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/allocator.h"

#include <v8.h>

#include <cstddef>
#include <memory>

namespace cleat::runtime {

/// An isolate out of the startup snapshot, with one context in it, before anybody's code has run there. Belongs to the thread that made it, which has entered it.
struct FreshIsolate {
    v8::Isolate *isolate = nullptr;
    std::unique_ptr<BoundedAllocator> allocator; ///< of its array buffers; outlives it
    v8::Global<v8::Context> context; ///< empty when V8 could not make it
};

/// `heapBytes`: what code is to have. V8's own limit is far above it, and the Worker keeps this one.
FreshIsolate makeIsolate(std::size_t heapBytes, std::unique_ptr<BoundedAllocator> allocator);

/// Of one that nobody wanted: leaves it and frees it.
void discard(FreshIsolate &&fresh);

} // namespace cleat::runtime
