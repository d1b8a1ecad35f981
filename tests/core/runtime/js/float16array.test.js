// SPDX-License-Identifier: GPL-3.0-or-later
// Float16Array (ES2025): what it does, and that the rest of the runtime takes its arrays for what they are.

const bytes = (view) => [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)];
const halves = () => new Float16Array([1.5, 2, -0.25]);

test("it looks like an ordinary global", () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "Float16Array");
  deepEqual([before.writable, before.configurable, before.enumerable, typeof before.value], [true, true, false, "function"]);
  equal(Float16Array, before.value);
  ok(Object.getOwnPropertyNames(globalThis).includes("Float16Array") && !Object.keys(globalThis).includes("Float16Array"));
  deepEqual([Float16Array.name, Float16Array.length, Float16Array.BYTES_PER_ELEMENT, Float16Array.prototype.BYTES_PER_ELEMENT], ["Float16Array", 3, 2, 2]);
  equal(Object.getPrototypeOf(Float16Array), Object.getPrototypeOf(Uint8Array));
  equal(Object.getPrototypeOf(Float16Array.prototype), Object.getPrototypeOf(Uint8Array.prototype));
  globalThis.Float16Array = 5;
  equal(Float16Array, 5);
  globalThis.Float16Array = before.value;
});

test("it is made of lengths, lists, iterables, typed arrays, buffers", () => {
  deepEqual([...new Float16Array(2)], [0, 0]);
  deepEqual([...new Float16Array([1, "2", null])], [1, 2, 0]);
  deepEqual([...new Float16Array(new Set([3, 4]))], [3, 4]);
  deepEqual([...new Float16Array({ length: 1, 0: 7 })], [7]);
  deepEqual([...new Float16Array(new Float64Array([0.1]))], [0.0999755859375]);
  deepEqual([...new Float16Array(halves())], [1.5, 2, -0.25]);
  const { buffer } = new Uint8Array([0, 0, 0, 0x3e, 0, 0x40]);
  deepEqual([...new Float16Array(buffer, 2, 1)], [1.5]);
  deepEqual([...new Float16Array(buffer, 2)], [1.5, 2]);
  deepEqual([...Float16Array.from([1, 2], (x) => x / 4)], [0.25, 0.5]);
  deepEqual([...Float16Array.of(1, 65520)], [1, Infinity]);
  throws(() => new Float16Array(-1), RangeError);
  throws(() => new Float16Array(buffer, 1), RangeError);
  throws(() => new Float16Array([1n]), TypeError);
  throws(() => new Float16Array(new BigInt64Array(1)), TypeError);
  throws(() => Float16Array(1), TypeError);
});

test("numbers are rounded to the nearest half", () => {
  const view = new Float16Array([65504, 65519.99, 65520, -65520, NaN, -0, 2 ** -24, 2 ** -25, 1.0001 * 2 ** -25, 1 + 2 ** -11, 1 + 3 * 2 ** -11]);
  deepEqual([...view], [65504, 65504, Infinity, -Infinity, NaN, -0, 2 ** -24, 0, 2 ** -24, 1, 1 + 2 ** -9]);
  deepEqual(bytes(new Float16Array([NaN, -0])), [0, 0x7e, 0, 0x80]);
});

test("elements, keys, methods", () => {
  const view = halves();
  view[0] = 0.1;
  view[9] = 1;
  deepEqual([view[0], view[9], 9 in view, view.length, view.byteLength, view.byteOffset], [0.0999755859375, undefined, false, 3, 6, 0]);
  deepEqual(Object.keys(view), ["0", "1", "2"]);
  equal(JSON.stringify(halves()), '{"0":1.5,"1":2,"2":-0.25}');
  deepEqual([...halves().sort()], [-0.25, 1.5, 2]);
  deepEqual([[...halves().toSorted((a, b) => b - a)], [...halves().toReversed()], [...halves().with(0, 9)]], [[2, 1.5, -0.25], [-0.25, 2, 1.5], [9, 2, -0.25]]);
  deepEqual([halves().at(-1), halves().findLast((x) => x > 0), halves().indexOf(2), halves().includes(-0.25), halves().join("/")], [-0.25, 2, 1, true, "1.5/2/-0.25"]);
  ok(halves().map((x) => x * 2) instanceof Float16Array);
  deepEqual([...halves().map((x) => x * 2)], [3, 4, -0.5]);
  deepEqual([...halves().filter((x) => x > 0)], [1.5, 2]);
  equal(halves().reduce((a, b) => a + b), 3.25);
  deepEqual([...halves().entries()], [[0, 1.5], [1, 2], [2, -0.25]]);
  const target = new Float16Array(4);
  target.set(halves(), 1);
  target.set([0.5]);
  deepEqual([...target], [0.5, 1.5, 2, -0.25]);
  const part = target.subarray(1, 3);
  part[0] = 9;
  equal(target[1], 9);
  equal(part.buffer, target.buffer);
  const wide = new Float32Array(3);
  wide.set(halves());
  deepEqual([...wide], [1.5, 2, -0.25]);
  deepEqual([...new Float64Array(halves())], [1.5, 2, -0.25]);
  equal(`${halves()}`, "1.5,2,-0.25");
  class Sub extends Float16Array {}
  ok(new Sub(2).slice(1) instanceof Sub && new Sub(2) instanceof Float16Array);
});

test("it is a view, and nothing that looks like one is", () => {
  const { isView } = ArrayBuffer;
  deepEqual([isView(halves()), isView(new Uint8Array(1)), isView(new DataView(new ArrayBuffer(1))), isView(), isView({})], [true, true, true, false, false]);
  deepEqual([isView.name, isView.length, "prototype" in isView], ["isView", 1, false]);
  deepEqual(Object.values(Object.getOwnPropertyDescriptor(ArrayBuffer, "isView")).slice(1), [true, false, true]);
  deepEqual([isView(new Proxy(new Uint16Array(1), {})), isView(new Proxy(halves(), {})), isView(Object.create(Float16Array.prototype)), isView(Float16Array.prototype)], [false, false, false, false]);
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  equal(isView(proxy), false);
  equal(Object.prototype.toString.call(halves()), "[object Float16Array]");
  ok(halves() instanceof Float16Array && !(halves() instanceof Uint16Array) && !Array.isArray(halves()));
});

test("bodies, texts, blobs, digests take its bytes", async () => {
  const view = new Float16Array([9, 1.5, 2]).subarray(1);
  const expected = [0, 0x3e, 0, 0x40];
  deepEqual([...new Uint8Array(await new Response(view).arrayBuffer())], expected);
  deepEqual([...new Uint8Array(await new Request("http://a", { method: "POST", body: view }).arrayBuffer())], expected);
  deepEqual([...new Uint8Array(await new Blob([view, "a"]).arrayBuffer())], [...expected, 97]);
  equal(new TextDecoder("latin1").decode(view), "\0>\0@");
  const digest = async (data) => [...new Uint8Array(await crypto.subtle.digest("SHA-256", data))].join();
  equal(await digest(view), await digest(new Uint8Array(expected)));
  const key = await crypto.subtle.importKey("raw", view, { name: "HMAC", hash: "SHA-256" }, true, ["sign", "verify"]);
  deepEqual([...new Uint8Array(await crypto.subtle.exportKey("raw", key))], expected);
  ok(await crypto.subtle.verify("HMAC", key, new Float16Array(new Uint8Array(await crypto.subtle.sign("HMAC", key, view)).buffer), view));
  throws(() => crypto.getRandomValues(halves()), "TypeMismatchError");
  const packed = await new Response(new Blob([view]).stream().pipeThrough(new CompressionStream("gzip")).pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  deepEqual([...new Uint8Array(packed)], expected);
  const { readable, writable } = new IdentityTransformStream();
  const writer = writable.getWriter();
  writer.write(view).then(() => writer.close());
  deepEqual([...new Uint8Array(await new Response(readable).arrayBuffer())], expected);
});

test("clones", () => {
  const view = halves();
  view.extra = 1;
  const copy = structuredClone(view);
  ok(copy instanceof Float16Array && copy !== view && copy.buffer !== view.buffer);
  deepEqual([...copy], [1.5, 2, -0.25]);
  equal(copy.extra, undefined);
  const nested = { view, twice: [view, , view.subarray(1)], bytes: new Uint8Array(view.buffer), map: new Map([[view, new Set([view])]]), date: new Date(5) };
  nested.self = nested;
  const other = structuredClone(nested);
  deepEqual([[...other.view], [...other.twice[2]], other.twice.length, 1 in other.twice, other.date.getTime()], [[1.5, 2, -0.25], [2, -0.25], 3, false, 5]);
  ok(other.twice[0] === other.view && other.self === other && other.map.has(other.view) && other.map.get(other.view).has(other.view));
  ok(other.twice[2].buffer === other.view.buffer && other.bytes.buffer === other.view.buffer);
  const moved = structuredClone(view, { transfer: [view.buffer] });
  deepEqual([[...moved], view.length, view.byteLength], [[1.5, 2, -0.25], 0, 0]);
  throws(() => structuredClone([halves(), () => 1]), "DataCloneError");
  throws(() => structuredClone([halves(), new Proxy({}, {})]), "DataCloneError");
  equal(throws(() => structuredClone([halves(), { get a() { throw new Error("mine"); } }]), Error).message, "mine");
});

test("it goes through ports", async () => {
  const { port1, port2 } = new MessageChannel();
  const arrived = new Promise((resolve) => { port2.onmessage = ({ data }) => resolve(data); });
  port1.postMessage({ a: halves() });
  deepEqual([...(await arrived).a], [1.5, 2, -0.25]);
  port1.close();
});

test("user code that broke the built-ins cannot break the rest", () => {
  const { has, get } = WeakMap.prototype;
  const { apply } = Reflect;
  WeakMap.prototype.has = WeakMap.prototype.get = Reflect.apply = () => { throw new Error("poisoned"); };
  try {
    ok(ArrayBuffer.isView(halves()) && !ArrayBuffer.isView({}));
    deepEqual([...structuredClone(halves())], [1.5, 2, -0.25]);
  } finally {
    Object.assign(WeakMap.prototype, { has, get });
    Reflect.apply = apply;
  }
});
