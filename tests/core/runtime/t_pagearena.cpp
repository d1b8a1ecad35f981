// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/pagearena.h"

#include <libplatform/libplatform.h>

#include <QTest>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

using cleat::runtime::PageArena;
using Permission = v8::PageAllocator::Permission;

class PageArenaTest final : public QObject
{
    Q_OBJECT

    static constexpr std::size_t bytes = PageArena::pageBytes;

    std::unique_ptr<v8::Platform> m_platform = v8::platform::NewDefaultPlatform(1);

    static bool isZero(const void *memory)
    {
        const auto *begin = static_cast<const char *>(memory);
        return std::all_of(begin, begin + bytes, [](char c) { return c == 0; });
    }

    static void *page(PageArena &arena) { return arena.AllocatePages(nullptr, bytes, bytes, Permission::kNoAccess); }

private Q_SLOTS:
    void lieSideBySide()
    {
        PageArena arena(*m_platform->GetPageAllocator());
        auto *first = static_cast<char *>(page(arena));
        auto *second = static_cast<char *>(page(arena));
        QVERIFY(first && second);
        QCOMPARE(second - first, static_cast<std::ptrdiff_t>(bytes));
        QCOMPARE(reinterpret_cast<std::uintptr_t>(first) % bytes, std::uintptr_t{0});
        QVERIFY(arena.SetPermissions(first, bytes, Permission::kReadWrite));
        QVERIFY(isZero(first));
        QVERIFY(arena.FreePages(first, bytes));
        QVERIFY(arena.FreePages(second, bytes));
    }

    void comeBackEmpty()
    {
        PageArena arena(*m_platform->GetPageAllocator());
        void *memory = page(arena);
        std::memset(memory, 7, bytes);
        QVERIFY(arena.FreePages(memory, bytes));
        QCOMPARE(page(arena), memory);
        QVERIFY(isZero(memory));
        QVERIFY(arena.FreePages(memory, bytes));
    }

    void comeBackWritableWhateverTheyWere_data()
    {
        QTest::addColumn<int>("permission");
        QTest::newRow("readable") << static_cast<int>(Permission::kRead);
        QTest::newRow("nothing") << static_cast<int>(Permission::kNoAccess);
        QTest::newRow("taken from the process") << -1;
    }

    void comeBackWritableWhateverTheyWere()
    {
        QFETCH(int, permission);
        PageArena arena(*m_platform->GetPageAllocator());
        void *memory = page(arena);
        std::memset(memory, 7, bytes);
        QVERIFY(permission < 0 ? arena.DecommitPages(memory, bytes) : arena.SetPermissions(memory, bytes, static_cast<Permission>(permission)));
        QVERIFY(arena.FreePages(memory, bytes));
        QCOMPARE(page(arena), memory);
        QVERIFY(isZero(memory));
        std::memset(memory, 9, bytes);
        QVERIFY(arena.FreePages(memory, bytes));
    }

    void aGuardedPartCanBeOpenedAgain()
    {
        PageArena arena(*m_platform->GetPageAllocator());
        auto *memory = static_cast<char *>(page(arena));
        const std::size_t part = arena.CommitPageSize();
        QVERIFY(arena.SetPermissions(memory + part, part, Permission::kNoAccess));
        memory[0] = 1;
        QVERIFY(arena.SetPermissions(memory + part, part, Permission::kReadWrite));
        memory[part] = 2;
        QCOMPARE(memory[0], char{1});
        QVERIFY(arena.FreePages(memory, bytes));
    }

    void aShrunkPageIsFreedByItsNewLength()
    {
        PageArena arena(*m_platform->GetPageAllocator());
        auto *memory = static_cast<char *>(page(arena));
        std::memset(memory, 7, bytes);
        const std::size_t kept = 4 * arena.CommitPageSize();
        QVERIFY(arena.ReleasePages(memory, bytes, kept));
        QCOMPARE(memory[kept - 1], char{7});
        QVERIFY(arena.FreePages(memory, kept));
        QCOMPARE(page(arena), static_cast<void *>(memory));
        QVERIFY(isZero(memory));
        QVERIFY(arena.FreePages(memory, bytes));
    }

    void moreThanThereIsAndOtherSizesComeFromV8()
    {
        PageArena arena(*m_platform->GetPageAllocator());
        std::set<void *> all;
        for (std::size_t i = 0; i < PageArena::pageCount + 3; ++i) {
            void *memory = page(arena);
            QVERIFY(memory);
            QVERIFY(arena.SetPermissions(memory, bytes, Permission::kReadWrite));
            static_cast<char *>(memory)[bytes - 1] = 1;
            QVERIFY(all.insert(memory).second);
        }
        void *large = arena.AllocatePages(nullptr, 3 * bytes, bytes, Permission::kNoAccess);
        QVERIFY(large);
        QVERIFY(arena.SetPermissions(large, 3 * bytes, Permission::kReadWrite));
        static_cast<char *>(large)[3 * bytes - 1] = 1;
        QVERIFY(arena.ReleasePages(large, 3 * bytes, bytes));
        QVERIFY(arena.FreePages(large, bytes));
        for (void *memory : all)
            QVERIFY(arena.FreePages(memory, bytes));
    }

    static void *stretch(PageArena &arena, std::size_t length)
    {
        void *memory = arena.AllocatePages(nullptr, length, bytes, Permission::kNoAccess);
        return memory && arena.SetPermissions(memory, length, Permission::kReadWrite) ? memory : nullptr;
    }

    /// Of objects that are too large for a page.
    void stretchesAreKeptForTheNext()
    {
        PageArena arena(*m_platform->GetPageAllocator());
        constexpr std::size_t length = (1U << 20) + 20'480;
        auto *first = static_cast<char *>(stretch(arena, length));
        QVERIFY(first);
        QCOMPARE(reinterpret_cast<std::uintptr_t>(first) % bytes, std::uintptr_t{0});
        std::memset(first, 7, length);
        QVERIFY(arena.FreePages(first, length));
        auto *again = static_cast<char *>(stretch(arena, length + 4096));
        QCOMPARE(again, first);
        QVERIFY(std::all_of(again, again + 8192, [](char c) { return c == 0; })); // where V8's own is
        std::memset(again, 9, length + 4096);
        auto *other = static_cast<char *>(stretch(arena, length));
        QVERIFY(other && other != again);
        QVERIFY(arena.FreePages(again, length + 4096));
        QVERIFY(arena.FreePages(other, length));
        arena.trim();
        auto *fresh = static_cast<char *>(stretch(arena, length));
        QVERIFY(fresh && std::all_of(fresh, fresh + length, [](char c) { return c == 0; }));
        QVERIFY(arena.FreePages(fresh, length));
    }

    void stretchesThatWereChangedAreNot_data()
    {
        QTest::addColumn<int>("change");
        QTest::newRow("a guarded part") << 0;
        QTest::newRow("a part that was given back") << 1;
        QTest::newRow("never writable") << 2;
    }
    void stretchesThatWereChangedAreNot()
    {
        QFETCH(int, change);
        PageArena arena(*m_platform->GetPageAllocator());
        constexpr std::size_t length = 3 * bytes;
        auto *memory = static_cast<char *>(change == 2 ? arena.AllocatePages(nullptr, length, bytes, Permission::kNoAccess) : stretch(arena, length));
        QVERIFY(memory);
        if (change == 0)
            QVERIFY(arena.SetPermissions(memory + bytes, bytes, Permission::kNoAccess));
        if (change == 1)
            QVERIFY(arena.DecommitPages(memory + bytes, bytes));
        QVERIFY(arena.FreePages(memory, length));
        auto *next = static_cast<char *>(stretch(arena, length));
        QVERIFY(next);
        std::memset(next, 1, length);
        QVERIFY(arena.FreePages(next, length));
    }

    void aShrunkStretchIsFreedByItsNewLength()
    {
        PageArena arena(*m_platform->GetPageAllocator());
        auto *memory = static_cast<char *>(stretch(arena, 4 * bytes));
        std::memset(memory, 7, 4 * bytes);
        QVERIFY(arena.ReleasePages(memory, 4 * bytes, bytes));
        QCOMPARE(memory[bytes - 1], char{7});
        QVERIFY(arena.FreePages(memory, bytes));
        auto *next = static_cast<char *>(stretch(arena, 4 * bytes));
        QVERIFY(next);
        std::memset(next, 1, 4 * bytes);
        QVERIFY(arena.FreePages(next, 4 * bytes));
    }

    void tooManyStretchesAreNotKept()
    {
        PageArena arena(*m_platform->GetPageAllocator());
        std::vector<void *> all;
        for (int i = 0; i < 20; ++i)
            all.push_back(stretch(arena, 1U << 20));
        for (void *memory : all) {
            std::memset(memory, 5, 1U << 20);
            QVERIFY(arena.FreePages(memory, 1U << 20));
        }
        std::size_t fresh = 0;
        std::vector<void *> next;
        for (int i = 0; i < 20; ++i) {
            next.push_back(stretch(arena, 1U << 20));
            fresh += static_cast<char *>(next.back())[(1U << 20) - 1] == 0;
        }
        QCOMPARE(fresh, 20 - PageArena::mostKeptBytes / (1U << 20));
        for (void *memory : next)
            QVERIFY(arena.FreePages(memory, 1U << 20));
    }

    void manyThreads()
    {
        PageArena arena(*m_platform->GetPageAllocator());
        std::atomic<int> shared = 0;
        const auto work = [&](char mark) {
            for (int round = 0; round < 200; ++round) {
                std::vector<char *> mine;
                for (int i = 0; i < 4; ++i) {
                    mine.push_back(static_cast<char *>(page(arena)));
                    mine.back()[0] = mark;
                }
                for (char *memory : mine) {
                    if (memory[0] != mark || !arena.FreePages(memory, bytes))
                        ++shared;
                }
            }
        };
        std::vector<std::thread> threads;
        for (char mark = 1; mark <= 4; ++mark)
            threads.emplace_back(work, mark);
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(shared.load(), 0);
    }
};

QTEST_GUILESS_MAIN(PageArenaTest)
#include "t_pagearena.moc"
