// SPDX-License-Identifier: GPL-3.0-or-later
// How long a Worker takes to be there: where a thread waits for it, and where its isolate has to be made first. Prints medians; how long they may be depends on the machine, and is not judged here.
#include "core/runtime/workerthread.h"
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <memory>
#include <vector>

using cleat::test::WorkerHarness;

class StartTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void worker_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<bool>("isReady");
        const QString hello = QStringLiteral("() => new Response('hello')");
        QTest::newRow("a Worker, with its code loaded") << QString() << true;
        QTest::newRow("and a first request") << hello << true;
        QTest::newRow("and a first HTMLRewriter")
            << QStringLiteral("async () => new Response(await new HTMLRewriter().on('p', {element(e) { e.replace('hello'); }}).transform(new Response('<p>')).text())") << true;
        QTest::newRow("a Worker right after another one, with its code loaded") << QString() << false;
        QTest::newRow("that one, and a first request") << hello << false;
    }

    void worker()
    {
        QFETCH(QString, code);
        QFETCH(bool, isReady);
        std::vector<qint64> taken;
        for (int i = 0; i < 21; ++i) {
            std::unique_ptr<WorkerHarness> before;
            if (cleat::runtime::awaitReadyThread() && !isReady)
                before = std::make_unique<WorkerHarness>();
            if (before)
                QVERIFY(before->load("const onRequest = () => {};"));
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
