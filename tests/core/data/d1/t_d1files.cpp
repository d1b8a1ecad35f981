// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/importexport.h"
#include "core/data/d1/migrations.h"
#include "core/data/d1/snapshots.h"
#include "tests/core/data/statefixture.h"

#include <QTest>

#include <csignal>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cleat::data::d1;

namespace {

/// A database where wrangler has it.
struct Place {
    StateFixture fixture;
    std::filesystem::path file = fixture.state() / "v3" / "d1" / "miniflare-D1DatabaseObject" / "abc.sqlite";

    std::filesystem::path write(const char *name, std::string_view bytes) const
    {
        StateFixture::write(fixture.folder() / name, bytes);
        return fixture.folder() / name;
    }
};

QByteArray errorOf(const auto &result)
{
    if (result)
        return "OK";
    const auto &error = result.error();
    return QByteArray::fromStdString(error.code) + ' ' + QByteArray::number(error.place.line) + ':' + QByteArray::number(error.place.column);
}

std::string read(const std::filesystem::path &file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

class TestD1Files : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void snapshotAndRestore()
    {
        const Place place;
        QCOMPARE(codeOf(takeSnapshot(place.file, "x", Snapshot::Maker::User, {})), QByteArray("storage.missing"));
        QVERIFY(snapshots(place.file).empty());
        OtherProgram other(place.file);
        other.run("CREATE TABLE t(a); INSERT INTO t VALUES(1)");
        QCOMPARE(other.run("BEGIN IMMEDIATE; INSERT INTO t VALUES(2)"), QByteArray()); // it does not stand in the way, and is not in it
        const auto taken = takeSnapshot(place.file, "first", Snapshot::Maker::User, {});
        QCOMPARE(codeOf(taken), QByteArray("OK"));
        other.run("COMMIT; CREATE TABLE u(b); DELETE FROM t");
        QCOMPARE(snapshots(place.file), std::vector<Snapshot>{*taken});
        QCOMPARE(codeOf(restoreSnapshot(place.file, *taken, {})), QByteArray("OK"));
        QCOMPARE(other.run("SELECT a FROM t"), QByteArray("1\n")); // by a connection that was open all the time
        QCOMPARE(other.run("SELECT name FROM sqlite_schema"), QByteArray("t\n"));
        QCOMPARE(other.run("PRAGMA integrity_check"), QByteArray("ok\n"));
        QCOMPARE(other.run("INSERT INTO t VALUES(5)"), QByteArray());
        const auto all = snapshots(place.file);
        QCOMPARE(all.size(), std::size_t(2));
        QCOMPARE(all[0].maker, Snapshot::Maker::Cleat);
        QCOMPARE(codeOf(restoreSnapshot(place.file, all[0], {})), QByteArray("OK"));
        QCOMPARE(other.run("SELECT name FROM sqlite_schema; SELECT count(*) FROM t"), QByteArray("t\nu\n0\n"));
        QCOMPARE(codeOf(removeSnapshot(*taken)), QByteArray("OK"));
        for (int i = 0; i < 15; ++i)
            QCOMPARE(codeOf(takeSnapshot(place.file, "auto", Snapshot::Maker::Cleat, {})), QByteArray("OK"));
        QCOMPARE(snapshots(place.file).size(), std::size_t(10));
    }

    void badSnapshots()
    {
        const Place place;
        OtherProgram other(place.file);
        other.run("CREATE TABLE t(a); WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5000) INSERT INTO t SELECT hex(randomblob(20)) FROM n");
        const auto taken = takeSnapshot(place.file, {}, Snapshot::Maker::User, {});
        QVERIFY(taken);
        std::string bytes = read(taken->file);
        bytes.replace(8192, 4096, std::string(4096, 'x'));
        StateFixture::write(taken->file, bytes);
        QCOMPARE(codeOf(restoreSnapshot(place.file, *taken, {})), QByteArray("data.corrupt"));
        StateFixture::write(taken->file, "no database at all, but long enough to be looked at as one, so that SQLite says what it is, in one hundred bytes");
        QCOMPARE(codeOf(restoreSnapshot(place.file, *taken, {})), QByteArray("data.corrupt"));
        std::filesystem::remove(taken->file);
        QCOMPARE(codeOf(restoreSnapshot(place.file, *taken, {})), QByteArray("storage.missing"));
        QCOMPARE(other.run("SELECT count(*) FROM t"), QByteArray("5000\n"));
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(codeOf(takeSnapshot(place.file, {}, Snapshot::Maker::User, {stop.get_token(), {}})), QByteArray("data.cancelled"));
        QVERIFY(snapshots(place.file).empty());
    }

    void killedInARestore()
    {
        const Place place;
        OtherProgram other(place.file);
        other.run("CREATE TABLE t(a); INSERT INTO t VALUES('old'); CREATE TABLE big(x);"
                  "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) INSERT INTO big SELECT hex(randomblob(500)) FROM n");
        const auto taken = takeSnapshot(place.file, {}, Snapshot::Maker::User, {});
        QVERIFY(taken);
        other.run("UPDATE t SET a = 'new'");
        for (int round = 0; round < 8; ++round) {
            const pid_t child = ::fork();
            if (child == 0) {
                const auto done = restoreSnapshot(place.file, *taken, {});
                ::_exit(done ? 0 : 1);
            }
            QTest::qSleep(20 + round * 25); // a moment like any other
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            QCOMPARE(other.run("PRAGMA quick_check"), QByteArray("ok\n"));
            const QByteArray value = other.run("SELECT a FROM t");
            QVERIFY2(value == "old\n" || value == "new\n", value);
            QCOMPARE(other.run("SELECT count(*) FROM big"), QByteArray("20000\n"));
        }
    }

    void migrate()
    {
        const Place place;
        const MigrationPlace at{place.fixture.folder() / "migrations", "d1_migrations"};
        QVERIFY(migrations(place.file, at)->empty());
        const auto first = createMigration(at, "create users");
        QCOMPARE(first->filename().string(), std::string("0001_create_users.sql"));
        QVERIFY(read(*first).starts_with("-- Migration number: 0001 \t 20"));
        QCOMPARE(codeOf(createMigration(at, "a/b")), QByteArray("data.name"));
        place.write("migrations/0001_create_users.sql", "-- x\nCREATE TABLE users(id INTEGER PRIMARY KEY);\nCREATE TRIGGER tr AFTER INSERT ON users BEGIN SELECT 1; END;\n");
        place.write("migrations/0010_ten.sql", "INSERT INTO users VALUES(10); -- no more");
        place.write("migrations/2_two.sql", "INSERT INTO users VALUES(2)");
        place.write("migrations/readme.txt", "no");
        place.write("migrations/0011_wrong.sql", "INSERT INTO users VALUES(11);\n\n  INSRT INTO users VALUES(12);");
        place.write("migrations/0012_after.sql", "SELECT 1");
        const auto list = migrations(place.file, at);
        QByteArray names;
        for (const Migration &one : *list)
            names += QByteArray::fromStdString(one.name) + (one.appliedAt ? "+ " : " ");
        QCOMPARE(names, QByteArray("0001_create_users.sql 2_two.sql 0010_ten.sql 0011_wrong.sql 0012_after.sql "));
        QCOMPARE(codeOf(applyMigrations(place.file, at, "nope.sql", {})), QByteArray("data.missing"));
        auto applied = applyMigrations(place.file, at, "2_two.sql", {});
        QVERIFY(applied && !applied->error);
        QCOMPARE(applied->names, (std::vector<std::string>{"0001_create_users.sql", "2_two.sql"}));
        applied = applyMigrations(place.file, at, {}, {});
        QCOMPARE(applied->names, std::vector<std::string>{"0010_ten.sql"});
        QVERIFY(applied->error);
        QCOMPARE(QByteArray::fromStdString(applied->error->message), QByteArray("near \"INSRT\": syntax error at offset 0: SQLITE_ERROR"));
        QCOMPARE(applied->error->place, (cleat::base::Place{(at.folder / "0011_wrong.sql").string(), 3, 3}));
        OtherProgram other(place.file);
        QCOMPARE(other.run("SELECT group_concat(id) FROM users"), QByteArray("2,10\n"));
        QCOMPARE(other.run("SELECT id, name FROM d1_migrations ORDER BY id"), QByteArray("1|0001_create_users.sql\n2|2_two.sql\n3|0010_ten.sql\n"));
        QCOMPARE(snapshots(place.file).front().reason, std::string("before migration 0010_ten.sql"));
        std::filesystem::remove(at.folder / "2_two.sql");
        QVERIFY((*migrations(place.file, at))[1].missing);
    }

    void importScript_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<QByteArray>("rows");
        QTest::newRow("plain") << QByteArray("INSERT INTO t VALUES(1);\nINSERT INTO t VALUES(2)") << QByteArray("OK") << QByteArray("0\n1\n2\n");
        QTest::newRow("dump") << QByteArray("\xef\xbb\xbfPRAGMA foreign_keys=OFF;\r\nBEGIN TRANSACTION;\r\nCREATE TABLE u(a);\r\nINSERT INTO t VALUES(1);\r\nCOMMIT;\r\n") << QByteArray("OK") << QByteArray("0\n1\n");
        QTest::newRow("two transactions") << QByteArray("BEGIN; INSERT INTO t VALUES(1); COMMIT;\nBEGIN; COMMIT;") << QByteArray("data.format 2:1") << QByteArray("0\n");
        QTest::newRow("commit alone") << QByteArray("INSERT INTO t VALUES(1); COMMIT;") << QByteArray("data.sql 1:26") << QByteArray("0\n");
        QTest::newRow("rollback") << QByteArray("BEGIN; INSERT INTO t VALUES(1); ROLLBACK;") << QByteArray("data.sql 1:33") << QByteArray("0\n");
        QTest::newRow("wrong at the end") << QByteArray("INSERT INTO t VALUES(1);\n-- é\nINSERT INTO t VALUES(2) nonsense;") << QByteArray("data.sql 3:25") << QByteArray("0\n");
        QTest::newRow("constraint") << QByteArray("INSERT INTO t VALUES(1);\nINSERT INTO t VALUES(0);") << QByteArray("data.sql 2:1") << QByteArray("0\n");
        QTest::newRow("foreign key at the end") << QByteArray("PRAGMA defer_foreign_keys=TRUE; INSERT INTO c VALUES(5);") << QByteArray("data.sql 0:0") << QByteArray("0\n");
        QTest::newRow("foreign key in the end right") << QByteArray("PRAGMA defer_foreign_keys=TRUE; INSERT INTO c VALUES(5); INSERT INTO t VALUES(5)") << QByteArray("OK") << QByteArray("0\n5\n");
        QTest::newRow("nothing") << QByteArray("-- nothing\n") << QByteArray("data.format 0:0") << QByteArray("0\n");
        QTest::newRow("open text") << QByteArray("INSERT INTO t VALUES(1); INSERT INTO t VALUES('") << QByteArray("data.sql 1:47") << QByteArray("0\n");
    }
    void importScript()
    {
        QFETCH(QByteArray, script);
        const Place place;
        OtherProgram other(place.file);
        other.run("CREATE TABLE t(a PRIMARY KEY); INSERT INTO t VALUES(0); CREATE TABLE c(t REFERENCES t)");
        QTEST(errorOf(importSql(place.file, place.write("x.sql", script.toStdString()), {})), "error");
        QTEST(other.run("SELECT a FROM t ORDER BY a"), "rows");
        QCOMPARE(snapshots(place.file).size(), std::size_t(1));
    }

    void importStops()
    {
        const Place place;
        std::string script = "CREATE TABLE t(a);\n";
        while (script.size() < 6'000'000)
            script += "INSERT INTO t VALUES('some text; with a semicolon');\n";
        const auto file = place.write("big.sql", script);
        std::stop_source stop;
        QCOMPARE(codeOf(importSql(place.file, file, {stop.get_token(), [&](const cleat::data::Progress &) { stop.request_stop(); }})), QByteArray("data.cancelled"));
        OtherProgram other(place.file);
        QCOMPARE(other.run("SELECT count(*) FROM sqlite_schema"), QByteArray("0\n"));
        const auto imported = importSql(place.file, file, {});
        QVERIFY(imported);
        QCOMPARE(imported->rows, imported->statements - 1);
        QCOMPARE(codeOf(importSql(place.file, place.fixture.folder() / "none.sql", {})), QByteArray("file.missing"));
        QCOMPARE(other.run("BEGIN EXCLUSIVE"), QByteArray());
        QCOMPARE(codeOf(importSql(place.file, place.write("s.sql", "INSERT INTO t VALUES(1)"), {})), QByteArray("storage.busy"));
    }

    void csv_data()
    {
        QTest::addColumn<QByteArray>("csv");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<QByteArray>("rows");
        QTest::newRow("types") << QByteArray("n,r,t,z\n1,1.5,a,007\n,2,\"b,\"\"c\"\"\nd\",\r\n") << QByteArray("OK") << QByteArray("1|1.5|a|007\nNULL|2.0|b,\"c\"\nd|NULL\n");
        QTest::newRow("semicolons, mark") << QByteArray("\xef\xbb\xbf" "a;b\n\"x;y\";\"\"\n") << QByteArray("OK") << QByteArray("x;y|\n");
        QTest::newRow("ragged") << QByteArray("a,b\n1,2\n\n3\n") << QByteArray("data.format 4:0") << QByteArray("no such table: n");
        QTest::newRow("encoding") << QByteArray("a,b\n1,2\n3,\xe9\n") << QByteArray("data.format 3:0") << QByteArray("no such table: n");
        QTest::newRow("UTF-16") << QByteArray("\xff\xfe" "a\0", 4) << QByteArray("data.format 1:0") << QByteArray("no such table: n");
        QTest::newRow("open quote") << QByteArray("a,b\n1,\"2\n3,4\n") << QByteArray("data.format 2:0") << QByteArray("no such table: n");
        QTest::newRow("text behind a quote") << QByteArray("a,b\n1,\"2\"x\n") << QByteArray("data.format 2:0") << QByteArray("no such table: n");
        QTest::newRow("names twice") << QByteArray("a,A\n1,2\n") << QByteArray("data.format 1:0") << QByteArray("no such table: n");
        QTest::newRow("empty") << QByteArray() << QByteArray("data.format 0:0") << QByteArray("no such table: n");
    }
    void csv()
    {
        QFETCH(QByteArray, csv);
        const Place place;
        CsvOptions options;
        options.table = "n";
        QTEST(errorOf(importCsv(place.file, place.write("x.csv", csv.toStdString()), options, {})), "error");
        OtherProgram other(place.file);
        QTEST(other.run("SELECT * FROM n"), "rows");
    }

    void csvIntoTable()
    {
        const Place place;
        OtherProgram other(place.file);
        other.run("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT NOT NULL, g AS (id + 1))");
        CsvOptions options;
        options.table = "T";
        QCOMPARE(errorOf(importCsv(place.file, place.write("a.csv", "NAME,id\nx,1\ny,2\n"), options, {})), QByteArray("OK"));
        QCOMPARE(errorOf(importCsv(place.file, place.write("b.csv", "name,id\nx,3\n,4\n"), options, {})), QByteArray("data.format 3:0"));
        QCOMPARE(errorOf(importCsv(place.file, place.write("c.csv", "name,other\nx,3\n"), options, {})), QByteArray("data.format 1:0"));
        options.header = false;
        QCOMPARE(errorOf(importCsv(place.file, place.write("d.csv", "5,five\n"), options, {})), QByteArray("OK"));
        QCOMPARE(other.run("SELECT id, name FROM t"), QByteArray("1|x\n2|y\n5|five\n"));
        const auto preview = previewCsv(place.fixture.folder() / "d.csv", options);
        QCOMPARE(preview->columns, (std::vector<std::string>{"column1", "column2"}));
        const auto target = place.fixture.folder() / "out.csv";
        other.run("INSERT INTO t(id, name) VALUES(6, 'a,\"b\"'), (7, '')");
        const auto exported = exportCsv(place.file, "SELECT id, name, NULL AS none FROM t WHERE id > 2", target, {});
        QVERIFY2(exported, exported ? "" : exported.error().message.c_str());
        QCOMPARE(*exported, std::uint64_t(3));
        QCOMPARE(QByteArray::fromStdString(read(target)), QByteArray("id,name,none\r\n5,five,\r\n6,\"a,\"\"b\"\"\",\r\n7,\"\",\r\n"));
        QCOMPARE(codeOf(exportCsv(place.file, "DELETE FROM t", target, {})), QByteArray("data.sql"));
        QVERIFY(read(target).starts_with("id,"));
    }

    void exportsAndLoads()
    {
        const Place place;
        OtherProgram other(place.file);
        QCOMPARE(other.run("CREATE TABLE \"we\"\"ird\"(id INTEGER PRIMARY KEY AUTOINCREMENT, \"a b\", g AS (id * 2)); CREATE INDEX i ON \"we\"\"ird\"(\"a b\");"
                           "CREATE TABLE _cf_METADATA(key INTEGER PRIMARY KEY, value BLOB); CREATE VIEW v AS SELECT 1; CREATE TABLE p(a PRIMARY KEY, b) WITHOUT ROWID;"
                           "INSERT INTO \"we\"\"ird\"(\"a b\") VALUES('it''s'), (NULL), (1.0), (9007199254740993), (x'00ff'), ('two' || char(13, 10) || 'lines'), ('back\\nslash' || char(10)), (9e999), ('a' || char(0) || 'b');"
                           "INSERT INTO p VALUES('x', -1e-7); CREATE TRIGGER tr AFTER DELETE ON p BEGIN SELECT 1; END;"),
            QByteArray());
        const auto out = place.fixture.folder() / "out.sql";
        QCOMPARE(exportSql(place.file, {}, out, {}).value_or(0), std::uint64_t(11)); // nine, one, and the sequence's
        const Place second;
        QCOMPARE(errorOf(importSql(second.file, out, {})), QByteArray("OK"));
        OtherProgram loaded(second.file);
        for (const char *query : {"SELECT id, quote(\"a b\"), typeof(\"a b\"), length(CAST(\"a b\" AS BLOB)) FROM \"we\"\"ird\"", "SELECT a, quote(b) FROM p", "SELECT * FROM sqlite_sequence",
                 "SELECT type, name, tbl_name FROM sqlite_schema WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\' ORDER BY name"})
            QCOMPARE(loaded.run(query), other.run(query));
        QCOMPARE(loaded.run("SELECT count(*) FROM sqlite_schema WHERE name LIKE '\\_cf\\_%' ESCAPE '\\'"), QByteArray("0\n"));
        QCOMPARE(exportSql(place.file, {{"p"}, false, true}, out, {}).value_or(0), std::uint64_t(1));
        QCOMPARE(QByteArray::fromStdString(read(out)), QByteArray("PRAGMA defer_foreign_keys=TRUE;\nINSERT INTO \"p\" (\"a\",\"b\") VALUES('x',-1.0e-07);\n"));
        QCOMPARE(codeOf(exportSql(place.file, {{"none"}, true, true}, out, {})), QByteArray("data.missing"));
        QCOMPARE(codeOf(exportSql(place.fixture.folder() / "none.sqlite", {}, out, {})), QByteArray("storage.missing"));
        QCOMPARE(codeOf(exportSql(place.file, {}, place.fixture.folder() / "no folder" / "x.sql", {})), QByteArray("storage.missing"));
        QVERIFY(read(out).ends_with(");\n"));
    }
};

QTEST_APPLESS_MAIN(TestD1Files)
#include "t_d1files.moc"
