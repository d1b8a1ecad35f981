// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QElapsedTimer>
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
    int status = -1; ///< -1: crashed or did not end
    QString out;
    QString err;
};

/// A project in a folder of its own, and the real program on it.
struct Bench {
    QTemporaryDir folder;

    void write(const QString &name, const QByteArray &text) const
    {
        QVERIFY(QDir(folder.path()).mkpath(QFileInfo(name).path()));
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }
    Run run(const QStringList &arguments, const QString &in = {}) const
    {
        QProcess process;
        process.setProgram(QStringLiteral(CLEAT_BINARY_DIR "/cleat"));
        process.setArguments(QStringList{u"check"_s} + arguments);
        process.setWorkingDirectory(folder.filePath(in));
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(u"DISPLAY"_s); // it needs no display
        environment.remove(u"WAYLAND_DISPLAY"_s);
        environment.remove(u"QT_QPA_PLATFORM"_s);
        process.setProcessEnvironment(environment);
        process.start();
        if (!process.waitForFinished(60'000) || process.exitStatus() == QProcess::CrashExit)
            return {-1, QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
        return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
    }
};

const QByteArray good = "name = \"demo\"\npages_build_output_dir = \"public\"\n";

} // namespace

class TestCheckCommand : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tellsEachFinding()
    {
        const Bench bench;
        bench.write(u"wrangler.toml"_s, good + "colour = 1\n\n[[kv_namespaces]]\nbinding = \"A\"\n\n[vars]\nA = \"x\"\n  \"b c\" = \"y\"\n");
        const Run run = bench.run({});
        QCOMPARE(run.out, u"wrangler.toml:3:1: warning: colour is not a key that Pages knows. [key.unknown]\n"
                          "wrangler.toml:9:1: error: The name A is used twice: by a KV namespace in line 5 and by a variable in line 9. [binding.duplicate]\n"
                          "wrangler.toml:10:3: error: ' ' cannot stand in a name: code could not write context.env.NAME. Use letters, digits, _ and $. [name.identifier]\n"
                          "wrangler.toml: 2 errors, 1 warning.\n"_s);
        QCOMPARE(run.err, QString());
        QCOMPARE(run.status, 1);
    }

    void status_data()
    {
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("last");
        QTest::newRow("fine") << QByteArray() << 0 << u"wrangler.toml: no findings.\n"_s;
        QTest::newRow("warnings") << QByteArray("colour = 1\nshape = 2\n") << 0 << u"wrangler.toml: 0 errors, 2 warnings.\n"_s;
        QTest::newRow("an error") << QByteArray("account_id = \"x\"\n") << 1 << u"wrangler.toml: 1 error, 0 warnings.\n"_s;
    }
    void status()
    {
        QFETCH(QByteArray, more);
        const Bench bench;
        bench.write(u"wrangler.toml"_s, good + more);
        const Run run = bench.run({});
        QTEST(run.status, "status");
        QFETCH(QString, last);
        QVERIFY2(run.out.endsWith(last), qPrintable(run.out));
    }

    void brokenFile()
    {
        const Bench bench;
        bench.write(u"wrangler.toml"_s, "name = \"x\"\nvars = \n");
        const Run run = bench.run({});
        QVERIFY2(run.out.startsWith(u"wrangler.toml:2:8: error: "_s), qPrintable(run.out));
        QVERIFY2(run.out.contains(u" [config.parse]\n"_s), qPrintable(run.out));
        QVERIFY2(!run.out.contains(u"line 2"_s), qPrintable(run.out)); // said once
        QCOMPARE(run.status, 1);
    }

    void wholeFileHasNoLine()
    {
        const Bench bench;
        bench.write(u"wrangler.toml"_s, "name = \"x\"\n");
        const Run run = bench.run({});
        QVERIFY2(run.out.startsWith(u"wrangler.toml: warning: pages_build_output_dir is missing."_s), qPrintable(run.out));
        QCOMPARE(run.status, 0);
    }

    void json()
    {
        const Bench bench;
        bench.write(u"site/wrangler.toml"_s, good + "main = \"\xC3\xA4.js\"\ncolour = 1\n");
        const Run run = bench.run({u"site"_s, u"--json"_s});
        QCOMPARE(run.status, 1);
        const QJsonArray list = QJsonDocument::fromJson(run.out.toUtf8()).array();
        QCOMPARE(list.size(), 2);
        QCOMPARE(list[0].toObject(), (QJsonObject{{u"file"_s, u"site/wrangler.toml"_s}, {u"line"_s, 3}, {u"column"_s, 1}, {u"severity"_s, u"error"_s}, {u"code"_s, u"key.unsupported"_s},
                                                  {u"message"_s, list[0][u"message"_s]}}));
        QVERIFY(list[0][u"message"_s].toString().endsWith(u'.'));
        QCOMPARE(list[1][u"severity"_s].toString(), u"warning"_s);

        bench.write(u"site/wrangler.toml"_s, good);
        const Run fine = bench.run({u"--json"_s, u"site"_s});
        QCOMPARE(fine.status, 0);
        QVERIFY(QJsonDocument::fromJson(fine.out.toUtf8()).isArray());
        QVERIFY(QJsonDocument::fromJson(fine.out.toUtf8()).array().isEmpty());
    }

    void jsonFile()
    {
        const Bench bench;
        bench.write(u"wrangler.jsonc"_s, "{\n  // comment\n  \"name\": \"demo\",\n  \"pages_build_output_dir\": \"public\",\n  \"routes\": [],\n}\n");
        const Run run = bench.run({});
        QCOMPARE(run.out, u"wrangler.jsonc:5:3: error: Pages does not support routes. [key.unsupported]\nwrangler.jsonc: 1 error, 0 warnings.\n"_s);
        QCOMPARE(run.status, 1);
    }

    void noFile()
    {
        const Bench bench;
        QVERIFY(QDir(bench.folder.path()).mkpath(u"empty"_s));
        const Run run = bench.run({u"empty"_s});
        QCOMPARE(run.status, 1);
        QVERIFY2(run.out.startsWith(u"empty: error: There is no Wrangler file"_s), qPrintable(run.out));
        const Run json = bench.run({u"empty"_s, u"--json"_s});
        QCOMPARE(json.status, 1);
        QCOMPARE(QJsonDocument::fromJson(json.out.toUtf8()).array()[0][u"code"_s].toString(), u"file.missing"_s);
    }

    void fileAbove()
    {
        const Bench bench;
        bench.write(u"wrangler.toml"_s, good);
        QVERIFY(QDir(bench.folder.path()).mkpath(u"a/b"_s));
        const Run run = bench.run({}, u"a/b"_s);
        QCOMPARE(run.status, 0);
        QCOMPARE(run.out, u"%1/wrangler.toml: no findings.\n"_s.arg(QDir(bench.folder.path()).canonicalPath()));
    }

    void redirected()
    {
        const Bench bench;
        bench.write(u"wrangler.toml"_s, "colour = 1\n");
        bench.write(u".wrangler/deploy/config.json"_s, "{ \"configPath\": \"../../dist/wrangler.toml\" }");
        bench.write(u"dist/wrangler.toml"_s, good + "[env.preview]\n");
        const Run run = bench.run({});
        QCOMPARE(run.status, 1);
        QVERIFY2(run.out.startsWith(u"dist/wrangler.toml is what counts: .wrangler/deploy/config.json names it.\ndist/wrangler.toml:3:1: error: "_s), qPrintable(run.out));
        QVERIFY2(run.out.contains(u"[file.redirected-env]\n"_s), qPrintable(run.out));

        bench.write(u".wrangler/deploy/config.json"_s, "{ \"configPath\": \"../gone.toml\" }");
        const Run gone = bench.run({});
        QCOMPARE(gone.status, 1);
        QVERIFY2(gone.out.startsWith(u".wrangler/deploy/config.json:1:3: error: "_s), qPrintable(gone.out));
        QVERIFY2(gone.out.contains(u"[redirect.missing]\n"_s), qPrintable(gone.out));
    }

    void harmlessForATerminal()
    {
        const Bench bench;
        bench.write(u"wrangler.toml"_s, good + "\"\\u001b[31mred\" = 1\n");
        const Run run = bench.run({});
        QVERIFY(run.out.contains(u"[31mred"_s));
        QVERIFY(!run.out.contains(u'\x1b'));
    }

    void usage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("words");
        QTest::newRow("unknown flag") << QStringList{u"--nonsense"_s} << u"--nonsense"_s;
        QTest::newRow("short flag") << QStringList{u"-j"_s} << u"-j"_s;
        QTest::newRow("two folders") << QStringList{u"."_s, u"b"_s} << u"more than one folder"_s;
        QTest::newRow("no such folder") << QStringList{u"gone"_s} << u"\"gone\""_s;
        QTest::newRow("a file") << QStringList{u"wrangler.toml"_s} << u"not a folder"_s;
        QTest::newRow("empty") << QStringList{QString()} << u"not a folder"_s;
        QTest::newRow("behind --") << QStringList{u"--"_s, u"--json"_s} << u"\"--json\""_s;
    }
    void usage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, words);
        const Bench bench;
        bench.write(u"wrangler.toml"_s, good);
        const Run run = bench.run(arguments);
        QCOMPARE(run.status, 2);
        QCOMPARE(run.out, QString());
        QVERIFY2(run.err.startsWith(u"cleat check: "_s) && run.err.contains(words), qPrintable(run.err));
    }

    void help()
    {
        const Bench bench;
        for (const QString &flag : {u"--help"_s, u"-h"_s}) {
            const Run run = bench.run({flag});
            QCOMPARE(run.status, 0);
            QVERIFY(run.out.startsWith(u"Usage: cleat check [DIR] [--json]\n"_s));
        }
        QProcess process;
        process.start(QStringLiteral(CLEAT_BINARY_DIR "/cleat"), {u"--help"_s});
        QVERIFY(process.waitForFinished(60'000));
        QVERIFY(process.readAllStandardOutput().contains("cleat check [DIR]"));
    }
};

QTEST_GUILESS_MAIN(TestCheckCommand)
#include "t_checkcommand.moc"
