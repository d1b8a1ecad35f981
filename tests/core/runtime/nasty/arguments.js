// SPDX-License-Identifier: GPL-3.0-or-later
// Getters and proxies that throw or lie, as arguments to everything (loops.js says how this is read).

// ---- every method with arguments that throw | 200 done
const evil = new Proxy(function () {}, { get() { throw new Error("get"); }, has() { throw 1; }, ownKeys() { throw 2; }, getPrototypeOf() { throw 3; }, getOwnPropertyDescriptor() { throw 4; }, apply() { throw 5; }, construct() { throw 6; } });
const bad = async ({ env, request }) => {
  const targets = [env.KV, env.BUCKET, env.DB, env.DB.prepare("SELECT 1"), env.DB.withSession(), env.ASSETS, caches.default, caches, request, new Response("x"), new Headers(), new URL("http://x/"), new URLSearchParams(), new EventTarget(),
    new AbortController(), crypto, crypto.subtle ?? {}, new TextEncoder(), new TextDecoder(), new Blob(["x"]), new ReadableStream(), new WritableStream(), new TransformStream(), console, performance, scheduler];
  let count = 0;
  for (const target of targets) {
    for (let at = target; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const name of Object.getOwnPropertyNames(at)) {
        let method;
        try { method = target[name]; } catch { continue; }
        if (typeof method !== "function" || name === "constructor") continue;
        for (const args of [[evil], ["a", evil], ["a", "b", evil], [[evil]], [evil, evil, evil], []]) {
          try { const p = method.apply(target, args); if (p instanceof Promise) p.catch(() => {}); } catch { ++count; }
        }
      }
    }
  }
  return new Response(count > 100 ? "done" : "few: " + count);
};
// ---- every constructor with arguments that throw | 200 done
const evil = new Proxy(function () {}, { get() { throw new Error("get"); }, has() { throw 1; }, ownKeys() { throw 2; }, getPrototypeOf() { throw 3; } });
const bad = async () => {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (typeof globalThis[name] !== "function" || !/^[A-Z]/.test(name)) continue;
    for (const args of [[evil], ["a", evil], [evil, evil], [[evil]], [new Proxy([], { get() { throw 1; } })], [Symbol()], [1n], [{ __proto__: evil }], []]) try { new globalThis[name](...args); } catch { }
  }
  return new Response("done");
};
// ---- every function with odd arguments | 200 done
const odd = [undefined, null, NaN, -0, Infinity, -1, 2 ** 53, 1e308, 1n, Symbol("s"), "", "\0", "\ud800", {}, [], () => {}, new Date(NaN), /x/, new ArrayBuffer(0), new Uint8Array(0), Object.create(null), new Proxy({}, {})];
const bad = async ({ env }) => {
  for (const target of [env.KV, env.BUCKET, env.DB, env.ASSETS, caches.default, globalThis, crypto]) {
    for (let at = target; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const name of Object.getOwnPropertyNames(at)) {
        let method;
        try { method = target[name]; } catch { continue; }
        if (typeof method !== "function" || ["constructor", "bad", "fetch", "Array", "ArrayBuffer", "SharedArrayBuffer"].includes(name) || /Array$/.test(name)) continue;
        for (const a of odd) for (const b of [undefined, odd[(odd.indexOf(a) * 7) % odd.length]]) try { const p = method.call(target, a, b); if (p instanceof Promise) p.catch(() => {}); } catch { }
      }
    }
  }
  return new Response("done");
};
// ---- methods on the wrong object | 200 done
const bad = async ({ env }) => {
  for (const target of [env.KV, env.BUCKET, env.DB, env.ASSETS, caches.default, new Request("http://x/"), new Response(), new Headers(), new URL("http://x/"), new URLSearchParams(), new Blob([]), new AbortController(), new ReadableStream(), crypto, performance]) {
    for (let at = Object.getPrototypeOf(target); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const [name, d] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
        for (const f of [d.value, d.get, d.set]) {
          if (typeof f !== "function" || name === "constructor") continue;
          for (const self of [undefined, null, 1, {}, at, Object.create(at), new Proxy(target, {})]) try { const p = f.call(self, "a", "b"); if (p instanceof Promise) p.catch(() => {}); } catch { }
        }
      }
    }
  }
  return new Response("done");
};
// ---- a getter of init that throws | 500 Error: from the getter
const bad = () => new Response("x", { get headers() { throw new Error("from the getter"); } });
// ---- KV keys that are proxies | any
const bad = ({ env }) => env.KV.get(new Proxy(["a", "b"], { get(t, k) { if (k === "length") return 2 ** 32; throw new Error("x"); } }));
// ---- KV keys that lie of their number | any
const bad = ({ env }) => env.KV.get({ length: 5, __proto__: Array.prototype });
// ---- R2 keys that lie of their number | any
const bad = ({ env }) => env.BUCKET.delete(new Proxy([], { get(t, k) { return k === "length" ? 1e5 : t[k]; } }));
// ---- a batch that changes while it is read | any
const bad = async ({ env }) => { const list = [env.DB.prepare("SELECT 1")]; Object.defineProperty(list, 1, { get() { list.length = 0; return env.DB.prepare("SELECT 2"); }, enumerable: true, configurable: true }); return Response.json((await env.DB.batch(list)).length); };
// ---- parameters that change while they are read | any
const bad = async ({ env }) => { const bytes = [1, 2, 3]; Object.defineProperty(bytes, 1, { get() { bytes.length = 0; return 7; } }); return Response.json(await env.DB.prepare("SELECT ? AS a").bind(bytes).first()); };
// ---- a body that is a proxy of a stream | any
const bad = () => new Response(new Proxy(new ReadableStream({ start(c) { c.close(); } }), {}));
// ---- a proxy of a response as the answer | 500
const bad = () => new Proxy(new Response("x"), {});
// ---- an object with a response's prototype as the answer | 500
const bad = () => Object.create(Response.prototype);
// ---- a subclass with lying getters | 200 x
const bad = () => { class R extends Response { get status() { return 999; } get headers() { return null; } get body() { throw new Error("body"); } } return new R("x"); };
// ---- a request with a symbol as the method | 500 TypeError
const bad = () => fetch("http://x/", { method: Symbol("x") });
// ---- headers with line ends | 500 TypeError
const bad = () => new Response("x", { headers: { "a": "b\r\nc: d" } });
// ---- an answer with a status far away | 500 RangeError
const bad = () => new Response("x", { status: 1e9 });
// ---- chunks of every kind | any
const bad = () => new Response(new ReadableStream({ start(c) { for (const x of [null, 1, "text", {}, Symbol(), 1n, () => {}]) c.enqueue(x); c.close(); } }));
// ---- data that throws | 500
const bad = (context) => { context.data = 5; };
// ---- a URL that is an object with a getter | any
const bad = ({ next }) => next({ get url() { throw new Error("url"); } });
// ---- next many times with a body | any
const bad = async ({ next }) => { for (let i = 0; i < 5; ++i) await (await next("http://localhost/asset.txt", { method: "POST", body: "x" })).text(); return new Response("x"); };
