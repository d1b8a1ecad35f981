// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/sqlscript.h"
#include "core/data/d1/values.h"

#include <QTest>

#include <limits>

using namespace cleat::data::d1;

class TestD1Script : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void splits_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QByteArrayList>("statements");
        using List = QByteArrayList;
        QTest::newRow("nothing") << QByteArray() << List();
        QTest::newRow("space and comments") << QByteArray(" -- a;\n/* b; */ ;;\n") << List();
        QTest::newRow("two") << QByteArray("SELECT 1; SELECT 2") << List{"SELECT 1", "SELECT 2"};
        QTest::newRow("comment in front") << QByteArray("-- x\nSELECT 1 -- y\n;\n") << List{"SELECT 1"};
        QTest::newRow("texts") << QByteArray("SELECT ';''--', \";\", `;`, [;'];SELECT 2") << List{"SELECT ';''--', \";\", `;`, [;']", "SELECT 2"};
        QTest::newRow("comment within") << QByteArray("SELECT /* ; */ 1 -- ;\n+ 2;") << List{"SELECT /* ; */ 1 -- ;\n+ 2"};
        QTest::newRow("stars") << QByteArray("/**/SELECT 1;/***/SELECT 2;/* ** / */SELECT 3") << List{"SELECT 1", "SELECT 2", "SELECT 3"};
        QTest::newRow("minus and slash") << QByteArray("SELECT 1-1;SELECT 4/2;-;/") << List{"SELECT 1-1", "SELECT 4/2", "-", "/"};
        QTest::newRow("trigger") << QByteArray("CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = CASE WHEN 1 THEN 2 END; DELETE FROM b; END; SELECT 1")
                                 << List{"CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE b SET c = CASE WHEN 1 THEN 2 END; DELETE FROM b; END", "SELECT 1"};
        QTest::newRow("temporary trigger, comments")
            << QByteArray("create /* x */ temp -- y\n trigger t AFTER INSERT ON a BEGIN SELECT new.end; -- END;\n /* END; */ END ; SELECT 1;")
            << List{"create /* x */ temp -- y\n trigger t AFTER INSERT ON a BEGIN SELECT new.end; -- END;\n /* END; */ END", "SELECT 1"};
        QTest::newRow("CASE ends a statement of a trigger")
            << QByteArray("CREATE TRIGGER t DELETE ON a BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; END;x") << List{"CREATE TRIGGER t DELETE ON a BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; END", "x"};
        QTest::newRow("not a trigger") << QByteArray("CREATE TABLE trigger_(a); CREATE TABLE \"trigger\"(a); END; SELECT 1")
                                       << List{"CREATE TABLE trigger_(a)", "CREATE TABLE \"trigger\"(a)", "END", "SELECT 1"};
        QTest::newRow("explained trigger") << QByteArray("EXPLAIN QUERY PLAN CREATE TRIGGER t INSERT ON a BEGIN SELECT 1; END; x")
                                           << List{"EXPLAIN QUERY PLAN CREATE TRIGGER t INSERT ON a BEGIN SELECT 1; END", "x"};
        QTest::newRow("open text") << QByteArray("SELECT 1; SELECT 'a; b") << List{"SELECT 1", "SELECT 'a; b"};
        QTest::newRow("open comment") << QByteArray("SELECT 1; /* SELECT 2;") << List{"SELECT 1"};
        QTest::newRow("open trigger") << QByteArray("CREATE TRIGGER t INSERT ON a BEGIN SELECT 1; ") << List{"CREATE TRIGGER t INSERT ON a BEGIN SELECT 1;"};
        QTest::newRow("bytes") << QByteArray("SELECT '\xff;\xc3\xa9'; \xc3\xa9;", 18) << List{"SELECT '\xff;\xc3\xa9'", "\xc3\xa9"};
        QTest::newRow("NUL") << QByteArray("SELECT '\0;';SELECT 2", 20) << List{QByteArray("SELECT '\0;'", 11), "SELECT 2"};
    }
    void splits()
    {
        QFETCH(QByteArray, script);
        const std::string_view text(script.data(), static_cast<std::size_t>(script.size()));
        QByteArrayList statements;
        for (const ScriptStatement &one : splitScript(text))
            statements += QByteArray(text.substr(one.begin, one.length).data(), static_cast<qsizetype>(one.length));
        QTEST(statements, "statements");
    }

    void effects_data()
    {
        QTest::addColumn<QByteArray>("sql");
        QTest::addColumn<Effect>("effect");
        QTest::newRow("select") << QByteArray("/* DROP */ select 1") << Effect::Reads;
        QTest::newRow("with select") << QByteArray("WITH a AS (DELETE FROM b) SELECT 1") << Effect::Reads;
        QTest::newRow("with delete") << QByteArray("WITH RECURSIVE a(x) AS NOT MATERIALIZED (SELECT 1) DELETE FROM b WHERE x IN a") << Effect::Writes;
        QTest::newRow("with delete of all") << QByteArray("WITH a AS (SELECT 1 WHERE 1) DELETE FROM b") << Effect::DeletesAll;
        QTest::newRow("delete") << QByteArray("DELETE FROM a WHERE b") << Effect::Writes;
        QTest::newRow("delete all") << QByteArray("DELETE FROM a -- WHERE 1") << Effect::DeletesAll;
        QTest::newRow("where in a text") << QByteArray("UPDATE a SET b = ' WHERE '") << Effect::DeletesAll;
        QTest::newRow("where in brackets") << QByteArray("UPDATE a SET b = (SELECT 1 WHERE 1)") << Effect::DeletesAll;
        QTest::newRow("update") << QByteArray("UPDATE a SET b = 1\nwhere c") << Effect::Writes;
        QTest::newRow("upsert") << QByteArray("INSERT INTO a VALUES(1) ON CONFLICT DO UPDATE SET b = 2") << Effect::Writes;
        QTest::newRow("drop") << QByteArray("drop table a") << Effect::Drops;
        QTest::newRow("alter drop") << QByteArray("ALTER TABLE a DROP COLUMN b") << Effect::Drops;
        QTest::newRow("alter add") << QByteArray("ALTER TABLE a ADD COLUMN \"DROP\"") << Effect::Writes;
        QTest::newRow("explain") << QByteArray("EXPLAIN DELETE FROM a") << Effect::Reads;
        QTest::newRow("pragma") << QByteArray("PRAGMA table_info(a)") << Effect::Reads;
        QTest::newRow("create") << QByteArray("CREATE TABLE a(b)") << Effect::Writes;
        QTest::newRow("nothing") << QByteArray() << Effect::Reads;
    }
    void effects()
    {
        QFETCH(QByteArray, sql);
        QFETCH(Effect, effect);
        QCOMPARE(effectOf(sql.toStdString()), effect);
    }

    void places()
    {
        QCOMPARE(placeOf("ab\ncd", 0), (TextPlace{1, 1}));
        QCOMPARE(placeOf("ab\ncd", 2), (TextPlace{1, 3}));
        QCOMPARE(placeOf("ab\ncd", 3), (TextPlace{2, 1}));
        QCOMPARE(placeOf("ab\ncd", 4), (TextPlace{2, 2}));
        QCOMPARE(placeOf("ab\ncd", 99), (TextPlace{2, 3}));
        QCOMPARE(placeOf("\n", 1), (TextPlace{2, 1}));
    }

    void literals()
    {
        QCOMPARE(literal(std::monostate()), std::string("NULL"));
        QCOMPARE(literal(std::int64_t(9007199254740993)), std::string("9007199254740993"));
        QCOMPARE(literal(std::numeric_limits<std::int64_t>::min()), std::string("(-9223372036854775807 - 1)"));
        QCOMPARE(literal(1.0), std::string("1.0"));
        QCOMPARE(literal(0.1), std::string("0.1"));
        QCOMPARE(literal(1e300), std::string("1.0e+300"));
        QCOMPARE(literal(-std::numeric_limits<double>::infinity()), std::string("-9.0e+999"));
        QCOMPARE(literal(std::string("it's")), std::string("'it''s'"));
        QCOMPARE(literal(std::string("a\0b", 3)), std::string("CAST(x'610062' AS TEXT)"));
        QCOMPARE(literal(Blob{std::string("\0\xff", 2)}), std::string("x'00ff'"));
        QCOMPARE(quoted("a\"b"), std::string("\"a\"\"b\""));
    }
};

QTEST_APPLESS_MAIN(TestD1Script)
#include "t_d1script.moc"
