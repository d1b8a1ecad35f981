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

private:
    bool reserve(std::size_t length);

    const std::size_t m_maxBytes;
    std::atomic<std::size_t> m_used{0};
};

} // namespace cleat::runtime
