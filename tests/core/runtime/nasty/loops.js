// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that never end, in every kind of callback. tests/core/runtime/t_nasty.cpp reads these files: a line of dashes, the name and what is answered (a status and a part of
// the body, or "any") begins a module; `bad` is the handler.

// ---- handler | 503 Worker exceeded CPU time limit.
const bad = () => { for (;;); };
// ---- after an await | 503 CPU
const bad = async () => { await null; for (;;); };
// ---- after a real wait | 503 CPU
const bad = async () => { await new Promise((r) => setTimeout(r, 1)); for (;;); };
// ---- middleware that calls next for ever | 500 Too many API requests by single Worker invocation.
const bad = async ({ next }) => { for (;;) await next(); };
// ---- timer | 503 CPU
const bad = () => new Promise(() => setTimeout(() => { for (;;); }, 1));
// ---- interval | 503 CPU
const bad = () => new Promise(() => setInterval(() => { for (let i = 0; i < 1e7; ++i); }, 1));
// ---- promise reaction | 503 CPU
const bad = () => Promise.resolve().then(() => { for (;;); });
// ---- microtask | 503 CPU
const bad = () => { queueMicrotask(() => { for (;;); }); return new Promise(() => {}); };
// ---- microtasks that beget microtasks | 503 CPU
const bad = () => { const again = () => queueMicrotask(again); again(); return new Promise(() => {}); };
// ---- promises that beget promises | 503
const bad = () => { const again = () => Promise.resolve().then(again); return again(); };
// ---- pull of a stream | any
const bad = () => new Response(new ReadableStream({ pull() { for (;;); } }));
// ---- pull that gives nothing, for ever | any
const bad = () => new Response(new ReadableStream({ async pull(c) { for (;;) await null; } }));
// ---- start of a stream | 503 CPU
const bad = () => new Response(new ReadableStream({ start() { for (;;); } }));
// ---- cancel of a stream | 503 CPU
const bad = async () => { await new ReadableStream({ cancel() { for (;;); } }).cancel(); return new Response("x"); };
// ---- size of a strategy | 503 CPU
const bad = async () => { new ReadableStream({ start(c) { c.enqueue(1); } }, { size() { for (;;); } }); };
// ---- write of a stream | 503 CPU
const bad = async () => { await new WritableStream({ write() { for (;;); } }).getWriter().write("x"); };
// ---- transform | 503 CPU
const bad = async () => { const t = new TransformStream({ transform() { for (;;); } }); t.writable.getWriter().write("x"); await t.readable.getReader().read(); };
// ---- flush | 503 CPU
const bad = async () => { const t = new TransformStream({ flush() { for (;;); } }); t.writable.getWriter().close(); await t.readable.getReader().read(); };
// ---- event listener | 503 CPU
const bad = () => { const t = new EventTarget(); t.addEventListener("x", () => { for (;;); }); t.dispatchEvent(new Event("x")); };
// ---- handleEvent getter | 503 CPU
const bad = () => { const t = new EventTarget(); t.addEventListener("x", { get handleEvent() { for (;;); } }); t.dispatchEvent(new Event("x")); };
// ---- abort listener | 503 CPU
const bad = () => { const c = new AbortController(); c.signal.onabort = () => { for (;;); }; c.abort(); };
// ---- event that dispatches events | 500
const bad = () => { const t = new EventTarget(); t.addEventListener("x", () => t.dispatchEvent(new Event("x"))); t.dispatchEvent(new Event("x")); throw new Error("done"); };
// ---- getter of a response's init | 503 CPU
const bad = () => new Response("x", { get status() { for (;;); } });
// ---- getter of a request's init | 503 CPU
const bad = () => new Request("http://x/", { get method() { for (;;); } });
// ---- getter of fetch's init | 503 CPU
const bad = () => fetch("http://127.0.0.1:1/", { get redirect() { for (;;); } });
// ---- toString of a URL | 503 CPU
const bad = () => new URL({ toString() { for (;;); } });
// ---- toString of a header | 503 CPU
const bad = () => new Headers([["a", { toString() { for (;;); } }]]);
// ---- iterator of headers | 503 CPU
const bad = () => new Headers({ *[Symbol.iterator]() { for (;;) yield ["a", "b"]; } });
// ---- iterator of search parameters | 503 CPU
const bad = () => new URLSearchParams({ [Symbol.iterator]: () => ({ next: () => { for (;;); } }) });
// ---- iterator of a blob's parts | any
const bad = () => new Blob({ *[Symbol.iterator]() { for (;;) yield ""; } });
// ---- toJSON | 503 CPU
const bad = () => Response.json({ toJSON() { for (;;); } });
// ---- replacer | 503 CPU
const bad = () => new Response(JSON.stringify({ a: 1 }, () => { for (;;); }));
// ---- reviver | 503 CPU
const bad = () => JSON.parse("[1]", () => { for (;;); });
// ---- toPrimitive | 503 CPU
const bad = () => setTimeout(() => {}, { [Symbol.toPrimitive]() { for (;;); } });
// ---- proxy's get | 503 CPU
const bad = () => new Response("x", new Proxy({}, { get() { for (;;); } }));
// ---- proxy's getPrototypeOf | 503 CPU
const bad = () => new Proxy({}, { getPrototypeOf() { for (;;); } }) instanceof Response;
// ---- proxy's ownKeys | 503 CPU
const bad = () => new Headers(new Proxy({}, { ownKeys() { for (;;); } }));
// ---- answer with an endless then | 503 CPU
const bad = () => ({ get then() { for (;;); } });
// ---- thenable that loops | 503 CPU
const bad = () => ({ then() { for (;;); } });
// ---- async generator | 503 CPU
const bad = async () => { async function* g() { for (;;) yield 1; } for await (const x of g()); };
// ---- stream out of an endless generator | 503 CPU
const bad = async () => { for await (const x of ReadableStream.from((function* () { for (;;) yield 1; })())); };
// ---- body out of an endless generator of nothing | any
const bad = () => new Response(ReadableStream.from((async function* () { for (;;) yield new Uint8Array(0); })()));
// ---- waitUntil after the answer | 200 fine
const bad = ({ waitUntil }) => { waitUntil((async () => { await new Promise((r) => setTimeout(r, 1)); for (;;); })()); return new Response("fine"); };
// ---- getter under structuredClone | 503 CPU
const bad = () => structuredClone({ get a() { for (;;); } });
// ---- getter under structuredClone's options | 503 CPU
const bad = () => structuredClone(1, { get transfer() { for (;;); } });
// ---- getter of KV's options | 503 CPU
const bad = ({ env }) => env.KV.put("a", "b", { get expirationTtl() { for (;;); } });
// ---- toJSON of KV's metadata | 503 CPU
const bad = ({ env }) => env.KV.put("a", "b", { metadata: { toJSON() { for (;;); } } });
// ---- toString of KV's key | 503 CPU
const bad = ({ env }) => env.KV.get({ toString() { for (;;); } });
// ---- getter of R2's options | 503 CPU
const bad = ({ env }) => env.BUCKET.put("a", "b", { get httpMetadata() { for (;;); } });
// ---- custom metadata of R2 | 503 CPU
const bad = ({ env }) => env.BUCKET.put("a", "b", { customMetadata: new Proxy({}, { ownKeys() { for (;;); } }) });
// ---- parameter of D1 | 503 CPU
const bad = ({ env }) => env.DB.prepare("SELECT ?").bind({ get length() { for (;;); }, [Symbol.toPrimitive]() { for (;;); }, toString() { for (;;); } }).first();
// ---- array parameter of D1 | 503 CPU
const bad = ({ env }) => env.DB.prepare("SELECT ?").bind(new Proxy([], { get() { for (;;); } })).first();
// ---- batch of D1 | 503 CPU
const bad = ({ env }) => env.DB.batch({ get length() { for (;;); }, map() { for (;;); }, [Symbol.iterator]() { for (;;); } });
// ---- request of the cache | 503 CPU
const bad = () => caches.default.match({ toString() { for (;;); } });
// ---- getter under the console | 503 CPU
const bad = () => console.log({ get a() { for (;;); } }, { toString() { for (;;); }, [Symbol.toPrimitive]() { for (;;); }, get [Symbol.toStringTag]() { for (;;); } });
// ---- proxy under the console | 503 CPU
const bad = () => { console.log(new Proxy({}, { get() { for (;;); }, ownKeys() { for (;;); }, getPrototypeOf() { for (;;); }, getOwnPropertyDescriptor() { for (;;); } })); for (;;); };
// ---- format of the console | 503 CPU
const bad = () => { console.log("%s %d %o", { toString() { for (;;); } }, { valueOf() { for (;;); } }, { get a() { for (;;); } }); for (;;); };
// ---- prepareStackTrace | 503 CPU
const bad = () => { Error.prepareStackTrace = () => { for (;;); }; throw new Error("x"); };
// ---- stack getter of what is thrown | 503 CPU
const bad = () => { const e = new Error("x"); Object.defineProperty(e, "stack", { get() { for (;;); } }); throw e; };
// ---- message getter of what is thrown | 503 CPU
const bad = () => { throw Object.defineProperty(new Error("x"), "message", { get() { for (;;); } }); };
// ---- toString of what is thrown | any
const bad = () => { throw { toString() { for (;;); }, toJSON() { for (;;); } }; };
// ---- cause of itself | 500
const bad = () => { const e = new Error("x"); e.cause = e; throw e; };
// ---- rejection with an endless message | any
const bad = () => { Promise.reject(Object.defineProperty(new Error("x"), "message", { get() { for (;;); } })); return new Response("x"); };
// ---- finalizer | 200 x
const bad = () => { const r = new FinalizationRegistry(() => { for (;;); }); for (let i = 0; i < 1000; ++i) r.register({}, 1); globalThis.keep = r; return new Response("x"); };
// ---- regular expression | 503 CPU
const bad = () => new Response(String(/(a*)*b/.test("a".repeat(60))));
// ---- regular expression of a replacement | 503 CPU
const bad = () => "a".repeat(40).replace(/^(a+)+$/g, () => { for (;;); });
// ---- regular expression that fails at its end | 503 CPU
const bad = () => new Response(String(/(a+)+$/.test("a".repeat(40) + "b")));
// ---- regular expression of two-byte text | 503 CPU
const bad = () => new Response("\u4e00".repeat(40).concat("b").replace(/(\u4e00+)+$/g, "x"));
// ---- regular expression that looks back | 503 CPU
const bad = () => { const t = "a".repeat(30000) + "b"; return new Response(String([...t.matchAll(/a*c/g)].length + t.search(/(?<=(a+)+)c/))); };
// ---- regular expression that takes apart | 503 CPU
const bad = () => new Response(String("a".repeat(45).concat("b").split(/(a|a)*c/)));
// ---- regular expression that is long to compile | any
const bad = () => new Response(String(new RegExp("[\\p{L}\\p{N}]{1,1000}".repeat(200), "u").test("a".repeat(5000))));
// ---- URL pattern | any
const bad = () => new Response(String(new URLPattern({ pathname: "/((?:a*)*)b" }).test({ pathname: "/" + "a".repeat(40) })));
// ---- big numbers | 503 CPU
const bad = () => { let n = 3n; for (;;) n = n * n % (1n << 4000n) + 3n; };
// ---- sort with a comparison without end | 503 CPU
const bad = () => [2, 1].sort(() => { for (;;); });
// ---- a loop that catches everything | 503 CPU
const bad = () => { for (;;) try { for (;;); } catch { } finally { } };
// ---- a generator that cannot be closed | 503 CPU
const bad = () => { function* g() { try { yield 1; } finally { for (;;); } } for (const x of g()) break; };
// ---- Atomics.wait | 500 Atomics.wait cannot be called in this context
const bad = () => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); };
// ---- Atomics.waitAsync, if there is one | any
const bad = async () => { await Atomics.waitAsync?.(new Int32Array(new SharedArrayBuffer(4)), 0, 0)?.value; return new Response("x"); };
// ---- a query without end | any
const bad = async ({ env }) => Response.json(await env.DB.prepare("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n").first());
// ---- WebAssembly that loops | any
const bad = () => { const m = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11])); new WebAssembly.Instance(m).exports.f(); };
