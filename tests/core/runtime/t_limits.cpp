// SPDX-License-Identifier: GPL-3.0-or-later
// Limits by number, and what others notice when one request goes beyond a limit.
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QTest>

using namespace cleat;
using test::WorkerHarness;

namespace {

runtime::Request request(const std::string &path, runtime::Fields fields = {})
{
    runtime::Request asked;
    asked.method = "GET";
    asked.url = "http://localhost" + path;
    asked.fields = std::move(fields);
    return asked;
}

runtime::Bindings bound()
{
    runtime::Bindings bindings;
    bindings.kv = {{"KV", "kv"}};
    bindings.r2 = {{"BUCKET", "bucket"}};
    bindings.d1 = {{"DB", "db"}};
    return bindings;
}

/// What the log says of the Worker's restarts, as soon as it is that many.
std::vector<std::string> restarts(WorkerHarness &harness, std::size_t count)
{
    std::vector<std::string> told;
    QElapsedTimer timer;
    timer.start();
    do {
        for (const auto &event : harness.events()) {
            if (const auto *notice = std::get_if<events::NoticeEvent>(&event); notice && notice->code == "runtime.restarted")
                told.push_back(notice->text);
        }
    } while (told.size() < count && timer.elapsed() < 10000);
    return told;
}

} // namespace

class LimitsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void calls_data()
    {
        QTest::addColumn<QString>("call");
        QTest::addColumn<int>("limit");
        QTest::addColumn<QString>("error");
        const QString refer = QStringLiteral(" by single Worker invocation. To configure this limit, refer to https://developers.cloudflare.com/workers/wrangler/configuration/#limits");
        const QString external = QStringLiteral("Error: Too many subrequests") + refer;
        const QString internal = QStringLiteral("Error: Too many API requests") + refer;
        const QString query = QStringLiteral("Error: D1_ERROR: Too many API requests") + refer;
        QTest::newRow("fetch") << QStringLiteral("fetch('http://127.0.0.1:1/').catch((e) => { if (/Too many/.test(e.message)) throw e; })") << 5 << external;
        QTest::newRow("cache") << QStringLiteral("caches.default.match('http://x/')") << 5 << external;
        QTest::newRow("cache put") << QStringLiteral("caches.default.put('http://x/', new Response('x', {headers: {'cache-control': 'max-age=9'}}))") << 5 << external;
        QTest::newRow("kv get") << QStringLiteral("env.KV.get('a')") << 8 << internal;
        QTest::newRow("kv get of many") << QStringLiteral("env.KV.get(['a', 'b', 'c'])") << 8 << internal;
        QTest::newRow("kv put") << QStringLiteral("env.KV.put('a', 'b')") << 8 << internal;
        QTest::newRow("kv put of a stream") << QStringLiteral("env.KV.put('a', new Response('b').body)") << 8 << internal;
        QTest::newRow("kv list") << QStringLiteral("env.KV.list()") << 8 << internal;
        QTest::newRow("kv delete") << QStringLiteral("env.KV.delete('a')") << 8 << internal;
        QTest::newRow("r2 head") << QStringLiteral("env.BUCKET.head('a')") << 8 << internal;
        QTest::newRow("r2 put") << QStringLiteral("env.BUCKET.put('a', 'b')") << 8 << internal;
        QTest::newRow("r2 put of a stream") << QStringLiteral("env.BUCKET.put('a', (() => { const {readable, writable} = new FixedLengthStream(1); const w = writable.getWriter(); w.write(new Uint8Array(1)); w.close(); return readable; })())") << 8 << internal;
        QTest::newRow("r2 delete of many") << QStringLiteral("env.BUCKET.delete(['a', 'b'])") << 8 << internal;
        QTest::newRow("d1") << QStringLiteral("env.DB.prepare('SELECT 1').all()") << 3 << query;
        QTest::newRow("d1 batch") << QStringLiteral("env.DB.batch([env.DB.prepare('SELECT 1'), env.DB.prepare('SELECT 2')])") << 3 << query;
        QTest::newRow("assets") << QStringLiteral("env.ASSETS.fetch('http://localhost/asset.txt')") << 8 << internal;
        QTest::newRow("next to the assets") << QStringLiteral("next()") << 8 << internal;
    }

    void calls()
    {
        QFETCH(QString, call);
        QFETCH(int, limit);
        QFETCH(QString, error);
        runtime::Limits limits;
        limits.subrequests = 5;
        limits.serviceCalls = 8;
        limits.queries = 3;
        WorkerHarness harness(limits);
        const std::string code = "async function onRequest({env, next}) { let n = 0; try { for (; n < 100; ++n) await " + call.toStdString() + "; } catch (e) { return new Response(n + ' ' + e); } return new Response('no limit'); }";
        QVERIFY(harness.load(code, bound()));
        for (int i = 0; i < 2; ++i) // for each request anew
            QCOMPARE(harness.send(request("/")).body, std::to_string(limit) + ' ' + error.toStdString());
    }

    /// They hold in place of the surroundings' own, from the load that brings them to the next.
    void settingsOfTheCode()
    {
        runtime::Limits limits;
        limits.cpuMs = 20'000;
        limits.subrequests = limits.serviceCalls = 4;
        WorkerHarness harness(limits);
        const std::string calls = "async function onRequest({env, request}) { if (request.url.endsWith('loop')) for (;;); let n = 0; "
                                  "try { for (; n < 50; ++n) await (request.url.endsWith('kv') ? env.KV.get('a') : caches.default.match('http://x/')); } catch {} return new Response(String(n)); }";
        runtime::Bindings own = bound();
        own.cpuMs = 100;
        own.subrequests = 7;
        QVERIFY(harness.load(calls, own));
        QCOMPARE(harness.send(request("/")).body, std::string("7"));
        QCOMPARE(harness.send(request("/kv")).body, std::string("7"));
        const auto ended = harness.send(request("/loop"));
        QCOMPARE(ended.status, 503);
        QVERIFY(ended.body.find("more than 100 ms") != std::string::npos);
        runtime::Bindings broken = bound();
        broken.subrequests = 30;
        QVERIFY(!harness.load("throw new Error('no');", broken));
        QCOMPARE(harness.send(request("/")).body, std::string("7")); // the old code's, which stays
        QVERIFY(harness.load(calls, bound()));
        QCOMPARE(harness.send(request("/")).body, std::string("4"));
    }

    void waitingIsNoTimeOfTheCode()
    {
        runtime::Limits limits;
        limits.cpuMs = 50;
        WorkerHarness harness(limits);
        QVERIFY(harness.load("async function onRequest({env}) { const text = 'x'.repeat(1 << 20); for (let i = 0; i < 100; ++i) await env.KV.put('k' + i, text);"
                             " await scheduler.wait(300); return new Response('fine'); }", bound()));
        const auto answer = harness.wait(harness.begin(request("/")), 60000);
        QCOMPARE(answer.body, std::string("fine"));
    }

    void pages()
    {
        runtime::Limits limits;
        limits.cpuMs = 100;
        WorkerHarness harness(limits);
        QVERIFY(harness.load("function onRequest() { for (;;); }"));
        const auto plain = harness.send(request("/", {{"Accept", "*/*"}}));
        QCOMPARE(plain.status, 503);
        QCOMPARE(plain.body, std::string("error code: 1102\nWorker exceeded CPU time limit.\nThe code ran for more than 100 ms and was ended.\n"));
        const auto page = harness.send(request("/", {{"Accept", "text/html,application/xhtml+xml"}}));
        QCOMPARE(page.status, 503);
        QCOMPARE(page.field("content-type"), std::string("text/html; charset=utf-8"));
        QVERIFY(page.body.find("<h1>Error 1102</h1>") != std::string::npos);
        QCOMPARE(page.error, std::string("Worker exceeded CPU time limit."));
    }

    /// 500 requests, of which some loop, fill the memory, call themselves for ever: each gets its answer, and the good ones a good one, or the word to come again.
    void aFloodWithNastyOnes()
    {
        runtime::Limits limits;
        limits.cpuMs = 500; // a good one may have to wait for a processor for a while
        limits.heapBytes = 32U << 20;
        limits.bufferBytes = 32U << 20;
        WorkerHarness harness(limits);
        QVERIFY(harness.load(R"(const nasty = {
                loop() { for (;;); },
                fill() { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); },
                deep() { return nasty.deep() + 1; },
                stream() { return new Response(new ReadableStream({ pull() { for (;;); } })); },
            };
            async function onRequest({request}) {
                const name = new URL(request.url).pathname.slice(1);
                if (nasty[name]) return nasty[name]();
                await scheduler.wait(name % 7);
                return new Response("good " + name);
            })"));
        std::vector<std::pair<runtime::RequestId, std::string>> sent;
        for (int i = 0; i < 500; ++i) {
            std::string name = std::to_string(i);
            if (i % 50 == 10)
                name = "loop";
            else if (i % 50 == 20)
                name = "deep";
            else if (i % 100 == 30)
                name = "fill";
            else if (i % 250 == 40)
                name = "stream";
            sent.emplace_back(harness.begin(request("/" + name)), name);
        }
        int good = 0;
        int again = 0;
        for (const auto &[id, name] : sent) {
            const auto answer = harness.wait(id, 60000);
            QVERIFY2(answer.complete, name.c_str());
            if (name == "loop") {
                QVERIFY2(answer.status == 503 || answer.status == 500, answer.body.c_str());
            } else if (name == "deep") {
                QCOMPARE(answer.status, 500);
            } else if (name == "fill") {
                QCOMPARE(answer.status, 503);
            } else if (name != "stream") {
                if (answer.body == "good " + name) {
                    ++good;
                } else {
                    QVERIFY2(answer.status == 500, answer.body.c_str());
                    QVERIFY2(answer.body.find("Send this request again") != std::string::npos, answer.body.c_str());
                    ++again;
                }
            }
        }
        QCOMPARE(again, 0); // what one request filled is free again when it is gone
        QTRY_COMPARE(harness.worker().pending(), 0U);
        QCOMPARE(harness.send(request("/1")).body, std::string("good 1"));
        QCOMPARE(restarts(harness, 0).size(), 0U);
    }

    /// What lies in the code's own variables is not free before the Worker is started anew: that is told once each time, and what was under way is told to come again.
    void aFullWorkerIsStartedAnew()
    {
        runtime::Limits limits;
        limits.cpuMs = 20000;
        limits.heapBytes = 32U << 20;
        WorkerHarness harness(limits);
        QVERIFY(harness.load("let all = []; async function onRequest({request}) { if (request.url.endsWith('/wait')) { await scheduler.wait(1e6); }"
                             " if (request.url.endsWith('/fill')) for (;;) all.push(new Array(1000).fill(all.length)); return new Response('fine ' + all.length); }"));
        for (int i = 1; i <= 3; ++i) {
            const auto waiting = harness.begin(request("/wait"));
            const auto full = harness.wait(harness.begin(request("/fill")), 60000);
            QCOMPARE(full.status, 503);
            QVERIFY2(full.body.find("Worker exceeded memory limit.") != std::string::npos, full.body.c_str());
            const auto other = harness.wait(waiting, 60000);
            QCOMPARE(other.status, 500);
            QVERIFY2(other.body.find("Send this request again") != std::string::npos, other.body.c_str());
            QCOMPARE(harness.send(request("/")).body, std::string("fine 0"));
        }
        const std::vector<std::string> told = restarts(harness, 3);
        QCOMPARE(told.size(), 3U);
        QVERIFY2(told[2].ends_with("Restarts since the project was started: 3."), told[2].c_str());
    }

    /// One object that fits into no heap of this size: V8 itself would end the program.
    void oneHugeObject()
    {
        runtime::Limits limits;
        limits.heapBytes = 32U << 20;
        limits.cpuMs = 20000;
        WorkerHarness harness(limits);
        QVERIFY(harness.load("function onRequest({request}) { return new Response(request.url.endsWith('/huge') ? String(new Array(3e7).fill(0.5).length) : 'fine'); }"));
        const auto answer = harness.wait(harness.begin(request("/huge")), 60000);
        QVERIFY(answer.complete);
        QVERIFY2(answer.status == 200 || answer.status == 503, answer.body.c_str());
        QCOMPARE(harness.send(request("/")).body, std::string("fine"));
    }

};

QTEST_GUILESS_MAIN(LimitsTest)
#include "t_limits.moc"
