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
