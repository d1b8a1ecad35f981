// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/console.h"
#include "tests/core/data/statefixture.h"

#include <QElapsedTimer>
#include <QTest>

#include <thread>

using namespace cleat::data::d1;

class TestD1Console : public QObject
{
    Q_OBJECT
    using Together = Console::Options::Together;

private Q_SLOTS:
    void runs()
    {
        StateFixture fixture;
        Console console(fixture.folder() / "a" / "b.sqlite");
        const auto results = console.run("-- first\nCREATE TABLE t(a, b TEXT);\nINSERT INTO t VALUES(1, 'x'), (2.5, NULL) RETURNING a;\nSELECT a AS x, b AS x FROM t; SELECT * FROM t WHERE 0", {}, {});
        QVERIFY(results);
        QCOMPARE(results->size(), std::size_t(4));
        QCOMPARE((*results)[0].statement.begin, std::size_t(9));
        QCOMPARE((*results)[1].rows.size(), std::size_t(2));
        QCOMPARE((*results)[1].changes, std::int64_t(2));
        QCOMPARE((*results)[2].columns, (std::vector<std::string>{"x", "x"}));
        QCOMPARE((*results)[2].rows[1], (std::vector<Value>{2.5, std::monostate()}));
        QCOMPARE((*results)[2].rowsRead, std::int64_t(2));
        QVERIFY((*results)[3].rows.empty() && (*results)[3].columns.size() == 2 && (*results)[3].error.empty());
        QVERIFY(console.run(" ;; -- nothing", {}, {})->empty());
    }

    void errors_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<int>("at");
        QTest::newRow("syntax") << QByteArray("SELECT 1;\n SELEC 2;") << QByteArray("near \"SELEC\": syntax error at offset 0: SQLITE_ERROR") << 11;
        QTest::newRow("table") << QByteArray("SELECT * FROM nope") << QByteArray("no such table: nope: SQLITE_ERROR") << -1;
        QTest::newRow("transaction") << QByteArray("BEGIN") << QByteArray("To execute a transaction") << 0;
        QTest::newRow("attach") << QByteArray("ATTACH 'x' AS y") << QByteArray("not authorized: SQLITE_AUTH") << -1;
        QTest::newRow("reserved") << QByteArray("CREATE TABLE _cf_x(a)") << QByteArray("not authorized: SQLITE_AUTH") << -1;
        QTest::newRow("pragma") << QByteArray("PRAGMA user_version = 3") << QByteArray("not authorized: SQLITE_AUTH") << -1;
        QTest::newRow("parameter") << QByteArray("SELECT ?") << QByteArray("Wrong number of parameter bindings for SQL query.") << -1;
        QTest::newRow("constraint") << QByteArray("CREATE TABLE u(a UNIQUE); INSERT INTO u VALUES(1),(1)")
                                    << QByteArray("UNIQUE constraint failed: u.a: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_UNIQUE)") << -1;
    }
    void errors()
    {
        QFETCH(QByteArray, script);
        QFETCH(QByteArray, error);
        QFETCH(int, at);
        StateFixture fixture;
        Console console(fixture.folder() / "b.sqlite");
        const auto results = console.run(script.toStdString(), {}, {});
        QVERIFY(results);
        const StatementResult &last = results->back();
        QVERIFY2(QByteArray::fromStdString(last.error).startsWith(error), last.error.c_str());
        QCOMPARE(last.errorAt ? static_cast<int>(*last.errorAt) : -1, at);
    }

    void together()
    {
        StateFixture fixture;
        const auto file = fixture.folder() / "b.sqlite";
        Console console(file);
        const std::string script = "CREATE TABLE t(a); INSERT INTO t VALUES(1); SELECT nope";
        QVERIFY(!console.run(script, {.together = Together::AllOrNone}, {})->back().error.empty());
        OtherProgram other(file);
        QCOMPARE(other.run("SELECT count(*) FROM sqlite_schema"), QByteArray("0\n"));
        QVERIFY(!console.run(script, {}, {})->back().error.empty());
        QCOMPARE(other.run("SELECT a FROM t"), QByteArray("1\n"));
        // A foreign key that is wrong only at the end.
        const auto late = console.run("CREATE TABLE p(id PRIMARY KEY); CREATE TABLE c(p REFERENCES p DEFERRABLE INITIALLY DEFERRED); INSERT INTO c VALUES(7)",
            {.together = Together::AllOrNone}, {});
        QCOMPARE(late->size(), std::size_t(3));
        QVERIFY(late->back().error.starts_with("FOREIGN KEY constraint failed"));
        QCOMPARE(other.run("SELECT name FROM sqlite_schema"), QByteArray("t\n"));
        QVERIFY(console.run("PRAGMA foreign_keys; PRAGMA table_info(t)", {.together = Together::AllOrNone}, {})->back().error.empty());
        QCOMPARE(other.run("BEGIN IMMEDIATE; COMMIT"), QByteArray());
    }

    void bounds()
    {
        StateFixture fixture;
        Console console(fixture.folder() / "b.sqlite");
        const std::string many = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000) ";
        const auto results = console.run("CREATE TABLE t(a);" + many + "SELECT x FROM n;" + many + "INSERT INTO t SELECT x FROM n RETURNING a; SELECT count(*) FROM t",
            {.maxRows = 10}, {});
        QCOMPARE((*results)[1].rows.size(), std::size_t(10));
        QVERIFY((*results)[1].more && (*results)[2].more && !(*results)[3].more);
        QCOMPARE((*results)[3].rows[0][0], Value(std::int64_t(1000)));
    }

    void cancels()
    {
        StateFixture fixture;
        Console console(fixture.folder() / "b.sqlite");
        std::stop_source stop;
        QElapsedTimer timer;
        std::jthread canceller([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            timer.start();
            stop.request_stop();
        });
        const auto results = console.run("CREATE TABLE t(a); WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) INSERT INTO t SELECT x FROM n; SELECT 1", {}, {stop.get_token(), {}});
        const qint64 took = timer.elapsed();
        canceller.join();
        QCOMPARE(results->size(), std::size_t(2));
        QCOMPARE(results->back().error, std::string("interrupted: SQLITE_INTERRUPT"));
        qInfo("ended after %lld ms", static_cast<long long>(took));
        QCOMPARE(console.run("SELECT count(*) FROM t", {}, {})->back().rows[0][0], Value(std::int64_t(0)));
    }

    void explains()
    {
        StateFixture fixture;
        Console console(fixture.folder() / "b.sqlite");
        console.run("CREATE TABLE t(a)", {}, {});
        const auto plan = console.explain("SELECT * FROM t");
        QCOMPARE(plan->size(), std::size_t(1));
        QCOMPARE(plan->front().detail, std::string("SCAN t"));
        const auto wrong = console.explain("SELECT *\nFRM t");
        QCOMPARE(codeOf(wrong), QByteArray("data.sql"));
        QCOMPARE(wrong.error().place.line, 2);
    }

    void files()
    {
        StateFixture fixture;
        StateFixture::write(fixture.folder() / "text.sqlite", std::string(5000, 'x'));
        Console console(fixture.folder() / "text.sqlite");
        QCOMPARE(codeOf(console.run("SELECT 1", {}, {})), QByteArray("storage.notdatabase"));
    }
};

QTEST_APPLESS_MAIN(TestD1Console)
#include "t_d1console.moc"
