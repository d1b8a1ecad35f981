// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays of Float16Array in Node's modules, and in the bindings.
const fs = process.getBuiltinModule("fs");
const util = process.getBuiltinModule("util");
const { createHash } = process.getBuiltinModule("crypto");
const { types } = util;
const halves = () => new Float16Array([1.5, 2]);

test("before there are any", () => {
  ok(!types.isFloat16Array(new Uint16Array(1)) && !types.isTypedArray({}) && types.isProxy(new Proxy({}, {})));
});

test("types", () => {
  const view = halves();
  deepEqual([types.isFloat16Array(view), types.isTypedArray(view), types.isArrayBufferView(view), types.isUint16Array(view), types.isProxy(view), types.isDataView(view)], [true, true, true, false, false, false]);
  deepEqual([types.isFloat16Array(new Uint16Array(1)), types.isFloat16Array(), types.isFloat16Array(new Proxy(view, {})), types.isProxy(new Proxy(view, {}))], [false, false, false, true]);
});

test("inspect", () => {
  equal(util.inspect(halves()), "Float16Array(2) [ 1.5, 2 ]");
  equal(util.inspect({ a: [new Float16Array(0)] }), "{ a: [ Float16Array(0) [] ] }");
  equal(util.inspect(Object.assign(halves(), { extra: "x" })), "Float16Array(2) [ 1.5, 2, extra: 'x' ]");
  equal(util.inspect(new Proxy(halves(), {})), "Proxy(Float16Array(2) [ 1.5, 2 ])");
  equal(util.inspect(halves(), { showProxy: true }), "Float16Array(2) [ 1.5, 2 ]");
});

test("equality", () => {
  ok(util.isDeepStrictEqual(halves(), halves()) && !util.isDeepStrictEqual(halves(), new Float16Array([1.5, 3])));
  ok(!util.isDeepStrictEqual(halves(), new Uint16Array([0x3e00, 0x4000])));
});

test("Buffer, hashes, files", () => {
  deepEqual([...Buffer.from(halves())], [1, 2]);
  deepEqual([...Buffer.from(halves().buffer)], [0, 0x3e, 0, 0x40]);
  equal(Buffer.byteLength(halves()), 4);
  equal(createHash("md5").update(halves()).digest("hex"), createHash("md5").update(new Uint8Array([0, 0x3e, 0, 0x40])).digest("hex"));
  fs.writeFileSync("/tmp/halves", halves());
  deepEqual([...fs.readFileSync("/tmp/halves")], [0, 0x3e, 0, 0x40]);
});

test("R2 stores its bytes", async () => {
  await env.BUCKET.put("halves", halves());
  deepEqual([...new Uint8Array(await (await env.BUCKET.get("halves")).arrayBuffer())], [0, 0x3e, 0, 0x40]);
});
