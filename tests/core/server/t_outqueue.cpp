// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/server/outqueue.h"

#include <QTest>

#include <array>
#include <random>

using namespace cleat::server;

namespace {

/// What a socket would send next.
std::string front(OutQueue &queue)
{
    std::array<iovec, 4> vectors;
    std::string bytes;
    const std::size_t count = queue.gather(vectors);
    for (std::size_t i = 0; i < count; ++i)
        bytes.append(static_cast<const char *>(vectors[i].iov_base), vectors[i].iov_len);
    return bytes;
}

} // namespace

class OutQueueTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void joinsSmallOnes()
    {
        OutQueue queue;
        QVERIFY(queue.empty());
        queue.append(std::string("one"));
        queue.append(std::string_view("two"));
        queue.append(std::string());
        std::array<iovec, 4> vectors;
        QCOMPARE(queue.gather(vectors), std::size_t(1));
        QCOMPARE(front(queue), std::string("onetwo"));
        QCOMPARE(queue.bytes(), std::size_t(6));
    }

    void takesAnotherQueueFromItsOffset()
    {
        OutQueue from;
        from.append(std::string("gone-stays"));
        from.drop(5);
        OutQueue to;
        to.append(std::string("before-"));
        to.append(from);
        QVERIFY(from.empty());
        QCOMPARE(front(to), std::string("before-stays"));
    }

    void behavesLikeAString_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 20; ++seed)
            QTest::addRow("%d", seed) << seed;
    }

    void behavesLikeAString()
    {
        QFETCH(int, seed);
        std::mt19937 random(static_cast<std::mt19937::result_type>(seed));
        OutQueue queue;
        std::string expected;
        for (int step = 0; step < 3000; ++step) {
            if (random() % 2 == 0) {
                std::string piece(random() % 4 == 0 ? random() % 20000 : random() % 100, static_cast<char>('a' + step % 26));
                expected += piece;
                queue.append(std::move(piece));
            } else if (!expected.empty()) {
                const std::size_t most = front(queue).size();
                const std::size_t bytes = random() % 3 == 0 ? most : random() % (most + 1);
                if (bytes != 0)
                    queue.drop(bytes);
                expected.erase(0, bytes);
            }
            QCOMPARE(queue.bytes(), expected.size());
            QVERIFY(expected.starts_with(front(queue)));
            QCOMPARE(queue.empty(), expected.empty());
        }
    }
};

QTEST_GUILESS_MAIN(OutQueueTest)
#include "t_outqueue.moc"
