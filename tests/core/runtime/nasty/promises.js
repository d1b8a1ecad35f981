// SPDX-License-Identifier: GPL-3.0-or-later
// Floods of promises, and thenables that break the rules (loops.js says how this is read).

// ---- a million pending | any
const bad = () => { const all = []; for (let i = 0; i < 1e6; ++i) all.push(new Promise(() => {})); return Promise.race(all); };
// ---- many rejected, nobody cares | any
const bad = () => { for (let i = 0; i < 20000; ++i) Promise.reject(new Error("x")); return new Response("x"); };
// ---- many rejected, caught later | any
const bad = async () => { const all = []; for (let i = 0; i < 50000; ++i) all.push(Promise.reject(i)); for (const p of all) p.catch(() => {}); return new Response("x"); };
// ---- thenable that calls twice | 200 first
const bad = () => ({ then(f) { f(new Response("first")); f(new Response("second")); } });
// ---- thenable that resolves and throws | 200 first
const bad = () => ({ then(f) { f(new Response("first")); throw new Error("then"); } });
// ---- thenable that throws | 500 Error: then
const bad = () => ({ then() { throw new Error("then"); } });
// ---- then getter that throws | 500 Error: then
const bad = async () => ({ get then() { throw new Error("then"); } });
// ---- promise that resolves itself | 500 TypeError
const bad = () => { let r; const p = new Promise((x) => (r = x)); r(p); return p; };
// ---- thenable that gives itself | 503 CPU
const bad = () => { const t = { then(f) { f(t); } }; return t; };
// ---- thenable that gives a new one | 503 CPU
const bad = () => { const t = () => ({ then(f) { f(t()); } }); return t(); };
// ---- never settles | 500
const bad = () => new Promise(() => {});
// ---- waitUntil of what never settles | 200 x
const bad = ({ waitUntil }) => { waitUntil(new Promise(() => {})); return new Response("x"); };
// ---- waitUntil of a hostile thenable | 200 x
const bad = ({ waitUntil }) => { waitUntil({ then() { throw new Error("then"); } }); waitUntil({ get then() { throw new Error("then"); } }); return new Response("x"); };
// ---- waitUntil of rejections | 200 x
const bad = ({ waitUntil }) => { for (let i = 0; i < 1000; ++i) waitUntil(Promise.reject(i)); return new Response("x"); };
// ---- waitUntil in waitUntil | 200 x
const bad = ({ waitUntil }) => { const again = async (n) => { await null; if (n) waitUntil(again(n - 1)); }; waitUntil(again(5000)); return new Response("x"); };
// ---- unhandledrejection that rejects | any
const bad = () => { globalThis.addEventListener?.("unhandledrejection", () => { Promise.reject(1); }); Promise.reject(0); return new Response("x"); };
// ---- unhandledrejection that throws | any
const bad = () => { globalThis.addEventListener?.("unhandledrejection", () => { throw new Error("x"); }); Promise.reject(0); return new Response("x"); };
// ---- subclass of Promise as the answer | 200 x
const bad = () => { class P extends Promise { then(a, b) { return super.then(a, b); } } return P.resolve(new Response("x")); };
// ---- subclass whose constructor lies | any
const bad = () => { class P extends Promise { static get [Symbol.species]() { return function (f) { f(() => {}, () => {}); }; } } return P.resolve(new Response("x")); };
// ---- a promise with a constructor that throws | any
const bad = () => { const p = Promise.resolve(new Response("x")); Object.defineProperty(p, "constructor", { get() { throw new Error("constructor"); } }); return p; };
// ---- a promise with a then of its own | any
const bad = () => { const p = Promise.resolve(new Response("x")); p.then = () => { throw new Error("then"); }; return p; };
// ---- all of a million | any
const bad = async () => { await Promise.all(Array.from({ length: 2e5 }, async (_, i) => i)); return new Response("x"); };
// ---- any of a million | any
const bad = async () => { try { await Promise.any(Array.from({ length: 1e5 }, async () => { throw new Error("x"); })); } catch (e) { return new Response(String(e.errors.length)); } };
// ---- stream whose reads never end | any
const bad = async () => { const r = new ReadableStream().getReader(); for (let i = 0; i < 1e5; ++i) r.read(); return new Response("x"); };
// ---- body that is never closed | open
const bad = () => new Response(new ReadableStream({ start(c) { c.enqueue(new Uint8Array(3)); } }));
// ---- timers that throw | 200 x
const bad = async () => { for (let i = 0; i < 100; ++i) setTimeout(() => { throw new Error("timer"); }, 0); await scheduler.wait(5); return new Response("x"); };
// ---- microtasks that throw | 200 x
const bad = async () => { for (let i = 0; i < 1000; ++i) queueMicrotask(() => { throw new Error("task"); }); await null; return new Response("x"); };
// ---- listeners that throw | 200 x
const bad = () => { const t = new EventTarget(); for (let i = 0; i < 500; ++i) t.addEventListener("x", () => { throw i; }); t.dispatchEvent(new Event("x")); return new Response("x"); };
