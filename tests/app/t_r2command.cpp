// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/commandbench.h"

class TestR2Command : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void refuses_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("words"); // of the message
        const auto row = [](const char *line, int status, const char *words) { QTest::newRow(line) << QByteArray(line) << status << QByteArray(words); };
        row("r2 object get nokey", 2, "<bucket>/<key>");
        row("r2 object get b/none --pipe", 1, "There is no object");
        row("r2 object get b/k --pipe --file x", 2, "not both");
        row("r2 object put b/k", 2, "--file FILE or --pipe");
        row("r2 object put b/k --file none", 1, "none");
        row("r2 object put b/k --file . ", 1, "Could not read");
        row("r2 object put b/k --pipe --expires tomorrow", 2, "whole number");
        row("r2 object get b/k --remote", 1, "no account");
        row("r2 object", 2, "get, put, delete, list");
    }
    void refuses()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, status);
        QFETCH(QByteArray, words);
        CommandBench bench;
        const auto run = bench.run(line.constData());
        QCOMPARE(run.status, status);
        QVERIFY2(run.err.contains(words), run.err.constData());
    }

    void objects()
    {
        CommandBench bench;
        const QByteArray bytes("\0\xFF\n\r\n", 5);
        bench.write(QStringLiteral("in"), bytes);
        QCOMPARE(bench.run("r2 object put buck/k/x.bin --file in --ct text/plain --cache-control no-store").out,
            "Creating object \"k/x.bin\" in bucket \"buck\".\nUpload complete.\n");
        QCOMPARE(bench.run("r2 object put buck/piped -p", bytes).status, 0);
        QCOMPARE(bench.run("r2 object get buck/piped --pipe").out, bytes);
        QCOMPARE(bench.run("r2 object get buck/k/x.bin").out, "Downloading \"k/x.bin\" from \"buck\".\nDownload complete.\n");
        QCOMPARE(bench.read(QStringLiteral("k/x.bin")), bytes);
        QCOMPARE(bench.run("r2 object list buck").out, "5\tk/x.bin\n5\tpiped\n");
        QCOMPARE(bench.run("r2 object list buck/k/").out, "5\tk/x.bin\n");
        QCOMPARE(bench.run("r2 object put buck/../out --file in").status, 0);
        QCOMPARE(bench.run("r2 object get buck/../out").status, 2);
        QCOMPARE(bench.run("r2 object delete buck/piped").out, "Deleting object \"piped\" from bucket \"buck\".\nDelete complete.\n");
        QCOMPARE(bench.run("r2 object get buck/piped --pipe").status, 1);
    }
};

QTEST_GUILESS_MAIN(TestR2Command)
#include "t_r2command.moc"
