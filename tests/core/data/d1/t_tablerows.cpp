// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/tablerows.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

#include <filesystem>
#include <thread>

using namespace cleat::data::d1;

namespace {

using Order = Sort::Order;
using Test = Filter::Test;

QByteArray textOf(const Value &value)
{
    return QByteArray::fromStdString(literal(value));
}

/// The first column of each row, joined.
template <typename Rows>
QByteArray column(const Rows &rows, std::size_t index = 0)
{
    if (!rows)
        return QByteArray::fromStdString(rows.error().code + ": " + rows.error().message);
    QByteArray out;
    for (const Row &row : *rows)
        out += (out.isEmpty() ? "" : " ") + textOf(row.values.at(index));
    return out;
}

} // namespace

Q_DECLARE_METATYPE(Filter)

class TestTableRows : public QObject
{
    Q_OBJECT

    StateFixture m_fixture;
    std::filesystem::path m_file;

private Q_SLOTS:
    void init()
    {
        m_file = m_fixture.folder() / (std::string(QTest::currentTestFunction()) + (QTest::currentDataTag() ? QTest::currentDataTag() : "") + ".sqlite");
    }

    /// Every view is what SQLite itself says, from wherever it is entered.
    void everyPlace_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QByteArray>("sort"); // "a-b+"
        QTest::addColumn<QByteArray>("where");
        const QByteArray nulls = "CREATE TABLE t(id INTEGER PRIMARY KEY, a, b NOT NULL); CREATE INDEX i ON t(a, b); CREATE INDEX j ON t(b);"
                                 "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 500) INSERT INTO t SELECT 3 * x, "
                                 "CASE x % 5 WHEN 0 THEN NULL WHEN 1 THEN x % 7 WHEN 2 THEN x / 10 + 0.5 WHEN 3 THEN 'k' || (x % 9) ELSE zeroblob(x % 4) END, x % 11 FROM n;";
        QTest::newRow("rowid") << nulls << QByteArray() << QByteArray();
        QTest::newRow("rowid down") << nulls << QByteArray("id-") << QByteArray();
        QTest::newRow("index with NULL") << nulls << QByteArray("a+") << QByteArray();
        QTest::newRow("index with NULL down") << nulls << QByteArray("a-") << QByteArray();
        QTest::newRow("two columns") << nulls << QByteArray("a+b+") << QByteArray();
        QTest::newRow("two columns, two ways") << nulls << QByteArray("b-a+") << QByteArray();
        QTest::newRow("other index") << nulls << QByteArray("b-") << QByteArray();
        const QByteArray many = QByteArray(nulls).replace("x < 500", "x < 70000");
        QTest::newRow("many") << many << QByteArray() << QByteArray();
        QTest::newRow("many, index with NULL down") << many << QByteArray("a-") << QByteArray();
        QTest::newRow("filter") << nulls << QByteArray() << QByteArray("b > 4 -- most");
        QTest::newRow("filter and sort") << nulls << QByteArray("a-") << QByteArray("b IN (1, 2)");
        QTest::newRow("pair") << QByteArray("CREATE TABLE t(id TEXT, a INTEGER, PRIMARY KEY(a, id)) WITHOUT ROWID;"
                                            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300) INSERT INTO t SELECT 'x' || x, x % 6 FROM n;")
                              << QByteArray() << QByteArray();
        QTest::newRow("pair down") << QByteArray("CREATE TABLE t(id TEXT, a INTEGER, PRIMARY KEY(a, id)) WITHOUT ROWID;"
                                                 "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300) INSERT INTO t SELECT 'x' || x, x % 6 FROM n;")
                                   << QByteArray("a-") << QByteArray();
        QTest::newRow("collation") << QByteArray("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE); CREATE INDEX i ON t(a);"
                                                 "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 200) INSERT INTO t SELECT x, char(65 + x % 3 + 32 * (x % 2)) FROM n;")
                                   << QByteArray("a+") << QByteArray();
        QTest::newRow("view") << QByteArray("CREATE TABLE u(x); INSERT INTO u VALUES(3),(1),(2); CREATE VIEW t AS SELECT x * 2 AS id FROM u;") << QByteArray("id+") << QByteArray();
        QTest::newRow("full text") << QByteArray("CREATE VIRTUAL TABLE t USING fts5(id); INSERT INTO t VALUES('a'),('b b'),('c');") << QByteArray() << QByteArray();
        QTest::newRow("r-tree") << QByteArray("CREATE VIRTUAL TABLE t USING rtree(id, x0, x1); INSERT INTO t VALUES(7,1,2),(5,3,4),(6,0,1);") << QByteArray("id+") << QByteArray();
    }
    void everyPlace()
    {
        QFETCH(QByteArray, schema);
        QFETCH(QByteArray, sort);
        QFETCH(QByteArray, where);
        OtherProgram other(m_file);
        QCOMPARE(other.run(schema.toStdString()), QByteArray());
        View view{.table = "T", .filters = {}, .where = where.toStdString(), .sort = {}};
        std::string order;
        for (qsizetype at = 0; at < sort.size();) {
            qsizetype end = at;
            while (sort[end] != '+' && sort[end] != '-')
                ++end;
            const std::string name = sort.mid(at, end - at).toStdString();
            view.sort.push_back({name, sort[end] == '+' ? Order::Ascending : Order::Descending});
            order += (order.empty() ? "" : ", ") + name + (sort[end] == '+' ? "" : " DESC");
            at = end + 1;
        }
        // The key follows the last way of sorting.
        const bool down = sort.endsWith('-');
        if (QByteArray(QTest::currentDataTag()).startsWith("pair"))
            order = down ? "a DESC, id DESC" : "a, id";
        else if (QByteArray(QTest::currentDataTag()) != "view")
            order += std::string(order.empty() ? "" : ", ") + "rowid" + (down ? " DESC" : "");
        QByteArrayList all = other.run("SELECT quote(id) FROM t" + (where.isEmpty() ? "" : " WHERE " + where.toStdString() + "\n") + " ORDER BY " + order).split('\n');
        all.removeLast();
        QVERIFY(!all.isEmpty());
        TableRows rows(m_file);
        for (const bool counted : {false, true}) {
            if (counted)
                QCOMPARE(rows.count(view).value_or(0), static_cast<std::uint64_t>(all.size()));
            for (qsizetype first = 0; first <= all.size() + 1; first += first < 3 || first + 4 > all.size() ? 1 : all.size() > 1000 ? 5003 : 29) {
                QByteArray expected = all.mid(first, 7).join(' ');
                const auto part = rows.rows(view, static_cast<std::uint64_t>(first), 7);
                QCOMPARE(column(part), expected.replace("\n", ""));
            }
        }
    }

    void keys()
    {
        OtherProgram other(m_file);
        other.run("CREATE TABLE t(rowid, _rowid_, x); INSERT INTO t VALUES('a', 'b', 'c');"
                  "CREATE TABLE h(rowid, _rowid_, oid); INSERT INTO h VALUES(1, 2, 3);"
                  "CREATE TABLE k(rowid, _rowid_, oid INTEGER PRIMARY KEY); INSERT INTO k VALUES(1, 2, 33);"
                  "CREATE TABLE p(a, b, PRIMARY KEY(b, a)) WITHOUT ROWID; INSERT INTO p VALUES('x', 9007199254740993);"
                  "CREATE VIEW v AS SELECT 1 AS one;");
        TableRows rows(m_file);
        const auto key = [&](const char *table) {
            const auto read = rows.rows({.table = table, .filters = {}, .where = {}, .sort = {}}, 0, 1);
            return read ? read->at(0).key : RowKey{std::string("error")};
        };
        QCOMPARE(key("t"), (RowKey{std::int64_t(1)}));
        QCOMPARE(key("h"), RowKey());
        QCOMPARE(key("k"), (RowKey{std::int64_t(33)}));
        QCOMPARE(key("p"), (RowKey{std::int64_t(9007199254740993), std::string("x")}));
        QCOMPARE(key("v"), RowKey());
        QCOMPARE(rows.value("p", key("p"), "a").value(), Value(std::string("x")));
        QCOMPARE(codeOf(rows.value("p", {std::int64_t(1), std::string("x")}, "a")), QByteArray("data.missing"));
        QCOMPARE(codeOf(rows.value("v", {}, "one")), QByteArray("data.missing"));
    }

    void longValues()
    {
        OtherProgram other(m_file);
        other.run("CREATE TABLE t(a, b, g AS (a || '!')); INSERT INTO t(a, b) VALUES(zeroblob(8000000), 'short');"
                  "INSERT INTO t(a, b) VALUES(replace(hex(zeroblob(3000)), '00', 'é'), x'00ff'); INSERT INTO t(a) VALUES(CAST(x'ff41' AS TEXT)); INSERT INTO t(a) VALUES('');"
                  "ALTER TABLE t ADD COLUMN late TEXT DEFAULT 'later'; CREATE VIEW v AS SELECT a FROM t;");
        TableRows rows(m_file);
        const auto all = rows.rows({.table = "t", .filters = {}, .where = {}, .sort = {}}, 0, 10);
        QVERIFY(all);
        QCOMPARE(all->size(), std::size_t(4));
        QCOMPARE((*all)[0].cut[0], std::uint64_t(8'000'000));
        QCOMPARE(std::get<Blob>((*all)[0].values[0]).bytes.size(), maxShown);
        QCOMPARE((*all)[1].cut[0], std::uint64_t(6000));
        QCOMPARE(std::get<std::string>((*all)[1].values[0]).size(), maxShown);
        QCOMPARE(std::get<std::string>((*all)[1].values[2]).size(), maxShown);
        QCOMPARE((*all)[1].values[1], Value(Blob{std::string("\0\xff", 2)}));
        QCOMPARE((*all)[2].values[0], Value(std::string("\xff" "A")));
        QCOMPARE((*all)[2].values[1], Value(std::monostate()));
        QCOMPARE((*all)[3].values[0], Value(std::string()));
        QCOMPARE((*all)[3].values[3], Value(std::string("later")));
        QCOMPARE(std::get<Blob>(*rows.value("t", {std::int64_t(1)}, "a")).bytes.size(), std::size_t(8'000'000));
        const auto view = rows.rows({.table = "v", .filters = {}, .where = {}, .sort = {}}, 0, 2);
        QVERIFY(view);
        QCOMPARE((*view)[1].cut[0], std::uint64_t(6000));
    }

    void filters_data()
    {
        QTest::addColumn<Filter>("filter");
        QTest::addColumn<QByteArray>("ids");
        QTest::newRow("contains") << Filter{"s", Test::Contains, "50%"} << QByteArray("2");
        QTest::newRow("contains, case") << Filter{"s", Test::Contains, "AB"} << QByteArray("1 4");
        QTest::newRow("starts") << Filter{"s", Test::StartsWith, "a_"} << QByteArray("4");
        QTest::newRow("equals number in text column") << Filter{"s", Test::Equals, "7"} << QByteArray("3");
        QTest::newRow("equals in a column of any type") << Filter{"x", Test::Equals, "7"} << QByteArray("1 2");
        QTest::newRow("differs") << Filter{"x", Test::Differs, "7"} << QByteArray("3 4");
        QTest::newRow("less") << Filter{"n", Test::Less, "10"} << QByteArray("1 2");
        QTest::newRow("at least, real") << Filter{"n", Test::GreaterOrEqual, "9.5"} << QByteArray("3");
        QTest::newRow("null") << Filter{"n", Test::IsNull, ""} << QByteArray("4");
        QTest::newRow("not null") << Filter{"n", Test::IsNotNull, ""} << QByteArray("1 2 3");
        QTest::newRow("quote") << Filter{"n", Test::Equals, "' OR 1 --"} << QByteArray();
    }
    void filters()
    {
        QFETCH(Filter, filter);
        OtherProgram other(m_file);
        other.run("CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT, x, n INTEGER);"
                  "INSERT INTO t VALUES(1, 'cab', 7, 9), (2, '50% off', '7', -1), (3, '7', 7.5, 10), (4, 'a_b ab', NULL, NULL);");
        TableRows rows(m_file);
        const View view{.table = "t", .filters = {filter}, .where = {}, .sort = {}};
        const auto found = rows.rows(view, 0, 10);
        QTEST(column(found), "ids");
        QCOMPARE(*rows.count(view), static_cast<std::uint64_t>(found->size()));
    }

    void wrong()
    {
        OtherProgram other(m_file);
        other.run("CREATE TABLE t(a); INSERT INTO t VALUES(1); CREATE VIEW broken AS SELECT * FROM gone;");
        TableRows rows(m_file);
        const auto code = [&](const View &view) { return codeOf(rows.rows(view, 0, 1)); };
        QCOMPARE(code({"none", {}, {}, {}}), QByteArray("data.missing"));
        QCOMPARE(code({"broken", {}, {}, {}}), QByteArray("data.sql"));
        QCOMPARE(code({"t", {{"b", Test::Equals, "1"}}, {}, {}}), QByteArray("data.sql"));
        QCOMPARE(code({"t", {}, {}, {{"b", Order::Ascending}}}), QByteArray("data.sql"));
        for (const char *where : {"a =", "a = 1; DELETE FROM t", "1) OR (1", "a = ?", "b = 1", "(a"})
            QCOMPARE(code({"t", {}, where, {}}), QByteArray("data.sql"));
        for (const char *where : {" \n", "a = 1", "a = ')'", "a IN (1) -- ;"})
            QCOMPARE(code({"t", {}, where, {}}), QByteArray("OK"));
        QCOMPARE(other.run("SELECT count(*) FROM t"), QByteArray("1\n"));
    }

    void others()
    {
        TableRows rows(m_file);
        const View view{"t", {}, {}, {}};
        QCOMPARE(codeOf(rows.count(view)), QByteArray("data.missing"));
        QVERIFY(*rows.changed());
        QVERIFY(!*rows.changed());
        {
            OtherProgram other(m_file);
            other.run("CREATE TABLE t(a); INSERT INTO t VALUES(1)");
            QVERIFY(*rows.changed());
            QCOMPARE(*rows.count(view), std::uint64_t(1));
            QVERIFY(!*rows.changed());
            // No call leaves a lock behind, and none waits for a writer.
            QCOMPARE(other.run("BEGIN IMMEDIATE; INSERT INTO t VALUES(2); INSERT INTO t VALUES(3)"), QByteArray());
            QCOMPARE(*rows.count(view), std::uint64_t(1));
            QVERIFY(!*rows.changed());
            other.run("COMMIT");
            QVERIFY(*rows.changed());
            QCOMPARE(column(rows.rows(view, 1, 9)), QByteArray("2 3"));
            other.run("ALTER TABLE t ADD COLUMN b DEFAULT 5");
            QCOMPARE(column(rows.rows(view, 0, 1), 1), QByteArray("5"));
            QCOMPARE(other.run("PRAGMA wal_checkpoint(TRUNCATE)"), QByteArray("0|0|0\n"));
        }
        for (const char *end : {"", "-wal", "-shm"})
            std::filesystem::remove(m_file.string() + end);
        QCOMPARE(codeOf(rows.rows(view, 0, 1)), QByteArray("data.missing"));
        OtherProgram again(m_file);
        again.run("CREATE TABLE t(z); INSERT INTO t VALUES('new')");
        QVERIFY(*rows.changed());
        QCOMPARE(column(rows.rows(view, 0, 1)), QByteArray("'new'"));
    }

    void cancels()
    {
        OtherProgram other(m_file);
        other.run("CREATE TABLE t(a); INSERT INTO t VALUES(1); CREATE VIEW v AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) AS c FROM n;");
        TableRows rows(m_file);
        std::stop_source stop;
        const std::jthread canceller([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            stop.request_stop();
        });
        QCOMPARE(codeOf(rows.rows({"v", {}, {}, {}}, 0, 1, stop.get_token())), QByteArray("data.cancelled"));
        QCOMPARE(codeOf(rows.count({"t", {}, {}, {}})), QByteArray("OK"));
    }
};

QTEST_APPLESS_MAIN(TestTableRows)
#include "t_tablerows.moc"
