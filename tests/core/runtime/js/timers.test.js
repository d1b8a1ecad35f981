// SPDX-License-Identifier: GPL-3.0-or-later

const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("setTimeout passes arguments and takes about its time", async () => {
  const begin = Date.now();
  const got = await new Promise((resolve) => setTimeout((...args) => resolve(args), 30, 1, "two"));
  deepEqual(got, [1, "two"]);
  const took = Date.now() - begin;
  ok(took >= 28 && took < 500, `about 30 ms, not ${took}`);
});

test("order is by time, then by call", async () => {
  const order = [];
  setTimeout(() => order.push("c"), 20);
  setTimeout(() => order.push("a"), 0);
  setTimeout(() => order.push("b"), 0);
  setTimeout(() => order.push("d"), 20);
  await wait(60);
  deepEqual(order, ["a", "b", "c", "d"]);
});

test("clearTimeout", async () => {
  let ran = false;
  const id = setTimeout(() => (ran = true), 5);
  equal(typeof id, "number");
  clearTimeout(id);
  clearTimeout(id);
  clearTimeout(undefined);
  clearTimeout(null);
  clearTimeout(123456789);
  await wait(20);
  equal(ran, false);
});

test("setInterval repeats until it is cleared, also from inside", async () => {
  let count = 0;
  await new Promise((resolve) => {
    const id = setInterval((step) => {
      count += step;
      if (count === 3) {
        clearInterval(id);
        resolve();
      }
    }, 2, 1);
  });
  await wait(15);
  equal(count, 3);
});

test("a timer set from a timer, and odd delays", async () => {
  await new Promise((resolve) => setTimeout(() => setTimeout(resolve)));
  await new Promise((resolve) => setTimeout(resolve, -5));
  await new Promise((resolve) => setTimeout(resolve, NaN));
  await new Promise((resolve) => setTimeout(resolve, "3"));
  await new Promise((resolve) => setTimeout(resolve, undefined));
});

test("what is no function is refused", () => {
  throws(() => setTimeout("code", 1), TypeError);
  throws(() => setInterval(null, 1), TypeError);
  throws(() => setTimeout(), TypeError);
});

test("microtasks run between timers", async () => {
  const order = [];
  setTimeout(() => {
    order.push("timer 1");
    Promise.resolve().then(() => order.push("microtask"));
  }, 1);
  setTimeout(() => order.push("timer 2"), 1);
  await wait(20);
  deepEqual(order, ["timer 1", "microtask", "timer 2"]);
});

test("scheduler.wait", async () => {
  await scheduler.wait(1);
  const controller = new AbortController();
  const waiting = scheduler.wait(10000, { signal: controller.signal });
  controller.abort();
  await rejects(waiting, "AbortError");
});

test("performance.now grows", async () => {
  const first = performance.now();
  await wait(20);
  const second = performance.now();
  ok(second - first >= 18 && second - first < 1000, `about 20 ms, not ${second - first}`);
  ok(Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 1000, "timeOrigin and now to give the time of day");
});
