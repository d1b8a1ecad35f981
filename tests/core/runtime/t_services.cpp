// SPDX-License-Identifier: GPL-3.0-or-later
// Several Workers that call each other: service bindings, fetch and RPC.

#include "core/runtime/workerdirectory.h"
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QTest>

using namespace cleat;
using test::WorkerHarness;
using runtime::Bindings;
using runtime::Module;

namespace {

/// Workers that know each other by name; each is a Worker's script.
class Workers
{
public:
    WorkerHarness &add(const std::string &name, runtime::Limits limits = {})
    {
        auto &one = m_all[name];
        one = std::make_unique<WorkerHarness>(limits, runtime::WorkerPlace{m_directory, name, {}});
        return *one;
    }
    WorkerHarness &operator[](const std::string &name) { return *m_all.at(name); }
    void remove(const std::string &name) { m_all.erase(name); }
    base::Result<void> load(const std::string &name, const std::string &code, std::vector<Bindings::Service> services = {})
    {
        if (!m_all.contains(name))
            add(name);
        Bindings bindings;
        bindings.services = std::move(services);
        bindings.compatibility = *runtime::Compatibility::resolve("2026-03-01", {}, "2026-03-01");
        return m_all.at(name)->loadWorker(code, std::move(bindings));
    }

private:
    std::shared_ptr<runtime::WorkerDirectory> m_directory = std::make_shared<runtime::WorkerDirectory>();
    std::map<std::string, std::unique_ptr<WorkerHarness>> m_all;
};

const std::string callee = R"(
import { WorkerEntrypoint, RpcTarget } from "cloudflare:workers";
class Counter extends RpcTarget {
  #n = 0;
  own = 1;
  constructor() { super(); globalThis.live = (globalThis.live ?? 0) + 1; }
  inc(by = 1) { return (this.#n += by); }
  get value() { return this.#n; }
  [Symbol.dispose]() { --globalThis.live; }
}
class Foo {}
export default class extends WorkerEntrypoint {
  async fetch(request) {
    const url = new URL(request.url);
    if (url.pathname === "/echo") return new Response(request.body, { status: 201, headers: { "x-method": request.method, "x-test": request.headers.get("x-test") ?? "" } });
    if (url.pathname === "/throw") throw new RangeError("from there");
    if (url.pathname === "/bad") return 5;
    if (url.pathname === "/redirect") return Response.redirect(new URL("/there", url), 302);
    if (url.pathname === "/slow") return new Promise((resolve) => setTimeout(() => resolve(new Response("slow")), 60000));
    if (url.pathname === "/hang") return new Promise(() => {});
    if (url.pathname === "/endless") return new Response(new ReadableStream({ type: "bytes", pull(c) { c.enqueue(new Uint8Array(65536)); globalThis.pulled = (globalThis.pulled ?? 0) + 65536; }, cancel(r) { globalThis.cancelled = String(r); } }));
    if (url.pathname === "/broken") return new Response(new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode("some")); }, pull(c) { c.error(new Error("broke")); } }));
    if (url.pathname === "/ws") {
      const [client, server] = Object.values(new WebSocketPair());
      server.accept();
      server.addEventListener("message", (e) => typeof e.data === "string" ? server.send("echo " + e.data) : server.send(e.data));
      server.addEventListener("close", (e) => { globalThis.closed = e.code + e.reason; server.close(e.code, e.reason); });
      return new Response(null, { status: 101, webSocket: client });
    }
    return new Response(`${request.method} ${url.pathname} ${request.redirect}`);
  }
  add(a, b) { return a + b; }
  echo(value) { return value; }
  kind(value) { return Object.prototype.toString.call(value) + typeof value; }
  counter() { return new Counter(); }
  foo() { return new Foo(); }
  thrower(kind) {
    if (kind === "string") throw "text";
    if (kind === "object") throw { a: 1 };
    if (kind === "dom") throw new DOMException("d", "NotFoundError");
    if (kind === "own") { class Mine extends Error { constructor(m) { super(m); this.name = "Mine"; } } throw new Mine("mine"); }
    throw new TypeError("bad");
  }
  fn() { return (x) => x * 2; }
  obj() { return { n: 5, counter: new Counter(), f: (x) => x + 1 }; }
  get prop() { return 42; }
  get deep() { return { a: { b: 7 } }; }
  async call(f, ...args) { return f(...args); }
  keep(f) { globalThis.kept = f; return 1; }
  dupKeep(f) { globalThis.kept = f.dup(); return 1; }
  async useKept() { return globalThis.kept(); }
  live() { return globalThis.live ?? 0; }
  state(name) { return globalThis[name] ?? null; }
  text(r) { return r.text(); }
  stream(n) { let i = 0; return new ReadableStream({ type: "bytes", pull(c) { if (i++ < n) c.enqueue(new Uint8Array(10000).fill(i)); else c.close(); } }); }
  async count(stream) { let n = 0; for await (const piece of stream) n += piece.byteLength; return n; }
  async write(writable) { const w = writable.getWriter(); await w.write(new TextEncoder().encode("written")); await w.close(); return "done"; }
  response() { return new Response("body", { status: 202, headers: { x: "y" } }); }
  props() { return this.ctx.props; }
  many(n) { return Array.from({ length: n }, () => new Counter()); }
  later(ms) { this.ctx.waitUntil(new Promise((r) => setTimeout(r, ms)).then(() => { globalThis.late = "yes"; })); return 1; }
  loop() { for (;;) {} }
  fill() { const all = []; for (;;) all.push(new Array(1000).fill(Math.random())); }
  slow(ms) { return new Promise((resolve) => setTimeout(() => resolve("slow"), ms)); }
  notMethod = 5;
}
export class Named extends WorkerEntrypoint { hello() { return "named " + JSON.stringify(this.ctx.props); } fetch() { return new Response("named fetch"); } }
export const plain = { async one(a, env, ctx) { return "one " + a; }, noargs() { return 1; }, fetch() { return new Response("plain"); } };
)";

/// A Worker whose every request runs `body` and answers with its result as JSON.
std::string caller(const std::string &body)
{
    return R"(
const shown = (v) => v instanceof Error ? { name: v.name, message: v.message, remote: v.remote } : typeof v === "function" ? Object.prototype.toString.call(v) : v === undefined ? "undefined" : v;
export default { async fetch(request, env, ctx) {
  const t = async (f) => { try { return shown(await f()); } catch (e) { return { threw: shown(e) }; } };
  const s = env.S;
  const result = await t(async () => { )" + body + R"( });
  return new Response(JSON.stringify(result) ?? "undefined");
} };)";
}

const std::vector<Bindings::Service> toB{{"S", "b", "", ""}, {"NAMED", "b", "Named", R"({"p":1})"}, {"PLAIN", "b", "plain", ""}};

std::string ask(Workers &workers, const std::string &body)
{
    if (const auto loaded = workers.load("a", caller(body), toB); !loaded)
        return "not loaded: " + loaded.error().message;
    return workers["a"].fetch().body;
}

} // namespace

class TestServices final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void calls_data();
    void calls();
    void missingWorkerAppears();
    void calleeIsReloaded();
    void calleeIsGone();
    void calleeLoops();
    void calleeFillsItsHeap();
    void cycle();
    void manyStubs();
    void disposal();
    void streamsHaveBounds();
    void waitUntilGoesOn();
    void oneTree();
    void manyAtOnce();
};

void TestServices::calls_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *body, const char *expected) { QTest::newRow(name) << body << expected; };
    row("fetch", "const r = await s.fetch('http://h/p?q', { method: 'POST', body: 'x' }); return [r.status, r.url, await r.text()];", R"([200,"http://h/p?q","POST /p manual"])");
    row("fetch echoes", "const r = await s.fetch('http://h/echo', { method: 'PUT', body: 'hällo', headers: { 'x-test': 'v' } }); return [r.status, r.headers.get('x-method'), r.headers.get('x-test'), await r.text()];", R"([201,"PUT","v","hällo"])");
    row("fetch streams both ways", "const { readable, writable } = new TransformStream(); const r = s.fetch('http://h/echo', { method: 'POST', body: readable }); const w = writable.getWriter(); const e = new TextEncoder(); (async () => { for (let i = 0; i < 100; ++i) await w.write(e.encode('0123456789'.repeat(1000))); await w.close(); })(); return (await (await r).text()).length;", "1000000");
    row("fetch throws", "return s.fetch('http://h/throw');", R"({"threw":{"name":"RangeError","message":"from there","remote":true}})");
    row("fetch of no Response", "return s.fetch('http://h/bad');", R"({"threw":{"name":"TypeError","message":"Incorrect type for Promise: the Promise did not resolve to 'Response'.","remote":true}})");
    row("fetch without", "return s.fetch();", R"({"threw":{"name":"TypeError","message":"Failed to execute 'fetch' on 'Fetcher': parameter 1 is not of type 'Request or string'."}})");
    row("fetch follows", "const r = await s.fetch('http://h/redirect'); return [r.url, r.redirected, await r.text()];", R"(["http://h/there",true,"GET /there manual"])");
    row("fetch does not follow", "const r = await s.fetch('http://h/redirect', { redirect: 'manual' }); return [r.status, r.url, r.redirected];", R"([302,"http://h/redirect",false])");
    row("aborted", "const c = new AbortController(); const p = s.fetch('http://h/slow', { signal: c.signal }); setTimeout(() => c.abort(), 5); return p;", R"({"threw":{"name":"AbortError","message":"The operation was aborted"}})");
    row("broken body", "return (await s.fetch('http://h/broken')).text();", R"({"threw":{"name":"Error","message":"broke","remote":true}})");
    row("WebSocket", "const r = await s.fetch('http://h/ws', { headers: { upgrade: 'websocket' } }); const w = r.webSocket; w.accept(); const got = []; const over = new Promise((done) => { w.addEventListener('message', (e) => { got.push(typeof e.data === 'string' ? e.data : new Uint8Array(e.data).length); if (got.length === 2) w.close(4000, 'bye'); }); w.addEventListener('close', (e) => done([e.code, e.reason, e.wasClean])); }); w.send('hi'); w.send(new Uint8Array(3)); got.push(...await over); got.push(await s.state('closed')); return [r.status, got];", R"([101,["echo hi",3,4000,"bye",true,"4000bye"]])");
    row("method", "return s.add(1, 2);", "3");
    row("kinds of values", "const m = await s.echo({ m: new Map([[1, { a: new Set([2]) }]]), d: new Date(5), b: 10n, r: /x/g, u: new Uint8Array([1, 2]), n: null, h: undefined, e: new TypeError('t') }); return [[...m.m.get(1).a][0], m.d.getTime(), String(m.b), String(m.r), m.u.length, m.n, 'h' in m, m.e instanceof TypeError, m.e.message];", R"([2,5,"10","/x/g",2,null,true,true,"t"])");
    row("a cycle in a value", "const a = { x: 1 }; a.a = a; const b = await s.echo(a); return b.a === b && b !== a;", "true");
    row("the same twice", "const f = { x: 1 }; const b = await s.echo([f, f]); return b[0] === b[1];", "true");
    row("a class", "return s.foo();", R"({"threw":{"name":"DataCloneError","message":"Could not serialize object of type \"Foo\". This type does not support serialization.","remote":true}})");
    row("an argument of a class", "class Bar {} return s.echo(new Bar());", R"({"threw":{"name":"DataCloneError","message":"Could not serialize object of type \"Bar\". This type does not support serialization."}})");
    row("a symbol", "return s.echo(Symbol('q'));", R"({"threw":{"name":"DataCloneError","message":"Symbol(q) could not be cloned."}})");
    row("a promise", "return s.echo(Promise.resolve(1));", R"({"threw":{"name":"DataCloneError","message":"#<Promise> could not be cloned."}})");
    row("an RpcPromise", "return s.add(s.add(1, 2), 3);", R"({"threw":{"name":"DataCloneError","message":"Could not serialize object of type \"RpcPromise\". This type does not support serialization."}})");
    row("a getter that throws", "return s.echo({ get x() { throw new RangeError('mine'); } });", R"({"threw":{"name":"RangeError","message":"mine"}})");
    row("throws", "return s.thrower();", R"({"threw":{"name":"TypeError","message":"bad","remote":true}})");
    row("throws a string", "return s.thrower('string');", R"({"threw":{"name":"Error","message":"text","remote":true}})");
    row("throws an object", "return s.thrower('object');", R"({"threw":{"name":"Error","message":"#<Object>","remote":true}})");
    row("throws a class", "return s.thrower('own');", R"({"threw":{"name":"Error","message":"Mine: mine","remote":true}})");
    row("throws a DOMException", "return s.thrower('dom');", R"({"threw":{"name":"NotFoundError","message":"d","remote":true}})");
    row("no such method", "return s.nosuch();", R"({"threw":{"name":"TypeError","message":"The RPC receiver does not implement the method \"nosuch\".","remote":true}})");
    row("an own field", "return s.notMethod;", R"({"threw":{"name":"TypeError","message":"The RPC receiver does not implement the method \"notMethod\".","remote":true}})");
    row("a property is called", "return s.prop();", R"({"threw":{"name":"TypeError","message":"\"prop\" is not a function.","remote":true}})");
    row("a property", "return [await s.prop, await s.deep.a.b];", "[42,7]");
    row("a function", "const f = await s.fn(); return [String(Object.prototype.toString.call(f)), await f(4)];", R"(["[object JsRpcStub]",8])");
    row("a target", "const c = await s.counter(); await c.inc(2); await c.inc(); return [await c.value, await c.own.catch((e) => e.message)];", R"([3,"The RPC receiver does not implement the method \"own\"."])");
    row("pipelining", "return [await s.fn()(4), await s.counter().inc(7), await s.obj().n, await s.obj().f(1), await s.obj().counter.inc(3)];", "[8,7,5,2,3]");
    row("pipelining misses", "return s.obj().zzz.yyy();", R"({"threw":{"name":"TypeError","message":"The RPC receiver does not implement the method \"zzz\".","remote":true}})");
    row("pipelining of a failure", "return s.thrower().x();", R"({"threw":{"name":"TypeError","message":"bad","remote":true}})");
    row("pipelining after the answer", "const p = s.obj(); await p; return [await p.f(1), await p.counter.inc(2), await p.n];", "[2,2,5]");
    row("a function is passed", "return s.call((a, b) => a * b, 6, 7);", "42");
    row("a function that throws is passed", "return s.call(() => { throw new SyntaxError('cb'); });", R"({"threw":{"name":"SyntaxError","message":"cb","remote":true}})");
    row("what was passed ends with the call", "await s.keep(() => 1); return s.useKept();", R"({"threw":{"name":"Error","message":"RPC stub used after being disposed.","remote":true}})");
    row("of another request", "await s.dupKeep(() => 1); return s.useKept();", R"x({"threw":{"name":"Error","message":"Cannot perform I/O on behalf of a different request. I/O objects (such as streams, request/response bodies, and others) created in the context of one request handler cannot be accessed from a different request's handler. This is a limitation of Cloudflare Workers which allows us to improve overall performance. (I/O type: Client)","remote":true}})x");
    row("a stub goes there and back", "const f = await s.fn(); return s.call(f, 21);", "42");
    row("a Response", "const r = await s.response(); return [r.status, r.headers.get('x'), await r.text()];", R"([202,"y","body"])");
    row("a Request", "return s.text(new Request('http://x/', { method: 'POST', body: 'hello' }));", R"("hello")");
    row("Headers", "const h = await s.echo(new Headers({ a: 'b' })); return [h instanceof Headers, h.get('a')];", R"([true,"b"])");
    row("a Blob", "const b = await s.echo(new Blob(['xyz'], { type: 'text/x' })); return [b.type, await b.text()];", R"(["text/x","xyz"])");
    row("a stream comes", "let n = 0; for await (const p of await s.stream(100)) n += p.length; return n;", "1000000");
    row("a stream goes", "return s.count(new Response('y'.repeat(2000000)).body);", "2000000");
    row("a WritableStream goes", "const { readable, writable } = new IdentityTransformStream(); const text = new Response(readable).text(); return [await s.write(writable), await text];", R"(["done","written"])");
    row("disposed", "const f = await s.fn(); f[Symbol.dispose](); return f(1);", R"({"threw":{"name":"Error","message":"RPC stub used after being disposed."}})");
    row("disposed twice", "const f = await s.fn(); f[Symbol.dispose](); f[Symbol.dispose](); return 1;", "1");
    row("a duplicate", "const f = await s.fn(); const g = f.dup(); f[Symbol.dispose](); return g(3);", "6");
    row("an object is disposed", "const o = await s.obj(); o[Symbol.dispose](); return o.f(1);", R"({"threw":{"name":"Error","message":"RPC stub used after being disposed."}})");
    row("a promise is disposed", "const p = s.fn(); p[Symbol.dispose](); return p(1);", R"({"threw":{"name":"Error","message":"RPC promise used after being disposed."}})");
    row("a disposed promise is awaited", "const p = s.add(1, 2); p[Symbol.dispose](); return p;", "3");
    row("disposal is not seen", "const o = await s.obj(); return [Object.keys(o), typeof o[Symbol.dispose]];", R"([["n","counter","f"],"function"])");
    row("named", "return [await env.NAMED.hello(), await (await env.NAMED.fetch('http://h/')).text(), await s.props()];", R"(["named {\"p\":1}","named fetch",{}])");
    row("an object", "return [await env.PLAIN.one(1), await (await env.PLAIN.fetch('http://h/')).text()];", R"(["one 1","plain"])");
    row("an object's method with two arguments", "return env.PLAIN.one(1, 2);", R"({"threw":{"name":"TypeError","message":"Attempted to call RPC function \"one\" with the wrong number of arguments. When calling a top-level handler function that is not declared as part of a class, you must always send exactly one argument. In order to support variable numbers of arguments, the server must use class-based syntax (extending WorkerEntrypoint) instead.","remote":true}})");
    row("a call that never ends", "return s.fetch('http://h/hang');", R"({"threw":{"name":"Error","message":"The Workers runtime canceled this request because it detected that your Worker's code had hung and would never generate a response. Refer to: https://developers.cloudflare.com/workers/observability/errors/"}})");
    row("outsides", "return [typeof s, Object.prototype.toString.call(s), Object.prototype.toString.call(s.add), Object.prototype.toString.call(s.add(1, 2)), Object.keys(s), 'fetch' in s, typeof s.then];", R"(["object","[object Fetcher]","[object JsRpcProperty]","[object JsRpcPromise]",[],true,"undefined"])");
}

void TestServices::calls()
{
    QFETCH(QString, body);
    QFETCH(QString, expected);
    Workers workers;
    const auto loaded = workers.load("b", callee);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QCOMPARE(QString::fromStdString(ask(workers, body.toStdString())), expected);
}

void TestServices::missingWorkerAppears()
{
    Workers workers;
    QVERIFY(workers.load("a", caller("return [(await s.fetch('http://h/')).status, await (await s.fetch('http://h/x')).text(), await s.add(1, 2)];"), toB));
    QCOMPARE(workers["a"].fetch().body, R"({"threw":{"name":"Error","message":"Worker \"b\" not found. Make sure it is running locally.","remote":true}})");
    QVERIFY(workers.load("b", callee));
    QCOMPARE(workers["a"].fetch().body, R"([200,"GET /x manual",3])");
    workers.remove("b");
    QVERIFY(workers.load("a", caller("const r = await s.fetch('http://h/'); return [r.status, await r.text()];"), toB));
    QCOMPARE(workers["a"].fetch().body, R"([503,"Worker \"b\" not found. Make sure it is running locally."])");
}

void TestServices::calleeIsReloaded()
{
    Workers workers;
    QVERIFY(workers.load("b", callee));
    QVERIFY(workers.load("a", caller("return [await s.slow(300), await s.add(1, 2)];"), toB));
    runtime::Request request;
    request.method = "GET";
    request.url = "http://localhost/";
    const auto id = workers["a"].begin(std::move(request));
    QTest::qWait(50);
    QVERIFY(workers.load("b", "import { WorkerEntrypoint } from 'cloudflare:workers'; export default class extends WorkerEntrypoint { add() { return 'new'; } }"));
    QCOMPARE(workers["a"].wait(id).body, R"(["slow","new"])");
}

void TestServices::calleeIsGone()
{
    Workers workers;
    QVERIFY(workers.load("b", callee));
    QVERIFY(workers.load("a", caller("console.log('calls'); return s.slow(60000);"), toB));
    runtime::Request request;
    request.method = "GET";
    request.url = "http://localhost/";
    const auto id = workers["a"].begin(std::move(request));
    workers["a"].console(1);
    workers.remove("b");
    QCOMPARE(workers["a"].wait(id).body, R"({"threw":{"name":"Error","message":"Network connection lost."}})");
}

void TestServices::calleeLoops()
{
    Workers workers;
    runtime::Limits limits;
    limits.cpuMs = 100;
    workers.add("b", limits);
    QVERIFY(workers.load("b", callee));
    QCOMPARE(ask(workers, "return s.loop();"), R"({"threw":{"name":"Error","message":"Worker exceeded CPU time limit."}})");
    QCOMPARE(workers["a"].fetch().body, R"({"threw":{"name":"Error","message":"Worker exceeded CPU time limit."}})");
    QCOMPARE(ask(workers, "return s.add(1, 2);"), "3");
}

void TestServices::calleeFillsItsHeap()
{
    Workers workers;
    runtime::Limits limits;
    limits.heapBytes = 48U << 20;
    workers.add("b", limits);
    QVERIFY(workers.load("b", callee));
    const std::string answer = ask(workers, "return s.fill().catch((e) => e.message);");
    QVERIFY2(answer == R"("Worker exceeded memory limit.")" || answer == R"("Network connection lost.")", answer.c_str());
    QCOMPARE(ask(workers, "return s.add(1, 2);"), "3");
}

void TestServices::cycle()
{
    Workers workers;
    QVERIFY(workers.load("a", "import { WorkerEntrypoint } from 'cloudflare:workers'; export default class extends WorkerEntrypoint {"
                              " async fetch() { return new Response(await this.env.S.down(20)); }"
                              " async down(n) { return n === 0 ? 'bottom' : this.env.S.down(n - 1); } }", toB));
    QVERIFY(workers.load("b", "import { WorkerEntrypoint } from 'cloudflare:workers'; export default class extends WorkerEntrypoint {"
                              " async down(n) { return n === 0 ? 'bottom' : this.env.A.down(n - 1); } }", {{"A", "a", "", ""}}));
    QCOMPARE(workers["a"].fetch().body, "bottom");
    QVERIFY(workers.load("b", "import { WorkerEntrypoint } from 'cloudflare:workers'; export default class extends WorkerEntrypoint {"
                              " async down(n) { return this.env.A.down(1); } }", {{"A", "a", "", ""}}));
    const std::string endless = workers["a"].fetch().body;
    QVERIFY2(endless.find("Subrequest depth limit exceeded.") != std::string::npos, endless.c_str());
}

void TestServices::manyStubs()
{
    Workers workers;
    QVERIFY(workers.load("b", callee));
    QCOMPARE(ask(workers, "const all = await s.many(1000); const sums = await Promise.all(all.map((c, i) => c.inc(i))); const live = await s.live(); all[Symbol.dispose](); return [sums.reduce((a, b) => a + b), live];"), "[499500,1000]");
    QCOMPARE(ask(workers, "return s.live();"), "0");
}

void TestServices::disposal()
{
    Workers workers;
    QVERIFY(workers.load("b", callee));
    // By hand, with the object it came in, and with the request.
    QCOMPARE(ask(workers, "const c = await s.counter(); const before = await s.live(); c[Symbol.dispose](); await s.add(1, 1); const o = await s.obj(); o[Symbol.dispose](); await s.add(1, 1); const after = await s.live(); await s.counter(); return [before, after, await s.live()];"), "[1,0,1]");
    QCOMPARE(ask(workers, "return s.live();"), "0");
}

void TestServices::streamsHaveBounds()
{
    Workers workers;
    QVERIFY(workers.load("b", callee));
    QCOMPARE(ask(workers, "const r = await s.fetch('http://h/endless'); const reader = r.body.getReader(); await reader.read(); await new Promise((d) => setTimeout(d, 100)); const pulled = await s.state('pulled'); await reader.cancel('enough'); await s.add(1, 1); return [pulled <= 1048576, await s.state('cancelled')];"),
        R"([true,"Error: enough"])");
}

void TestServices::waitUntilGoesOn()
{
    Workers workers;
    QVERIFY(workers.load("b", callee));
    QCOMPARE(ask(workers, "return s.later(30);"), "1");
    QElapsedTimer timer;
    timer.start();
    std::string late;
    while (timer.elapsed() < 10000 && late != R"("yes")")
        late = ask(workers, "return s.state('late');");
    QCOMPARE(late, R"("yes")");
}

void TestServices::oneTree()
{
    Workers workers;
    QVERIFY(workers.load("b", callee));
    QCOMPARE(ask(workers, "return [await s.add(1, 2), (await s.fetch('http://h/p')).status];"), "[3,200]");
    // The caller's half is in its own log here; a session has one log for all.
    std::vector<events::CallEvent> calls;
    for (const auto &event : workers["a"].events()) {
        if (const auto *call = std::get_if<events::CallEvent>(&event); call && call->kind == "service")
            calls.push_back(*call);
    }
    QElapsedTimer timer;
    timer.start();
    while (calls.size() < 2 && timer.elapsed() < 10000) {
        for (const auto &event : workers["a"].events()) {
            if (const auto *call = std::get_if<events::CallEvent>(&event); call && call->kind == "service")
                calls.push_back(*call);
        }
    }
    QCOMPARE(calls.size(), std::size_t(2));
    QCOMPARE(calls[0].binding, "S");
    QCOMPARE(calls[0].method, "add");
    QCOMPARE(calls[1].method, "GET /p");
    QCOMPARE(calls[1].result, R"({"status":200})");
    std::vector<events::CallEvent> there;
    while (there.size() < 2 && timer.elapsed() < 10000) {
        for (const auto &event : workers["b"].events()) {
            if (const auto *call = std::get_if<events::CallEvent>(&event); call && call->kind == "handler")
                there.push_back(*call);
        }
    }
    QCOMPARE(there.size(), std::size_t(2));
    for (std::size_t i = 0; i < 2; ++i) {
        QCOMPARE(there[i].request, calls[i].request);
        QCOMPARE(there[i].parent, calls[i].span);
        QCOMPARE(there[i].binding, "b");
    }
    QCOMPARE(there[0].method, "add");
    QCOMPARE(there[1].method, "fetch");
}

void TestServices::manyAtOnce()
{
    Workers workers;
    QVERIFY(workers.load("b", callee));
    QVERIFY(workers.load("a", caller("const r = await s.fetch('http://h/p'); return r.text();"), toB));
    std::vector<runtime::RequestId> all;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 2000; ++i) {
        runtime::Request request;
        request.method = "GET";
        request.url = "http://localhost/";
        all.push_back(workers["a"].begin(std::move(request)));
    }
    for (const auto id : all)
        QCOMPARE(workers["a"].wait(id).body, R"("GET /p manual")");
    qInfo("2000 calls in %lld ms", static_cast<long long>(timer.elapsed()));
}

QTEST_GUILESS_MAIN(TestServices)
#include "t_services.moc"
