// SPDX-License-Identifier: GPL-3.0-or-later
// Readable, writable and transform streams, IdentityTransformStream, FixedLengthStream, CompressionStream, DecompressionStream.

const bytes = (...values) => new Uint8Array(values);
const text = (value) => new TextEncoder().encode(value);
const failure = (error) => (error instanceof Error ? `${error.constructor.name} ${error.name}: ${error.message}` : error);
const outcome = (run) => {
  try {
    return run();
  } catch (error) {
    return failure(error);
  }
};
const settled = async (run) => {
  try {
    return await (typeof run === "function" ? run() : run);
  } catch (error) {
    return failure(error);
  }
};
const quiet = (promise) => promise.catch(() => {});
const source = (...chunks) => new ReadableStream({ start(c) { for (const chunk of chunks) c.enqueue(chunk); c.close(); } });
const byteSource = (...chunks) => new ReadableStream({ type: "bytes", start(c) { for (const chunk of chunks) c.enqueue(chunk); c.close(); } });
const collect = async (stream) => {
  const list = [];
  for await (const chunk of stream) list.push(chunk);
  return list;
};
const join = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());
const sink = (log, extra = {}) => new WritableStream({ write(chunk) { log.push(["write", chunk]); }, close() { log.push("close"); }, abort(reason) { log.push(["abort", failure(reason)]); }, ...extra });
const wrongs = { null: null, undefined: undefined, number: 1, string: "x", object: {}, array: [], function: () => {}, bytes: "bytes" };

/** Writes all into a transform and reads it, both to their ends. */
async function through(stream, chunks) {
  const writer = stream.writable.getWriter();
  const written = settled(async () => {
    for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
    return "closed";
  });
  const out = [];
  const read = settled(async () => {
    for await (const chunk of stream.readable) out.push(chunk);
    return "read";
  });
  return [out, await written, await read];
}

const compress = async (format, data) => join(source(data).pipeThrough(new CompressionStream(format)));
const expand = async (format, data) => settled(async () => join(byteSource(data).pipeThrough(new DecompressionStream(format))));
const long = text("the quick brown fox ".repeat(500));

export default {
  "ReadableStream: arguments": () => Object.fromEntries(Object.entries(wrongs).map(([name, value]) => [name, outcome(() => typeof new ReadableStream(value))])),
  "ReadableStream: strategies": () => Object.fromEntries(Object.entries(wrongs).map(([name, value]) => [name, outcome(() => typeof new ReadableStream({}, value))])),
  "ReadableStream: members of other types": () => ["start", "pull", "cancel", "type", "autoAllocateChunkSize", "expectedLength"].flatMap((key) => [1, null, {}, "x"].map((value) => [key, String(value), outcome(() => typeof new ReadableStream({ [key]: value }))])),
  "ReadableStream: high water marks": () => [-1, NaN, Infinity, "5", null, undefined, {}].map((highWaterMark) => [String(highWaterMark), outcome(() => { let size; new ReadableStream({ start(c) { size = c.desiredSize; } }, { highWaterMark }); return size; })]),
  "ReadableStream: size of a byte stream": () => typeof new ReadableStream({ type: "bytes" }, { size() { return 1; } }),
  "ReadableStream: size that throws": () => settled(() => { const stream = new ReadableStream({ start(c) { c.enqueue(1); } }, { size() { throw new RangeError("mine"); } }); return stream.getReader().read(); }),
  "ReadableStream: size that is wrong": () => settled(() => { const stream = new ReadableStream({ start(c) { c.enqueue(1); } }, { size: () => -1 }); return stream.getReader().read(); }),
  "ReadableStream: start throws": () => new ReadableStream({ start() { throw new RangeError("mine"); } }).getReader().read(),
  "ReadableStream: start rejects": () => new ReadableStream({ async start() { throw new RangeError("mine"); } }).getReader().read(),
  "ReadableStream: pull throws": () => new ReadableStream({ pull() { throw new RangeError("mine"); } }).getReader().read(),
  "ReadableStream: called without new": () => ReadableStream(),
  "getReader: twice": () => { const stream = new ReadableStream(); stream.getReader(); return stream.getReader(); },
  "getReader: modes": () => [undefined, null, "byob", "other", 1, {}].map((mode) => outcome(() => Object.prototype.toString.call(new ReadableStream({ type: "bytes" }).getReader({ mode })))),
  "getReader: options": () => Object.entries(wrongs).map(([name, value]) => [name, outcome(() => Object.prototype.toString.call(new ReadableStream().getReader(value)))]),
  "getReader: byob of a value stream": () => new ReadableStream().getReader({ mode: "byob" }),
  "reader: constructors": () => [() => new ReadableStreamDefaultReader(), () => new ReadableStreamDefaultReader({}), () => { const s = new ReadableStream(); s.getReader(); return new ReadableStreamDefaultReader(s); }, () => new ReadableStreamBYOBReader(new ReadableStream()), () => new ReadableStreamBYOBReader(), () => typeof new ReadableStreamDefaultReader(new ReadableStream())].map(outcome),
  "controllers: constructors": () => ["ReadableStreamDefaultController", "ReadableByteStreamController", "ReadableStreamBYOBRequest", "WritableStreamDefaultController", "TransformStreamDefaultController"].map((name) => outcome(() => new globalThis[name]())),
  "reader: after releaseLock": async () => { const reader = new ReadableStream().getReader(); reader.releaseLock(); return [await settled(() => reader.read()), await settled(() => reader.cancel()), await settled(() => reader.closed), outcome(() => reader.releaseLock())]; },
  "reader: releaseLock with a pending read": async () => { const stream = new ReadableStream(); const reader = stream.getReader(); const read = settled(reader.read()); const closed = settled(reader.closed); const out = outcome(() => reader.releaseLock()); return [out, await read, await closed, stream.locked]; },
  "reader: closed": async () => [await source().getReader().closed, await settled(() => new ReadableStream({ start(c) { c.error(new RangeError("mine")); } }).getReader().closed)],
  "reader: on another this": () => [outcome(() => ReadableStream.prototype.getReader.call({})), outcome(() => Object.getOwnPropertyDescriptor(ReadableStream.prototype, "locked").get.call({}))],
  "reader: read on another this": () => ReadableStreamDefaultReader.prototype.read.call({}),
  "cancel: locked": () => { const stream = new ReadableStream(); stream.getReader(); return stream.cancel(); },
  "cancel: reasons": async () => { const seen = []; await new ReadableStream({ cancel(reason) { seen.push(reason); } }).cancel("why"); await new ReadableStream({ cancel(reason) { seen.push(reason); } }).cancel(); return seen; },
  "cancel: throws": () => new ReadableStream({ cancel() { throw new RangeError("mine"); } }).cancel(),
  "cancel: twice, closed, errored": async () => { const stream = new ReadableStream(); return [await settled(() => stream.cancel()), await settled(() => stream.cancel()), await settled(() => source().cancel()), await settled(() => new ReadableStream({ start(c) { c.error(new RangeError("mine")); } }).cancel())]; },
  "controller: after close": () => { const log = []; new ReadableStream({ start(c) { c.close(); log.push(outcome(() => c.enqueue(1)), outcome(() => c.close()), outcome(() => c.error(1)), c.desiredSize); } }); return log; },
  "controller: after error": () => { const log = []; new ReadableStream({ start(c) { c.error(new Error("x")); log.push(outcome(() => c.enqueue(1)), outcome(() => c.close()), outcome(() => c.error(1)), c.desiredSize); } }); return log; },
  "controller: desired sizes": () => { const log = []; new ReadableStream({ start(c) { log.push(c.desiredSize); c.enqueue("a"); log.push(c.desiredSize); c.enqueue("b"); log.push(c.desiredSize); } }, { highWaterMark: 2 }); return log; },
  "byte controller: chunks of other types": () => { const log = []; new ReadableStream({ type: "bytes", start(c) { for (const chunk of ["x", 1, null, undefined, {}, new ArrayBuffer(2), bytes(), new DataView(new ArrayBuffer(1))]) log.push(outcome(() => c.enqueue(chunk))); } }); return log; },
  "byte controller: detaches what it gets": () => { let chunk = bytes(1, 2); new ReadableStream({ type: "bytes", start(c) { c.enqueue(chunk); } }); return chunk.byteLength; },
  "byte controller: after close": () => { const log = []; new ReadableStream({ type: "bytes", start(c) { c.close(); log.push(outcome(() => c.enqueue(bytes(1))), outcome(() => c.close()), c.byobRequest, c.desiredSize); } }); return log; },
  "byte stream: views": async () => { const reader = byteSource(bytes(1, 2, 3, 4, 5, 6, 7, 8)).getReader({ mode: "byob" }); return [(await reader.read(new Uint8Array(1))).value, (await reader.read(new Uint16Array(1))).value, (await reader.read(new DataView(new ArrayBuffer(4), 1, 2))).value, (await reader.read(new Uint8Array(9))).value, (await reader.read(new Uint8Array(2)))]; },
  "byte stream: bad views": async () => { const log = []; for (const view of [undefined, null, 1, {}, new ArrayBuffer(2), new Uint8Array(0), "x"]) log.push(await settled(() => new ReadableStream({ type: "bytes" }).getReader({ mode: "byob" }).read(view))); return log; },
  "byte stream: detached view": async () => { const view = new Uint8Array(2); structuredClone(view.buffer, { transfer: [view.buffer] }); return settled(() => byteSource(bytes(1)).getReader({ mode: "byob" }).read(view)); },
  "byte stream: the view is detached": async () => { const view = new Uint8Array(2); const read = byteSource(bytes(1)).getReader({ mode: "byob" }).read(view); const length = view.byteLength; await read; return length; },
  "byte stream: min": async () => { const make = () => new ReadableStream({ type: "bytes", pull(c) { c.enqueue(bytes(1)); } }).getReader({ mode: "byob" }); return [await settled(async () => (await make().read(new Uint8Array(4), { min: 3 })).value), await settled(async () => (await make().read(new Uint8Array(4), { min: 5 })).value), await settled(async () => (await make().read(new Uint8Array(4), { min: 0 })).value)]; },
  "byte stream: readAtLeast": async () => { const make = () => new ReadableStream({ type: "bytes", pull(c) { c.enqueue(bytes(1)); } }).getReader({ mode: "byob" }); return [await settled(async () => (await make().readAtLeast(3, new Uint8Array(4))).value), await settled(async () => (await make().readAtLeast(5, new Uint8Array(4))).value), await settled(async () => (await make().readAtLeast(0, new Uint8Array(4))).value), await settled(async () => (await make().readAtLeast("x", new Uint8Array(4))).value), await settled(() => make().readAtLeast(1))]; },
  "byte stream: readAtLeast at the end": async () => { const reader = byteSource(bytes(1, 2)).getReader({ mode: "byob" }); return [await reader.readAtLeast(3, new Uint8Array(4)), await reader.readAtLeast(1, new Uint8Array(4))]; },
  "byte stream: readAtLeast of a body": async () => { const reader = new Response("abcdef").body.getReader({ mode: "byob" }); return [await reader.readAtLeast(4, new Uint8Array(5)), await reader.readAtLeast(4, new Uint8Array(5)), await reader.readAtLeast(4, new Uint8Array(5))]; },
  "byte stream: byobRequest": async () => { const log = []; const stream = new ReadableStream({ type: "bytes", pull(c) { const request = c.byobRequest; log.push(request.view.byteLength, request.atLeast, outcome(() => request.respond(9)), outcome(() => request.respond("x"))); request.view[0] = 7; request.respond(1); log.push(c.byobRequest, request.view, outcome(() => request.respond(1))); } }); const result = await stream.getReader({ mode: "byob" }).read(new Uint8Array(3)); return [log, result.value]; },
  "byte stream: respondWithNewView": async () => { const log = []; const stream = new ReadableStream({ type: "bytes", pull(c) { log.push(outcome(() => c.byobRequest.respondWithNewView(new Uint8Array(9))), outcome(() => c.byobRequest.respondWithNewView("x"))); const { view } = c.byobRequest; c.byobRequest.respondWithNewView(new Uint8Array(view.buffer, 0, 2)); } }); const result = await stream.getReader({ mode: "byob" }).read(new Uint8Array(3)); return [log, result.value]; },
  "byte stream: autoAllocateChunkSize": async () => { let size; const stream = new ReadableStream({ type: "bytes", autoAllocateChunkSize: 8, pull(c) { size = c.byobRequest?.view.byteLength; c.byobRequest.view[0] = 5; c.byobRequest.respond(1); } }); return [(await stream.getReader().read()).value, size]; },
  "byte stream: autoAllocateChunkSize 0": () => new ReadableStream({ type: "bytes", autoAllocateChunkSize: 0 }),
  "from: iterables": async () => Promise.all([[1, 2], new Set(["a"]), "xy", (function* () { yield 1; })(), (async function* () { yield 2; })(), [Promise.resolve(3)], source("s")].map((value) => settled(async () => collect(ReadableStream.from(value))))),
  "from: other values": () => Object.entries(wrongs).map(([name, value]) => [name, outcome(() => typeof ReadableStream.from(value))]),
  "from: an iterator that throws": () => collect(ReadableStream.from((function* () { yield 1; throw new RangeError("mine"); })())),
  "from: cancel": async () => { const log = []; const stream = ReadableStream.from({ [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return(value) { log.push(value); return {}; } }; } }); const reader = stream.getReader(); await reader.read(); await reader.cancel("why"); return log; },
  "iteration: all": () => collect(source(1, "two", null)),
  "iteration: break cancels": async () => { const log = []; const stream = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(reason) { log.push(["cancel", reason]); } }); for await (const chunk of stream) { log.push(chunk); break; } return [log, stream.locked]; },
  "iteration: preventCancel": async () => { const log = []; const stream = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel() { log.push("cancel"); } }); for await (const chunk of stream.values({ preventCancel: true })) { log.push(chunk); break; } return [log, stream.locked, (await stream.getReader().read()).value]; },
  "iteration: locked": () => { const stream = new ReadableStream(); stream.getReader(); return stream.values(); },
  "iteration: error": () => collect(new ReadableStream({ start(c) { c.error(new RangeError("mine")); } })),
  "iteration: outside": async () => { const iterator = source(1).values(); return [typeof iterator.next, typeof iterator.return, iterator[Symbol.asyncIterator]() === iterator, await iterator.next(), await iterator.next(), await iterator.return("r")]; },
  "tee: both": async () => { const [a, b] = source(1, 2).tee(); return [await collect(a), await collect(b)]; },
  "tee: locked": () => { const stream = new ReadableStream(); stream.getReader(); return stream.tee(); },
  "tee: locks": () => { const stream = new ReadableStream(); const list = stream.tee(); return [stream.locked, list.length, Array.isArray(list)]; },
  "tee: cancel of both": async () => { const log = []; const [a, b] = new ReadableStream({ cancel(reason) { log.push(reason); } }).tee(); await Promise.all([a.cancel(1), b.cancel(2)]); return log; },
  "tee: bytes": async () => { const [a, b] = byteSource(bytes(1, 2)).tee(); const reader = a.getReader({ mode: "byob" }); return [(await reader.read(new Uint8Array(1))).value, await collect(b)]; },
  "tee: error": async () => { const [a, b] = new ReadableStream({ start(c) { c.error(new RangeError("mine")); } }).tee(); return [await settled(collect(a)), await settled(collect(b))]; },
  "tee: of a body": async () => { const [a, b] = new Response("abc").body.tee(); return [await new Response(a).text(), await new Response(b).text()]; },
  "pipeTo: all": async () => { const log = []; await source("a", "b").pipeTo(sink(log)); return log; },
  "pipeTo: preventClose": async () => { const log = []; const target = sink(log); await source("a").pipeTo(target, { preventClose: true }); return [log, target.locked]; },
  "pipeTo: source errors": async () => { const log = []; const target = sink(log); const result = await settled(() => new ReadableStream({ start(c) { c.error(new RangeError("mine")); } }).pipeTo(target)); return [log, result]; },
  "pipeTo: source errors, preventAbort": async () => { const log = []; const target = sink(log); const result = await settled(() => new ReadableStream({ start(c) { c.error(new RangeError("mine")); } }).pipeTo(target, { preventAbort: true })); return [log, result]; },
  "pipeTo: sink errors": async () => { const log = []; const stream = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel(reason) { log.push(["cancel", failure(reason)]); } }); const result = await settled(() => stream.pipeTo(new WritableStream({ write() { throw new RangeError("mine"); } }))); return [log, result]; },
  "pipeTo: sink errors, preventCancel": async () => { const log = []; const stream = new ReadableStream({ pull(c) { c.enqueue(1); }, cancel() { log.push("cancel"); } }); const result = await settled(() => stream.pipeTo(new WritableStream({ write() { throw new RangeError("mine"); } }), { preventCancel: true })); return [log, result, stream.locked]; },
  "pipeTo: aborted before": async () => { const log = []; const result = await settled(() => new ReadableStream({ cancel(reason) { log.push(["cancel", failure(reason)]); } }).pipeTo(sink(log), { signal: AbortSignal.abort(new RangeError("mine")) })); return [log, result]; },
  "pipeTo: aborted in between": async () => { const log = []; const controller = new AbortController(); const piped = settled(() => new ReadableStream({ start(c) { c.enqueue(1); }, cancel(reason) { log.push(["cancel", failure(reason)]); } }).pipeTo(sink(log), { signal: controller.signal })); await scheduler.wait(5); controller.abort(new RangeError("mine")); return [await piped, log]; },
  "pipeTo: aborted without reason": async () => { const log = []; return [await settled(() => new ReadableStream().pipeTo(sink(log), { signal: AbortSignal.abort() })), log]; },
  "pipeTo: locked ends": async () => { const locked = new ReadableStream(); locked.getReader(); const target = new WritableStream(); target.getWriter(); return [await settled(() => locked.pipeTo(new WritableStream())), await settled(() => new ReadableStream().pipeTo(target))]; },
  "pipeTo: arguments": async () => { const log = []; for (const [name, value] of Object.entries(wrongs)) log.push([name, await settled(() => source().pipeTo(value))]); return log; },
  "pipeTo: options": async () => { const log = []; for (const [name, value] of Object.entries(wrongs)) log.push([name, await settled(() => source().pipeTo(new WritableStream(), value))]); log.push(await settled(() => source().pipeTo(new WritableStream(), { signal: {} }))); return log; },
  "pipeTo: to a closed sink": async () => { const target = new WritableStream(); await target.close(); return settled(() => source(1).pipeTo(target)); },
  "pipeThrough: all": async () => collect(source("a", "b").pipeThrough(new TransformStream({ transform(chunk, c) { c.enqueue(chunk + chunk); } }))),
  "pipeThrough: pairs of other types": () => [undefined, null, 1, {}, { readable: new ReadableStream() }, { writable: new WritableStream() }, { readable: 1, writable: 2 }].map((pair) => outcome(() => typeof source().pipeThrough(pair))),
  "pipeThrough: any pair": () => { const readable = new ReadableStream(); return source().pipeThrough({ readable, writable: new WritableStream() }) === readable; },
  "pipeThrough: locked": () => { const stream = new ReadableStream(); stream.getReader(); return stream.pipeThrough(new TransformStream()); },

  "WritableStream: arguments": () => Object.entries(wrongs).map(([name, value]) => [name, outcome(() => typeof new WritableStream(value))]),
  "WritableStream: type": () => typeof new WritableStream({ type: "bytes" }),
  "WritableStream: start throws": () => new WritableStream({ start() { throw new RangeError("mine"); } }).getWriter().closed,
  "WritableStream: order": async () => { const log = []; const writer = sink(log).getWriter(); writer.write(1); writer.write(2); await writer.close(); return log; },
  "WritableStream: desired sizes": async () => { const writer = new WritableStream({}, { highWaterMark: 2 }).getWriter(); const log = [writer.desiredSize]; const one = writer.write("a"); log.push(writer.desiredSize); await one; log.push(writer.desiredSize); await writer.close(); log.push(writer.desiredSize); return log; },
  "WritableStream: write fails": async () => { const writer = new WritableStream({ write() { throw new RangeError("mine"); } }).getWriter(); quiet(writer.closed); return [await settled(writer.write(1)), await settled(writer.write(2)), await settled(writer.close()), await settled(writer.closed), outcome(() => writer.desiredSize)]; },
  "WritableStream: close fails": async () => { const writer = new WritableStream({ close() { throw new RangeError("mine"); } }).getWriter(); quiet(writer.closed); return [await settled(writer.close()), await settled(writer.closed)]; },
  "WritableStream: after close": async () => { const writer = new WritableStream().getWriter(); await writer.close(); return [await settled(writer.write(1)), await settled(writer.close()), await settled(writer.abort("x")), await writer.closed]; },
  "WritableStream: abort": async () => { const log = []; const stream = sink(log); const writer = stream.getWriter(); quiet(writer.closed); quiet(writer.ready); const result = await settled(writer.abort(new RangeError("mine"))); return [result, log, await settled(writer.write(1)), await settled(writer.closed), await settled(writer.close())]; },
  "WritableStream: abort of the stream": async () => { const log = []; const stream = sink(log); return [await settled(stream.abort("why")), log, await settled(stream.close())]; },
  "WritableStream: locked": async () => { const stream = new WritableStream(); stream.getWriter(); return [outcome(() => stream.getWriter()), await settled(() => stream.close()), await settled(() => stream.abort()), stream.locked]; },
  "WritableStream: after releaseLock": async () => { const stream = new WritableStream(); const writer = stream.getWriter(); writer.releaseLock(); quiet(writer.closed); return [await settled(() => writer.write(1)), await settled(() => writer.close()), await settled(() => writer.abort()), outcome(() => writer.desiredSize), await settled(() => writer.closed), stream.locked]; },
  "WritableStream: controller": async () => { const log = []; let control; const stream = new WritableStream({ start(c) { control = c; log.push(c.signal.aborted, typeof c.error); } }); const writer = stream.getWriter(); quiet(writer.closed); quiet(writer.ready); control.error(new RangeError("mine")); return [log, await settled(writer.write(1))]; },
  "WritableStream: signal": async () => { let signal; const stream = new WritableStream({ start(c) { signal = c.signal; } }); await stream.abort("why"); return [signal.aborted, signal.reason]; },
  "WritableStream: writer constructor": () => [outcome(() => typeof new WritableStreamDefaultWriter(new WritableStream())), outcome(() => new WritableStreamDefaultWriter()), outcome(() => new WritableStreamDefaultWriter({}))],

  "TransformStream: arguments": () => Object.entries(wrongs).map(([name, value]) => [name, outcome(() => typeof new TransformStream(value))]),
  "TransformStream: nothing given": () => through(new TransformStream(), [1, "a", null]),
  "TransformStream: start, transform, flush": () => through(new TransformStream({ start(c) { c.enqueue("s"); }, transform(chunk, c) { c.enqueue([chunk]); }, flush(c) { c.enqueue("f"); } }), [1, 2]),
  "TransformStream: transform throws": () => through(new TransformStream({ transform() { throw new RangeError("mine"); } }), [1, 2]),
  "TransformStream: flush throws": () => through(new TransformStream({ flush() { throw new RangeError("mine"); } }), [1]),
  "TransformStream: terminate": () => through(new TransformStream({ transform(chunk, c) { c.enqueue(chunk); c.terminate(); } }), [1, 2]),
  "TransformStream: error": () => through(new TransformStream({ transform(chunk, c) { c.error(new RangeError("mine")); } }), [1, 2]),
  "TransformStream: types": () => [outcome(() => new TransformStream({ readableType: "bytes" })), outcome(() => new TransformStream({ writableType: "bytes" }))],
  "TransformStream: cancel of the readable side": async () => { const { readable, writable } = new TransformStream(); const writer = writable.getWriter(); quiet(writer.closed); quiet(writer.ready); await readable.cancel(new RangeError("mine")); return [await settled(writer.write(1)), await settled(writer.closed)]; },
  "TransformStream: abort of the writable side": async () => { const { readable, writable } = new TransformStream(); const read = settled(readable.getReader().read()); await writable.abort(new RangeError("mine")); return read; },
  "TransformStream: cancel method": async () => { const log = []; const { readable } = new TransformStream({ cancel(reason) { log.push(reason); } }); await readable.cancel("why"); return log; },
  "TransformStream: desired size": () => { const log = []; new TransformStream({ start(c) { log.push(c.desiredSize); c.enqueue(1); log.push(c.desiredSize); } }, undefined, { highWaterMark: 3 }); return log; },
  "TransformStream: outside": () => { const stream = new TransformStream(); return [stream.readable === stream.readable, stream.readable instanceof ReadableStream, stream.writable instanceof WritableStream, Object.prototype.toString.call(stream)]; },

  "IdentityTransformStream: bytes": () => through(new IdentityTransformStream(), [bytes(1, 2), bytes(3).buffer, new DataView(bytes(4, 5).buffer, 1), new Uint16Array([0x0706])]),
  "IdentityTransformStream: empty chunk": () => through(new IdentityTransformStream(), [bytes(), bytes(1)]),
  "IdentityTransformStream: string": () => through(new IdentityTransformStream(), ["text"]),
  "IdentityTransformStream: other types": async () => { const log = []; for (const value of [1, null, undefined, {}, []]) log.push(await through(new IdentityTransformStream(), [value])); return log; },
  "IdentityTransformStream: outside": () => { const stream = new IdentityTransformStream(); return [stream instanceof TransformStream, Object.prototype.toString.call(stream), Object.prototype.toString.call(stream.readable), stream.readable instanceof ReadableStream, outcome(() => Object.prototype.toString.call(stream.readable.getReader({ mode: "byob" })))]; },
  "IdentityTransformStream: byob": async () => { const { readable, writable } = new IdentityTransformStream(); const writer = writable.getWriter(); const written = writer.write(bytes(1, 2, 3)); const reader = readable.getReader({ mode: "byob" }); const first = await reader.read(new Uint8Array(2)); const second = await reader.read(new Uint8Array(2)); await written; const closed = writer.close(); const end = await reader.read(new Uint8Array(2)); await closed; return [first, second, end]; },
  "IdentityTransformStream: abort": async () => { const { readable, writable } = new IdentityTransformStream(); const read = settled(readable.getReader().read()); await settled(writable.getWriter().abort(new RangeError("mine"))); return read; },
  "IdentityTransformStream: cancel": async () => { const { readable, writable } = new IdentityTransformStream(); await readable.cancel(new RangeError("mine")); const writer = writable.getWriter(); quiet(writer.closed); return settled(writer.write(bytes(1))); },
  "IdentityTransformStream: as a body": async () => { const { readable, writable } = new IdentityTransformStream(); const response = new Response(readable); const writer = writable.getWriter(); const written = (async () => { await writer.write(text("ab")); await writer.write(text("cd")); await writer.close(); })(); const out = await response.text(); await written; return out; },
  "FixedLengthStream: arguments": () => [undefined, null, -1, 1.5, NaN, Infinity, "5", "x", 5n, {}, 2 ** 53, 0].map((length) => outcome(() => typeof new FixedLengthStream(length))),
  "FixedLengthStream: exact": () => through(new FixedLengthStream(3), [bytes(1, 2), bytes(3)]),
  "FixedLengthStream: too much": () => through(new FixedLengthStream(2), [bytes(1), bytes(2, 3)]),
  "FixedLengthStream: too little": () => through(new FixedLengthStream(3), [bytes(1)]),
  "FixedLengthStream: nothing": () => through(new FixedLengthStream(0), []),
  "FixedLengthStream: BigInt": () => through(new FixedLengthStream(2n), [bytes(1, 2)]),
  "FixedLengthStream: outside": () => { const stream = new FixedLengthStream(1); return [stream instanceof IdentityTransformStream, stream instanceof TransformStream, Object.prototype.toString.call(stream)]; },

  ...Object.fromEntries(["gzip", "deflate", "deflate-raw"].flatMap((format) => [
    [`${format}: there and back`, async () => (await join(source(long).pipeThrough(new CompressionStream(format)).pipeThrough(new DecompressionStream(format)))).byteLength],
    [`${format}: smaller`, async () => (await compress(format, long)).byteLength < 400],
    [`${format}: nothing`, async () => expand(format, await compress(format, bytes()))],
    [`${format}: pieces of one byte`, async () => { const all = await compress(format, text("hello, hello, hello")); return new TextDecoder().decode(await join(source(...Array.from(all, (byte) => bytes(byte))).pipeThrough(new DecompressionStream(format)))); }],
    [`${format}: junk at the end`, async () => { const all = await compress(format, text("x")); return expand(format, new Uint8Array([...all, 1, 2, 3])); }],
    [`${format}: cut`, async () => { const all = await compress(format, long); return expand(format, all.subarray(0, all.length - 3)); }],
    [`${format}: cut to one byte`, async () => expand(format, (await compress(format, long)).slice(0, 1))],
    [`${format}: no input`, async () => expand(format, bytes())],
    [`${format}: bad data`, () => expand(format, bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff))],
    [`${format}: changed data`, async () => { const all = (await compress(format, long)).slice(); all[20] ^= 0xff; const result = await expand(format, all); return typeof result === "string" ? result : "no error"; }],
    [`${format}: wrong checksum`, async () => { const all = (await compress(format, text("abc"))).slice(); all[all.length - 5] ^= 1; const result = await expand(format, all); return typeof result === "string" ? result : "no error"; }],
    [`${format}: chunks of other types`, async () => { const log = []; for (const chunk of ["x", 1, null, {}]) { const writer = new CompressionStream(format).writable.getWriter(); quiet(writer.closed); log.push(await settled(() => writer.write(chunk))); } return log; }],
    [`${format}: expanded chunks of other types`, async () => { const log = []; for (const chunk of ["x", 1, null, {}]) { const writer = new DecompressionStream(format).writable.getWriter(); quiet(writer.closed); log.push(await settled(() => writer.write(chunk))); } return log; }],
    [`${format}: abort`, async () => { const stream = new CompressionStream(format); const read = settled(stream.readable.getReader().read()); await settled(stream.writable.abort(new RangeError("mine"))); return read; }],
    [`${format}: cancel`, async () => { const stream = new CompressionStream(format); const writer = stream.writable.getWriter(); quiet(writer.closed); await settled(stream.readable.cancel(new RangeError("mine"))); return settled(writer.write(bytes(1))); }],
  ])),
  "gzip: two members": async () => { const one = await compress("gzip", text("ab")); return expand("gzip", new Uint8Array([...one, ...one])); },
  "compression: formats": () => ["gzip", "deflate", "deflate-raw", "br", "brotli", "zstd", "GZIP", "", undefined, null, 1].map((format) => [outcome(() => typeof new CompressionStream(format)), outcome(() => typeof new DecompressionStream(format))]),
  "compression: no format": () => [outcome(() => new CompressionStream()), outcome(() => new DecompressionStream())],
  "compression: outside": () => { const stream = new CompressionStream("gzip"); return [stream instanceof TransformStream, Object.prototype.toString.call(stream), stream.readable instanceof ReadableStream, stream.writable instanceof WritableStream]; },
  "compression: byob": async () => { const stream = byteSource(await compress("gzip", text("abcdef"))).pipeThrough(new DecompressionStream("gzip")); return settled(async () => (await stream.getReader({ mode: "byob" }).read(new Uint8Array(4))).value); },
  "compression: many pieces": async () => { const stream = new CompressionStream("deflate"); const written = settled(async () => { const writer = stream.writable.getWriter(); for (let i = 0; i < 100; ++i) await writer.write(long); await writer.close(); return "closed"; }); const all = await join(stream.readable.pipeThrough(new DecompressionStream("deflate"))); return [all.byteLength, await written]; },
  "compression: known bytes": async () => [await expand("deflate-raw", bytes(0x4b, 0x4c, 0x4a, 0x06, 0x00)), await expand("deflate", bytes(0x78, 0x9c, 0x4b, 0x4c, 0x4a, 0x06, 0x00, 0x02, 0x4d, 0x01, 0x27))],

  "strategies: values": () => [new CountQueuingStrategy({ highWaterMark: 5 }).highWaterMark, new CountQueuingStrategy({ highWaterMark: 5 }).size("anything"), new ByteLengthQueuingStrategy({ highWaterMark: 7 }).highWaterMark, new ByteLengthQueuingStrategy({ highWaterMark: 7 }).size(bytes(1, 2))],
  "strategies: arguments": () => [() => new CountQueuingStrategy(), () => new CountQueuingStrategy({}), () => new CountQueuingStrategy({ highWaterMark: "x" }), () => new CountQueuingStrategy({ highWaterMark: -1 }).highWaterMark, () => new ByteLengthQueuingStrategy(1), () => new ByteLengthQueuingStrategy({ highWaterMark: 1 }).size(), () => new ByteLengthQueuingStrategy({ highWaterMark: 1 }).size({})].map(outcome),
  "strategies: size functions": () => { const one = new CountQueuingStrategy({ highWaterMark: 1 }); const two = new CountQueuingStrategy({ highWaterMark: 2 }); return [one.size === two.size, one.size.name, one.size.length, typeof one.size]; },
  "own properties": () => [new ReadableStream(), new WritableStream(), new TransformStream(), new IdentityTransformStream(), new ReadableStream().getReader(), new WritableStream().getWriter(), new CompressionStream("gzip")].map((one) => Reflect.ownKeys(one).filter((key) => typeof key === "string")),
  "descriptors": () => ["ReadableStream", "ReadableStreamDefaultReader", "ReadableStreamBYOBReader", "ReadableStreamBYOBRequest", "ReadableStreamDefaultController", "ReadableByteStreamController", "WritableStream", "WritableStreamDefaultWriter", "WritableStreamDefaultController", "TransformStream", "TransformStreamDefaultController", "IdentityTransformStream", "FixedLengthStream", "CompressionStream", "DecompressionStream", "ByteLengthQueuingStrategy", "CountQueuingStrategy"].map((name) => [name, globalThis[name].length, ...Object.getOwnPropertyNames(globalThis[name]).sort(), ...Object.getOwnPropertyNames(globalThis[name].prototype).map((key) => {
    const found = Object.getOwnPropertyDescriptor(globalThis[name].prototype, key);
    return `${key} ${found.enumerable} ${typeof found.get} ${typeof found.value} ${found.value?.length}`;
  })]),
};
