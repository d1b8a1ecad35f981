// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/callsmodel.h"
#include "ui/requests/waterfall.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;

namespace {

events::CallEvent call(std::uint32_t start, std::uint32_t duration, std::string method)
{
    events::CallEvent e;
    e.request = 1;
    e.startUs = start;
    e.durationUs = duration;
    e.kind = "kv";
    e.binding = "TODO_LIST";
    e.method = std::move(method);
    e.arguments = "[\"<b>\"]";
    return e;
}

} // namespace

class TestCallsModel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sortsAndScales()
    {
        ui::CallsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setCalls({call(300, 50, "put"), call(10, 20, "get")}, 100);
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, 0).data().toString(), u"KV TODO_LIST.get"_s);
        QCOMPARE(model.spanUs(), std::uint32_t(350)); // a call that outlives its request widens the scale
        QVERIFY(!model.call(2));
        QVERIFY(!model.call(-1));
        model.setCalls({}, 0);
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(model.spanUs(), std::uint32_t(1));
    }

    void growsWithoutReset()
    {
        ui::CallsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setCalls({call(1, 1, "a")}, 10);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setCalls({call(1, 1, "a"), call(2, 1, "b")}, 20);
        QCOMPARE(reset.count(), 0);
        QCOMPARE(model.rowCount(), 2);
        model.setCalls({call(5, 1, "c")}, 20);
        QCOMPARE(reset.count(), 1);
    }

    void toolTipIsEscaped()
    {
        ui::CallsModel model;
        model.setCalls({call(1, 1, "a")}, 10);
        const QString tip = model.index(0, 0).data(Qt::ToolTipRole).toString();
        QVERIFY(tip.contains(u"&lt;b&gt;"_s));
    }

    void waterfallByKeyboard()
    {
        ui::CallsModel model;
        model.setCalls({call(0, 10, "a"), call(5, 10, "b"), call(4'000'000'000U, 4'000'000'000U / 16, "c")}, 100);
        ui::Waterfall view(model);
        view.resize(400, 200);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QSignalSpy current(&view, &ui::Waterfall::currentCallChanged);
        view.setCurrentIndex(model.index(0, 0));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(current.last().at(0).toInt(), 1);
        QVERIFY(!view.grab().isNull());
        model.setCalls({}, 1);
        QCOMPARE(view.currentIndex().row(), -1);
    }
};

QTEST_MAIN(TestCallsModel)
#include "t_callsmodel.moc"
