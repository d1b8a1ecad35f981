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
};
