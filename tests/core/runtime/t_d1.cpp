// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/d1/d1database.h"
#include "tests/core/runtime/d1corpus.h"
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace cleat;
using test::WorkerHarness;

namespace {

runtime::Bindings bound(std::initializer_list<const char *> names)
{
    runtime::Bindings bindings;
    for (const char *name : names)
        bindings.d1.push_back({name, std::string("id of ") + name});
    return bindings;
}

/// For what takes long on a busy machine.
WorkerHarness::Answer fetchPatiently(WorkerHarness &harness, const std::string &url = "http://localhost/")
{
    runtime::Request request;
    request.method = "GET";
    request.url = url;
    return harness.wait(harness.begin(std::move(request)), 60'000);
}

std::vector<events::CallEvent> calls(WorkerHarness &harness, std::size_t count)
{
    std::vector<events::CallEvent> found;
    QElapsedTimer timer;
    timer.start();
    while (found.size() < count && timer.elapsed() < 10000) {
        for (const auto &event : harness.events()) {
            if (const auto *call = std::get_if<events::CallEvent>(&event))
                found.push_back(*call);
        }
        if (found.size() < count)
            QTest::qSleep(5);
    }
    return found;
}

} // namespace

/// D1 as a Function sees it.
class D1Test final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// d1outcomes.json is what wrangler 4.164 answered; tests/interop compares with the one that is installed.
    void sameOutcomesAsTheRealThing()
    {
        WorkerHarness harness;
        const auto loaded = harness.load(test::d1Corpus(), bound({"CORPUS"}));
        QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
        const auto answer = fetchPatiently(harness);
        QCOMPARE(answer.status, 200);
        QFile expected(QStringLiteral(CLEAT_TESTS_DIR "/core/runtime/js/d1outcomes.json"));
        QVERIFY(expected.open(QIODevice::ReadOnly));
        const QStringList differences = test::d1Differences(expected.readAll(), QByteArray::fromStdString(answer.body));
        for (const QString &difference : differences)
            qWarning("%s\n", qPrintable(difference));
        QVERIFY2(differences.isEmpty(), qPrintable(QString::number(differences.size()) + QStringLiteral(" differences")));
    }

    void callsAreLogged()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(R"js(export async function onRequest({env: {DB}}) {
            await DB.exec("CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, picture)\nINSERT INTO users (name) VALUES ('Ann')");
            await DB.prepare("INSERT INTO users (name, picture) VALUES (?, ?)").bind("Bob " + "x".repeat(5000), new Uint8Array(3)).run();
            await DB.prepare("SELECT * from users").first();
            await DB.batch([DB.prepare("SELECT 1 AS one"), DB.prepare("SELECT ?").bind(2.5)]);
            await DB.prepare("SELECT * FROM nope").raw().catch(() => {});
            await DB.exec("SELECT nope").catch(() => {});
            return new Response("done");
        })js", bound({"DB"})));
        QCOMPARE(harness.fetch().body, std::string("done"));
        auto logged = calls(harness, 6);
        std::erase_if(logged, [](const auto &call) { return !events::isBindingCall(call); });
        QCOMPARE(logged.size(), 6U);
        for (const auto &call : logged) {
            QCOMPARE(call.kind, std::string("d1"));
            QCOMPARE(call.binding, std::string("DB"));
            QVERIFY(call.request != 0);
        }
        QCOMPARE(logged[0].method, std::string("exec"));
        QCOMPARE(logged[0].arguments, std::string("[[\"CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, picture)\"],[\"INSERT INTO users (name) VALUES ('Ann')\"]]"));
        QCOMPARE(logged[0].result, std::string("{\"count\":2}"));
        QCOMPARE(logged[1].method, std::string("run"));
        QVERIFY(logged[1].arguments.starts_with("[\"INSERT INTO users (name, picture) VALUES (?, ?)\",\"Bob xxx"));
        QVERIFY(logged[1].arguments.ends_with("(5004 bytes)\",\"<3 bytes>\"]"));
        QVERIFY2(logged[1].result.contains("\"changes\":1,\"last_row_id\":2,\"changed_db\":true"), logged[1].result.c_str());
        QCOMPARE(logged[2].method, std::string("first"));
        QCOMPARE(logged[2].arguments, std::string("[\"SELECT * from users\"]"));
        QVERIFY2(logged[2].result.starts_with("{\"columns\":[\"id\",\"name\",\"picture\"],\"rows\":[[1,\"Ann\",null],[2,\"Bob xxx"), logged[2].result.c_str());
        QVERIFY(logged[2].result.contains("\"<3 bytes>\"]],\"count\":2,\"meta\":{\"duration\":"));
        QCOMPARE(logged[3].method, std::string("batch"));
        QCOMPARE(logged[3].arguments, std::string("[[\"SELECT 1 AS one\"],[\"SELECT ?\",2.5]]"));
        QVERIFY2(logged[3].result.starts_with("[{\"columns\":[\"one\"],\"rows\":[[1]],\"count\":1,"), logged[3].result.c_str());
        QCOMPARE(logged[4].error, std::string("D1_ERROR: no such table: nope: SQLITE_ERROR"));
        QCOMPARE(logged[4].result, std::string());
        QCOMPARE(logged[5].error, std::string("D1_EXEC_ERROR: Error in line 1: SELECT nope: no such column: nope at offset 7: SQLITE_ERROR"));
    }

    void aQueryWithoutEndIsEnded()
    {
        runtime::Limits limits;
        limits.queryMs = 300;
        WorkerHarness harness(limits);
        QVERIFY(harness.load("export async function onRequest({env, request}) { return Response.json(await env.DB.prepare(request.url.endsWith('/endless')"
                             " ? 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n' : 'SELECT 1 AS a').first()); }", bound({"DB"})));
        const auto answer = fetchPatiently(harness, "http://localhost/endless");
        QCOMPARE(answer.status, 500);
        QVERIFY2(answer.body.starts_with("Error: D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset."), answer.body.c_str());
        QCOMPARE(harness.fetch().body, std::string("{\"a\":1}"));
    }

    void aDatabaseThatIsNoneIsNamed()
    {
        WorkerHarness harness;
        const std::filesystem::path state = harness.state().path().toStdString();
        const std::filesystem::path file = bindings::d1::D1Database(state, "id of BAD").file();
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file) << std::string(10'000, 'x');
        QVERIFY(harness.load("export async function onRequest({env}) { let text; try { await env.BAD.prepare('SELECT 1').first(); } catch (e) { text = e.message + '|' + e.cause.message; }"
                             " return Response.json([text, await env.GOOD.prepare('SELECT 1 AS a').first('a')]); }", bound({"BAD", "GOOD"})));
        const auto answer = harness.fetch();
        QVERIFY2(answer.body.starts_with("[\"D1_ERROR: The state file " + file.string() + " is not a SQLite database"), answer.body.c_str());
        QVERIFY2(answer.body.ends_with("\",1]"), answer.body.c_str());
        QCOMPARE(std::filesystem::file_size(file), 10'000U);
    }

    void manyRows()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("export async function onRequest({env: {DB}}) {"
                             " const {results} = await DB.prepare('WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) SELECT x, x * 2 AS y, hex(x) AS z FROM n').all();"
                             " return Response.json([results.length, results[19999], results.reduce((sum, row) => sum + row.x, 0)]); }", bound({"DB"})));
        QCOMPARE(fetchPatiently(harness).body, std::string("[20000,{\"x\":20000,\"y\":40000,\"z\":\"3230303030\"},200010000]"));
    }

    /// Prints what the benchmark measures (tests/bench).
    void timeOfACall()
    {
        QFile code(QStringLiteral(CLEAT_TESTS_DIR "/bench/project/functions/calls.js"));
        QVERIFY(code.open(QIODevice::ReadOnly));
        WorkerHarness harness;
        QVERIFY(harness.load(code.readAll().toStdString(), bound({"BENCH_D1"})));
        for (const char *what : {"d1first", "d1insert"}) {
            std::vector<int> times; // of 1000 calls in ms, so of one in us
            for (int i = 0; i < 9; ++i)
                times.push_back(std::stoi(fetchPatiently(harness, std::string("http://localhost/calls?calls=1000&do=") + what).body));
            std::ranges::sort(times);
            qInfo("%s: %d us", what, times[4]);
        }
    }

    void aResultThatFillsTheHeap()
    {
        runtime::Limits limits;
        limits.heapBytes = 24U << 20;
        WorkerHarness harness(limits);
        QVERIFY(harness.load("export async function onRequest({env, request}) { return Response.json((await env.DB.prepare(request.url.endsWith('/big')"
                             " ? 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000) SELECT x, x + 0.5 AS y FROM n' : 'SELECT 1 AS a').all()).results.length); }", bound({"DB"})));
        const auto answer = fetchPatiently(harness, "http://localhost/big");
        QCOMPARE(answer.status, 503);
        QVERIFY2(answer.body.contains("filled the JavaScript heap"), answer.body.c_str());
        QCOMPARE(harness.fetch().body, std::string("1"));
    }
};

QTEST_GUILESS_MAIN(D1Test)
#include "t_d1.moc"
