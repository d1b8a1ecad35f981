// SPDX-License-Identifier: GPL-3.0-or-later

test("Event and CustomEvent", () => {
  const event = new Event("kind", { bubbles: true, cancelable: true });
  equal(event.type, "kind");
  equal(event.bubbles, true);
  equal(event.cancelable, true);
  equal(event.defaultPrevented, false);
  equal(event.target, undefined);
  equal(new CustomEvent("x", { detail: 5 }).detail, 5);
  equal(new CustomEvent("x").detail, undefined);
  throws(() => new Event(), TypeError);
});

test("listeners are called in order, once each", () => {
  const target = new EventTarget();
  const calls = [];
  const listener = () => calls.push("a");
  target.addEventListener("e", listener);
  target.addEventListener("e", listener);
  target.addEventListener("e", { handleEvent(event) { calls.push("object " + (this !== undefined) + event.type); } });
  target.addEventListener("e", () => calls.push("once"), { once: true });
  target.addEventListener("other", () => calls.push("other"));
  equal(target.dispatchEvent(new Event("e")), true);
  target.removeEventListener("e", listener);
  target.dispatchEvent(new Event("e"));
  deepEqual(calls, ["a", "object truee", "once", "object truee"]);
});

test("preventDefault, stopImmediatePropagation, this and target", () => {
  const target = new EventTarget();
  const seen = [];
  target.addEventListener("e", function (event) {
    seen.push(this === target, event.target === target, event.currentTarget === target);
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  target.addEventListener("e", () => seen.push("not reached"));
  equal(target.dispatchEvent(new Event("e", { cancelable: true })), false);
  equal(target.dispatchEvent(new Event("e")), false); // even if it cannot be cancelled
  deepEqual(seen, [true, true, true, true, true, true]);
});

test("listeners added or removed while an event runs", () => {
  const target = new EventTarget();
  const seen = [];
  const second = () => seen.push("second");
  target.addEventListener("e", () => {
    seen.push("first");
    target.removeEventListener("e", second);
    target.addEventListener("e", () => seen.push("late"), { once: true });
  });
  target.addEventListener("e", second);
  target.dispatchEvent(new Event("e"));
  deepEqual(seen, ["first"]);
});

test("a signal removes a listener", () => {
  const target = new EventTarget();
  const controller = new AbortController();
  let count = 0;
  target.addEventListener("e", () => ++count, { signal: controller.signal });
  target.dispatchEvent(new Event("e"));
  controller.abort();
  target.dispatchEvent(new Event("e"));
  target.addEventListener("e", () => ++count, { signal: AbortSignal.abort() });
  target.dispatchEvent(new Event("e"));
  equal(count, 1);
});

test("EventTarget can be extended", () => {
  class Own extends EventTarget {}
  const own = new Own();
  let got;
  own.addEventListener("x", (event) => (got = event.detail));
  own.dispatchEvent(new CustomEvent("x", { detail: 7 }));
  equal(got, 7);
  throws(() => own.dispatchEvent({ type: "x" }), TypeError);
});

test("AbortController", () => {
  const controller = new AbortController();
  const { signal } = controller;
  equal(signal, controller.signal);
  const seen = [];
  signal.onabort = (event) => seen.push("onabort " + event.type);
  signal.addEventListener("abort", () => seen.push("listener " + signal.aborted));
  signal.throwIfAborted();
  equal(signal.reason, undefined);
  controller.abort();
  controller.abort("again");
  deepEqual(seen, ["onabort abort", "listener true"]);
  checkError(signal.reason, "AbortError");
  throws(() => signal.throwIfAborted(), "AbortError");
  throws(() => new AbortSignal(), TypeError);
});

test("reasons are kept as they are", () => {
  const reason = { my: "reason" };
  const controller = new AbortController();
  controller.abort(reason);
  equal(controller.signal.reason, reason);
  equal(throws(() => controller.signal.throwIfAborted()), reason);
  const aborted = AbortSignal.abort();
  equal(aborted.aborted, true);
  checkError(aborted.reason, "AbortError");
  equal(AbortSignal.abort("r").reason, "r");
  equal(AbortSignal.abort(0).reason, 0);
});

test("AbortSignal.timeout", async () => {
  const signal = AbortSignal.timeout(10);
  equal(signal.aborted, false);
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
  checkError(signal.reason, "TimeoutError");
});

test("AbortSignal.any", () => {
  const one = new AbortController();
  const two = new AbortController();
  const any = AbortSignal.any([one.signal, two.signal]);
  let events = 0;
  any.addEventListener("abort", () => ++events);
  equal(any.aborted, false);
  two.abort("second");
  one.abort("first");
  equal(any.reason, "second");
  equal(events, 1);
  equal(AbortSignal.any([new AbortController().signal, AbortSignal.abort("now")]).reason, "now");
  equal(AbortSignal.any([]).aborted, false);
  const nested = new AbortController();
  const outer = AbortSignal.any([AbortSignal.any([nested.signal])]);
  nested.abort("deep");
  equal(outer.reason, "deep");
});
