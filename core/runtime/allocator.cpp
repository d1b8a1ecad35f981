// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/allocator.h"

#include <cstdlib>
#include <cstring>

namespace cleat::runtime {

namespace {

/// Up to here, memory that was used before is cleared in less time than the system takes to exchange its pages for empty ones, which is how calloc() does it.
constexpr std::size_t mostCleared = 4U << 20;

} // namespace

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
    void *data = length <= mostCleared ? std::malloc(length) : std::calloc(1, length);
    if (!data)
        m_used.fetch_sub(length, std::memory_order_relaxed);
    else if (length <= mostCleared)
        std::memset(data, 0, length);
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
