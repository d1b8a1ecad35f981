// SPDX-License-Identifier: GPL-3.0-or-later
const { Buffer: Bytes, isUtf8, transcode } = process.getBuiltinModule("node:buffer");

test("the global is the module's", () => equal(Bytes, Buffer));

test("a Buffer is a Uint8Array, and what is cut from it is a Buffer", () => {
  const buffer = Buffer.from("hello");
  ok(buffer instanceof Uint8Array);
  for (const made of [buffer.slice(1), buffer.subarray(1), buffer.map((x) => x), buffer.filter(() => true), Buffer.concat([buffer])]) ok(Buffer.isBuffer(made));
  buffer.subarray(1)[0] = 0x41;
  equal(buffer.toString(), "hAllo");
});

test("texts of all encodings come back", () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
  for (const encoding of ["latin1", "binary", "hex", "base64", "base64url", "utf16le"]) deepEqual(Buffer.from(bytes.toString(encoding), encoding), bytes, encoding);
  equal(Buffer.from("z\u20ac\u{1f600}").toString("utf8"), "z\u20ac\u{1f600}");
});

test("a character that does not fit is not written in part", () => {
  const buffer = Buffer.alloc(4, 0x2e);
  equal(buffer.write("a\u20acb", 1), 1 + 0);
  equal(buffer.toString(), ".a..");
});

test("detached and borrowed memory", () => {
  const memory = new ArrayBuffer(8);
  const buffer = Buffer.from(memory);
  structuredClone(memory, { transfer: [memory] });
  equal(buffer.length, 0);
  equal(buffer.toString("hex"), "");
  equal(buffer.write("abc"), 0);
  equal(buffer.indexOf("a"), -1);
  equal(Buffer.prototype.utf8Slice.call({ length: 1e9 }, 0, 1e9), "");
  throws(() => Buffer.prototype.utf8Write.call(Buffer.alloc(3), { toString: () => "x" }), TypeError);
});

test("arguments that throw", () => {
  const evil = { get length() { throw new RangeError("evil"); } };
  throws(() => Buffer.from(evil), RangeError, "evil");
  throws(() => Buffer.alloc(3).fill("x", { valueOf() { throw new RangeError("evil"); } }), TypeError);
  throws(() => Buffer.alloc(1).write({ toString() { throw new RangeError("evil"); } }), RangeError, "evil");
  throws(() => Buffer.from({ valueOf() { throw new RangeError("evil"); } }), RangeError, "evil");
});

test("too large", () => {
  throws(() => Buffer.alloc(2 ** 40), RangeError);
  throws(() => Buffer.alloc(2147483647), RangeError);
});

test("search, compare, swap", () => {
  const buffer = Buffer.from("abcabc");
  deepEqual([buffer.indexOf("c"), buffer.lastIndexOf("a"), buffer.indexOf("d"), buffer.indexOf("bc", 2), buffer.includes(Buffer.from("ca")), buffer.indexOf(99, -1)], [2, 3, -1, 4, true, 5]);
  deepEqual([Buffer.compare(Buffer.from("a"), Buffer.from("b")), Buffer.from("a").equals(Buffer.from("a"))], [-1, true]);
  equal(Buffer.from([1, 2, 3, 4]).swap32().toString("hex"), "04030201");
  ok(isUtf8(Buffer.from("\u20ac")));
  ok(!isUtf8(Buffer.from([0xff])));
  equal(transcode(Buffer.from("\u00e9"), "utf8", "latin1").toString("hex"), "e9");
});
