// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/workerthread.h"

#include <QTest>

#include <atomic>
#include <thread>
#include <utility>
#include <vector>

using namespace cleat::runtime;

namespace {

constexpr IsolateSize usual{128U << 20, 64U << 20};

/// Whether the isolate is one in which the platform's JavaScript is there, and nobody has been yet.
bool isFresh(FreshIsolate &fresh)
{
    if (!fresh.isolate || fresh.isolate != v8::Isolate::TryGetCurrent() || fresh.context.IsEmpty())
        return false;
    const v8::HandleScope scope(fresh.isolate);
    const v8::Local<v8::Context> context = fresh.context.Get(fresh.isolate);
    const v8::Context::Scope inside(context);
    v8::Local<v8::String> code;
    v8::Local<v8::Script> script;
    v8::Local<v8::Value> result;
    return v8::String::NewFromUtf8(fresh.isolate, "typeof Response === 'function' && globalThis.visited === undefined && (globalThis.visited = true)")
               .ToLocal(&code)
        && v8::Script::Compile(context, code).ToLocal(&script) && script->Run(context).ToLocal(&result) && result->IsTrue();
}

} // namespace

class WorkerThreadTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneThatWaitsIsTaken()
    {
        for (int i = 0; i < 4; ++i) {
            std::atomic<int> outcome{0};
            std::thread::id ran;
            std::thread thread = startWorkerThread(usual, [&](FreshIsolate &&fresh) {
                ran = std::this_thread::get_id();
                outcome = isFresh(fresh) ? 1 : 2;
                discard(std::move(fresh));
            });
            const std::thread::id started = thread.get_id();
            thread.join();
            QCOMPARE(outcome.load(), 1);
            QVERIFY(ran == started && ran != std::this_thread::get_id());
            if (i % 2 == 0)
                QVERIFY(awaitReadyThread());
        }
    }

    void sizesAreKeptApart()
    {
        for (const std::size_t buffers : {usual.bufferBytes, std::size_t(1) << 20, std::size_t(2) << 20, usual.bufferBytes}) {
            QVERIFY(awaitReadyThread());
            std::atomic<bool> fits{false};
            std::atomic<bool> isBounded{false};
            std::thread thread = startWorkerThread({usual.heapBytes, buffers}, [&](FreshIsolate &&fresh) {
                void *all = fresh.allocator->AllocateUninitialized(buffers);
                fits = all != nullptr;
                isBounded = fresh.allocator->AllocateUninitialized(1) == nullptr;
                fresh.allocator->Free(all, buffers);
                discard(std::move(fresh));
            });
            thread.join();
            QVERIFY(fits);
            QVERIFY(isBounded);
        }
    }

    void manyAtOnce()
    {
        std::atomic<int> fresh{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.push_back(startWorkerThread(i % 3 ? usual : IsolateSize{64U << 20, 1U << 20}, [&](FreshIsolate &&mine) {
                if (isFresh(mine))
                    ++fresh;
                discard(std::move(mine));
            }));
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(fresh.load(), 8);
    }

    /// The program ends with one that waits.
    void theLastOneIsLeft() { QVERIFY(awaitReadyThread()); }
};

QTEST_GUILESS_MAIN(WorkerThreadTest)
#include "t_workerthread.moc"
