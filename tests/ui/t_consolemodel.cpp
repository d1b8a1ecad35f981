// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/consolemodel.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QTest>

#include <climits>

using namespace cleat;
using namespace Qt::StringLiterals;
using events::ConsoleEvent;
using events::Level;
using ui::ConsoleFilter;
using ui::ConsoleModel;

namespace {

std::shared_ptr<const events::Batch> batch(std::vector<events::Event> all)
{
    return std::make_shared<const events::Batch>(std::move(all));
}

ConsoleEvent line(std::string text, Level level = Level::Log, events::RequestId request = 1, std::string values = {})
{
    return {request, 1'000'000, level, std::move(text), std::move(values), {"functions/a.ts", 3, 5}};
}

void take(ConsoleModel &model, std::vector<events::Event> all)
{
    const std::vector batches{batch(std::move(all))};
    model.take(batches);
    while (model.step(INT_MAX)) { }
}

QStringList rows(const ConsoleModel &model)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row) {
        const QString text = model.item(row) ? model.index(row).data().toString() : model.head(row);
        all << (model.times(row) > 1 ? u"%1 x%2"_s.arg(text).arg(model.times(row)) : text);
    }
    return all;
}

} // namespace

class TestConsoleModel final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void filters_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::addColumn<QStringList>("fitting");
        QTest::newRow("nothing") << QString() << QStringList{u"Alpha one"_s, u"beta ünï"_s, u"gamma /x/"_s, u"boom"_s, u"note"_s};
        QTest::newRow("word in any case") << u"aLPHA"_s << QStringList{u"Alpha one"_s};
        QTest::newRow("beyond ASCII") << u"ÜNÏ"_s << QStringList{u"beta ünï"_s};
        QTest::newRow("two") << u"a one"_s << QStringList{u"Alpha one"_s};
        QTest::newRow("quoted") << u"\"a one\""_s << QStringList{u"Alpha one"_s};
        QTest::newRow("not") << u"-a"_s << QStringList{u"note"_s};
        QTest::newRow("not, by word") << u"-level:log -boom"_s << QStringList{u"beta ünï"_s, u"note"_s};
        QTest::newRow("levels") << u"level:warn,error"_s << QStringList{u"beta ünï"_s, u"boom"_s};
        QTest::newRow("kind") << u"kind:exception,notice"_s << QStringList{u"boom"_s, u"note"_s};
        QTest::newRow("file") << u"file:B.TS"_s << QStringList{u"boom"_s};
        QTest::newRow("request") << u"request:7"_s << QStringList{u"boom"_s};
        QTest::newRow("regex") << u"/^(alpha|note)/"_s << QStringList{u"Alpha one"_s, u"note"_s};
        QTest::newRow("regex with spaces, minding the case") << u"/Alpha o/c"_s << QStringList{u"Alpha one"_s};
        QTest::newRow("regex that minds the case") << u"/alpha o/c"_s << QStringList{};
        QTest::newRow("not a regex") << u"-/a/"_s << QStringList{u"note"_s};
        QTest::newRow("a path") << u"/x"_s << QStringList{u"gamma /x/"_s};
        QTest::newRow("stack") << u"deepInside"_s << QStringList{u"boom"_s};
        QTest::newRow("to be typed") << u"level: request: file:"_s << QStringList{u"Alpha one"_s, u"beta ünï"_s, u"gamma /x/"_s, u"boom"_s, u"note"_s};
        QTest::newRow("a lone dash") << u"- one"_s << QStringList{};
    }

    void filters()
    {
        QFETCH(QString, filter);
        ConsoleModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        take(model, {line("Alpha one"), line("beta ünï", Level::Warn), line("gamma /x/"), events::ExceptionEvent{7, 1, "boom", "    at deepInside (functions/b.ts:1:2)", {"functions/b.ts", 1, 2}},
                        events::NoticeEvent{1, Level::Info, "some.code", "note", {}}});
        const ConsoleFilter parsed = ConsoleFilter::parse(filter);
        QCOMPARE(parsed.trouble(), QString());
        model.setFilter(parsed);
        model.step(INT_MAX);
        QTEST(rows(model), "fitting");
    }

    void filterTrouble_data()
    {
        QTest::addColumn<QString>("filter");
        QTest::newRow("regex") << u"/(/"_s;
        QTest::newRow("level") << u"level:loud"_s;
        QTest::newRow("request") << u"request:x"_s;
        QTest::newRow("kind") << u"ok kind:x"_s;
    }

    void filterTrouble()
    {
        QFETCH(QString, filter);
        const ConsoleFilter parsed = ConsoleFilter::parse(filter);
        QVERIFY(!parsed.trouble().isEmpty());
        QVERIFY(parsed.empty());
    }

    void unfoldsValues()
    {
        ConsoleModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        take(model, {line("it { a: { b: 1 } }", Level::Log, 1, R"([{"t":"text","s":"it "},{"t":"object","s":"{a: {…}}","m":[["a",{"t":"object","s":"{b: 1}","m":[["b",1]]}],["c","x"]],"more":3}])"),
                        line("plain"), line("two", Level::Log, 1, R"j([{"t":"array","s":"[1]","m":[["0",1,"index"]]},{"t":"text","s":" "},{"t":"map","s":"Map(1)","m":[["'k'",5,"entry"]]}])j")});
        QCOMPARE(rows(model), (QStringList{u"it {a: {…}}"_s, u"plain"_s, u"[1] Map(1)"_s}));
        QVERIFY(!model.isFoldable(1));
        model.toggle(0);
        QCOMPARE(rows(model), (QStringList{u"it {a: {…}}"_s, u"  a: {b: 1}"_s, u"  c: x"_s, u"  3 more"_s, u"plain"_s, u"[1] Map(1)"_s}));
        QVERIFY(model.isOpen(0) && model.isFoldable(1) && !model.isOpen(1) && !model.isFoldable(2));
        model.toggle(1);
        QCOMPARE(rows(model).at(2), u"    b: 1"_s);
        model.toggle(6);
        QCOMPARE(rows(model).mid(6), (QStringList{u"[1] Map(1)"_s, u"  [1]"_s, u"  Map(1)"_s}));
        model.toggle(8);
        QCOMPARE(rows(model).at(9), u"    'k' => 5"_s);

        // What is unfolded stays so when the rows are made anew, and when more comes.
        const QStringList before = rows(model);
        model.setFilter(ConsoleFilter::parse(u"nothing of it"_s));
        model.step(INT_MAX);
        QCOMPARE(model.rowCount(), 0);
        model.setFilter({});
        model.step(INT_MAX);
        QCOMPARE(rows(model), before);
        take(model, {line("more")});
        QCOMPARE(rows(model), before + QStringList{u"more"_s});
        model.toggle(0);
        QCOMPARE(rows(model).at(1), u"plain"_s);
        model.toggle(0); // with its inside as it was before: folded
        QCOMPARE(rows(model).at(2), u"  c: x"_s);
    }

    void unfoldsTextAndExceptions()
    {
        ConsoleModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::string many;
        for (int i = 1; i <= 20; ++i)
            many += (i > 1 ? "\n" : "") + std::to_string(i);
        take(model, {line(many), line("one\ntwo"), line(std::string(10'000, 'x')),
                        events::ExceptionEvent{1, 1, "Error: boom", "    at f (functions/b.ts:2:3)\n    at async functions/c.ts:4:5\nCaused by: Error: why", {"functions/b.ts", 2, 3}, "a\nb\nc", 1}});
        QVERIFY(model.head(0).endsWith(u"\n12 …"_s));
        QVERIFY(!model.isFoldable(1));
        model.toggle(0);
        QCOMPARE(rows(model).mid(1, 8), (QStringList{u"  13"_s, u"  14"_s, u"  15"_s, u"  16"_s, u"  17"_s, u"  18"_s, u"  19"_s, u"  20"_s}));
        model.toggle(0);
        QVERIFY(model.head(2).size() < 5000);
        model.toggle(2);
        QCOMPARE(rows(model).size(), 6);
        model.toggle(5);
        QCOMPARE(rows(model).mid(6), (QStringList{u"      1  a"_s, u"      2  b"_s, u"      3  c"_s, u"  at f (functions/b.ts:2:3)"_s, u"  at async functions/c.ts:4:5"_s, u"  Caused by: Error: why"_s}));
        QCOMPARE(model.item(7)->style, ui::ConsoleItem::Style::SourceMarked);
        QCOMPARE(model.item(9)->place, (base::Place{"functions/b.ts", 2, 3}));
        QCOMPARE(model.item(10)->place, (base::Place{"functions/c.ts", 4, 5}));
        QCOMPARE(model.item(11)->place, base::Place{});
    }

    void groups()
    {
        const auto mark = [](int depth, const char *opens = nullptr) {
            const std::string opening = opens ? std::string(",\"opens\":\"") + opens + "\"" : std::string();
            return "[{\"t\":\"group\",\"depth\":" + std::to_string(depth) + opening + "}]";
        };
        ConsoleModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        take(model, {line("G", Level::Log, 1, mark(0, "open")), line("  in", Level::Log, 1, mark(1)), line("other", Level::Log, 2), line("  H", Level::Log, 1, mark(1, "collapsed")),
                        line("    deep\n    er", Level::Log, 1, mark(2)), line("  in again", Level::Log, 1, mark(1)), line("out")});
        QCOMPARE(rows(model), (QStringList{u"G"_s, u"in"_s, u"other"_s, u"H"_s, u"in again"_s, u"out"_s}));
        QVERIFY(model.isFoldable(3) && !model.isOpen(3));
        model.toggle(3);
        QCOMPARE(rows(model), (QStringList{u"G"_s, u"in"_s, u"other"_s, u"H"_s, u"deep\ner"_s, u"in again"_s, u"out"_s}));
        QCOMPARE(model.line(4).depth, 2);
        model.toggle(0);
        QCOMPARE(rows(model), (QStringList{u"G"_s, u"other"_s, u"out"_s}));
    }

    void countsEqualLines()
    {
        ConsoleModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setEquals(ConsoleModel::Equals::Together);
        take(model, {line("a"), line("a"), line("b"), line("a")});
        take(model, {line("a"), line("a", Level::Warn)});
        QCOMPARE(rows(model), (QStringList{u"a x2"_s, u"b"_s, u"a x2"_s, u"a"_s}));
        QCOMPARE(model.count(Level::Log), 5U);
        model.setEquals(ConsoleModel::Equals::Apart);
        model.step(INT_MAX);
        QCOMPARE(model.rowCount(), 6);
    }

    void levels()
    {
        ConsoleModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        take(model, {line("d", Level::Debug), line("l"), line("w", Level::Warn)});
        model.setLevels(~(1U << static_cast<unsigned>(Level::Debug)));
        model.step(INT_MAX);
        QCOMPARE(rows(model), (QStringList{u"l"_s, u"w"_s}));
        QCOMPARE(model.shown(), 2U);
    }

    void isBounded()
    {
        ConsoleModel model(nullptr, 100, 1U << 20);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const std::string values = R"([{"t":"object","s":"{a: 1}","m":[["a",1]]}])";
        take(model, {line("first", Level::Error, 1, values)});
        model.toggle(0);
        QCOMPARE(model.rowCount(), 2);
        for (int round = 0; round < 10; ++round) {
            std::vector<events::Event> more;
            for (int i = 0; i < 30; ++i)
                more.emplace_back(line(std::to_string(round * 30 + i)));
            take(model, std::move(more));
        }
        QCOMPARE(model.lines(), 100U);
        QCOMPARE(model.shown(), 100U);
        QCOMPARE(model.dropped(), 201U);
        QCOMPARE(model.count(Level::Error), 0U);
        QCOMPARE(rows(model).constFirst(), u"200"_s);
        take(model, {line(std::string(2U << 20, 'x'))}); // larger than all that may be held
        QCOMPARE(model.lines(), 0U);
        QCOMPARE(model.rowCount(), 0);
        take(model, {line("after")});
        QCOMPARE(rows(model), QStringList{u"after"_s});
        model.clear();
        QCOMPARE(model.dropped(), 0U);
        QCOMPARE(model.rowCount(), 0);
    }

    void damagedValues_data()
    {
        QTest::addColumn<QByteArray>("values");
        for (const char *values : {"[", "5", "{}", "[5,null]", "[[]]", R"([{"t":5}])", R"([{"t":"object","m":5}])", R"([{"t":"object","s":"x","m":[5,["k"],[1,2],["k",{}]]}])",
                 R"([{"t":"group","depth":-5}])", R"([{"t":"group","depth":99999999999999999999,"opens":"open"}])", R"([{"t":"group",)", "[{\"t\":\"object\",\"more\":1e400}]"})
            QTest::newRow(values) << QByteArray(values);
        QByteArray deep;
        for (int i = 0; i < 5000; ++i)
            deep += R"([{"t":"object","s":"x","m":[["k",)";
        QTest::newRow("deep") << deep;
    }

    void damagedValues()
    {
        QFETCH(QByteArray, values);
        ConsoleModel model;
        take(model, {line("text", Level::Log, 1, values.toStdString())});
        QCOMPARE(model.rowCount(), 1);
        model.head(0);
        model.toggle(0);
        for (int row = 0; row < model.rowCount(); ++row)
            model.toggle(row);
    }

    void labelsRequests()
    {
        ConsoleModel model;
        take(model, {line("x", Level::Log, 5)});
        QCOMPARE(model.requestLabel(5), u"#5"_s);
        QVERIFY(model.takeLabelsMissed());
        model.setRequestLookup([](events::RequestId id) { return id == 5 ? u"PUT /kept"_s : QString(); });
        QCOMPARE(model.requestLabel(5), u"PUT /kept"_s);
        QVERIFY(!model.takeLabelsMissed());
        events::RequestEvent request;
        request.id = 5;
        request.method = "GET";
        request.target = "/api";
        take(model, {request});
        QCOMPARE(model.requestLabel(5), u"GET /api"_s);
    }

    /// What a full console costs; printed, not judged.
    void figures()
    {
        ConsoleModel model;
        std::vector<std::shared_ptr<const events::Batch>> batches;
        for (int b = 0; b < 200; ++b) {
            std::vector<events::Event> lines;
            for (int i = 0; i < 1000; ++i)
                lines.emplace_back(line("GET /api/tasks/" + std::to_string(b * 1000 + i) + " -> 200", i % 50 ? Level::Log : Level::Warn));
            batches.push_back(batch(std::move(lines)));
        }
        QElapsedTimer timer;
        timer.start();
        model.take(batches);
        const auto taken = timer.restart();
        while (model.step(INT_MAX)) { }
        const auto stepped = timer.restart();
        model.setFilter(ConsoleFilter::parse(u"tasks/1999 -level:warn"_s));
        while (model.step(INT_MAX)) { }
        const auto filtered = timer.restart();
        model.setFilter(ConsoleFilter::parse(u"/tasks\\/19+ -> 2/"_s));
        qint64 longest = 0;
        bool more = true;
        while (more) {
            QElapsedTimer slice;
            slice.start();
            more = model.step(8);
            longest = std::max(longest, slice.elapsed());
        }
        qInfo("200,000 lines: taken in %lld ms, put into rows in %lld ms; a filter of words %lld ms, a regular expression %lld ms, longest slice %lld ms", taken, stepped, filtered,
            timer.elapsed(), longest);
        QCOMPARE(model.lines(), 200'000U);
    }
};

QTEST_MAIN(TestConsoleModel)
#include "t_consolemodel.moc"
