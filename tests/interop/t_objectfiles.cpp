// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/interop/wranglerdev.h"

#include "core/base/clock.h"
#include "core/bindings/durableobjects/alarmschedule.h"
#include "core/bindings/durableobjects/objectfiles.h"
#include "core/bindings/durableobjects/objectids.h"
#include "tests/core/runtime/workerharness.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTemporaryDir>
#include <QTest>
#include <QUrlQuery>

#include <algorithm>
#include <memory>

using namespace cleat;
using namespace Qt::StringLiterals;
using namespace bindings::durableobjects;

/// The files of Durable Objects, both ways, with the real wrangler: what its objects store is read here, and the other way round; and the same calls with the same outcomes.
class ObjectFilesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_wrangler.reset(); }
    void alarmsThatWereSetHere();
    void writtenThere();
    void writtenHere();
    void schedulesOfThere();
    void inTurns();
    void sameOutcomes_data();
    void sameOutcomes();

private:
    /// What the object of that name answers there.
    QByteArray theirs(const QString &path, const QString &name, const QString &className = u"STORED"_s, const QByteArray &body = {});
    /// The same here, where `path` is a call of the handler below.
    QByteArray ours(const QString &call, const std::string &name, const QString &className = u"Stored"_s);
    std::filesystem::path state() const { return m_dir.filePath(u"project/.wrangler/state"_s).toStdString(); }

    QTemporaryDir m_dir;
    QNetworkAccessManager m_network;
    std::unique_ptr<WranglerDev> m_wrangler;
    std::unique_ptr<test::WorkerHarness> m_harness;
};

namespace {

std::string source(const char *name)
{
    QFile file(QStringLiteral(CLEAT_SOURCE_DIR "/tests/interop/doproject/worker/") + QString::fromUtf8(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

const char *const handler = R"js(
import { makeStorage, objectStorage } from "cleat-internal:object-storage";
export async function onRequest({request}) {
    const query = new URL(request.url).searchParams;
    const className = query.get("class");
    const slot = objectStorage.open({workerName: "keeper", className, idHex: query.get("id"), name: query.get("name"), sqlite: className === "Stored"});
    const storage = makeStorage(slot);
    const calls = {
        async write() { for (const [name, make] of values) await storage.put(name, make()); return values.length; },
        async read() { const all = {}; for (const [name, value] of await storage.list()) all[name] = show(value); return all; },
        sql: () => [...storage.sql.exec(query.get("sql")).raw()].map((row) => show(row)),
        count: async () => { const n = (await storage.get("count") ?? 0) + 1; await storage.put("count", n); return n; },
        alarm: async () => { await storage.setAlarm(Number(query.get("at"))); return storage.getAlarm(); },
        getAlarm: () => storage.getAlarm(),
        corpus: () => run(storage, className === "Stored" ? cases : legacyCases),
    };
    try {
        const result = await calls[query.get("call")]();
        await storage.sync();
        return Response.json(result);
    } catch (error) {
        return new Response(String(error.stack), {status: 500});
    } finally {
        objectStorage.close(slot);
    }
}
)js";

/// Texts without white space: functions in messages are spelled as a bundler leaves them.
QJsonValue squeezed(const QJsonValue &value)
{
    if (value.isString())
        return value.toString().remove(u' ').remove(u'\n');
    if (!value.isArray())
        return value;
    QJsonArray out;
    for (const QJsonValue &item : value.toArray())
        out.append(squeezed(item));
    return out;
}

} // namespace

void ObjectFilesTest::initTestCase()
{
    qputenv("CLEAT_TEST_OBJECT_STORAGE", "1");
    QVERIFY2(WranglerDev::missing().isEmpty(), qPrintable(WranglerDev::missing()));
    QVERIFY(m_dir.isValid());
    const QString project = m_dir.filePath(u"project"_s);
    QVERIFY(QDir(m_dir.path()).mkpath(project));
    QVERIFY(WranglerDev::copyProject(project, u"doproject"_s));
    QVERIFY(QDir(m_dir.path()).mkdir(u"home"_s));
    m_harness = std::make_unique<test::WorkerHarness>();
    runtime::Bindings bindings;
    bindings.state = state();
    const auto loaded = m_harness->load(handler + source("corpus.js") + source("values.js"), bindings);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    // While wrangler is not there yet: it reads the schedule when it starts.
    QCOMPARE(ours(u"alarm&at=1"_s, "early").isEmpty(), false);
    QCOMPARE(ours(u"alarm&at=6000000000000"_s, "late"), QByteArray("6000000000000"));
    m_wrangler = std::make_unique<WranglerDev>(project, m_dir.filePath(u"home"_s), QStringList{u"-c"_s, u"wrangler.toml"_s, u"-c"_s, u"worker/wrangler.toml"_s});
    const bool started = m_wrangler->start();
    QVERIFY2(started, m_wrangler->output().constData());
}

QByteArray ObjectFilesTest::theirs(const QString &path, const QString &name, const QString &className, const QByteArray &body)
{
    QUrl url(m_wrangler->url() + path);
    QUrlQuery query(url.query());
    query.addQueryItem(u"name"_s, name);
    query.addQueryItem(u"class"_s, className);
    url.setQuery(query);
    QNetworkRequest request(url);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"text/plain"_s);
    request.setTransferTimeout(60'000);
    const std::unique_ptr<QNetworkReply> reply(body.isEmpty() ? m_network.get(request) : m_network.post(request, body));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 70'000); }();
    return reply->readAll();
}

QByteArray ObjectFilesTest::ours(const QString &call, const std::string &name, const QString &className)
{
    runtime::Request request;
    request.method = "GET";
    const std::string id = idFromName(uniqueKey("keeper", className.toStdString()), name);
    request.url = "http://localhost/?class=" + className.toStdString() + "&id=" + id + "&name=" + name + "&call=" + call.toStdString();
    return QByteArray::fromStdString(m_harness->wait(m_harness->begin(std::move(request)), 60'000).body);
}

void ObjectFilesTest::alarmsThatWereSetHere()
{
    // Its handler writes when it rings.
    QTRY_VERIFY_WITH_TIMEOUT(theirs(u"/read?prefix=rang"_s, u"early"_s).contains("rang"), 60'000);
    QCOMPARE(theirs(u"/alarm"_s, u"early"_s), QByteArray("null"));
    QCOMPARE(theirs(u"/alarm"_s, u"late"_s), QByteArray("6000000000000"));
    QCOMPARE(ours(u"getAlarm"_s, "early"), QByteArray("null"));
    QVERIFY(ours(u"read"_s, "early").contains("rang"));
}

void ObjectFilesTest::writtenThere()
{
    for (const QString &className : {u"STORED"_s, u"LEGACY"_s}) {
        QVERIFY(theirs(u"/write"_s, u"theirs"_s, className).toInt() > 60);
        const QJsonObject there = QJsonDocument::fromJson(theirs(u"/read"_s, u"theirs"_s, className)).object();
        const QJsonObject here = QJsonDocument::fromJson(ours(u"read"_s, "theirs", className == u"STORED"_s ? u"Stored"_s : u"Legacy"_s)).object();
        QVERIFY(there.size() > 60);
        for (auto it = there.begin(); it != there.end(); ++it)
            QVERIFY2(here[it.key()] == it.value(), qPrintable(it.key()));
        QCOMPARE(here.size(), there.size());
    }
    QCOMPARE(theirs(u"/sql"_s, u"theirs"_s, u"STORED"_s,
                 "CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB); INSERT INTO t VALUES (1, 1.5, 'caf\xC3\xA9', x'0102'), (NULL, NULL, NULL, NULL); SELECT 1"),
        QByteArray("[[1]]"));
    QCOMPARE(ours(u"sql&sql=SELECT *, typeof(i) FROM t"_s, "theirs"),
        QByteArray(R"([[1,1.5,"caf)" "\xC3\xA9" R"(",{"buffer":[1,2]},"integer"],[null,null,null,null,"null"]])"));
    const auto name = nameInFile(state(), uniqueKey("keeper", "Stored"), idFromName(uniqueKey("keeper", "Stored"), "theirs"));
    QCOMPARE(name.value(), std::optional<std::string>("theirs"));
}

void ObjectFilesTest::writtenHere()
{
    for (const QString &className : {u"Stored"_s, u"Legacy"_s}) {
        QVERIFY(ours(u"write"_s, "ours", className).toInt() > 60);
        const QJsonObject here = QJsonDocument::fromJson(ours(u"read"_s, "ours", className)).object();
        const QJsonObject there = QJsonDocument::fromJson(theirs(u"/read"_s, u"ours"_s, className.toUpper())).object();
        QVERIFY(here.size() > 60);
        for (auto it = here.begin(); it != here.end(); ++it)
            QVERIFY2(there[it.key()] == it.value(), qPrintable(it.key()));
        QCOMPARE(there.size(), here.size());
    }
    QCOMPARE(ours(u"sql&sql=CREATE TABLE t (i INTEGER, s TEXT); INSERT INTO t VALUES (1, 'caf\u00e9'), (2, NULL); SELECT 1"_s, "ours"), QByteArray("[[1]]"));
    QCOMPARE(theirs(u"/sql"_s, u"ours"_s, u"STORED"_s, "SELECT i, s, (SELECT name FROM __miniflare_do_name) FROM t"),
        QByteArray(R"([[1,"caf)" "\xC3\xA9" R"(","ours"],[2,null,"ours"]])"));
}

void ObjectFilesTest::schedulesOfThere()
{
    QCOMPARE(theirs(u"/alarm?at=5000000000000"_s, u"theirs"_s), QByteArray("5000000000000"));
    QCOMPARE(ours(u"getAlarm"_s, "theirs"), QByteArray("5000000000000"));
    AlarmSchedule schedule(scheduleFile(state(), uniqueKey("keeper", "Stored")));
    const auto alarms = schedule.list();
    QVERIFY(alarms);
    const ScheduledAlarm expected{idFromName(uniqueKey("keeper", "Stored"), "theirs"), 5'000'000'000'000'000'000, "theirs"};
    QVERIFY(std::ranges::find(*alarms, expected) != alarms->end());
}

/// Both on one object, one after the other.
void ObjectFilesTest::inTurns()
{
    for (int n = 1; n < 20; n += 2) {
        QCOMPARE(ours(u"count"_s, "turns"), QByteArray::number(n));
        QCOMPARE(theirs(u"/count"_s, u"turns"_s), QByteArray::number(n + 1));
    }
}

void ObjectFilesTest::sameOutcomes_data()
{
    QTest::addColumn<QString>("className");
    QTest::newRow("SQLite classes") << u"Stored"_s;
    QTest::newRow("key-value classes") << u"Legacy"_s;
}

void ObjectFilesTest::sameOutcomes()
{
    QFETCH(QString, className);
    const QJsonArray there = QJsonDocument::fromJson(theirs(u"/corpus"_s, u"corpus"_s, className.toUpper())).array();
    const QJsonArray here = QJsonDocument::fromJson(ours(u"corpus"_s, "corpus of ours", className)).array();
    QVERIFY(there.size() > 150);
    QCOMPARE(here.size(), there.size());
    int different = 0;
    for (qsizetype i = 0; i < here.size(); ++i) {
        const QJsonObject a = there[i].toObject();
        const QJsonObject b = here[i].toObject();
        if (squeezed(a["value"_L1]) == squeezed(b["value"_L1]) && squeezed(a["thrown"_L1]) == squeezed(b["thrown"_L1]))
            continue;
        ++different;
        qWarning("real: %s\nours: %s\n", QJsonDocument(a).toJson(QJsonDocument::Compact).left(600).constData(), QJsonDocument(b).toJson(QJsonDocument::Compact).left(600).constData());
    }
    qInfo("%d calls", int(here.size()));
    QCOMPARE(different, 0);
}

QTEST_GUILESS_MAIN(ObjectFilesTest)
#include "t_objectfiles.moc"
