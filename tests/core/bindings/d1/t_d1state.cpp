// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/bindings/d1/d1fixture.h"
#include "tests/core/bindings/kv/kvfixture.h"

#include <QFile>

#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace cleat;
using namespace cleat::bindings::d1;
using namespace std::chrono_literals;
using F = D1Fixture;

/// What can go wrong with the file under a database.
class D1StateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_fixture = std::make_unique<F>(); }
    void lockedForWriting();
    void noLockStays();
    void waitsForAnotherWriter();
    void notADatabase();
    void damaged();
    void fileInTheWay();
    void deniedFolder();
    void readOnlyFile();
    void deletedWhileOpen();
    void replacedWhileOpen();
    void survivesSigkill();

private:
    std::unique_ptr<F> m_fixture;
};

void D1StateTest::lockedForWriting()
{
    D1Database d1(m_fixture->state(), "db", 50ms);
    QCOMPARE(F::run(d1, "CREATE TABLE t (a)"), QByteArray());
    Foreign foreign(d1.file());
    QCOMPARE(foreign.run("BEGIN IMMEDIATE; INSERT INTO t VALUES (1)"), QByteArray());
    const QByteArray locked = "d1.sql: database is locked: SQLITE_BUSY";
    QCOMPARE(F::run(d1, "INSERT INTO t VALUES (2)"), locked);
    QCOMPARE(F::run(d1, {{"INSERT INTO t VALUES (2)", {}}, {"SELECT 1", {}}}), locked);
    QCOMPARE(F::run(d1, "SELECT count(*) FROM t"), QByteArray("0\n"));
    QCOMPARE(foreign.run("COMMIT"), QByteArray());
    QCOMPARE(F::run(d1, "INSERT INTO t VALUES (2)"), QByteArray());
    QCOMPARE(F::run(d1, "SELECT count(*) FROM t"), QByteArray("2\n"));
}

void D1StateTest::noLockStays()
{
    D1Database d1(m_fixture->state(), "db");
    QCOMPARE(F::run(d1, "CREATE TABLE t (a UNIQUE)"), QByteArray());
    Foreign foreign(d1.file());
    QCOMPARE(foreign.run("PRAGMA busy_timeout = 0"), QByteArray("0\n"));
    int next = 0;
    const auto checkFree = [&] { QCOMPARE(foreign.run("INSERT INTO t VALUES (" + std::to_string(++next) + "); PRAGMA wal_checkpoint(TRUNCATE)"), QByteArray("0|0|0\n")); };
    for (const char *sql : {"SELECT * FROM t", "INSERT INTO t VALUES ('a')", "INSERT INTO t VALUES ('a')", "SELECT * FROM nope", "SELECT * FROM t LIMIT 1", "INSERT INTO t VALUES ('b') RETURNING a",
             "SELECT abs(-9223372036854775808)", "PRAGMA table_info(t)", "INSERT INTO t VALUES ('c'); SELECT nope"}) {
        F::run(d1, sql);
        checkFree();
    }
    F::run(d1, {{"SELECT * FROM t", {}}, {"SELECT * FROM t", {}}});
    checkFree();
    F::run(d1, {{"INSERT INTO t VALUES ('d')", {}}, {"INSERT INTO t VALUES ('d')", {}}});
    checkFree();
}

void D1StateTest::waitsForAnotherWriter()
{
    D1Database d1(m_fixture->state(), "db");
    QCOMPARE(F::run(d1, "CREATE TABLE t (a)"), QByteArray());
    Foreign foreign(d1.file());
    QCOMPARE(foreign.run("BEGIN IMMEDIATE; INSERT INTO t VALUES (1)"), QByteArray());
    std::thread later([&foreign] {
        std::this_thread::sleep_for(200ms);
        foreign.run("COMMIT");
    });
    const QByteArray answer = F::run(d1, {{"SELECT count(*) FROM t", {}}, {"INSERT INTO t VALUES (2) RETURNING (SELECT count(*) FROM t)", {}}});
    later.join();
    QVERIFY2(answer == "1\n" || answer == "2\n", answer.constData());
    QCOMPARE(F::run(d1, "SELECT count(*) FROM t"), QByteArray("2\n"));
}

void D1StateTest::notADatabase()
{
    D1Database d1(m_fixture->state(), "db");
    std::filesystem::create_directories(d1.file().parent_path());
    const QByteArray content = "this is not a database, however long one reads it. " + QByteArray(5000, 'x');
    QFile file(QString::fromStdString(d1.file().string()));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    file.close();
    for (const char *sql : {"SELECT 1", "SELECT * FROM sqlite_master", "CREATE TABLE t (a)"}) {
        const QByteArray answer = F::run(d1, sql);
        QVERIFY2(answer.startsWith("storage.notdatabase: The state file " + QByteArray::fromStdString(d1.file().string()) + " is not a SQLite database"), answer.constData());
    }
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), content);
    D1Database other(m_fixture->state(), "other");
    QCOMPARE(F::run(other, "SELECT 1"), QByteArray("1\n"));
    // Once a person has put it right, it works again.
    QVERIFY(file.remove());
    QCOMPARE(F::run(d1, "SELECT 1"), QByteArray("1\n"));
}

void D1StateTest::damaged()
{
    QByteArray before;
    const std::filesystem::path path = [&] {
        D1Database d1(m_fixture->state(), "db");
        F::run(d1, "CREATE TABLE t (a); CREATE TABLE u (a); INSERT INTO u VALUES ('fine')");
        F::run(d1, "INSERT INTO t WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5000) SELECT hex(randomblob(20)) FROM n");
        return d1.file();
    }();
    QFile file(QString::fromStdString(path.string()));
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.size() > 10 * 4096);
    for (qint64 page = 3; page < 40; ++page) {
        QVERIFY(file.seek(page * 4096));
        file.write(QByteArray(64, '\xEE'));
    }
    file.close();
    QVERIFY(file.open(QIODevice::ReadOnly));
    before = file.readAll();
    file.close();
    {
        D1Database d1(m_fixture->state(), "db");
        const QByteArray answer = F::run(d1, "SELECT sum(length(a)) FROM t");
        QVERIFY2(answer.startsWith("storage.notdatabase: The state file " + QByteArray::fromStdString(path.string()) + " is damaged"), answer.constData());
        QCOMPARE(F::run(d1, "SELECT a FROM u"), QByteArray("fine\n")); // the rest stays usable
    }
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), before);
}

void D1StateTest::fileInTheWay()
{
    std::filesystem::create_directories(m_fixture->state());
    QFile way(QString::fromStdString((m_fixture->state() / "v3").string()));
    QVERIFY(way.open(QIODevice::WriteOnly));
    way.close();
    D1Database d1(m_fixture->state(), "db");
    const QByteArray answer = F::run(d1, "SELECT 1");
    QVERIFY2(answer.startsWith("storage.failed: Could not make the folder ") && answer.contains("A file stands where a folder is needed"), answer.constData());
}

namespace {

/// What `work` answers in a process that is not root.
QByteArray asNobody(const std::function<QByteArray()> &work)
{
    int ends[2];
    if (::pipe(ends) != 0)
        return "no pipe";
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0))
            ::_exit(2);
        const QByteArray report = work();
        ::_exit(::write(ends[1], report.constData(), static_cast<std::size_t>(report.size())) == report.size() ? 0 : 3);
    }
    ::close(ends[1]);
    QFile pipe;
    QByteArray report;
    if (pipe.open(ends[0], QIODevice::ReadOnly, QFileDevice::AutoCloseHandle))
        report = pipe.readAll();
    int status = 0;
    ::waitpid(child, &status, 0);
    return status == 0 ? report : "the process ended with " + QByteArray::number(status);
}

void makeReachable(const std::filesystem::path &state)
{
    namespace fs = std::filesystem;
    fs::permissions(state.parent_path(), fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec);
}

} // namespace

void D1StateTest::deniedFolder()
{
    namespace fs = std::filesystem;
    D1Database d1(m_fixture->state(), "db");
    fs::create_directories(d1.file().parent_path());
    makeReachable(m_fixture->state());
    const auto closed = fs::perms::owner_read | fs::perms::owner_exec | fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec;
    fs::permissions(d1.file().parent_path(), closed);
    const QByteArray answer = asNobody([&] { return F::run(d1, "CREATE TABLE t (a)"); });
    fs::permissions(d1.file().parent_path(), fs::perms::owner_all);
    QVERIFY2(answer.startsWith("storage.denied: Could not write into " + QByteArray::fromStdString(d1.file().parent_path().string())), answer.constData());
}

void D1StateTest::readOnlyFile()
{
    namespace fs = std::filesystem;
    D1Database d1(m_fixture->state(), "db");
    F::run(d1, "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    makeReachable(m_fixture->state());
    fs::permissions(d1.file(), fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read);
    const QByteArray answer = asNobody([&] {
        D1Database other(m_fixture->state(), "db");
        return F::run(other, "INSERT INTO t VALUES (2)");
    });
    QVERIFY2(answer.startsWith("storage.denied: Could not ") && answer.contains(QByteArray::fromStdString(d1.file().string())), answer.constData());
    QCOMPARE(F::run(d1, "SELECT count(*) FROM t"), QByteArray("1\n"));
}

void D1StateTest::deletedWhileOpen()
{
    D1Database d1(m_fixture->state(), "db");
    F::run(d1, "CREATE TABLE t (a)");
    QCOMPARE(F::run(d1, "SELECT count(*) FROM t"), QByteArray("0\n"));
    std::filesystem::remove_all(m_fixture->state() / "v3");
    QCOMPARE(F::run(d1, "SELECT count(*) FROM t"), QByteArray("d1.sql: no such table: t: SQLITE_ERROR"));
    QCOMPARE(F::run(d1, "CREATE TABLE t (b)"), QByteArray());
    QVERIFY(std::filesystem::exists(d1.file()));
}

void D1StateTest::replacedWhileOpen()
{
    D1Database d1(m_fixture->state(), "db");
    D1Database other(m_fixture->state(), "other");
    F::run(d1, "CREATE TABLE t (a)");
    F::run(other, "CREATE TABLE u (a); INSERT INTO u VALUES ('other')");
    QCOMPARE(Foreign(other.file()).run("PRAGMA wal_checkpoint(TRUNCATE)"), QByteArray("0|0|0\n"));
    std::filesystem::rename(other.file(), d1.file());
    QCOMPARE(F::run(d1, "SELECT a FROM u"), QByteArray("other\n"));
}

/// A process that writes is killed at random; what it acknowledged is there, and the file is whole.
void D1StateTest::survivesSigkill()
{
    for (int round = 0; round < 20; ++round) {
        int ends[2];
        QVERIFY(::pipe(ends) == 0);
        const pid_t child = ::fork();
        if (child == 0) {
            ::close(ends[0]);
            D1Database d1(m_fixture->state(), "db");
            F::run(d1, "CREATE TABLE IF NOT EXISTS t (round, n)");
            for (int n = 1;; ++n) {
                if (F::run(d1, {{"INSERT INTO t VALUES (?, ?)", {double(round), double(n)}}, {"INSERT INTO t VALUES (?, -?)", {double(round), double(n)}}}) != QByteArray())
                    ::_exit(1);
                if (::write(ends[1], &n, sizeof n) != sizeof n)
                    ::_exit(2);
            }
        }
        ::close(ends[1]);
        std::this_thread::sleep_for(std::chrono::milliseconds(20 + (round * 37) % 50));
        ::kill(child, SIGKILL);
        int last = 0;
        for (int n = 0; ::read(ends[0], &n, sizeof n) == sizeof n;)
            last = n;
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        QVERIFY(WIFSIGNALED(status));
        D1Database d1(m_fixture->state(), "db");
        const QByteArray count = F::run(d1, "SELECT count(*) FROM sqlite_master WHERE name = 't'");
        if (count == "0\n")
            continue;
        const QByteArray there = F::run(d1, "SELECT sum(n > 0 AND n <= ?2), sum(n < 0 AND n >= -?2), sum(n) FROM t WHERE round = ?1", {double(round), double(last)});
        QCOMPARE(there, last == 0 && there.startsWith("NULL") ? there : QByteArray::number(last) + '|' + QByteArray::number(last) + "|0r\n");
        QCOMPARE(F::run(d1, "PRAGMA quick_check"), QByteArray("ok\n"));
    }
}

QTEST_GUILESS_MAIN(D1StateTest)
#include "t_d1state.moc"
