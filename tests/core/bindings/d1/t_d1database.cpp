// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/bindings/d1/d1fixture.h"

#include <QElapsedTimer>

#include <limits>
#include <memory>

using namespace cleat;
using namespace cleat::bindings::d1;
using F = D1Fixture;

/// What a D1 database answers. All the texts and shapes that user code sees are compared with the real thing elsewhere: tests/core/runtime/t_d1.cpp has its outcomes.
class D1DatabaseTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<F>();
        m_d1 = std::make_unique<D1Database>(m_fixture->state(), "db");
    }
    void cleanup()
    {
        m_d1.reset();
        m_fixture.reset();
    }
    void fileName();
    void valuesIn_data();
    void valuesIn();
    void valuesOut();
    void severalQueries();
    void batchIsAllOrNothing();
    void commentsAreNoQueries();
    void meta();
    void rowsReadAndWritten_data();
    void rowsReadAndWritten();
    void manyDifferentStatements();
    void schemaChangesUnderKeptStatements();
    void settingsAreMadeEachTime();
    void brokenForeignKeyAtCommit();
    void renamingIntoReservedNames();
    void sessions();
    void aResultThatIsTooLarge();
    void aLongQueryCanBeEnded();
    void missingFunctionsAreThere();

private:
    std::unique_ptr<F> m_fixture;
    std::unique_ptr<D1Database> m_d1;
};

void D1DatabaseTest::fileName()
{
    const D1Database d1(m_fixture->state(), "xxxx-xxxx");
    QCOMPARE(d1.file(), m_fixture->state() / "v3/d1/miniflare-D1DatabaseObject/d0d8c530b10c2b691912e0e575585cd9f3d925c7995ff8a738343fee34356cee.sqlite");
    QVERIFY(!std::filesystem::exists(d1.file()));
}

void D1DatabaseTest::valuesIn_data()
{
    QTest::addColumn<QString>("column");
    QTest::addColumn<int>("value");
    QTest::addColumn<QByteArray>("stored");
    const QList<std::pair<const char *, std::array<const char *, 5>>> expected = {
        {"INTEGER", {"5|integer\n", "1.5r|real\n", "a|text\n", "x'6100'|blob\n", "NULL|null\n"}},
        {"REAL", {"5r|real\n", "1.5r|real\n", "a|text\n", "x'6100'|blob\n", "NULL|null\n"}},
        {"TEXT", {"5.0|text\n", "1.5|text\n", "a|text\n", "x'6100'|blob\n", "NULL|null\n"}},
        {"BLOB", {"5r|real\n", "1.5r|real\n", "a|text\n", "x'6100'|blob\n", "NULL|null\n"}},
    };
    for (const auto &[column, texts] : expected) {
        for (int i = 0; i < 5; ++i)
            QTest::addRow("%s %d", column, i) << QString::fromLatin1(column) << i << QByteArray(texts[std::size_t(i)]);
    }
}

void D1DatabaseTest::valuesIn()
{
    QFETCH(QString, column);
    QFETCH(int, value);
    QFETCH(QByteArray, stored);
    const std::array<Value, 5> values = {5.0, 1.5, std::string("a"), Blob{std::string("a\0", 2)}, std::monostate()};
    F::run(*m_d1, "CREATE TABLE t (v " + column.toStdString() + ")");
    QCOMPARE(F::run(*m_d1, "INSERT INTO t VALUES (?)", {values[std::size_t(value)]}), QByteArray());
    QCOMPARE(F::run(*m_d1, "SELECT v, typeof(v) FROM t"), stored);
}

void D1DatabaseTest::valuesOut()
{
    QCOMPARE(F::run(*m_d1, "SELECT 1, 1.5, 'a', x'00', NULL, 9223372036854775807, '', x''"), QByteArray("1|1.5r|a|x'00'|NULL|9223372036854775807||x''\n"));
    QCOMPARE(F::run(*m_d1, "SELECT ?", {std::string("a\0b", 3)}), QByteArray("a\0b\n", 4));
    QCOMPARE(F::run(*m_d1, "SELECT ?, ?", {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}), QByteArray("NULL|NULL\n"));
    QCOMPARE(F::run(*m_d1, "SELECT typeof(?), length(?)", {Blob{}, std::string()}), QByteArray("blob|0\n"));
}

void D1DatabaseTest::severalQueries()
{
    const std::vector<Query> queries{{"CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)", {}}, {"SELECT a FROM t", {}}, {"SELECT a AS b, a AS b FROM t WHERE a = ?", {2.0}}};
    const auto outcome = m_d1->run(queries);
    QVERIFY(outcome);
    QCOMPARE(outcome->results.size(), 3U);
    QCOMPARE(F::text(outcome->results[1]), QByteArray("1\n2\n"));
    QCOMPARE(outcome->results[2].rows.columns, (std::vector<std::string>{"b", "b"}));
    QCOMPARE(F::text(outcome->results[2]), QByteArray("2|2\n"));
    QCOMPARE(outcome->bookmark, std::string());
}

void D1DatabaseTest::batchIsAllOrNothing()
{
    F::run(*m_d1, "CREATE TABLE t (a UNIQUE)");
    QCOMPARE(F::run(*m_d1, {{"INSERT INTO t VALUES (1)", {}}, {"INSERT INTO t VALUES (1)", {}}}),
        QByteArray("d1.sql: UNIQUE constraint failed: t.a: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_UNIQUE)"));
    QCOMPARE(F::run(*m_d1, {{"INSERT INTO t VALUES (1)", {}}, {"CREATE TABLE u (a)", {}}, {"SELECT * FROM nope", {}}}), QByteArray("d1.sql: no such table: nope: SQLITE_ERROR"));
    QCOMPARE(F::run(*m_d1, "INSERT INTO t VALUES (1); INSERT INTO t VALUES (?)"), QByteArray("d1.sql: Wrong number of parameter bindings for SQL query."));
    QCOMPARE(F::run(*m_d1, "SELECT count(*) FROM t"), QByteArray("0\n"));
    QCOMPARE(F::run(*m_d1, "SELECT count(*) FROM sqlite_master WHERE name = 'u'"), QByteArray("0\n"));
}

void D1DatabaseTest::commentsAreNoQueries()
{
    QCOMPARE(F::run(*m_d1, std::vector<Query>()), QByteArray("d1.sql: No SQL statements detected."));
    QCOMPARE(F::run(*m_d1, " \n-- a\n  -- b"), QByteArray("d1.sql: No SQL statements detected."));
    QCOMPARE(F::run(*m_d1, "/* a */"), QByteArray("d1.sql: SQL code did not contain a statement."));
    const std::vector<Query> queries{{"-- a", {}}, {"SELECT 1", {}}, {"", {}}};
    const auto outcome = m_d1->run(queries);
    QVERIFY(outcome);
    QCOMPARE(outcome->results.size(), 1U);
}

void D1DatabaseTest::meta()
{
    F::run(*m_d1, "CREATE TABLE t (id INTEGER PRIMARY KEY, a)");
    Meta meta = F::meta(*m_d1, "INSERT INTO t (id, a) VALUES (7, 1), (8, 2)");
    QCOMPARE(meta.changes, 2);
    QCOMPARE(meta.lastRowId, 8);
    QVERIFY(meta.changedDb);
    QCOMPARE(meta.sizeAfter, 8192);
    QVERIFY(meta.durationMs > 0);
    meta = F::meta(*m_d1, "SELECT * FROM t");
    QCOMPARE(meta.changes, 0);
    QCOMPARE(meta.lastRowId, 8);
    QVERIFY(!meta.changedDb);
    QCOMPARE(meta.sizeAfter, 8192);
    meta = F::meta(*m_d1, "CREATE TABLE u (a)");
    QVERIFY(meta.changedDb);
    QCOMPARE(meta.sizeAfter, 12288);
    // What another connection adds shows in the size.
    D1Database other(m_fixture->state(), "db");
    F::run(other, "CREATE TABLE v (a)");
    QCOMPARE(F::meta(*m_d1, "SELECT 1 FROM t").sizeAfter, 16384);
    QCOMPARE(F::meta(other, "DELETE FROM t").changes, 2);
}

void D1DatabaseTest::rowsReadAndWritten_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<int>("read");
    QTest::addColumn<int>("written");
    // As measured in wrangler.
    const auto add = [](const char *sql, int read, int written) { QTest::newRow(sql) << QString::fromLatin1(sql) << read << written; };
    add("SELECT 1", 0, 0);
    add("SELECT * FROM t", 5, 0);
    add("SELECT * FROM t WHERE id = 2", 1, 0);
    add("SELECT * FROM t WHERE a = 2", 2, 0);
    add("SELECT a FROM t WHERE a = 5", 1, 0);
    add("SELECT * FROM t WHERE b = 2", 5, 0);
    add("SELECT * FROM t LIMIT 1", 1, 0);
    add("SELECT * FROM t ORDER BY b", 10, 0);
    add("SELECT count(*) FROM t", 5, 0);
    add("SELECT max(id) FROM t", 1, 0);
    add("SELECT * FROM t x JOIN t y ON x.id = y.id", 10, 0);
    add("SELECT * FROM t x, t y", 30, 0);
    add("SELECT value FROM json_each('[1,2,3]')", 3, 0);
    add("INSERT INTO t (a, b) VALUES (7, 8)", 0, 2);
    add("INSERT INTO t (a, b) VALUES (7, 8), (9, 10)", 0, 4);
    add("INSERT INTO plain VALUES (1)", 0, 1);
    add("UPDATE t SET b = 9 WHERE id = 1", 1, 1);
    add("UPDATE t SET a = 9 WHERE id = 1", 1, 2);
    add("UPDATE t SET b = 10", 5, 5);
    add("UPDATE t SET b = 10 WHERE id = 99", 1, 0);
    add("DELETE FROM t WHERE id = 1", 1, 1);
    add("DELETE FROM t", 0, 5);
    add("INSERT INTO keyed VALUES ('a', 1), ('b', 2)", 0, 2);
    add("CREATE TABLE new (a)", 1, 2);
    add("PRAGMA foreign_keys", 0, 0);
}

void D1DatabaseTest::rowsReadAndWritten()
{
    QFETCH(QString, sql);
    QFETCH(int, read);
    QFETCH(int, written);
    F::run(*m_d1, {{"CREATE TABLE t (id INTEGER PRIMARY KEY, a, b)", {}}, {"CREATE INDEX i ON t (a)", {}}, {"INSERT INTO t (a, b) VALUES (1, 1), (2, 2), (3, 3), (4, 4), (5, 5)", {}},
        {"CREATE TABLE plain (a)", {}}, {"CREATE TABLE keyed (k TEXT PRIMARY KEY, v) WITHOUT ROWID", {}}});
    const Meta meta = F::meta(*m_d1, sql.toStdString());
    QCOMPARE(meta.rowsRead, read);
    QCOMPARE(meta.rowsWritten, written);
}

void D1DatabaseTest::manyDifferentStatements()
{
    F::run(*m_d1, "CREATE TABLE t (a)");
    for (int round = 0; round < 2; ++round) {
        for (int i = 0; i < 600; ++i)
            QCOMPARE(F::run(*m_d1, "SELECT " + std::to_string(i) + ", ?", {1.0}), QByteArray::number(i) + "|1r\n");
    }
}

void D1DatabaseTest::schemaChangesUnderKeptStatements()
{
    F::run(*m_d1, "CREATE TABLE t (a)");
    F::run(*m_d1, "INSERT INTO t VALUES (1)");
    QCOMPARE(F::run(*m_d1, "SELECT * FROM t"), QByteArray("1\n"));
    D1Database other(m_fixture->state(), "db");
    QCOMPARE(F::run(other, "ALTER TABLE t ADD COLUMN b DEFAULT 2"), QByteArray());
    QCOMPARE(F::run(*m_d1, "SELECT * FROM t"), QByteArray("1|2\n"));
    QCOMPARE(F::run(other, "DROP TABLE t"), QByteArray());
    QCOMPARE(F::run(*m_d1, "SELECT * FROM t"), QByteArray("d1.sql: no such table: t: SQLITE_ERROR"));
    QCOMPARE(F::run(other, "CREATE TABLE t (c); INSERT INTO t VALUES ('back')"), QByteArray());
    QCOMPARE(F::run(*m_d1, "SELECT * FROM t"), QByteArray("back\n"));
}

void D1DatabaseTest::settingsAreMadeEachTime()
{
    F::run(*m_d1, {{"CREATE TABLE p (id INTEGER PRIMARY KEY)", {}}, {"CREATE TABLE c (p REFERENCES p(id))", {}}});
    for (int i = 1; i < 4; ++i) {
        const std::string id = std::to_string(i);
        QCOMPARE(F::run(*m_d1, {{"PRAGMA defer_foreign_keys = on", {}}, {"INSERT INTO c VALUES (" + id + ')', {}}, {"INSERT INTO p VALUES (" + id + ')', {}}}), QByteArray());
    }
    QCOMPARE(F::run(*m_d1, "PRAGMA foreign_keys = off"), QByteArray());
    QCOMPARE(F::run(*m_d1, "PRAGMA foreign_keys"), QByteArray("1\n"));
}

void D1DatabaseTest::brokenForeignKeyAtCommit()
{
    F::run(*m_d1, {{"CREATE TABLE p (id INTEGER PRIMARY KEY)", {}}, {"CREATE TABLE c (p REFERENCES p(id) DEFERRABLE INITIALLY DEFERRED)", {}}});
    const QByteArray broken = "d1.sql: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)";
    QCOMPARE(F::run(*m_d1, "INSERT INTO c VALUES (1)"), broken);
    QCOMPARE(F::run(*m_d1, {{"INSERT INTO c VALUES (1)", {}}, {"INSERT INTO p VALUES (2)", {}}}), broken);
    QCOMPARE(F::run(*m_d1, "SELECT (SELECT count(*) FROM c), (SELECT count(*) FROM p)"), QByteArray("0|0\n"));
}

void D1DatabaseTest::renamingIntoReservedNames()
{
    F::run(*m_d1, "CREATE TABLE t (a)");
    for (const char *sql : {"ALTER TABLE t RENAME TO _cf_t", "ALTER TABLE t RENAME TO _CF_t"})
        QCOMPARE(F::run(*m_d1, sql), QByteArray("d1.sql: not authorized: SQLITE_AUTH"));
    QCOMPARE(F::run(*m_d1, "ALTER TABLE t RENAME TO xcf_t"), QByteArray());
    QCOMPARE(F::run(*m_d1, "SELECT count(*) FROM xcf_t"), QByteArray("0\n"));
}

void D1DatabaseTest::sessions()
{
    const std::vector<Query> queries{{"SELECT 1", {}}};
    std::string last;
    for (const char *expected : {"00000000-00000000", "00000000-00000001", "00000000-00000002"}) {
        const auto outcome = m_d1->run(queries, D1Database::Session::Bookmarked);
        QVERIFY(outcome);
        QCOMPARE(outcome->bookmark, expected + std::string("-00000000-00000000000000000000000000000000"));
        QVERIFY(outcome->bookmark > last);
        last = outcome->bookmark;
    }
    QCOMPARE(F::run(*m_d1, "SELECT * FROM _cf_METADATA"), QByteArray("d1.sql: access to _cf_METADATA.key is prohibited: SQLITE_AUTH"));
}

void D1DatabaseTest::aResultThatIsTooLarge()
{
    const QByteArray answer = F::run(*m_d1, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT zeroblob(8000000) FROM n");
    QCOMPARE(answer, QByteArray("d1.sql: The result is larger than 128 MiB. Ask for fewer rows or columns (LIMIT)."));
    QCOMPARE(F::run(*m_d1, "SELECT 1"), QByteArray("1\n"));
}

void D1DatabaseTest::aLongQueryCanBeEnded()
{
    F::run(*m_d1, "CREATE TABLE t (a)");
    QElapsedTimer timer;
    timer.start();
    m_d1->setStop([&timer] { return timer.elapsed() > 100; });
    const std::string endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) ";
    QCOMPARE(F::run(*m_d1, endless + "SELECT count(*) FROM n"), QByteArray("d1.sql: interrupted: SQLITE_INTERRUPT"));
    QVERIFY(timer.elapsed() < 10'000);
    QCOMPARE(F::run(*m_d1, "INSERT INTO t " + endless + "SELECT x FROM n WHERE x < 0"), QByteArray("d1.sql: interrupted: SQLITE_INTERRUPT"));
    m_d1->setStop({});
    QCOMPARE(F::run(*m_d1, "SELECT count(*) FROM t"), QByteArray("0\n"));
}

void D1DatabaseTest::missingFunctionsAreThere()
{
    QCOMPARE(F::run(*m_d1, "SELECT concat('a', NULL, 1), concat_ws('-', 'a', NULL, 'b'), octet_length('\xC3\xA9'), unhex('6162'), unhex('61-62', '-'), unhex('x'), concat_ws(NULL, 'a')"),
        QByteArray("a1|a-b|2|x'6162'|x'6162'|NULL|NULL\n"));
    QCOMPARE(F::run(*m_d1, "SELECT string_agg(x, '+'), string_agg(NULL, '+') FROM (SELECT 1 AS x UNION ALL SELECT NULL UNION ALL SELECT 'b')"), QByteArray("1+b|NULL\n"));
}

QTEST_GUILESS_MAIN(D1DatabaseTest)
#include "t_d1database.moc"
