// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/rowchanges.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

using namespace cleat::data::d1;

namespace {

using Kind = RowChange::Kind;
const Value null = std::monostate();

Value text(const char *bytes)
{
    return std::string(bytes);
}
Value integer(std::int64_t value)
{
    return value;
}

} // namespace

class TestRowChanges : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void sql()
    {
        StateFixture fixture;
        OtherProgram other(fixture.folder() / "a.sqlite");
        other.run("CREATE TABLE t(id INTEGER PRIMARY KEY, a, b); CREATE TABLE p(a, b, PRIMARY KEY(b, a)) WITHOUT ROWID; CREATE TABLE r(a)");
        const auto schema = readSchema(fixture.folder() / "a.sqlite");
        const auto of = [&](const RowChange &change) { return QByteArray::fromStdString(sqlOf(*schema->find(change.table), change)); };
        QCOMPARE(of({Kind::Update, "t", {integer(3)}, {{"a", text("it's")}, {"b", null}}, {}}), QByteArray("UPDATE \"t\" SET \"a\" = 'it''s', \"b\" = NULL WHERE \"id\" = 3"));
        QCOMPARE(of({Kind::Delete, "p", {integer(3), text("x")}, {}, {}}), QByteArray("DELETE FROM \"p\" WHERE \"b\" = 3 AND \"a\" = 'x'"));
        QCOMPARE(of({Kind::Delete, "r", {integer(3)}, {}, {}}), QByteArray("DELETE FROM \"r\" WHERE rowid = 3"));
        QCOMPARE(of({Kind::Insert, "t", {}, {{"a", Blob{"\x01"}}}, {}}), QByteArray("INSERT INTO \"t\" (\"a\") VALUES (x'01')"));
        QCOMPARE(of({Kind::Insert, "t", {}, {}, {}}), QByteArray("INSERT INTO \"t\" DEFAULT VALUES"));
    }

    void commits_data()
    {
        QTest::addColumn<std::vector<RowChange>>("changes");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("rows");
        const QByteArray before = "1|1|NULL|a|1.0\n2|2|x|B|2.5\n";
        const auto update = [](std::vector<std::pair<std::string, Value>> values, std::vector<std::pair<std::string, Value>> seen, std::int64_t id = 1) {
            return std::vector<RowChange>{{Kind::Update, "t", {integer(id)}, std::move(values), std::move(seen)}};
        };
        QTest::newRow("update") << update({{"a", text("y")}}, {{"a", null}}) << QByteArray("OK") << QByteArray("1|1|y|a|1.0\n2|2|x|B|2.5\n");
        QTest::newRow("NULL was seen, is not") << update({{"a", text("y")}}, {{"a", null}}, 2) << QByteArray("data.conflict") << before;
        QTest::newRow("NULL is, was not seen") << update({{"a", text("y")}}, {{"a", text("x")}}) << QByteArray("data.conflict") << before;
        QTest::newRow("real column") << update({{"r", integer(7)}}, {{"r", 1.0}}) << QByteArray("OK") << QByteArray("1|1|NULL|a|7.0\n2|2|x|B|2.5\n");
        QTest::newRow("integer column") << update({{"n", 5.0}}, {{"n", integer(1)}}) << QByteArray("OK") << QByteArray("1|5|NULL|a|1.0\n2|2|x|B|2.5\n");
        QTest::newRow("case counts") << update({{"c", text("z")}}, {{"c", text("A")}}) << QByteArray("data.conflict") << before;
        QTest::newRow("row is gone") << update({{"a", null}}, {}, 9) << QByteArray("data.conflict") << before;
        QTest::newRow("several") << std::vector<RowChange>{{Kind::Insert, "t", {}, {{"id", integer(3)}, {"n", integer(3)}}, {}}, {Kind::Delete, "t", {integer(1)}, {}, {{"a", null}}},
            {Kind::Update, "t", {integer(3)}, {{"a", text("new")}}, {}}}
                                 << QByteArray("OK") << QByteArray("2|2|x|B|2.5\n3|3|new|NULL|NULL\n");
        QTest::newRow("all or none") << std::vector<RowChange>{{Kind::Delete, "t", {integer(1)}, {}, {}}, {Kind::Insert, "t", {}, {{"n", integer(2)}}, {}}}
                                     << QByteArray("data.sql") << before;
        QTest::newRow("no column") << update({{"zz", null}}, {}) << QByteArray("data.sql") << before;
        QTest::newRow("column was seen, is gone") << update({{"a", null}}, {{"zz", null}}) << QByteArray("data.conflict") << before;
        QTest::newRow("no table") << std::vector<RowChange>{{Kind::Delete, "none", {integer(1)}, {}, {}}} << QByteArray("data.missing") << before;
        QTest::newRow("foreign key") << std::vector<RowChange>{{Kind::Insert, "child", {}, {{"t", integer(77)}}, {}}} << QByteArray("data.sql") << before;
        QTest::newRow("view") << std::vector<RowChange>{{Kind::Delete, "v", {}, {}, {}}} << QByteArray("data.sql") << before;
    }
    void commits()
    {
        QFETCH(std::vector<RowChange>, changes);
        StateFixture fixture;
        const auto file = fixture.folder() / "a.sqlite";
        OtherProgram other(file);
        QCOMPARE(other.run("CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER UNIQUE, a, c TEXT COLLATE NOCASE, r REAL); CREATE TABLE child(t REFERENCES t); CREATE VIEW v AS SELECT 1;"
                           "INSERT INTO t VALUES(1, 1, NULL, 'a', 1), (2, 2, 'x', 'B', 2.5)"),
            QByteArray());
        const auto done = commitChanges(file, changes);
        QTEST(codeOf(done), "code");
        if (!done)
            QVERIFY(done.error().message.size() > 20);
        QTEST(other.run("SELECT * FROM t"), "rows");
    }
};

QTEST_APPLESS_MAIN(TestRowChanges)
#include "t_rowchanges.moc"
