// SPDX-License-Identifier: GPL-3.0-or-later

test("defaults", () => {
  const request = new Request("http://example.com/a b?q=ü#f");
  equal(request.method, "GET");
  equal(request.url, "http://example.com/a%20b?q=%C3%BC#f");
  equal(request.redirect, "follow");
  equal(request.body, null);
  equal(request.bodyUsed, false);
  equal([...request.headers].length, 0);
  ok(request.signal instanceof AbortSignal);
  equal(request.signal.aborted, false);
  equal(Object.prototype.toString.call(request), "[object Request]");
});

test("methods are normalized as the standard says", () => {
  equal(new Request("http://a/", { method: "post" }).method, "POST");
  equal(new Request("http://a/", { method: "delete" }).method, "DELETE");
  equal(new Request("http://a/", { method: "PATCH" }).method, "PATCH");
  throws(() => new Request("http://a/", { method: "b c" }), TypeError, "Invalid HTTP method string: b c");
  throws(() => new Request("http://a/", { method: "" }), TypeError);
  throws(() => new Request("http://a/", { method: "CONNECT" }), TypeError, "Invalid HTTP method string: CONNECT");
});

test("the URL may be a URL, and must be whole", () => {
  equal(new Request(new URL("http://a/b")).url, "http://a/b");
  throws(() => new Request("/path"), TypeError, "Invalid URL: /path");
  throws(() => new Request(""), TypeError, "Invalid URL: ");
  throws(() => new Request(), TypeError);
});

test("a body brings its content type, unless one is there", async () => {
  const text = new Request("http://a/", { method: "POST", body: "ü" });
  equal(text.headers.get("content-type"), "text/plain;charset=UTF-8");
  equal(await text.text(), "ü");
  const form = new Request("http://a/", { method: "POST", body: new URLSearchParams({ a: "1 2" }) });
  equal(form.headers.get("content-type"), "application/x-www-form-urlencoded;charset=UTF-8");
  equal(await form.text(), "a=1+2");
  const bytes = new Request("http://a/", { method: "POST", body: new Uint8Array([1, 2]) });
  equal(bytes.headers.get("content-type"), null);
  deepEqual(new Uint8Array(await bytes.arrayBuffer()), new Uint8Array([1, 2]));
  const own = new Request("http://a/", { method: "POST", body: "{}", headers: { "content-type": "application/json" } });
  equal(own.headers.get("content-type"), "application/json");
  deepEqual(await own.json(), {});
});

test("GET and HEAD carry no body", () => {
  throws(() => new Request("http://a/", { body: "x" }), TypeError, "Request with a GET or HEAD method cannot have a body.");
  throws(() => new Request("http://a/", { method: "HEAD", body: "x" }), TypeError);
  equal(new Request("http://a/", { body: null }).body, null);
  equal(new Request("http://a/", { body: undefined }).body, null);
});

test("from a Request: everything is taken over, the body moves", async () => {
  const first = new Request("http://a/b", { method: "PUT", body: "text", headers: { x: "1" }, redirect: "manual" });
  const second = new Request(first);
  equal(second.method, "PUT");
  equal(second.url, "http://a/b");
  equal(second.redirect, "manual");
  equal(second.headers.get("x"), "1");
  equal(first.bodyUsed, true);
  equal(await second.text(), "text");
  await rejects(first.text(), TypeError, "Body has already been used");
  throws(() => new Request(first), TypeError);
});

test("from a Request with changes", async () => {
  const first = new Request("http://a/b", { method: "PUT", body: "text", headers: { x: "1", y: "2" } });
  const second = new Request(first, { headers: { z: "3" }, body: "other" });
  equal(second.headers.get("x"), null);
  equal(second.headers.get("z"), "3");
  equal(await second.text(), "other");
  equal(await first.text(), "text");
  const third = new Request("http://other/", new Request("http://a/", { method: "POST", body: "b", headers: { q: "r" } }));
  equal(third.url, "http://other/");
  equal(third.method, "POST");
  equal(third.headers.get("q"), "r");
  equal(await third.text(), "b");
});

test("clone: two independent bodies and headers", async () => {
  const request = new Request("http://a/", { method: "POST", body: "both", headers: { x: "1" } });
  const copy = request.clone();
  copy.headers.set("x", "2");
  equal(request.headers.get("x"), "1");
  equal(await copy.text(), "both");
  equal(await request.text(), "both");
  throws(() => request.clone(), TypeError);
});

test("clone of a stream body", async () => {
  const stream = new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode("st")); c.enqueue(new TextEncoder().encode("ream")); c.close(); } });
  const request = new Request("http://a/", { method: "POST", body: stream });
  const copy = request.clone();
  equal(await request.text(), "stream");
  equal(await copy.text(), "stream");
});

test("the signal follows the one that was given", () => {
  const controller = new AbortController();
  const request = new Request("http://a/", { signal: controller.signal });
  const copy = new Request(request);
  controller.abort("why");
  equal(request.signal.aborted, true);
  equal(request.signal.reason, "why");
  equal(copy.signal.aborted, true);
  throws(() => new Request("http://a/", { signal: {} }), TypeError, "AbortSignal");
  equal(new Request("http://a/", { signal: null }).signal.aborted, false);
});

test("redirect modes", () => {
  equal(new Request("http://a/", { redirect: "manual" }).redirect, "manual");
  throws(() => new Request("http://a/", { redirect: "x" }), TypeError, "Invalid redirect value");
});

test("cf travels along", () => {
  deepEqual(new Request("http://a/", { cf: { cacheTtl: 5 } }).cf, { cacheTtl: 5 });
});

test("a request in place of the dictionary shares its body", async () => {
  const used = "Body has already been used. It can only be used once. Use tee() first if you need to read it twice.";
  const make = () => new Request("http://a/", { method: "PUT", body: '{"a":1}', headers: { "content-type": "application/json" } });
  const failure = (promise) => promise.then(() => "read", (error) => error.message);
  for (const touch of [() => {}, (request) => request.body]) {
    const old = make();
    touch(old);
    const made = new Request("http://b/", old);
    equal(`${made.url} ${made.method} ${made.headers.get("content-type")} ${old.bodyUsed} ${made.bodyUsed} ${old.body === made.body}`, "http://b/ PUT application/json false false true");
    equal((await old.json()).a, 1);
    equal(made.bodyUsed, true);
    equal(await failure(made.text()), used);
  }
  const first = make();
  equal(await new Request("http://b/", first).text(), '{"a":1}');
  equal(await failure(first.text()), used);
  const cloned = make();
  const beside = new Request("http://b/", cloned);
  const copy = cloned.clone();
  equal(await copy.text() + await cloned.text(), '{"a":1}{"a":1}');
  equal(await failure(beside.text()), used);
  const twice = make();
  const same = new Request(twice, twice);
  equal(twice.bodyUsed, false);
  equal(await same.text(), '{"a":1}');
  const gone = make();
  await gone.text();
  throws(() => new Request("http://b/", gone), TypeError, "This ReadableStream is disturbed (has already been read from), and cannot be used as a body.");
  const locked = make();
  locked.body.getReader();
  equal(new Request("http://b/", locked).bodyUsed, false);
});
