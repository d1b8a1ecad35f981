// SPDX-License-Identifier: GPL-3.0-or-later
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import EE from "node:events";
import dc from "node:diagnostics_channel";
import process from "node:process";
import stream from "node:stream";
import { setImmediate } from "node:timers";

const als = new AsyncLocalStorage();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export default {
  "AsyncLocalStorage.bind(3)": () => AsyncLocalStorage.bind(3),
  "new AsyncResource()": () => new AsyncResource(),
  "new AsyncResource(\"a\").asyncId()": () => new AsyncResource("a").asyncId(),
  "Object.getOwnPropertyNames(AsyncResource.prototype)": () => Object.getOwnPropertyNames(AsyncResource.prototype).sort(),
  "Object.getOwnPropertyNames(AsyncLocalStorage.prototype)": () => Object.getOwnPropertyNames(AsyncLocalStorage.prototype).sort(),
  "Object.getOwnPropertyNames(AsyncLocalStorage)": () => Object.getOwnPropertyNames(AsyncLocalStorage),
  "new AsyncLocalStorage().enterWith(3)": () => new AsyncLocalStorage().enterWith(3),
  "new AsyncLocalStorage().disable()": () => new AsyncLocalStorage().disable(),
  "new AsyncLocalStorage({name:\"x\",defaultValue:3}).getStore()": () => new AsyncLocalStorage({name:"x",defaultValue:3}).getStore(),
  "new AsyncLocalStorage({name:\"x\"}).name": () => new AsyncLocalStorage({name:"x"}).name,
  "dc.channel(\"x\")": () => dc.channel("x"),
  "dc.tracingChannel(\"x\")": () => dc.tracingChannel("x"),
  "Object.getOwnPropertyNames(dc.Channel.prototype)": () => Object.getOwnPropertyNames(dc.Channel.prototype),
  "dc.subscribe(\"x\",3)": () => dc.subscribe("x",3),
  "als.getStore()": () => als.getStore(),
  "als.run(1,()=>als.getStore())": () => als.run(1,()=>als.getStore()),
  "als.run(1,async()=>{await 0; await sleep(1); return als.getStore()})": () => als.run(1,async()=>{await 0; await sleep(1); return als.getStore()}),
  "Promise.all([1,2,3].map(i=>als.run(i,async()=>{await sleep(3-i); await null; return als.ge": () => Promise.all([1,2,3].map(i=>als.run(i,async()=>{await sleep(3-i); await null; return als.getStore()}))),
  "als.run(5,()=>new Promise(r=>queueMicrotask(()=>r(als.getStore()))))": () => als.run(5,()=>new Promise(r=>queueMicrotask(()=>r(als.getStore())))),
  "als.run(5,()=>als.exit(()=>als.getStore()))": () => als.run(5,()=>als.exit(()=>als.getStore())),
  "als.run(5,()=>new Promise(r=>setImmediate(()=>r(als.getStore()))))": () => als.run(5,()=>new Promise(r=>setImmediate(()=>r(als.getStore())))),
  "als.run(5,()=>new Promise(r=>process.nextTick(()=>r(als.getStore()))))": () => als.run(5,()=>new Promise(r=>process.nextTick(()=>r(als.getStore())))),
  "{const f=als.run(7,()=>AsyncLocalStorage.snapshot()); return f(()=>als.getStore())}": () => {const f=als.run(7,()=>AsyncLocalStorage.snapshot()); return f(()=>als.getStore())},
  "{const f=als.run(7,()=>AsyncLocalStorage.bind((a)=>[als.getStore(),a])); return f(3)}": () => {const f=als.run(7,()=>AsyncLocalStorage.bind((a)=>[als.getStore(),a])); return f(3)},
  "{const r=als.run(9,()=>new AsyncResource(\"x\")); return r.runInAsyncScope(()=>als.getStore(": () => {const r=als.run(9,()=>new AsyncResource("x")); return r.runInAsyncScope(()=>als.getStore())},
  "{const f=als.run(9,()=>AsyncResource.bind(()=>als.getStore())); return f()}": () => {const f=als.run(9,()=>AsyncResource.bind(()=>als.getStore())); return f()},
  "als.run(1,()=>als.run(2,()=>als.getStore())+als.getStore())": () => als.run(1,()=>als.run(2,()=>als.getStore())+als.getStore()),
  "{try{als.run(1,()=>{throw 5})}catch{} return als.getStore()}": () => {try{als.run(1,()=>{throw 5})}catch{} return als.getStore()},
  "als.run(1,(...a)=>a,2,3)": () => als.run(1,(...a)=>a,2,3),
  "als.run(1)": () => als.run(1),
  "als.run(undefined,()=>als.getStore())": () => als.run(undefined,()=>als.getStore()),
  "als.run(4,async()=>{const r=[]; for await (const x of stream.Readable.from([\"a\",\"b\"])) r.p": () => als.run(4,async()=>{const r=[]; for await (const x of stream.Readable.from(["a","b"])) r.push(x+als.getStore()); return r}),
  "als.run(4,()=>new Promise(r=>new ReadableStream({pull(c){r(als.getStore()); c.close()}}).g": () => als.run(4,()=>new Promise(r=>new ReadableStream({pull(c){r(als.getStore()); c.close()}}).getReader().read())),
  "als.run(4,async()=>{const e=new EE(); const p=EE.once(e,\"x\"); setTimeout(()=>e.emit(\"x\",al": () => als.run(4,async()=>{const e=new EE(); const p=EE.once(e,"x"); setTimeout(()=>e.emit("x",als.getStore())); return (await p)[0]}),
  "als.run(4,()=>{const p=Promise.withResolvers(); setTimeout(()=>als.run(8,()=>p.resolve()))": () => als.run(4,()=>{const p=Promise.withResolvers(); setTimeout(()=>als.run(8,()=>p.resolve()));return p.promise.then(()=>als.getStore())}),
  "als.run(4,async function*(){yield als.getStore(); await 0; yield als.getStore()}).next()": () => als.run(4,async function*(){yield als.getStore(); await 0; yield als.getStore()}).next(),
  "als.run(3,()=>new Promise(r=>{const i=setInterval(()=>{clearInterval(i); r(als.getStore())": () => als.run(3,()=>new Promise(r=>{const i=setInterval(()=>{clearInterval(i); r(als.getStore())},1)})),
  "{const c=dc.channel(\"q\"); c.bindStore(als); return c.runStores(6,()=>als.getStore())}": async () => {const c=dc.channel("q"); c.bindStore(als); return c.runStores(6,()=>als.getStore())},
  "{const c=dc.channel(\"q2\"); const got=[]; c.subscribe((m,n)=>got.push(m,n)); c.publish(1); ": async () => {const c=dc.channel("q2"); const got=[]; c.subscribe((m,n)=>got.push(m,n)); c.publish(1); return [got,c.hasSubscribers,dc.hasSubscribers("q2"),c.name]},

  // where the store goes through the platform's own callbacks; set up within run(4), called from outside of it where that can be told apart
  "listener of an EventTarget, dispatched elsewhere": () => { const t = new EventTarget(); let got; als.run(4, () => t.addEventListener("x", () => { got = als.getStore(); })); als.run(5, () => t.dispatchEvent(new Event("x"))); return got; },
  "listener of an AbortSignal": () => { const c = new AbortController(); let got; als.run(4, () => c.signal.addEventListener("abort", () => { got = als.getStore(); })); als.run(5, () => c.abort()); return got; },
  "onabort of an AbortSignal": () => { const c = new AbortController(); let got; als.run(4, () => { c.signal.onabort = () => { got = als.getStore(); }; }); als.run(5, () => c.abort()); return got; },
  "AbortSignal.timeout": () => als.run(4, () => new Promise((done) => AbortSignal.timeout(1).addEventListener("abort", () => done(als.getStore() ?? "none")))),
  "scheduler.wait": () => als.run(4, async () => { await scheduler.wait(1); return als.getStore(); }),
  "crypto.subtle.digest": () => als.run(4, async () => { await crypto.subtle.digest("SHA-256", new Uint8Array(3)); return als.getStore(); }),
  "then of crypto.subtle.generateKey": () => als.run(4, () => crypto.subtle.generateKey({ name: "AES-GCM", length: 128 }, true, ["encrypt"]).then(() => als.getStore())),
  "start, pull and cancel of a ReadableStream": async () => {
    const got = [];
    const stream = als.run(4, () => new ReadableStream({ start() { got.push(als.getStore()); }, pull(c) { got.push(als.getStore()); c.enqueue(1); }, cancel() { got.push(als.getStore()); } }, { highWaterMark: 0 }));
    await als.run(5, async () => { const reader = stream.getReader(); await reader.read(); await reader.cancel(); });
    return got;
  },
  "pull of a byte stream": async () => {
    const got = [];
    const stream = als.run(4, () => new ReadableStream({ type: "bytes", pull(c) { got.push(als.getStore()); c.byobRequest ? (c.byobRequest.view[0] = 1, c.byobRequest.respond(1)) : c.enqueue(new Uint8Array(1)); } }));
    await als.run(5, () => stream.getReader({ mode: "byob" }).read(new Uint8Array(4)));
    return got;
  },
  "write and close of a WritableStream": async () => {
    const got = [];
    const stream = als.run(4, () => new WritableStream({ start() { got.push(als.getStore()); }, write() { got.push(als.getStore()); }, close() { got.push(als.getStore()); } }));
    await als.run(5, async () => { const writer = stream.getWriter(); await writer.write(1); await writer.close(); });
    return got;
  },
  "abort of a WritableStream": async () => { let got; const stream = als.run(4, () => new WritableStream({ abort() { got = als.getStore(); } })); await als.run(5, () => stream.abort()); return got; },
  "transform and flush of a TransformStream": async () => {
    const got = [];
    const t = als.run(4, () => new TransformStream({ transform(x, c) { got.push(als.getStore()); c.enqueue(x); }, flush() { got.push(als.getStore()); } }));
    await als.run(5, async () => { const writer = t.writable.getWriter(); const read = new Response(t.readable.pipeThrough(new TextEncoderStream())).text(); await writer.write("a"); await writer.close(); await read; });
    return got;
  },
  "a size of a queuing strategy": async () => { let got; const s = als.run(4, () => new ReadableStream({ start(c) { c.enqueue(1); } }, { size() { got = als.getStore(); return 1; } })); s.getReader(); return got; },
  "a body that the Function makes, read elsewhere": async () => { const got = []; const r = als.run(4, () => new Response(new ReadableStream({ pull(c) { got.push(als.getStore()); c.enqueue(new TextEncoder().encode("x")); c.close(); } }))); return [await als.run(5, () => r.text()), got]; },
  "fetch": ({ env }) => als.run(4, async () => { const r = await env.ASSETS.fetch("http://x/"); await r.text(); return als.getStore(); }),
  "handlers of an HTMLRewriter": async () => { const got = []; const r = als.run(4, () => new HTMLRewriter().on("p", { element() { got.push(als.getStore()); }, async text() { await 0; got.push(als.getStore()); } }).onDocument({ end() { got.push(als.getStore()); } })); await als.run(5, () => r.transform(new Response("<p>x")).text()); return [...new Set(got)]; },
  "messages of a WebSocketPair": () => new Promise((done) => { const { 0: a, 1: b } = new WebSocketPair(); als.run(4, () => { a.accept(); a.addEventListener("message", () => done(als.getStore() ?? "none")); }); als.run(5, () => { b.accept(); b.send("x"); }); }),
  "a MessageChannel": () => new Promise((done) => { const { port1, port2 } = new MessageChannel(); als.run(4, () => { port1.onmessage = () => { done(als.getStore() ?? "none"); port1.close(); }; }); als.run(5, () => port2.postMessage(1)); }),
  "an unhandled rejection": () => new Promise((done) => { const heard = () => { removeEventListener("unhandledrejection", heard); done(als.getStore() ?? "none"); }; als.run(6, () => addEventListener("unhandledrejection", heard)); als.run(4, () => { Promise.reject(new Error("meant")); }); }),
  "a thenable": () => als.run(4, async () => { let got; await { then(done) { got = als.getStore(); done(); } }; return [got, als.getStore()]; }),
  "finally, catch and allSettled": () => als.run(4, async () => { const got = []; await Promise.reject(1).catch(() => got.push(als.getStore())).finally(() => got.push(als.getStore())); await Promise.allSettled([sleep(1)]); got.push(als.getStore()); return got; }),
  "a promise that is settled elsewhere, with two that wait": async () => { let settle; const p = new Promise((done) => { settle = done; }); const got = []; const a = als.run(4, () => p.then(() => got.push(als.getStore()))); const b = als.run(5, async () => { await p; got.push(als.getStore()); }); als.run(6, settle); await Promise.all([a, b]); return got; },
  "an async generator, its next called elsewhere": async () => { const g = als.run(4, () => (async function* () { yield als.getStore(); await 0; yield als.getStore(); })()); return [(await als.run(5, () => g.next())).value, (await als.run(6, () => g.next())).value]; },
  "a generator": () => { const g = als.run(4, () => (function* () { yield als.getStore() ?? "none"; yield als.getStore() ?? "none"; })()); return [als.run(5, () => g.next()).value, g.next().value]; },
  "pipeTo": async () => { const got = []; await als.run(4, () => new ReadableStream({ pull(c) { got.push(als.getStore()); c.enqueue("x"); c.close(); } }).pipeTo(new WritableStream({ write() { got.push(als.getStore()); } }))); return got; },
  "tee": async () => { const got = []; const s = als.run(4, () => new ReadableStream({ pull(c) { got.push(als.getStore()); c.enqueue(new Uint8Array(1)); c.close(); } }, { highWaterMark: 0 })); const [a, b] = als.run(5, () => s.tee()); await als.run(6, () => Promise.all([new Response(a).text(), new Response(b).text()])); return got; },
  "async iteration of a stream": () => als.run(4, async () => { const got = []; for await (const x of new ReadableStream({ start(c) { c.enqueue(1); c.enqueue(2); c.close(); } })) got.push(x, als.getStore()); return got; }),
  "util.promisify, fs, zlib and crypto with callbacks": () => als.run(4, async () => {
    const got = [];
    const { promisify } = await import("node:util"), zlib = await import("node:zlib"), crypto = await import("node:crypto");
    await promisify(zlib.gzip)("x"); got.push(als.getStore());
    await new Promise((done) => zlib.deflate("x", () => { got.push(als.getStore()); done(); }));
    await new Promise((done) => crypto.randomBytes(4, () => { got.push(als.getStore()); done(); }));
    await new Promise((done) => crypto.pbkdf2("a", "b", 1, 8, "sha256", () => { got.push(als.getStore()); done(); }));
    return got;
  }),
  "an event of node:events emitted elsewhere": () => { const e = new EE(); let got; als.run(4, () => e.on("x", () => { got = als.getStore() ?? "none"; })); als.run(5, () => e.emit("x")); return got; },
  "EventEmitterAsyncResource": () => { const e = als.run(4, () => new EE.EventEmitterAsyncResource({ name: "x" })); let got; e.on("x", () => { got = als.getStore() ?? "none"; }); als.run(5, () => e.emit("x")); return got; },
  "a call of a service": ({ env }) => als.run(4, async () => { await env.NAMED.add?.(1, 2); return als.getStore(); }),
  "then() of an object, in all that resolves with one": async () => {
    const got = [];
    const query = { then(done) { got.push(als.getStore() ?? "none"); queueMicrotask(() => got.push(als.getStore() ?? "none")); Promise.resolve().then(() => { got.push(als.getStore() ?? "none"); done(5); }); } };
    await als.run(1, async () => { await query; });
    await als.run(2, () => Promise.resolve(query));
    await als.run(3, async () => query);
    await als.run(4, () => new Promise((done) => done(query)));
    await query;
    await als.run(6, async () => { await { then(done) { done(query); } }; });
    return got;
  },
  "then() of an object that a promise is resolved with elsewhere": async () => { const got = []; await als.run(1, () => new Promise((done) => als.run(4, () => done({ then(d) { got.push(als.getStore() ?? "none"); d(); } })))); return got; },
  "pull and cancel of a ReadableStream that has begun": async () => {
    const got = [];
    const stream = als.run(4, () => new ReadableStream({ pull(c) { got.push(als.getStore()); c.enqueue(1); }, cancel() { got.push(als.getStore()); } }, { highWaterMark: 0 }));
    await sleep(1);
    await als.run(5, async () => { const reader = stream.getReader(); await reader.read(); await reader.cancel(); });
    return got;
  },
  "abort of a WritableStream that has begun": async () => { let got; const stream = als.run(4, () => new WritableStream({ abort() { got = als.getStore(); } })); await sleep(1); await als.run(5, () => stream.abort()); return got; },
};
