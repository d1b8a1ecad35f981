// SPDX-License-Identifier: GPL-3.0-or-later
const { AsyncLocalStorage, AsyncResource } = process.getBuiltinModule("node:async_hooks");
const { Readable } = process.getBuiltinModule("node:stream");
const storage = new AsyncLocalStorage();

test("awaits, timers, microtasks, streams", async () => {
  equal(storage.getStore(), undefined);
  const seen = await storage.run("a", async () => {
    const all = [storage.getStore()];
    await null;
    all.push(storage.getStore());
    await new Promise((resolve) => setTimeout(resolve, 1));
    all.push(storage.getStore());
    await new Promise((resolve) => queueMicrotask(() => resolve(all.push(storage.getStore()))));
    await new Promise((resolve) => setImmediate(() => resolve(all.push(storage.getStore()))));
    for await (const chunk of Readable.from([1])) all.push(chunk + storage.getStore());
    const { readable, writable } = new TransformStream({ transform: (chunk, controller) => controller.enqueue(chunk + storage.getStore()) });
    const writer = writable.getWriter();
    writer.write("t").catch(() => {});
    all.push((await readable.getReader().read()).value);
    return all;
  });
  deepEqual(seen, ["a", "a", "a", "a", "a", "1a", "ta"]);
  equal(storage.getStore(), undefined);
});

test("what runs at once keeps its own", async () => {
  const each = async (i) => {
    for (let k = 0; k < 5; ++k) {
      await pause(i % 3);
      if (storage.getStore() !== i) return `lost in ${i}`;
    }
    return i;
  };
  deepEqual(await Promise.all([1, 2, 3, 4, 5].map((i) => storage.run(i, each, i))), [1, 2, 3, 4, 5]);
});

test("a throw leaves it", () => {
  throws(() => storage.run(1, () => { throw new RangeError("x"); }), RangeError);
  equal(storage.getStore(), undefined);
});

test("a promise's callbacks run where they were given", async () => {
  const { promise, resolve } = Promise.withResolvers();
  const got = storage.run(1, () => promise.then(() => storage.getStore()));
  storage.run(2, resolve);
  equal(await got, 1);
});

test("bind, snapshot, resources, exit, defaults", () => {
  equal(storage.run(7, () => AsyncLocalStorage.bind(() => storage.getStore()))(), 7);
  equal(storage.run(7, () => AsyncLocalStorage.snapshot())(() => storage.getStore()), 7);
  equal(storage.run(7, () => new AsyncResource("x")).runInAsyncScope(() => storage.getStore()), 7);
  equal(storage.run(7, () => storage.exit(() => storage.getStore())), undefined);
  equal(new AsyncLocalStorage({ defaultValue: 3 }).getStore(), 3);
  throws(() => storage.enterWith(1), Error, "not implemented");
});

test("it stands beside env and spans of cloudflare:workers", async () => {
  const { env: seen, tracing, withEnv } = await import("cloudflare:workers");
  equal(storage.run(1, () => seen.NAME), "value");
  equal(storage.run(1, () => typeof tracing.getActiveSpan()), "object");
  const both = withEnv({ NAME: "other" }, () => storage.run(2, async () => {
    await null;
    return tracing.enterSpan("a", () => `${seen.NAME} ${storage.getStore()} ${storage.exit(() => seen.NAME)}`);
  }));
  equal(`${seen.NAME} ${storage.getStore()}`, "value undefined");
  equal(await both, "other 2 other");
  equal(storage.run(3, () => withEnv(null, () => `${Object.keys(seen)} ${storage.getStore()}`)), " 3");
});

test("a prototype that is spoiled does not spoil it", async () => {
  const { set, get } = Map.prototype;
  try {
    Map.prototype.set = Map.prototype.get = () => "spoiled";
    equal(storage.run(1, () => storage.getStore()), 1);
  } finally {
    Object.assign(Map.prototype, { set, get });
  }
});

test("it follows into the then() of an object that is awaited, and no further", async () => {
  const seen = [];
  const query = { then(done) { seen.push(storage.getStore()); queueMicrotask(() => seen.push(storage.getStore())); Promise.resolve().then(() => { seen.push(storage.getStore()); done(5); }); } };
  equal(await storage.run(1, async () => `${await query} ${storage.getStore()}`), "5 1");
  equal(await storage.run(2, () => Promise.resolve(query).then((value) => `${value} ${storage.getStore()}`)), "5 2");
  equal(await storage.run(3, async () => query).then((value) => `${value} ${storage.getStore()}`), "5 undefined");
  equal(await storage.run(4, () => new Promise((done) => done(query))), 5);
  deepEqual(seen, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
  const after = [];
  const quiet = { then(done) { after.push(storage.getStore()); done(); } };
  const both = Promise.all([storage.run(6, async () => { await quiet; }), (async () => { await quiet; after.push(storage.getStore()); })()]);
  queueMicrotask(() => after.push(storage.getStore()));
  await both;
  deepEqual(after, [6, undefined, undefined, undefined]);
  const twice = { then(done) { done({ then(inner) { after.push(storage.getStore()); inner(1); } }); } };
  after.length = 0;
  await storage.run(7, async () => { await twice; });
  await storage.run(8, async () => { try { await { then() { throw storage.getStore(); } }; } catch (error) { after.push(error); } });
  deepEqual(after, [7, 8]);
  equal(Reflect.ownKeys(storage.run(1, () => Promise.resolve(query))).length, 0);
});
