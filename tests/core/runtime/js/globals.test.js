// SPDX-License-Identifier: GPL-3.0-or-later

const illegal = "Illegal invocation: function called with incorrect `this` reference.";

test("the global object", () => {
  equal(Object.prototype.toString.call(globalThis), "[object ServiceWorkerGlobalScope]");
  equal(self, globalThis);
  ok(globalThis instanceof EventTarget);
  ok(!Object.hasOwn(globalThis, "fetch") && "fetch" in globalThis);
  deepEqual(Object.getOwnPropertyDescriptor(ServiceWorkerGlobalScope.prototype, "fetch").enumerable, true);
  equal(origin, "null");
  throws(() => new ServiceWorkerGlobalScope(), TypeError);
});

test("a global can be replaced and comes back", () => {
  const real = globalThis.atob;
  globalThis.atob = () => "mine";
  equal(atob("x"), "mine");
  delete globalThis.atob;
  equal(globalThis.atob, real);
});

test("a wrong this", () => {
  for (const [object, key] of [[Headers.prototype, "get"], [Request.prototype, "clone"], [URL.prototype, "toString"], [Event.prototype, "preventDefault"], [EventTarget.prototype, "dispatchEvent"], [Response.prototype, "text"], [URLSearchParams.prototype, "sort"]]) {
    for (const self of [{}, 5, "x", Object.create(object), new Proxy({}, {})]) throws(() => object[key].call(self, "a"), TypeError, illegal);
  }
  for (const [object, key] of [[Request.prototype, "url"], [Response.prototype, "status"], [URL.prototype, "href"], [Event.prototype, "type"]]) throws(() => object[key], TypeError, illegal);
  throws(() => setTimeout.call({}, () => {}), TypeError, illegal);
  throws(() => fetch.call({}, "http://h"), TypeError, illegal);
  ok(setTimeout.call(undefined, () => {}) > 0);
});

test("rejections that nobody catches", async () => {
  const seen = [];
  const listener = (event) => seen.push(event.type, event.reason);
  addEventListener("unhandledrejection", listener);
  addEventListener("rejectionhandled", listener);
  const promise = Promise.reject("why");
  Promise.reject("caught").catch(() => {});
  await pause(5);
  promise.catch(() => {});
  await pause(5);
  removeEventListener("unhandledrejection", listener);
  removeEventListener("rejectionhandled", listener);
  deepEqual(seen, ["unhandledrejection", "why", "rejectionhandled", undefined]);
});

test("a listener of rejections that throws, and one that rejects", async () => {
  let count = 0;
  const listener = () => {
    if (++count < 3) Promise.reject("again");
    throw new Error("in the listener");
  };
  addEventListener("unhandledrejection", listener);
  Promise.reject("first");
  await pause(20);
  removeEventListener("unhandledrejection", listener);
  equal(count, 3);
});

test("reportError", () => {
  const seen = [];
  const listener = (event) => {
    seen.push(event.message, event.error);
    event.preventDefault();
  };
  addEventListener("error", listener);
  reportError("text");
  queueMicrotask(() => {});
  removeEventListener("error", listener);
  deepEqual(seen, ["Uncaught text", "text"]);
  throws(() => reportError(), TypeError);
});

test("cf", async () => {
  const request = new Request("http://h/", { cf: { a: { b: [1] }, f() {} } });
  deepEqual(request.cf, { a: { b: [1] } });
  equal(request.cf, request.cf);
  const copy = new Request(request);
  copy.cf.a.b.push(2);
  deepEqual(request.cf, { a: { b: [1] } });
  throws(() => new Request("http://h/", { cf: 5 }), TypeError, "Incorrect type for the 'cf' field on 'RequestInitializerDict'");
  throws(() => new Request("http://h/", { cf: { get a() { throw new RangeError("boo"); } } }), RangeError, "boo");
});

test("a dictionary is read in order, each field once", () => {
  const read = [];
  const spy = () => new Proxy({}, { get: (_, key) => void read.push(String(key)) });
  new Request("http://h/", spy());
  equal(read.splice(0).join(), "method,headers,body,redirect,fetcher,cf,cache,integrity,signal,encodeResponseBody");
  new Response("x", spy());
  equal(read.splice(0).join(), "status,statusText,headers,cf,webSocket,encodeBody");
  new Event("x", spy());
  equal(read.splice(0).join(), "bubbles,cancelable,composed");
});

test("navigator, performance, scheduler", async () => {
  equal(navigator.userAgent, "Cloudflare-Workers");
  deepEqual(Object.keys(navigator), ["languages", "language", "platform", "hardwareConcurrency", "userAgent"]);
  throws(() => new Navigator(), TypeError, "Illegal constructor");
  equal(performance.timeOrigin, 0);
  ok(Math.abs(performance.now() - Date.now()) < 2000);
  await rejects(async () => scheduler.wait(), TypeError, "parameter 1 is not of type 'number'");
  const controller = new AbortController();
  const waiting = scheduler.wait(10000, { signal: controller.signal });
  controller.abort("stop");
  await rejects(waiting, Error, "stop");
});
