// SPDX-License-Identifier: GPL-3.0-or-later

test("queueMicrotask comes in line with promises", async () => {
  const order = [];
  queueMicrotask(() => order.push(1));
  Promise.resolve().then(() => order.push(2));
  queueMicrotask(() => {
    order.push(3);
    queueMicrotask(() => order.push(5));
  });
  Promise.resolve().then(() => order.push(4));
  order.push(0);
  await new Promise((resolve) => setTimeout(resolve, 1));
  deepEqual(order, [0, 1, 2, 3, 4, 5]);
});

test("an await takes one turn, an async return of a promise three", async () => {
  const order = [];
  const note = (text) => () => order.push(text);
  (async () => {
    await null;
    order.push("await");
  })();
  (async () => Promise.resolve())().then(note("returned promise"));
  Promise.resolve().then(note("then 1")).then(note("then 2")).then(note("then 3"));
  await new Promise((resolve) => setTimeout(resolve, 1));
  deepEqual(order, ["await", "then 1", "then 2", "returned promise", "then 3"]);
});

test("queueMicrotask refuses what is no function", () => {
  throws(() => queueMicrotask("code"), TypeError);
  throws(() => queueMicrotask(), TypeError);
});

test("Promise statics", async () => {
  deepEqual((await Promise.allSettled([1, Promise.reject(2)])).map((entry) => entry.status), ["fulfilled", "rejected"]);
  equal(await Promise.any([Promise.reject(1), 2]), 2);
  const error = await rejects(Promise.any([Promise.reject(1)]), AggregateError);
  deepEqual(error.errors, [1]);
  const { promise, resolve } = Promise.withResolvers();
  resolve(3);
  equal(await promise, 3);
});
