// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/allocator.h"
#include "core/runtime/js.h"

#include <string>

namespace cleat::runtime {

/// UTF-8 to a JavaScript string as toJs() makes it; one that is long and ASCII keeps its bytes where they are, outside the heap, where they count as memory of buffers do.
/// `allocator` has to outlive the isolate.
v8::Local<v8::Value> toJsOutside(Js js, std::string &&text, BoundedAllocator &allocator);

} // namespace cleat::runtime
