// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/durableobjects/objectids.h"
#include "core/bindings/durableobjects/objectstore.h"
#include "core/storage/database.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace cleat;
using namespace cleat::bindings::durableobjects;
using Order = ObjectListOptions::Order;

namespace {

const std::string theKey = uniqueKey("keeper", "Counter");

/// A state folder with a namespace, and short ways to use an object in it.
struct Bench {
    QTemporaryDir dir;
    std::filesystem::path state = std::filesystem::path(dir.path().toStdString()) / "state";
    AlarmSchedule schedule{scheduleFile(state, theKey)};

    ObjectAddress address(const std::string &name = "one", ObjectAddress::Backend backend = ObjectAddress::Backend::Sqlite) const
    {
        return {theKey, idFromName(theKey, name), name, backend};
    }
    std::unique_ptr<ObjectStore> open(const std::string &name = "one", std::chrono::milliseconds busy = std::chrono::seconds(5))
    {
        auto store = ObjectStore::open(state, address(name), schedule, {}, busy);
        if (!store)
            qWarning("%s", store.error().message.c_str());
        return store ? std::move(*store) : nullptr;
    }
};

QByteArray failure(const base::Error &error)
{
    return QByteArray::fromStdString(error.code + ": " + error.message);
}

template <typename T>
QByteArray failureOf(const base::Result<T> &result)
{
    return result ? QByteArray("fine") : failure(result.error());
}

bool put(ObjectStore &store, std::string_view key, std::string_view value)
{
    return store.put(key, base::asBytes(value)).has_value();
}

QByteArray get(ObjectStore &store, std::string_view key)
{
    const auto value = store.get(key);
    return !value ? failure(value.error()) : *value ? QByteArray::fromStdString(**value) : QByteArray("-");
}

QByteArray keys(ObjectStore &store, const ObjectListOptions &options = {})
{
    const auto entries = store.list(options);
    if (!entries)
        return failure(entries.error());
    QByteArrayList all;
    for (const auto &[key, value] : *entries)
        all += QByteArray::fromStdString(key);
    return all.join(' ');
}

QByteArray sql(ObjectStore &store, std::string_view text, std::vector<SqlValue> parameters = {})
{
    const auto cursor = store.exec(text, std::move(parameters));
    if (!cursor)
        return failure(cursor.error());
    QByteArray out;
    while ((*cursor)->hasRow()) {
        for (int i = 0; i < static_cast<int>((*cursor)->columns().size()); ++i) {
            const SqlCell cell = (*cursor)->cell(i);
            out += i ? "|" : "";
            switch (cell.type) {
            case SqlCell::Type::Null:
                out += "NULL";
                break;
            case SqlCell::Type::Integer:
                out += QByteArray::number(static_cast<qint64>(cell.integer));
                break;
            case SqlCell::Type::Real:
                out += QByteArray::number(cell.real);
                break;
            case SqlCell::Type::Text:
            case SqlCell::Type::Blob:
                out += QByteArray(cell.bytes.data(), static_cast<qsizetype>(cell.bytes.size()));
                break;
            }
        }
        out += '\n';
        if (const auto next = (*cursor)->next(); !next)
            return out + failure(next.error());
    }
    return out;
}

} // namespace

Q_DECLARE_METATYPE(ObjectListOptions)

class ObjectStoreTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ids()
    {
        QCOMPARE(idFromName(uniqueKey("dow", "Counter"), "a"), std::string("547692b519e13f7be298896f686ba9e0f701fa47cbe4ea9e4d7f3459ab3f7f29"));
        QCOMPARE(idFromName(uniqueKey("dow", "LegacyKV"), "a"), std::string("dd41c859e821212293be3e1c963aa85932192b030d072fed804ad5f83778f32b"));
        const auto one = newUniqueId(theKey);
        const auto two = newUniqueId(theKey);
        QVERIFY(one && two && *one != *two);
        QCOMPARE(idFromString(theKey, *one).value_or(""), *one);
        std::string upper = *one;
        for (char &c : upper)
            c = c >= 'a' ? static_cast<char>(c - 32) : c;
        QCOMPARE(idFromString(theKey, upper).value_or(""), *one);
        QCOMPARE(failureOf(idFromString("other-Counter", *one)), QByteArray("object.id: Durable Object ID is not valid for this namespace."));
        QCOMPARE(failureOf(idFromString(theKey, "x" + one->substr(1))), QByteArray("object.id: Invalid Durable Object ID: must be 64 hex digits"));
        QCOMPARE(failureOf(idFromString(theKey, "")), QByteArray("object.id: Invalid Durable Object ID: must be 64 hex digits"));
    }

    void files()
    {
        Bench bench;
        QCOMPARE(listNamespaces(bench.state).value().size(), 0U);
        QCOMPARE(listObjects(bench.state, theKey).value().size(), 0U);
        const auto one = bench.open("n\xC3\xA4me");
        const auto two = ObjectStore::open(bench.state, {theKey, newUniqueId(theKey).value(), std::nullopt, ObjectAddress::Backend::Sqlite}, bench.schedule);
        const auto old = ObjectStore::open(bench.state, bench.address("old", ObjectAddress::Backend::KeyValue), bench.schedule);
        QVERIFY(one && two && old);
        QCOMPARE(listNamespaces(bench.state).value(), std::vector<std::string>{theKey});
        QCOMPARE(listObjects(bench.state, theKey).value().size(), 3U);
        QCOMPARE(nameInFile(bench.state, theKey, one->address().id).value(), std::optional<std::string>("n\xC3\xA4me"));
        QCOMPARE(nameInFile(bench.state, theKey, (*two)->address().id).value(), std::optional<std::string>());
        QCOMPARE(nameInFile(bench.state, theKey, (*old)->address().id).value(), std::optional<std::string>());
        QVERIFY(failureOf(nameInFile(bench.state, theKey, std::string(64, '0'))).startsWith("storage.missing"));
        // In the folder lies more than objects.
        const auto folder = objectFolder(bench.state, theKey);
        std::ofstream(folder / (std::string(64, 'a') + ".1.sqlite")) << 'x';
        std::ofstream(folder / (std::string(64, 'a') + ".facets")) << 'x';
        QVERIFY(bench.schedule.set({"id", 1, std::nullopt}));
        QCOMPARE(listObjects(bench.state, theKey).value().size(), 3U);
    }

    void keysAndValues()
    {
        Bench bench;
        auto store = bench.open();
        QVERIFY(store);
        QCOMPARE(get(*store, "a"), QByteArray("-"));
        QCOMPARE(keys(*store), QByteArray());
        QCOMPARE(store->remove("a").value(), false);
        QVERIFY(!store->dirty());
        QVERIFY(put(*store, "a", "1"));
        QVERIFY(put(*store, "", "empty key"));
        QVERIFY(put(*store, std::string_view("nul\0key", 7), std::string_view("\0\1", 2)));
        QVERIFY(put(*store, "empty", ""));
        QVERIFY(store->dirty());
        QCOMPARE(get(*store, "a"), QByteArray("1"));
        QVERIFY(put(*store, "a", "2"));
        QCOMPARE(get(*store, "a"), QByteArray("2"));
        QCOMPARE(get(*store, ""), QByteArray("empty key"));
        QCOMPARE(get(*store, std::string_view("nul\0key", 7)), QByteArray("\0\1", 2));
        QCOMPARE(get(*store, "empty"), QByteArray());
        QVERIFY(store->commit());
        QCOMPARE(store->remove("a").value(), true);
        QCOMPARE(store->remove("a").value(), false);
        QVERIFY(store->commit());
        store.reset();
        store = bench.open();
        QCOMPARE(get(*store, "a"), QByteArray("-"));
        QCOMPARE(get(*store, "empty"), QByteArray());
        QVERIFY(failureOf(store->put("large", base::asBytes(std::string(9 << 20, 'x')))) == "object.sql: string or blob too big: SQLITE_TOOBIG");
        QVERIFY(store->put("large", base::asBytes(std::string(3 << 20, 'x'))));
        QVERIFY(store->commit());
    }

    void lists_data()
    {
        QTest::addColumn<ObjectListOptions>("options");
        QTest::addColumn<QByteArray>("expected");
        const std::string next = "p\xEF\xBF\xBF";
        QTest::newRow("all") << ObjectListOptions{} << QByteArray("a b c p p: p:1 p:2 p; \xC3\xA9 \xF0\x9F\x98\x80");
        QTest::newRow("start") << ObjectListOptions{.start = "p:"} << QByteArray("p: p:1 p:2 p; \xC3\xA9 \xF0\x9F\x98\x80");
        QTest::newRow("start between") << ObjectListOptions{.start = "bb", .end = "p:1"} << QByteArray("c p p:");
        QTest::newRow("start after") << ObjectListOptions{.startAfter = "p:", .end = "q"} << QByteArray("p:1 p:2 p;");
        QTest::newRow("end is not in it") << ObjectListOptions{.end = "c"} << QByteArray("a b");
        QTest::newRow("prefix") << ObjectListOptions{.prefix = "p:"} << QByteArray("p: p:1 p:2");
        QTest::newRow("prefix and start") << ObjectListOptions{.start = "p:1", .prefix = "p"} << QByteArray("p:1 p:2 p;");
        QTest::newRow("prefix and an earlier start") << ObjectListOptions{.start = "a", .end = "z", .prefix = "p:"} << QByteArray("p: p:1 p:2");
        QTest::newRow("prefix and a later start") << ObjectListOptions{.start = "q", .prefix = "p"} << QByteArray();
        QTest::newRow("backwards") << ObjectListOptions{.end = "d", .order = Order::Descending} << QByteArray("c b a");
        QTest::newRow("limit") << ObjectListOptions{.limit = 2} << QByteArray("a b");
        QTest::newRow("backwards, limit") << ObjectListOptions{.prefix = "p", .order = Order::Descending, .limit = 2} << QByteArray("p; p:2");
        QTest::newRow("nothing between") << ObjectListOptions{.start = "c", .end = "b"} << QByteArray();
        QTest::newRow("prefix at the end of all texts") << ObjectListOptions{.prefix = "\xFF\xFF"} << QByteArray();
        QTest::newRow("prefix of more bytes") << ObjectListOptions{.prefix = "\xC3"} << QByteArray("\xC3\xA9");
    }
    void lists()
    {
        QFETCH(ObjectListOptions, options);
        QFETCH(QByteArray, expected);
        Bench bench;
        const auto store = bench.open();
        for (const char *key : {"p;", "b", "a", "p:2", "p", "c", "p:", "p:1", "\xF0\x9F\x98\x80", "\xC3\xA9"})
            QVERIFY(put(*store, key, "v"));
        QCOMPARE(keys(*store, options), expected);
    }

    /// All that a turn wrote happens, or nothing of it.
    void aTurnIsOneTransaction()
    {
        Bench bench;
        auto store = bench.open();
        QVERIFY(put(*store, "a", "1"));
        QVERIFY(store->commit());
        QVERIFY(put(*store, "a", "2"));
        QVERIFY(put(*store, "b", "2"));
        QCOMPARE(sql(*store, "CREATE TABLE t (n)"), QByteArray());
        store->rollback();
        QVERIFY(!store->dirty());
        QCOMPARE(get(*store, "a"), QByteArray("1"));
        QCOMPARE(get(*store, "b"), QByteArray("-"));
        QCOMPARE(sql(*store, "SELECT * FROM t"), QByteArray("object.sql: no such table: t: SQLITE_ERROR"));
        QVERIFY(put(*store, "a", "3"));
        store.reset(); // without a commit
        store = bench.open();
        QCOMPARE(get(*store, "a"), QByteArray("1"));
        store->rollback();
        QVERIFY(store->commit()); // nothing to do
    }

    void explicitTransactions()
    {
        Bench bench;
        const auto store = bench.open();
        using Kind = ObjectStore::Kind;
        QVERIFY(store->begin(Kind::Sync));
        QVERIFY(put(*store, "a", "1"));
        QVERIFY(store->begin(Kind::Sync));
        QVERIFY(put(*store, "a", "2"));
        QVERIFY(store->takeBack());
        QCOMPARE(get(*store, "a"), QByteArray("1"));
        QVERIFY(store->end());
        QVERIFY(store->dirty());
        QVERIFY(store->commit());
        // An asynchronous one commits what came before it, and outlives turns.
        QVERIFY(put(*store, "before", "kept"));
        QVERIFY(store->begin(Kind::Async));
        QVERIFY(put(*store, "a", "3"));
        QVERIFY(store->commit());
        QCOMPARE(store->depth(), 1U);
        QVERIFY(store->begin(Kind::Async));
        QVERIFY(put(*store, "a", "4"));
        QVERIFY(store->begin(Kind::Sync));
        QVERIFY(put(*store, "a", "5"));
        QVERIFY(store->end());
        QVERIFY(store->takeBack());
        QCOMPARE(get(*store, "a"), QByteArray("3"));
        QVERIFY(store->takeBack());
        QCOMPARE(get(*store, "a"), QByteArray("1"));
        QCOMPARE(get(*store, "before"), QByteArray("kept"));
        QVERIFY(store->begin(Kind::Async));
        QVERIFY(put(*store, "a", "6"));
        QVERIFY(store->end());
        QVERIFY(!store->dirty());
        store->rollback();
        QCOMPARE(get(*store, "a"), QByteArray("6"));
        QVERIFY(failureOf(store->end()).startsWith("object.state"));
        QVERIFY(failureOf(store->takeBack()).startsWith("object.state"));
        QVERIFY(store->begin(Kind::Sync));
        QVERIFY(failureOf(store->begin(Kind::Async)).startsWith("object.state"));
        QVERIFY(failureOf(store->removeAll(ObjectStore::Alarm::Kept)) == "object.state: Cannot call deleteAll() within a transaction");
        QVERIFY(store->end());
    }

    void deletingAll()
    {
        Bench bench;
        auto store = bench.open();
        QVERIFY(put(*store, "a", "1"));
        QCOMPARE(sql(*store, "CREATE TABLE t (n); INSERT INTO t VALUES (1), (2)"), QByteArray());
        QVERIFY(store->commit());
        const auto cursor = store->exec("SELECT n FROM t", {});
        QVERIFY(cursor && (*cursor)->hasRow());
        QVERIFY(put(*store, "b", "of this turn"));
        QVERIFY(store->removeAll(ObjectStore::Alarm::Removed));
        QCOMPARE(failureOf((*cursor)->next()), QByteArray("object.sql: SQLite query was canceled because the database was deleted."));
        QCOMPARE(keys(*store), QByteArray());
        QCOMPARE(sql(*store, "SELECT count(*) FROM sqlite_master"), QByteArray("0\n"));
        QVERIFY(put(*store, "c", "3"));
        QVERIFY(store->commit());
        store.reset();
        QCOMPARE(keys(*bench.open()), QByteArray("c"));
    }

    /// Another program may do it, too: wrangler's deleteAll() puts a new file there.
    void theFileIsReplaced()
    {
        Bench bench;
        const auto store = bench.open();
        QVERIFY(put(*store, "a", "1"));
        QVERIFY(store->commit());
        const auto other = bench.open();
        QVERIFY(other->removeAll(ObjectStore::Alarm::Removed));
        QVERIFY(put(*other, "b", "2"));
        QVERIFY(other->commit());
        QCOMPARE(keys(*store), QByteArray("b"));
        QVERIFY(put(*store, "c", "3"));
        QVERIFY(store->commit());
        QCOMPARE(keys(*other), QByteArray("b c"));
    }

    void sqlAndItsRules()
    {
        Bench bench;
        const auto store = bench.open();
        QCOMPARE(sql(*store, "CREATE TABLE t (id INTEGER PRIMARY KEY, v); INSERT INTO t (v) VALUES ('x'); SELECT * FROM t"), QByteArray("1|x\n"));
        QCOMPARE(sql(*store, "INSERT INTO t (v) VALUES (?), (?), (?) RETURNING typeof(v)", {5.0, SqlBlob{"b"}, std::monostate()}), QByteArray("real\nblob\nnull\n"));
        QCOMPARE(sql(*store, "SELECT ?", {}), QByteArray("object.sql: Wrong number of parameter bindings for SQL query."));
        QCOMPARE(sql(*store, "SELECT ?; SELECT 1", {1.0}),
            QByteArray("object.sql: When executing multiple SQL statements in a single call, only the last statement can have parameters."));
        for (const char *empty : {"", "  ", "-- only", ";", "SELECT 1; -- end"})
            QCOMPARE(sql(*store, empty), QByteArray("object.sql: SQL code did not contain a statement."));
        QVERIFY(sql(*store, "BEGIN").startsWith("object.sql: To execute a transaction, please use"));
        QVERIFY(put(*store, "k", "v"));
        QCOMPARE(sql(*store, "SELECT * FROM _cf_KV"), QByteArray("object.sql: access to _cf_KV.key is prohibited: SQLITE_AUTH"));
        QCOMPARE(sql(*store, "ALTER TABLE t RENAME TO _cf_t"), QByteArray("object.sql: not authorized: SQLITE_AUTH"));
        QCOMPARE(sql(*store, "SELECT count(*) FROM t"), QByteArray("4\n"));
        QCOMPARE(sql(*store, "ALTER TABLE t RENAME TO u"), QByteArray());
        QCOMPARE(sql(*store, "SELECT count(*) FROM u"), QByteArray("4\n"));
        QCOMPARE(sql(*store, "PRAGMA foreign_keys = OFF"), QByteArray());
        QCOMPARE(sql(*store, "PRAGMA foreign_keys"), QByteArray("1\n"));
        QCOMPARE(sql(*store, "VACUUM"), QByteArray("object.sql: cannot VACUUM from within a transaction: SQLITE_ERROR"));
        QCOMPARE(store->databaseSize().value() % 4096, 0);
        QVERIFY(store->commit());
        // Outside of a transaction as well.
        QCOMPARE(sql(*store, "PRAGMA table_info(u)"), QByteArray("0|id|INTEGER|0|NULL|1\n1|v||0|NULL|0\n"));
        QVERIFY(store->commit());
    }

    void cursorsGoStepByStep()
    {
        Bench bench;
        const auto store = bench.open();
        QCOMPARE(sql(*store, "CREATE TABLE t (n INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)"), QByteArray());
        QVERIFY(store->commit());
        const auto one = store->exec("SELECT n FROM t", {});
        const auto two = store->exec("SELECT n FROM t", {});
        QVERIFY(one && two);
        QVERIFY(store->hasCursors());
        QCOMPARE((*one)->rowsRead(), 1);
        QVERIFY((*one)->next());
        QCOMPARE((*one)->rowsRead(), 2);
        QCOMPARE((*one)->cell(0).integer, 2);
        QCOMPARE((*two)->cell(0).integer, 1);
        QCOMPARE(sql(*store, "DELETE FROM t WHERE n = 3"), QByteArray());
        QVERIFY(store->commit()); // while they run
        QVERIFY((*one)->next());
        QVERIFY(!(*one)->hasRow());
        QVERIFY((*one)->next()); // at the end it stays there
        QCOMPARE((*one)->rowsRead(), 2);
        (*two)->close();
        QVERIFY(!store->hasCursors());
        const auto insert = store->exec("INSERT INTO t VALUES (7), (8)", {});
        QVERIFY(insert && !(*insert)->hasRow());
        QCOMPARE((*insert)->rowsWritten(), 2);
        QVERIFY(!store->hasCursors());
    }

    void cursorsOutliveTheirStore()
    {
        Bench bench;
        auto store = bench.open();
        const auto cursor = store->exec("SELECT value FROM json_each('[1,2,3]')", {});
        QVERIFY(cursor && (*cursor)->hasRow());
        store.reset();
        QVERIFY(!(*cursor)->hasRow());
        QVERIFY(!(*cursor)->next());
    }

    void constraintsAtTheEnd()
    {
        Bench bench;
        const auto store = bench.open();
        QCOMPARE(sql(*store, "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)"), QByteArray());
        QVERIFY(store->commit());
        QVERIFY(put(*store, "with it", "1"));
        QCOMPARE(sql(*store, "INSERT INTO c VALUES (5)"), QByteArray());
        QCOMPARE(failureOf(store->commit()),
            QByteArray("object.sql: Durable Object was reset and rolled back to its last known good state because the application left the database in a state where constraints were "
                       "violated: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)"));
        QCOMPARE(get(*store, "with it"), QByteArray("-"));
        QCOMPARE(sql(*store, "SELECT count(*) FROM c"), QByteArray("0\n"));
        QVERIFY(put(*store, "later", "1"));
        QVERIFY(store->commit());
    }

    void alarms()
    {
        Bench bench;
        auto store = bench.open();
        const std::int64_t soon = base::wallMs() + 1'000'000;
        QCOMPARE(store->alarm().value(), std::optional<std::int64_t>());
        QVERIFY(store->setAlarm(std::nullopt));
        QVERIFY(!store->dirty());
        QVERIFY(store->setAlarm(soon));
        QCOMPARE(store->alarm().value(), std::optional(soon));
        QCOMPARE(bench.schedule.list().value().size(), 0U); // not before the commit
        QVERIFY(!store->takeAlarmChange());
        QVERIFY(store->commit());
        const std::vector<ScheduledAlarm> expected{{store->address().id, soon * 1'000'000, "one"}};
        QCOMPARE(bench.schedule.list().value(), expected);
        QVERIFY(store->takeAlarmChange() == ObjectStore::AlarmChange{soon});
        QVERIFY(!store->takeAlarmChange());
        // Later, earlier, and taken back.
        for (const std::int64_t ms : {soon + 5, soon - 5}) {
            QVERIFY(store->setAlarm(ms));
            QVERIFY(store->commit());
            QCOMPARE(bench.schedule.list().value().at(0).timeNs, ms * 1'000'000);
            QVERIFY(store->takeAlarmChange() == ObjectStore::AlarmChange{ms});
        }
        QVERIFY(store->setAlarm(soon + 77));
        store->rollback();
        QCOMPARE(store->alarm().value(), std::optional(soon - 5));
        QVERIFY(store->begin(ObjectStore::Kind::Async));
        QVERIFY(store->setAlarm(std::nullopt));
        QVERIFY(store->takeBack());
        QCOMPARE(store->alarm().value(), std::optional(soon - 5));
        QCOMPARE(bench.schedule.list().value().size(), 1U);
        QVERIFY(!store->takeAlarmChange());
        store.reset();
        store = bench.open();
        QCOMPARE(store->alarm().value(), std::optional(soon - 5));
        QVERIFY(store->setAlarm(std::nullopt));
        QVERIFY(store->commit());
        QCOMPARE(bench.schedule.list().value().size(), 0U);
        QVERIFY(store->takeAlarmChange() == ObjectStore::AlarmChange{});
        // What is over becomes now.
        const std::int64_t before = base::wallMs();
        QVERIFY(store->setAlarm(1));
        QVERIFY(store->alarm().value().value_or(0) >= before);
    }

    void alarmsRing()
    {
        Bench bench;
        const auto store = bench.open();
        QVERIFY(store->setAlarm(1));
        QVERIFY(store->commit());
        QVERIFY(store->takeAlarmChange());
        QCOMPARE(store->alarmBegins().value(), true);
        QCOMPARE(store->alarm().value(), std::optional<std::int64_t>());
        QVERIFY(store->alarmEnds(ObjectStore::Rang::Again));
        QVERIFY(store->alarm().value());
        QCOMPARE(bench.schedule.list().value().size(), 1U);
        QCOMPARE(store->alarmBegins().value(), true);
        QVERIFY(store->alarmEnds(ObjectStore::Rang::Done));
        QCOMPARE(store->alarm().value(), std::optional<std::int64_t>());
        QCOMPARE(bench.schedule.list().value().size(), 0U);
        QVERIFY(!store->takeAlarmChange());
        // The handler sets the next one.
        QVERIFY(store->setAlarm(1));
        QVERIFY(store->commit());
        QCOMPARE(store->alarmBegins().value(), true);
        const std::int64_t next = base::wallMs() + 5'000'000;
        QVERIFY(store->setAlarm(next));
        QCOMPARE(store->alarm().value(), std::optional(next));
        QVERIFY(store->alarmEnds(ObjectStore::Rang::Done));
        QVERIFY(store->commit());
        QCOMPARE(store->alarm().value(), std::optional(next));
        QCOMPARE(bench.schedule.list().value().at(0).timeNs, next * 1'000'000);
        // A schedule that is wrong is put right.
        QVERIFY(bench.schedule.set({store->address().id, 5, std::nullopt}));
        QCOMPARE(store->alarmBegins().value(), false);
        QCOMPARE(bench.schedule.list().value().at(0).timeNs, next * 1'000'000);
        QVERIFY(store->setAlarm(std::nullopt));
        QVERIFY(store->commit());
        QVERIFY(bench.schedule.set({store->address().id, 5, std::nullopt}));
        QCOMPARE(store->alarmBegins().value(), false);
        QCOMPARE(bench.schedule.list().value().size(), 0U);
    }

    void alarmsAndDeletingAll()
    {
        Bench bench;
        const auto store = bench.open();
        const std::int64_t soon = base::wallMs() + 1'000'000;
        QVERIFY(store->setAlarm(soon));
        QVERIFY(store->removeAll(ObjectStore::Alarm::Kept)); // set in this very turn
        QCOMPARE(store->alarm().value(), std::optional(soon));
        QCOMPARE(bench.schedule.list().value().size(), 1U);
        QVERIFY(store->removeAll(ObjectStore::Alarm::Removed));
        QCOMPARE(store->alarm().value(), std::optional<std::int64_t>());
        QCOMPARE(bench.schedule.list().value().size(), 0U);
    }

    /// A schedule of an older wrangler has no names.
    void anOlderSchedule()
    {
        Bench bench;
        {
            auto old = storage::Database::open(scheduleFile(bench.state, theKey), storage::Database::Mode::Create);
            QVERIFY(old && (*old)->execute("CREATE TABLE _cf_ALARM (actor_id TEXT PRIMARY KEY, scheduled_time INTEGER) WITHOUT ROWID; INSERT INTO _cf_ALARM VALUES ('x', 5)"));
        }
        QVERIFY(bench.schedule.set({"y", 3, "named"}));
        const std::vector<ScheduledAlarm> expected{{"y", 3, "named"}, {"x", 5, std::nullopt}};
        QCOMPARE(bench.schedule.list().value(), expected);
        QVERIFY(bench.schedule.remove("y"));
        QCOMPARE(bench.schedule.list().value().size(), 1U);
    }

    void bookmarks()
    {
        Bench bench;
        auto store = bench.open();
        QCOMPARE(store->currentBookmark().value(), std::string("00000000-00000000-00000000-00000000000000000000000000000000"));
        QCOMPARE(store->currentBookmark().value(), std::string("00000000-00000001-00000000-00000000000000000000000000000000"));
        QVERIFY(store->commit());
        store.reset();
        store = bench.open();
        QCOMPARE(store->currentBookmark().value(), std::string("00000000-00000002-00000000-00000000000000000000000000000000"));
    }

    /// Reads go on while another program writes; our own write waits, and then says so.
    void anotherProgramWrites()
    {
        Bench bench;
        const auto store = bench.open("one", std::chrono::milliseconds(50));
        QVERIFY(put(*store, "a", "1"));
        QVERIFY(store->commit());
        {
            auto other = storage::Database::open(store->file(), storage::Database::Mode::Existing);
            QVERIFY(other && (*other)->execute("BEGIN IMMEDIATE"));
            QCOMPARE(get(*store, "a"), QByteArray("1"));
            QCOMPARE(failureOf(store->put("a", base::asBytes("2"))), QByteArray("object.sql: database is locked: SQLITE_BUSY"));
            QVERIFY(!store->dirty());
        }
        QVERIFY(put(*store, "a", "2"));
        QVERIFY(store->commit());
    }

    void aFileThatIsNone()
    {
        Bench bench;
        const auto address = bench.address();
        const auto file = objectFile(bench.state, address.uniqueKey, address.id);
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << std::string(10'000, 'x');
        const auto store = ObjectStore::open(bench.state, address, bench.schedule);
        QVERIFY(!store);
        QCOMPARE(store.error().code, std::string("storage.notdatabase"));
        QCOMPARE(std::filesystem::file_size(file), 10'000U);
    }

    void endlessSqlIsEnded()
    {
        Bench bench;
        bool stop = false;
        const auto store = ObjectStore::open(bench.state, bench.address(), bench.schedule, [&] { return stop; });
        QVERIFY(store);
        QVERIFY(put(**store, "a", "1"));
        stop = true;
        QCOMPARE(sql(**store, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"),
            QByteArray("object.sql: interrupted: SQLITE_INTERRUPT"));
        stop = false;
        QCOMPARE(get(**store, "a"), QByteArray("1"));
        QVERIFY((*store)->commit());
    }

    /// kill -9 at random moments: what was acknowledged is there, and of a turn all or nothing.
    void killed()
    {
        Bench bench;
        int last = 0;
        for (int round = 0; round < 40; ++round) {
            int ends[2];
            QVERIFY(::pipe(ends) == 0);
            const pid_t child = ::fork();
            if (child == 0) {
                ::close(ends[0]);
                AlarmSchedule schedule(scheduleFile(bench.state, theKey));
                auto store = ObjectStore::open(bench.state, bench.address(), schedule);
                for (int n = last + 1; store; ++n) {
                    const std::string value = std::to_string(n);
                    const bool fine = put(**store, "a", value) && put(**store, "b", value) && sql(**store, "CREATE TABLE IF NOT EXISTS t (n)").isEmpty()
                        && sql(**store, "INSERT INTO t VALUES (?)", {value}).isEmpty() && (*store)->setAlarm(4'000'000'000'000 + n) && (*store)->commit();
                    if (!fine)
                        ::_exit(1);
                    if (::write(ends[1], &n, sizeof n) != sizeof n)
                        ::_exit(2);
                }
                ::_exit(3);
            }
            ::close(ends[1]);
            int told = 0;
            for (int i = 0; i <= round % 4 && ::read(ends[0], &told, sizeof told) == sizeof told; ++i)
                last = told;
            ::usleep(static_cast<useconds_t>(round * 37 % 1500));
            ::kill(child, SIGKILL);
            while (::read(ends[0], &told, sizeof told) == sizeof told)
                last = told;
            ::close(ends[0]);
            int status = 0;
            ::waitpid(child, &status, 0);
            QVERIFY2(WIFSIGNALED(status), "a write failed");
            AlarmSchedule schedule(scheduleFile(bench.state, theKey)); // as a new process has it
            const auto store = ObjectStore::open(bench.state, bench.address(), schedule);
            QVERIFY(store);
            const int found = get(**store, "a").toInt();
            QVERIFY2(found == last || found == last + 1, qPrintable(QStringLiteral("%1 was acknowledged, %2 is there").arg(last).arg(found)));
            last = found;
            QCOMPARE(get(**store, "b").toInt(), found);
            QCOMPARE(sql(**store, "SELECT max(n + 0), count(*) FROM t"), QByteArray::number(found) + '|' + QByteArray::number(found) + '\n');
            const auto alarm = (*store)->alarm();
            QCOMPARE(alarm.value(), std::optional<std::int64_t>(4'000'000'000'000 + found));
            // The schedule may be behind, as the later alarm is written after the commit: then it rings early, and is put right.
            const auto scheduled = schedule.list();
            QCOMPARE(scheduled.value().size(), 1U);
            QVERIFY(scheduled->at(0).timeNs <= *alarm.value() * 1'000'000);
        }
        QVERIFY(last > 40);
    }
};

QTEST_GUILESS_MAIN(ObjectStoreTest)
#include "t_objectstore.moc"
