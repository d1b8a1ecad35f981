// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that want all the memory there is (loops.js says how this is read).

// ---- arrays of objects | 503 Worker exceeded memory limit.
const bad = () => { const all = []; for (;;) all.push({ a: [1, 2, 3] }); };
// ---- one array that grows | 503 memory
const bad = () => { const all = []; for (;;) all.push(1.5); };
// ---- one array at once | any
const bad = () => new Response(String(new Array(1e7).fill(1.5).length));
// ---- an array far beyond | any
const bad = () => { const a = new Array(1e7).fill(0); return new Response(String(a.concat(a, a, a).length)); };
// ---- an array with holes, filled | any
const bad = () => { const a = []; for (let i = 0; i < 1e6; ++i) a[i * 100] = i; return new Response("x"); };
// ---- strings | 503
const bad = () => { const all = []; for (let i = 0; ; ++i) all.push("x".repeat(1 << 20) + i, all.join("").slice(0, 9)); };
// ---- a string that doubles | any
const bad = () => { let s = "ab"; for (;;) s += s; };
// ---- a string that doubles and is flat | any
const bad = () => { let s = "ab"; for (;;) { s += s; s.charCodeAt(s.length - 1); } };
// ---- repeat | any
const bad = () => { const all = []; for (;;) all.push("xy".repeat(2 ** 28 - 20) + all.length); };
// ---- padEnd | any
const bad = () => { const all = []; for (;;) all.push("".padEnd(2 ** 28, "ab") + all.length); };
// ---- replaceAll | any
const bad = () => { let s = "aaaaaaaa"; for (;;) s = s.replaceAll("a", "aaaaaaaa"); };
// ---- split | any
const bad = () => { const all = []; for (;;) all.push("a,".repeat(1e6).split(",")); };
// ---- buffers | 500 Array buffer allocation failed
const bad = () => { const all = []; for (;;) all.push(new Uint8Array(1 << 20)); };
// ---- one huge buffer | 500 Array buffer allocation failed
const bad = () => new ArrayBuffer(2 ** 40);
// ---- typed arrays of each kind | 500
const bad = () => { const all = []; for (;;) for (const K of [Int8Array, Float64Array, BigInt64Array, Uint16Array]) all.push(new K(100000)); };
// ---- small typed arrays | any
const bad = () => { const all = []; for (;;) all.push(new Uint8Array(8)); };
// ---- SharedArrayBuffers | any
const bad = () => { const all = []; for (;;) all.push(new SharedArrayBuffer(1 << 20)); };
// ---- buffers dropped at once | 200 x
const bad = () => { for (let i = 0; i < 500; ++i) new Uint8Array(1 << 20)[5] = 1; return new Response("x"); };
// ---- Map | any
const bad = () => { const m = new Map(); for (let i = 0; ; ++i) m.set(i, i); };
// ---- Set of strings | any
const bad = () => { const m = new Set(); for (let i = 0; ; ++i) m.add("k" + i); };
// ---- WeakMap | any
const bad = () => { const m = new WeakMap(), keep = []; for (;;) { const k = {}; keep.push(k); m.set(k, k); } };
// ---- properties of one object | any
const bad = () => { const o = {}; for (let i = 0; ; ++i) o["p" + i] = i; };
// ---- symbols | any
const bad = () => { for (let i = 0; ; ++i) Symbol.for("s" + i); };
// ---- closures | any
const bad = () => { let f = () => 0; for (;;) { const g = f; f = () => g; } };
// ---- BigInt | any
const bad = () => { let n = 2n; for (;;) n **= 2n; };
// ---- BigInt by shifts | any
const bad = () => { const all = []; for (;;) all.push(1n << 8000000n); };
// ---- JSON.stringify | any
const bad = () => { const o = { a: "x".repeat(1 << 20) }; const list = Array(1000).fill(o); return new Response(JSON.stringify([list, list])); };
// ---- JSON.parse | any
const bad = () => { const text = "[" + "{},".repeat(5e5) + "{}]"; const all = []; for (;;) all.push(JSON.parse(text)); };
// ---- stream without backpressure | any
const bad = () => new Response(new ReadableStream({ start(c) { for (;;) c.enqueue(new Uint8Array(1 << 16)); } }));
// ---- stream of objects without backpressure | any
const bad = () => { new ReadableStream({ start(c) { for (;;) c.enqueue({ a: 1 }); } }); };
// ---- writes that nobody waits for | any
const bad = async () => { const w = new WritableStream({ write: () => new Promise(() => {}) }).getWriter(); for (;;) w.write({ a: 1 }); };
// ---- tee read on one side | any
const bad = async () => { const [a, b] = new ReadableStream({ pull(c) { c.enqueue(new Uint8Array(1 << 20)); } }).tee(); globalThis.b = b; const r = a.getReader(); for (;;) await r.read(); };
// ---- blobs of blobs | any
const bad = () => { let b = new Blob(["x".repeat(1 << 20)]); for (;;) b = new Blob([b, b]); };
// ---- headers | any
const bad = () => { const h = new Headers(); for (let i = 0; ; ++i) h.append("a" + i, "x".repeat(1000)); };
// ---- one header | any
const bad = () => { const h = new Headers(); for (;;) h.append("a", "x".repeat(1000)); };
// ---- search parameters | any
const bad = () => { const p = new URLSearchParams(); for (let i = 0; ; ++i) p.append("k" + i, "v"); };
// ---- a long URL | any
const bad = () => { let u = new URL("http://x/"); for (;;) u.search += "&a=" + "b".repeat(10000); };
// ---- form data | any
const bad = () => { const f = new FormData(); for (let i = 0; ; ++i) f.append("k" + i, "v"); };
// ---- text of base64 | any
const bad = () => { let s = "x"; for (;;) s = btoa(s); };
// ---- encoder | any
const bad = () => { const e = new TextEncoder(), all = []; const s = "x".repeat(1 << 22); for (;;) all.push(e.encode(s)); };
// ---- decoder | any
const bad = () => { const all = []; const b = new Uint8Array(1 << 22).fill(65); for (;;) all.push(new TextDecoder().decode(b)); };
// ---- structuredClone | any
const bad = () => { let o = { a: [1] }; for (;;) o = structuredClone([o, o]); };
// ---- structuredClone of buffers | any
const bad = () => { const b = new Uint8Array(1 << 20), all = []; for (;;) all.push(structuredClone(b)); };
// ---- waitUntil flood | any
const bad = ({ waitUntil }) => { for (;;) waitUntil(new Promise(() => {})); };
// ---- timer flood | any
const bad = () => { for (;;) setTimeout(() => {}, 1e6); };
// ---- console flood | any
const bad = () => { for (;;) console.log("x".repeat(10000)); };
// ---- console of one huge value | any
const bad = () => { console.log("x".repeat(1e7), Array(1e6).fill({ a: 1 }), new Uint8Array(1e7)); return new Response("x"); };
// ---- fetch flood | any
const bad = async () => { const all = []; for (let i = 0; i < 3000; ++i) all.push(fetch("http://127.0.0.1:1/").catch(() => {})); await Promise.all(all); return new Response("x"); };
// ---- fetch flood that nobody waits for | any
const bad = () => { for (let i = 0; i < 500; ++i) fetch("http://127.0.0.1:1/" + i); return new Response("x"); };
// ---- listeners | any
const bad = () => { const t = new EventTarget(); for (;;) t.addEventListener("x", () => {}); };
// ---- signals of signals | any
const bad = () => { let s = new AbortController().signal; for (;;) s = AbortSignal.any([s, s]); };
// ---- errors | any
const bad = () => { const all = []; for (;;) all.push(new Error("x".repeat(100))); };
// ---- regular expressions | any
const bad = () => { const all = []; for (let i = 0; ; ++i) { const r = new RegExp("a{1,1000}b" + i); r.test("aaa"); all.push(r); } };
// ---- a regular expression of enormous size | any
const bad = () => new RegExp("(".repeat(300) + "a" + "){1,9}".repeat(300)).test("a");
// ---- template strings | any
const bad = () => { const tag = (s) => s; const all = []; for (;;) all.push(tag`a${1}b${2}c`, `${"x".repeat(1000)}${all.length}`); };
// ---- generators never ended | any
const bad = () => { const all = []; function* g() { const x = new Array(100); yield x; } for (;;) { const i = g(); i.next(); all.push(i); } };
// ---- proxies of proxies | any
const bad = () => { let p = {}; for (let i = 0; i < 1e5; ++i) p = new Proxy(p, {}); return new Response(String(p.a)); };
// ---- leak over requests | any
globalThis.kept = []; const bad = () => { for (let i = 0; i < 50000; ++i) kept.push({ a: i, b: "s" + i }); return new Response(String(kept.length)); };
// ---- a large answer | any
const bad = () => new Response("x".repeat(2 ** 28));
// ---- a large answer of bytes | any
const bad = () => new Response(new Uint8Array(20 << 20));
// ---- a large value for KV | any
const bad = async ({ env }) => { await env.KV.put("k", "x".repeat(30 << 20)); return new Response("x"); };
// ---- rows that fill the heap | any
const bad = async ({ env }) => Response.json((await env.DB.prepare("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 400000) SELECT x, x + 0.5 AS y FROM n").all()).results.length);
// ---- a blob of SQLite | any
const bad = async ({ env }) => Response.json((await env.DB.prepare("SELECT length(hex(zeroblob(100000000))) AS a").first()));
// ---- WebAssembly memory | any
const bad = () => { const all = []; for (;;) { const m = new WebAssembly.Memory({ initial: 100 }); new Uint8Array(m.buffer).fill(1); all.push(m); } };
// ---- WebAssembly table | any
const bad = () => { const all = []; for (;;) all.push(new WebAssembly.Table({ initial: 1000000, element: "anyfunc" })); };
// ---- a large JSON text of what is shared | any
const bad = () => { JSON.stringify("x".repeat(70000)); let all = ["y".repeat(100)]; for (let i = 0; i < 40; ++i) all = [all, all]; return Response.json(all); };
// ---- a large JSON text of a list without end | any
const bad = () => { JSON.stringify("x".repeat(70000)); return Response.json(new Proxy([], { get: (list, key) => (key === "length" ? 1e15 : key === "toJSON" ? undefined : "z") })); };
// ---- large JSON texts within each other | any
const bad = () => { const again = { toJSON() { JSON.stringify("x".repeat(70000)); return JSON.stringify([again, "y".repeat(70000)]); } }; JSON.stringify("x".repeat(70000)); return Response.json(again); };
// ---- a large JSON text that is never done | any
const bad = () => { JSON.stringify("x".repeat(70000)); return Response.json([1, "z".repeat(100000), { toJSON() { for (;;); } }]); };
// ---- large JSON texts that are kept | any
const bad = () => { const text = "[" + '{"a":[1.5,2,{"c":null}],"b":"a longer text, no short one"},'.repeat(20000) + "0]"; const all = []; for (;;) all.push(JSON.parse(text)); };
// ---- a large JSON text of numbers alone | any
const bad = () => { const text = "[" + "1.5,".repeat(4e6) + "0]"; return new Response(String(JSON.parse(text).length)); };
