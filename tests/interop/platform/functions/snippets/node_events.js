// SPDX-License-Identifier: GPL-3.0-or-later
import EE from "node:events";
import util from "node:util";

const emitter = () => new EE().on("x", () => {});

export default {
  "e.on(\"x\",()=>{})===e": () => emitter().on("x",()=>{})===e,
  "e.emit(\"y\")": () => emitter().emit("y"),
  "{const r=[]; const f=new EE(); f.on(\"newListener\",(n)=>r.push(n)); f.once(\"a\",()=>{}); f.e": () => {const r=[]; const f=new EE(); f.on("newListener",(n)=>r.push(n)); f.once("a",()=>{}); f.emit("a"); f.prependListener("b",()=>{}); return r},
  "{const r=[]; const f=new EE(); f.on(\"removeListener\",(n)=>r.push(n)); const g=()=>{}; f.on": () => {const r=[]; const f=new EE(); f.on("removeListener",(n)=>r.push(n)); const g=()=>{}; f.on("a",g); f.off("a",g); return r},
  "EE.once(new EE(),\"x\",{signal:AbortSignal.abort()})": () => EE.once(new EE(),"x",{signal:AbortSignal.abort()}),
  "e.setMaxListeners(-1)": () => emitter().setMaxListeners(-1),
  "EE.defaultMaxListeners": () => EE.defaultMaxListeners,
  "Object.keys(EE).sort()": () => Object.keys(EE).sort(),
  "Object.getOwnPropertyNames(EE.prototype).sort()": () => Object.getOwnPropertyNames(EE.prototype).sort(),
  "new EE()": () => new EE(),
  "EE.errorMonitor": () => EE.errorMonitor,
  "new EE().emit(\"error\",{a:1})": () => new EE().emit("error",{a:1}),
  "new EE().emit(\"error\",null)": () => new EE().emit("error",null),
  "EE.getEventListeners(e,\"x\").length": () => EE.getEventListeners(emitter(),"x").length,
  "EE.addAbortListener(AbortSignal.abort(),3)": () => EE.addAbortListener(AbortSignal.abort(),3),
  "EE.listenerCount(e,\"x\")": () => EE.listenerCount(emitter(),"x"),
  "EE.name+EE.length": () => EE.name+EE.length,
  "{function X(){EE.call(this)} util.inherits(X,EE); const x=new X(); let g; x.on(\"a\",v=>g=v)": () => {function X(){EE.call(this)} util.inherits(X,EE); const x=new X(); let g; x.on("a",v=>g=v); x.emit("a",4); return g},
  "process instanceof EE": () => process instanceof EE,
};
