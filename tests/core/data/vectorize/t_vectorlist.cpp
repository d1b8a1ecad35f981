// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/vectorize/projection.h"
#include "core/data/vectorize/vectorlist.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <filesystem>
#include <numbers>

using namespace cleat;
using namespace cleat::data::vectorize;
using bindings::vectorize::VectorIndex;

namespace {

class Bench
{
public:
    explicit Bench(std::uint32_t dimensions = 3) { QVERIFY(createIndex(state(), "docs", dimensions, Metric::Euclidean)); }
    std::filesystem::path state() const { return folder.path().toStdString(); }
    void write(const std::vector<Vector> &vectors)
    {
        const auto done = index.upsert(vectors, 5000);
        QVERIFY2(done, done ? "" : done.error().message.c_str());
    }
    std::vector<std::string> ids(const Shown &shown, std::uint64_t first = 0)
    {
        std::vector<std::string> all;
        const auto rows = list.rows(shown, first, 100).value();
        for (const VectorRow &row : rows)
            all.push_back(row.id);
        return all;
    }
    QTemporaryDir folder;
    VectorIndex index{state(), "docs"}; ///< as code has it
    VectorList list{state(), "docs"};
};

using Ids = std::vector<std::string>;

} // namespace

class TestVectorList final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void comesAndGoes()
    {
        const QTemporaryDir folder;
        const std::filesystem::path state = folder.path().toStdString();
        VectorList list(state, "docs");
        auto look = list.look();
        QVERIFY(look && look->changed && !look->index);
        QCOMPARE(list.count({}).value(), 0U);
        QVERIFY(list.rows({}, 0, 10)->empty());
        QVERIFY(list.sample(10)->empty());
        QVERIFY(createIndex(state, "docs", 4, Metric::DotProduct));
        look = list.look();
        QVERIFY(look && look->changed && look->index);
        QCOMPARE(look->index->config.dimensions, 4U);
        QVERIFY(!list.look()->changed);
        QCOMPARE(createIndex(state, "docs", 4, Metric::Cosine).error().code, std::string("vectorize.exists"));
        QVERIFY(deleteIndex(state, "docs"));
        look = list.look();
        QVERIFY(look && look->changed && !look->index);
        QCOMPARE(deleteIndex(state, "docs").error().code, std::string("vectorize.missing"));
    }

    void rows()
    {
        Bench bench;
        bench.write({{"b", {1, 2, 3}, "space", R"({"x":1})"}, {"a", {0, 0, 0}, {}, {}}, {"aé", {1, 1, 1}, {}, "{\"long\":\"" + std::string(1000, 'y') + "\"}"}, {"c%_", {4, 4, 4}, {}, {}}});
        QCOMPARE(bench.ids({}), (Ids{"a", "aé", "b", "c%_"}));
        QCOMPARE(bench.ids({"a"}), (Ids{"a", "aé"}));
        QCOMPARE(bench.ids({"c%"}), Ids{"c%_"}); // a beginning, no pattern
        QCOMPARE(bench.ids({"%"}), Ids{});
        QCOMPARE(bench.ids({}, 2), (Ids{"b", "c%_"}));
        QCOMPARE(bench.list.count({"a"}).value(), 2U);
        const auto found = bench.list.rows({}, 1, 2);
        QCOMPARE((*found)[0].metadata->size(), shownMetadataBytes);
        QCOMPARE((*found)[0].metadataBytes, std::uint64_t(1011));
        QCOMPARE((*found)[1].nameSpace.value(), std::string("space"));
        const auto whole = bench.list.vector("aé");
        QVERIFY(whole && *whole);
        QCOMPARE((*whole)->metadata->size(), std::size_t(1011));
        QVERIFY(!bench.list.vector("none").value());
    }

    void removes()
    {
        Bench bench;
        std::vector<Vector> vectors;
        Ids ids;
        for (int i = 0; i < 300; ++i) {
            vectors.push_back({"v" + std::to_string(i), {static_cast<float>(i), 0, 1}, {}, {}});
            ids.push_back(vectors.back().id);
        }
        bench.write(vectors);
        QVERIFY(bench.list.look());
        ids.pop_back();
        ids.emplace_back("none");
        QCOMPARE(bench.list.remove(ids).value(), 299U);
        QVERIFY(bench.list.look()->changed);
        QCOMPARE(bench.ids({}), Ids{"v299"});
        std::stop_source stop;
        stop.request_stop();
        data::Control control;
        control.stop = stop.get_token();
        QCOMPARE(bench.list.remove(Ids{"v299"}, control).error().code, std::string("data.cancelled"));
        QCOMPARE(bench.list.count({}).value(), 1U);
    }

    void numbers()
    {
        const std::vector<float> values{0.1F, -5, 1e-20F, 3.4e38F};
        QCOMPARE(numbersOf(numbersText(values)).value(), values);
        QCOMPARE(numbersOf("[]").value(), std::vector<float>());
        for (const char *wrong : {"", "1, 2", "{\"a\":1}", "[1, \"2\"]", "[1, null]", "[1e999]", "[1e39]", "[NaN]", "[1,]"}) {
            const auto found = numbersOf(wrong);
            QVERIFY2(!found && found.error().code == "data.format", wrong);
        }
    }

    void samplesEvenly()
    {
        Bench bench;
        std::vector<Vector> vectors;
        for (int i = 0; i < 1000; ++i)
            vectors.push_back({QString::number(i).rightJustified(4, QLatin1Char('0')).toStdString(), {static_cast<float>(i), 0, 0}, {}, {}});
        bench.write(vectors);
        const auto sample = bench.list.sample(10);
        QVERIFY(sample);
        Ids ids;
        for (const Vector &vector : *sample)
            ids.push_back(vector.id);
        QCOMPARE(ids, (Ids{"0000", "0100", "0200", "0300", "0400", "0500", "0600", "0700", "0800", "0900"}));
        QCOMPARE(bench.list.sample(5000)->size(), std::size_t(1000));
    }

    /// Two groups far from each other, which lie thinly in 50 dimensions.
    void projectsApart()
    {
        std::vector<Vector> vectors;
        for (int i = 0; i < 200; ++i) {
            Vector vector{"v" + std::to_string(i), std::vector<float>(50), {}, {}};
            for (std::size_t k = 0; k < 50; ++k)
                vector.values[k] = static_cast<float>(std::sin(i * 7.1 + static_cast<double>(k) * 3.3)) + (i % 2 && k == 20 ? 40.0F : 0.0F);
            vectors.push_back(std::move(vector));
        }
        const auto made = project(vectors, Metric::Euclidean);
        QVERIFY(made);
        QCOMPARE(made->spots.size(), vectors.size());
        QVERIFY(made->share > 0.9 && made->share <= 1);
        const double side = made->spots[0].x;
        for (std::size_t i = 0; i < made->spots.size(); ++i)
            QVERIFY2((made->spots[i].x > 0) == ((side > 0) == (i % 2 == 0)), std::to_string(i).c_str());
        QVERIFY(made->spots == project(vectors, Metric::Euclidean)->spots);
        std::stop_source stop;
        stop.request_stop();
        data::Control control;
        control.stop = stop.get_token();
        QCOMPARE(project(vectors, Metric::Euclidean, control).error().code, std::string("data.cancelled"));
    }

    /// What lies in a plane keeps its distances; by cosine only directions count.
    void keepsDistances()
    {
        std::vector<Vector> vectors;
        for (int i = 0; i < 12; ++i) {
            const double angle = i * std::numbers::pi / 6;
            const double longer = 1 + i; // what cosine does not see
            vectors.push_back({std::to_string(i), {0, static_cast<float>(longer * std::cos(angle)), 0, static_cast<float>(longer * std::sin(angle))}, {}, {}});
        }
        const auto circle = project(vectors, Metric::Cosine);
        QVERIFY(circle);
        QVERIFY(circle->share > 0.999);
        for (const Spot &spot : circle->spots)
            QVERIFY2(std::abs(std::hypot(spot.x, spot.y) - 1) < 1e-3, spot.id.c_str());
    }

    void projectsLittle()
    {
        QVERIFY(project({}, Metric::Cosine)->spots.empty());
        const std::vector<Vector> one{{"a", {1, 2, 3}, {}, {}}};
        const auto single = project(one, Metric::Cosine);
        QCOMPARE(single->spots.size(), std::size_t(1));
        QCOMPARE(single->spots.front().x, 0.0);
        const std::vector<Vector> same{{"a", {0, 0}, {}, {}}, {"b", {0, 0}, {}, {}}};
        QCOMPARE(project(same, Metric::Cosine)->spots[1].y, 0.0);
        const std::vector<Vector> narrow{{"a", {1}, {}, {}}, {"b", {3}, {}, {}}};
        const auto line = project(narrow, Metric::Euclidean);
        QCOMPARE(std::abs(line->spots[1].x - line->spots[0].x), 2.0);
        QCOMPARE(line->spots[1].y, 0.0);
    }
};

QTEST_GUILESS_MAIN(TestVectorList)
#include "t_vectorlist.moc"
