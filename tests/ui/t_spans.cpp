// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/spanfacts.h"
#include "ui/requests/detail/waterfall.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include <random>
#include <set>

using namespace cleat;
using namespace cleat::ui;
using namespace Qt::StringLiterals;

namespace {

events::CallEvent span(std::uint32_t number, std::uint32_t parent, std::uint32_t start, std::uint32_t duration, std::string kind = "kv")
{
    events::CallEvent e;
    e.request = 1;
    e.span = number;
    e.parent = parent;
    e.startUs = start;
    e.durationUs = duration;
    e.kind = std::move(kind);
    e.binding = "TODO";
    e.method = "get";
    return e;
}

events::RequestRecord record(std::vector<events::CallEvent> calls, std::uint32_t durationUs = 1000)
{
    events::RequestRecord r;
    r.request.id = 1;
    r.request.state = events::RequestState::Finished;
    r.request.durationUs = durationUs;
    r.calls = std::move(calls);
    return r;
}

} // namespace

class TestSpans : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nests()
    {
        // In the order in which they ended: the innermost first.
        const std::vector calls{span(3, 2, 20, 10), span(4, 2, 25, 15), span(2, 1, 10, 50, "handler"), span(1, 0, 0, 100, "middleware"), span(6, 5, 200, 5), span(5, 0, 90, 200, "waituntil")};
        const SpanTree tree = spanTree(calls);
        QCOMPARE(tree.top, (std::vector{3, 5}));
        QCOMPARE(tree.nodes[3].children, std::vector{2});
        QCOMPARE(tree.nodes[2].children, (std::vector{0, 1}));
        QCOMPARE(tree.nodes[0].depth, 2);
        QCOMPARE(tree.nodes[2].selfUs, std::uint32_t(30)); // 50 less 20..40, which two cover together
        QCOMPARE(tree.nodes[3].selfUs, std::uint32_t(50));
        QCOMPARE(tree.endUs, std::uint64_t(290));
        QVERIFY(tree.nodes[4].after && !tree.nodes[2].after);
    }

    void nastyNumbers_data()
    {
        QTest::addColumn<QList<QPoint>>("numbers"); // span, parent
        QTest::addColumn<int>("tops");
        QTest::newRow("no parent there") << QList<QPoint>{{1, 7}, {2, 1}} << 1;
        QTest::newRow("its own parent") << QList<QPoint>{{1, 1}} << 1;
        QTest::newRow("circle of two") << QList<QPoint>{{1, 2}, {2, 1}} << 1;
        QTest::newRow("circle of three with a tail") << QList<QPoint>{{1, 2}, {2, 3}, {3, 1}, {4, 3}, {5, 4}} << 1;
        QTest::newRow("no numbers") << QList<QPoint>{{0, 0}, {0, 0}, {0, 0}} << 3;
        QTest::newRow("twice the same") << QList<QPoint>{{1, 0}, {1, 0}, {2, 1}} << 2;
        QTest::newRow("a copy of itself as parent") << QList<QPoint>{{1, 0}, {1, 1}} << 1;
    }
    void nastyNumbers()
    {
        QFETCH(QList<QPoint>, numbers);
        QFETCH(int, tops);
        std::vector<events::CallEvent> calls;
        for (const QPoint &one : numbers)
            calls.push_back(span(static_cast<std::uint32_t>(one.x()), static_cast<std::uint32_t>(one.y()), 5, 0));
        const SpanTree tree = spanTree(calls);
        QCOMPARE(static_cast<int>(tree.top.size()), tops);
        QCOMPARE(reached(tree), calls.size());
        SpanModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setCalls(calls);
        QCOMPARE(model.rowCount(), tops);
    }

    void anyNumbers()
    {
        std::mt19937 random(1);
        for (int round = 0; round < 2000; ++round) {
            std::vector<events::CallEvent> calls;
            for (unsigned n = random() % 12; n > 0; --n)
                calls.push_back(span(random() % 8, random() % 8, random() % 50, random() % 50));
            const SpanTree tree = spanTree(calls);
            QCOMPARE(reached(tree), calls.size());
            for (const SpanTree::Node &node : tree.nodes)
                QVERIFY(node.selfUs <= calls[node.call].durationUs);
        }
    }

    void deep()
    {
        std::vector<events::CallEvent> calls;
        for (std::uint32_t i = 1; i <= 10'000; ++i)
            calls.push_back(span(i, i - 1, i, 20'000 - i));
        const SpanTree tree = spanTree(calls);
        QCOMPARE(reached(tree), calls.size());
        for (const SpanTree::Node &node : tree.nodes)
            QVERIFY(node.depth <= SpanTree::mostDepth);
        SpanModel model;
        Waterfall view(model);
        view.resize(600, 400);
        view.setRecord(record(calls), Waterfall::Keep::Nothing);
        view.grab();
    }

    void extremes()
    {
        SpanModel model;
        Waterfall view(model);
        view.resize(600, 400);
        events::RequestRecord r = record({span(1, 0, 0, 0), span(2, 0, 4'294'967'295U, 4'294'967'295U), span(3, 0, 4'000'000'000U, 0)}, 0);
        r.request.answeredUs = 4'294'967'295U;
        view.setRecord(r, Waterfall::Keep::Nothing);
        QCOMPARE(view.window().whole, 8'589'934'590.0);
        view.grab();
        view.setRecord(record({}, 0), Waterfall::Keep::Nothing); // nothing at all
        QCOMPARE(view.window().whole, 1.0);
        view.grab();
        r = record({span(1, 0, 5, 1)}, 0);
        r.request.state = events::RequestState::Running;
        view.setRecord(r, Waterfall::Keep::Nothing);
        QVERIFY(!view.finishedUs());
        view.grab();
    }

    void phases()
    {
        events::RequestEvent request;
        request.state = events::RequestState::Finished;
        request.handedUs = 10;
        request.beganUs = 30;
        request.answeredUs = 100;
        request.durationUs = 150;
        using Kind = Phase::Kind;
        QCOMPARE(phasesOf(request, 0), (std::vector<Phase>{{Kind::Received, 0, 10}, {Kind::Queued, 10, 30}, {Kind::Code, 30, 100}, {Kind::Body, 100, 150}}));
        request.state = events::RequestState::Running;
        request.durationUs = 0;
        request.answeredUs = 0;
        QCOMPARE(phasesOf(request, 80), (std::vector<Phase>{{Kind::Received, 0, 10}, {Kind::Queued, 10, 30}, {Kind::Code, 30, 80}}));
        request.beganUs = 0;
        QCOMPARE(phasesOf(request, 80), (std::vector<Phase>{{Kind::Received, 0, 10}, {Kind::Queued, 10, 80}}));
        QCOMPARE(phasesOf({}, 0), std::vector<Phase>{});
    }

    void keysAndFolding()
    {
        SpanModel model;
        Waterfall view(model);
        view.resize(600, 400);
        view.setRecord(record({span(2, 1, 10, 20), span(1, 0, 0, 100, "handler"), span(3, 0, 200, 10)}), Waterfall::Keep::Nothing);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QSignalSpy current(&view, &Waterfall::currentCallChanged);
        QSignalSpy source(&view, &Waterfall::sourceWanted);
        QCOMPARE(call(view), 1);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(call(view), 0);
        QTest::keyClick(&view, Qt::Key_Left); // to its parent
        QCOMPARE(call(view), 1);
        QTest::keyClick(&view, Qt::Key_Left);
        QVERIFY(!view.isExpanded(view.currentIndex()));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(call(view), 2);
        // More spans come: what was folded stays so, and the selection stays.
        view.setRecord(record({span(2, 1, 10, 20), span(1, 0, 0, 100, "handler"), span(3, 0, 200, 10), span(4, 0, 150, 10)}), Waterfall::Keep::Place);
        QCOMPARE(call(view), 2);
        QVERIFY(!view.isExpanded(model.indexOf(1)));
        QTest::keyClick(&view, Qt::Key_Home);
        QTest::keyClick(&view, Qt::Key_Right);
        QVERIFY(view.isExpanded(view.currentIndex()));
        QTest::keyClick(&view, Qt::Key_End);
        QCOMPARE(call(view), 2);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(source.count(), 1);
        QCOMPARE(source.first().first().toInt(), 2);
    }

    void zooms()
    {
        SpanModel model;
        Waterfall view(model);
        view.resize(700, 300);
        view.setRecord(record({span(1, 0, 400, 200)}), Waterfall::Keep::Nothing);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QCOMPARE(view.window().span, 1000.0);
        QVERIFY(!view.timeBar()->isVisibleTo(&view));
        QTest::keyClick(&view, Qt::Key_Plus);
        QVERIFY(view.window().span < 700);
        QVERIFY(view.timeBar()->isVisibleTo(&view));
        QVERIFY(std::abs(view.window().from + view.window().span / 2 - 500) < 1); // round the selected span
        // The wheel with Ctrl keeps what is below the mouse where it is.
        const QPointF mouse(view.xOf(450), 20);
        const double before = view.timeAt(mouse.x());
        QWheelEvent wheel(mouse, view.viewport()->mapToGlobal(mouse), {}, {0, 120}, Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(view.viewport(), &wheel);
        QVERIFY(std::abs(view.timeAt(mouse.x()) - before) < 1);
        for (int i = 0; i < 200; ++i)
            QTest::keyClick(&view, Qt::Key_Plus);
        QCOMPARE(view.window().span, 2.0); // and no further
        view.grab();
        QVERIFY(view.tickStep() >= 1);
        view.timeBar()->setValue(view.timeBar()->maximum());
        QVERIFY(view.window().from > 900);
        QTest::keyClick(&view, Qt::Key_0);
        QCOMPARE(view.window().span, 1000.0);
        QTest::keyClick(&view, Qt::Key_Minus);
        QCOMPARE(view.window().span, 1000.0);
    }

    void hovers()
    {
        SpanModel model;
        Waterfall view(model);
        view.resize(700, 300);
        view.setRecord(record({span(1, 0, 400, 200)}), Waterfall::Keep::Nothing);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QTest::mouseMove(view.viewport(), QPoint(static_cast<int>(view.xOf(500)), 30));
        QTRY_VERIFY(view.cursorUs());
        QVERIFY(std::abs(*view.cursorUs() - 500) < 10);
        QVERIFY(model.index(0, 0).data(Qt::ToolTipRole).toString().contains("400"_L1));
        QTest::mouseMove(view.viewport(), QPoint(5, 30));
        QTRY_VERIFY(!view.cursorUs());
    }

    void tenThousand()
    {
        std::vector<events::CallEvent> calls;
        for (std::uint32_t i = 1; i <= 10'000; ++i)
            calls.push_back(span(i, i % 10 == 1 ? 0 : i - (i - 1) % 10, i * 10, 8, i % 3 ? "kv" : "d1"));
        SpanModel model;
        Waterfall view(model);
        view.resize(900, 600);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QElapsedTimer clock;
        clock.start();
        view.setRecord(record(calls), Waterfall::Keep::Nothing);
        const qint64 set = clock.restart();
        view.grab();
        const qint64 paint = clock.restart();
        calls.push_back(span(20'000, 0, 200'000, 5));
        view.setRecord(record(calls), Waterfall::Keep::Place);
        const qint64 again = clock.elapsed();
        qInfo("10,000 spans: set %lld ms, paint %lld ms, one more %lld ms", set, paint, again);
        QCOMPARE(model.rowCount(), 1001);
    }

    void facts()
    {
        const std::string one = R"(["select * from t where a=?1",7])";
        events::CallEvent call = span(1, 0, 0, 5, "d1");
        call.method = "all";
        call.arguments = one;
        call.rowsRead = 3;
        QCOMPARE(sqlOf(call), (std::vector<CalledSql>{{"select * from t where a=?1", {"7"}, true}}));
        QCOMPARE(sqlText(sqlOf(call)), u"SELECT *\nFROM t\nWHERE a = ?1\n-- ?1 = 7"_s);
        QCOMPARE(spanFacts(call), (QStringList{u"3 rows read"_s, u"0 rows written"_s}));
        QCOMPARE(dataTarget(call), u"select * from t where a=?1"_s);
        call.arguments = "[[\"select 1\"],[\"select 2\",\"x\"],\"\u2026 (20 in all)\"]";
        QCOMPARE(sqlOf(call).size(), std::size_t(2));
        call.arguments = "[\"select"; // cut off
        QVERIFY(sqlOf(call).empty());
        call = span(1, 0, 0, 5, "r2");
        call.arguments = R"([1,null,{"key":"a/b"}])";
        QCOMPARE(dataTarget(call), u"a/b"_s);
        call = span(1, 0, 0, 5, "fetch");
        call.method = "POST";
        call.arguments = R"(["https://example.org/x",{"headers":{}}])";
        call.result = R"({"status":201,"statusText":"Created"})";
        QCOMPARE(spanFacts(call), QStringList{u"POST https://example.org/x → 201 Created"_s});
        call.arguments = "[\"\xff\"]";
        call.result = "[]";
        QVERIFY(!spanFacts(call).isEmpty());
        QVERIFY(!spanText(call).isEmpty());
    }

private:
    static std::size_t reached(const SpanTree &tree)
    {
        std::set<int> seen;
        std::vector<int> open = tree.top;
        while (!open.empty()) {
            const int at = open.back();
            open.pop_back();
            if (!seen.insert(at).second)
                return 0;
            const auto &children = tree.nodes[static_cast<std::size_t>(at)].children;
            open.insert(open.end(), children.begin(), children.end());
        }
        return seen.size();
    }
    static int call(const Waterfall &view) { return static_cast<int>(view.currentIndex().internalId()); }
};

QTEST_MAIN(TestSpans)
#include "t_spans.moc"
