// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/bindings/analytics/dataset.h"
#include "core/data/analytics/pointlist.h"
#include "core/data/analytics/query.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <filesystem>
#include <limits>

using namespace cleat;
using bindings::analytics::DataPoint;
using bindings::analytics::Dataset;
using bindings::analytics::datasetFile;
using data::analytics::Point;
using data::analytics::PointList;

namespace {

class Bench
{
public:
    std::filesystem::path state() const { return folder.path().toStdString(); }
    std::filesystem::path file() const { return datasetFile(state(), "hits").value(); }
    static DataPoint point(std::string_view index, std::initializer_list<std::string_view> blobs, std::initializer_list<double> doubles)
    {
        DataPoint made;
        made.timeMs = base::wallMs();
        made.addIndex(index);
        for (const std::string_view blob : blobs)
            made.addBlob(blob);
        for (const double value : doubles)
            made.addDouble(value);
        return made;
    }
    void write(const DataPoint &point)
    {
        const DataPoint *one = &point;
        QVERIFY(dataset.append(std::span(&one, 1)));
    }
    QTemporaryDir folder;
    Dataset dataset{file()};
    PointList list{file()};
};

} // namespace

class TestPointList final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothing()
    {
        Bench bench;
        const auto look = bench.list.look(PointList::Newer::Show);
        QVERIFY(look && look->changed);
        QCOMPARE(look->shown, 0U);
        QVERIFY(!bench.list.look(PointList::Newer::Show)->changed);
        QVERIFY(bench.list.rows(0, 10)->empty());
        QVERIFY(!std::filesystem::exists(bench.file())); // looking makes nothing
    }

    void newestFirst()
    {
        Bench bench;
        for (int i = 0; i < 300; ++i)
            bench.write(Bench::point("i" + std::to_string(i), {"a", {}, "c\n\xff"}, {0.1, 0, static_cast<double>(i)}));
        const auto look = bench.list.look(PointList::Newer::Show);
        QVERIFY(look);
        QCOMPARE(look->shown, 300U);
        QCOMPARE(look->blobs.to_string(), std::string("00000000000000000101"));
        QCOMPARE(look->doubles.to_string(), std::string("00000000000000000101"));
        const auto rows = bench.list.rows(0, 2);
        QVERIFY(rows);
        QCOMPARE(rows->size(), std::size_t(2));
        const Point &first = rows->front();
        QCOMPARE(first.index, std::string("i299"));
        QVERIFY((first.blobs == std::vector<std::string>{"a", "", "c\n\xff"}));
        QVERIFY((first.doubles == std::vector<std::optional<double>>{0.1, 0.0, 299.0})); // to the last digit
        QCOMPARE(rows->back().index, std::string("i298"));
        QCOMPARE(bench.list.rows(299, 10)->size(), std::size_t(1));
        QVERIFY(bench.list.rows(300, 10)->empty());
    }

    /// What is shown stays where it is until newer points are asked for.
    void keepsBack()
    {
        Bench bench;
        bench.write(Bench::point("old", {}, {}));
        QVERIFY(bench.list.look(PointList::Newer::Show));
        bench.write(Bench::point("new", {}, {}));
        const auto kept = bench.list.look(PointList::Newer::KeepBack);
        QVERIFY(kept && !kept->changed);
        QCOMPARE(kept->newer, 1U);
        QCOMPARE(bench.list.rows(0, 10)->front().index, std::string("old"));
        const auto shown = bench.list.look(PointList::Newer::Show);
        QVERIFY(shown && shown->changed);
        QCOMPARE(shown->shown, 2U);
        QCOMPARE(bench.list.rows(0, 10)->front().index, std::string("new"));
    }

    void oddNumbers()
    {
        Bench bench;
        bench.write(Bench::point("x", {std::string(16'000, 'b')}, {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), -5e-324, 1.7976931348623157e308}));
        QVERIFY(bench.list.look(PointList::Newer::Show));
        const Point point = bench.list.rows(0, 1)->front();
        QCOMPARE(point.blobs.front().size(), data::analytics::shownBlobBytes);
        QVERIFY(!point.doubles[0]);
        QVERIFY(std::isinf(*point.doubles[1]));
        QCOMPARE(*point.doubles[2], -5e-324);
        QCOMPARE(*point.doubles[3], 1.7976931348623157e308);
    }

    /// Somebody deletes the folder, and points come again.
    void startsAgain()
    {
        Bench bench;
        for (int i = 0; i < 5; ++i)
            bench.write(Bench::point("a", {}, {}));
        QVERIFY(bench.list.look(PointList::Newer::Show));
        std::filesystem::remove_all(bench.file().parent_path());
        const auto gone = bench.list.look(PointList::Newer::KeepBack);
        QVERIFY(gone && gone->changed);
        QCOMPARE(gone->shown, 0U);
        Dataset again(bench.file());
        const DataPoint point = Bench::point("b", {}, {});
        const DataPoint *one = &point;
        QVERIFY(again.append(std::span(&one, 1)));
        QCOMPARE(bench.list.look(PointList::Newer::Show)->shown, 1U);
        QCOMPARE(bench.list.rows(0, 1)->front().index, std::string("b"));
    }

    void csv()
    {
        Bench bench;
        bench.write(Bench::point("comma, \"quote\"", {"two\nlines", " blank"}, {1.5}));
        const auto answer = data::analytics::runQuery(bench.state(), "SELECT index1, blob1, blob2, blob3, double1, 7 AS seven FROM hits");
        QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        const std::filesystem::path file = bench.state() / "out.csv";
        QVERIFY(data::analytics::writeCsv(*answer, file));
        QCOMPARE(base::readFile(file).value(), std::string("index1,blob1,blob2,blob3,double1,seven\r\n\"comma, \"\"quote\"\"\",\"two\nlines\",\" blank\",\"\",1.5,7\r\n"));
        std::stop_source stop;
        stop.request_stop();
        data::Control control;
        control.stop = stop.get_token();
        const auto cancelled = data::analytics::writeCsv(*answer, bench.state() / "none.csv", control);
        QVERIFY(!cancelled && cancelled.error().code == "data.cancelled");
        QVERIFY(!std::filesystem::exists(bench.state() / "none.csv"));
    }
};

QTEST_GUILESS_MAIN(TestPointList)
#include "t_pointlist.moc"
