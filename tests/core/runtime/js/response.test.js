// SPDX-License-Identifier: GPL-3.0-or-later

test("defaults", () => {
  const response = new Response();
  equal(response.status, 200);
  equal(response.ok, true);
  equal(response.body, null);
  equal(response.bodyUsed, false);
  equal(response.redirected, false);
  equal(response.url, "");
  equal(response.type, "default");
  equal(response.webSocket, null);
  equal(Object.prototype.toString.call(response), "[object Response]");
});

test("status, text and headers", () => {
  const response = new Response("x", { status: 404, statusText: "Gone Fishing", headers: [["a", "b"]] });
  equal(response.status, 404);
  equal(response.ok, false);
  equal(response.statusText, "Gone Fishing");
  equal(response.headers.get("a"), "b");
  equal(new Response("x", { status: "201" }).status, 201);
  equal(new Response(null, { status: 599 }).status, 599);
});

test("bad arguments are refused", () => {
  for (const status of [199, 600, 0, -1]) throws(() => new Response("x", { status }), RangeError, "Responses may only be constructed with status codes in the range 200 to 599, inclusive.");
  for (const status of [204, 205, 304]) {
    throws(() => new Response("x", { status }), TypeError, "Response with null body status (101, 204, 205, or 304) cannot have a body.");
    equal(new Response(null, { status }).status, status);
  }
  throws(() => new Response("x", { statusText: "a\nb" }), TypeError, "Invalid statusText");
  throws(() => new Response("x", { headers: { "a b": "c" } }), TypeError);
  throws(() => Response("x"), TypeError);
});

test("content types by body", () => {
  equal(new Response("x").headers.get("content-type"), "text/plain;charset=UTF-8");
  equal(new Response(5).headers.get("content-type"), "text/plain;charset=UTF-8");
  equal(new Response(new URLSearchParams("a=b")).headers.get("content-type"), "application/x-www-form-urlencoded;charset=UTF-8");
  equal(new Response(new Uint8Array(1)).headers.get("content-type"), null);
  equal(new Response(new ReadableStream()).headers.get("content-type"), null);
  equal(new Response("x", { headers: { "Content-Type": "text/html" } }).headers.get("content-type"), "text/html");
});

test("Response.json", async () => {
  const response = Response.json({ a: [1] }, { status: 201, headers: { x: "y" } });
  equal(response.status, 201);
  equal(response.headers.get("content-type"), "application/json");
  equal(response.headers.get("x"), "y");
  equal(await response.text(), '{"a":[1]}');
  equal(Response.json(1, { headers: { "content-type": "application/problem+json" } }).headers.get("content-type"), "application/problem+json");
  const loop = {};
  loop.loop = loop;
  throws(() => Response.json(loop), TypeError);
});

test("Response.redirect", () => {
  const response = Response.redirect("http://a/b c");
  equal(response.status, 302);
  equal(response.headers.get("location"), "http://a/b%20c");
  equal(response.body, null);
  equal(Response.redirect("http://a/", 308).status, 308);
  throws(() => Response.redirect("foo"), TypeError, "Unable to parse URL: foo");
  throws(() => Response.redirect("http://a/", 200), RangeError, "200 is not a redirect status code.");
});

test("clone", async () => {
  const response = new Response("text", { status: 202, headers: { a: "b" } });
  const copy = response.clone();
  copy.headers.set("a", "c");
  equal(response.headers.get("a"), "b");
  equal(copy.status, 202);
  equal(await response.text(), "text");
  equal(await copy.text(), "text");
  throws(() => response.clone(), TypeError);
  equal(await new Response(null).clone().text(), "");
});

test("made from another's body and init", async () => {
  const first = new Response("text", { status: 418, statusText: "Pot", headers: { a: "b" } });
  const second = new Response(first.body, first);
  equal(second.status, 418);
  equal(second.statusText, "Pot");
  equal(second.headers.get("a"), "b");
  equal(second.headers.get("content-type"), "text/plain;charset=UTF-8");
  equal(await second.text(), "text");
  equal(first.bodyUsed, true);
});
