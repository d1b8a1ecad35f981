// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/allocator.h"

#include <cstdlib>

namespace cleat::runtime {

bool BoundedAllocator::reserve(std::size_t length)
{
    const std::size_t before = m_used.fetch_add(length, std::memory_order_relaxed);
    if (length <= m_maxBytes && before <= m_maxBytes - length)
        return true;
    m_used.fetch_sub(length, std::memory_order_relaxed);
    return false;
}

void *BoundedAllocator::Allocate(std::size_t length)
{
    if (!reserve(length))
        return nullptr;
    void *data = std::calloc(1, length);
    if (!data)
        m_used.fetch_sub(length, std::memory_order_relaxed);
    return data;
}

void *BoundedAllocator::AllocateUninitialized(std::size_t length)
{
    if (!reserve(length))
        return nullptr;
    void *data = std::malloc(length);
    if (!data)
        m_used.fetch_sub(length, std::memory_order_relaxed);
    return data;
}

void BoundedAllocator::Free(void *data, std::size_t length)
{
    std::free(data);
    m_used.fetch_sub(length, std::memory_order_relaxed);
}

} // namespace cleat::runtime
