// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/bindings/durableobjects/objectids.h"
#include "core/bindings/durableobjects/objectstore.h"
#include "tests/core/runtime/workerharness.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace cleat;
using namespace Qt::StringLiterals;
using bindings::durableobjects::AlarmSchedule;
using bindings::durableobjects::ObjectAddress;
using bindings::durableobjects::ObjectStore;
using test::WorkerHarness;

namespace {

const std::string theKey = bindings::durableobjects::uniqueKey("keeper", "Stored");

std::string textOf(const QString &name)
{
    QFile file(QStringLiteral(CLEAT_TESTS_DIR) + u'/' + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

QJsonDocument jsonOf(const QString &name)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(textOf(u"core/runtime/js/"_s + name)));
}

/// A handler with `storage(name)`, which opens the storage of an object; `object` of ?object=. What it gives is answered as JSON.
std::string code(const std::string &body, const std::string &more = {})
{
    return "import { makeStorage, objectStorage } from 'cleat-internal:object-storage';\n" + more + R"js(
const slots = new Map();
export function slotOf(name, sqlite = true) {
    if (!slots.has(name)) slots.set(name, objectStorage.open({workerName: "keeper", className: "Stored", idHex: ids(name), name, sqlite}));
    return slots.get(name);
}
const storage = (name = "one", hooks, sqlite) => makeStorage(slotOf(name, sqlite), hooks);
function ids(name) { let hex = ""; for (const byte of new TextEncoder().encode(name)) hex += byte.toString(16).padStart(2, "0"); return hex.padEnd(64, "0"); }
export async function onRequest({request}) {
    const {searchParams: query} = new URL(request.url);
    try { return Response.json((await (async () => {)js"
        + body + "})()) ?? null); } catch (error) { return new Response(`${error.name}: ${error.message}`, {status: 500}); }\n}\n";
}

/// The id that `ids()` above makes of a name.
std::string idOf(const std::string &name)
{
    std::string hex = base::toHex(base::asBytes(name));
    hex.resize(64, '0');
    return hex;
}

struct Opened {
    explicit Opened(const WorkerHarness &harness, const std::string &name = "one")
        : state(harness.state().path().toStdString()),
          schedule(bindings::durableobjects::scheduleFile(state, theKey)),
          store(ObjectStore::open(state, {theKey, idOf(name), std::nullopt, ObjectAddress::Backend::Sqlite}, schedule).value())
    {}
    std::filesystem::path state;
    AlarmSchedule schedule;
    std::unique_ptr<ObjectStore> store;
};

/// Texts without white space: functions in messages are spelled as a bundler leaves them.
QJsonValue squeezed(const QJsonValue &value)
{
    if (value.isString())
        return value.toString().remove(u' ').remove(u'\n');
    if (value.isArray()) {
        QJsonArray out;
        for (const QJsonValue &item : value.toArray())
            out.append(squeezed(item));
        return out;
    }
    if (!value.isObject())
        return value;
    QJsonObject out;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (it.key() != "name"_L1 || !object.contains("value"_L1))
            out[it.key()] = squeezed(it.value());
    }
    return out;
}

QString text(const QJsonValue &value)
{
    return QString::fromUtf8(QJsonDocument(QJsonObject{{u"v"_s, value}}).toJson(QJsonDocument::Compact)).left(900);
}

} // namespace

/// ctx.storage, as code sees it.
class ObjectStorageTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("CLEAT_TEST_OBJECT_STORAGE", "1"); }

    void sameOutcomesAsTheRealThing_data()
    {
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("file");
        QTest::newRow("SQLite classes") << u"run(storage('c'), cases)"_s << u"storagestored.json"_s;
        QTest::newRow("key-value classes") << u"run(storage('c', undefined, false), legacyCases)"_s << u"storagelegacy.json"_s;
    }
    /// What wrangler answered lies in the file; tests/interop compares with the one that is installed.
    void sameOutcomesAsTheRealThing()
    {
        QFETCH(QString, list);
        QFETCH(QString, file);
        WorkerHarness harness;
        const auto loaded = harness.load(code("return " + list.toStdString(), textOf(u"interop/doproject/worker/corpus.js"_s)));
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        const auto answer = harness.fetch();
        QVERIFY2(answer.status == 200, answer.body.c_str());
        const QJsonArray ours = QJsonDocument::fromJson(QByteArray::fromStdString(answer.body)).array();
        const QJsonArray theirs = jsonOf(file).array();
        QCOMPARE(ours.size(), theirs.size());
        int different = 0;
        for (qsizetype i = 0; i < ours.size(); ++i) {
            const QJsonObject a = squeezed(theirs[i]).toObject();
            const QJsonObject b = squeezed(ours[i]).toObject();
            if (a["value"_L1] == b["value"_L1] && a["thrown"_L1] == b["thrown"_L1])
                continue;
            ++different;
            qWarning("%s\nreal: %s\nours: %s\n", qPrintable(ours[i]["name"_L1].toString()), qPrintable(text(theirs[i])), qPrintable(text(ours[i])));
        }
        QCOMPARE(different, 0);
    }

    /// Bytes that wrangler wrote are read, and the same bytes are written.
    void valuesAsTheRealThingWritesThem()
    {
        const QJsonObject golden = jsonOf(u"storedvalues.json"_s).object();
        QVERIFY(golden.size() > 60);
        WorkerHarness harness;
        const auto loaded = harness.load(code("const s = storage(query.get('object')); if (query.has('write')) { for (const [name, make] of values) await s.put(name, make()); return values.length; }"
                                              " const all = {}; for (const [name, value] of await s.list()) all[name] = show(value); return all;",
                                             textOf(u"interop/doproject/worker/corpus.js"_s) + textOf(u"interop/doproject/worker/values.js"_s)));
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        {
            Opened theirs(harness, "theirs");
            for (auto it = golden.begin(); it != golden.end(); ++it) {
                const QByteArray bytes = QByteArray::fromHex(it.value()["bytes"_L1].toString().toLatin1());
                QVERIFY(theirs.store->put(it.key().toStdString(), base::asBytes(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size())))));
            }
            QVERIFY(theirs.store->commit());
        }
        const auto read = harness.fetch("GET", "http://localhost/?object=theirs");
        QVERIFY2(read.status == 200, read.body.c_str());
        const QJsonObject shown = QJsonDocument::fromJson(QByteArray::fromStdString(read.body)).object();
        QCOMPARE(shown.size(), golden.size());
        int different = 0;
        for (auto it = golden.begin(); it != golden.end(); ++it) {
            if (shown[it.key()] == it.value()["shown"_L1])
                continue;
            ++different;
            qWarning("read: %s\nreal: %s\nours: %s\n", qPrintable(it.key()), qPrintable(text(it.value()["shown"_L1])), qPrintable(text(shown[it.key()])));
        }
        const auto written = harness.fetch("GET", "http://localhost/?object=ours&write=1");
        QVERIFY2(written.status == 200, written.body.c_str());
        Opened ours(harness, "ours");
        for (auto it = golden.begin(); it != golden.end(); ++it) {
            base::Result<std::optional<std::string>> bytes;
            QTRY_VERIFY((bytes = ours.store->get(it.key().toStdString())) && *bytes); // the answer may come before the turn's end
            const QString hex = *bytes ? QString::fromStdString(base::toHex(base::asBytes(**bytes))) : u"nothing"_s;
            if (hex == it.value()["bytes"_L1].toString() || it.key() == "int32"_L1) // whose engine has smaller integers, and makes a double of it
                continue;
            ++different;
            qWarning("written: %s\nreal: %s\nours: %s\n", qPrintable(it.key()), qPrintable(it.value()["bytes"_L1].toString().left(300)), qPrintable(hex.left(300)));
        }
        QCOMPARE(different, 0);
    }

    void valuesOfOtherVersions_data()
    {
        QTest::addColumn<QByteArray>("hex");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("16") << QByteArray("ff104906") << QByteArray("3");
        QTest::newRow("14") << QByteArray("ff0e4906") << QByteArray("3");
        QTest::newRow("13, without a header") << QByteArray("220568656c6c6f") << QByteArray("\"hello\"");
        QTest::newRow("17") << QByteArray("ff114906") << QByteArray("Error");
        QTest::newRow("nothing") << QByteArray("") << QByteArray("Error");
        QTest::newRow("cut off") << QByteArray("ff0f6f2201") << QByteArray("Error");
        QTest::newRow("a kind of host object that nobody knows") << QByteArray("ff0f5c63") << QByteArray("Error: It holds an object of a kind (99)");
        QTest::newRow("a host object that is cut off") << QByteArray("ff0f5c0a01") << QByteArray("Error");
        QTest::newRow("an error of a type to come") << QByteArray("ff0f5c0a6322016d6f7b00") << QByteArray("{}");
        QTest::newRow("a DOMException whose name is longer than all") << QByteArray("ff0f5c08ffffffff0f") << QByteArray("Error");
    }
    void valuesOfOtherVersions()
    {
        QFETCH(QByteArray, hex);
        QFETCH(QByteArray, expected);
        WorkerHarness harness;
        QVERIFY(harness.load(code("return storage().get('k')")));
        {
            Opened opened(harness);
            const QByteArray bytes = QByteArray::fromHex(hex);
            QVERIFY(opened.store->put("k", base::asBytes(std::string_view(bytes.data(), static_cast<std::size_t>(bytes.size())))));
            QVERIFY(opened.store->commit());
        }
        const auto answer = harness.fetch();
        QVERIFY2(QByteArray::fromStdString(answer.body).startsWith(expected), answer.body.c_str());
    }

    /// Each turn ends with a commit, whether or not anybody waits for it.
    void aTurnIsCommitted()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(code("const s = storage(); s.put('a', 1); s.kv.put('b', 2); s.sql.exec('CREATE TABLE t (n)'); s.setAlarm(6000000000000);")));
        QCOMPARE(harness.fetch().body, std::string("null"));
        Opened opened(harness);
        QTRY_VERIFY(opened.store->get("b").value());
        QVERIFY(opened.store->get("a").value());
        QVERIFY(opened.store->exec("SELECT * FROM t", {}));
        QCOMPARE(opened.store->alarm().value(), std::optional<std::int64_t>(6'000'000'000'000));
        QCOMPARE(opened.schedule.list().value().size(), 1U);
    }

    /// Code that runs into its limit in the middle of a turn leaves nothing of it.
    void aTurnThatIsCutIsTakenBack()
    {
        runtime::Limits limits;
        limits.cpuMs = 300;
        WorkerHarness harness(limits);
        QVERIFY(harness.load(code("const s = storage(); if (query.has('read')) return [await s.get('a'), await s.get('b')]; await s.put('a', 1);"
                                  " await new Promise((done) => setTimeout(done, 1)); s.kv.put('b', 1); for (;;);")));
        QCOMPARE(harness.fetch().status, 503);
        QCOMPARE(harness.fetch("GET", "http://localhost/?read").body, std::string("[1,null]"));
    }

    void theHooks()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(code(R"js(
            const told = [];
            let broken = false;
            const s = storage("hooked", {
                check() { if (broken) throw new Error("broken"); },
                beforeWrite() { told.push("write"); },
                hasAlarmHandler: () => query.has("alarm"),
                alarmChanged(ms) { told.push(ms); },
                waitUntilDurable: async () => { told.push("durable"); },
                blockConcurrencyWhile: async (run) => { told.push("block"); const result = await run(); told.push("unblock"); return result; },
            });
            await s.get("a"); await s.list(); [...s.kv.list()];
            await s.put("a", 1);
            s.kv.delete("a");
            told.push(await s.setAlarm(6000000000000).catch((e) => e.message) ?? null);
            await s.deleteAlarm();
            await s.sync();
            told.push(await s.transaction(async () => { throw new Error("thrown"); }).catch((e) => e.message));
            await s.put("uncommitted", 1);
            objectStorage.rollback(slotOf("hooked"));
            told.push(await s.get("uncommitted") === undefined);
            broken = true;
            for (const call of [() => s.get("a"), () => s.kv.get("a"), () => s.sql.exec("SELECT 1"), () => s.transaction(() => {}), () => s.put("a", 1), () => s.sync(), () => s.transactionSync(() => {})])
                try { await call(); told.push("fine"); } catch (e) { told.push(e.message); }
            return told;
        )js")));
        const std::string broken = R"(,"broken","broken","broken","broken","broken","broken","broken"])";
        QCOMPARE(QString::fromStdString(harness.fetch("GET", "http://localhost/?alarm").body),
            QString::fromStdString(R"(["write","write","write",6000000000000,null,"write",null,"durable","block","write","unblock","thrown","write",true)" + broken));
        QCOMPARE(QString::fromStdString(harness.fetch().body),
            QString::fromStdString(R"--(["write","write","Your Durable Object class must have an alarm() handler in order to call setAlarm()","write",null,"durable","block","write","unblock","thrown","write",true)--" + broken));
    }

    void alarmsBeginAndEnd()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(code(R"js(
            const s = storage(), slot = slotOf("one"), told = [];
            told.push(objectStorage.alarmBegin(slot));
            await s.setAlarm(Date.now() + 1e9);
            told.push(objectStorage.alarmBegin(slot));
            await s.setAlarm(1);
            await new Promise((done) => setTimeout(done, 2));
            told.push(objectStorage.alarmBegin(slot), await s.getAlarm());
            objectStorage.alarmEnd(slot, true);
            told.push(await s.getAlarm() > 0, objectStorage.alarmBegin(slot));
            objectStorage.alarmEnd(slot, false);
            told.push(await s.getAlarm());
            return told;
        )js")));
        QCOMPARE(harness.fetch().body, std::string("[false,false,true,null,true,true,null]"));
        QCOMPARE(AlarmSchedule(bindings::durableobjects::scheduleFile(harness.state().path().toStdString(), theKey)).list().value().size(), 0U);
    }

    void halves()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(code(R"js(
            const s = storage();
            s.sql.exec("CREATE TABLE t (b)");
            s.sql.exec("INSERT INTO t VALUES (?)", new Float16Array([9, 1.5]).subarray(1));
            const refused = [];
            for (const value of [new Float16Array(1), { a: [new Float16Array(1)] }, new Map([[new Error("e"), new Float16Array(1)]])])
                for (const put of [() => s.put("a", value), () => s.kv.put("a", value)])
                    try { await put(); refused.push("nothing"); } catch (error) { refused.push(`${error.name}: ${error.message}`); }
            return [[...new Uint8Array(s.sql.exec("SELECT b FROM t").one().b)], [...new Set(refused)]];
        )js")));
        QCOMPARE(harness.fetch().body, std::string("[[0,62],[\"DataCloneError: #<Float16Array> could not be cloned.\"]]"));
    }

    /// More objects than files may be open.
    void manyObjects()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(code(R"js(
            const count = Number(query.get("count"));
            for (let round = 0; round < 3; ++round) {
                for (let i = 0; i < count; ++i) {
                    const s = storage(`object ${i}`);
                    await s.put("n", (await s.get("n") ?? 0) + 1);
                    if (i % 50 === 49) await new Promise((done) => setTimeout(done, 0));
                }
            }
            let sum = 0;
            for (let i = 0; i < count; ++i) sum += await storage(`object ${i}`).get("n");
            return sum;
        )js")));
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/?count=300";
        QCOMPARE(harness.wait(harness.begin(std::move(request)), 120'000).body, std::string("900"));
        int open = 0;
        for (const QFileInfo &file : QDir(u"/proc/self/fd"_s).entryInfoList(QDir::Files | QDir::System))
            open += file.symLinkTarget().endsWith(".sqlite"_L1) ? 1 : 0;
        QVERIFY2(open > 100 && open <= 200, qPrintable(QString::number(open)));
    }

    /// Cursors that nobody reads to the end keep no statement for ever, and do not stand in the way.
    void cursorsAreCollected()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(code(R"js(
            const s = storage();
            s.sql.exec("CREATE TABLE IF NOT EXISTS t (n)");
            s.sql.exec("DELETE FROM t");
            for (let i = 0; i < 10; ++i) s.sql.exec("INSERT INTO t VALUES (?)", i);
            let sum = 0;
            for (let i = 0; i < 20000; ++i) { sum += s.sql.exec("SELECT n FROM t WHERE n >= ?", i % 5).next().value.n; if (i % 500 === 0) await new Promise((done) => setTimeout(done, 0)); }
            await s.put("sum", sum);
            return s.get("sum");
        )js")));
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        QCOMPARE(harness.wait(harness.begin(std::move(request)), 120'000).body, std::string("40000"));
    }

    void callsAreLogged()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(code(R"js(
            const s = storage();
            await s.put("a", {n: 1});
            await s.put({b: 2, c: "three"});
            await s.get("a");
            await s.get(["a", "x"]);
            await s.list({prefix: "a", reverse: true, limit: 5});
            await s.delete("a");
            s.kv.get("b");
            s.sql.exec("CREATE TABLE t (n)");
            s.sql.exec("INSERT INTO t VALUES (?), (?)", 1, "x").toArray();
            s.sql.exec("SELECT n FROM t").toArray();
            try { s.sql.exec("SELECT nope"); } catch {}
            await s.transaction(async (txn) => { txn.rollback(); });
            return 1;
        )js")));
        QCOMPARE(harness.fetch().body, std::string("1"));
        std::vector<events::CallEvent> logged;
        [&] {
            QTRY_VERIFY([&] {
                for (const auto &event : harness.events()) {
                    const auto *call = std::get_if<events::CallEvent>(&event);
                    if (call && call->kind == "storage")
                        logged.push_back(*call);
                }
                return logged.size() >= 12;
            }());
        }();
        QStringList told;
        for (const auto &call : logged) {
            QCOMPARE(call.binding, std::string("Stored"));
            QVERIFY(call.request != 0);
            told += QString::fromStdString(call.method + ' ' + call.arguments + ' ' + call.result + ' ' + call.error) + u" %1/%2"_s.arg(call.rowsRead).arg(call.rowsWritten);
        }
        const QStringList expected{
            u"put [\"a\",{\"n\":1}]   0/1"_s,
            u"put [{\"b\":2,\"c\":\"three\"}]   0/2"_s,
            u"get [\"a\"] {\"n\":1}  1/0"_s,
            u"get [[\"a\",\"x\"]] {\"found\":1,\"asked\":2}  2/0"_s,
            u"list [{\"prefix\":\"a\",\"reverse\":true,\"limit\":5}] {\"keys\":[\"a\"],\"count\":1}  1/0"_s,
            u"delete [\"a\"] true  0/1"_s,
            u"kv.get [\"b\"] 2  1/0"_s,
            u"exec [\"CREATE TABLE t (n)\"] {\"columns\":[]}  1/2"_s,
            u"exec [\"INSERT INTO t VALUES (?), (?)\",1,\"x\"] {\"columns\":[]}  0/2"_s,
            u"exec [\"SELECT n FROM t\"] {\"columns\":[\"n\"]}  1/0"_s,
            u"exec [\"SELECT nope\"]  no such column: nope at offset 7: SQLITE_ERROR 0/0"_s,
            u"transaction  \"rolled back\"  0/0"_s,
        };
        QCOMPARE(told.join(u'\n'), expected.join(u'\n'));
    }

    void aFileThatIsNoneIsNamed()
    {
        WorkerHarness harness;
        const auto file = bindings::durableobjects::objectFile(harness.state().path().toStdString(), theKey, idOf("bad"));
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << std::string(10'000, 'x');
        QVERIFY(harness.load(code("const bad = await storage('bad').get('a').catch((e) => e.message); await storage('good').put('a', 1); return [bad, await storage('good').get('a')];")));
        const auto answer = harness.fetch();
        QVERIFY2(answer.body.starts_with("[\"The state file " + file.string() + " is not a SQLite database"), answer.body.c_str());
        QVERIFY(answer.body.ends_with("\",1]"));
    }

    /// Slots that are closed.
    void afterTheEnd()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(code(R"js(
            const s = storage(); await s.put("a", 1);
            const cursor = s.sql.exec("SELECT value FROM json_each('[1,2,3]')");
            objectStorage.close(slotOf("one"));
            return [await s.get("a").catch((e) => e.message), cursor.toArray(), await s.put("a", 1).catch((e) => e.message)];
        )js")));
        QCOMPARE(harness.fetch().body, std::string(R"(["Durable Object storage is no longer accessible.",[],"Durable Object storage is no longer accessible."])"));
    }

    /// Prints what a counter costs.
    void timeOfACall()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(code(R"js(
            const s = storage();
            const time = async (count, work) => { const begin = performance.now(); for (let i = 0; i < count; ++i) await work(i); return (performance.now() - begin) * 1000 / count; };
            s.sql.exec("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, n)");
            await s.put("n", 0);
            const turn = () => new Promise((done) => setTimeout(done, 0));
            const told = {};
            for (let i = 0; i < 2; ++i) {
                told["get"] = await time(5000, () => s.get("n"));
                told["put"] = await time(5000, (n) => s.put("n", n));
                told["get and put"] = await time(5000, async () => s.put("n", (await s.get("n")) + 1));
                told["get and put of an object"] = await time(5000, async () => { await s.put("o", {n: 1, list: [1, 2]}); await s.get("o"); });
                told["kv.get and kv.put"] = await time(5000, () => s.kv.put("n", s.kv.get("n") + 1));
                told["exec, one row"] = await time(5000, (n) => s.sql.exec("SELECT ? AS n", n).one());
                told["exec, insert"] = await time(5000, (n) => s.sql.exec("INSERT INTO t (n) VALUES (?)", n));
                told["turn"] = await time(500, turn);
                told["turn with a put"] = await time(500, async (n) => { s.put("n", n); await turn(); });
            }
            return told;
        )js")));
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        const auto answer = harness.wait(harness.begin(std::move(request)), 120'000);
        QCOMPARE(answer.status, 200);
        qInfo("microseconds: %s", answer.body.c_str());
    }
};

QTEST_GUILESS_MAIN(ObjectStorageTest)
#include "t_objectstorage.moc"
