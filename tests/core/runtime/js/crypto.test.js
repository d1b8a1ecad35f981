// SPDX-License-Identifier: GPL-3.0-or-later

test("randomUUID is version 4 and never the same", () => {
  const seen = new Set();
  for (let i = 0; i < 1000; ++i) {
    const id = crypto.randomUUID();
    ok(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id), id);
    seen.add(id);
  }
  equal(seen.size, 1000);
});

test("getRandomValues fills what it is given and gives it back", () => {
  for (const kind of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array]) {
    const view = new kind(64);
    equal(crypto.getRandomValues(view), view);
    ok(view.some((value) => value != 0), kind.name);
  }
  const part = new Uint8Array(300);
  crypto.getRandomValues(part.subarray(100, 200));
  ok(part.subarray(0, 100).every((value) => value === 0) && part.subarray(200).every((value) => value === 0), "the rest untouched");
  ok(part.subarray(100, 200).some((value) => value !== 0), "a change");
  equal(crypto.getRandomValues(new Uint8Array(0)).length, 0);
  equal(crypto.getRandomValues(new Uint8Array(65536)).length, 65536);
});

test("getRandomValues refuses the rest", () => {
  throws(() => crypto.getRandomValues(new Uint8Array(65537)), "QuotaExceededError");
  throws(() => crypto.getRandomValues(new Float64Array(1)), "TypeMismatchError");
  throws(() => crypto.getRandomValues(new Float32Array(1)), "TypeMismatchError");
  throws(() => crypto.getRandomValues([1]), undefined);
  throws(() => crypto.getRandomValues(), TypeError);
});
