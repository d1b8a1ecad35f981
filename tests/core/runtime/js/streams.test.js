// SPDX-License-Identifier: GPL-3.0-or-later

const listOf = async (stream) => {
  const list = [];
  for await (const chunk of stream) list.push(chunk);
  return list;
};
const counting = (to) => {
  let n = 0;
  return new ReadableStream({
    pull(controller) {
      if (n === to) controller.close();
      else controller.enqueue(n++);
    },
  });
};

test("reading: chunks, then done, closed", async () => {
  const reader = counting(2).getReader();
  deepEqual(await reader.read(), { value: 0, done: false });
  deepEqual(await reader.read(), { value: 1, done: false });
  deepEqual(await reader.read(), { value: undefined, done: true });
  equal(await reader.closed, undefined);
});

test("pull waits for demand", async () => {
  let pulls = 0;
  const stream = new ReadableStream({ pull(controller) { controller.enqueue(++pulls); } }, { highWaterMark: 2 });
  await pause(1);
  equal(pulls, 2);
  const reader = stream.getReader();
  await reader.read();
  await pause(1);
  equal(pulls, 3);
});

test("errors reach readers and what waits", async () => {
  let control;
  const stream = new ReadableStream({ start(controller) { control = controller; } });
  const reader = stream.getReader();
  const waiting = reader.read();
  control.error(new RangeError("broken"));
  await rejects(waiting, RangeError, "broken");
  await rejects(reader.read(), RangeError, "broken");
  await rejects(reader.closed, RangeError, "broken");
  await rejects(new ReadableStream({ async start() { throw new RangeError("start"); } }).getReader().read(), RangeError, "start");
  await rejects(new ReadableStream({ start() { throw new RangeError("now"); } }).getReader().read(), RangeError, "now");
});

test("locks", async () => {
  const stream = counting(3);
  const reader = stream.getReader();
  equal(stream.locked, true);
  throws(() => stream.getReader(), TypeError);
  await rejects(stream.cancel(), TypeError);
  reader.releaseLock();
  equal(stream.locked, false);
  await rejects(reader.read(), TypeError);
  equal((await stream.getReader().read()).value, 0);
});

test("cancel tells the source why", async () => {
  let why;
  const stream = new ReadableStream({ cancel(reason) { why = reason; } });
  const reader = stream.getReader();
  const waiting = reader.read();
  await reader.cancel("enough");
  equal(why, "enough");
  deepEqual(await waiting, { value: undefined, done: true });
});

test("async iteration, its early end, and preventCancel", async () => {
  deepEqual(await listOf(counting(3)), [0, 1, 2]);
  let cancelled = false;
  const endless = () => new ReadableStream({ pull(c) { c.enqueue(1); }, cancel() { cancelled = true; } });
  for await (const chunk of endless()) {
    equal(chunk, 1);
    break;
  }
  equal(cancelled, true);
  cancelled = false;
  const kept = endless();
  for await (const chunk of kept.values({ preventCancel: true })) {
    ok(chunk);
    break;
  }
  equal(cancelled, false);
  equal(kept.locked, false);
});

test("ReadableStream.from", async () => {
  deepEqual(await listOf(ReadableStream.from([1, 2])), [1, 2]);
  deepEqual(await listOf(ReadableStream.from((async function* () { yield "a"; yield "b"; })())), ["a", "b"]);
});

test("tee: both see everything, cancel waits for both", async () => {
  const [one, two] = counting(3).tee();
  deepEqual(await listOf(one), [0, 1, 2]);
  deepEqual(await listOf(two), [0, 1, 2]);
  let why;
  const [a, b] = new ReadableStream({ cancel(reasons) { why = reasons; } }).tee();
  const first = a.cancel(1);
  await b.cancel(2);
  await first;
  deepEqual(why, [1, 2]);
});

test("writing: order, backpressure, ready, close", async () => {
  const written = [];
  let release;
  const stream = new WritableStream({
    write(chunk) {
      written.push(chunk);
      return new Promise((resolve) => (release = resolve));
    },
    close() { written.push("closed"); },
  }, { highWaterMark: 1 });
  const writer = stream.getWriter();
  equal(writer.desiredSize, 1);
  const first = writer.write("a");
  equal(writer.desiredSize, 0);
  let ready = false;
  writer.ready.then(() => (ready = true));
  await pause(1);
  equal(ready, false);
  release();
  await first;
  await pause(1);
  equal(ready, true);
  const second = writer.write("b");
  await pause(1);
  release();
  await second;
  await writer.close();
  deepEqual(written, ["a", "b", "closed"]);
  equal(await writer.closed, undefined);
  await rejects(writer.write("c"), TypeError);
});

test("writing: failures and abort", async () => {
  const writer = new WritableStream({ write() { throw new RangeError("full"); } }).getWriter();
  writer.closed.catch(() => {});
  writer.ready.catch(() => {});
  await rejects(writer.write(1), RangeError, "full");
  await rejects(writer.closed, RangeError, "full");
  let why;
  const other = new WritableStream({ abort(reason) { why = reason; } });
  await other.abort("stop");
  equal(why, "stop");
  equal(await other.getWriter().closed.catch((reason) => reason), "stop");
});

test("TransformStream: transform, flush, errors", async () => {
  const doubled = new TransformStream({ transform(chunk, controller) { controller.enqueue(chunk * 2); }, flush(controller) { controller.enqueue("end"); } });
  deepEqual(await listOf(counting(3).pipeThrough(doubled)), [0, 2, 4, "end"]);
  deepEqual(await listOf(counting(2).pipeThrough(new TransformStream())), [0, 1]);
  const failing = counting(3).pipeThrough(new TransformStream({ transform(chunk) { if (chunk === 1) throw new RangeError("one"); } }));
  await rejects(listOf(failing), RangeError, "one");
  const ended = counting(9).pipeThrough(new TransformStream({ transform(chunk, controller) { controller.enqueue(chunk); controller.terminate(); } }));
  deepEqual(await listOf(ended), [0]);
});

test("TransformStream: written by hand", async () => {
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  const done = (async () => {
    await writer.write("a");
    await writer.write("b");
    await writer.close();
  })();
  deepEqual(await listOf(readable), ["a", "b"]);
  await done;
});

test("pipeTo: everything arrives, both ends close", async () => {
  const got = [];
  let closed = false;
  await counting(3).pipeTo(new WritableStream({ write(chunk) { got.push(chunk); }, close() { closed = true; } }));
  deepEqual(got, [0, 1, 2]);
  equal(closed, true);
});

test("pipeTo: an error at either end crosses over", async () => {
  let why;
  const broken = new ReadableStream({ pull(controller) { controller.error(new RangeError("source")); } });
  await rejects(broken.pipeTo(new WritableStream({ abort(reason) { why = reason; } })), RangeError, "source");
  equal(why.message, "source");
  let cancelled;
  const endless = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(reason) { cancelled = reason; } });
  await rejects(endless.pipeTo(new WritableStream({ write() { throw new RangeError("sink"); } })), RangeError, "sink");
  equal(cancelled.message, "sink");
});

test("pipeTo: preventClose and a signal", async () => {
  const got = [];
  const sink = new WritableStream({ write(chunk) { got.push(chunk); }, close() { got.push("closed"); } });
  await counting(2).pipeTo(sink, { preventClose: true });
  await counting(1).pipeTo(sink);
  deepEqual(got, [0, 1, 0, "closed"]);
  const controller = new AbortController();
  const piping = new ReadableStream({}).pipeTo(new WritableStream(), { signal: controller.signal });
  controller.abort();
  await rejects(piping, "AbortError");
});

test("byte streams: BYOB reads, views, the request", async () => {
  const stream = new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { view } = controller.byobRequest;
      view[0] = 7;
      view[1] = 8;
      controller.byobRequest.respond(2);
    },
  });
  const reader = stream.getReader({ mode: "byob" });
  const { value, done } = await reader.read(new Uint8Array(10));
  equal(done, false);
  deepEqual(value, new Uint8Array([7, 8]));
  equal(value.buffer.byteLength, 10);
  const buffer = new ArrayBuffer(4);
  await reader.read(new Uint8Array(buffer));
  equal(buffer.byteLength, 0);
  throws(() => new ReadableStream().getReader({ mode: "byob" }), TypeError);
});

test("byte streams: default reads, enqueue, close, autoAllocateChunkSize", async () => {
  const stream = new ReadableStream({
    type: "bytes",
    start(controller) {
      controller.enqueue(new Uint8Array([1, 2, 3]));
      controller.enqueue(new Uint8Array([4]));
      controller.close();
    },
  });
  deepEqual(await listOf(stream), [new Uint8Array([1, 2, 3]), new Uint8Array([4])]);
  const allocated = new ReadableStream({ type: "bytes", autoAllocateChunkSize: 16, pull(controller) { controller.byobRequest.view[0] = 5; controller.byobRequest.respond(1); } });
  deepEqual((await allocated.getReader().read()).value, new Uint8Array([5]));
});

test("byte streams: tee", async () => {
  const [one, two] = new ReadableStream({ type: "bytes", start(c) { c.enqueue(new Uint8Array([1, 2])); c.close(); } }).tee();
  const [a] = await listOf(one);
  const [b] = await listOf(two);
  deepEqual(a, b);
  ok(a.buffer !== b.buffer, "copies");
});

test("queuing strategies", () => {
  equal(new CountQueuingStrategy({ highWaterMark: 3 }).size(), 1);
  equal(new ByteLengthQueuingStrategy({ highWaterMark: 3 }).size({ byteLength: 9 }), 9);
});

test("IdentityTransformStream and FixedLengthStream", async () => {
  const { readable, writable } = new IdentityTransformStream();
  const writer = writable.getWriter();
  const writing = writer.write(new Uint8Array([1, 2])).then(() => writer.close());
  deepEqual(await new Response(readable).bytes(), new Uint8Array([1, 2]));
  await writing;
  const fixed = new FixedLengthStream(3);
  const fixedWriter = fixed.writable.getWriter();
  const fixedWriting = fixedWriter.write(new Uint8Array([1, 2, 3])).then(() => fixedWriter.close());
  equal((await new Response(fixed.readable).bytes()).length, 3);
  await fixedWriting;
  const over = new FixedLengthStream(1);
  const overReading = new Response(over.readable).bytes().catch(() => {});
  await rejects(over.writable.getWriter().write(new Uint8Array(2)), TypeError, "FixedLengthStream");
  await Promise.race([overReading, pause(5)]);
});

test("a body piped through a transform", async () => {
  const upper = new TransformStream({ transform(chunk, controller) { controller.enqueue(new TextEncoder().encode(new TextDecoder().decode(chunk).toUpperCase())); } });
  equal(await new Response(new Response("shout").body.pipeThrough(upper)).text(), "SHOUT");
});
