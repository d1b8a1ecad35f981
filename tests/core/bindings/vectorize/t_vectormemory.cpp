// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/vectorize/distance.h"
#include "core/bindings/vectorize/vectormemory.h"
#include "tests/patience.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>
#include <set>

using namespace cleat;
using namespace cleat::bindings::vectorize;

namespace {

std::vector<float> numbers(std::mt19937 &random, std::size_t count)
{
    std::normal_distribution<float> normal;
    std::vector<float> values(count);
    for (float &value : values)
        value = normal(random);
    return values;
}

std::vector<std::int64_t> places(const VectorMemory::Found &found)
{
    std::vector<std::int64_t> list;
    for (const auto &hit : found.hits)
        list.push_back(hit.place);
    return list;
}

} // namespace

class TestVectorMemory final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void distances()
    {
        std::mt19937 random(1);
        for (const std::size_t count : {1, 3, 15, 16, 17, 63, 64, 65, 100, 768, 1536}) {
            std::vector<float> a = numbers(random, count);
            std::vector<float> b = numbers(random, count);
            double dot = 0;
            double squared = 0;
            for (std::size_t i = 0; i < count; ++i) {
                dot += static_cast<double>(a[i]) * b[i];
                squared += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
            }
            QVERIFY(std::abs(dotProduct(a.data(), b.data(), count) - dot) < 1e-3 * (1 + std::abs(dot)));
            QVERIFY(std::abs(squaredDistance(a.data(), b.data(), count) - squared) < 1e-3 * (1 + squared));
            prepare(Metric::Cosine, a.data(), count);
            QVERIFY(std::abs(dotProduct(a.data(), a.data(), count) - 1) < 1e-5);
        }
        std::vector<float> large{3e30F, 4e30F};
        prepare(Metric::Cosine, large.data(), 2);
        QVERIFY(std::abs(large[0] - 0.6F) < 1e-6F && std::abs(large[1] - 0.8F) < 1e-6F);
        std::vector<float> zeros(2);
        prepare(Metric::Cosine, zeros.data(), 2);
        QCOMPARE(zeros, std::vector<float>(2));
        QCOMPARE(scoreOf(Metric::Cosine, 0.25F), 0.75);
        QCOMPARE(scoreOf(Metric::Euclidean, 9), 3.0);
        QCOMPARE(scoreOf(Metric::DotProduct, -12.5F), -12.5);
        QCOMPARE(scoreOf(Metric::Cosine, 1 - 0.999909486F), 0.999909461); // nine digits of a float
    }

    void graph_data()
    {
        QTest::addColumn<int>("metric");
        QTest::newRow("cosine") << static_cast<int>(Metric::Cosine);
        QTest::newRow("euclidean") << static_cast<int>(Metric::Euclidean);
    }

    /// More vectors than are compared one by one: what the graph finds is nearly always what comparing finds, and what is removed or appended later counts at once.
    void graph()
    {
        QFETCH(int, metric);
        constexpr std::size_t dimensions = 8;
        constexpr std::size_t count = 3000;
        std::mt19937 random(2);
        VectorMemory graphed(static_cast<Metric>(metric), dimensions, 1000);
        VectorMemory compared(static_cast<Metric>(metric), dimensions, count * 2);
        for (VectorMemory *memory : {&graphed, &compared})
            memory->clear({"even"});
        std::int64_t place = 0;
        const auto append = [&](std::size_t many) {
            std::vector<VectorMemory::Row> rows;
            for (std::size_t i = 0; i < many; ++i, ++place)
                rows.push_back({place + 1, place % 2 ? "odd" : "", numbers(random, dimensions), {FilterValue(place % 2 == 0)}});
            auto copy = rows;
            graphed.append(rows);
            compared.append(copy);
        };
        append(count);
        QTRY_COMPARE_WITH_TIMEOUT(graphed.progress().inGraph, count, 120'000);
        append(50); // perhaps not in the graph yet
        QVERIFY(compared.progress().inGraph == 0);
        std::vector<std::int64_t> gone;
        const auto check = [&](const std::optional<std::string> &nameSpace, const VectorFilter *filter) {
            std::size_t same = 0;
            constexpr std::size_t queries = 50;
            for (std::size_t i = 0; i < queries; ++i) {
                const std::vector<float> query = numbers(random, dimensions);
                const auto fast = graphed.nearest(query, 10, nameSpace, filter);
                const auto sure = compared.nearest(query, 10, nameSpace, filter);
                QVERIFY(fast && sure);
                QCOMPARE(fast->hits.size(), sure->hits.size());
                const auto right = places(*sure);
                for (const std::int64_t one : places(*fast)) {
                    same += static_cast<std::size_t>(std::ranges::count(right, one));
                    QVERIFY(std::ranges::find(gone, one) == gone.end());
                    QVERIFY(!nameSpace || one % 2 == 0); // places count from 1
                }
            }
            QVERIFY2(same >= queries * 10 * 97 / 100, qPrintable(QString::number(same)));
        };
        check(std::nullopt, nullptr);
        for (std::int64_t at = 3; at < place; at += 30)
            gone.push_back(at);
        graphed.remove(gone);
        compared.remove(gone);
        check(std::nullopt, nullptr);
        check("odd", nullptr);
        const auto filter = VectorFilter::parse(R"({"even":false})");
        QVERIFY(filter);
        check(std::nullopt, &*filter);
        const auto unknown = VectorFilter::parse(R"({"other":1})");
        const auto nothing = graphed.nearest(numbers(random, dimensions), 10, std::nullopt, &*unknown);
        QVERIFY(nothing && nothing->hits.empty());
        QCOMPARE(nothing->unindexed, std::vector<std::string>{"other"});
        graphed.clear({});
        QVERIFY(graphed.nearest(numbers(random, dimensions), 10, std::nullopt, nullptr)->hits.empty());
    }

    /// The graph comes back from its file, with what has been removed and appended since; a file that is not whole is as good as none.
    void keptGraph()
    {
        constexpr std::size_t dimensions = 8;
        constexpr std::int64_t count = 2500;
        QTemporaryDir dir;
        const std::filesystem::path file = std::filesystem::path(dir.path().toStdString()) / "x.graph";
        std::mt19937 random(3);
        std::vector<VectorMemory::Row> rows;
        for (std::int64_t place = 1; place <= count; ++place)
            rows.push_back({place * 2, "", numbers(random, dimensions), {}});
        {
            VectorMemory first(Metric::Cosine, dimensions, 1000, file);
            first.clear({});
            auto copy = rows;
            first.append(copy);
            QTRY_COMPARE_WITH_TIMEOUT(first.progress().inGraph, rows.size(), 120'000);
        }
        QVERIFY(std::filesystem::exists(file)); // an end keeps it at once
        std::erase_if(rows, [](const auto &row) { return row.place % 14 == 0; });
        for (std::int64_t place = count + 1; place <= count + 30; ++place)
            rows.push_back({place * 2, "", numbers(random, dimensions), {}});
        VectorMemory again(Metric::Cosine, dimensions, 1000, file);
        VectorMemory compared(Metric::Cosine, dimensions, rows.size() * 2);
        for (VectorMemory *memory : {&again, &compared}) {
            memory->clear({});
            auto copy = rows;
            memory->append(copy);
        }
        QTRY_COMPARE_WITH_TIMEOUT(again.progress().inGraph, rows.size(), 120'000);
        std::size_t same = 0;
        for (int i = 0; i < 50; ++i) {
            const std::vector<float> query = numbers(random, dimensions);
            const auto fast = places(*again.nearest(query, 10, std::nullopt, nullptr));
            const auto right = places(*compared.nearest(query, 10, std::nullopt, nullptr));
            QCOMPARE(fast.size(), right.size());
            for (const std::int64_t one : fast)
                same += static_cast<std::size_t>(std::ranges::count(right, one));
        }
        QVERIFY2(same >= 485, qPrintable(QString::number(same)));
        QByteArray bytes;
        {
            QFile kept(QString::fromStdString(file.string()));
            QVERIFY(kept.open(QIODevice::ReadWrite));
            bytes = kept.readAll();
            bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        }
        for (const QByteArray &wrong : {bytes, bytes.left(bytes.size() / 3), bytes.left(10), QByteArray()}) {
            QFile kept(QString::fromStdString(file.string()));
            QVERIFY(kept.open(QIODevice::WriteOnly | QIODevice::Truncate));
            kept.write(wrong);
            kept.close();
            VectorMemory other(Metric::Cosine, dimensions, 1000, file);
            other.clear({});
            std::vector<VectorMemory::Row> some(rows.begin(), rows.begin() + 1500);
            const std::vector<float> query = some[7].values;
            other.append(some);
            QTRY_COMPARE_WITH_TIMEOUT(other.progress().inGraph, some.size(), 120'000);
            QCOMPARE(places(*other.nearest(query, 1, std::nullopt, nullptr)), (std::vector<std::int64_t>{rows[7].place}));
        }
    }

    /// While one thread fills, others search and the graph grows.
    void manyThreads()
    {
        constexpr std::size_t dimensions = 4;
        VectorMemory memory(Metric::Euclidean, dimensions, 100);
        memory.clear({});
        std::atomic<bool> failed = false;
        std::vector<std::jthread> searchers;
        for (unsigned i = 0; i < 3; ++i) {
            searchers.emplace_back([&, i](const std::stop_token &stop) {
                std::mt19937 random(i);
                while (!stop.stop_requested()) {
                    const auto found = memory.nearest(numbers(random, dimensions), 5, std::nullopt, nullptr);
                    if (!found || !std::ranges::is_sorted(found->hits, {}, &VectorMemory::Hit::distance))
                        failed = true;
                }
            });
        }
        std::mt19937 random(9);
        for (std::int64_t place = 1; place < 3000; place += 10) {
            std::vector<VectorMemory::Row> rows;
            for (std::int64_t i = 0; i < 10; ++i)
                rows.push_back({place + i, "", numbers(random, dimensions), {}});
            memory.append(rows);
            const std::vector<std::int64_t> gone{place / 2};
            memory.remove(gone);
            const std::vector<float> own = rows.back().values;
            const auto found = memory.nearest(own, 1, std::nullopt, nullptr);
            QVERIFY(found && !found->hits.empty() && found->hits.front().distance < 1e-6F);
        }
        searchers.clear();
        QVERIFY(!failed);
    }
};

QTEST_APPLESS_MAIN(TestVectorMemory)
#include "t_vectormemory.moc"
