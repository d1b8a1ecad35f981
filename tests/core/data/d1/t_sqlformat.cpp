// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/sqlformat.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace cleat::data::d1;

namespace {

std::string small(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return result;
}

/// Whether both say the same, word for word.
bool same(std::string_view a, std::string_view b)
{
    return std::ranges::equal(sqlTokens(a), sqlTokens(b), [](const SqlToken &x, const SqlToken &y) {
        return x.kind == y.kind && (x.kind == SqlToken::Kind::Word ? small(x.text) == small(y.text) : x.text == y.text);
    });
}

} // namespace

class TestSqlFormat : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void formats_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<QByteArray>("laidOut");
        QTest::newRow("nothing") << QByteArray(" \n") << QByteArray();
        QTest::newRow("select") << QByteArray("select a,b.c as d from t left join u on t.id=u.id where a=? and b like 'x  y' or c between 1 and 2 order by a desc limit 10 offset ?2")
                                << QByteArray("SELECT a, b.c AS d\nFROM t\nLEFT JOIN u ON t.id = u.id\nWHERE a = ?\n  AND b LIKE 'x  y'\n  OR c BETWEEN 1 AND 2\nORDER BY a DESC\nLIMIT 10 OFFSET ?2");
        QTest::newRow("subquery") << QByteArray("SELECT * FROM (select count(*) n from t) WHERE n in (1,2)")
                                  << QByteArray("SELECT *\nFROM (\n  SELECT count(*) n\n  FROM t\n)\nWHERE n IN (1, 2)");
        QTest::newRow("insert") << QByteArray("insert into t(a,b) values(?1,?2) on conflict(a) do update set b=excluded.b returning *")
                                << QByteArray("INSERT INTO t (a, b)\nVALUES (?1, ?2) ON CONFLICT (a) DO UPDATE\nSET b = excluded.b\nRETURNING *");
        QTest::newRow("create") << QByteArray("create table t(id integer primary key,name text not null)")
                                << QByteArray("CREATE TABLE t (\n  id integer PRIMARY KEY,\n  name text NOT NULL\n)");
        QTest::newRow("delete") << QByteArray("delete from t where id=-1") << QByteArray("DELETE FROM t\nWHERE id = -1");
        QTest::newRow("two") << QByteArray("delete from t;select 1") << QByteArray("DELETE FROM t;\nSELECT 1");
        QTest::newRow("comments") << QByteArray("select 1 -- one\n, /* two */ 2") << QByteArray("SELECT 1 -- one\n  , /* two */ 2");
        QTest::newRow("names that are keywords") << QByteArray("select t.\"from\", [order], `x`, t.key from t") << QByteArray("SELECT t.\"from\", [order], `x`, t.key\nFROM t");
    }
    void formats()
    {
        QFETCH(QByteArray, sql);
        QFETCH(QByteArray, laidOut);
        const std::string got = formatSql(sql.toStdString());
        QCOMPARE(QByteArray::fromStdString(got), laidOut);
        QVERIFY(same(sql.toStdString(), got));
        QCOMPARE(QByteArray::fromStdString(formatSql(got)), laidOut); // once is enough
    }

    /// Whatever it is, it says the same afterwards.
    void keepsMeaning()
    {
        std::mt19937 random(4);
        const std::string_view pieces[] = {"select", "FROM", "where", "and", "(", "(", ")", ")", ",", ".", ";", "-", "-", "--c\n", "/* c */", "/*", "'", "''", "'a'", "\"", "[", "]", "x'00'", "?", "?1", ":a",
            "@", "$b", "1", "1.5e-3", ".5", "0x1f", "name", "\xc3\xa9", "*", "/", "||", "->", "->>", ">", "<", "=", "\n", " ", "\t", "union", "all", "values", "between", "create", "table", "join", "left", "%"};
        for (int i = 0; i < 50'000; ++i) {
            std::string sql;
            for (unsigned n = random() % 14; n > 0; --n) {
                sql += pieces[random() % std::size(pieces)];
                sql += random() % 3 ? " " : "";
            }
            const std::string got = formatSql(sql);
            QVERIFY2(same(sql, got), (sql + "\n=====\n" + got).c_str());
        }
    }

    void deepAndLong()
    {
        std::string deep = "select " + std::string(20'000, '(') + "1" + std::string(20'000, ')');
        QVERIFY(same(deep, formatSql(deep)));
        std::string wide = "select 1";
        for (int i = 0; i < 20'000; ++i)
            wide += ",name" + std::to_string(i);
        QVERIFY(same(wide, formatSql(wide)));
    }
};

QTEST_APPLESS_MAIN(TestSqlFormat)
#include "t_sqlformat.moc"
