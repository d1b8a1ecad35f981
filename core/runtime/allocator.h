// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <v8.h>

#include <atomic>
#include <cstddef>

namespace cleat::runtime {

/// Memory of array buffers, with a bound: beyond it V8 throws RangeError in the code that asked. Any thread.
class BoundedAllocator final : public v8::ArrayBuffer::Allocator
{
public:
    explicit BoundedAllocator(std::size_t maxBytes) : m_maxBytes(maxBytes) {}
    void *Allocate(std::size_t length) override;
    void *AllocateUninitialized(std::size_t length) override;
    void Free(void *data, std::size_t length) override;

    /// Memory that is got elsewhere and counts, too: false when there is no more of it.
    bool reserve(std::size_t length);
    void release(std::size_t length) { m_used.fetch_sub(length, std::memory_order_relaxed); }

private:
    const std::size_t m_maxBytes;
    std::atomic<std::size_t> m_used{0};
};

} // namespace cleat::runtime
