// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/pathgroupsmodel.h"
#include "ui/requests/trafficchart.h"
#include "ui/requests/trafficstrip.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace cleat;
using namespace cleat::events;
using namespace Qt::StringLiterals;
using ui::PathGroupsModel;
using ui::TimeSpan;
using ui::TrafficChart;
using ui::TrafficStrip;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t begin = 1'700'000'000 * second;

std::shared_ptr<Recording> traffic(int requests)
{
    auto recording = std::make_shared<Recording>();
    Batch batch;
    for (int i = 0; i < requests; ++i) {
        RequestEvent e;
        e.id = static_cast<RequestId>(i) + 1;
        e.startUs = begin + i * second / 10;
        e.state = RequestState::Finished;
        e.status = i % 10 ? 200 : 500;
        e.method = i % 4 ? "GET" : "POST";
        e.target = i % 2 ? "/a?q=" + std::to_string(i) : "/b";
        e.durationUs = 1000;
        e.responseBytes = 10;
        batch.push_back(e);
    }
    const std::shared_ptr<const Batch> shared = std::make_shared<const Batch>(std::move(batch));
    recording->take(std::span(&shared, 1), nullptr);
    return recording;
}

std::vector<Recording::Bucket> buckets(int count)
{
    std::vector<Recording::Bucket> made(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        made[static_cast<std::size_t>(i)].requests = static_cast<std::uint32_t>(i % 3 ? i : 0);
        made[static_cast<std::size_t>(i)].errors = static_cast<std::uint32_t>(i % 5 ? 0 : i / 2);
        made[static_cast<std::size_t>(i)].p95Us = static_cast<std::uint32_t>(i * 100);
    }
    return made;
}

bool says(const QWidget &widget, const QString &words)
{
    const auto labels = widget.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [&words](const QLabel *label) { return label->text().contains(words); });
}

} // namespace

class TestTraffic final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void dragChoosesWholeBars()
    {
        TrafficChart chart;
        chart.resize(500, 60);
        chart.setTraffic({begin, begin + 100 * second}, buckets(100));
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        chart.grab();
        QSignalSpy chosen(&chart, &TrafficChart::chosenChanged);
        const int y = chart.plot().center().y();
        QTest::mouseClick(&chart, Qt::LeftButton, {}, {250, y}); // no drag
        QCOMPARE(chosen.count(), 0);
        QTest::mousePress(&chart, Qt::LeftButton, {}, {303, y});
        QTest::mouseMove(&chart, {200, y});
        QTest::mouseMove(&chart, {102, y});
        QCOMPARE(chosen.count(), 0); // once, at its end
        QTest::mouseRelease(&chart, Qt::LeftButton, {}, {102, y});
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chart.chosen(), (TimeSpan{begin + 20 * second, begin + 61 * second}));
        QTest::mousePress(&chart, Qt::LeftButton, {}, {400, y}); // over the edge
        QTest::mouseMove(&chart, {450, y});
        QTest::mouseMove(&chart, {700, y});
        QTest::mouseRelease(&chart, Qt::LeftButton, {}, {700, y});
        QCOMPARE(chart.chosen(), (TimeSpan{begin + 80 * second, begin + 100 * second}));
        chart.grab();
        QSignalSpy all(&chart, &TrafficChart::allAsked);
        QTest::mouseDClick(&chart, Qt::LeftButton, {}, {250, y});
        QVERIFY(!chart.chosen());
        QCOMPARE(all.count(), 1);
    }

    void wheelZoomsRoundTheMouse()
    {
        TrafficChart chart;
        chart.resize(500, 60);
        chart.setTraffic({begin, begin + 100 * second}, buckets(100));
        QSignalSpy asked(&chart, &TrafficChart::spanAsked);
        QWheelEvent event({250, 20}, chart.mapToGlobal(QPointF(250, 20)), {}, {0, 120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(&chart, &event);
        QCOMPARE(asked.count(), 1);
        const auto span = asked.at(0).at(0).value<TimeSpan>();
        QCOMPARE(span.toUs - span.fromUs, 80 * second);
        QVERIFY(std::abs((span.fromUs + span.toUs) / 2 - (begin + 50 * second)) < second);
    }

    void keysChoose()
    {
        TrafficChart chart;
        chart.resize(500, 60);
        chart.setTraffic({begin, begin + 100 * second}, buckets(100));
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        chart.setFocus();
        QCOMPARE(chart.accessibleName(), u"Requests over time"_s);
        QTest::keyClick(&chart, Qt::Key_Left);
        QVERIFY(!chart.accessibleDescription().isEmpty());
        QTest::keyClick(&chart, Qt::Key_Left);
        QTest::keyClick(&chart, Qt::Key_Left, Qt::ShiftModifier);
        QTest::keyClick(&chart, Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(chart.chosen(), (TimeSpan{begin + 96 * second, begin + 99 * second}));
        QTest::keyClick(&chart, Qt::Key_Home);
        QTest::keyClick(&chart, Qt::Key_Left);
        QTest::keyClick(&chart, Qt::Key_Return);
        QCOMPARE(chart.chosen(), (TimeSpan{begin, begin + second}));
        chart.grab();
        QTest::keyClick(&chart, Qt::Key_Escape);
        QVERIFY(!chart.chosen());
    }

    void emptyAndTiny()
    {
        TrafficChart chart;
        chart.resize(40, 10);
        chart.grab();
        chart.setTraffic({begin, begin}, buckets(3));
        chart.grab();
        QTest::keyClick(&chart, Qt::Key_Left);
        chart.setTraffic({}, {});
        QTest::keyClick(&chart, Qt::Key_Return);
        QTest::mouseClick(&chart, Qt::LeftButton);
        chart.grab();
        QCOMPARE(chart.barText(0), QString());
        QCOMPARE(chart.barAt(5), -1);
    }

    void stripCounts()
    {
        const auto recording = traffic(600); // a minute, ten a second
        TrafficStrip strip(recording);
        strip.resize(900, 60);
        strip.show();
        QVERIFY(QTest::qWaitForWindowExposed(&strip));
        QTRY_VERIFY(says(strip, u"10 req/s"_s));
        QVERIFY(says(strip, u"10 % errors"_s));
        QVERIFY(says(strip, u"p50 1.0 ms"_s));
        strip.setChosen(TimeSpan{begin + 1000 * second, begin + 1001 * second});
        QTRY_VERIFY(says(strip, u"No requests in this time"_s));
        strip.setChosen(std::nullopt);
        QTRY_VERIFY(says(strip, u"p50 1.0 ms"_s));
        strip.grab();
    }

    void groupsByPath()
    {
        const auto recording = traffic(600);
        PathGroupsModel model(recording);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.refresh();
        QVERIFY(!model.isCounted()); // nobody looks
        model.setActivity(PathGroupsModel::Activity::Active);
        QTRY_COMPARE(model.rowCount(), 3);
        const auto cell = [&model](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(cell(0, PathGroupsModel::Path), u"/a"_s); // without its query
        QCOMPARE(cell(0, PathGroupsModel::Requests), u"300"_s);
        QCOMPARE(cell(0, PathGroupsModel::Errors), QString());
        QCOMPARE(cell(0, PathGroupsModel::Total), u"300 ms"_s);
        model.sort(PathGroupsModel::Errors, Qt::DescendingOrder);
        QTRY_COMPARE(cell(0, PathGroupsModel::Path), u"/b"_s);
        QCOMPARE(model.rowOf("GET", "/a"), 2);
        model.setCriteria({*RequestQuery::parse("method:post"), std::nullopt});
        QTRY_COMPARE(model.rowCount(), 1);
        QCOMPARE(cell(0, PathGroupsModel::Method), u"POST"_s);
        recording->clear();
        QTRY_COMPARE((model.refresh(), model.rowCount()), 0);
    }
};

QTEST_MAIN(TestTraffic)
#include "t_traffic.moc"
