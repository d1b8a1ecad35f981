// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/runtime/httppeer.h"
#ifndef Q_MOC_RUN
#include "tests/core/runtime/spanscodes.h"
#endif
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QThread>

#include <algorithm>
#include <functional>
#include <set>

using namespace cleat;
using namespace cleat::test;
using namespace Qt::StringLiterals;
using events::CallEvent;

namespace {

/// A source map by which every line of the code is the same line of functions/index.js.
std::string sameLines(std::string_view code, std::string_view content = {})
{
    std::string mappings = "AAAA";
    for (const char c : code)
        mappings += c == '\n' ? ";AACA" : "";
    std::string map = R"({"version":3,"sources":["functions/index.js"],"names":[],"mappings":")" + mappings + '"';
    if (!content.empty()) {
        const QJsonArray contents{QString::fromUtf8(content.data(), static_cast<qsizetype>(content.size()))};
        map += ",\"sourcesContent\":" + QJsonDocument(contents).toJson(QJsonDocument::Compact).toStdString();
    }
    return map + '}';
}

int lineOf(std::string_view code, std::string_view words)
{
    const std::size_t at = code.find(words);
    return at == std::string_view::npos ? 0 : static_cast<int>(std::ranges::count(code.substr(0, at), '\n')) + 1;
}

/// A Worker with env.KV, env.DB and env.BUCKET, and all that it tells.
class Told final
{
public:
    explicit Told(runtime::Limits limits = {}) : worker(limits) {}

    static runtime::Bindings bindings()
    {
        runtime::Bindings made;
        made.kv = {{"KV", "kv-id"}};
        made.d1 = {{"DB", "db-id"}};
        made.r2 = {{"BUCKET", "bucket"}};
        return made;
    }
    void load(const std::string &body)
    {
        code = body;
        auto with = bindings();
        with.state = worker.state().path().toStdString();
        const auto loaded = worker.load(body, std::move(with), sameLines(body, body));
        QVERIFY2(loaded, loaded.error().message.c_str());
    }
    /// `body` exports files by their names; each handler is (file, export).
    void loadChain(const std::string &body, std::vector<std::pair<std::string, std::string>> handlers)
    {
        code = body;
        auto with = bindings();
        with.state = worker.state().path().toStdString();
        const auto loaded = worker.loadHandlers(body, std::move(handlers), std::move(with), sameLines(body));
        QVERIFY2(loaded, loaded.error().message.c_str());
    }
    WorkerHarness::Answer ask(const std::string &path = "/", std::size_t steps = 1)
    {
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost" + path;
        for (std::size_t i = 0; i < steps; ++i)
            request.steps.push_back({static_cast<int>(i), "/", {}});
        return worker.send(std::move(request));
    }
    const std::vector<CallEvent> &calls()
    {
        for (events::Event &event : worker.events()) {
            if (auto *call = std::get_if<CallEvent>(&event))
                m_calls.push_back(std::move(*call));
            else if (auto *exception = std::get_if<events::ExceptionEvent>(&event))
                exceptions.push_back(std::move(*exception));
            else if (auto *line = std::get_if<events::ConsoleEvent>(&event))
                lines.push_back(line->text);
        }
        return m_calls;
    }
    /// Waits for so many of them.
    bool waitFor(std::size_t count)
    {
        return until([&] { return calls().size() >= count; });
    }
    bool until(const std::function<bool()> &done)
    {
        QElapsedTimer timer;
        timer.start();
        while (!done()) {
            if (timer.hasExpired(20'000))
                return false;
            QThread::msleep(2);
        }
        return true;
    }
    const CallEvent &call(std::string_view kind, std::string_view method = {}, std::size_t nth = 0)
    {
        static const CallEvent none;
        for (const CallEvent &one : calls()) {
            if (one.kind == kind && (method.empty() || one.method == method) && nth-- == 0)
                return one;
        }
        return none;
    }
    /// "handler(kv.get kv.put(...))": the spans below a parent by their numbers.
    std::string tree(std::uint32_t parent = 0)
    {
        std::vector<CallEvent> children;
        for (const CallEvent &one : calls()) {
            if (one.parent == parent)
                children.push_back(one);
        }
        std::ranges::sort(children, {}, &CallEvent::span);
        std::string text;
        for (const CallEvent &child : children) {
            const std::string inside = tree(child.span);
            text += (text.empty() ? "" : " ") + child.kind + '.' + child.method + (inside.empty() ? std::string() : '(' + inside + ')');
        }
        return text;
    }
    int line(std::string_view words) const { return lineOf(code, words); }

    WorkerHarness worker;
    std::string code;
    std::vector<events::ExceptionEvent> exceptions;
    std::vector<std::string> lines;

private:
    std::vector<CallEvent> m_calls;
};

std::string withPeer(std::string code, const HttpPeer &peer)
{
    for (std::size_t at = code.find("$PEER"); at != std::string::npos; at = code.find("$PEER"))
        code.replace(at, 5, peer.base());
    return code;
}

QJsonArray argumentsOf(const CallEvent &call)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(call.arguments)).array();
}

QJsonObject resultOf(const CallEvent &call)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(call.result)).object();
}

} // namespace

/// What the log is told of what happens inside a request.
class SpansTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void treeOfAChain()
    {
        HttpPeer peer([](HttpPeer::Connection &connection, HttpPeer::Received &) {
            connection.answer("from afar");
            return HttpPeer::Then::Close;
        });
        const std::string code = withPeer(chainCode, peer);
        Told told;
        told.loadChain(code, {{"_middleware.js", "onRequest"}, {"api/_middleware.js", "onRequest"}, {"api/far.js", "onRequestGet"}});
        QCOMPARE(told.ask("/api/far", 3).body, std::string("from afar"));
        QVERIFY(told.waitFor(12));
        QCOMPARE(QString::fromStdString(told.tree()), QStringLiteral("middleware.onRequest(kv.get waituntil.waitUntil middleware.onRequest(handler.onRequestGet(d1.run fetch.GET cache.match assets.fetch) "
                                          "kv.get) kv.get kv.put)"));
        std::set<std::uint32_t> numbers;
        for (const CallEvent &call : told.calls()) {
            QVERIFY(call.request == told.calls().front().request);
            QVERIFY2(call.span != 0 && numbers.insert(call.span).second, call.method.c_str());
            QVERIFY(call.error.empty());
            QCOMPARE(call.place.file, std::string("functions/index.js"));
        }
        const CallEvent &outer = told.call("middleware", {}, 1);
        QCOMPARE(outer.binding, std::string("_middleware.js"));
        QCOMPARE(outer.place.line, told.line("async function outer"));
        QCOMPARE(outer.result, std::string(R"({"status":200})"));
        QCOMPARE(told.call("middleware").binding, std::string("api/_middleware.js"));
        QCOMPARE(told.call("middleware").place.line, told.line("async function inner"));
        const CallEvent &handler = told.call("handler");
        QCOMPARE(handler.binding, std::string("api/far.js"));
        QCOMPARE(handler.method, std::string("onRequestGet"));
        QCOMPARE(handler.place.line, told.line("async function handler"));
        QCOMPARE(told.call("d1").place.line, told.line("CREATE TABLE"));
        QCOMPARE(told.call("fetch").place.line, told.line("/far\""));
        QCOMPARE(told.call("cache").place.line, told.line("caches.default"));
        QCOMPARE(told.call("assets").place.line, told.line("ASSETS.fetch"));
        QCOMPARE(told.call("kv", "put").place.line, told.line("KV.put"));
        QCOMPARE(told.call("waituntil").place.line, told.line("waitUntil((async"));
        // A span lies within the one that it is in, but for what may go on after it.
        const auto endOf = [](const CallEvent &call) { return std::uint64_t(call.startUs) + call.durationUs; };
        QVERIFY(handler.startUs >= outer.startUs);
        QVERIFY(endOf(handler) <= endOf(outer) + 1);
        QVERIFY(told.call("waituntil").durationUs >= 25'000);
        QVERIFY(endOf(told.call("kv", "put")) > endOf(outer));
    }

    void parentsGoThroughTimersAndPromises()
    {
        const std::string code = contextsCode;
        Told told;
        told.load(code);
        QCOMPARE(told.ask().body, std::string("done"));
        QVERIFY(told.waitFor(9));
        QCOMPARE(told.tree(), std::string("handler.onRequest(kv.get kv.get kv.get kv.get kv.get kv.get kv.get kv.get)"));
        for (const CallEvent &call : told.calls()) {
            if (call.kind == "kv")
                QCOMPARE(call.place.line, told.line(argumentsOf(call)[0].toString().startsWith(u"parallel"_s) ? "parallel" : argumentsOf(call)[0].toString().toStdString()));
        }
    }

    void requestsSideBySideKeepApart()
    {
        Told told;
        told.load(besideCode);
        std::vector<runtime::RequestId> ids;
        for (int i = 0; i < 20; ++i) {
            runtime::Request request;
            request.method = "GET";
            request.url = "http://localhost/" + std::to_string(i);
            ids.push_back(told.worker.begin(std::move(request)));
        }
        for (int i = 0; i < 20; ++i)
            QCOMPARE(told.worker.wait(ids[static_cast<std::size_t>(i)]).body, "/" + std::to_string(i));
        QVERIFY(told.waitFor(120));
        for (const CallEvent &call : told.calls()) {
            const auto nth = std::ranges::find(ids, call.request) - ids.begin();
            QVERIFY(nth < 20);
            if (call.kind == "kv") {
                QCOMPARE(call.arguments, "[\"/" + std::to_string(nth) + "\"]");
                QCOMPARE(call.parent, 1U);
            }
        }
    }

    void functionsInAnArray()
    {
        Told told;
        told.loadChain(arrayCode, {{"a.js", "onRequest"}});
        QCOMPARE(told.ask().body, std::string("third"));
        QVERIFY(told.waitFor(3));
        QCOMPARE(told.tree(), std::string("middleware.onRequest(middleware.onRequest(handler.onRequest))"));
        QCOMPARE(told.call("handler").place.line, told.line("const third"));
        QCOMPARE(told.call("middleware").place.line, told.line("const second"));
    }

    void aMiddlewareInFrontOfTheAssets()
    {
        Told told;
        told.loadChain(assetsCode, {{"_middleware.js", "onRequest"}});
        QCOMPARE(told.ask("/asset.txt").body, std::string("GET asset"));
        QVERIFY(told.waitFor(2));
        QCOMPARE(told.tree(), std::string("middleware.onRequest(assets.fetch)"));
        const CallEvent &assets = told.call("assets");
        QCOMPARE(assets.binding, std::string("ASSETS"));
        QCOMPARE(assets.arguments, std::string("[\"http://localhost/asset.txt\"]"));
        QCOMPARE(assets.result, std::string(R"({"status":200,"type":"text/plain; charset=utf-8"})"));
        QCOMPARE(assets.bytes, 9U);
        QCOMPARE(assets.place.line, told.line("next()"));
    }

    void failures_data()
    {
        QTest::addColumn<QByteArray>("handler");
        QTest::addColumn<QByteArray>("error");
        QTest::addColumn<QByteArray>("caught");
        QTest::newRow("throws") << QByteArray("() => { throw new TypeError('no'); }") << QByteArray("TypeError: no") << QByteArray("TypeError: no");
        QTest::newRow("rejects") << QByteArray("async () => { await null; throw new Error('later'); }") << QByteArray("Error: later") << QByteArray("Error: later");
        QTest::newRow("throws a string") << QByteArray("() => { throw 'bare'; }") << QByteArray("bare") << QByteArray("bare");
        QTest::newRow("throws nothing") << QByteArray("() => { throw undefined; }") << QByteArray("undefined") << QByteArray("undefined");
        QTest::newRow("throws what cannot be shown") << QByteArray("() => { throw { toString() { throw 1; } }; }") << QByteArray("Error") << QByteArray("");
        QTest::newRow("no Response") << QByteArray("() => 5") << QByteArray("It did not return a Response.") << QByteArray("");
        QTest::newRow("promise of no Response") << QByteArray("async () => {}") << QByteArray("It did not return a Response.") << QByteArray("");
    }
    void failures()
    {
        QFETCH(QByteArray, handler);
        QFETCH(QByteArray, error);
        Told told;
        told.loadChain("const outer = async ({ next }) => { try { return await next(); } catch { return new Response('caught'); } };\nconst handler = " + handler.toStdString()
                + ";\nexport default { \"_middleware.js\": { onRequest: outer }, \"a.js\": { onRequest: handler } };\n",
            {{"_middleware.js", "onRequest"}, {"a.js", "onRequest"}});
        QCOMPARE(told.ask("/", 2).body, std::string("caught"));
        QVERIFY(told.waitFor(2));
        QCOMPARE(told.call("handler").error, error.toStdString());
        QCOMPARE(told.call("handler").result, std::string());
        QCOMPARE(told.call("middleware").error, std::string());
        QCOMPARE(told.call("handler").parent, told.call("middleware").span);
        // And as the only function of its chain.
        told.loadChain("const handler = " + handler.toStdString() + ";\nexport default { \"a.js\": { onRequest: handler } };\n", {{"a.js", "onRequest"}});
        QCOMPARE(told.ask().status, 500);
        QVERIFY(told.waitFor(3));
        QCOMPARE(told.calls().back().error, error.toStdString());
    }

    void whatDoesNotEndWithTheRequest()
    {
        Told told;
        told.loadChain(impatientCode, {{"_middleware.js", "onRequest"}, {"a.js", "onRequest"}});
        QCOMPARE(told.ask("/", 2).body, std::string("did not wait"));
        QVERIFY(told.waitFor(2));
        QCOMPARE(told.call("handler").error, std::string("The request ended before this did."));
        QCOMPARE(told.call("middleware").error, std::string());
    }

    void whatIsEnded()
    {
        runtime::Limits limits;
        limits.cpuMs = 200;
        Told told(limits);
        told.load("async function onRequest({ env, waitUntil }) {\n  waitUntil(new Promise(() => {}));\n  await env.KV.get('a');\n  for (;;) {}\n}");
        QCOMPARE(told.ask().status, 503);
        QVERIFY(told.waitFor(3));
        QCOMPARE(told.tree(), std::string("handler.onRequest(waituntil.waitUntil kv.get)"));
        for (const char *kind : {"handler", "waituntil"})
            QVERIFY2(told.call(kind).error.starts_with("Worker exceeded CPU time limit."), told.call(kind).error.c_str());
        QVERIFY(told.until([&] { return told.calls(), !told.exceptions.empty(); }));
        QCOMPARE(told.exceptions[0].place.line, 4);
        QCOMPARE(told.exceptions[0].excerptLine, 1);
        QCOMPARE(told.exceptions[0].excerpt, told.code);
    }

    void waitUntilAfterTheResponse()
    {
        Told told;
        told.load(lateCode);
        QCOMPARE(told.ask().body, std::string("soon"));
        QVERIFY(told.waitFor(4));
        QCOMPARE(told.tree(), std::string("handler.onRequest(waituntil.waitUntil waituntil.waitUntil kv.put)"));
        const auto failed = std::ranges::find(told.calls(), std::string("Error: too late"), &CallEvent::error);
        QVERIFY(failed != told.calls().end());
        QCOMPARE(failed->kind, std::string("waituntil"));
        QCOMPARE(failed->place.line, 3);
        QCOMPARE(told.call("kv").request, told.call("handler").request);
        QVERIFY(told.call("kv").startUs >= told.call("handler").startUs + told.call("handler").durationUs);
    }

    // ---- places

    void placesOfCallsThatWaitFirst_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("method");
        const char *stream = "new Response('streamed').body";
        const auto row = [&](const char *name, const char *kind, const char *method, const QByteArray &code) { QTest::newRow(name) << code << QByteArray(kind) << QByteArray(method); };
        row("KV put of a stream", "kv", "put", QByteArray("await env.KV.put('k', ") + stream + ")");
        row("KV bulk", "kv", "get", "await env.KV.get(['a', 'b'])");
        row("KV list", "kv", "list", "await env.KV.list()");
        row("KV delete", "kv", "delete", "await env.KV.delete('a')");
        row("R2 put of a stream", "r2", "put",
            "await (async () => { const { readable, writable } = new FixedLengthStream(3); const w = writable.getWriter(); w.write(new Uint8Array(3)); w.close(); const p = env.BUCKET.put('k', readable); await p; })()");
        row("R2 put", "r2", "put", "await env.BUCKET.put('k', 'v')");
        row("R2 get", "r2", "get", "await env.BUCKET.get('k')");
        row("R2 head", "r2", "head", "await env.BUCKET.head('k')");
        row("R2 part", "r2", "uploadPart", "await (await env.BUCKET.createMultipartUpload('m')).uploadPart(1, 'part')");
        row("D1 batch", "d1", "batch", "await env.DB.batch([env.DB.prepare('SELECT 1'), env.DB.prepare('SELECT 2')])");
        row("D1 exec", "d1", "exec", "await env.DB.exec('SELECT 1')");
        row("D1 first", "d1", "first", "await env.DB.prepare('SELECT 1 AS x').first('x')");
        row("D1 raw", "d1", "raw", "await env.DB.withSession().prepare('SELECT 1 AS x').raw()");
        row("cache put", "cache", "put", "await caches.default.put('http://localhost/c', new Response('v', { headers: { 'cache-control': 'max-age=60' } }))");
        row("cache put of a stream", "cache", "put",
            "await caches.default.put('http://localhost/c', new Response(new ReadableStream({ start(c) { c.enqueue(new Uint8Array(3)); c.close(); } }), { headers: { 'cache-control': 'max-age=60' } }))");
        row("cache put that is refused", "cache", "put", "await caches.default.put('http://localhost/c', new Response('v', { headers: { 'cache-control': 'no-store' } }))");
        row("cache delete", "cache", "delete", "await caches.default.delete('http://localhost/c')");
        row("fetch that fails", "fetch", "GET", "await fetch('http://127.0.0.1:1/').catch(() => {})");
        row("fetch of a Request with a stream", "fetch", "POST",
            "await fetch(new Request('http://127.0.0.1:1/', { method: 'POST', body: new ReadableStream({ start(c) { c.enqueue(new Uint8Array(3)); c.close(); } }) })).catch(() => {})");
    }
    void placesOfCallsThatWaitFirst()
    {
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, method);
        Told told;
        told.load("async function helper(env) {\n  // here\n  " + code.toStdString() + ";\n}\nasync function onRequest({ env }) {\n  await helper(env);\n  return new Response('done');\n}");
        const auto answer = told.ask();
        QCOMPARE(answer.body, std::string("done"));
        QVERIFY(told.until([&] { return told.call("handler").span != 0; }));
        const CallEvent &call = told.call(kind.toStdString(), method.toStdString());
        QVERIFY(call.span != 0);
        QCOMPARE(call.parent, told.call("handler").span);
        QCOMPARE(call.place.line, 3);
        QCOMPARE(call.place.file, std::string("functions/index.js"));
    }

    void placesAreUnknownWithoutAMap()
    {
        Told told;
        QVERIFY(told.worker.load("async function onRequest({ env }) { await env.KV.get('a'); return new Response('x'); }", Told::bindings()));
        QCOMPARE(told.ask().body, std::string("x"));
        QVERIFY(told.waitFor(2));
        QCOMPARE(told.call("kv").place, base::Place());
        QCOMPARE(told.call("handler").place, base::Place());
        QCOMPARE(told.tree(), std::string("handler.onRequest(kv.get)"));
    }

    // ---- D1, fetch

    void rowsOfD1()
    {
        Told told;
        told.load(rowsCode);
        QCOMPARE(told.ask().body, std::string("done"));
        QVERIFY(told.waitFor(5));
        QCOMPARE(told.call("d1", "batch").rowsWritten, 3U);
        QCOMPARE(told.call("d1", "all").rowsRead, 3U);
        QCOMPARE(told.call("d1", "all").rowsWritten, 0U);
        QVERIFY2(told.call("d1", "all", 1).error.find("no such table") != std::string::npos, told.call("d1", "all", 1).error.c_str());
        QCOMPARE(told.call("d1", "all", 1).result, std::string());
    }

    void fetches()
    {
        HttpPeer peer([](HttpPeer::Connection &connection, HttpPeer::Received &request) {
            if (request.target == "/moved")
                connection.answer("", "Location: /there\r\n", "302 Found");
            else if (request.target == "/binary")
                connection.answer(QByteArray(5000, '\xff'), "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Two: 1\r\nX-Two: 2\r\n");
            else if (request.target == "/cut")
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
            else
                connection.answer(QByteArray("there ").repeated(500), "", "201 Created");
            return HttpPeer::Then::Close;
        });
        Told told;
        told.load(withPeer(fetchCode, peer));
        QCOMPARE(told.ask("/post").body, std::string("done"));
        QVERIFY(told.waitFor(2));
        CallEvent call = told.call("fetch");
        QCOMPARE(call.method, std::string("POST"));
        QCOMPARE(call.binding, "127.0.0.1:" + std::to_string(peer.port()));
        QCOMPARE(call.bytes, 3000U);
        QCOMPARE(argumentsOf(call)[0].toString().toStdString(), peer.base() + "/there");
        QCOMPARE(argumentsOf(call)[1][u"body"_s].toString(), u"hello"_s);
        QCOMPARE(argumentsOf(call)[1][u"headers"_s][u"authorization"_s].toString(), u"[masked]"_s);
        QCOMPARE(argumentsOf(call)[1][u"headers"_s][u"x-plain"_s].toString(), u"yes"_s);
        QJsonObject result = resultOf(call);
        QCOMPARE(result[u"status"_s].toInt(), 201);
        QCOMPARE(result[u"statusText"_s].toString(), u"Created"_s);
        QVERIFY(result[u"body"_s].toString().startsWith(u"there there"_s));
        QVERIFY2(result[u"body"_s].toString().endsWith(u"(3000 bytes)"_s), call.result.c_str());
        QCOMPARE(result[u"complete"_s].toBool(), true);
        QVERIFY(result[u"headUs"_s].toInt() > 0);
        QVERIFY(static_cast<std::uint32_t>(result[u"headUs"_s].toInt()) <= call.durationUs + 1);

        QCOMPARE(told.ask("/moved").body, std::string("done"));
        QVERIFY(told.waitFor(5));
        QCOMPARE(resultOf(told.call("fetch", {}, 1))[u"status"_s].toInt(), 302);
        QCOMPARE(resultOf(told.call("fetch", {}, 2))[u"status"_s].toInt(), 201);
        QVERIFY(told.call("fetch", {}, 1).span != told.call("fetch", {}, 2).span);
        QCOMPARE(told.call("fetch", {}, 1).parent, told.call("fetch", {}, 2).parent);
        QCOMPARE(told.call("fetch", {}, 2).place.line, told.line("/moved\") await"));

        QCOMPARE(told.ask("/binary").body, std::string("done"));
        QVERIFY(told.waitFor(7));
        result = resultOf(told.call("fetch", {}, 3));
        QCOMPARE(result[u"body"_s].toString(), u"<5000 bytes>"_s);
        QCOMPARE(told.call("fetch", {}, 3).bytes, 5000U);
        for (const QString &name : result[u"headers"_s].toObject().keys()) {
            if (name.compare(u"set-cookie"_s, Qt::CaseInsensitive) == 0)
                QCOMPARE(result[u"headers"_s][name].toArray(), (QJsonArray{u"[masked]"_s, u"[masked]"_s}));
            if (name.compare(u"x-two"_s, Qt::CaseInsensitive) == 0)
                QCOMPARE(result[u"headers"_s][name].toArray(), (QJsonArray{u"1"_s, u"2"_s}));
        }

        QCOMPARE(told.ask("/unread").body, std::string("done"));
        QVERIFY(told.waitFor(9));
        call = told.call("fetch", {}, 4);
        QCOMPARE(resultOf(call)[u"status"_s].toInt(), 201);
        QCOMPARE(call.error, std::string());

        QCOMPARE(told.ask("/cut").body, std::string("done"));
        QVERIFY(told.waitFor(11));
        call = told.call("fetch", {}, 5);
        QVERIFY(!call.error.empty());
        QCOMPARE(resultOf(call)[u"complete"_s].toBool(true), false);
        QCOMPARE(call.bytes, 9U);

        QCOMPARE(told.ask("/aborted").body, std::string("done"));
        QVERIFY(told.waitFor(13));
        QCOMPARE(told.call("fetch", {}, 6).error, std::string("The request was aborted."));
        QCOMPARE(told.call("fetch", {}, 6).result, std::string());
    }

    // ---- exceptions

    void excerptOfAnException()
    {
        Told told;
        told.load("// 1\n// 2\n// 3\n// 4\n// 5\nfunction onRequest() {\n  throw new Error('here');\n}\n// 9\n// 10\n// 11\n");
        QCOMPARE(told.ask().status, 500);
        QVERIFY(told.until([&] { return told.calls(), !told.exceptions.empty(); }));
        QCOMPARE(told.exceptions[0].place.line, 7);
        QCOMPARE(told.exceptions[0].excerptLine, 4);
        QCOMPARE(told.exceptions[0].excerpt, std::string("// 4\n// 5\nfunction onRequest() {\n  throw new Error('here');\n}\n// 9\n// 10"));
    }

    void excerptOfARejection()
    {
        Told told;
        told.load("async function fails() {\n  throw new Error('nobody cares');\n}\nfunction onRequest() {\n  fails();\n  return new Response('x');\n}");
        QCOMPARE(told.ask().body, std::string("x"));
        QVERIFY(told.until([&] { return told.calls(), !told.exceptions.empty(); }));
        QCOMPARE(told.exceptions[0].place.line, 2);
        QCOMPARE(told.exceptions[0].excerptLine, 1);
        QVERIFY(told.exceptions[0].excerpt.starts_with("async function fails() {\n"));
    }

    // ---- the switch

    void tellsNothingOfARequestThatIsNotRecorded()
    {
        Told told;
        told.loadChain(quietCode, {{"_middleware.js", "onRequest"}, {"a.js", "onRequest"}});
        told.worker.log().setRecording(events::EventLog::Recorded::Nothing);
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        request.recorded = false;
        request.steps = {{0, "/", {}}, {1, "/", {}}};
        QCOMPARE(told.worker.send(std::move(request)).body, std::string("s"));
        QVERIFY(told.until([&] { return told.calls(), !told.exceptions.empty() && !told.lines.empty(); }));
        QCOMPARE(told.calls().size(), 0U);
        QCOMPARE(told.lines[0], std::string("TypeError"));
        QVERIFY2(told.exceptions[0].message.find("nobody") != std::string::npos, told.exceptions[0].message.c_str());
    }

    /// Figures only: what a call costs more when it is told, with its place.
    void costOfACall()
    {
        Told told;
        told.load("async function onRequest({ env }) { for (let i = 0; i < 20000; ++i) await env.KV.get('k'); return new Response('x'); }");
        double best[2] = {1e9, 1e9};
        for (int round = 0; round < 6; ++round) {
            runtime::Request request;
            request.method = "GET";
            request.url = "http://localhost/";
            request.recorded = round % 2 == 1;
            QElapsedTimer timer;
            timer.start();
            QCOMPARE(told.worker.send(std::move(request)).body, std::string("x"));
            best[round % 2] = std::min(best[round % 2], static_cast<double>(timer.nsecsElapsed()) / 20000);
            told.worker.log().clear();
        }
        qInfo("a KV get takes %.0f ns, and %.0f ns when it is told", best[0], best[1]);
    }
};

QTEST_GUILESS_MAIN(SpansTest)
#include "t_spans.moc"
