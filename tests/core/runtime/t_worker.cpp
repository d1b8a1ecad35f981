// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace cleat;
using test::WorkerHarness;

namespace {

template <typename T>
std::vector<T> only(const std::vector<events::Event> &all)
{
    std::vector<T> found;
    for (const auto &event : all) {
        if (const T *match = std::get_if<T>(&event))
            found.push_back(*match);
    }
    return found;
}

/// Events come a moment after the answer.
template <typename T>
std::vector<T> eventually(WorkerHarness &harness, std::size_t count)
{
    std::vector<T> found;
    QElapsedTimer timer;
    timer.start();
    while (found.size() < count && timer.elapsed() < 10000) {
        for (auto &event : only<T>(harness.events()))
            found.push_back(std::move(event));
        if (found.size() < count)
            QTest::qSleep(5);
    }
    return found;
}


} // namespace

class WorkerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersWithText()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest() { return new Response('hello'); }"));
        const auto answer = harness.fetch();
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, std::string("hello"));
        QCOMPARE(answer.field("content-type"), std::string("text/plain;charset=UTF-8"));
        QVERIFY(!answer.streamed);
    }

    void passesTheRequest()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("async function onRequest({request, params, functionPath}) {"
                             "  return Response.json([request.method, request.url, request.headers.get('X-A'), await request.text(), params, functionPath]); }"));
        runtime::Request request;
        request.method = "POST";
        request.url = "http://localhost:1/x?y=1";
        request.fields = {{"X-A", "1"}, {"x-a", "2"}};
        request.bodyKind = runtime::Request::Body::Whole;
        request.body = "b\xC3\xB6""dy";
        request.steps = {{0, "/x", {{"id", {"7"}}, {"rest", {"a", "b"}, runtime::Parameter::Kind::Rest}}}};
        const auto answer = harness.send(std::move(request));
        QCOMPARE(answer.body, std::string("[\"POST\",\"http://localhost:1/x?y=1\",\"1, 2\",\"b\xC3\xB6""dy\",{\"id\":\"7\",\"rest\":[\"a\",\"b\"]},\"/x\"]"));
        QCOMPARE(answer.field("content-type"), std::string("application/json"));
    }

    void runsMiddlewaresInOrder()
    {
        WorkerHarness harness;
        const std::string code = R"(
            const log = [];
            const outer = async (context) => { context.data.user = "ann"; const response = await context.next(); response.headers.set("x-outer", "1"); return response; };
            const inner = [async ({next, request}) => { await request.text(); return next(); }, ({next}) => next()];
            const handler = async ({request, data}) => new Response(data.user + ":" + await request.text());
            export default {"_middleware.js": {onRequest: outer}, "a/_middleware.js": {onRequest: inner}, "a/index.js": {onRequestPost: handler}};
        )";
        QVERIFY(harness.loadHandlers(code, {{"_middleware.js", "onRequest"}, {"a/_middleware.js", "onRequest"}, {"a/index.js", "onRequestPost"}}));
        runtime::Request request;
        request.method = "POST";
        request.url = "http://localhost/a";
        request.bodyKind = runtime::Request::Body::Whole;
        request.body = "text";
        request.steps = {{0, "/", {}}, {1, "/a", {}}, {2, "/a", {}}};
        const auto answer = harness.send(std::move(request));
        QCOMPARE(answer.body, std::string("ann:text"));
        QCOMPARE(answer.field("x-outer"), std::string("1"));
    }

    void nextReachesTheAssets()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("async function onRequest({next, env, request}) { const a = await next();"
                             " const b = await env.ASSETS.fetch(new URL('/missing', request.url)); a.headers.set('x-b', String(b.status)); return a; }"));
        const auto answer = harness.fetch("GET", "http://localhost/asset.txt");
        QCOMPARE(answer.status, 200);
        QCOMPARE(answer.body, std::string("GET asset"));
        QCOMPARE(answer.field("x-b"), std::string("404"));
    }

    /// A Function gets a copy of the request: what it does to the copy's head is its own business.
    void theAssetsSeeTheRequestAsItCame()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("async function onRequest({next, env, request}) { request.headers.set('x-mark', 'mine'); const a = await next();"
                             " const b = await env.ASSETS.fetch(request); return new Response(a.headers.get('x-seen') + ',' + b.headers.get('x-seen') + ',' + request.headers.get('x-mark')); }"));
        QCOMPARE(harness.fetch("GET", "http://localhost/asset.txt", runtime::Fields{{"x-mark", "client's"}}, std::optional<std::string>()).body, std::string("client's,mine,mine"));
    }

    void aThrowIsAnsweredAndLogged()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest() {\n  throw new TypeError('broken');\n}"));
        const auto answer = harness.fetch();
        QCOMPARE(answer.status, 500);
        QVERIFY2(answer.body.starts_with("TypeError: broken\n    at"), answer.body.c_str());
        QCOMPARE(answer.error, std::string("TypeError: broken"));
        QVERIFY2(answer.body.find("cleat:runtime") == std::string::npos, answer.body.c_str());
        const auto thrown = eventually<events::ExceptionEvent>(harness, 1);
        QCOMPARE(thrown.size(), 1U);
        QCOMPARE(thrown[0].message, std::string("TypeError: broken"));
        QCOMPARE(harness.fetch().status, 500);
    }

    void failures_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("says");
        QTest::newRow("rejected promise") << "async function onRequest() { await null; throw new Error('late'); }" << 500 << "Error: late";
        QTest::newRow("no response") << "function onRequest() { return 'text'; }" << 500 << "Your Pages function should return a Response";
        QTest::newRow("undefined") << "function onRequest() {}" << 500 << "Your Pages function should return a Response";
        QTest::newRow("a thrown string") << "function onRequest() { throw 'text'; }" << 500 << "Uncaught text";
        QTest::newRow("null") << "function onRequest() { throw null; }" << 500 << "Uncaught null";
        QTest::newRow("hostile error") << "function onRequest() { throw {get message() { throw 1; }, toJSON() { throw 2; }}; }" << 500 << "cannot be shown";
        QTest::newRow("never settles") << "function onRequest() { return new Promise(() => {}); }" << 500 << "never be answered";
        QTest::newRow("endless loop") << "function onRequest() { for (;;) {} }" << 503 << "300 ms";
        QTest::newRow("endless loop after await") << "async function onRequest() { await null; for (;;) {} }" << 503 << "300 ms";
        QTest::newRow("endless regular expression") << "function onRequest() { return new Response(/(a*)*b/.test('a'.repeat(60))); }" << 503 << "300 ms";
        QTest::newRow("endless microtasks") << "async function onRequest() { for (;;) await null; }" << 503 << "300 ms";
        QTest::newRow("endless allocation") << "function onRequest() { const all = []; for (;;) all.push({a: [1, 2, 3]}); }" << 503 << "JavaScript heap";
        QTest::newRow("endless string") << "function onRequest() { const all = []; for (let i = 0;; ++i) all.push('x'.repeat(1 << 20) + i, all.join('').slice(0, 9)); }" << 0 << "";
        QTest::newRow("endless buffers") << "function onRequest() { const all = []; for (;;) all.push(new Uint8Array(1 << 20)); }" << 500 << "Array buffer allocation failed";
        QTest::newRow("deep recursion") << "function onRequest() { const f = () => f() + 1; return f(); }" << 500 << "Maximum call stack size exceeded";
    }

    void failures()
    {
        QFETCH(QString, code);
        QFETCH(int, status);
        QFETCH(QString, says);
        runtime::Limits limits;
        limits.cpuMs = says.contains(QStringLiteral("300 ms")) ? 300 : 8000;
        limits.heapBytes = 64U << 20;
        limits.bufferBytes = 64U << 20;
        WorkerHarness harness(limits);
        const std::string both = code.replace(QStringLiteral("onRequest("), QStringLiteral("bad(")).toStdString()
            + "\nfunction onRequest(context) { return context.request.url.endsWith('bad') ? bad(context) : new Response('fine'); }";
        QVERIFY(harness.load(both));
        QCOMPARE(harness.fetch().body, std::string("fine"));
        runtime::Request bad;
        bad.method = "GET";
        bad.url = "http://localhost/bad";
        const auto answer = harness.wait(harness.begin(std::move(bad)), 60000);
        if (status != 0) {
            QCOMPARE(answer.status, status);
            QVERIFY2(answer.body.find(says.toStdString()) != std::string::npos, answer.body.c_str());
        } else {
            QVERIFY(answer.status >= 500);
        }
        const auto after = harness.fetch();
        QCOMPARE(after.status, 200);
        QCOMPARE(after.body, std::string("fine"));
    }

    void endlessLoopTellsWhere()
    {
        runtime::Limits limits;
        limits.cpuMs = 200;
        WorkerHarness harness(limits);
        QVERIFY(harness.load("function onRequest() {\n for (;;) {}\n}", {},
            R"({"version":3,"sources":["functions/index.ts"],"names":[],"mappings":"AAAA;AACA"})"));
        QCOMPARE(harness.fetch().status, 503);
        const auto ended = eventually<events::ExceptionEvent>(harness, 1);
        QCOMPARE(ended[0].place.file, std::string("functions/index.ts"));
        QCOMPARE(ended[0].place.line, 2);
    }

    void otherRequestsSurviveALoop()
    {
        runtime::Limits limits;
        limits.cpuMs = 300;
        WorkerHarness harness(limits);
        QVERIFY(harness.load("async function onRequest({request}) { if (request.url.endsWith('loop')) for (;;) {}"
                             " await new Promise((r) => setTimeout(r, 600)); return new Response('slow'); }"));
        runtime::Request slow;
        slow.method = "GET";
        slow.url = "http://localhost/slow";
        const auto id = harness.begin(std::move(slow));
        QCOMPARE(harness.fetch("GET", "http://localhost/loop").status, 503);
        QCOMPARE(harness.wait(id).body, std::string("slow"));
    }

    void refusesBadModules_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("says");
        QTest::newRow("syntax") << "function onRequest( {" << "SyntaxError";
        QTest::newRow("import") << "import fs from 'node:nothing'; function onRequest() {}" << "Module not found: node:nothing";
        QTest::newRow("throw") << "throw new Error('at the top'); function onRequest() {}" << "at the top";
        QTest::newRow("timer") << "setTimeout(() => {}, 1); function onRequest() {}" << "global scope";
        QTest::newRow("random") << "crypto.randomUUID(); function onRequest() {}" << "global scope";
        QTest::newRow("await") << "await new Promise(() => {}); function onRequest() {}" << "top-level await";
        QTest::newRow("no function") << "const onRequest = 5;" << "not a function";
        QTest::newRow("loop") << "for (;;) {} function onRequest() {}" << "limit";
    }

    void refusesBadModules()
    {
        QFETCH(QString, code);
        QFETCH(QString, says);
        runtime::Limits limits;
        limits.cpuMs = 500;
        WorkerHarness harness(limits);
        QVERIFY(harness.load("function onRequest() { return new Response('old'); }"));
        const auto result = harness.load(code.toStdString());
        QVERIFY(!result);
        QCOMPARE(result.error().code, std::string("runtime.load"));
        QVERIFY2(result.error().message.find(says.toStdString()) != std::string::npos, result.error().message.c_str());
        QCOMPARE(harness.fetch().body, std::string("old"));
    }

    void newCodeKeepsRunningRequests()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("async function onRequest() { await new Promise((r) => setTimeout(r, 200)); return new Response('old'); }"));
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        const auto id = harness.begin(std::move(request));
        QVERIFY(harness.load("function onRequest() { return new Response('new'); }"));
        QCOMPARE(harness.fetch().body, std::string("new"));
        QCOMPARE(harness.wait(id).body, std::string("old"));
    }

    void streamsAResponse()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(R"(async function onRequest() {
            let n = 0;
            return new Response(new ReadableStream({ async pull(c) { await new Promise((r) => setTimeout(r, 1)); c.enqueue(new TextEncoder().encode(n + ";")); if (++n === 5) c.close(); } }));
        })"));
        const auto answer = harness.fetch();
        QVERIFY(answer.streamed);
        QCOMPARE(answer.body, std::string("0;1;2;3;4;"));
        QVERIFY(answer.pieces >= 5);
    }

    void waitsForASlowClient()
    {
        WorkerHarness harness;
        harness.acknowledge = WorkerHarness::Acknowledge::Never;
        QVERIFY(harness.load(R"(let made = 0;
            function onRequest({request}) {
                if (request.url.endsWith('count')) return new Response(String(made));
                return new Response(new ReadableStream({ pull(c) { made += 65536; c.enqueue(new Uint8Array(65536)); } }));
            })"));
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        const auto id = harness.begin(std::move(request));
        QTest::qWait(200);
        const int made = std::stoi(harness.fetch("GET", "http://localhost/count").body);
        QVERIFY2(made > 1 << 20 && made < 2 << 20, std::to_string(made).c_str());
        harness.worker().clientLeft(id);
        QTest::qWait(50);
        const int later = std::stoi(harness.fetch("GET", "http://localhost/count").body);
        QVERIFY2(later - made <= 1 << 18, std::to_string(later).c_str());
    }

    void abortsTheSignalWhenTheClientLeaves()
    {
        WorkerHarness harness;
        QVERIFY(harness.load(R"(async function onRequest({request}) {
            request.signal.addEventListener('abort', () => console.log('gone', request.signal.reason.name));
            await new Promise((r) => setTimeout(r, 300)); return new Response('x'); })"));
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        const auto id = harness.begin(std::move(request));
        QTest::qWait(50);
        harness.worker().clientLeft(id);
        QCOMPARE(harness.console(1), std::vector<std::string>{"gone AbortError"});
    }

    void readsAStreamedBody()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("async function onRequest({request}) { let n = 0, pieces = 0; for await (const piece of request.body) { n += piece.byteLength; ++pieces; }"
                             " return new Response(n + ' ' + (pieces > 1)); }"));
        runtime::Request request;
        request.method = "POST";
        request.url = "http://localhost/";
        request.bodyKind = runtime::Request::Body::Streaming;
        request.body = std::string(1000, 'x');
        const auto id = harness.begin(std::move(request));
        for (int i = 0; i < 10; ++i) {
            QTest::qSleep(2);
            harness.worker().bodyPiece(id, std::string(1000, 'y'), i == 9 ? runtime::Worker::Piece::Last : runtime::Worker::Piece::More);
        }
        QCOMPARE(harness.wait(id).body, std::string("11000 true"));
        QCOMPARE(harness.consumed(), 11000U);
    }

    void aBrokenBodyIsAnError()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("async function onRequest({request}) { try { await request.text(); return new Response('whole'); } catch (e) { return new Response(e.message); } }"));
        runtime::Request request;
        request.method = "POST";
        request.url = "http://localhost/";
        request.bodyKind = runtime::Request::Body::Streaming;
        const auto id = harness.begin(std::move(request));
        harness.worker().bodyFailed(id, "cut off");
        QCOMPARE(harness.wait(id).body, std::string("cut off"));
    }

    void anUnreadBodyIsGivenBack()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest() { return new Response('ignored'); }"));
        runtime::Request request;
        request.method = "POST";
        request.url = "http://localhost/";
        request.bodyKind = runtime::Request::Body::Streaming;
        request.body = "12345";
        const auto id = harness.begin(std::move(request));
        QCOMPARE(harness.wait(id).body, std::string("ignored"));
        harness.worker().bodyPiece(id, "67890", runtime::Worker::Piece::Last);
        QTRY_COMPARE(harness.consumed(), 10U);
    }

    void waitUntilRunsOn()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest({waitUntil}) { waitUntil((async () => { await new Promise((r) => setTimeout(r, 50)); console.log('after'); throw new Error('in the background'); })());"
                             " return new Response('now'); }"));
        QCOMPARE(harness.fetch().body, std::string("now"));
        QElapsedTimer timer;
        timer.start();
        std::vector<events::Event> all;
        while (timer.elapsed() < 5000 && only<events::ExceptionEvent>(all).empty()) {
            for (auto &event : harness.events())
                all.push_back(event);
            QTest::qSleep(5);
        }
        QCOMPARE(only<events::ConsoleEvent>(all).size(), 1U);
        QCOMPARE(only<events::ConsoleEvent>(all)[0].request, 1U);
        QCOMPARE(only<events::ExceptionEvent>(all)[0].message, std::string("Error: in the background"));
    }

    void timersEndWithTheirRequest()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("let n = 0; function onRequest({request}) { if (request.url.endsWith('count')) return new Response(String(n));"
                             " setInterval(() => ++n, 1); return new Response('x'); }"));
        QCOMPARE(harness.fetch().body, std::string("x"));
        QTest::qWait(50);
        QCOMPARE(harness.fetch("GET", "http://localhost/count").body, std::string("0"));
    }

    void aStreamsHeadDoesNotWaitForItsFirstPiece()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("let go; function onRequest({request}) { if (request.url.endsWith('go')) { go(); return new Response('x'); }"
                             " return new Response(new ReadableStream({ async pull(c) { await new Promise((r) => { go = r; setTimeout(r, 60000); }); c.close(); } })); }"));
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        const auto id = harness.begin(std::move(request));
        QTRY_COMPARE_WITH_TIMEOUT(harness.wait(id, 0).status, 200, 20000);
        QVERIFY(!harness.wait(id, 0).complete);
        QCOMPARE(harness.fetch("GET", "http://localhost/go").body, std::string("x"));
        QVERIFY(harness.wait(id).complete);
    }

    void aFixedLengthStreamHasALength()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest() { const {readable, writable} = new FixedLengthStream(4); const w = writable.getWriter(); w.write(new Uint8Array(4)); w.close(); return new Response(readable); }"));
        const auto answer = harness.fetch();
        QCOMPARE(answer.body.size(), 4U);
        QCOMPARE(answer.length, std::optional<std::uint64_t>(4));
    }

    void passThroughOnException()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest(context) { context.passThroughOnException(); throw new Error('x'); }"));
        QCOMPARE(harness.fetch("GET", "http://localhost/asset.txt").body, std::string("GET asset"));
    }

    void unhandledRejectionsAreLogged()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("function onRequest() { Promise.reject(new Error('nobody cares')); const p = Promise.reject(1); p.catch(() => {}); return new Response('x'); }"));
        QCOMPARE(harness.fetch().body, std::string("x"));
        const auto events = eventually<events::ExceptionEvent>(harness, 1);
        QCOMPARE(events.size(), 1U);
        QCOMPARE(events[0].message, std::string("Uncaught (in promise) Error: nobody cares"));
    }

    void consoleKnowsRequestAndPlace()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("async function onRequest({request}) {\n await new Promise((r) => setTimeout(r, 20));\n console.warn('%s is', request.url.slice(-1), {n: 1});\n return new Response('x'); }",
            {}, R"({"version":3,"sources":["functions/a.ts"],"names":[],"mappings":"AAAA;AACA;AACA;AACA"})"));
        runtime::Request a;
        a.method = "GET";
        a.url = "http://localhost/a";
        runtime::Request b = a;
        b.url = "http://localhost/b";
        const auto first = harness.begin(std::move(a));
        const auto second = harness.begin(std::move(b));
        harness.wait(first);
        harness.wait(second);
        const auto lines = eventually<events::ConsoleEvent>(harness, 2);
        QCOMPARE(lines.size(), 2U);
        QCOMPARE(lines[0].request, first);
        QCOMPARE(lines[0].text, std::string("a is { n: 1 }"));
        QCOMPARE(lines[0].level, events::Level::Warn);
        QCOMPARE(lines[0].place.file, std::string("functions/a.ts"));
        QCOMPARE(lines[0].place.line, 3);
        QCOMPARE(lines[1].request, second);
        QCOMPARE(lines[1].text, std::string("b is { n: 1 }"));
    }

    void keyValueCallsAreLogged()
    {
        WorkerHarness harness;
        runtime::Bindings bindings;
        bindings.state = harness.state().path().toStdString();
        bindings.kv = {{"TODO_LIST", "abc123"}};
        bindings.variables = {{"GREETING", "hi"}, {"CONFIG", "{\"a\":1}", runtime::Bindings::Variable::Kind::Json}};
        QVERIFY(harness.load(R"(async function onRequest({env}) {
            await env.TODO_LIST.put("Task:123", "buy milk", {metadata: {done: false}, expirationTtl: 3600});
            const {value, metadata} = await env.TODO_LIST.getWithMetadata("Task:123");
            const list = await env.TODO_LIST.list({prefix: "Task:"});
            let error = "";
            try { await env.TODO_LIST.get(""); } catch (e) { error = String(e); }
            await env.TODO_LIST.delete("Task:123");
            return Response.json([value, metadata, list.keys[0].name, list.list_complete, await env.TODO_LIST.get("Task:123"), error, env.GREETING, env.CONFIG]);
        })", bindings));
        QCOMPARE(harness.fetch().body, std::string(R"(["buy milk",{"done":false},"Task:123",true,null,"TypeError: Key name cannot be empty.","hi",{"a":1}])"));
        const auto calls = eventually<events::CallEvent>(harness, 7); // and the handler's span
        QCOMPARE(calls.size(), 7U);
        QCOMPARE(calls[6].kind, std::string("handler"));
        QCOMPARE(calls[0].method, std::string("put"));
        QCOMPARE(calls[0].binding, std::string("TODO_LIST"));
        QCOMPARE(calls[0].request, 1U);
        QCOMPARE(calls[0].arguments, std::string(R"(["Task:123","buy milk",{"expirationTtl":3600,"metadata":{"done":false}}])"));
        QCOMPARE(calls[1].result, std::string(R"({"value":"buy milk","metadata":{"done":false}})"));
        QCOMPARE(calls[3].error, std::string("Key name cannot be empty."));
        QCOMPARE(calls[5].result, std::string("null"));
    }

    void keyValueTypesAndErrors()
    {
        WorkerHarness harness;
        runtime::Bindings bindings;
        bindings.state = harness.state().path().toStdString();
        bindings.kv = {{"KV", "KV"}};
        QVERIFY(harness.load(R"(async function onRequest({env: {KV}}) {
            const out = [];
            const attempt = async (f) => { try { out.push(await f()); } catch (e) { out.push(e.name + ": " + e.message); } };
            await KV.put("b", new Uint8Array([1, 2, 255]));
            await attempt(async () => [...new Uint8Array(await KV.get("b", "arrayBuffer"))]);
            await attempt(async () => { const s = await KV.get("b", {type: "stream"}); let n = 0; for await (const c of s) n += c.byteLength; return n; });
            await KV.put("s", new Response("streamed").body);
            await attempt(() => KV.get("s"));
            await KV.put("j", JSON.stringify({x: [1]}));
            await attempt(() => KV.get("j", "json"));
            await attempt(() => KV.get("s", "json"));
            await attempt(() => KV.get("s", "xml"));
            await attempt(() => KV.get("absent", "xml"));
            await attempt(() => KV.put("o", {}));
            await attempt(() => KV.put("o"));
            await KV.put("n", 5);
            await attempt(() => KV.get("n"));
            await attempt(() => KV.put("x", "y", {expirationTtl: 59}));
            await attempt(() => KV.put("x", "y", {expiration: Date.now() * 1000}));
            await attempt(() => KV.put("k".repeat(513), "y"));
            await attempt(() => KV.get("s", {cacheTtl: 10}));
            await attempt(() => KV.list({limit: 1001}));
            await attempt(async () => Object.fromEntries(await KV.get(["s", "n", "none"])));
            return Response.json(out);
        })", bindings));
        QFile expected(QStringLiteral(CLEAT_TESTS_DIR "/core/runtime/js/kvoutcomes.json"));
        QVERIFY(expected.open(QIODevice::ReadOnly));
        QCOMPARE(harness.fetch().body, expected.readAll().trimmed().toStdString());
    }

    void manyRequestsAtOnce()
    {
        WorkerHarness harness;
        QVERIFY(harness.load("async function onRequest({request}) { await null; return new Response(request.url); }"));
        std::vector<runtime::RequestId> ids;
        for (int i = 0; i < 2000; ++i) {
            runtime::Request request;
            request.method = "GET";
            request.url = "http://localhost/" + std::to_string(i);
            ids.push_back(harness.begin(std::move(request)));
        }
        for (int i = 0; i < 2000; ++i)
            QCOMPARE(harness.wait(ids[static_cast<std::size_t>(i)]).body, "http://localhost/" + std::to_string(i));
        QTRY_COMPARE(harness.worker().pending(), 0U);
    }
};

QTEST_GUILESS_MAIN(WorkerTest)
#include "t_worker.moc"
