// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/console.h"
#include "core/data/d1/importexport.h"
#include "core/data/d1/migrations.h"
#include "core/data/d1/schema.h"
#include "core/data/d1/snapshots.h"
#include "tests/core/data/statefixture.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <functional>
#include <random>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cleat::data::d1;

namespace {

struct Place {
    StateFixture fixture;
    std::filesystem::path folder = fixture.state() / "v3" / "d1" / "miniflare-D1DatabaseObject";
    std::filesystem::path file = folder / "abc.sqlite";
};

/// What it gives, in a process of a user whom the permissions of files bind: root is not.
QByteArrayList asOrdinaryUser(const std::function<QByteArrayList()> &work)
{
    int ends[2];
    if (::pipe(ends) != 0)
        return {"no pipe"};
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && ::setresuid(65534, 65534, 65534) != 0)
            ::_exit(2);
        const QByteArray lines = work().join('\n');
        ::_exit(::write(ends[1], lines.constData(), static_cast<std::size_t>(lines.size())) == lines.size() ? 0 : 1);
    }
    ::close(ends[1]);
    QByteArray lines;
    char bytes[4096];
    for (ssize_t n = 0; (n = ::read(ends[0], bytes, sizeof bytes)) > 0;)
        lines.append(bytes, n);
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);
    return lines.split('\n');
}

QByteArray told(const auto &result)
{
    return result ? QByteArray("OK") : QByteArray::fromStdString(result.error().code + ": " + result.error().message);
}

} // namespace

class TestD1Proofs : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// Each import that is killed at a random moment has left nothing; what was there before is whole, and can be written at once.
    void killedInAnImport()
    {
        const Place place;
        OtherProgram other(place.file);
        QCOMPARE(other.run("CREATE TABLE kept(a); INSERT INTO kept VALUES('old')"), QByteArray());
        const auto script = place.fixture.folder() / "big.sql";
        {
            std::ofstream out(script);
            out << "CREATE TABLE big(id INTEGER PRIMARY KEY, v TEXT);\nUPDATE kept SET a = 'new';\n";
            for (int i = 0; i < 60'000; ++i)
                out << "INSERT INTO big VALUES(" << i << ",'" << std::string(100, static_cast<char>('a' + i % 26)) << "');\n";
            QVERIFY(out.flush());
        }
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(told(importSql(place.file, script, {})), QByteArray("OK")); // how long it takes when it is let
        const auto whole = static_cast<int>(timer.elapsed());
        QCOMPARE(other.run("SELECT count(*) FROM big; DROP TABLE big; UPDATE kept SET a = 'old'"), QByteArray("60000\n"));

        std::mt19937 random(20261128);
        int halves = 0;
        for (int round = 0; round < 20; ++round) {
            const pid_t child = ::fork();
            if (child == 0) {
                const auto done = importSql(place.file, script, {});
                ::_exit(done ? 0 : 1);
            }
            QTest::qSleep(1 + static_cast<int>(random() % static_cast<unsigned>(whole)));
            ::kill(child, SIGKILL);
            int status = 0;
            ::waitpid(child, &status, 0);
            QCOMPARE(other.run("PRAGMA quick_check"), QByteArray("ok\n"));
            const QByteArray tables = other.run("SELECT count(*) FROM sqlite_schema WHERE name = 'big'");
            const QByteArray kept = other.run("SELECT a FROM kept");
            if (tables == "1\n") { // it was faster than the signal
                QCOMPARE(kept, QByteArray("new\n"));
                QCOMPARE(other.run("SELECT count(*) FROM big; DROP TABLE big; UPDATE kept SET a = 'old'"), QByteArray("60000\n"));
            } else {
                ++halves;
                QCOMPARE(tables, QByteArray("0\n"));
                QCOMPARE(kept, QByteArray("old\n"));
                QCOMPARE(other.run("UPDATE kept SET a = 'old'"), QByteArray());
            }
            for (const Snapshot &snapshot : snapshots(place.file)) // whole or not there
                QCOMPARE(OtherProgram(snapshot.file).run("PRAGMA quick_check"), QByteArray("ok\n"));
        }
        QVERIFY(halves > 5);
        qInfo("%d of 20 imports were killed before their end", halves);
    }

    void readOnlyFolder()
    {
        const Place place;
        {
            OtherProgram other(place.file);
            QCOMPARE(other.run("CREATE TABLE t(a); INSERT INTO t VALUES(1)"), QByteArray());
        }
        for (const auto &path : {place.fixture.folder(), place.fixture.state()})
            QCOMPARE(::chmod(path.c_str(), 0755), 0);
        QCOMPARE(::chmod(place.file.c_str(), 0444), 0);
        QCOMPARE(::chmod(place.folder.c_str(), 0555), 0);
        const QByteArray name = QByteArray::fromStdString(place.file.string());
        const auto script = place.fixture.folder() / "x.sql";
        StateFixture::write(script, "INSERT INTO t VALUES(3);");
        QByteArrayList outcomes = asOrdinaryUser([&] {
            Console console(place.file);
            QByteArrayList lines{told(console.run("SELECT a FROM t", {}, {}))};
            lines << told(console.run("INSERT INTO t VALUES(2)", {}, {})) << told(importSql(place.file, script, {}));
            // And where there is no database yet.
            lines << told(Console(place.folder / "none.sqlite").run("CREATE TABLE t(a)", {}, {}));
            return lines;
        });
        QCOMPARE(outcomes.size(), 4);
        const QByteArray rows = outcomes.takeFirst();
        QCOMPARE(::chmod(place.folder.c_str(), 0755), 0);
        QCOMPARE(::chmod(place.file.c_str(), 0644), 0);
        QVERIFY2(rows == "OK" || (rows.startsWith("storage.denied: ") && rows.contains(name)), rows); // SQLite wants to write beside a file that it reads
        for (const QByteArray &outcome : std::as_const(outcomes)) {
            QVERIFY2(outcome.startsWith("storage.denied: "), outcome);
            QVERIFY2(outcome.contains(QByteArray::fromStdString(place.folder.string())) || outcome.contains("cleat/snapshots"), outcome);
            QVERIFY2(outcome.contains("Check the permissions"), outcome);
        }
        OtherProgram other(place.file);
        QCOMPARE(other.run("SELECT a FROM t"), QByteArray("1\n"));
        QVERIFY(!std::filesystem::exists(place.folder / "none.sqlite"));
    }

    void damagedFile_data()
    {
        QTest::addColumn<QByteArray>("what");
        QTest::newRow("text") << QByteArray("text");
        QTest::newRow("a page in the middle") << QByteArray("page");
        QTest::newRow("cut off") << QByteArray("cut");
        QTest::newRow("a folder") << QByteArray("folder");
    }

    /// The error names the file, nothing is deleted, and the databases beside it are as good as before.
    void damagedFile()
    {
        QFETCH(QByteArray, what);
        const Place place;
        const auto good = place.folder / "good.sqlite";
        for (const auto &file : {place.file, good}) {
            OtherProgram other(file);
            QCOMPARE(other.run("CREATE TABLE t(a); WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5000) INSERT INTO t SELECT hex(randomblob(20)) FROM n"), QByteArray());
        }
        std::string bytes;
        {
            std::ifstream in(place.file, std::ios::binary);
            bytes.assign(std::istreambuf_iterator<char>(in), {});
        }
        if (what == "text")
            bytes = std::string(5000, 'x');
        else if (what == "page")
            bytes.replace(4096, bytes.size() / 2, bytes.size() / 2, 'x');
        else
            bytes.resize(bytes.size() / 3);
        if (what == "folder") {
            std::filesystem::remove(place.file);
            std::filesystem::create_directory(place.file);
        } else {
            StateFixture::write(place.file, bytes);
        }
        const auto script = place.fixture.folder() / "x.sql";
        StateFixture::write(script, "INSERT INTO t VALUES('x');");
        Console console(place.file);
        const auto target = place.fixture.folder() / "out.sql";
        const auto selected = console.run("SELECT count(a), max(a) FROM t", {}, {});
        QByteArrayList outcomes{selected && !selected->back().error.empty() ? QByteArray::fromStdString(selected->back().error) : told(selected), told(exportSql(place.file, {}, target, {}))};
        if (what != "page") // a row more may find its place in a page that is whole
            outcomes << told(importSql(place.file, script, {}));
        for (const QByteArray &outcome : std::as_const(outcomes)) {
            QVERIFY2(outcome != "OK", outcomes.join('\n'));
            QVERIFY2(outcome.contains(QByteArray::fromStdString(place.file.string())), outcome);
        }
        QVERIFY(!std::filesystem::exists(target));
        if (what == "folder") {
            QVERIFY(std::filesystem::is_directory(place.file));
        } else {
            std::ifstream in(place.file, std::ios::binary);
            QVERIFY(std::string(std::istreambuf_iterator<char>(in), {}) == bytes);
        }
        Console beside(good);
        QCOMPARE(told(beside.run("INSERT INTO t VALUES('more')", {}, {})), QByteArray("OK"));
        QCOMPARE(told(importSql(good, script, {})), QByteArray("OK"));
        QCOMPARE(OtherProgram(good).run("SELECT count(*) FROM t"), QByteArray("5002\n"));
    }
};

QTEST_GUILESS_MAIN(TestD1Proofs)
#include "t_d1proofs.moc"
