// SPDX-License-Identifier: GPL-3.0-or-later
// Recursion without an end (loops.js says how this is read).

// ---- plain | 500 RangeError: Maximum call stack size exceeded
const bad = () => { const f = () => f() + 1; return f(); };
// ---- caught, and again | any
const bad = () => { const f = () => { try { f(); } catch { f(); } }; f(); return new Response("x"); };
// ---- JSON.stringify of a deep value | any
const bad = () => { let o = []; for (let i = 0; i < 1e5; ++i) o = [o]; return Response.json(o); };
// ---- JSON.parse of a deep text | any
const bad = () => new Response(String(JSON.parse("[".repeat(1e6) + "]".repeat(1e6)).length));
// ---- toJSON of itself | any
const bad = () => Response.json({ toJSON() { return JSON.stringify(this); } });
// ---- structuredClone of a deep value | any
const bad = () => { let o = {}; for (let i = 0; i < 1e5; ++i) o = { o }; structuredClone(o); return new Response("x"); };
// ---- structuredClone in a getter | any
const bad = () => { const o = { get a() { return structuredClone(o); } }; structuredClone(o); };
// ---- proxy over proxy | any
const bad = () => { const p = new Proxy({}, { get(t, k, r) { return r[k]; } }); return p.a; };
// ---- proxy as its own prototype | any
const bad = () => { const p = new Proxy({}, { getPrototypeOf: () => p }); return p instanceof Response; };
// ---- getter | 500 RangeError
const bad = () => { const o = { get a() { return this.a; } }; return o.a; };
// ---- toString | 500 RangeError
const bad = () => new URL({ toString() { return String(this); } });
// ---- regular expression | any
const bad = () => new RegExp("(?:".repeat(1e5) + "a" + ")*".repeat(1e5));
// ---- a deep text that matches | any
const bad = () => new Response(String(/^(?:(?:a|b)|c)*$/.test("ab".repeat(1e6))));
// ---- chain of promises | any
const bad = async () => { let p = Promise.resolve(new Response("x")); for (let i = 0; i < 1e5; ++i) p = p.then((x) => x); return p; };
// ---- promise resolved with a promise, deep | any
const bad = async () => { let p = Promise.resolve(new Response("x")); for (let i = 0; i < 1e5; ++i) { const q = p; p = new Promise((r) => r(q)); } return p; };
// ---- events | any
const bad = () => { const t = new EventTarget(); t.addEventListener("x", () => t.dispatchEvent(new Event("x"))); t.dispatchEvent(new Event("x")); return new Response("x"); };
// ---- console in a getter | any
const bad = () => { const o = { get a() { console.log(o); return 1; }, toString() { console.log("%s", o); return ""; } }; console.log("%s", o); console.log(o); return new Response("x"); };
// ---- console of a deep value | any
const bad = () => { let o = {}; for (let i = 0; i < 1e5; ++i) o = { o, m: new Map([[1, o]]) }; console.log(o); console.dir(o, { depth: Infinity }); return new Response("x"); };
// ---- an error's causes | any
const bad = () => { let e = new Error("0"); for (let i = 0; i < 1e5; ++i) e = new Error("x", { cause: e }); throw e; };
// ---- causes that never end | any
const bad = () => { const make = () => Object.defineProperty(new Error("x"), "cause", { get: make }); throw make(); };
// ---- prepareStackTrace that throws | any
const bad = () => { Error.prepareStackTrace = (e) => { throw e; }; new Error("a").stack; };
// ---- prepareStackTrace that asks for a stack | any
const bad = () => { Error.prepareStackTrace = () => new Error("b").stack; throw new Error("a"); };
// ---- tee of tee | any
const bad = async () => { let s = new ReadableStream({ start(c) { c.enqueue(new Uint8Array(1)); c.close(); } }); for (let i = 0; i < 3000; ++i) s = s.tee()[0]; return new Response(s); };
// ---- pipe of pipe | any
const bad = async () => { let s = new ReadableStream({ start(c) { c.enqueue(new Uint8Array(1)); c.close(); } }); for (let i = 0; i < 3000; ++i) s = s.pipeThrough(new TransformStream()); return new Response(s); };
// ---- blob in blob | any
const bad = async () => { let b = new Blob(["x"]); for (let i = 0; i < 20000; ++i) b = new Blob([b]); return new Response(b); };
// ---- clone of clone | any
const bad = () => { let r = new Response(new ReadableStream({ start(c) { c.close(); } })); for (let i = 0; i < 3000; ++i) r = r.clone(); return r; };
// ---- bound function of bound function | any
const bad = () => { let f = () => new Response("x"); for (let i = 0; i < 1e6; ++i) f = f.bind(null); return f(); };
// ---- signals in a chain | any
const bad = () => { const first = new AbortController(); let s = first.signal; for (let i = 0; i < 20000; ++i) s = AbortSignal.any([s]); first.abort(); return new Response("x"); };
// ---- generators in generators | any
const bad = () => { function* g(n) { yield n; yield* g(n + 1); } for (const x of g(0)); };
// ---- a deep array, flat | any
const bad = () => { let a = []; for (let i = 0; i < 1e5; ++i) a = [a]; return new Response(String(a.flat(Infinity).length)); };
// ---- sort that sorts | any
const bad = () => { const a = [3, 2, 1]; const c = () => { a.sort(c); return 1; }; a.sort(c); };
// ---- the handler itself | any
const bad = (context) => bad(context);
// ---- the handler itself, asynchronous | any
const bad = async (context) => bad(context);
