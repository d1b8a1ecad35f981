// SPDX-License-Identifier: GPL-3.0-or-later

test("primitives", () => {
  for (const value of [undefined, null, true, false, 0, -0, 1.5, NaN, Infinity, "tëxt", "", 12345678901234567890n, -1n]) equal(structuredClone(value), value);
});

test("objects and arrays are copies", () => {
  const value = { a: [1, { b: 2 }], c: null, d: undefined };
  const copy = structuredClone(value);
  deepEqual(copy, value);
  ok(copy !== value && copy.a !== value.a && copy.a[1] !== value.a[1], "copies");
  equal("d" in copy, true);
  const sparse = [1, , 3];
  sparse.extra = "x";
  const sparseCopy = structuredClone(sparse);
  equal(sparseCopy.length, 3);
  equal(1 in sparseCopy, false);
  equal(sparseCopy.extra, "x");
});

test("cycles and shared values keep their shape", () => {
  const value = { list: [] };
  value.self = value;
  value.list.push(value.list, value);
  const copy = structuredClone(value);
  equal(copy.self, copy);
  equal(copy.list[0], copy.list);
  equal(copy.list[1], copy);
});

test("Date, RegExp, Map, Set, wrappers", () => {
  const date = structuredClone(new Date(5));
  ok(date instanceof Date);
  equal(date.getTime(), 5);
  const expression = /a(b)/gi;
  expression.lastIndex = 3;
  const copied = structuredClone(expression);
  equal(copied.source + copied.flags + copied.lastIndex, "a(b)gi0");
  const key = {};
  const map = structuredClone(new Map([[key, new Set([1, key])], ["k", "v"]]));
  const [[first, set]] = map;
  equal(map.size, 2);
  equal(set.has(first), true);
  ok(set instanceof Set);
  equal(structuredClone(Object(1n)).valueOf(), 1n);
  equal(typeof structuredClone(new String("x")), "object");
  equal(structuredClone(new Boolean(false)).valueOf(), false);
});

test("errors", () => {
  for (const kind of [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError]) {
    const copy = structuredClone(new kind("text"));
    ok(copy instanceof kind, kind.name);
    equal(copy.message, "text");
    equal(copy.name, kind.name);
  }
  class Own extends Error {}
  equal(Object.getPrototypeOf(structuredClone(new Own("x"))), Error.prototype);
});

test("buffers and views", () => {
  const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
  const copy = structuredClone(buffer);
  ok(copy instanceof ArrayBuffer && copy !== buffer);
  deepEqual(new Uint8Array(copy), new Uint8Array(buffer));
  for (const kind of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array]) {
    const view = structuredClone(new kind(buffer, 0, 1));
    ok(view instanceof kind, kind.name);
    equal(view[0], new kind(buffer)[0]);
    equal(view.buffer.byteLength, 8);
  }
  const view = structuredClone(new DataView(buffer, 2, 3));
  equal(view.byteOffset, 2);
  equal(view.byteLength, 3);
  const { a, b } = structuredClone({ a: new Uint8Array(buffer, 0, 2), b: new Uint8Array(buffer, 2, 2) });
  equal(a.buffer, b.buffer);
});

test("transfer detaches", () => {
  const buffer = new Uint8Array([1, 2]).buffer;
  const moved = structuredClone({ buffer }, { transfer: [buffer] });
  equal(buffer.byteLength, 0);
  deepEqual(new Uint8Array(moved.buffer), new Uint8Array([1, 2]));
  const view = new Uint8Array([3, 4]);
  const movedView = structuredClone(view, { transfer: [view.buffer] });
  equal(view.length, 0);
  deepEqual(movedView, new Uint8Array([3, 4]));
  const unused = new ArrayBuffer(4);
  structuredClone(1, { transfer: [unused] });
  equal(unused.byteLength, 0);
});

test("transfer of the wrong things", () => {
  throws(() => structuredClone(1, { transfer: [{}] }), TypeError, "Object is not transferable");
  throws(() => structuredClone(1, { transfer: [1] }));
  const twice = new ArrayBuffer(1);
  equal(structuredClone(1, { transfer: [twice, twice] }), 1);
  equal(twice.byteLength, 0);
  const gone = new ArrayBuffer(1);
  structuredClone(gone, { transfer: [gone] });
  throws(() => structuredClone(gone), "DataCloneError");
  equal(structuredClone(1, { transfer: [gone] }), 1);
});

test("a failure leaves the transferred buffer alone", () => {
  const buffer = new ArrayBuffer(3);
  throws(() => structuredClone({ f() {}, buffer }, { transfer: [buffer] }), "DataCloneError");
  equal(buffer.byteLength, 3);
});

test("what cannot be cloned", () => {
  for (const value of [() => {}, Symbol("s"), { deep: [() => {}] }, new WeakMap(), Promise.resolve(), new WeakSet(), new WeakRef({})]) throws(() => structuredClone(value), "DataCloneError");
  for (const value of [new Response("x"), new Request("http://a/", { method: "POST", body: "x" }), new ReadableStream(), new AbortController(), new URL("http://a/"), new TextEncoder()]) throws(() => structuredClone(value), "DataCloneError");
  throws(() => structuredClone({ deep: [new Response("x")] }), "DataCloneError");
  throws(() => structuredClone(), TypeError);
});

test("classes become plain objects, accessors become values, their throws come through", () => {
  class Point {
    constructor() {
      this.x = 1;
    }
    get y() {
      return 2;
    }
  }
  const copy = structuredClone(new Point());
  equal(Object.getPrototypeOf(copy), Object.prototype);
  equal(JSON.stringify(copy), '{"x":1}');
  equal(structuredClone({ get z() { return 3; } }).z, 3);
  const thrown = new RangeError("mine");
  equal(throws(() => structuredClone({ get bad() { throw thrown; } })), thrown);
  equal(throws(() => structuredClone({ get bad() { throw "a string"; } })), "a string");
});
