// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <v8-platform.h>

#include <array>
#include <bitset>
#include <cstddef>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace cleat::runtime {

/// Memory for the pages of V8's heaps, out of one stretch of addresses. V8's own allocator puts each page of 256 KiB somewhere else at random, so that each costs several calls of the
/// system, page tables of its own and a fault for every 4 KiB of it; together that is most of what a small heap takes to be there. Side by side, the system can use large pages.
/// An object too large for a page has a stretch of its own, which V8 gives back as soon as the object is gone: where a text of a mebibyte is made for each request, mapping and filling such
/// stretches costs as much as the rest of the request. So some that were freed are kept for the next one.
/// Whatever is neither, or finds no room, is left to V8's allocator. Any thread.
class PageArena final : public v8::PageAllocator
{
public:
    explicit PageArena(v8::PageAllocator &other);
    ~PageArena() override;
    PageArena(const PageArena &) = delete;
    PageArena &operator=(const PageArena &) = delete;

    size_t AllocatePageSize() override { return m_other.AllocatePageSize(); }
    size_t CommitPageSize() override { return m_other.CommitPageSize(); }
    void SetRandomMmapSeed(int64_t seed) override { m_other.SetRandomMmapSeed(seed); }
    void *GetRandomMmapAddr() override { return m_other.GetRandomMmapAddr(); }
    void *AllocatePages(void *address, size_t length, size_t alignment, Permission permissions) override;
    bool FreePages(void *address, size_t length) override;
    bool ReleasePages(void *address, size_t length, size_t newLength) override;
    bool SetPermissions(void *address, size_t length, Permission permissions) override;
    bool DiscardSystemPages(void *address, size_t size) override { return m_other.DiscardSystemPages(address, size); }
    bool DecommitPages(void *address, size_t size) override;

    static constexpr std::size_t pageBytes = 256U << 10;
    static constexpr std::size_t pageCount = 256;
    static constexpr std::size_t mostStretchBytes = 4U << 20; ///< of one that is kept
    static constexpr std::size_t mostKeptBytes = 12U << 20; ///< of all together

    /// Gives back what is kept for later.
    void trim();

private:
    /// The place of one object. It is kept when it was readable and writable as a whole, all the time.
    struct Stretch {
        std::size_t bytes = 0; ///< a multiple of pageBytes; V8 has asked for less
        bool writable = false;
        bool plain = true; ///< nothing was done to it but to make it writable
    };
    void *takeStretch(std::size_t length);
    bool makeWritable(void *address, std::size_t length);
    void spoil(const void *address);

    /// The number of the arena's page that holds the address; pageCount when none does.
    std::size_t pageOf(const void *address) const;

    /// One that is free; pageCount when there is none.
    std::size_t takePage();

    v8::PageAllocator &m_other;
    std::byte *m_begin = nullptr; ///< null when the system gave nothing
    std::mutex m_mutex;
    std::bitset<pageCount> m_taken;
    std::bitset<pageCount> m_guarded; ///< parts of it may be less than readable and writable
    std::map<void *, Stretch> m_stretches; ///< in V8's hands, by their beginning
    std::vector<std::pair<void *, std::size_t>> m_kept; ///< oldest first
    std::size_t m_keptBytes = 0;
};

} // namespace cleat::runtime
