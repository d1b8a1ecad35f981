// SPDX-License-Identifier: GPL-3.0-or-later
import * as workers from "cloudflare:workers";
import * as workflows from "cloudflare:workflows";

const { env, withEnv, RpcStub, RpcTarget, WorkerEntrypoint } = workers;
const classes = ["WorkerEntrypoint", "DurableObject", "RpcTarget", "RpcStub", "RpcPromise", "RpcProperty", "WorkflowEntrypoint", "ServiceStub"];
const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const each = (names, make) => Object.fromEntries(names.map((name) => make(name)));

class Counter extends RpcTarget {
  count = 0;
  add(n) { return (this.count += n); }
  get now() { return this.count; }
  boom() { throw new RangeError("x"); }
  make() { return new Counter(); }
  later(work) { return work(2); }
  echo(value) { return value; }
}

export default {
  ...each(["nope", "node:nope", "cloudflare:nope", "workerd:unsafe", "cloudflare-internal:env", "http://x/y", "", "node:", "cloudflare:", "cloudflare:test"], (name) => [`import ${name}`, async () => import(name)]),
  "import of an object": async () => import({ toString: () => "node:nope" }),
  "import of a symbol": async () => import(Symbol("x")),
  "import of what throws": async () => import({ toString() { throw new RangeError("mine"); } }),
  "import.meta": () => Object.getOwnPropertyNames(import.meta).length,
  "import.meta prototype": () => Object.getPrototypeOf(import.meta),
  "cloudflare:workflows": () => Object.keys(workflows),
  "NonRetryableError": () => { throw new workflows.NonRetryableError("m"); },
  "NonRetryableError with a name": () => { throw new workflows.NonRetryableError("m", "Mine"); },
  "namespaces are the same": async () => (await import("cloudflare:workers")).env === env,
  "namespace tag": () => Object.prototype.toString.call(workers),
  "namespace is closed": () => Reflect.set(workers, "env", 1),
  ...each(classes, (name) => [`call ${name}`, () => workers[name]()]),
  ...each(classes, (name) => [`new ${name}`, () => new workers[name]()]),
  ...each(classes, (name) => [`new ${name} of objects`, () => Object.prototype.toString.call(new workers[name]({}, {}))]),
  ...each(classes, (name) => [`new ${name} of texts`, () => new workers[name]("a", "b")]),
  ...each(classes, (name) => [`shape of ${name}`, () => [workers[name].name, workers[name].length, Object.getOwnPropertyNames(workers[name].prototype).sort(), workers[name].prototype[Symbol.toStringTag]]]),
  ...each(["waitUntil", "withEnv", "withExports", "withEnvAndExports"], (name) => [`shape of ${name}`, () => [typeof workers[name], workers[name].name, workers[name].length]]),
  "restore": () => workers.restore,
  "own properties of an entrypoint": () => Object.getOwnPropertyDescriptors(new WorkerEntrypoint({ a: 1 }, { b: 2 })),
  "a class that extends an entrypoint": () => {
    class Mine extends WorkerEntrypoint {}
    const mine = new Mine({ a: 1 }, { b: 2 });
    return [mine.ctx, mine.env, mine instanceof WorkerEntrypoint, Object.prototype.toString.call(mine)];
  },
  "entrypoint of null": () => new WorkerEntrypoint(null, {}),
  "entrypoint of functions": () => typeof new WorkerEntrypoint(() => 1, () => 2).env,
  "env is not env": (t) => env === t.env,
  "env has the same names": (t) => JSON.stringify(Object.keys(env).sort()) === JSON.stringify(Object.keys(t.env).sort()),
  "env is written through": (t) => {
    env.written = 1;
    const seen = t.env.written;
    delete env.written;
    return [seen, "written" in t.env];
  },
  "env tag": () => Object.prototype.toString.call(env),
  "env prototype": () => Object.getPrototypeOf(env) === Object.prototype,
  "withEnv": () => withEnv({ a: 1 }, () => env.a),
  "withEnv nested": () => withEnv({ a: 1 }, () => withEnv({ b: 2 }, () => ({ ...env }))),
  "withEnv in time": async () => withEnv({ a: 1 }, async () => { await null; await scheduler.wait(1); return env.a; }),
  "withEnv ends": () => { withEnv({ a: 1 }, () => 1); return env.a; },
  "withEnv ends after a throw": () => { try { withEnv({ a: 1 }, () => { throw new Error("x"); }); } catch { return env.a; } },
  "withEnv of null": () => withEnv(null, () => Object.keys(env)),
  "withEnv of a number": () => withEnv(5, () => Object.keys(env)),
  "withEnv without a function": () => withEnv({}, 5),
  "withEnv arguments": () => withEnv({}, (...args) => args.length),
  "withEnv writes": () => { const mine = { a: 1 }; withEnv(mine, () => { env.b = 2; }); return mine; },
  "withExports": () => workers.withExports({ a: 1 }, () => Object.keys(workers.exports)),
  "withExports without a function": () => workers.withExports({}, 5),
  "withEnvAndExports": () => workers.withEnvAndExports({ a: 1 }, { b: 2 }, () => [Object.keys(env), Object.keys(workers.exports)]),
  "withEnvAndExports without a function": () => workers.withEnvAndExports({}, {}, 5),
  "waitUntil": () => workers.waitUntil(Promise.resolve()),
  "waitUntil of a number": () => workers.waitUntil(5),
  "waitUntil of nothing": () => workers.waitUntil(),
  "stub calls": async () => new RpcStub(new Counter()).add(2),
  "stub reads": async () => new RpcStub(new Counter()).now,
  "stub of stub": async () => new RpcStub(new Counter()).make().add(5),
  "stub passes functions": async () => new RpcStub(new Counter()).later((n) => n * 3),
  "stub copies": async () => { const given = [1]; const back = await new RpcStub(new Counter()).echo(given); return [back, back === given]; },
  "stub throws": async () => new RpcStub(new Counter()).boom(),
  "stub without the method": async () => new RpcStub(new Counter()).nope(),
  "stub hides own properties": async () => new RpcStub(new Counter()).count,
  "stub of a function": async () => new RpcStub((a) => a * 2)(4),
  "stub of an object": async () => new RpcStub({ a: (x) => x + 1 }).a(1),
  "stub of a value": async () => new RpcStub({ a: 1 }).a,
  ...each(["null", "5", "text"], (text) => [`stub of ${text}`, () => new RpcStub(text === "null" ? null : text === "5" ? 5 : text)]),
  "stub of a Date": () => new RpcStub(new Date(0)),
  "stub of a class's object": () => new RpcStub(new (class A {})()),
  "stub kinds": () => { const stub = new RpcStub(new Counter()); return [typeof stub, Object.prototype.toString.call(stub), stub instanceof RpcStub, typeof stub.dup, typeof stub[Symbol.dispose]]; },
  "tracing": () => workers.tracing.enterSpan("a", (span, x) => [span.isTraced, x], 7),
  "tracing without a function": () => workers.tracing.enterSpan("a"),
  "tracing without a name": () => workers.tracing.enterSpan(),
  "tracing starts a span": () => workers.tracing.startSpan("a").isTraced,
  "new Span": () => new workers.tracing.Span(),
  "new Tracing": () => new workers.tracing.constructor(),
  "eval": () => (0, eval)("1+1"),
  "eval of a number": () => (0, eval)(5),
  "new Function": () => new Function("return 1"),
  "Function()": () => Function("return 1"),
  "AsyncFunction": () => (async () => {}).constructor("return 1"),
  "GeneratorFunction": () => (function* () {}).constructor("return 1"),
  "Reflect.construct(Function)": () => Reflect.construct(Function, ["return 1"]),
  "setTimeout of a text": () => setTimeout("1", 1),
  "setInterval of a text": () => setInterval("1", 1),
  "new WebAssembly.Module": () => new WebAssembly.Module(bytes),
  "WebAssembly.compile": async () => WebAssembly.compile(bytes),
  "WebAssembly.instantiate": async () => WebAssembly.instantiate(bytes),
  "WebAssembly.validate": () => WebAssembly.validate(bytes),
  "WebAssembly.compileStreaming": () => typeof WebAssembly.compileStreaming,
  "WebAssembly.instantiateStreaming": () => typeof WebAssembly.instantiateStreaming,
  "WebAssembly.Module.prototype": () => Object.prototype.toString.call(WebAssembly.Module.prototype),
  "Cloudflare": () => Object.prototype.toString.call(Cloudflare),
  "new Cloudflare": () => new Cloudflare.constructor(),
  "Cloudflare own": () => Object.keys(Cloudflare),
  "compatibility flags": () => Cloudflare.compatibilityFlags,
  "compatibility flags frozen": () => [Object.isFrozen(Cloudflare.compatibilityFlags), Object.getPrototypeOf(Cloudflare.compatibilityFlags)],
};
