// SPDX-License-Identifier: GPL-3.0-or-later
// Buffers that go away or are shared, and Symbol.species (loops.js says how this is read).

// ---- detached buffers to everything | 200 done
const detached = () => { const b = new Uint8Array(16); structuredClone(b.buffer, { transfer: [b.buffer] }); return b; };
const attempts = (env) => [(x) => new Response(x), (x) => new Response(x).text(), (x) => new Blob([x]).text(), (x) => new TextDecoder().decode(x), (x) => new TextEncoder().encodeInto("abc", x), (x) => crypto.getRandomValues(x), (x) => crypto.subtle?.digest("SHA-256", x),
  (x) => env.KV.put("k", x), (x) => env.BUCKET.put("k", x), (x) => env.DB.prepare("SELECT ? AS a").bind(x).first(), (x) => structuredClone(x), (x) => structuredClone(x, { transfer: [x.buffer ?? x] }), (x) => fetch("http://127.0.0.1:1/", { method: "POST", body: x }),
  (x) => caches.default.put("http://x/" + Math.random(), new Response(x)), (x) => new Response(new ReadableStream({ start(c) { c.enqueue(x); c.close(); } })).arrayBuffer(), (x) => console.log(x, x.buffer), (x) => new DataView(x.buffer ?? x),
  (x) => new WebAssembly.Module(x), (x) => WebAssembly.validate(x), (x) => new Request("http://x/", { method: "POST", body: x }).bytes(), (x) => new FixedLengthStream(16).writable.getWriter().write(x), (x) => new IdentityTransformStream().writable.getWriter().write(x),
  (x) => new ReadableStream({ type: "bytes", pull(c) { c.enqueue(x); } }).getReader({ mode: "byob" }).read(new Uint8Array(4)), (x) => new ReadableStream({ type: "bytes", pull(c) { c.enqueue(new Uint8Array(4)); } }).getReader({ mode: "byob" }).read(x),
  (x) => env.KV.put("k", "v", { metadata: x }), (x) => env.BUCKET.put("k", "v", { md5: x }), (x) => env.BUCKET.put("k", "v", { sha256: x })];
const bad = async ({ env }) => {
  for (const make of [detached, () => detached().buffer]) for (const attempt of attempts(env)) try { await Promise.race([attempt(make()), scheduler.wait(20)]); } catch { }
  return new Response("done");
};
// ---- shared buffers to everything | 200 done
const bad = async ({ env }) => {
  const x = new Uint8Array(new SharedArrayBuffer(16));
  for (const attempt of [() => new Response(x).text(), () => new Response(x.buffer).text(), () => new Blob([x]).text(), () => new TextDecoder().decode(x), () => new TextEncoder().encodeInto("abc", x), () => crypto.getRandomValues(x), () => crypto.subtle?.digest("SHA-256", x), () => env.KV.put("k", x),
    () => env.BUCKET.put("k", x), () => env.DB.prepare("SELECT ? AS a").bind(x).first(), () => structuredClone(x), () => structuredClone(x, { transfer: [x.buffer] }), () => new Response(new ReadableStream({ start(c) { c.enqueue(x); c.close(); } })).arrayBuffer(), () => console.log(x), () => new WebAssembly.Module(x)])
    try { await Promise.race([attempt(), scheduler.wait(20)]); } catch { }
  return new Response("done");
};
// ---- detached in a getter in the middle of the call | 200 done
const bad = async ({ env }) => {
  const take = (b) => { try { structuredClone(b.buffer, { transfer: [b.buffer] }); } catch { } };
  const tries = [
    (b) => env.KV.put("k", b, { get expirationTtl() { take(b); return 60; } }), (b) => env.BUCKET.put("k", b, { get httpMetadata() { take(b); return {}; } }), (b) => env.BUCKET.put("k", b, { get md5() { take(b); return b; } }),
    (b) => new Response(b, { get status() { take(b); return 200; } }).text(), (b) => new Request("http://x/", { get method() { take(b); return "POST"; }, body: b }).text(), (b) => new Blob([b, { toString() { take(b); return "x"; } }]).text(),
    (b) => new TextDecoder().decode(b, { get stream() { take(b); return false; } }), (b) => structuredClone({ get a() { take(b); return 1; }, b }), (b) => structuredClone({ get a() { take(b); return 1; } }, { transfer: [b.buffer] }),
    (b) => structuredClone([b, { get a() { take(b); return 1; } }], { transfer: [b.buffer] }), (b) => env.DB.prepare("SELECT ?, ?").bind(b, [1, 2]).first(), (b) => b.set({ length: 4, get 0() { take(b); return 1; } }), (b) => new TextEncoder().encodeInto({ toString() { take(b); return "abc"; } }, b),
    (b) => console.log(b, { get a() { take(b); return b; } }), (b) => env.KV.put({ toString() { take(b); return "k"; } }, b), (b) => env.BUCKET.put({ toString() { take(b); return "k"; } }, b), (b) => crypto.subtle?.digest({ get name() { take(b); return "SHA-1"; } }, b),
    (b) => structuredClone(b, { get transfer() { take(b); return [b.buffer]; } }),
  ];
  for (const attempt of tries) try { await Promise.race([attempt(new Uint8Array(1 << 16)), scheduler.wait(20)]); } catch { }
  return new Response("done");
};
// ---- a pull that detaches its request | any
const bad = async () => { const s = new ReadableStream({ type: "bytes", pull(c) { const v = c.byobRequest?.view; if (v) structuredClone(v.buffer, { transfer: [v.buffer] }); c.byobRequest?.respond(1); } }); return new Response(String((await s.getReader({ mode: "byob" }).read(new Uint8Array(8))).value)); };
// ---- a chunk detached after it was given | any
const bad = () => { const b = new Uint8Array(1 << 16); const r = new Response(new ReadableStream({ start(c) { c.enqueue(b); c.close(); } })); structuredClone(b.buffer, { transfer: [b.buffer] }); return r; };
// ---- a body changed after it was given | 200
const bad = () => { const b = new Uint8Array(4).fill(97); const r = new Response(b); b.fill(98); return r; };
// ---- WebAssembly memory that grows in the middle | any
const bad = async ({ env }) => { const m = new WebAssembly.Memory({ initial: 1 }); const b = new Uint8Array(m.buffer); await env.KV.put("k", b, { get expirationTtl() { m.grow(1); return 60; } }); return new Response(new Uint8Array(m.buffer)); };
// ---- views with odd offsets | 200 done
const bad = async ({ env }) => { const b = new ArrayBuffer(33); for (const K of [Uint16Array, Float32Array, BigInt64Array, DataView]) { const v = new K(b, 8, 2); await env.KV.put("k", v); await env.BUCKET.put("k", v); await new Response(v).text(); await env.DB.prepare("SELECT ? AS a").bind(v).first().catch(() => {}); structuredClone(v); } return new Response("done"); };
// ---- species of Array | 200 done
const bad = async ({ env }) => {
  Object.defineProperty(Array, Symbol.species, { value: function () { return { length: 0, push() { throw new Error("push"); } }; }, configurable: true });
  const a = ["a", "b"]; a.constructor = { [Symbol.species]: function () { throw new Error("species"); } };
  for (const f of [() => env.KV.get(a), () => env.BUCKET.delete(a), () => env.DB.batch([env.DB.prepare("SELECT 1")]), () => new Headers([["a", "b"]]), () => new URLSearchParams([["a", "b"]]), () => new Blob(a), () => console.log(a), () => caches.default.match("http://x/")]) try { await f(); } catch { }
  return new Response("done");
};
// ---- species of buffers | 200 done
const bad = async ({ env }) => {
  class B extends ArrayBuffer { static get [Symbol.species]() { return function () { return new ArrayBuffer(1); }; } }
  class U extends Uint8Array { static get [Symbol.species]() { return function () { return new Uint8Array(1); }; } slice() { throw new Error("slice"); } subarray() { return null; } get length() { return 1e9; } get byteLength() { return 1e9; } get byteOffset() { return -5; } get buffer() { return new ArrayBuffer(1); } }
  for (const x of [new B(8), new U(8), new U(new B(8))]) for (const f of [() => new Response(x).text(), () => env.KV.put("k", x), () => env.BUCKET.put("k", x), () => new Blob([x]).text(), () => new TextDecoder().decode(x), () => crypto.getRandomValues(x), () => structuredClone(x),
    () => new Response(new ReadableStream({ start(c) { c.enqueue(x); c.close(); } })).arrayBuffer(), () => env.DB.prepare("SELECT ? AS a").bind(x).first(), () => console.log(x)]) try { await Promise.race([f(), scheduler.wait(20)]); } catch { }
  return new Response("done");
};
// ---- species of Promise | 200 x
const bad = async () => { Object.defineProperty(Promise, Symbol.species, { value: function (f) { f(() => {}, () => {}); return { then() {} }; }, configurable: true }); await new Promise((r) => setTimeout(r, 1)); return new Response("x"); };
// ---- species of regular expressions | 200 x
const bad = async () => { Object.defineProperty(RegExp, Symbol.species, { get() { throw new Error("species"); }, configurable: true }); new URL("http://x/a b?c#d"); new Headers({ a: "b" }); return new Response("x"); };
// ---- a stream chunk that lies of its length | any
const bad = () => new Response(new ReadableStream({ start(c) { const b = new Uint8Array(4); Object.defineProperty(b, "byteLength", { value: 1e9 }); Object.defineProperty(b, "length", { value: 1e9 }); c.enqueue(b); c.close(); } }));
