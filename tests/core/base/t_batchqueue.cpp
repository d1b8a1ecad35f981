// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/batchqueue.h"

#include <QTest>

#include <memory>
#include <thread>

using namespace cleat::base;
using namespace std::chrono_literals;

namespace {
using Queue = BatchQueue<std::unique_ptr<int>>;
} // namespace

class BatchQueueTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhenToWake()
    {
        Queue queue(10);
        QVERIFY(queue.push(std::make_unique<int>(1)) == Queue::Push::First);
        QVERIFY(queue.push(std::make_unique<int>(2)) == Queue::Push::More);
        std::vector<std::unique_ptr<int>> out;
        QVERIFY(queue.take(out));
        QCOMPARE(out.size(), 2U);
        QCOMPARE(*out[0], 1);
        QCOMPARE(*out[1], 2);
        QVERIFY(!queue.take(out));
        QVERIFY(out.empty());
        QVERIFY(queue.push(std::make_unique<int>(3)) == Queue::Push::First);
    }

    void refusesWhenFull()
    {
        Queue queue(1);
        QVERIFY(queue.push(std::make_unique<int>(1)) == Queue::Push::First);
        auto item = std::make_unique<int>(2);
        QVERIFY(queue.push(std::move(item)) == Queue::Push::Full);
        QVERIFY(item); // the caller keeps it
        std::vector<std::unique_ptr<int>> out;
        QVERIFY(queue.take(out));
        QVERIFY(queue.push(std::move(item)) == Queue::Push::First);
    }

    void closes()
    {
        Queue queue(10);
        QVERIFY(queue.push(std::make_unique<int>(1)) == Queue::Push::First);
        QVERIFY(!queue.closed());
        queue.close();
        QVERIFY(queue.closed());
        auto item = std::make_unique<int>(2);
        QVERIFY(queue.push(std::move(item)) == Queue::Push::Closed);
        QVERIFY(item);
        std::vector<std::unique_ptr<int>> out;
        QVERIFY(queue.wait(out)); // what was there can still be taken
        QCOMPARE(out.size(), 1U);
        QVERIFY(!queue.wait(out)); // and nobody waits for more
    }

    void closeWakes()
    {
        Queue queue(10);
        std::thread closer([&] {
            std::this_thread::sleep_for(20ms);
            queue.close();
        });
        std::vector<std::unique_ptr<int>> out;
        QVERIFY(!queue.wait(out));
        closer.join();
    }

    void waitsUntilDeadline()
    {
        Queue queue(10);
        std::vector<std::unique_ptr<int>> out;
        const auto start = std::chrono::steady_clock::now();
        QVERIFY(!queue.waitUntil(out, start + 30ms));
        QVERIFY(std::chrono::steady_clock::now() >= start + 30ms);
        QVERIFY(queue.push(std::make_unique<int>(1)) == Queue::Push::First);
        QVERIFY(queue.waitUntil(out, start)); // a deadline in the past takes what is there
        QCOMPARE(out.size(), 1U);
    }

    void manyProducers()
    {
        constexpr int producers = 4;
        constexpr int each = 20'000;
        BatchQueue<std::pair<int, int>> queue(64);
        std::vector<std::thread> threads;
        for (int p = 0; p < producers; ++p) {
            threads.emplace_back([&queue, p] {
                for (int n = 0; n < each; ++n) {
                    while (queue.push({p, n}) == BatchQueue<std::pair<int, int>>::Push::Full)
                        std::this_thread::yield();
                }
            });
        }
        std::vector<int> next(producers, 0);
        std::vector<std::pair<int, int>> out;
        int taken = 0;
        int wrong = 0;
        std::size_t largest = 0;
        while (taken < producers * each && queue.wait(out)) {
            largest = std::max(largest, out.size());
            for (const auto &[p, n] : out) {
                wrong += next[static_cast<std::size_t>(p)]++ != n;
                ++taken;
            }
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(taken, producers * each);
        QCOMPARE(wrong, 0);
        QVERIFY(largest <= 64);
        QVERIFY(!queue.take(out));
    }
};

QTEST_GUILESS_MAIN(BatchQueueTest)
#include "t_batchqueue.moc"
