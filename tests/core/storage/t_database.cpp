// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/database.h"
#include "core/storage/transaction.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

using namespace cleat;
using namespace std::chrono_literals;
using storage::Database;
using storage::Statement;
using storage::Transaction;

class DatabaseTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void alone();
    void besideAnotherWriter();
    void init();
    void existingNeverMakesTheFile();
    void isSetUpAsWranglers();
    void convertsARollbackJournal();
    void bindsAndReads();
    void keepsStatements();
    void transactionTakesItselfBack();
    void lockedFile();
    void notADatabase_data();
    void notADatabase();
    void damaged();
    void full();
    void noticesReplacement();
    void folderInTheWay();

private:
    std::filesystem::path file() const { return std::filesystem::path(m_dir->path().toStdString()) / "a" / "b.sqlite"; }
    QString fileName() const { return QString::fromStdString(file().string()); }
    std::unique_ptr<Database> open(Database::Mode mode = Database::Mode::Create) const;

    std::unique_ptr<QTemporaryDir> m_dir;
};

namespace {

std::int64_t number(Database &database, std::string_view sql)
{
    auto statement = database.statement(sql);
    if (!statement)
        return -1;
    const auto step = statement->step();
    return step && *step == Statement::Step::Row ? statement->integer(0) : -1;
}

std::string text(Database &database, std::string_view sql)
{
    auto statement = database.statement(sql);
    if (!statement)
        return statement.error().message;
    const auto step = statement->step();
    return step && *step == Statement::Step::Row ? std::string(statement->text(0)) : std::string();
}

} // namespace

void DatabaseTest::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(m_dir->isValid());
}

std::unique_ptr<Database> DatabaseTest::open(Database::Mode mode) const
{
    auto database = Database::open(file(), mode, 50ms);
    if (!database)
        qWarning("%s", database.error().message.c_str());
    return database ? std::move(*database) : nullptr;
}

void DatabaseTest::existingNeverMakesTheFile()
{
    const auto database = Database::open(file(), Database::Mode::Existing);
    QVERIFY(!database);
    QCOMPARE(database.error().code, std::string("storage.missing"));
    QVERIFY(QDir(m_dir->path()).isEmpty());
    QVERIFY(open());
    QVERIFY(open(Database::Mode::Existing));
}

void DatabaseTest::isSetUpAsWranglers()
{
    const auto database = open();
    QVERIFY(database);
    QVERIFY(database->execute("CREATE TABLE t (a)"));
    QCOMPARE(text(*database, "PRAGMA journal_mode"), std::string("wal"));
    QCOMPARE(text(*database, "PRAGMA encoding"), std::string("UTF-8"));
    QCOMPARE(number(*database, "PRAGMA page_size"), 4096);
    QCOMPARE(number(*database, "PRAGMA auto_vacuum"), 0);
    QCOMPARE(number(*database, "PRAGMA user_version"), 0);
    QCOMPARE(number(*database, "PRAGMA application_id"), 0);
    QCOMPARE(number(*database, "PRAGMA foreign_keys"), 1);
    QCOMPARE(number(*database, "PRAGMA synchronous"), 1);
}

void DatabaseTest::convertsARollbackJournal()
{
    QVERIFY(QDir().mkpath(m_dir->filePath(QStringLiteral("a"))));
    sqlite3 *foreign = nullptr;
    QCOMPARE(sqlite3_open(file().c_str(), &foreign), SQLITE_OK);
    QCOMPARE(sqlite3_exec(foreign, "CREATE TABLE t (a); INSERT INTO t VALUES (7)", nullptr, nullptr, nullptr), SQLITE_OK);
    // While somebody writes it cannot be converted, but read.
    QCOMPARE(sqlite3_exec(foreign, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    {
        const auto database = open(Database::Mode::Existing);
        QVERIFY(database);
        QCOMPARE(text(*database, "PRAGMA journal_mode"), std::string("delete"));
        QCOMPARE(number(*database, "SELECT a FROM t"), 7);
    }
    sqlite3_close(foreign);
    const auto database = open(Database::Mode::Existing);
    QVERIFY(database);
    QCOMPARE(text(*database, "PRAGMA journal_mode"), std::string("wal"));
    QCOMPARE(number(*database, "SELECT a FROM t"), 7);
}

void DatabaseTest::bindsAndReads()
{
    const auto database = open();
    QVERIFY(database);
    QVERIFY(database->execute("CREATE TABLE t (a TEXT, b INTEGER, c TEXT)"));
    const std::string withNul("x\0y", 3);
    {
        auto statement = database->statement("INSERT INTO t VALUES (?1, ?2, ?3)");
        QVERIFY(statement);
        statement->bindText(1, withNul);
        statement->bindInteger(2, -5'000'000'000);
        statement->bindNull(3);
        QVERIFY(statement->step());
    }
    {
        auto statement = database->statement("INSERT INTO t VALUES (?1, ?2, ?3)");
        QVERIFY(statement);
        statement->bindText(1, {});
        QVERIFY(statement->step());
    }
    auto statement = database->statement("SELECT a, b, c FROM t ORDER BY rowid");
    QVERIFY(statement);
    QVERIFY(statement->step() == Statement::Step::Row);
    QCOMPARE(std::string(statement->text(0)), withNul);
    QCOMPARE(statement->integer(1), -5'000'000'000);
    QVERIFY(statement->isNull(2));
    QVERIFY(statement->step() == Statement::Step::Row);
    QVERIFY(!statement->isNull(0));
    QCOMPARE(statement->text(0).size(), std::size_t(0));
    QVERIFY(statement->isNull(1)); // the last run's parameters are gone
    QVERIFY(statement->step() == Statement::Step::Done);

    auto wrong = database->statement("SELECT ?1");
    QVERIFY(wrong);
    wrong->bindInteger(2, 1);
    QVERIFY(!wrong->step());
    const auto bad = database->statement("SELECT 1 FROM nowhere");
    QVERIFY(!bad);
    QCOMPARE(bad.error().code, std::string("storage.failed"));
    QVERIFY2(bad.error().message.contains("no such table: nowhere"), bad.error().message.c_str());
}

void DatabaseTest::keepsStatements()
{
    const auto database = open();
    QVERIFY(database);
    QVERIFY(database->execute("CREATE TABLE t (a); INSERT INTO t VALUES (1), (2)"));
    // The same text twice at once is two statements; neither disturbs the other.
    constexpr auto sql = "SELECT a FROM t ORDER BY a";
    auto first = database->statement(sql);
    QVERIFY(first && first->step() == Statement::Step::Row);
    {
        auto second = database->statement(sql);
        QVERIFY(second && second->step() == Statement::Step::Row && second->step() == Statement::Step::Row);
        QCOMPARE(second->integer(0), 2);
    }
    QCOMPARE(first->integer(0), 1);
    auto third = database->statement(sql);
    QVERIFY(third && third->step() == Statement::Step::Row);
    QCOMPARE(third->integer(0), 1);
}

void DatabaseTest::transactionTakesItselfBack()
{
    const auto database = open();
    QVERIFY(database && database->execute("CREATE TABLE t (a)"));
    {
        auto transaction = Transaction::begin(*database);
        QVERIFY(transaction && database->execute("INSERT INTO t VALUES (1)"));
    }
    QCOMPARE(number(*database, "SELECT count(*) FROM t"), 0);
    {
        auto transaction = Transaction::begin(*database);
        QVERIFY(transaction && database->execute("INSERT INTO t VALUES (1)") && transaction->commit());
    }
    QCOMPARE(number(*database, "SELECT count(*) FROM t"), 1);
}

void DatabaseTest::lockedFile()
{
    const auto writer = open();
    const auto other = open();
    QVERIFY(writer && other && writer->execute("CREATE TABLE t (a)"));
    auto held = Transaction::begin(*writer);
    QVERIFY(held);
    QElapsedTimer timer;
    timer.start();
    auto refused = Transaction::begin(*other);
    QVERIFY(timer.elapsed() >= 40);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, std::string("storage.busy"));
    QCOMPARE(QByteArray::fromStdString(refused.error().message),
        "The state file " + fileName().toUtf8()
            + " is locked: another program has held it for more than 50 ms. Close that program, or let it finish, and try again.");
    QVERIFY(!Transaction::begin(*other, Transaction::Wait::No));
    QCOMPARE(number(*other, "SELECT count(*) FROM t"), 0); // reading goes on
    QVERIFY(held->commit());
    QVERIFY(Transaction::begin(*other, Transaction::Wait::No));
}

void DatabaseTest::notADatabase_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("short text") << QByteArray("hello");
    QTest::newRow("long text") << QByteArray("this is no database\n").repeated(1000);
}

void DatabaseTest::notADatabase()
{
    QFETCH(QByteArray, content);
    QVERIFY(QDir().mkpath(m_dir->filePath(QStringLiteral("a"))));
    QFile raw(fileName());
    QVERIFY(raw.open(QIODevice::WriteOnly));
    raw.write(content);
    raw.close();
    for (const auto mode : {Database::Mode::Existing, Database::Mode::Create}) {
        const auto database = Database::open(file(), mode, 50ms);
        QVERIFY(!database);
        QCOMPARE(database.error().code, std::string("storage.notdatabase"));
        QVERIFY2(database.error().message.contains(file().string() + " is not a SQLite database, so Cleat will not touch it. Move it"),
            database.error().message.c_str());
    }
    QVERIFY(raw.open(QIODevice::ReadOnly));
    QCOMPARE(raw.readAll(), content);
    QCOMPARE(QDir(m_dir->filePath(QStringLiteral("a"))).entryList(QDir::Files), QStringList{QStringLiteral("b.sqlite")});
}

void DatabaseTest::damaged()
{
    {
        const auto database = open();
        QVERIFY(database
            && database->execute("CREATE TABLE t (a); WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
                                 "INSERT INTO t SELECT hex(randomblob(20)) FROM n"));
    }
    QFile raw(fileName());
    QVERIFY(raw.open(QIODevice::ReadWrite) && raw.seek(4096));
    raw.write(QByteArray(4096 * 5, '\xa5'));
    raw.close();
    const auto database = open(Database::Mode::Existing);
    QVERIFY(database);
    auto statement = database->statement("SELECT sum(length(a)) FROM t");
    QVERIFY(statement);
    const auto step = statement->step();
    QVERIFY(!step);
    QCOMPARE(step.error().code, std::string("storage.notdatabase"));
    QVERIFY2(step.error().message.contains("is damaged") && step.error().message.contains(file().string()), step.error().message.c_str());
}

void DatabaseTest::full()
{
    const auto database = open();
    QVERIFY(database && database->execute("CREATE TABLE t (a); PRAGMA max_page_count = 3"));
    auto statement = database->statement("INSERT INTO t VALUES (zeroblob(100000))");
    QVERIFY(statement);
    const auto step = statement->step();
    QVERIFY(!step);
    QCOMPARE(step.error().code, std::string("storage.full"));
    QVERIFY2(step.error().message.contains(file().string()) && step.error().message.contains("Free some space"), step.error().message.c_str());
}

void DatabaseTest::noticesReplacement()
{
    auto database = open();
    QVERIFY(database && !database->moved());
    QVERIFY(QFile::rename(fileName(), fileName() + QStringLiteral(".old")));
    QVERIFY(database->moved());
    auto fresh = open();
    QVERIFY(fresh && !fresh->moved());
    QVERIFY(database->moved());
    QVERIFY(fresh->execute("CREATE TABLE t (a)"));
    // Closing the one whose file is gone leaves the new one's files alone.
    database.reset();
    QVERIFY(fresh->execute("INSERT INTO t VALUES (1)"));
    QVERIFY(QFile::exists(fileName() + QStringLiteral("-wal")));
    const auto again = open(Database::Mode::Existing);
    QVERIFY(again);
    QCOMPARE(number(*again, "SELECT count(*) FROM t"), 1);
}

void DatabaseTest::folderInTheWay()
{
    QVERIFY(QDir().mkpath(fileName()));
    const auto database = Database::open(file(), Database::Mode::Create, 50ms);
    QVERIFY(!database);
    QVERIFY2(database.error().message.contains(file().string()), database.error().message.c_str());
    QVERIFY2(!database.error().message.contains("not an error"), database.error().message.c_str());
}

namespace {

bool insert(Database &database)
{
    auto transaction = storage::Transaction::begin(database);
    return transaction && database.execute("INSERT INTO t VALUES (1)") && transaction->commit();
}

} // namespace

/// What nobody shares is never waited for, whatever this connection itself does.
void DatabaseTest::alone()
{
    QTemporaryDir dir;
    const auto opened = Database::open(dir.path().toStdString() + "/alone.sqlite", Database::Mode::Create);
    QVERIFY(opened && (*opened)->execute("CREATE TABLE t (a)"));
    for (int i = 0; i < 3000; ++i) { // beyond the checkpoint that comes by itself
        QVERIFY(insert(**opened));
        QVERIFY(!(*opened)->courtesy().shared());
        if (i % 10 == 0) {
            QVERIFY((*opened)->execute("SELECT count(*) FROM t"));
            auto given = storage::Transaction::begin(**opened);
            QVERIFY(given && (*opened)->execute("INSERT INTO t VALUES (2)")); // taken back
        }
    }
}

void DatabaseTest::besideAnotherWriter()
{
    QTemporaryDir dir;
    const std::string file = dir.path().toStdString() + "/shared.sqlite";
    const auto ours = Database::open(file, Database::Mode::Create);
    QVERIFY(ours && (*ours)->execute("CREATE TABLE t (a)") && insert(**ours));
    const auto theirs = Database::open(file, Database::Mode::Existing);
    QVERIFY(theirs && (*theirs)->execute("SELECT count(*) FROM t"));
    QVERIFY(insert(**ours) && !(*ours)->courtesy().shared()); // who only reads is in nobody's way
    QVERIFY(insert(**theirs));
    QVERIFY(insert(**ours));
    QVERIFY((*ours)->courtesy().shared());
    for (int i = 0; i < 20; ++i)
        QVERIFY(insert(**ours)); // slower, but it gets on
}

QTEST_GUILESS_MAIN(DatabaseTest)
#include "t_database.moc"
