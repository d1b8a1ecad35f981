// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/analytics/pointwriter.h"
#include "tests/app/commandbench.h"

using namespace cleat::bindings::analytics;

class TestAnalyticsCommand : public QObject
{
    Q_OBJECT

    static void fill(const CommandBench &bench)
    {
        PointWriter writer(bench.path(QStringLiteral(".wrangler/state")).toStdString(), [](const cleat::base::Error &error) { qFatal("%s", error.message.c_str()); });
        for (int i = 0; i < 3; ++i) {
            DataPoint point;
            point.timeMs = 1'790'000'000'000;
            point.addIndex(i < 2 ? "a" : "b");
            point.addDouble(i);
            writer.write(writer.dataset("clicks"), std::move(point));
        }
    }

private Q_SLOTS:
    void refuses_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("words"); // of the message
        QTest::newRow("no command") << QStringList{QStringLiteral("analytics"), QStringLiteral("none")} << 2 << QByteArray("There is no command");
        QTest::newRow("no query") << QStringList{QStringLiteral("analytics"), QStringLiteral("sql")} << 2 << QByteArray("cleat analytics sql <query>");
        QTest::newRow("two queries") << QStringList{QStringLiteral("analytics"), QStringLiteral("sql"), QStringLiteral("SELECT 1"), QStringLiteral("SELECT 2")} << 2 << QByteArray("a value too many");
        QTest::newRow("wrong query") << QStringList{QStringLiteral("analytics"), QStringLiteral("sql"), QStringLiteral("SELECT\nx FROM clicks")} << 1 << QByteArray("Line 2, column 1: There is no such column: x");
        QTest::newRow("no dataset") << QStringList{QStringLiteral("analytics"), QStringLiteral("sql"), QStringLiteral("SELECT 1 FROM none")} << 1 << QByteArray("There are: clicks");
        QTest::newRow("no account") << QStringList{QStringLiteral("analytics"), QStringLiteral("sql"), QStringLiteral("SELECT 1"), QStringLiteral("--remote")} << 1 << QByteArray("no account");
    }

    void refuses()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, status);
        QFETCH(QByteArray, words);
        CommandBench bench;
        fill(bench);
        const auto run = bench.run(arguments);
        QCOMPARE(run.status, status);
        QVERIFY2(run.err.contains(words), run.err.constData());
    }

    void answers()
    {
        CommandBench bench;
        fill(bench);
        QCOMPARE(bench.run(QStringList{QStringLiteral("analytics"), QStringLiteral("sql"), QStringLiteral("SELECT index1, sum(double1) AS s FROM clicks GROUP BY index1 ORDER BY s FORMAT TabSeparated")}).out, QByteArray("a\t1\nb\t2\n"));
        QCOMPARE(bench.run(QStringList{QStringLiteral("analytics"), QStringLiteral("sql"), QStringLiteral("SELECT count() AS n FROM clicks")}).out, QByteArray("{\"meta\":[{\"name\":\"n\",\"type\":\"UInt64\"}],\"data\":[\n{\"n\":\"3\"}],\"rows\":1}\n"));
        QCOMPARE(bench.run("analytics list").out, QByteArray("clicks\n"));
        QCOMPARE(bench.run("analytics --help").status, 0);
        QCOMPARE(bench.run("analytics sql --help").status, 0);
    }
};

QTEST_GUILESS_MAIN(TestAnalyticsCommand)
#include "t_analyticscommand.moc"
