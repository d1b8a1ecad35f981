// SPDX-License-Identifier: GPL-3.0-or-later
// Durable Objects: one Worker that has the classes, and one that calls them.

#include "core/runtime/alarmclock.h"
#include "core/runtime/workerdirectory.h"
#include "tests/core/runtime/workerharness.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace cleat;
using test::WorkerHarness;
using runtime::AlarmClock;
using runtime::Bindings;

namespace {

/// Two Workers that know each other by name, on one folder of state.
class Pair
{
public:
    explicit Pair(runtime::Limits limits = {}) : m_limits(limits) {}

    base::Result<void> classes(const std::string &code)
    {
        if (!m_callee)
            m_callee = std::make_unique<WorkerHarness>(m_limits, runtime::WorkerPlace{m_directory, "dow", {}});
        Bindings bindings = with({{"OBJ", "Obj", ""}});
        bindings.state = m_state.path().toStdString();
        bindings.sqliteClasses = {"Obj", "Throws", "Plain"};
        bindings.kv = {{"KV", "kv"}};
        return m_callee->loadWorker(code, std::move(bindings));
    }
    std::string ask(const std::string &body)
    {
        if (const auto loaded = caller(body); !loaded)
            return "not loaded: " + loaded.error().message;
        return m_caller->fetch().body;
    }
    base::Result<void> caller(const std::string &body)
    {
        if (!m_caller)
            m_caller = std::make_unique<WorkerHarness>(m_limits, runtime::WorkerPlace{m_directory, "pages", {}});
        Bindings bindings = with({{"OBJ", "Obj", "dow"}, {"LEGACY", "Legacy", "dow"}, {"THROWS", "Throws", "dow"}, {"PLAIN", "Plain", "dow"}, {"NOCLASS", "NoClass", "dow"}, {"NOSCRIPT", "Obj", "nobody"}});
        return m_caller->loadWorker(R"(
const shown = (v) => v instanceof Error ? Object.fromEntries([["name", v.name], ["message", v.message], ...Object.entries(v)]) : v === undefined ? "undefined" : v;
export default { async fetch(request, env, ctx) {
  const t = async (f) => { try { return shown(await f()); } catch (e) { return { threw: shown(e) }; } };
  const { OBJ, LEGACY, THROWS, PLAIN, NOCLASS, NOSCRIPT } = env;
  const s = OBJ.getByName("one");
  const result = await t(async () => { )" + body + R"( });
  return new Response(JSON.stringify(result) ?? "undefined");
} };)", std::move(bindings));
    }
    WorkerHarness &callee() { return *m_callee; }
    WorkerHarness &calling() { return *m_caller; }
    void restartCallee() { m_callee.reset(); }
    void endCallee() { m_callee.reset(); }

private:
    static Bindings with(std::vector<Bindings::Objects> objects)
    {
        Bindings bindings;
        bindings.objects = std::move(objects);
        bindings.compatibility = *runtime::Compatibility::resolve("2026-03-01", {}, "2026-03-01");
        return bindings;
    }

    const runtime::Limits m_limits;
    QTemporaryDir m_state;
    std::shared_ptr<runtime::WorkerDirectory> m_directory = std::make_shared<runtime::WorkerDirectory>();
    std::unique_ptr<WorkerHarness> m_callee;
    std::unique_ptr<WorkerHarness> m_caller;
};

const std::string code = R"(
import { DurableObject, RpcTarget } from "cloudflare:workers";
let made = 0;
class T extends RpcTarget { constructor(o) { super(); this.o = o; } inc() { return this.o.inc(); } }
export class Obj extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.n = 0;
    this.made = ++made;
    if (globalThis.slowStart) ctx.blockConcurrencyWhile(async () => { await new Promise((r) => setTimeout(r, 30)); this.n = 100; });
    if (globalThis.failStart) ctx.blockConcurrencyWhile(async () => { throw new Error("in block"); });
  }
  async fetch(request) {
    const url = new URL(request.url);
    if (url.pathname === "/throw") throw new TypeError("thrown");
    if (url.pathname === "/bad") return 5;
    if (url.pathname === "/ws") {
      const [client, server] = Object.values(new WebSocketPair());
      if (url.search === "?plain") { server.accept(); server.addEventListener("message", (e) => server.send("plain " + e.data)); }
      else this.ctx.acceptWebSocket(server, ["all", url.search]);
      return new Response(null, { status: 101, webSocket: client });
    }
    return new Response(`${request.method} ${request.url} ${await request.text()}`);
  }
  inc(by = 1) { return (this.n += by); }
  number() { return this.made; }
  who() { return [this.ctx.id.name, String(this.ctx.id)]; }
  add(a, b) { return a + b; }
  throwIt() { throw new TypeError("rpc thrown"); }
  abortIt(reason) { this.ctx.abort(reason); }
  blockThrow() { return this.ctx.blockConcurrencyWhile(async () => { throw new Error("block failed"); }); }
  async blockThrowCaught() { try { await this.ctx.blockConcurrencyWhile(async () => { throw new Error("block failed"); }); } catch (e) { return "caught " + e; } }
  block() { return this.ctx.blockConcurrencyWhile(async () => 7); }
  async slowBlock(ms) { await this.ctx.blockConcurrencyWhile(() => new Promise((r) => setTimeout(r, ms))); this.n = 1000; return this.n; }
  async order() { const seen = []; await Promise.all([this.ctx.blockConcurrencyWhile(async () => { seen.push(1); await new Promise((r) => setTimeout(r, 5)); seen.push(2); }), this.ctx.blockConcurrencyWhile(async () => { seen.push(3); })]); await this.ctx.blockConcurrencyWhile(() => this.ctx.blockConcurrencyWhile(async () => { seen.push(4); })); return seen; }
  target() { return new T(this); }
  hang() { return new Promise(() => {}); }
  set(name, value) { globalThis[name] = value; }
  async wait(ms) { await new Promise((r) => setTimeout(r, ms)); return this.n; }
  later(ms) { setTimeout(() => { this.n += 50; }, ms); }
  release() { this.resolve?.("released"); }
  hold() { return new Promise((r) => { this.resolve = r; }); }
  async put(key, value) { await this.ctx.storage.put(key, value); return true; }
  async putFunction() { await this.ctx.storage.put("k", () => 1); }
  async get(key) { return (await this.ctx.storage.get(key)) ?? null; }
  async putAndThrow(key, value) { this.ctx.storage.put(key, value); throw new Error("after put"); }
  async putAndAbort(key, value) { this.ctx.storage.put(key, value); this.ctx.abort("gone"); }
  async count() { const n = ((await this.ctx.storage.get("n")) ?? 0) + 1; await this.ctx.storage.put("n", n); return n; }
  sql(text, ...values) { return this.ctx.storage.sql.exec(text, ...values).toArray(); }
  async both() { const id = this.env.OBJ.idFromName("other"); return [await this.env.OBJ.get(id).inc(), await this.env.OBJ.getByName("other").who()]; }
  async self() { return this.env.OBJ.get(this.ctx.id).inc(5); }
  async cycle() { return this.env.OBJ.getByName(this.ctx.id.name + "x").cycle(); }
  exportsOf() { return Object.keys(this.ctx.exports ?? {}).sort(); }
  async byExports() { return this.ctx.exports.Obj.getByName("exported").who(); }
  deferred() { this.ctx.waitUntil(new Promise((r) => setTimeout(r, 5)).then(() => { this.n = 77; })); }
  loop() { for (;;) {} }
  putAndLoop(key) { this.ctx.storage.put(key, 1); for (;;) {} }
  sockets(tag) { return this.ctx.getWebSockets(tag).map((w) => [w.readyState, this.ctx.getTags(w), w.deserializeAttachment()]); }
  broadcast(text) { for (const w of this.ctx.getWebSockets()) w.send(text); }
  auto(request, response) { this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(request, response)); }
  webSocketMessage(w, message) {
    if (message === "throw") throw new Error("in message");
    if (message === "close") return w.close(4000, "bye");
    w.send(`${message} of ${this.made} ${JSON.stringify(w.deserializeAttachment())}`);
    w.serializeAttachment({ last: message });
  }
  webSocketClose(w, code, reason, clean) { globalThis.closed = [code, reason, clean, this.ctx.getWebSockets().length]; }
  closed() { return globalThis.closed ?? null; }
  async setAlarm(ms) { await this.ctx.storage.setAlarm(Date.now() + ms); return (await this.ctx.storage.getAlarm()) > 0; }
  getAlarm() { return this.ctx.storage.getAlarm(); }
  deleteAlarm() { return this.ctx.storage.deleteAlarm(); }
  rang() { return globalThis.rang ?? []; }
  async alarm(info) {
    (globalThis.rang ??= []).push([this.ctx.id.name ?? null, info.retryCount, info.isRetry, typeof info.scheduledTime, await this.ctx.storage.getAlarm()]);
    if (globalThis.failAlarm) throw new Error("alarm fails");
    if (globalThis.again) { globalThis.again = false; await this.ctx.storage.setAlarm(Date.now() + 1); }
  }
}
export class Legacy extends DurableObject { async count() { const n = ((await this.ctx.storage.get("n")) ?? 0) + 1; await this.ctx.storage.put("n", n); return n; } sql() { return this.ctx.storage.sql.exec("SELECT 1").toArray(); } async setAlarm() { await this.ctx.storage.setAlarm(Date.now() + 1000); } }
export class Throws { constructor() { throw new RangeError("from the constructor"); } }
export class Plain { constructor(...args) { this.args = args.length; } fetch() { return new Response("plain " + this.args); } }
export default { fetch() { return new Response("worker"); } };
)";

} // namespace

class TestObjectWorkers final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void calls_data();
    void calls();
    void storageOutlives();
    void reloadResets();
    void counterOfMany();
    void tenThousandObjects();
    void gates();
    void outputGate();
    void loops();
    void eviction();
    void hibernation();
    void alarms();
    void alarmsAfterRestart();
    void clock();
};

void TestObjectWorkers::calls_data()
{
    QTest::addColumn<QString>("body");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *body, const char *expected) { QTest::newRow(name) << body << expected; };
    row("fetch", "return (await s.fetch('http://x/a?b', { method: 'POST', body: 'text' })).text();", R"("POST http://x/a?b text")");
    row("fetch, relative", "return s.fetch('/a');", R"({"threw":{"name":"TypeError","message":"Invalid URL: /a"}})");
    row("fetch of nothing", "return s.fetch();", R"({"threw":{"name":"TypeError","message":"Failed to execute 'fetch' on 'Fetcher': parameter 1 is not of type 'Request or string'."}})");
    row("one instance a name", "return [await s.inc(), await OBJ.get(OBJ.idFromName('one')).inc(), await OBJ.getByName('two').inc(), await s.number() === await OBJ.getByName('one').number()];", "[1,2,1,true]");
    row("fetch and RPC are one object", "await s.inc(); await s.fetch('http://x/'); return s.inc();", "2");
    row("who it is", "const id = OBJ.idFromName('one'); return [(await s.who())[0], (await s.who())[1] === String(id), s.name, s.id.name, String(s.id) === String(id), Object.keys(s)];", R"(["one",true,"one","one",true,["name","id"]])");
    row("of no name", "const id = OBJ.newUniqueId(); const u = OBJ.get(id); return [await u.who().then((w) => [w[0] ?? null, w[1] === String(id)]), u.name ?? null, String(id).length, OBJ.idFromString(String(id)).equals(id), id.equals(OBJ.newUniqueId())];", "[[null,true],null,64,true,false]");
    row("names", "return [OBJ.idFromName('a').constructor.name, s.constructor.name, OBJ.constructor.name, Object.prototype.toString.call(OBJ), Object.prototype.toString.call(s), JSON.stringify(OBJ.idFromName('a')), typeof s.then];", R"(["DurableObjectId","DurableObject","DurableObjectNamespace","[object DurableObjectNamespace]","[object DurableObject]","{\"name\":\"a\"}","undefined"])");
    row("an id as the reference makes it", "return [String(env.OBJ.idFromName('a')), String(OBJ.idFromName(5))];", R"(["f378bfdf856a1ccbf5e26472c448d2468606a51926b437188d07b6cfefcf403b","82ccae44a6d0aa05eb9e70815561a812885fcd2630a9697d7109bb9ffdac5662"])");
    row("upper case", "return String(OBJ.idFromString(String(OBJ.idFromName('a')).toUpperCase()));", R"("f378bfdf856a1ccbf5e26472c448d2468606a51926b437188d07b6cfefcf403b")");
    row("idFromName of nothing", "return OBJ.idFromName();", R"({"threw":{"name":"TypeError","message":"Failed to execute 'idFromName' on 'DurableObjectNamespace': parameter 1 is not of type 'string'."}})");
    row("idFromString of no id", "return OBJ.idFromString('zz');", R"({"threw":{"name":"TypeError","message":"Invalid Durable Object ID: must be 64 hex digits"}})");
    row("idFromString of another's", "return OBJ.idFromString(String(LEGACY.idFromName('a')));", R"({"threw":{"name":"TypeError","message":"Durable Object ID is not valid for this namespace."}})");
    row("get of a text", "return OBJ.get('a');", R"({"threw":{"name":"TypeError","message":"Failed to execute 'get' on 'DurableObjectNamespace': parameter 1 is not of type 'DurableObjectId'."}})");
    row("get of 5", "return OBJ.get(OBJ.idFromName('a'), 5);", R"({"threw":{"name":"TypeError","message":"Failed to execute 'get' on 'DurableObjectNamespace': parameter 2 is not of type 'GetDurableObjectOptions'."}})");
    row("getByName of nothing", "return OBJ.getByName();", R"({"threw":{"name":"TypeError","message":"Failed to execute 'getByName' on 'DurableObjectNamespace': parameter 1 is not of type 'string'."}})");
    row("equals 5", "return OBJ.idFromName('a').equals(5);", R"({"threw":{"name":"TypeError","message":"Failed to execute 'equals' on 'DurableObjectId': parameter 1 is not of type 'DurableObjectId'."}})");
    row("jurisdictions", "const m = (f) => { try { return String(f()); } catch (e) { return e.message; } }; return [m(() => OBJ.jurisdiction('eu')), m(() => OBJ.newUniqueId({ jurisdiction: 'eu' })), m(() => OBJ.jurisdiction().idFromName('a'))];", R"(["Jurisdiction restrictions are not implemented in workerd.","Jurisdiction restrictions are not implemented in workerd.","f378bfdf856a1ccbf5e26472c448d2468606a51926b437188d07b6cfefcf403b"])");
    row("no such method", "return s.nope();", R"({"threw":{"name":"TypeError","message":"The RPC receiver does not implement the method \"nope\".","remote":true}})");
    row("a field of its own", "return s.n;", R"({"threw":{"name":"TypeError","message":"The RPC receiver does not implement the method \"n\".","remote":true}})");
    row("ctx", "return s.ctx;", R"({"threw":{"name":"TypeError","message":"The RPC receiver does not implement the method \"ctx\".","remote":true}})");
    row("a reserved method", "return s.alarm();", R"({"threw":{"name":"TypeError","message":"'alarm' is a reserved method and cannot be called over RPC.","remote":true}})");
    row("RPC throws", "return s.throwIt();", R"({"threw":{"name":"TypeError","message":"rpc thrown","remote":true}})");
    row("fetch throws", "return s.fetch('http://x/throw');", R"({"threw":{"name":"TypeError","message":"thrown","remote":true}})");
    row("no Response", "return s.fetch('http://x/bad');", R"({"threw":{"name":"TypeError","message":"Incorrect type for Promise: the Promise did not resolve to 'Response'.","remote":true}})");
    row("a throw breaks nothing", "await s.inc(); await s.throwIt().catch(() => 0); return s.inc();", "2");
    row("the constructor throws, RPC", "return THROWS.getByName('a').x();", R"({"threw":{"name":"RangeError","message":"from the constructor","durableObjectReset":true}})");
    row("the constructor throws, fetch", "return THROWS.getByName('a').fetch('http://x/');", R"({"threw":{"name":"RangeError","message":"from the constructor","remote":true,"durableObjectReset":true}})");
    row("no class of that name", "return NOCLASS.getByName('a').x();", R"({"threw":{"name":"Error","message":"Worker does not export a Durable Object class named \"NoClass\".","durableObjectReset":true}})");
    row("no such Worker, fetch", "const r = await NOSCRIPT.getByName('a').fetch('http://x/'); return [r.status, await r.text()];", R"([503,"Worker \"nobody\" not found. Make sure it is running locally."])");
    row("no such Worker, RPC", "return NOSCRIPT.getByName('a').x();", R"({"threw":{"name":"Error","message":"Worker \"nobody\" not found. Make sure it is running locally.","remote":true}})");
    row("a class of no kind", "return [await (await PLAIN.getByName('a').fetch('http://x/')).text(), await PLAIN.getByName('a').x().catch((e) => e.message.slice(0, 47))];", R"(["plain 2","The receiving Durable Object does not support R"])");
    row("abort", "const n = await s.number(); return [await s.abortIt('why').catch((e) => [e.message, e.durableObjectReset, e.remote ?? null]), await s.inc().catch((e) => e.message), await s.fetch('http://x/').catch((e) => e.message), await OBJ.getByName('one').number() !== n];", R"([["why",true,null],"why","why",true])");
    row("abort for no reason", "return s.abortIt();", R"({"threw":{"name":"Error","message":"Application called abort() to reset Durable Object.","durableObjectReset":true}})");
    row("abort fails what is under way", "const h = s.hang().catch((e) => e.message); await s.inc(); await OBJ.getByName('one').abortIt('all').catch(() => 0); return h;", R"("all")");
    row("blockConcurrencyWhile", "return [await s.block(), await s.order()];", "[7,[1,2,3,4]]");
    row("blockConcurrencyWhile throws", "return [await s.blockThrow().catch((e) => [e.message, e.durableObjectReset]), await s.inc().catch((e) => e.message), await OBJ.getByName('one').inc()];", R"([["block failed",true],"block failed",1])");
    row("blockConcurrencyWhile throws and is caught", "return s.blockThrowCaught();", R"({"threw":{"name":"Error","message":"block failed","durableObjectReset":true}})");
    row("events wait for it", "const b = s.slowBlock(30); const n = s.inc(); return [await n, await b];", "[1001,1000]");
    row("the constructor blocks", "await OBJ.getByName('x').set('slowStart', true); const k = OBJ.getByName('slow'); return Promise.all([k.inc(), k.inc(), k.inc()]);", "[101,102,103]");
    row("the constructor's block fails", "await OBJ.getByName('x').set('failStart', true); return [await s.inc().catch((e) => [e.message, e.remote ?? null, e.durableObjectReset]), await OBJ.getByName('one').fetch('http://x/').catch((e) => [e.message, e.durableObjectReset])];", R"([["in block",null,true],["in block",true]])");
    row("one call lets another through", "const h = s.hold(); await s.release(); return h;", R"("released")");
    row("a target", "const t = await s.target(); return [await t.inc(), await t.inc(), await s.inc(), await s.target().inc()];", "[1,2,3,4]");
    row("calls in a row keep their order", "const all = []; for (let i = 0; i < 50; ++i) all.push(s.inc()); return (await Promise.all(all)).every((n, i) => n === i + 1);", "true");
    row("a timer outlives its call", "await s.later(5); return s.wait(30);", "50");
    row("waitUntil", "await s.deferred(); return s.wait(30);", "77");
    row("objects call each other", "return s.both();", R"([1,["other","8a412db9b98e7136eaa6f0df65f464bf3d0f20ad627e337b3280cacf538700bc"]])");
    row("an object calls itself", "return s.self();", "5");
    row("a cycle", "return s.cycle();", R"({"threw":{"name":"Error","message":"Subrequest depth limit exceeded. This request recursed through Workers too many times. This can happen e.g. if you have a Worker or Durable Object that calls other Workers or objects recursively.","remote":true}})");
    row("ctx.exports", "return [await s.exportsOf(), (await s.byExports())[0]];", R"([["Legacy","Obj","default"],"exported"])");
    row("storage", "await s.put('k', { a: [1, new Date(5)] }); const v = await s.get('k'); return [v.a[0], v.a[1].getTime(), await OBJ.getByName('two').get('k')];", "[1,5,null]");
    row("storage counts", "const all = []; for (let i = 0; i < 50; ++i) all.push(s.count()); return (await Promise.all(all)).at(-1);", "50");
    row("SQL", "await s.sql('CREATE TABLE t (a, b)'); await s.sql('INSERT INTO t VALUES (?, ?), (3, 4)', 1, 'x'); return s.sql('SELECT * FROM t ORDER BY a');", R"([{"a":1,"b":"x"},{"a":3,"b":4}])");
    row("no SQL", "return [await LEGACY.getByName('a').count(), await LEGACY.getByName('a').sql().catch((e) => e.message.slice(0, 46))];", R"([1,"SQL is not enabled for this Durable Object cla"])");
    row("what is put before a throw is kept", "await s.putAndThrow('k', 1).catch(() => 0); return s.get('k');", "1");
    row("what is put before an abort is not", "await s.putAndAbort('k', 1).catch(() => 0); return OBJ.getByName('one').get('k');", "null");
    row("a value that cannot be cloned", "return s.putFunction();", R"({"threw":{"name":"DataCloneError","message":"() => 1 could not be cloned.","code":25,"remote":true}})");
    row("setAlarm without a handler", "return LEGACY.getByName('a').setAlarm();", R"--({"threw":{"name":"TypeError","message":"Your Durable Object class must have an alarm() handler in order to call setAlarm()","remote":true}})--");
    row("a namespace is sent", "return s.add(OBJ, 1);", R"({"threw":{"name":"DataCloneError","message":"Could not serialize object of type \"DurableObjectNamespace\". This type does not support serialization.","code":25}})");
    row("an id is sent", "return s.add(OBJ.idFromName('z'), 1);", R"({"threw":{"name":"DataCloneError","message":"Could not serialize object of type \"DurableObjectId\". This type does not support serialization.","code":25}})");
    row("a WebSocket that is accepted", "const r = await s.fetch('http://x/ws?plain', { headers: { upgrade: 'websocket' } }); const w = r.webSocket; w.accept(); const got = new Promise((done) => w.addEventListener('message', (e) => done(e.data))); w.send('hi'); return got;", R"("plain hi")");
    row("a WebSocket that hibernates", "const r = await s.fetch('http://x/ws?a', { headers: { upgrade: 'websocket' } }); const w = r.webSocket; w.accept(); const got = []; const over = new Promise((done) => { w.addEventListener('message', (e) => { got.push(e.data); if (got.length === 2) w.send('close'); }); w.addEventListener('close', (e) => done([e.code, e.reason])); }); w.send('one'); w.send('two'); got.push(await over); got.push((await s.sockets('all')).map((one) => one[0])); w.close(); while ((await s.sockets('all')).length > 0); got.push(await s.closed()); return got;", R"(["one of 1 null","two of 1 {\"last\":\"one\"}",[4000,"bye"],[2],[1005,"",true,1]])");
    row("auto-response", "await s.auto('ping', 'pong'); const w = (await s.fetch('http://x/ws', { headers: { upgrade: 'websocket' } })).webSocket; w.accept(); const got = []; const two = new Promise((done) => w.addEventListener('message', (e) => { got.push(e.data); if (got.length === 3) done(); })); w.send('ping'); w.send('x'); w.send('ping'); await two; return got.sort();", R"(["pong","pong","x of 1 null"])");
}

void TestObjectWorkers::calls()
{
    QFETCH(QString, body);
    QFETCH(QString, expected);
    Pair pair;
    const auto loaded = pair.classes(code);
    QVERIFY2(loaded, loaded ? "" : loaded.error().message.c_str());
    QCOMPARE(QString::fromStdString(pair.ask(body.toStdString())), expected);
}

void TestObjectWorkers::storageOutlives()
{
    Pair pair;
    QVERIFY(pair.classes(code));
    QCOMPARE(pair.ask("await s.count(); await s.count(); await s.sql('CREATE TABLE t (a)'); await s.sql('INSERT INTO t VALUES (7)'); return s.count();"), std::string("3"));
    pair.restartCallee();
    QVERIFY(pair.classes(code));
    QCOMPARE(pair.ask("return [await s.count(), await s.sql('SELECT a FROM t')];"), std::string(R"([4,[{"a":7}]])"));
}

void TestObjectWorkers::reloadResets()
{
    Pair pair;
    QVERIFY(pair.classes(code));
    QVERIFY(pair.caller("const h = s.hang().catch((e) => [e.message, e.durableObjectReset]); await s.count(); globalThis.h = h; console.log('waits'); return h;"));
    runtime::Request request;
    request.method = "GET";
    request.url = "http://localhost/";
    request.steps = {{0, {}, {}}};
    request.generation = 1;
    const auto id = pair.calling().begin(std::move(request));
    QCOMPARE(pair.calling().console(1)[0], std::string("waits"));
    QVERIFY(pair.classes(code));
    QCOMPARE(pair.calling().wait(id).body, std::string(R"(["Durable Object reset because its code was updated.",true])"));
    QCOMPARE(pair.ask("return [await s.count(), await s.inc()];"), std::string("[2,1]"));
}

void TestObjectWorkers::counterOfMany()
{
    Pair pair;
    QVERIFY(pair.classes(code));
    QCOMPARE(pair.ask("const run = async () => { for (let i = 0; i < 100; ++i) await s.count(); }; await Promise.all(Array.from({ length: 20 }, run)); return s.count();"), std::string("2001"));
}

void TestObjectWorkers::tenThousandObjects()
{
    Pair pair;
    QVERIFY(pair.classes(code));
    QCOMPARE(pair.ask("let sum = 0; for (let i = 0; i < 10000; i += 500) { const all = []; for (let j = i; j < i + 500; ++j) all.push(OBJ.getByName('o' + j).inc()); for (const n of await Promise.all(all)) sum += n; } "
                      "for (let i = 0; i < 10000; i += 500) { const all = []; for (let j = i; j < i + 500; ++j) all.push(OBJ.getByName('o' + j).inc()); for (const n of await Promise.all(all)) sum += n; } return sum;"),
        std::string("30000"));
}

/// Nothing of another event comes between a read and a write, however many there are.
void TestObjectWorkers::gates()
{
    Pair pair;
    QVERIFY(pair.classes(R"(
import { DurableObject } from "cloudflare:workers";
export class Obj extends DurableObject {
  async step() { const n = (await this.ctx.storage.get("n")) ?? 0; const m = (await this.ctx.storage.get("m")) ?? 0; await this.ctx.storage.put("n", n + 1); await this.ctx.storage.put("m", m + 1); return n === m; }
  async both() { return [await this.ctx.storage.get("n"), await this.ctx.storage.get("m")]; }
  async transfer() { return this.ctx.storage.transaction(async (txn) => { const n = (await txn.get("t")) ?? 0; await new Promise((r) => setTimeout(r, 1)); await txn.put("t", n + 1); return n; }); }
  t() { return this.ctx.storage.get("t"); }
}
export default {};)"));
    QCOMPARE(pair.ask("const all = []; for (let i = 0; i < 300; ++i) all.push(s.step()); const fine = (await Promise.all(all)).every((f) => f); return [fine, await s.both()];"), std::string("[true,[300,300]]"));
    QCOMPARE(pair.ask("const all = []; for (let i = 0; i < 50; ++i) all.push(s.transfer()); await Promise.all(all); return s.t();"), std::string("50"));
}

/// A call that leaves the object is made only when what was written before it is kept.
void TestObjectWorkers::outputGate()
{
    Pair pair;
    QVERIFY(pair.classes(R"(
import { DurableObject } from "cloudflare:workers";
export class Obj extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec(`CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY)`);
    ctx.storage.sql.exec(`CREATE TABLE IF NOT EXISTS thing (owner INTEGER REFERENCES owner (id) DEFERRABLE INITIALLY DEFERRED)`);
  }
  async tell(key, owner) {
    this.ctx.storage.sql.exec(`INSERT INTO owner VALUES (1) ON CONFLICT DO NOTHING`);
    this.ctx.storage.sql.exec(`INSERT INTO thing VALUES (?)`, owner);
    await this.env.KV.put(key, "told");
    return "told";
  }
  async inTransaction() {
    try {
      this.ctx.storage.transactionSync(() => { this.ctx.storage.kv.put("a", 1); this.env.KV.put("within", "told"); throw new Error("taken back"); });
    } catch {}
    return [this.ctx.storage.kv.get("a") ?? null, await this.env.KV.get("within")];
  }
  things() { return this.ctx.storage.sql.exec(`SELECT count(*) AS n FROM thing`).one().n; }
  get(key) { return this.env.KV.get(key); }
}
export default {};)"));
    QCOMPARE(pair.ask("return [await s.tell('kept', 1), await s.get('kept'), await s.things()];"), std::string(R"(["told","told",1])"));
    const std::string refused = pair.ask("return [await s.tell('lost', 9).catch((e) => e.message), await OBJ.getByName('one').get('lost'), await OBJ.getByName('one').things()];");
    QVERIFY2(refused.contains("constraints were violated") && refused.ends_with(",null,1]"), refused.c_str());
    QCOMPARE(pair.ask("return s.inTransaction();"), std::string(R"([null,"told"])"));
}

void TestObjectWorkers::loops()
{
    runtime::Limits limits;
    limits.cpuMs = 300;
    Pair pair(limits);
    QVERIFY(pair.classes(code));
    const std::string answer = pair.ask("await s.put('a', 1); return [await s.putAndLoop('k').catch((e) => e.message), await OBJ.getByName('one').get('k'), await OBJ.getByName('one').get('a'), await OBJ.getByName('two').inc()];");
    QVERIFY2(answer.ends_with(",null,1,1]"), answer.c_str());
}

void TestObjectWorkers::eviction()
{
    runtime::Limits limits;
    limits.objectIdleMs = 50;
    Pair pair(limits);
    QVERIFY(pair.classes(code));
    const std::string first = pair.ask("await s.count(); await s.inc(); return s.number();");
    QCOMPARE(first, std::string("1"));
    std::string next = first;
    for (int i = 0; i < 100 && next == first; ++i)
        next = pair.ask("await new Promise((r) => setTimeout(r, 200)); return s.number();");
    QVERIFY(next != first);
    QCOMPARE(pair.ask("return [await s.count(), await s.inc()];"), std::string("[2,1]"));
    // Who is called all the time, or waits, stays.
    QCOMPARE(pair.ask("const k = OBJ.getByName('stays'); const n = await k.number(); const h = k.hold(); await new Promise((r) => setTimeout(r, 400)); await k.release(); await h; return (await k.number()) === n;"), std::string("true"));
    QCOMPARE(pair.ask("const k = OBJ.getByName('socket'); const n = await k.number(); const w = (await k.fetch('http://x/ws?plain', { headers: { upgrade: 'websocket' } })).webSocket; w.accept(); await new Promise((r) => setTimeout(r, 400)); return (await k.number()) === n;"),
        std::string("true"));
    QCOMPARE(pair.ask("const k = OBJ.getByName('timed'); const n = await k.number(); await k.later(60000); await new Promise((r) => setTimeout(r, 400)); return (await k.number()) === n;"), std::string("true"));
    // But not for ever.
    limits.objectTimersMs = 100;
    Pair other(limits);
    QVERIFY(other.classes(code));
    QCOMPARE(other.ask("await s.later(60000); return s.number();"), std::string("1"));
    QTRY_VERIFY(other.ask("await new Promise((r) => setTimeout(r, 300)); return s.number();") != "1");
}

void TestObjectWorkers::hibernation()
{
    runtime::Limits limits;
    limits.objectIdleMs = 50;
    Pair pair(limits);
    QVERIFY(pair.classes(code));
    QCOMPARE(pair.ask(R"(
const w = (await s.fetch('http://x/ws?t', { headers: { upgrade: 'websocket' } })).webSocket;
w.accept();
const got = [];
let wake;
w.addEventListener('message', (e) => { got.push(e.data); wake?.(); });
const next = () => new Promise((r) => { if (got.length) r(got.shift()); else wake = () => { wake = null; r(got.shift()); }; });
const out = [];
w.send('one'); out.push(await next());
for (;;) { // until the object was away
  await new Promise((r) => setTimeout(r, 200));
  w.send('two');
  const text = await next();
  if (!text.includes(' of 1 ')) { out.push(text.replace(/of \d+/, 'of another')); break; }
}
out.push(await s.sockets('all'), (await s.sockets('?t')).length, (await s.sockets('none')).length);
await s.auto('ping', 'pong');
w.send('ping'); out.push(await next());
const n = await s.number();
await new Promise((r) => setTimeout(r, 400));
w.send('ping'); out.push(await next());
w.close(3001, 'done');
for (let i = 0; i < 100 && !(await s.closed()); ++i) await new Promise((r) => setTimeout(r, 10));
out.push(await s.closed(), (await s.sockets('all')).length);
return out;)"),
        std::string(R"(["one of 1 null","two of another {\"last\":\"one\"}",[[1,["all","?t"],{"last":"two"}]],1,0,"pong","pong",[3001,"done",true,1],0])"));
}

void TestObjectWorkers::alarms()
{
    Pair pair;
    QVERIFY(pair.classes(code));
    QCOMPARE(pair.ask("const out = [await s.getAlarm(), await s.setAlarm(20)]; for (let i = 0; i < 2000 && (await s.rang()).length < 1; ++i) await new Promise((r) => setTimeout(r, 10)); out.push(await s.rang(), await s.getAlarm()); return out;"),
        std::string(R"([null,true,[["one",0,false,"number",null]],null])"));
    // One that is deleted does not ring, and one that sets another one rings twice.
    QCOMPARE(pair.ask("const d = OBJ.getByName('deleted'); await d.setAlarm(30); await d.deleteAlarm(); await d.set('again', true); await d.set('rang', []); const e = OBJ.getByName('twice'); await e.setAlarm(1); for (let i = 0; i < 2000 && (await s.rang()).length < 2; ++i) await new Promise((r) => setTimeout(r, 10)); await new Promise((r) => setTimeout(r, 60)); return (await s.rang()).map((r) => r[0]);"),
        std::string(R"(["twice","twice"])"));
    // A failure is tried again, after two seconds or a little more.
    QElapsedTimer time;
    time.start();
    QCOMPARE(pair.ask("await s.set('rang', []); await s.set('failAlarm', true); await s.setAlarm(1); for (let i = 0; i < 2000 && (await s.rang()).length < 1; ++i) await new Promise((r) => setTimeout(r, 10)); await s.set('failAlarm', false); for (let i = 0; i < 3000 && (await s.rang()).length < 2; ++i) await new Promise((r) => setTimeout(r, 10)); await new Promise((r) => setTimeout(r, 30)); return [await s.rang(), await s.getAlarm()];"),
        std::string(R"([[["one",0,false,"number",null],["one",1,true,"number",null]],null])"));
    QVERIFY(time.elapsed() >= 2000);
    // Now rather than then.
    QCOMPARE(pair.ask("await s.set('rang', []); return s.setAlarm(3600000);"), std::string("true"));
    const std::string id = pair.ask("return String(s.id);");
    pair.callee().worker().ringAlarm("Obj", id.substr(1, id.size() - 2), {});
    QCOMPARE(pair.ask("for (let i = 0; i < 2000 && (await s.rang()).length < 1; ++i) await new Promise((r) => setTimeout(r, 10)); return [(await s.rang()).length, await s.getAlarm()];"), std::string("[1,null]"));
    // The row of the log tells who set it.
    const auto events = pair.callee().events();
    QVERIFY(std::ranges::any_of(events, [](const events::Event &event) {
        const auto *row = std::get_if<events::RequestEvent>(&event);
        return row && row->kind == events::RequestKind::Alarm && row->method == "ALARM" && row->target == "Obj one" && row->state == events::RequestState::Finished && row->handler == "dow";
    }));
}

void TestObjectWorkers::alarmsAfterRestart()
{
    Pair pair;
    QVERIFY(pair.classes(code));
    QCOMPARE(pair.ask("await OBJ.getByName('far').setAlarm(3600000); return s.setAlarm(2000);"), std::string("true"));
    pair.restartCallee();
    QTest::qSleep(2000); // it is due while nobody is there
    QVERIFY(pair.classes(code));
    QCOMPARE(pair.ask("for (let i = 0; i < 2000 && (await s.rang()).length < 1; ++i) await new Promise((r) => setTimeout(r, 10)); return [await s.rang(), await s.getAlarm(), (await OBJ.getByName('far').getAlarm()) > Date.now()];"),
        std::string(R"([[["one",0,false,"number",null]],null,true])"));
}

void TestObjectWorkers::clock()
{
    AlarmClock clock;
    const auto alarm = [](const char *id, std::int64_t ms) { return AlarmClock::Alarm{"C", id, {}, ms, 0, 0}; };
    clock.set(alarm("a", 30));
    clock.set(alarm("b", 20));
    clock.set(alarm("c", 40));
    QCOMPARE(clock.nextMs(), 20);
    clock.set(alarm("b", 50));
    QCOMPARE(clock.nextMs(), 30);
    clock.remove("C", "c");
    clock.remove("C", "unknown");
    QVERIFY(clock.take(29).empty());
    auto ringing = clock.take(50);
    QCOMPARE(ringing.size(), 2U);
    QCOMPARE(ringing[0].id, std::string("a"));
    QCOMPARE(clock.count(), 0U);
    // Seven attempts, as the reference: at 0, 2, 6, 14, 30, 62 and 126 seconds and more.
    std::int64_t now = 50;
    for (std::uint32_t i = 0; i < AlarmClock::mostRetries; ++i) {
        QVERIFY(clock.failed(ringing[0], now, 0));
        QCOMPARE(clock.nextMs(), now + (std::int64_t{2000} << i));
        now = clock.nextMs();
        ringing = clock.take(now);
        QCOMPARE(ringing.size(), 1U);
        QCOMPARE(ringing[0].retries, i + 1);
    }
    QVERIFY(!clock.failed(ringing[0], now, 0));
    QCOMPARE(clock.count(), 0U);
    QCOMPARE(AlarmClock::delayMs(0, 1), 2500);
    // One that the handler set before it failed stands.
    clock.set(alarm("a", 99));
    QVERIFY(clock.failed(ringing[0], now, 0) || ringing[0].retries == AlarmClock::mostRetries);
    QCOMPARE(clock.nextMs(), 99);
}

QTEST_GUILESS_MAIN(TestObjectWorkers)
#include "t_objectworkers.moc"
