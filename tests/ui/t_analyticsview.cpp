// SPDX-License-Identifier: GPL-3.0-or-later
// A dataset of the Analytics Engine in the Data pane.
#include "core/base/clock.h"
#include "core/bindings/analytics/dataset.h"
#include "tests/ui/viewbench.h"
#include "ui/data/analytics/analyticsview.h"
#include "ui/data/analytics/chartdata.h"
#include "ui/data/analytics/chartview.h"
#include "ui/data/analytics/pointmodel.h"
#include "ui/data/d1/gridview.h"
#include "ui/data/d1/sqleditor.h"
#include "ui/data/d1/sqlhistory.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/rowview.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QFileDialog>
#include <QHeaderView>
#include <QImage>
#include <QPushButton>
#include <QScrollBar>
#include <QSettings>

using namespace cleat;
using namespace Qt::StringLiterals;
using bindings::analytics::DataPoint;
using bindings::analytics::Dataset;
using data::analytics::Answer;
using data::analytics::Type;
using session::DataResource;
using ui::ChartData;
using ui::ChartKind;
using ui::PointModel;

namespace {

class Bench final : public tests::ViewBench
{
public:
    void open()
    {
        DataResource resource;
        resource.kind = DataResource::Kind::Analytics;
        resource.id = resource.title = "hits";
        resource.uses = {{"HITS", {config::Scope::TopLevel}}};
        resource.state = state();
        resource.file = bindings::analytics::datasetFile(state(), "hits").value();
        resource.exists = std::filesystem::exists(resource.file);
        show(ui::makeAnalyticsView(resource, nullptr));
    }
    void put(int count, const char *path = "/checkout", double first = 1)
    {
        std::vector<DataPoint> points(static_cast<std::size_t>(count));
        std::vector<const DataPoint *> given;
        for (int i = 0; i < count; ++i) {
            DataPoint &point = points[static_cast<std::size_t>(i)];
            point.timeMs = base::wallMs();
            point.addIndex("customer");
            point.addBlob(path);
            point.addDouble(first + i);
            given.push_back(&point);
        }
        if (!m_dataset)
            m_dataset = std::make_unique<Dataset>(bindings::analytics::datasetFile(state(), "hits").value());
        QVERIFY(m_dataset->append(given));
    }
    ui::RowView *points() const { return rows(u"Points"_s); }
    QString point(int row, int column) const { return points()->model()->index(row, column).data().toString(); }
    ui::SqlEditor *editor() const { return view->findChild<ui::SqlEditor *>(u"analyticsSql"_s); }
    ui::GridView *result() const { return view->findChild<ui::GridView *>(); }
    QString summary() const { return view->findChild<ui::ElideLabel *>(u"querySummary"_s)->text(); }
    ui::ChartView *chart() const { return view->findChild<ui::ChartView *>(); }
    void run(const QString &sql) const
    {
        editor()->setText(sql);
        click(u"Run"_s);
    }

private:
    std::unique_ptr<Dataset> m_dataset;
};

Answer answerOf(std::vector<std::pair<std::string, Type>> columns, std::vector<std::vector<data::analytics::Cell>> rows)
{
    Answer answer;
    for (auto &[name, type] : columns)
        answer.columns.push_back({name, type});
    answer.rows = std::move(rows);
    return answer;
}

const Type text = Type::of(Type::Kind::String);
const Type number = Type::of(Type::Kind::Float);
const Type moment = Type::of(Type::Kind::DateTime);

} // namespace

class TestAnalyticsView final : public QObject
{
    Q_OBJECT
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareViews(m_settings.path()); }
    void init() { QSettings().clear(); }

    void chartsOfTimes()
    {
        const Answer answer = answerOf({{"t", moment}, {"n", number}, {"m", Type::unsignedInteger(64)}}, {{std::int64_t(120), 2.0, std::int64_t(-1)}, {std::int64_t(60), 1.0, std::int64_t(5)}, {std::int64_t(180), {}, std::int64_t(7)}});
        const ChartData lines = chartData(answer, ChartKind::Lines);
        QCOMPARE(lines.across, ChartData::Across::Time);
        QCOMPARE(lines.series.size(), std::size_t(2));
        QCOMPARE(lines.series[0].name, u"n"_s);
        QCOMPARE(lines.series[0].points.size(), std::size_t(2)); // what is no number is not there
        QCOMPARE(lines.series[0].points.front().y(), 1.0); // by time
        QCOMPARE(QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(lines.series[0].points.front().x())).time(), QTime(0, 1));
        QCOMPARE(lines.series[1].points[1].y(), 18446744073709551615.0);
        const ChartData bars = chartData(answer, ChartKind::Bars);
        QCOMPARE(bars.across, ChartData::Across::Category);
        QCOMPARE(bars.categories, (QStringList{u"1970-01-01 00:02:00"_s, u"1970-01-01 00:01:00"_s, u"1970-01-01 00:03:00"_s}));
    }

    void chartsByNames()
    {
        const ChartData data = chartData(answerOf({{"t", moment}, {"path", text}, {"n", number}}, {{std::int64_t(60), "/a", 1.0}, {std::int64_t(60), "/b", 2.0}, {std::int64_t(120), "/a", 3.0}}), ChartKind::Bars);
        QCOMPARE(data.categories.size(), 2);
        QCOMPARE(data.series.size(), std::size_t(2));
        QCOMPARE(data.series[0].name, u"/a"_s);
        QCOMPARE(data.series[0].points, (std::vector<QPointF>{{0, 1}, {1, 3}}));
        QCOMPARE(data.series[1].points, (std::vector<QPointF>{{0, 2}}));
    }

    void chartsOfMuch()
    {
        std::vector<std::vector<data::analytics::Cell>> rows;
        for (int i = 0; i < 50'000; ++i)
            rows.push_back({static_cast<double>(i), i == 31'234 ? 99.0 : static_cast<double>(i % 7)});
        const Answer answer = answerOf({{"x", number}, {"y", number}}, std::move(rows));
        const ChartData lines = chartData(answer, ChartKind::Lines);
        QVERIFY(lines.series[0].points.size() <= ui::mostChartPoints);
        QCOMPARE(std::ranges::max(lines.series[0].points, {}, &QPointF::y).y(), 99.0);
        const ChartData bars = chartData(answer, ChartKind::Bars);
        QCOMPARE(static_cast<std::size_t>(bars.categories.size()), ui::mostChartBars);
        QVERIFY(bars.note.contains(u"60"_s));
        rows.clear();
        for (int i = 0; i < 40; ++i)
            rows.push_back({"t", "name" + std::to_string(i), static_cast<double>(i)});
        const ChartData many = chartData(answerOf({{"a", text}, {"b", text}, {"n", number}}, std::move(rows)), ChartKind::Lines);
        QCOMPARE(many.series.size(), ui::mostChartSeries);
        QCOMPARE(many.series.back().name, u"name39"_s);
        QVERIFY(!many.note.isEmpty());
    }

    void chartsOfNothing()
    {
        QVERIFY(!chartData(answerOf({{"a", text}}, {{"x"}}), ChartKind::Lines).trouble.isEmpty());
        QVERIFY(!chartData(answerOf({{"a", text}, {"n", number}}, {}), ChartKind::Bars).trouble.isEmpty());
        QVERIFY(!chartData(answerOf({{"a", text}, {"n", number}}, {{"x", std::nan("")}}), ChartKind::Bars).trouble.isEmpty());
        QVERIFY(!chartData(Answer(), ChartKind::Bars).trouble.isEmpty());
        const ChartData alone = chartData(answerOf({{"n", number}}, {{4.0}, {5.0}}), ChartKind::Lines);
        QCOMPARE(alone.series[0].points, (std::vector<QPointF>{{1, 4}, {2, 5}}));
    }

    /// From the snippet to the first point.
    void pointsAsTheyCome()
    {
        Bench bench;
        bench.open();
        QVERIFY(bench.shows(u"No point was written yet"_s));
        QVERIFY(bench.shows(u"context.env.HITS.writeDataPoint"_s));
        bench.put(1, "/one", 12.5);
        QTRY_VERIFY(bench.points());
        const QAbstractItemModelTester tester(bench.points()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QTRY_COMPARE(bench.points()->model()->rowCount(), 1);
        QTRY_COMPARE(bench.point(0, PointModel::FirstBlob), u"/one"_s);
        QCOMPARE(bench.point(0, PointModel::FirstDouble), u"12.5"_s);
        QCOMPARE(bench.point(0, PointModel::Index), u"customer"_s);
        QVERIFY(!bench.points()->header()->isSectionHidden(PointModel::FirstBlob));
        QVERIFY(bench.points()->header()->isSectionHidden(PointModel::FirstBlob + 1)); // nobody has one
        bench.put(1, "/two");
        QTRY_COMPARE(bench.point(0, PointModel::FirstBlob), u"/two"_s);
        Bench::clickRow(*bench.points(), 0);
        QTest::keySequence(bench.points(), QKeySequence::Copy);
        QTRY_VERIFY(QApplication::clipboard()->text().contains(u"\"blobs\":[\"/two\"]"_s));
    }

    /// Who reads older points keeps the place.
    void keepsThePlace()
    {
        Bench bench;
        bench.put(2000);
        bench.open();
        QTRY_COMPARE(bench.points()->model()->rowCount(), 2000);
        QTRY_COMPARE(bench.point(0, PointModel::FirstDouble), u"2000"_s);
        bench.points()->verticalScrollBar()->setValue(bench.points()->verticalScrollBar()->maximum());
        QTRY_COMPARE(bench.point(1999, PointModel::FirstDouble), u"1"_s);
        bench.put(3, "/new", 5000);
        QTRY_VERIFY(bench.button(u"3 newer points"_s));
        QCOMPARE(bench.points()->model()->rowCount(), 2000);
        QCOMPARE(bench.point(1999, PointModel::FirstDouble), u"1"_s);
        bench.click(u"3 newer points"_s);
        QTRY_COMPARE(bench.points()->model()->rowCount(), 2003);
        QTRY_COMPARE(bench.point(0, PointModel::FirstDouble), u"5002"_s);
        QTRY_VERIFY(!bench.button(u"3 newer points"_s));
    }

    void queries()
    {
        Bench bench;
        bench.put(40, "/a");
        bench.put(2, "/b");
        bench.open();
        QVERIFY(bench.showTab(u"SQL"_s));
        QVERIFY(bench.editor()->text().contains(u"FROM hits"_s));
        bench.click(u"Run"_s); // what stands there at first
        QTRY_VERIFY(bench.result());
        QTRY_VERIFY(bench.summary().contains(u"row"_s));

        bench.run(u"SELECT blob1 AS path, sum(_sample_interval) AS points, max(timestamp) AS last FROM hits GROUP BY path ORDER BY points DESC"_s);
        QTRY_VERIFY(bench.summary().startsWith(u"2 rows"_s));
        const QAbstractItemModel *model = bench.result()->model();
        const QAbstractItemModelTester tester(bench.result()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model->headerData(1, Qt::Horizontal).toString(), u"points"_s);
        QCOMPARE(model->index(0, 0).data().toString(), u"/a"_s);
        QCOMPARE(model->index(0, 1).data().toString(), u"40"_s);
        QVERIFY(model->index(0, 2).data().toString().startsWith(u"20"_s)); // a time as a time
        QTest::mouseClick(bench.result()->viewport(), Qt::LeftButton, {}, bench.result()->visualRect(model->index(1, 1)).center());
        QTest::keySequence(bench.result(), QKeySequence::Copy);
        QCOMPARE(QApplication::clipboard()->text().trimmed(), u"2"_s);

        // As a picture, in a file.
        const QString png = bench.pathText("chart.png");
        QVERIFY(bench.showTab(u"Chart"_s));
        auto *kind = bench.chart()->parentWidget()->findChild<QComboBox *>();
        QVERIFY(kind && kind->isVisible());
        for (int i = 0; i < 2; ++i) {
            kind->setCurrentIndex(i);
            QVERIFY(!bench.chart()->isEmpty());
            bench.click(u"Save the chart as a picture…"_s);
            bench.answerFile(png);
            QTRY_VERIFY(QImage(png).width() == bench.chart()->findChild<QWidget *>()->parentWidget()->width() * 2);
            const QImage image(png);
            QSet<QRgb> seen;
            for (int y = 0; y < image.height(); y += 2) {
                for (int x = 0; x < image.width(); x += 2)
                    seen << image.pixel(x, y);
            }
            QVERIFY(seen.size() > 5); // something is drawn
            QVERIFY(QFile::remove(png));
        }

        const QString csv = bench.pathText("out.csv");
        bench.click(u"Save as CSV…"_s);
        bench.answerFile(csv);
        QTRY_VERIFY(QFile::exists(csv));
        QVERIFY(bench.read("out.csv").starts_with("path,points,last\r\n/a,40,20"));

        // What was run is remembered.
        bench.click(u"History"_s);
        auto *history = qobject_cast<ui::HistoryDialog *>(bench.dialog());
        QVERIFY(history);
        history->reject();
        QVERIFY(bench.asksNothing());
    }

    void tellsMistakes()
    {
        Bench bench;
        bench.put(3);
        bench.open();
        QVERIFY(bench.showTab(u"SQL"_s));
        bench.run(u"SELECT blob1\nFROM hits\nWHERE blub = 1"_s);
        QTRY_VERIFY(bench.summary().contains(u"line 3"_s));
        QVERIFY(bench.editor()->annotation(2).contains(u"blub"_s));
        bench.run(u"SELECT 1 FROM nowhere"_s);
        QTRY_VERIFY(bench.editor()->annotation(0).contains(u"There is no dataset nowhere"_s));
        bench.run(u"SELECT count() FROM hits"_s);
        QTRY_VERIFY(bench.summary().startsWith(u"1 row"_s));
        QVERIFY(bench.editor()->annotation(0).isEmpty());
    }

    /// A query without an end is stopped by hand; the page goes on.
    void cancels()
    {
        Bench bench;
        bench.put(60'000);
        bench.open();
        QVERIFY(bench.showTab(u"SQL"_s));
        bench.run(u"SELECT topK(20000)(concat), count() FROM (SELECT format('{}{}{}{}', blob1, double1, double1, double1) AS concat FROM hits ORDER BY lower(upper(lower(upper(concat)))))"_s);
        bench.click(u"Cancel"_s);
        QTRY_VERIFY(bench.button(u"Run"_s)->isEnabled());
        bench.run(u"SELECT count() AS n FROM hits"_s);
        QTRY_VERIFY(bench.summary().startsWith(u"1 row"_s));
        QCOMPARE(bench.result()->model()->index(0, 0).data().toString(), u"60000"_s);
    }
};

QTEST_MAIN(TestAnalyticsView)
#include "t_analyticsview.moc"
