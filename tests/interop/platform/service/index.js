// SPDX-License-Identifier: GPL-3.0-or-later
// The other side of snippets/services.js.
import { RpcTarget, WorkerEntrypoint } from "cloudflare:workers";

class Counter extends RpcTarget {
  own = 1;
  #count = 0;
  inc(by = 1) { return (this.#count += by); }
  get value() { return this.#count; }
  get self() { return this; }
  child() { return new Counter(); }
}
class Plain {}

function socket(request) {
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.addEventListener("message", ({ data }) => {
    if (data === "close") server.close(4001, "asked to");
    else server.send(typeof data === "string" ? `echo ${data}` : data);
  });
  server.addEventListener("close", ({ code, reason }) => server.close(code === 1005 ? undefined : code, reason));
  return new Response(null, { status: 101, webSocket: client, headers: { "x-url": request.url } });
}

export default class extends WorkerEntrypoint {
  async fetch(request) {
    const url = new URL(request.url);
    switch (url.pathname) {
      case "/echo": return new Response(request.body, { status: 201, statusText: "Made", headers: { "x-method": request.method, "x-fields": JSON.stringify([...request.headers]) } });
      case "/redirect": return Response.redirect(new URL("/there", url), Number(url.searchParams.get("status") ?? 302));
      case "/empty": return new Response(null, { status: 204 });
      case "/cookies": return new Response("c", { headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] });
      case "/json": return Response.json({ a: 1 });
      case "/ws": return socket(request);
      case "/stream": return new Response(new ReadableStream({ start(c) { for (let i = 0; i < 100; ++i) c.enqueue(new Uint8Array(5000).fill(i)); c.close(); } }));
      default: return new Response(`${request.method} ${request.url} ${request.redirect} ${request.cf === undefined}`);
    }
  }
  add(a, b) { return a + b; }
  echo(...values) { return values[0]; }
  count(...values) { return values.length; }
  kinds(...values) { return values.map((value) => typeof value + Object.prototype.toString.call(value)); }
  counter() { return new Counter(); }
  make(kind) {
    return { plain: () => new Plain(), symbol: () => Symbol("s"), weak: () => new WeakMap(), promise: () => ({ p: Promise.resolve(1) }), url: () => new URL("http://a/"), form: () => new FormData(),
      params: () => new URLSearchParams("a=b"), entrypoint: () => this, generator: () => (function* () {})(), signal: () => AbortSignal.abort(), error: () => new TypeError("as a value"), date: () => new Date(5), map: () => new Map([[1, new Set([2])]]),
      regexp: () => /x/gi, bytes: () => new Uint8Array([1, 2, 3]).subarray(1), halves: () => { const a = new Float16Array([1.5, 2]); return [a, a.subarray(1), new Map([["k", a]]), new Uint8Array(a.buffer)]; }, buffer: () => new ArrayBuffer(2), bigint: () => 10n, undefined: () => undefined, null: () => null, nan: () => NaN, hole: () => [1, , 3], blob: () => new Blob(["x"], { type: "text/x" }),
      headers: () => new Headers({ a: "b" }), response: () => new Response("body", { status: 202, headers: { x: "y" } }), request: () => new Request("http://x/y", { method: "POST", body: "b" }), stream: () => new Response("streamed").body,
      proto: () => Object.create({ inherited: 1 }), nullproto: () => Object.assign(Object.create(null), { a: 1 }), getter: () => ({ get a() { return 7; } }), thrower: () => ({ get a() { throw new RangeError("of the getter"); } }), boxed: () => Object("text"), dom: () => new DOMException("m", "NotFoundError") }[kind]();
  }
  throws(kind) {
    class Mine extends Error { constructor(message) { super(message); this.name = "Mine"; this.extra = 1; } }
    throw { type: new TypeError("bad"), string: "text", number: 5, object: { a: 1 }, array: [1], null: null, undefined: undefined, own: new Mine("mine"), dom: new DOMException("d", "NotFoundError"), empty: new Error(), cause: new Error("outer", { cause: new Error("inner") }),
      aggregate: new AggregateError([new Error("a")], "all") }[kind];
  }
  fn() { return (x) => x * 2; }
  obj() { return { n: 5, counter: new Counter(), f: (x) => x + 1, deep: { f: () => "deep", list: [() => "listed"] } }; }
  get prop() { return 42; }
  get nested() { return { a: { b: 7 } }; }
  get method() { return (x) => x + 1; }
  async call(f, ...args) { return f(...args); }
  async callMethod(o, name, ...args) { return o[name](...args); }
  async twice(f) { return (await f(1)) + (await f(2)); }
  pass(f) { return f; }
  words() { return this.env.WORD; }
  props() { return this.ctx.props; }
  names() { return Object.keys(this.env).sort(); }
  async back(path) { const r = await this.env.BACK.fetch("http://h" + path); return [r.status, await r.text()]; }
  read(stream) { return new Response(stream).text(); }
  text(message) { return message.text(); }
  async write(writable) { const writer = writable.getWriter(); await writer.write(new TextEncoder().encode("written")); await writer.close(); return "done"; }
  async proxied(f) { return { again: (x) => f(x) }; }
  notMethod = 5;
  static stat() { return 1; }
}

export class Named extends WorkerEntrypoint {
  hello() { return this.ctx.props; }
  fetch() { return new Response("named"); }
}

export const plain = {
  async one(a, env, ctx) { return [a, env.WORD, typeof ctx.waitUntil]; },
  two(a, b) { return a; },
  none() { return 1; },
  value: 5,
  fetch() { return new Response("plain"); },
};
