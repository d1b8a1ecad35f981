// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/schema.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

using namespace cleat::data::d1;

class TestD1Schema : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reads()
    {
        StateFixture fixture;
        const auto file = fixture.folder() / "a.sqlite";
        OtherProgram other(file);
        QCOMPARE(other.run(R"(
            CREATE TABLE "we""ird"(rowid TEXT, "a b" INTEGER PRIMARY KEY, c AS (rowid || 'x'), d REAL NOT NULL DEFAULT (1 + 2), UNIQUE(d, rowid));
            CREATE TABLE child(id, p INTEGER REFERENCES "we""ird" ON DELETE CASCADE, q, r, FOREIGN KEY(q, r) REFERENCES other(x, y)) STRICT;
            )"), QByteArray("missing datatype for child.id"));
        QCOMPARE(other.run(R"(
            CREATE TABLE child(id INT, p INTEGER REFERENCES "we""ird" ON DELETE CASCADE, q INT, r INT, FOREIGN KEY(q, r) REFERENCES other(x, y)) STRICT;
            CREATE TABLE pair(b TEXT, a TEXT, PRIMARY KEY(a, b)) WITHOUT ROWID;
            CREATE INDEX pi ON pair(b COLLATE NOCASE, lower(a)) WHERE a > 'x';
            CREATE VIEW v AS SELECT 1 AS one, "a b" FROM "we""ird";
            CREATE VIEW broken AS SELECT * FROM gone;
            CREATE VIRTUAL TABLE search USING fts5(body);
            CREATE TRIGGER tr AFTER INSERT ON pair BEGIN SELECT 1; END;
            CREATE TABLE _cf_METADATA(key INTEGER PRIMARY KEY, value BLOB);
            )"), QByteArray());
        const auto schema = readSchema(file);
        QVERIFY(schema);
        QByteArrayList names;
        for (const Table &table : schema->tables)
            names += QByteArray::fromStdString(table.name) + (table.hidden ? "-" : "");
        QCOMPARE(names, (QByteArrayList{"_cf_METADATA-", "broken", "child", "pair", "search", "search_config-", "search_content-", "search_data-", "search_docsize-",
                            "search_idx-", "v", "we\"ird"}));
        const Table &weird = *schema->find("WE\"IRD");
        QCOMPARE(weird.columns.size(), std::size_t(4));
        QCOMPARE(weird.columns[1].primaryKey, 1);
        QVERIFY(weird.columns[2].generated);
        QCOMPARE(*weird.columns[3].defaultSql, std::string("1 + 2"));
        QVERIFY(weird.columns[3].notNull);
        QCOMPARE(weird.indexes.size(), std::size_t(1));
        QVERIFY(weird.indexes[0].unique && weird.indexes[0].sql.empty());
        const Table &child = *schema->find("child");
        QVERIFY(child.strict);
        QCOMPARE(child.foreignKeys, (std::vector<ForeignKey>{{{"p"}, "we\"ird", {}, "CASCADE", "NO ACTION"}, {{"q", "r"}, "other", {"x", "y"}, "NO ACTION", "NO ACTION"}}));
        const Table &pair = *schema->find("pair");
        QVERIFY(pair.withoutRowid);
        QCOMPARE(pair.columns[0].primaryKey, 2);
        QCOMPARE(pair.triggers.size(), std::size_t(1));
        QCOMPARE(pair.indexes[0].columns, (std::vector<std::string>{"b", "(expression)"}));
        QCOMPARE(schema->find("search")->kind, Table::Kind::Virtual);
        QCOMPARE(schema->find("search")->columns.size(), std::size_t(1));
        QCOMPARE(schema->find("v")->kind, Table::Kind::View);
        QCOMPARE(schema->find("v")->columns.size(), std::size_t(2));
        QVERIFY(schema->find("broken")->columns.empty());
    }

    void files()
    {
        StateFixture fixture;
        QVERIFY(readSchema(fixture.folder() / "none.sqlite")->tables.empty());
        StateFixture::write(fixture.folder() / "text.sqlite", std::string(5000, 'x'));
        QCOMPARE(codeOf(readSchema(fixture.folder() / "text.sqlite")), QByteArray("storage.notdatabase"));
        StateFixture::write(fixture.folder() / "empty.sqlite", {});
        QVERIFY(readSchema(fixture.folder() / "empty.sqlite")->tables.empty());
    }
};

QTEST_APPLESS_MAIN(TestD1Schema)
#include "t_d1schema.moc"
