// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

struct Run {
    int status = -1;
    QByteArray out;
    QByteArray err;
};

struct Bench {
    QTemporaryDir folder;

    Bench()
    {
        write(u"wrangler.toml"_s, "name = \"x\"\npages_build_output_dir = \"p\"\n[[d1_databases]]\nbinding = \"DB\"\ndatabase_name = \"mydb\"\ndatabase_id = \"xxxx-1\"\n");
    }
    void write(const QString &name, const QByteArray &text) const
    {
        QDir(folder.path()).mkpath(QFileInfo(name).path());
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("could not write a file of the test");
    }
    QByteArray read(const QString &name) const
    {
        QFile file(folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    Run run(const QString &program, const QStringList &arguments) const
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const auto &[name, value] : {std::pair("HOME", folder.path()), std::pair("CI", u"1"_s), std::pair("NO_COLOR", u"1"_s), std::pair("WRANGLER_SEND_METRICS", u"false"_s),
                 std::pair("WRANGLER_SEND_ERROR_REPORTS", u"false"_s), std::pair("CLOUDFLARE_CF_FETCH_ENABLED", u"false"_s)})
            environment.insert(QString::fromLatin1(name), value);
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(folder.path());
        process.setStandardInputFile(QProcess::nullDevice());
        process.start(program, arguments);
        if (!process.waitForFinished(90'000) || process.exitStatus() == QProcess::CrashExit)
            return {-1, process.readAllStandardOutput(), process.readAllStandardError()};
        return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
    }
    Run cleat(const QStringList &arguments) const { return run(QStringLiteral(CLEAT_BINARY_DIR "/cleat"), QStringList{u"d1"_s} + arguments); }
    Run wrangler(const QStringList &arguments) const
    {
        const QDir packages(QStringLiteral(CLEAT_SOURCE_DIR "/build/deps/interop/node_modules"));
        const QStringList nodes = packages.entryList({u"node-linux-*"_s}, QDir::Dirs);
        if (nodes.isEmpty())
            return {-1, {}, "wrangler is not installed: run packaging/fetch-interop.sh"};
        return run(packages.filePath(nodes.first() + u"/bin/node"_s), QStringList{packages.filePath(u"wrangler/bin/wrangler.js"_s), u"d1"_s} + arguments);
    }
};

/// The results, without how long they took.
QJsonArray results(const QByteArray &json)
{
    QJsonArray list = QJsonDocument::fromJson(json).array();
    for (auto &&one : list) {
        QJsonObject result = one.toObject();
        result.remove(u"meta"_s);
        one = result;
    }
    return list;
}

} // namespace

class TestD1Command : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void usage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("status");
        QTest::newRow("none") << QStringList() << 2;
        QTest::newRow("help") << QStringList{u"--help"_s} << 0;
        QTest::newRow("unknown") << QStringList{u"destroy"_s} << 2;
        QTest::newRow("no SQL") << QStringList{u"execute"_s, u"DB"_s} << 2;
        QTest::newRow("remote") << QStringList{u"execute"_s, u"DB"_s, u"--remote"_s, u"--command=SELECT 1"_s} << 1;
        QTest::newRow("no such database") << QStringList{u"execute"_s, u"OTHER"_s, u"--command"_s, u"SELECT 1"_s} << 1;
        QTest::newRow("no output") << QStringList{u"export"_s, u"DB"_s} << 2;
        QTest::newRow("no migrations") << QStringList{u"migrations"_s, u"apply"_s, u"DB"_s} << 1;
        QTest::newRow("no snapshot") << QStringList{u"restore"_s, u"DB"_s} << 1;
        QTest::newRow("no file") << QStringList{u"execute"_s, u"DB"_s, u"--file"_s, u"none.sql"_s} << 1;
    }
    void usage()
    {
        QFETCH(QStringList, arguments);
        const Bench bench;
        const Run run = bench.cleat(arguments);
        QTEST(run.status, "status");
        QVERIFY(run.status == 0 ? run.err.isEmpty() : !run.err.isEmpty());
    }

    void errorsHavePlaces()
    {
        const Bench bench;
        bench.write(u"x.sql"_s, "CREATE TABLE t(a);\n  INSERT INTO u VALUES(1);\n  SELEC 2;\n");
        Run run = bench.cleat({u"execute"_s, u"DB"_s, u"--command"_s, u"SELECT 1;\n SELEC 2"_s});
        QCOMPARE(run.err, QByteArray("cleat d1: line 2, column 2: near \"SELEC\": syntax error at offset 0: SQLITE_ERROR\n"));
        run = bench.cleat({u"execute"_s, u"DB"_s, u"--file"_s, u"x.sql"_s});
        QVERIFY2(run.err.contains("x.sql:2:3: no such table: u"), run.err);
        run = bench.cleat({u"execute"_s, u"DB"_s, u"--command"_s, u"SELECT count(*) AS n FROM sqlite_schema"_s, u"--json"_s});
        QCOMPARE(results(run.out).first()[u"results"].toArray().first()[u"n"].toInt(-1), 0);
    }

    void asWrangler()
    {
        const Bench bench;
        bench.write(u"migrations/0001_init.sql"_s, "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c REAL, d BLOB);\nCREATE TRIGGER tr AFTER DELETE ON t BEGIN SELECT 1; END;\n");
        bench.write(u"migrations/0002_rows.sql"_s, "INSERT INTO t VALUES(1,'x\ny',1.5,x'0102'),(2,NULL,1e21,NULL),(9007199254740993,'',1e-7,x''),(4,'\x01\"\\',123456789012345680000,NULL);");
        const Run applied = bench.cleat({u"migrations"_s, u"apply"_s, u"mydb"_s, u"--yes"_s});
        QVERIFY2(applied.status == 0, applied.err);
        const Run listed = bench.wrangler({u"migrations"_s, u"list"_s, u"mydb"_s, u"--local"_s});
        QVERIFY2(listed.out.contains("No migrations to apply"), listed.out + listed.err);
        const QStringList query{u"execute"_s, u"mydb"_s, u"--local"_s, u"--json"_s, u"--command"_s, u"SELECT *, a AS b FROM t; SELECT * FROM t WHERE 0; UPDATE t SET b = 'new' WHERE a = 1"_s};
        const Run theirs = bench.wrangler(query);
        const Run ours = bench.cleat(query);
        QVERIFY2(!results(ours.out).isEmpty(), ours.err);
        QCOMPARE(results(ours.out), results(theirs.out));
        // Each loads what the other exports.
        QCOMPARE(bench.cleat({u"export"_s, u"DB"_s, u"--output"_s, u"ours.sql"_s}).status, 0);
        QCOMPARE(bench.wrangler({u"export"_s, u"mydb"_s, u"--local"_s, u"--output"_s, u"theirs.sql"_s}).status, 0);
        const Run loaded = bench.wrangler({u"execute"_s, u"mydb"_s, u"--local"_s, u"--persist-to"_s, u"a"_s, u"--file"_s, u"ours.sql"_s});
        QVERIFY2(loaded.status == 0, loaded.out + loaded.err);
        const Run back = bench.cleat({u"execute"_s, u"mydb"_s, u"--persist-to"_s, u"b"_s, u"--file"_s, u"theirs.sql"_s});
        QVERIFY2(back.status == 0, back.err);
        const auto rows = [&](const QString &state) {
            return results(bench.cleat({u"execute"_s, u"mydb"_s, u"--persist-to"_s, state, u"--json"_s, u"--command"_s, u"SELECT * FROM t"_s}).out);
        };
        QCOMPARE(rows(u"a"_s).first()[u"results"].toArray().size(), 4);
        QCOMPARE(rows(u"a"_s), rows(u".wrangler/state"_s));
        QCOMPARE(rows(u"b"_s).first()[u"results"].toArray().size(), 4);
    }

    void snapshots()
    {
        const Bench bench;
        const auto sql = [&](const QString &text) { return bench.cleat({u"execute"_s, u"DB"_s, u"--json"_s, u"--command"_s, text}); };
        QCOMPARE(sql(u"CREATE TABLE t(a); INSERT INTO t VALUES(1)"_s).status, 0);
        QCOMPARE(bench.cleat({u"snapshot"_s, u"DB"_s, u"--reason"_s, u"good"_s}).status, 0);
        QCOMPARE(sql(u"DROP TABLE t"_s).status, 0);
        const QJsonArray list = QJsonDocument::fromJson(bench.cleat({u"snapshots"_s, u"DB"_s, u"--json"_s}).out).array();
        QCOMPARE(list.size(), 2);
        QCOMPARE(list[0][u"reason"].toString(), u"before a drop"_s);
        QCOMPARE(bench.cleat({u"restore"_s, u"DB"_s, list[1][u"snapshot"].toString(), u"-y"_s}).status, 0);
        QCOMPARE(results(sql(u"SELECT a FROM t"_s).out).first()[u"results"].toArray().size(), 1);
    }
};

QTEST_GUILESS_MAIN(TestD1Command)
#include "t_d1command.moc"
