// SPDX-License-Identifier: GPL-3.0-or-later
// Service bindings: fetch and RPC to the Worker in ../../service, and to this project itself.
import { RpcTarget } from "cloudflare:workers";

class Mine extends RpcTarget {
  hi(x) { return `hi ${x}`; }
  get p() { return "property"; }
}
class Foo {}

const made = {};
for (const kind of ["plain", "symbol", "weak", "promise", "url", "form", "params", "entrypoint", "generator", "signal", "error", "date", "map", "regexp", "bytes", "halves", "buffer", "bigint", "undefined", "null", "nan", "hole", "proto", "nullproto", "getter", "thrower", "boxed", "dom"]) {
  made[`a value: ${kind}`] = (t) => t.env.SERVICE.make(kind);
}
for (const kind of ["type", "string", "number", "object", "array", "null", "undefined", "own", "dom", "empty", "cause", "aggregate"]) {
  made[`throws: ${kind}`] = (t) => t.env.SERVICE.throws(kind);
  made[`throws, looked at: ${kind}`] = async (t) => {
    const error = await t.env.SERVICE.throws(kind).catch((e) => e);
    return [error instanceof Error, error.constructor.name, error.name, error.message, error.remote, Object.keys(error).includes("extra")];
  };
}
const given = { function: () => () => 1, target: () => new Mine(), class: () => new Foo(), symbol: () => Symbol("s"), promise: () => Promise.resolve(1), weak: () => new WeakSet(), url: () => new URL("http://a/"), cycle: () => { const a = []; a[0] = a; return a; },
  sparse: () => [, 1], halves: () => new Float16Array(1), negative: () => -0, nullproto: () => Object.create(null), blob: () => new Blob(["x"]), shared: () => { const o = {}; return [o, o]; } };
for (const [kind, make] of Object.entries(given)) made[`an argument: ${kind}`] = (t) => t.env.SERVICE.kinds(make());

export default {
  ...made,
  "fetch": async (t) => { const r = await t.env.SERVICE.fetch("http://h/p?q=1"); return [r.status, r.url, r.redirected, await r.text()]; },
  "fetch: no argument": (t) => t.env.SERVICE.fetch(),
  "fetch: a wrong URL": (t) => t.env.SERVICE.fetch("/relative"),
  "fetch: echo": async (t) => { const r = await t.env.SERVICE.fetch("http://h/echo", { method: "PUT", body: "h\u00e4llo", headers: { "x-test": "v" } }); return [r.status, r.statusText, [...r.headers], await r.text()]; },
  "fetch: a Request": async (t) => (await t.env.SERVICE.fetch(new Request("http://h/echo", { method: "POST", body: new Uint8Array([1, 2, 3]) }))).arrayBuffer(),
  "halves there and back": async (t) => { const a = new Float16Array([1.5, 2]); const b = await t.env.SERVICE.echo({ a, list: [a, new Uint8Array(a.buffer)] }); return [b, b.a === b.list[0], b.a.buffer === b.list[1].buffer]; },
  "halves over a WebSocket": async (t) => { const { webSocket } = await t.env.SERVICE.fetch("http://h/ws", { headers: { Upgrade: "websocket" } }); webSocket.binaryType = "arraybuffer"; const got = new Promise((done) => webSocket.addEventListener("message", (e) => done(e.data))); webSocket.accept(); webSocket.send(new Float16Array([1.5, 2]).subarray(1)); const data = await got; webSocket.close(); return data; },
  "fetch: a stream": async (t) => (await t.env.SERVICE.fetch("http://h/echo", { method: "POST", body: new Response("abc".repeat(50000)).body })).text().then((s) => s.length),
  "fetch: streamed here": async (t) => (await (await t.env.SERVICE.fetch("http://h/stream")).arrayBuffer()).byteLength,
  "fetch: redirect": async (t) => { const r = await t.env.SERVICE.fetch("http://h/redirect"); return [r.status, r.url, r.redirected, await r.text()]; },
  "fetch: redirect by hand": async (t) => { const r = await t.env.SERVICE.fetch("http://h/redirect", { redirect: "manual" }); return [r.status, r.url, r.redirected, r.headers.get("location")]; },
  "fetch: redirect of a POST": async (t) => { const r = await t.env.SERVICE.fetch("http://h/redirect?status=307", { method: "POST", body: "x" }); return [r.status, await r.text()]; },
  "fetch: redirect of a POST, 303": async (t) => { const r = await t.env.SERVICE.fetch("http://h/redirect?status=303", { method: "POST", body: "x" }); return [r.status, await r.text()]; },
  "fetch: 204": async (t) => { const r = await t.env.SERVICE.fetch("http://h/empty"); return [r.status, r.body, await r.text()]; },
  "fetch: cookies": async (t) => (await t.env.SERVICE.fetch("http://h/cookies")).headers.getSetCookie(),
  "fetch: JSON": async (t) => (await t.env.SERVICE.fetch("http://h/json")).json(),
  "fetch: HEAD": async (t) => { const r = await t.env.SERVICE.fetch("http://h/p", { method: "HEAD" }); return [r.status, await r.text()]; },
  "fetch: headers cannot be changed": async (t) => { const r = await t.env.SERVICE.fetch("http://h/p"); r.headers.set("a", "b"); },
  "fetch: aborted before": (t) => t.env.SERVICE.fetch("http://h/p", { signal: AbortSignal.abort() }),
  "fetch: WebSocket": async (t) => {
    const r = await t.env.SERVICE.fetch("http://h/ws", { headers: { upgrade: "websocket" } });
    const socket = r.webSocket;
    const got = [];
    socket.accept();
    const over = new Promise((done) => socket.addEventListener("close", (e) => done([e.code, e.reason, e.wasClean])));
    socket.addEventListener("message", (e) => { got.push(e.data); if (got.length === 2) socket.send("close"); });
    socket.send("one");
    socket.send("two");
    const end = await over;
    socket.close(4001, "asked to");
    return [r.status, r.headers.get("x-url"), got, end];
  },
  "fetch: named": async (t) => (await t.env.NAMED.fetch("http://h/")).text(),
  "fetch: plain": async (t) => (await t.env.PLAIN.fetch("http://h/")).text(),
  "nobody: fetch": async (t) => { const r = await t.env.NOBODY.fetch("http://h/"); return [r.status, [...r.headers], await r.text()]; },
  "nobody: method": (t) => t.env.NOBODY.add(1, 2),
  "nobody: property": (t) => t.env.NOBODY.prop,
  "itself: fetch an asset": async (t) => (await t.env.ITSELF.fetch("http://h/nowhere.txt")).status,
  "itself: method": (t) => t.env.ITSELF.add(1, 2),
  "back and forth": (t) => t.env.SERVICE.back("/nowhere.txt").then(([status]) => status),
  "method": (t) => t.env.SERVICE.add(1, 2),
  "method: no arguments": (t) => t.env.SERVICE.count(),
  "method: many arguments": (t) => t.env.SERVICE.count(1, 2, 3, undefined),
  "method: not there": (t) => t.env.SERVICE.nosuch(),
  "method: a field": (t) => t.env.SERVICE.notMethod(),
  "method: static": (t) => t.env.SERVICE.stat(),
  "method: of Object": (t) => t.env.SERVICE.valueOf !== undefined,
  "method: ctx": (t) => t.env.SERVICE.ctx(),
  "method: env": (t) => t.env.SERVICE.env,
  "its own variables": (t) => t.env.SERVICE.words(),
  "its own names": (t) => t.env.SERVICE.names(),
  "no props": (t) => t.env.SERVICE.props(),
  "props": (t) => t.env.NAMED.hello(),
  "plain: one": (t) => t.env.PLAIN.one(1),
  "plain: two arguments given": (t) => t.env.PLAIN.one(1, 2),
  "plain: none": (t) => t.env.PLAIN.none(),
  "plain: none given": (t) => t.env.PLAIN.one(),
  "plain: value": (t) => t.env.PLAIN.value,
  "plain: not there": (t) => t.env.PLAIN.nosuch(1),
  "property": (t) => t.env.SERVICE.prop,
  "property: nested": (t) => t.env.SERVICE.nested.a.b,
  "property: not there": (t) => t.env.SERVICE.nosuch,
  "property: a field": (t) => t.env.SERVICE.notMethod,
  "property: called": (t) => t.env.SERVICE.prop(),
  "property: a function": async (t) => (await t.env.SERVICE.method)(1),
  "property: a method": async (t) => (await t.env.SERVICE.add)(1, 2),
  "function": async (t) => { const f = await t.env.SERVICE.fn(); return [typeof f, Object.prototype.toString.call(f), await f(4)]; },
  "target": async (t) => { const c = await t.env.SERVICE.counter(); await c.inc(2); return [Object.prototype.toString.call(c), await c.inc(), await c.value]; },
  "target: a field": async (t) => (await t.env.SERVICE.counter()).own,
  "target: not there": async (t) => (await t.env.SERVICE.counter()).nosuch(),
  "target: child": async (t) => { const c = await t.env.SERVICE.counter(); const d = await c.child(); return [await d.inc(5), await c.value]; },
  "target: itself": async (t) => { const c = await t.env.SERVICE.counter(); const d = await c.self; await d.inc(); return c.value; },
  "pipelining": (t) => Promise.all([t.env.SERVICE.fn()(4), t.env.SERVICE.counter().inc(7), t.env.SERVICE.counter().child().inc(2), t.env.SERVICE.obj().n, t.env.SERVICE.obj().f(1), t.env.SERVICE.obj().counter.inc(3), t.env.SERVICE.obj().deep.f()]),
  "pipelining: not there": (t) => t.env.SERVICE.obj().nosuch(),
  "pipelining: beyond": (t) => t.env.SERVICE.obj().nosuch.beyond(),
  "pipelining: of a number": (t) => t.env.SERVICE.obj().n.x(),
  "pipelining: a number called": (t) => t.env.SERVICE.obj().n(),
  "pipelining: of a failure": (t) => t.env.SERVICE.throws("type").x(),
  "pipelining: afterwards": async (t) => { const p = t.env.SERVICE.obj(); await p; return [await p.f(1), await p.counter.inc(2), await p.n]; },
  "callback": (t) => t.env.SERVICE.call((a, b) => a * b, 6, 7),
  "callback: twice": (t) => t.env.SERVICE.twice(async (x) => x * 10),
  "callback: throws": (t) => t.env.SERVICE.call(() => { throw new SyntaxError("cb"); }),
  "callback: a target": (t) => t.env.SERVICE.callMethod(new Mine(), "hi", "you"),
  "callback: a target's property": (t) => t.env.SERVICE.callMethod(new Mine(), "p"),
  "callback: in an object": (t) => t.env.SERVICE.callMethod({ f: (x) => x + 1 }, "f", 1),
  "callback: a value that cannot be sent": (t) => t.env.SERVICE.call(() => new Foo()),
  "callback: comes back": async (t) => (await t.env.SERVICE.pass((x) => x + 1))(1),
  "callback: wrapped": async (t) => { const o = await t.env.SERVICE.obj(); return t.env.SERVICE.call(o.f, 1).catch((e) => e.name); },
  "callback: a stub": async (t) => { const f = await t.env.SERVICE.fn(); return t.env.SERVICE.call(f, 21); },
  "promise as an argument": (t) => t.env.SERVICE.add(t.env.SERVICE.add(1, 2), 3),
  "Blob": async (t) => { const b = await t.env.SERVICE.make("blob"); return [b.type, await b.text()]; },
  "Headers": async (t) => { const h = await t.env.SERVICE.make("headers"); return [h instanceof Headers, [...h]]; },
  "Response": async (t) => { const r = await t.env.SERVICE.make("response"); return [r.status, r.headers.get("x"), await r.text()]; },
  "Request": async (t) => { const r = await t.env.SERVICE.make("request"); return [r.method, r.url, await r.text()]; },
  "stream": async (t) => new Response(await t.env.SERVICE.make("stream")).text(),
  "Request as an argument": (t) => t.env.SERVICE.text(new Request("http://x/", { method: "POST", body: "hello" })),
  "Response as an argument": (t) => t.env.SERVICE.text(new Response("hello")),
  "stream as an argument": (t) => t.env.SERVICE.read(new Response("streamed").body),
  "WritableStream as an argument": async (t) => { const { readable, writable } = new IdentityTransformStream(); const text = new Response(readable).text(); return [await t.env.SERVICE.write(writable), await text]; },
  "disposal: a function": async (t) => { const f = await t.env.SERVICE.fn(); f[Symbol.dispose](); return f(1); },
  "disposal: a target": async (t) => { const c = await t.env.SERVICE.counter(); c[Symbol.dispose](); return c.inc(); },
  "disposal: twice": async (t) => { const f = await t.env.SERVICE.fn(); f[Symbol.dispose](); f[Symbol.dispose](); return "fine"; },
  "disposal: dup": async (t) => { const f = await t.env.SERVICE.fn(); const g = f.dup(); f[Symbol.dispose](); return g(3); },
  "disposal: dup of a disposed one": async (t) => { const f = await t.env.SERVICE.fn(); f[Symbol.dispose](); return typeof f.dup(); },
  "disposal: an object": async (t) => { const o = await t.env.SERVICE.obj(); o[Symbol.dispose](); return o.f(1); },
  "disposal: an object's pipeline": async (t) => { const o = await t.env.SERVICE.obj(); return [Object.keys(o), typeof o[Symbol.dispose], Object.getOwnPropertyDescriptor(o, Symbol.dispose).enumerable]; },
  "disposal: a promise": (t) => { const p = t.env.SERVICE.fn(); p[Symbol.dispose](); return p(1); },
  "disposal: a promise that is awaited": (t) => { const p = t.env.SERVICE.add(1, 2); p[Symbol.dispose](); return p; },
  "disposal: values that have it": async (t) => { const has = []; for (const kind of ["date", "map", "bytes", "hole", "headers", "response", "request", "stream", "blob", "error", "boxed"]) has.push([kind, typeof (await t.env.SERVICE.make(kind))[Symbol.dispose]]); return has; },
  "disposal: a disposed stub as an argument": async (t) => { const f = await t.env.SERVICE.fn(); f[Symbol.dispose](); return t.env.SERVICE.count(f); },
  "outside": async (t) => { const s = t.env.SERVICE; const p = s.add(1, 2); await p; return [typeof s, Object.prototype.toString.call(s), s.constructor.name, Object.keys(s), "x" in s, Symbol.iterator in s, "fetch" in s, "add" in s, typeof s.then, typeof s.fetch, typeof s.connect, Object.prototype.toString.call(s.add), s.add.constructor.name, Object.prototype.toString.call(p), p.constructor.name, typeof p.then, typeof p.catch, typeof p.finally]; },
  "outside: set": (t) => { t.env.SERVICE.x = 1; return typeof t.env.SERVICE.x; },
  "outside: new": (t) => new t.env.SERVICE.constructor(),
  "then, catch, finally": (t) => Promise.all([t.env.SERVICE.add(1, 2).then((x) => x + 1), t.env.SERVICE.throws("type").catch((e) => e.message), t.env.SERVICE.add(1, 2).finally(() => 9)]),
};
