// SPDX-License-Identifier: GPL-3.0-or-later
const { Readable, Writable, Transform, Duplex, PassThrough, pipeline, promises, duplexPair } = process.getBuiltinModule("node:stream");
const consumers = process.getBuiltinModule("node:stream/consumers");
const { EventEmitter, once, on } = process.getBuiltinModule("node:events");

test("a pipeline through a transform", async () => {
  const upper = new Transform({ objectMode: true, transform: (chunk, encoding, done) => done(null, chunk.toString().toUpperCase()) });
  let text = "";
  await promises.pipeline(Readable.from(["a", "b"]), upper, async function* (source) { for await (const chunk of source) yield `${chunk}!`; }, new Writable({
    write(chunk, encoding, done) {
      text += chunk;
      done();
    },
  }));
  equal(text, "A!B!");
});

test("an error tears all of a pipeline down", async () => {
  const source = new Readable({ read() {} });
  const end = new PassThrough();
  const done = new Promise((resolve) => pipeline(source, new PassThrough(), end, resolve));
  source.destroy(new RangeError("torn"));
  equal((await done).message, "torn");
  ok(end.destroyed);
});

test("web streams made of Node's and back", async () => {
  equal(await new Response(Readable.toWeb(Readable.from([Buffer.from("ab"), Buffer.from("c")]))).text(), "abc");
  equal(await consumers.text(Readable.fromWeb(new Response("body").body)), "body");
  const { readable, writable } = new TransformStream();
  const writing = promises.pipeline(Readable.from(["x", "y"]), Writable.fromWeb(writable));
  equal((await Readable.fromWeb(readable).toArray()).join(""), "xy");
  await writing;
  const sink = new PassThrough();
  const writer = Writable.toWeb(sink).getWriter();
  await writer.write(Buffer.from("one"));
  writer.close();
  equal(await consumers.text(sink), "one");
});

test("backpressure reaches the source", async () => {
  let pulled = 0;
  const source = new ReadableStream({ pull(controller) { ++pulled; controller.enqueue(new Uint8Array(1024)); } }, { highWaterMark: 0 });
  const readable = Readable.fromWeb(source, { highWaterMark: 2048 });
  await once(readable, "readable");
  await pause(5);
  ok(pulled < 10, `few pulls, not ${pulled}`);
  readable.destroy();
});

test("two ends of one thing", async () => {
  const [a, b] = duplexPair();
  a.end("to b");
  equal(await consumers.text(b), "to b");
  equal((await Duplex.from(Promise.resolve("v")).toArray())[0], "v");
});

test("events", async () => {
  const emitter = new EventEmitter();
  throws(() => emitter.emit("error", new TypeError("unheard")), TypeError, "unheard");
  setTimeout(() => emitter.emit("x", 1, 2), 1);
  deepEqual(await once(emitter, "x"), [1, 2]);
  setTimeout(() => { emitter.emit("y", 1); emitter.emit("y", 2); }, 1);
  const got = [];
  for await (const [value] of on(emitter, "y")) if (got.push(value) === 2) break;
  deepEqual(got, [1, 2]);
  equal(emitter.listenerCount("y"), 0);
});
