// SPDX-License-Identifier: GPL-3.0-or-later
// import(), "cloudflare:workers", code generation, Cloudflare.compatibilityFlags.

const message = async (work) => {
  try {
    await work();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
  return "nothing was thrown";
};

test("a module that is not there is refused in workerd's words", async () => {
  for (const name of ["nope", "node:nope", "cloudflare:nope", "workerd:unsafe", "cloudflare-internal:env"]) {
    equal(await message(() => import(name)), `Error: Module not found: ${name.includes(":") ? name : `file:///bundle/${name}`}`);
  }
  equal(await message(() => import("../../x/./y.js")), "Error: Module not found: file:///bundle/x/y.js");
});

test("import() of what throws when it becomes a text", async () => {
  equal(await message(() => import({ toString() { throw new RangeError("no name"); } })), "RangeError: no name");
  equal(await message(() => import(Symbol("x"))), "TypeError: Cannot convert a Symbol value to a string");
});

test("cloudflare:workers has workerd's names and is one module", async () => {
  const workers = await import("cloudflare:workers");
  equal(Object.keys(workers).join(), "DurableObject,RpcPromise,RpcProperty,RpcStub,RpcTarget,ServiceStub,WorkerEntrypoint,WorkflowEntrypoint,cache,env,exports,restore,tracing,waitUntil,withEnv,withEnvAndExports,withExports");
  equal(await import("cloudflare:workers"), workers);
});

test("env of cloudflare:workers stands for env", async () => {
  const workers = await import("cloudflare:workers");
  ok(workers.env !== env);
  equal(workers.env.BUCKET, env.BUCKET);
  equal(Object.keys(workers.env).join(), Object.keys(env).join());
  workers.env.added = 1;
  equal(env.added, 1);
  delete workers.env.added;
  ok(!("added" in env));
});

test("withEnv is followed through awaits, nests, and ends", async () => {
  const { env: seen, withEnv } = await import("cloudflare:workers");
  const inner = withEnv({ a: 1 }, async () => {
    await null;
    const nested = await withEnv({ b: 2 }, async () => (await null, JSON.stringify(seen)));
    return [seen.a, nested];
  });
  equal(seen.a, undefined);
  equal(JSON.stringify(await inner), '[1,"{\\"b\\":2}"]');
  equal(withEnv(null, () => Object.keys(seen).length), 0);
  equal(await message(() => withEnv({}, 5)), "TypeError: Failed to execute 'withEnv' on 'EnvModule': parameter 2 is not of type 'function'.");
  equal(await message(() => withEnv({}, () => { throw new Error("x"); })), "Error: x");
  equal(seen.BUCKET, env.BUCKET);
});

test("entrypoint classes", async () => {
  const { WorkerEntrypoint, DurableObject, RpcTarget, WorkflowEntrypoint, RpcPromise } = await import("cloudflare:workers");
  const ctx = {};
  const mine = new (class extends WorkerEntrypoint {})(ctx, env);
  ok(mine.ctx === ctx && mine.env === env && mine instanceof WorkerEntrypoint);
  equal(await message(() => WorkerEntrypoint()), "TypeError: Failed to construct 'WorkerEntrypoint': Please use the 'new' operator, this object constructor cannot be called as a function.");
  equal(await message(() => new WorkerEntrypoint()), "TypeError: Failed to construct 'WorkerEntrypoint': constructor parameter 1 is not of type 'Object'.");
  equal(await message(() => new WorkerEntrypoint({}, 1)), "TypeError: Failed to construct 'WorkerEntrypoint': constructor parameter 2 is not of type 'Object'.");
  equal(await message(() => new DurableObject({}, {})), "TypeError: Failed to construct 'DurableObjectBase': constructor parameter 1 is not of type 'DurableObjectState'.");
  equal(await message(() => new WorkflowEntrypoint({}, {})), "TypeError: Failed to construct 'WorkflowEntrypoint': constructor parameter 1 is not of type 'ExecutionContext'.");
  equal(await message(() => new RpcPromise()), "TypeError: Illegal constructor");
  equal(Object.prototype.toString.call(new RpcTarget()), "[object JsRpcTarget]");
});

test("RpcStub calls, reads and fails as from afar", async () => {
  const { RpcStub, RpcTarget } = await import("cloudflare:workers");
  class Counter extends RpcTarget {
    count = 0;
    add(n) { return (this.count += n); }
    get now() { return this.count; }
    boom() { throw new RangeError("x"); }
    make() { return new Counter(); }
    later(work) { return work(2); }
  }
  const stub = new RpcStub(new Counter());
  equal(await stub.add(2), 2);
  equal(await stub.now, 2);
  equal(await stub.make().add(5), 5);
  equal(await stub.later((n) => n * 3), 6);
  equal(await message(() => stub.boom()), "RangeError: x");
  equal(await message(() => stub.nope()), 'TypeError: The RPC receiver does not implement the method "nope".');
  equal(await message(() => stub.count), 'TypeError: The RPC receiver does not implement the method "count".');
  equal(await message(() => stub.toString()), 'TypeError: The RPC receiver does not implement the method "toString".');
  equal(await new RpcStub((a) => a * 2)(4), 8);
  equal(await message(() => new RpcStub(new Date())), "TypeError: RpcStubs can only wrap plain objects, functions, and RpcTarget derivatives.");
  equal(await message(() => new RpcStub(null)), "TypeError: Failed to construct 'JsRpcStub': constructor parameter 1 is not of type 'Object'.");
  const given = { list: [1] };
  await new RpcStub({ change(value) { value.list.push(2); } }).change(given);
  equal(given.list.length, 1);
});

test("waitUntil of cloudflare:workers", async () => {
  const { waitUntil } = await import("cloudflare:workers");
  equal(waitUntil(Promise.resolve()), undefined);
  equal(await message(() => waitUntil()), "TypeError: Failed to execute 'waitUntil' on 'EntrypointsModule': parameter 1 is not of type 'Promise'.");
});

test("what runs within withEnv still belongs to its request", async () => {
  const { withEnv, waitUntil } = await import("cloudflare:workers");
  await withEnv({}, async () => {
    await null;
    waitUntil(Promise.resolve());
    await new Promise((resolve) => setTimeout(resolve, 1));
    waitUntil(Promise.resolve());
  });
});

test("tracing of nobody", async () => {
  const { tracing } = await import("cloudflare:workers");
  equal(tracing.enterSpan("a", (span, x) => `${span.isTraced} ${x} ${span.setAttribute("b", 1) === span}`, 7), "false 7 true");
});

test("strings do not become code in handlers", async () => {
  const refused = "EvalError: Code generation from strings disallowed for this context";
  const aliases = [eval, Function, (async () => {}).constructor, (function* () {}).constructor];
  for (const alias of aliases) equal(await message(() => alias("return 1")), refused);
  equal(await message(() => new Function("return 1")), refused);
  equal(await message(() => Reflect.construct(Function, ["return 1"])), refused);
  ok((await message(() => setTimeout("1", 1))).startsWith("TypeError: ")); // Node's words or the platform's, as the date has it
});

test("bytes do not become WebAssembly in handlers", async () => {
  const bytes = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
  equal(await message(() => new WebAssembly.Module(bytes)), "CompileError: WebAssembly.Module(): Wasm code generation disallowed by embedder");
  equal(await message(() => WebAssembly.compile(bytes)), "CompileError: WebAssembly.compile(): Wasm code generation disallowed by embedder");
  equal(await message(() => WebAssembly.instantiate(bytes)), "CompileError: WebAssembly.instantiate(): Wasm code generation disallowed by embedder");
  equal(WebAssembly.validate(bytes), true);
  equal(typeof WebAssembly.compileStreaming, "undefined");
  equal(typeof WebAssembly.instantiateStreaming, "undefined");
});

test("Cloudflare.compatibilityFlags", async () => {
  const flags = Cloudflare.compatibilityFlags;
  ok(Object.isFrozen(flags) && Object.getPrototypeOf(flags) === null);
  equal(flags.url_standard, true);
  equal(flags.experimental, false);
  equal(Object.keys(flags).length, 205);
  equal(await message(() => new Cloudflare.constructor()), "TypeError: Illegal constructor");
});
