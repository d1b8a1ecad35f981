// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/pagearena.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace cleat::runtime {

namespace {

constexpr std::size_t arenaBytes = PageArena::pageBytes * PageArena::pageCount;
constexpr std::size_t largePageBytes = 2U << 20;
constexpr std::size_t mostFilledBytes = 16U << 20;
constexpr std::size_t headBytes = 16U << 10; // V8's own of a stretch, and more; an object behind it is written before it is read, as on a page

/// Has the system give the memory in one call in place of a fault for every 4 KiB. Where it does not know this, the faults come.
void fill(void *begin, std::size_t bytes)
{
    if (bytes <= mostFilledBytes)
        ::madvise(begin, bytes, MADV_POPULATE_WRITE);
}

/// Addresses that cost nothing until they are written to, beginning where a large page can.
std::byte *reserve()
{
    void *mapped = ::mmap(nullptr, arenaBytes + largePageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED)
        return nullptr;
    auto *begin = static_cast<std::byte *>(mapped);
    const std::size_t before = (largePageBytes - reinterpret_cast<std::uintptr_t>(begin) % largePageBytes) % largePageBytes;
    if (before > 0)
        ::munmap(begin, before);
    ::munmap(begin + before + arenaBytes, largePageBytes - before);
    ::madvise(begin + before, arenaBytes, MADV_DONTFORK);
    return begin + before;
}

} // namespace

PageArena::PageArena(v8::PageAllocator &other) : m_other(other), m_begin(reserve()) {}

PageArena::~PageArena()
{
    trim();
    if (m_begin)
        ::munmap(m_begin, arenaBytes);
}

std::size_t PageArena::pageOf(const void *address) const
{
    const auto *at = static_cast<const std::byte *>(address);
    if (!m_begin || at < m_begin || at >= m_begin + arenaBytes)
        return pageCount;
    return static_cast<std::size_t>(at - m_begin) / pageBytes;
}

void *PageArena::AllocatePages(void *address, size_t length, size_t alignment, Permission permissions)
{
    const bool isPage = length == pageBytes && alignment == pageBytes && (permissions == kNoAccess || permissions == kReadWrite);
    const std::size_t page = m_begin && isPage ? takePage() : pageCount;
    if (page == pageCount && length > pageBytes && length <= mostStretchBytes && alignment == pageBytes && permissions == kNoAccess)
        return takeStretch(length);
    if (page == pageCount)
        return m_other.AllocatePages(address, length, alignment, permissions);
    std::byte *begin = m_begin + page * pageBytes;
    fill(begin, pageBytes);
    return begin;
}

void *PageArena::takeStretch(std::size_t length)
{
    const std::size_t bytes = (length + pageBytes - 1) / pageBytes * pageBytes;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = std::ranges::find_if(m_kept, [&](const auto &kept) { return kept.second >= bytes && kept.second <= bytes + bytes / 4; });
        if (found != m_kept.end()) {
            const auto [begin, has] = *found;
            m_kept.erase(found);
            m_keptBytes -= has;
            m_stretches[begin] = {has, true, true};
            std::memset(begin, 0, headBytes);
            return begin;
        }
    }
    void *begin = m_other.AllocatePages(nullptr, bytes, pageBytes, kNoAccess);
    if (begin) {
        const std::lock_guard lock(m_mutex);
        m_stretches[begin] = {bytes, false, true};
    }
    return begin;
}

/// True when it is a stretch of ours, and is writable now.
bool PageArena::makeWritable(void *address, std::size_t length)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_stretches.find(address);
    if (found == m_stretches.end())
        return false;
    Stretch &stretch = found->second;
    if (stretch.writable && stretch.plain)
        return true;
    if (!stretch.plain || !m_other.SetPermissions(address, stretch.bytes, kReadWrite))
        return false;
    stretch.writable = true;
    fill(address, length);
    return true;
}

void PageArena::trim()
{
    std::vector<std::pair<void *, std::size_t>> all;
    {
        const std::lock_guard lock(m_mutex);
        all.swap(m_kept);
        m_keptBytes = 0;
    }
    for (const auto &[begin, bytes] : all)
        m_other.FreePages(begin, bytes);
}

/// Something is done to a part of a stretch: it is not used again.
void PageArena::spoil(const void *address)
{
    const std::lock_guard lock(m_mutex);
    auto found = m_stretches.upper_bound(const_cast<void *>(address));
    if (found == m_stretches.begin())
        return;
    --found;
    if (static_cast<const std::byte *>(address) < static_cast<const std::byte *>(found->first) + found->second.bytes)
        found->second.plain = false;
}

std::size_t PageArena::takePage()
{
    const std::lock_guard lock(m_mutex);
    std::size_t page = 0;
    while (page < pageCount && m_taken[page])
        ++page;
    if (page < pageCount)
        m_taken[page] = true;
    return page;
}

bool PageArena::FreePages(void *address, size_t length)
{
    const std::size_t page = pageOf(address);
    if (page == pageCount) {
        {
            const std::lock_guard lock(m_mutex);
            if (const auto found = m_stretches.find(address); found != m_stretches.end()) {
                const Stretch stretch = found->second;
                m_stretches.erase(found);
                if (stretch.plain && stretch.writable && m_keptBytes + stretch.bytes <= mostKeptBytes) {
                    m_kept.emplace_back(address, stretch.bytes);
                    m_keptBytes += stretch.bytes;
                    return true;
                }
                length = stretch.bytes;
            }
        }
        return m_other.FreePages(address, length);
    }
    std::byte *begin = m_begin + page * pageBytes;
    const std::lock_guard lock(m_mutex);
    if (m_guarded[page] && ::mprotect(begin, pageBytes, PROT_READ | PROT_WRITE) != 0)
        return false;
    m_guarded[page] = false;
    m_taken[page] = false;
    return ::madvise(begin, pageBytes, MADV_DONTNEED) == 0;
}

bool PageArena::ReleasePages(void *address, size_t length, size_t newLength)
{
    if (pageOf(address) == pageCount) {
        // What is released of a stretch stays its address space, until all of it is freed.
        if (const std::lock_guard lock(m_mutex); m_stretches.contains(address))
            return ::madvise(static_cast<std::byte *>(address) + newLength, length - newLength, MADV_DONTNEED) == 0;
        return m_other.ReleasePages(address, length, newLength);
    }
    return ::madvise(static_cast<std::byte *>(address) + newLength, length - newLength, MADV_DONTNEED) == 0;
}

bool PageArena::SetPermissions(void *address, size_t length, Permission permissions)
{
    const std::size_t page = pageOf(address);
    if (page < pageCount) {
        const std::lock_guard lock(m_mutex);
        if (permissions == kReadWrite && !m_guarded[page])
            return true;
        m_guarded[page] = true;
    } else if (permissions == kReadWrite && makeWritable(address, length)) {
        return true;
    } else {
        spoil(address);
    }
    if (!m_other.SetPermissions(address, length, permissions))
        return false;
    if (page == pageCount && permissions == kReadWrite && length >= pageBytes)
        fill(address, length); // an object too large for a page: V8 writes all of it at once
    return true;
}

bool PageArena::DecommitPages(void *address, size_t size)
{
    const std::size_t page = pageOf(address);
    if (page < pageCount) {
        const std::lock_guard lock(m_mutex);
        m_guarded[page] = true;
    } else {
        spoil(address);
    }
    return m_other.DecommitPages(address, size);
}

} // namespace cleat::runtime
