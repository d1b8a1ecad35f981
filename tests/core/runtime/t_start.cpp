// SPDX-License-Identifier: GPL-3.0-or-later
// How long a Worker takes to be there. Prints medians; how long they may be depends on the machine, and is not judged here.
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <vector>

using cleat::test::WorkerHarness;

class StartTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void worker_data()
    {
        QTest::addColumn<QString>("code");
        QTest::newRow("a Worker from the snapshot, with its code loaded") << QString();
        QTest::newRow("and a first request") << QStringLiteral("() => new Response('hello')");
        QTest::newRow("and a first HTMLRewriter") << QStringLiteral(
            "async () => new Response(await new HTMLRewriter().on('p', {element(e) { e.replace('hello'); }}).transform(new Response('<p>')).text())");
    }

    void worker()
    {
        QFETCH(QString, code);
        std::vector<qint64> taken;
        for (int i = 0; i < 21; ++i) {
            QElapsedTimer timer;
            timer.start();
            WorkerHarness harness;
            QVERIFY(harness.load("const onRequest = " + (code.isEmpty() ? "() => {}" : code.toStdString()) + ";"));
            if (!code.isEmpty())
                QCOMPARE(harness.fetch().body, std::string("hello"));
            taken.push_back(timer.nsecsElapsed());
        }
        const qint64 first = taken.front();
        std::ranges::sort(taken);
        qInfo("%.1f ms, the first one %.1f ms", static_cast<double>(taken[taken.size() / 2]) / 1e6, static_cast<double>(first) / 1e6);
    }
};

QTEST_GUILESS_MAIN(StartTest)
#include "t_start.moc"
