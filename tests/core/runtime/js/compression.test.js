// SPDX-License-Identifier: GPL-3.0-or-later

const bytesOf = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());
const from = (...chunks) => new ReadableStream({ start(c) { for (const chunk of chunks) c.enqueue(chunk); c.close(); } });
const compressed = (format, data) => bytesOf(from(data).pipeThrough(new CompressionStream(format)));
const expanded = (format, ...data) => bytesOf(from(...data).pipeThrough(new DecompressionStream(format)));
const long = new TextEncoder().encode("the quick brown fox ".repeat(20000));
const formats = ["gzip", "deflate", "deflate-raw"];

test("there and back, and smaller", async () => {
  for (const format of formats) {
    const small = await compressed(format, long);
    ok(small.byteLength < 4000, format);
    deepEqual((await expanded(format, small)).byteLength, long.byteLength, format);
    deepEqual(new TextDecoder().decode((await expanded(format, ...Array.from(small.subarray(), (byte) => new Uint8Array([byte])))).subarray(0, 19)), "the quick brown fox");
  }
});

test("what is cut, changed, or has something behind it", async () => {
  for (const format of formats) {
    const small = await compressed(format, long);
    await rejects(expanded(format, small.slice(0, -1)), TypeError, "Called close() on a decompression stream with incomplete data");
    await rejects(expanded(format, small, new Uint8Array([0])), TypeError, "Trailing bytes after end of compressed data");
    await rejects(expanded(format, new Uint8Array([...small, 0])), TypeError, "Trailing bytes after end of compressed data");
    await rejects(expanded(format, new Uint8Array(8).fill(0xff)), TypeError, "Decompression failed.");
    await rejects(expanded(format), TypeError, "Called close() on a decompression stream with incomplete data");
  }
});

test("wrong formats and chunks", async () => {
  for (const format of ["br", "", "GZIP", "toString", "__proto__", undefined, null]) throws(() => new CompressionStream(format), TypeError, "The compression format must be either");
  throws(() => new DecompressionStream(), TypeError, "constructor parameter 1 is not of type 'string'");
  const writer = new CompressionStream("gzip").writable.getWriter();
  writer.closed.catch(() => {});
  await rejects(writer.write({}), TypeError, "non-ArrayBuffer/ArrayBufferView");
});

test("a small bomb comes out in pieces, as fast as it is read", async () => {
  const bomb = await compressed("gzip", new Uint8Array(32 << 20));
  const reader = from(bomb).pipeThrough(new DecompressionStream("gzip")).getReader();
  let count = 0;
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    ++count;
    length += next.value.byteLength;
    ok(next.value.byteLength <= 65536, "a piece of at most 64 KiB");
  }
  equal(length, 32 << 20);
  ok(count >= 512);
});

test("many unfinished ones are collected", async () => {
  for (let i = 0; i < 300; ++i) {
    const writer = new CompressionStream("deflate").writable.getWriter();
    await writer.write(long.subarray(0, 10));
  }
});

test("192 MiB pass through a transform, which never holds more than a few pieces", async () => {
  const piece = 1 << 20;
  let left = 192;
  let ahead = 0;
  let most = 0;
  const source = new ReadableStream({ pull(controller) {
    if (left-- === 0) return controller.close();
    most = Math.max(most, ++ahead);
    controller.enqueue(new Uint8Array(piece));
  } }, { highWaterMark: 0 });
  const through = source.pipeThrough(new TransformStream({ transform(chunk, controller) { controller.enqueue(chunk); } })).pipeThrough(new FixedLengthStream(192 * piece));
  let seen = 0;
  for await (const chunk of through) {
    seen += chunk.byteLength;
    --ahead;
  }
  equal(seen, 192 * piece);
  ok(most <= 8, `few pieces on the way, not ${most}`);
});
