// SPDX-License-Identifier: GPL-3.0-or-later
// What ES2022 to ES2026 added to the built-in objects, a test a feature. Syntax is in t_language.cpp, because it goes through the bundler.

const message = (work) => {
  try {
    work();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
  return "nothing was thrown";
};

test("ES2022: at, Object.hasOwn, error cause, regexp indices", () => {
  equal([1, 2, 3].at(-1) + "abc".at(-2) + new Uint8Array([7]).at(0), "3b7");
  ok(Object.hasOwn({ a: 1 }, "a") && !Object.hasOwn(Object.create({ a: 1 }), "a"));
  equal(new Error("x", { cause: 5 }).cause, 5);
  deepEqual([.../(?<y>b)/d.exec("ab").indices.groups.y], [1, 2]);
});

test("ES2023: findLast, change by copy", () => {
  equal([1, 2, 3].findLast((x) => x < 3), 2);
  equal([1, 2, 3].findLastIndex((x) => x > 9), -1);
  equal(new Uint8Array([1, 2, 3]).findLast((x) => x < 3), 2);
  const list = [3, 1, 2];
  deepEqual([list.toSorted(), list.toReversed(), list.with(0, 9), list.toSpliced(1, 1, 7, 8), list], [[1, 2, 3], [2, 1, 3], [9, 1, 2], [3, 7, 8, 2], [3, 1, 2]]);
  const typed = new Uint8Array([3, 1, 2]);
  deepEqual([[...typed.toSorted()], [...typed.toReversed()], [...typed.with(1, 255)]], [[1, 2, 3], [2, 1, 3], [3, 255, 2]]);
  equal(message(() => typed.with(9, 1)).split(":")[0], "RangeError");
});

test("ES2023: symbols as keys of weak collections", () => {
  const key = Symbol("k");
  const map = new WeakMap([[key, 1], [globalThis, 2]]);
  equal(map.get(key), 1);
  equal(map.get(globalThis), 2);
  ok(map.has(key) && !map.has(Symbol("k")) && map.delete(key) && !map.has(key) && !map.delete(key));
  const set = new WeakSet([key]);
  ok(set.has(key) && set.add(key) === set && set.delete(key) && !set.has(key));
  equal(message(() => map.set(Symbol.for("registered"), 1)).split(":")[0], "TypeError");
  equal(message(() => WeakMap.prototype.set.call(new Map(), key, 1)).split(":")[0], "TypeError");
  equal(message(() => WeakSet.prototype.add.call(new WeakMap(), key)).split(":")[0], "TypeError");
  equal(map.get("text"), undefined);
});

test("ES2024: grouping, withResolvers, well-formed strings", async () => {
  deepEqual(Object.groupBy([1, 2, 3], (x) => (x % 2 ? "odd" : "even")).odd, [1, 3]);
  deepEqual(Map.groupBy([1, 2, 3], (x) => x % 2).get(1), [1, 3]);
  const { promise, resolve } = Promise.withResolvers();
  resolve(7);
  equal(await promise, 7);
  ok(!"\ud800".isWellFormed() && "a\u{1f600}".isWellFormed());
  equal("a\ud800".toWellFormed(), "a\ufffd");
});

test("ES2024: ArrayBuffer transfer", () => {
  const buffer = new Uint8Array([1, 2, 3]).buffer;
  const longer = buffer.transfer(5);
  ok(buffer.detached && !longer.detached);
  equal(buffer.byteLength, 0);
  deepEqual([...new Uint8Array(longer)], [1, 2, 3, 0, 0]);
  const same = longer.transferToFixedLength();
  deepEqual([...new Uint8Array(same)], [1, 2, 3, 0, 0]);
  deepEqual([...new Uint8Array(same.transfer(1))], [1]);
  equal(message(() => same.transfer()).split(":")[0], "TypeError");
  equal(message(() => new ArrayBuffer(1).transfer(-1)).split(":")[0], "RangeError");
  equal(message(() => ArrayBuffer.prototype.transfer.call(new SharedArrayBuffer(1))).split(":")[0], "TypeError");
  equal(new ArrayBuffer(0).transfer().byteLength, 0);
  equal(message(() => new ArrayBuffer(1).transfer({ valueOf() { throw new RangeError("mine"); } })), "RangeError: mine");
});

test("ES2024: Atomics.waitAsync", () => {
  const shared = new Int32Array(new SharedArrayBuffer(4));
  equal(Atomics.waitAsync(shared, 0, 1).value, "not-equal");
});

test("ES2025: iterator helpers", () => {
  deepEqual([1, 2, 3, 4].values().filter((x) => x % 2 === 0).map((x) => x * 2).toArray(), [4, 8]);
  deepEqual(Iterator.from({ next: () => ({ done: false, value: 1 }) }).take(2).toArray(), [1, 1]);
  deepEqual([1, 2, 3].values().drop(1).flatMap((x) => [x, x]).toArray(), [2, 2, 3, 3]);
  ok([1, 2].values().some((x) => x === 2) && ![1, 2].values().every((x) => x === 2) && [1, 2].values().find((x) => x > 1) === 2);
  equal([1, 2, 3].values().reduce((a, b) => a + b), 6);
});

test("ES2025: Set methods", () => {
  const a = new Set([1, 2, 3]);
  const b = new Set([2, 3, 4]);
  deepEqual([[...a.union(b)], [...a.intersection(b)], [...a.difference(b)], [...a.symmetricDifference(b)]], [[1, 2, 3, 4], [2, 3], [1], [1, 4]]);
  ok(new Set([2]).isSubsetOf(a) && a.isSupersetOf(new Set([1])) && a.isDisjointFrom(new Set([9])));
});

test("ES2025: Promise.try, RegExp.escape, Math.f16round, Float16 in DataView", async () => {
  equal(await Promise.try((x) => x + 1, 1), 2);
  equal(await Promise.try(() => { throw new Error("x"); }).catch((e) => e.message), "x");
  ok(new RegExp(`^${RegExp.escape("a.b*(c)")}$`).test("a.b*(c)"));
  equal(Math.f16round(1.337), 1.3369140625);
  const view = new DataView(new ArrayBuffer(2));
  view.setFloat16(0, 1.5);
  equal(view.getFloat16(0), 1.5);
});

test("ES2026: Array.fromAsync, Error.isError, Math.sumPrecise, Map upsert, Iterator.concat", async () => {
  deepEqual(await Array.fromAsync((async function* () { yield 1; yield 2; })(), (x) => x * 2), [2, 4]);
  ok(Error.isError(new TypeError()) && !Error.isError({ __proto__: Error.prototype }));
  equal(Math.sumPrecise([1e20, 0.1, -1e20]), 0.1);
  const map = new Map();
  equal(map.getOrInsert("a", 1) + map.getOrInsertComputed("b", (key) => key.length), 2);
  deepEqual(Iterator.concat([1], [2, 3]).toArray(), [1, 2, 3]);
});

test("ES2026: Uint8Array and base64, hex", () => {
  equal(new Uint8Array([255, 254]).toBase64(), "//4=");
  equal(new Uint8Array([255, 254]).toBase64({ alphabet: "base64url", omitPadding: true }), "__4");
  deepEqual([...Uint8Array.fromBase64("AQID")], [1, 2, 3]);
  deepEqual([...Uint8Array.fromHex("01ff")], [1, 255]);
  equal(new Uint8Array([1, 255]).toHex(), "01ff");
  deepEqual({ ...new Uint8Array(4).setFromBase64("AQID") }, { read: 4, written: 3 });
  equal(message(() => Uint8Array.fromHex("0")).split(":")[0], "SyntaxError");
});

test("ES2026: JSON.parse with sources, JSON.rawJSON", () => {
  equal(JSON.parse("[1.0]", (key, value, { source }) => source ?? value)[0], "1.0");
  equal(JSON.stringify({ a: JSON.rawJSON("1234567890123456789012") }), '{"a":1234567890123456789012}');
  ok(JSON.isRawJSON(JSON.rawJSON("1")) && !JSON.isRawJSON({}));
});

test("explicit resource management without its syntax", async () => {
  const seen = [];
  const stack = new DisposableStack();
  stack.use({ [Symbol.dispose]: () => seen.push("a") });
  stack.defer(() => seen.push("b"));
  stack.adopt(3, (value) => seen.push(value));
  stack.dispose();
  deepEqual(seen, [3, "b", "a"]);
  const later = new AsyncDisposableStack();
  later.use({ [Symbol.asyncDispose]: async () => seen.push("c") });
  await later.disposeAsync();
  equal(seen.at(-1), "c");
  equal(new SuppressedError(1, 2, "m").suppressed, 2);
  const failing = new DisposableStack();
  failing.defer(() => { throw new Error("first"); });
  failing.defer(() => { throw new Error("second"); });
  equal(message(() => failing.dispose()).split(":")[0], "SuppressedError");
});

test("weak references, finalization, Intl", () => {
  const target = {};
  equal(new WeakRef(target).deref(), target);
  ok(new FinalizationRegistry(() => {}).register(target, 1) === undefined);
  deepEqual([...new Intl.Segmenter("en", { granularity: "word" }).segment("a b")].filter((part) => part.isWordLike).map((part) => part.segment), ["a", "b"]);
  equal(new Intl.NumberFormat("de").format(1234.5), "1.234,5");
  equal(new Intl.PluralRules("en", { type: "ordinal" }).select(2), "two");
  equal(new Intl.ListFormat("en").format(["a", "b"]), "a and b");
  ok(Intl.supportedValuesOf("currency").includes("EUR"));
});

test("Atomics.pause", () => {
  equal(Atomics.pause(), undefined);
  equal(message(() => Atomics.pause("x")).split(":")[0], "TypeError");
});

test("a user who breaks the built-ins does not break the additions", () => {
  const { get } = Map.prototype;
  Map.prototype.get = () => { throw new Error("poisoned"); };
  try {
    const map = new WeakMap();
    const key = Symbol("k");
    map.set(key, 1);
    equal(map.get(key), 1);
  } finally {
    Map.prototype.get = get;
  }
});
