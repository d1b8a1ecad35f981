// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/cellvalue.h"
#include "ui/data/d1/gridclip.h"
#include "ui/data/d1/resultmodel.h"
#include "ui/data/d1/schemamodel.h"
#include "ui/data/d1/sqlwords.h"
#include "ui/data/d1/stagedrows.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace cleat;
using namespace cleat::ui;
using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

d1::Column column(const char *name, const char *type, int primaryKey = 0)
{
    d1::Column made;
    made.name = name;
    made.type = type;
    made.primaryKey = primaryKey;
    return made;
}

d1::Schema shop()
{
    d1::Schema schema;
    d1::Table orders;
    orders.name = "orders";
    orders.columns = {column("id", "INTEGER", 1), column("user_id", "INTEGER"), column("total due", "REAL")};
    orders.foreignKeys.emplace_back();
    orders.foreignKeys.back().columns = {"user_id"};
    orders.foreignKeys.back().table = "users";
    orders.indexes.emplace_back();
    orders.indexes.back().name = "by_user";
    orders.indexes.back().columns = {"user_id"};
    d1::Table users;
    users.name = "users";
    users.columns = {column("id", "INTEGER", 1), column("name", "TEXT"), column("naïve", "TEXT")};
    d1::Table own;
    own.name = "_cf_KV";
    own.hidden = true;
    own.columns = {column("key", "TEXT")};
    schema.tables = {own, orders, users};
    return schema;
}

} // namespace

class TestD1Parts final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void values_data();
    void values();
    void shows_data();
    void shows();
    void filters_data();
    void filters();
    void clips_data();
    void clips();
    void copies();
    void completes_data();
    void completes();
    void stages();
    void stagesManySteps();
    void models();
};

void TestD1Parts::values_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("literal");
    QTest::newRow("whole") << u"INTEGER"_s << u"42"_s << u"42"_s;
    QTest::newRow("largest") << u"INTEGER"_s << u"9223372036854775807"_s << u"9223372036854775807"_s;
    QTest::newRow("a word in numbers") << u"INTEGER"_s << u"x"_s << u"'x'"_s;
    QTest::newRow("nothing in numbers") << u"INTEGER"_s << u""_s << u"NULL"_s;
    QTest::newRow("nothing in texts") << u"TEXT"_s << u""_s << u"''"_s;
    QTest::newRow("a number in texts") << u"VARCHAR(9)"_s << u"007"_s << u"'007'"_s;
    QTest::newRow("NULL is a word in texts") << u"TEXT"_s << u"NULL"_s << u"'NULL'"_s;
    QTest::newRow("a quote") << u"TEXT"_s << u"it's"_s << u"'it''s'"_s;
    QTest::newRow("blob") << u"BLOB"_s << u"x'00ff'"_s << u"x'00ff'"_s;
    QTest::newRow("odd blob") << u"BLOB"_s << u"x'00f'"_s << u"'x''00f'''"_s;
    QTest::newRow("blob's look in texts") << u"TEXT"_s << u"x'00'"_s << u"'x''00'''"_s;
    QTest::newRow("not a number") << u"REAL"_s << u"nan"_s << u"'nan'"_s;
}

void TestD1Parts::values()
{
    QFETCH(QString, type);
    QFETCH(QString, typed);
    d1::Column column;
    column.type = type.toStdString();
    const QString made = QString::fromStdString(d1::literal(valueOf(typed, column, {})));
    QFETCH(QString, literal);
    QCOMPARE(made.toLower(), literal.toLower());
}

void TestD1Parts::shows_data()
{
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("null") << cellText(std::monostate()) << u"NULL"_s;
    QTest::newRow("real") << cellText(0.1) << u"0.1"_s;
    QTest::newRow("whole real") << cellText(5.0) << u"5.0"_s;
    QTest::newRow("blob") << cellText(d1::Blob{std::string(12, '\0')}) << u"BLOB 12 B"_s;
    QTest::newRow("cut blob") << cellText(d1::Blob{"x"}, 2'500'000) << u"BLOB 2.5 MB"_s;
    QTest::newRow("lines") << cellText(std::string("a\nb")) << u"a b"_s;
    QTest::newRow("cut text") << cellText(std::string("abc"), 5000) << u"abc…"_s;
    QTest::newRow("JSON") << jsonOf(d1::Value(std::string("a\"\n"))) << u"\"a\\\"\\n\""_s;
}

void TestD1Parts::shows()
{
    QFETCH(QString, shown);
    QTEST(shown, "wanted");
}

void TestD1Parts::filters_data()
{
    using Test = d1::Filter::Test;
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("test");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *typed, Test test, const char *text) {
        QTest::newRow(typed) << QString::fromUtf8(typed) << static_cast<int>(test) << QString::fromUtf8(text);
    };
    row("abc", Test::Contains, "abc");
    row(" >5", Test::Greater, "5");
    row(">= 5", Test::GreaterOrEqual, "5");
    row("<>x", Test::Differs, "x");
    row("!=x", Test::Differs, "x");
    row("=", Test::Equals, "");
    row("null", Test::IsNull, "");
    row("!NULL", Test::IsNotNull, "");
    row("^a", Test::StartsWith, "a");
    row("nullable", Test::Contains, "nullable");
    QTest::newRow("begun") << u">"_s << -1 << QString();
    QTest::newRow("nothing") << u"  "_s << -1 << QString();
}

void TestD1Parts::filters()
{
    QFETCH(QString, typed);
    QFETCH(int, test);
    const auto filter = filterOf(u"c"_s, typed);
    QCOMPARE(filter ? static_cast<int>(filter->test) : -1, test);
    if (filter)
        QTEST(QString::fromStdString(filter->text), "text");
}

void TestD1Parts::clips_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("cells"); // | between cells, / between rows
    QTest::newRow("nothing") << u""_s << u""_s;
    QTest::newRow("one") << u"a"_s << u"a"_s;
    QTest::newRow("block") << u"a\tb\nc\td\n"_s << u"a|b/c|d"_s;
    QTest::newRow("from Windows") << u"a\tb\r\nc\td\r\n"_s << u"a|b/c|d"_s;
    QTest::newRow("quotes") << u"\"a\tb\"\t\"c\"\"d\"\n"_s << u"a\tb|c\"d"_s;
    QTest::newRow("line break") << u"\"a\nb\"\tc"_s << u"a\nb|c"_s;
    QTest::newRow("empty cells") << u"\t\n"_s << u"|"_s;
    QTest::newRow("a quote within") << u"5\" nail"_s << u"5\" nail"_s;
    QTest::newRow("never closed") << u"\"a\tb"_s << u"a\tb"_s;
}

void TestD1Parts::clips()
{
    QFETCH(QString, text);
    QStringList rows;
    for (const QStringList &row : parseTsv(text))
        rows << row.join(u'|');
    QTEST(rows.join(u'/'), "cells");
}

void TestD1Parts::copies()
{
    CellBlock block{{u"id"_s, u"it \"is\""_s}, {{d1::Value(std::int64_t(1)), d1::Value(std::string("a\tb"))}, {d1::Value(), std::nullopt}}};
    QCOMPARE(tsvOf(block), u"1\t\"a\tb\"\n\t"_s);
    QCOMPARE(insertsOf(block, u"t"_s), u"INSERT INTO \"t\" (\"id\", \"it \"\"is\"\"\") VALUES (1, 'a\tb');\nINSERT INTO \"t\" (\"id\") VALUES (NULL);\n"_s);
    QCOMPARE(jsonOf(block), u"[\n  {\"id\": 1, \"it \\\"is\\\"\": \"a\\tb\"},\n  {\"id\": null, \"it \\\"is\\\"\": null}\n]"_s);
}

void TestD1Parts::completes_data()
{
    QTest::addColumn<QString>("sql"); // | is the caret
    QTest::addColumn<QStringList>("first"); // what the list begins with
    QTest::addColumn<bool>("whole"); // and that is all
    QTest::newRow("empty") << u"|"_s << QStringList() << true;
    QTest::newRow("a keyword") << u"SEL|"_s << QStringList{u"SELECT"_s} << true;
    QTest::newRow("tables after FROM") << u"SELECT * FROM |"_s << QStringList{u"orders"_s, u"users"_s} << true;
    QTest::newRow("begun table") << u"SELECT * FROM us|"_s << QStringList{u"users"_s} << true;
    QTest::newRow("hidden table when begun") << u"SELECT * FROM _c|"_s << QStringList{u"_cf_KV"_s} << true;
    QTest::newRow("alias") << u"SELECT u.| FROM users u"_s << QStringList{u"id"_s, u"name"_s, u"naïve"_s} << true;
    QTest::newRow("alias with AS") << u"SELECT o.t| FROM orders AS o"_s << QStringList{u"\"total due\""_s} << true;
    QTest::newRow("table's own name") << u"SELECT users.n| FROM users"_s << QStringList{u"name"_s, u"naïve"_s} << true;
    QTest::newRow("second of a list") << u"SELECT x.us| FROM users u, orders x"_s << QStringList{u"user_id"_s} << true;
    QTest::newRow("columns before keywords") << u"SELECT na| FROM users"_s << QStringList{u"name"_s, u"naïve"_s} << false;
    QTest::newRow("in WHERE") << u"SELECT 1 FROM orders WHERE us|"_s << QStringList{u"user_id"_s, u"users"_s} << false;
    QTest::newRow("UPDATE … SET") << u"UPDATE users SET nam|"_s << QStringList{u"name"_s} << true;
    QTest::newRow("unknown owner") << u"SELECT z.| FROM users"_s << QStringList() << true;
    QTest::newRow("in a text") << u"SELECT 'us|' FROM users"_s << QStringList() << true;
    QTest::newRow("in a comment") << u"-- us|"_s << QStringList() << true;
    QTest::newRow("only this statement") << u"SELECT * FROM users u; SELECT u.|"_s << QStringList() << true;
    QTest::newRow("after umlauts") << u"SELECT 'äöü', u.na| FROM users u"_s << QStringList{u"name"_s, u"naïve"_s} << true;
    QTest::newRow("function") << u"SELECT json_ext|"_s << QStringList{u"json_extract"_s} << true;
    QTest::newRow("a number") << u"SELECT 1|"_s << QStringList() << true;
}

void TestD1Parts::completes()
{
    QFETCH(QString, sql);
    QFETCH(QStringList, first);
    QFETCH(bool, whole);
    const QByteArray text = sql.toUtf8();
    const qsizetype place = text.indexOf('|');
    const SqlCompletion found = completeSql(shop(), QByteArray(text).remove(place, 1), place, Asked::ByTyping);
    QCOMPARE(whole ? found.words : found.words.mid(0, first.size()), first);
}

void TestD1Parts::stages()
{
    using Kind = d1::RowChange::Kind;
    StagedRows staged;
    const auto five = StagedRows::slotOf({std::int64_t(5)});
    QVERIFY(five != StagedRows::slotOf({std::string("5")}));
    StagedRows::Edit edit;
    edit.key = {std::int64_t(5)};
    edit.values[1] = std::string("new");
    edit.before[1] = std::string("old");
    const auto fresh = staged.nextFresh();
    StagedRows::Edit insert;
    insert.kind = Kind::Insert;
    staged.apply({{fresh, insert}});
    staged.apply({{five, edit}});
    insert.values[1] = std::string("later");
    staged.apply({{fresh, insert}});

    const d1::Table users = shop().tables[2];
    auto changes = staged.changes(users);
    QCOMPARE(changes.size(), std::size_t(2));
    QCOMPARE(changes[0].kind, Kind::Insert); // in the order of the first edits
    QVERIFY((changes[0].values == std::vector<std::pair<std::string, d1::Value>>{{"name", std::string("later")}}));
    QVERIFY((changes[1].before == std::vector<std::pair<std::string, d1::Value>>{{"name", std::string("old")}}));

    staged.undo();
    QVERIFY(staged.changes(users)[0].values.empty());
    staged.undo();
    staged.undo();
    QVERIFY(staged.isEmpty());
    QVERIFY(!staged.canUndo());
    for (int i = 0; i < 3; ++i)
        staged.redo();
    QVERIFY(staged.changes(users) == changes);
    QVERIFY(!staged.canRedo());
}

void TestD1Parts::stagesManySteps()
{
    StagedRows staged;
    for (int i = 0; i < 2000; ++i) {
        StagedRows::Edit edit;
        edit.key = {std::int64_t(i)};
        edit.values[0] = std::int64_t(i);
        staged.apply({{StagedRows::slotOf(edit.key), edit}});
    }
    QCOMPARE(staged.size(), std::size_t(2000));
    while (staged.canUndo())
        staged.undo();
    QVERIFY(staged.isEmpty());
}

void TestD1Parts::models()
{
    SchemaModel schema;
    QAbstractItemModelTester schemaTester(&schema);
    schema.setSchema(shop());
    QCOMPARE(schema.rowCount(), 3);
    schema.setRowCount(u"users"_s, 12);
    QCOMPARE(schema.index(2, SchemaModel::Detail).data().toString(), u"12"_s);
    QCOMPARE(schema.rowCount(schema.index(1, 0)), 4);
    QVERIFY(schema.index(0, 0).data(SchemaModel::HiddenRole).toBool());
    schema.setSchema({});

    ResultModel result({"a", "b"}, {{std::int64_t(1), d1::Value()}, {std::string("x"), d1::Blob{"yy"}}}, nullptr);
    QAbstractItemModelTester resultTester(&result);
    QCOMPARE(result.index(1, 1).data().toString(), u"BLOB 2 B"_s);
}

QTEST_MAIN(TestD1Parts)
#include "t_d1parts.moc"
