// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace cleat::events {

/// Batches that nobody reads any more, on their way back to the threads that filled them: their events are freed where they were made, which on glibc is far cheaper than
/// elsewhere, and their room is used again while it is still in the processor's cache. Any thread.
class BatchPool final
{
public:
    /// Shares a batch of the calling thread's that holds so many bytes. The last one who lets go of it gives it back to the pool, or frees it when the pool is full or gone.
    static std::shared_ptr<const std::vector<Event>> share(const std::shared_ptr<BatchPool> &pool, std::vector<Event> &&batch, std::size_t bytes);

    /// An empty batch that the calling thread filled before, with its room; without any when there is none.
    std::vector<Event> take();

private:
    struct Spare {
        std::thread::id producer;
        std::unique_ptr<std::vector<Event>> batch;
        std::size_t bytes = 0;
    };
    void give(Spare &&spare);

    static constexpr std::size_t mostBytes = 6U << 20;
    std::mutex m_mutex;
    std::vector<Spare> m_spare;
    std::size_t m_bytes = 0;
};

} // namespace cleat::events
