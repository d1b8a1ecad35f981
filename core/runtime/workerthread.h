// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/freshisolate.h"

#include <cstddef>
#include <functional>
#include <thread>

namespace cleat::runtime {

/// What the isolate of a Worker is made for.
struct IsolateSize {
    std::size_t heapBytes = 0;
    std::size_t bufferBytes = 0; ///< of array buffers
    bool operator==(const IsolateSize &) const = default;
};

/// Starts the thread of a Worker: `life` is called on it, once, with an isolate, and is all that it does.
/// Reading the snapshot is most of what a Worker takes to start, so the program keeps one thread that has done that and waits, made again a moment after each start for the next one of the same size. It goes
/// when the program ends. Any thread.
std::thread startWorkerThread(IsolateSize size, std::function<void(FreshIsolate &&)> life);

/// Returns when such a thread waits, with its isolate; false when a second has not been enough. For measurements. Any thread.
bool awaitReadyThread();

} // namespace cleat::runtime
