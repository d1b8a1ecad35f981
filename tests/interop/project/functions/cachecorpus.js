// SPDX-License-Identifier: GPL-3.0-or-later
// Small calls of the Cache API, one after the other, and what each gives: the same in every runtime, with what is a time or random masked.

const cases = [];
const add = (name, body) => cases.push([name, body]);
const origin = "http://cache.test";
let turn = 0;
/** A URL that no other case has. */
const fresh = () => `${origin}/case/${++turn}`;

async function shown(value) {
  if (value === undefined) return "undefined";
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "string") return value.length > 300 ? `${value.slice(0, 40)}... (${value.length})` : value;
  if (typeof value === "function") return `function ${value.name} ${value.length}`;
  if (value instanceof Response) {
    const headers = [...value.headers].map(([name, text]) => {
      if (name === "date") return [name, Math.abs(Date.now() - Date.parse(text)) < 60000 ? "<now>" : text];
      return [name, text.replace(/miniflare-boundary-[0-9a-f-]{36}/g, "<boundary>")];
    });
    const head = { status: value.status, statusText: value.statusText, url: value.url, redirected: value.redirected, headers, hasBody: value.body !== null };
    head.text = value.body === null ? null : await shown((await value.text()).replace(/miniflare-boundary-[0-9a-f-]{36}/g, "<boundary>"));
    return head;
  }
  if (Array.isArray(value)) return Promise.all(value.map(shown));
  const fields = { class: value.constructor?.name };
  for (const name of Object.keys(value)) fields[name] = await shown(value[name]);
  return fields;
}

function failure(error) {
  if (!(error instanceof Error)) return { thrown: String(error) };
  return { error: `${error.name}: ${error.message}`.replace(/reference = \w+/, "reference = ...") };
}

/** Stores a response and gives what comes back. */
const store = (name, body, init, request) =>
  add(name, async (cache) => {
    const url = fresh();
    const stored = await cache.put(request ? request(url) : url, new Response(body, init));
    return [stored === undefined, await cache.match(url)];
  });

// ---- what it is

add("shape", () => [typeof caches, String(caches), caches.constructor.name, typeof caches.default, caches.default === caches.default, caches.default.constructor.name, String(caches.default),
  Object.keys(caches), Object.keys(caches.default), Object.getOwnPropertyNames(Object.getPrototypeOf(caches)).sort(), Object.getOwnPropertyNames(Object.getPrototypeOf(caches.default)).sort(),
  typeof Cache, typeof CacheStorage, caches instanceof CacheStorage, caches.default instanceof Cache]);
add("open gives a new object", async () => [(await caches.open("one")) === (await caches.open("one")), (await caches.open("one")) instanceof Cache, caches.open("one") instanceof Promise]);
add("new Cache", () => new Cache());
add("new CacheStorage", () => new CacheStorage());
add("open()", () => caches.open());
for (const name of ["", "x".repeat(1023), "x".repeat(1024), "x".repeat(2000), "default", "named:one", "with space/é\n", null, undefined, 5, {}]) {
  add(`open(${JSON.stringify(String(name)).slice(0, 20)} ${String(name).length})`, async () => {
    const cache = await caches.open(name);
    const url = fresh();
    await cache.put(url, new Response("named", { headers: { "cache-control": "max-age=60" } }));
    return [await cache.match(url), await caches.default.match(url)];
  });
}
for (const method of ["has", "match", "keys", "delete"]) {
  add(`caches.${method}`, () => typeof caches[method]);
  add(`caches.${method}()`, () => caches[method]("x"));
}
for (const method of ["add", "addAll", "matchAll", "keys"]) {
  add(`cache.${method}`, (cache) => typeof cache[method]);
  add(`cache.${method}()`, (cache) => cache[method]("x"));
}
add("names are apart", async () => {
  const url = fresh();
  const one = await caches.open("one");
  const two = await caches.open("two");
  await one.put(url, new Response("one", { headers: { "cache-control": "max-age=60" } }));
  return [await one.match(url), await two.match(url), await caches.default.match(url), await (await caches.open("one")).match(url)];
});

// ---- keys

for (const [name, put, match] of [
  ["fragment", (u) => u + "#a", (u) => u + "#b"],
  ["query", (u) => u + "?a=1", (u) => u + "?a=1"],
  ["other query", (u) => u + "?a=1", (u) => u + "?a=2"],
  ["order of query", (u) => u + "?a=1&b=2", (u) => u + "?b=2&a=1"],
  ["empty query", (u) => u + "?", (u) => u],
  ["dots", (u) => u + "/a/../b", (u) => u + "/b"],
  ["upper case host", (u) => u.replace("cache.test", "CACHE.test"), (u) => u],
  ["port", (u) => u.replace("cache.test", "cache.test:80"), (u) => u],
  ["https", (u) => u.replace("http:", "https:"), (u) => u],
  ["escapes", (u) => u + "/é", (u) => u + "/%C3%A9"],
  ["escape case", (u) => u + "/%c3%a9", (u) => u + "/%C3%A9"],
  ["slash", (u) => u, (u) => u + "/"],
  ["URL object", (u) => new URL(u), (u) => new URL(u)],
  ["Request", (u) => new Request(u), (u) => new Request(u)],
  ["Request and text", (u) => new Request(u), (u) => u],
  ["something with a toString", (u) => ({ toString: () => u }), (u) => ({ toString: () => u })],
  ["other headers", (u) => new Request(u, { headers: { a: "1" } }), (u) => new Request(u, { headers: { a: "2" } })],
  ["user and password", (u) => u.replace("http://", "http://me:word@"), (u) => u],
  ["user and password for both", (u) => u.replace("http://", "http://me:word@"), (u) => u.replace("http://", "http://me:word@")],
  ["cacheKey", (u) => new Request(u, { cf: { cacheKey: u + "/key" } }), (u) => new Request(u + "/other", { cf: { cacheKey: u + "/key" } })],
  ["cacheKey, then the URL", (u) => new Request(u, { cf: { cacheKey: u + "/key" } }), (u) => u],
  ["cacheKey, then it as URL", (u) => new Request(u, { cf: { cacheKey: u + "/key" } }), (u) => u + "/key"],
  ["cacheKey that is a number", (u) => new Request(u, { cf: { cacheKey: 7 } }), (u) => new Request(u, { cf: { cacheKey: "7" } })],
  ["cacheKey that is empty", (u) => new Request(u, { cf: { cacheKey: "" } }), (u) => u],
]) {
  add(`key: ${name}`, async (cache) => {
    const url = fresh();
    await cache.put(put(url), new Response("found", { headers: { "cache-control": "max-age=60" } }));
    const found = await cache.match(match(url));
    return found === undefined ? "undefined" : found.text();
  });
}
for (const bad of ["/foo", "", "foo", "http://", 5, null, undefined, {}]) {
  add(`match(${JSON.stringify(bad)})`, (cache) => cache.match(bad));
  add(`put(${JSON.stringify(bad)}, response)`, (cache) => cache.put(bad, new Response("x")));
  add(`delete(${JSON.stringify(bad)})`, (cache) => cache.delete(bad));
}
for (const odd of ["ftp://cache.test/x", "data:text/plain,x", "file:///x", "ws://cache.test/x", "about:blank"]) {
  add(`scheme of ${odd}`, async (cache) => {
    await cache.put(odd, new Response("x", { headers: { "cache-control": "max-age=60" } }));
    const found = await cache.match(odd);
    return found ? found.text() : found;
  });
}

// ---- freshness

const day = 86400000;
const http = (ms) => new Date(Date.now() + ms).toUTCString();
for (const control of ["max-age=60", "max-age=0", "max-age=-1", "max-age=abc", "max-age", "max-age=\"60\"", "max-age=60.5", "MAX-AGE=60", "Max-Age=60", "max-age=60, max-age=0", "max-age=0, max-age=60", "s-maxage=60", "s-maxage=0, max-age=60",
  "s-maxage=60, max-age=0", "no-store", "no-cache", "private", "private, max-age=60", "public", "public, max-age=60", "no-store, max-age=60", "no-cache, max-age=60", "must-revalidate", "must-revalidate, max-age=60",
  "proxy-revalidate, max-age=60", "immutable", "immutable, max-age=60", "stale-while-revalidate=60", "max-age=0, stale-while-revalidate=60", "max-age=0, stale-if-error=60", "max-age=60, stale-if-error=-100",
  "private=set-cookie", "private=set-cookie, max-age=60", "max-age=60, private=set-cookie", "private=\"x-a\", max-age=60", "max-age=60,,", ";max-age=60", " max-age = 60 ", "max-age=99999999999", "no-transform, max-age=60", "s-maxage=60, private",
  "no-cache=\"set-cookie\", max-age=60", "", "proxy-revalidate, s-maxage=60", "pre-check=0, post-check=0, max-age=60", "must-understand, max-age=60", "must-understand, no-store, max-age=60"]) {
  store(`cache-control: ${control}`, "body", { headers: { "cache-control": control } });
}
store("no headers", "body", {});
store("pragma", "body", { headers: { pragma: "no-cache" } });
store("pragma and max-age", "body", { headers: { pragma: "no-cache", "cache-control": "max-age=60" } });
store("pragma and expires", "body", { headers: { pragma: "no-cache", expires: http(day) } });
for (const [name, headers] of [
  ["expires tomorrow", () => ({ expires: "Fri, 01 Jan 2100 00:00:00 GMT" })], ["expires in the past", () => ({ expires: "Thu, 01 Jan 2015 00:00:00 GMT" })], ["expires 0", () => ({ expires: "0" })], ["expires never", () => ({ expires: "never" })],
  ["expires and max-age 0", () => ({ expires: "Fri, 01 Jan 2100 00:00:00 GMT", "cache-control": "max-age=0" })], ["expired and max-age", () => ({ expires: "Thu, 01 Jan 2015 00:00:00 GMT", "cache-control": "max-age=60" })],
  ["last-modified", () => ({ "last-modified": "Thu, 01 Jan 2015 00:00:00 GMT" })], ["last-modified in the future", () => ({ "last-modified": "Fri, 01 Jan 2100 00:00:00 GMT" })], ["last-modified of now", () => ({ "last-modified": http(0) })],
  ["last-modified, no-cache", () => ({ "last-modified": "Thu, 01 Jan 2015 00:00:00 GMT", "cache-control": "no-cache" })], ["last-modified, public", () => ({ "last-modified": "Thu, 01 Jan 2015 00:00:00 GMT", "cache-control": "public" })],
  ["age", () => ({ age: "30", "cache-control": "max-age=60" })], ["age over", () => ({ age: "61", "cache-control": "max-age=60" })], ["age that is none", () => ({ age: "x", "cache-control": "max-age=60" })], ["age below 0", () => ({ age: "-30", "cache-control": "max-age=60" })],
  ["date of old", () => ({ date: "Thu, 01 Jan 2015 00:00:00 GMT", "cache-control": "max-age=60" })], ["date and expires", () => ({ date: "Thu, 01 Jan 2015 00:00:00 GMT", expires: "Thu, 01 Jan 2015 00:10:00 GMT" })],
  ["date in the future", () => ({ date: "Fri, 01 Jan 2100 00:00:00 GMT", "cache-control": "max-age=60" })],
  ["set-cookie", () => ({ "set-cookie": "a=b", "cache-control": "max-age=60" })], ["set-cookie public", () => ({ "set-cookie": "a=b", "cache-control": "public, max-age=60" })], ["set-cookie immutable", () => ({ "set-cookie": "a=b", "cache-control": "immutable, max-age=60" })],
  ["set-cookie with private=set-cookie", () => ({ "set-cookie": "a=b", "cache-control": "private=set-cookie, max-age=60" })], ["set-cookie with private=Set-Cookie", () => ({ "set-cookie": "a=b", "cache-control": "max-age=60, private=Set-Cookie" })],
  ["vary", () => ({ vary: "accept", "cache-control": "max-age=60" })], ["vary of two", () => ({ vary: "accept, x-a", "cache-control": "max-age=60" })],
  ["warning", () => ({ warning: '110 - "stale"', "cache-control": "max-age=60" })], ["warnings", () => ({ warning: '110 - "stale", 299 - "kept"', "cache-control": "max-age=60" })],
  ["connection", () => ({ connection: "x-a", "x-a": "1", "x-b": "2", "cache-control": "max-age=60" })], ["hop by hop", () => ({ te: "x", trailer: "x", upgrade: "x", "keep-alive": "x", "proxy-authenticate": "x", "cache-control": "max-age=60" })],
  ["cf-cache-status of its own", () => ({ "cf-cache-status": "MISS", "cache-control": "max-age=60" })], ["content-length that is wrong", () => ({ "content-length": "99", "cache-control": "max-age=60" })],
  ["content-encoding", () => ({ "content-encoding": "identity", "cache-control": "max-age=60" })], ["cache-tag", () => ({ "cache-tag": "x", "cache-control": "max-age=60" })], ["transfer-encoding", () => ({ "transfer-encoding": "chunked", "cache-control": "max-age=60" })],
  ["cdn-cache-control", () => ({ "cdn-cache-control": "max-age=60" })], ["cloudflare-cdn-cache-control", () => ({ "cloudflare-cdn-cache-control": "max-age=60", "cache-control": "no-store" })], ["beyond ASCII", () => ({ "x-a": "é", "cache-control": "max-age=60" })],
  ["empty header", () => ({ "x-a": "", "cache-control": "max-age=60" })], ["colons", () => ({ "x-a": "a: b:c", "cache-control": "max-age=60" })], ["repeated", () => [["x-a", "1"], ["x-a", "2"], ["cache-control", "max-age=60"]]],
  ["two cache-controls", () => [["cache-control", "max-age=60"], ["cache-control", "public"]]],
]) {
  add(name, async (cache) => {
    const url = fresh();
    await cache.put(url, new Response("body", { headers: headers() }));
    const found = await cache.match(url);
    if (found && name === "last-modified of now") return "found";
    return found;
  });
}
for (const [name, headers] of [["authorization", { authorization: "x" }], ["cache-control: no-store", { "cache-control": "no-store" }], ["cache-control: no-cache", { "cache-control": "no-cache" }], ["cookie", { cookie: "a=b" }], ["range", { range: "bytes=0-1" }], ["pragma", { pragma: "no-cache" }]]) {
  for (const control of ["max-age=60", "public, max-age=60", "must-revalidate, max-age=60", "s-maxage=60"]) store(`request with ${name}, ${control}`, "body", { headers: { "cache-control": control } }, (url) => new Request(url, { headers }));
}
for (const status of [200, 201, 202, 203, 204, 205, 206, 207, 226, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 403, 404, 405, 409, 410, 414, 418, 429, 451, 500, 501, 502, 503, 504, 599]) {
  const empty = [204, 205, 304].includes(status);
  for (const control of ["max-age=60", undefined, "public"]) {
    if (status === 204 || status === 304) continue; // see below
    store(`status ${status}, ${control}`, empty ? null : "body", { status, statusText: "Mine", headers: { ...(control ? { "cache-control": control } : { "last-modified": "Thu, 01 Jan 2015 00:00:00 GMT" }) } });
  }
}
store("status 304", null, { status: 304, headers: { "cache-control": "max-age=60" } });
store("status 204", null, { status: 204, headers: { "cache-control": "max-age=60" } });

// ---- bodies

const minute = { headers: { "cache-control": "max-age=60" } };
store("no body", null, minute);
store("empty body", "", minute);
store("bytes", new Uint8Array([1, 2, 3]), minute);
store("boxed text", new String("boxed"), minute);
store("long", "long ".repeat(200000), minute);
add("a stream of unknown length", async (cache) => {
  const url = fresh();
  const body = new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode("one ")); c.enqueue(new TextEncoder().encode("two")); c.close(); } });
  await cache.put(url, new Response(body, minute));
  return cache.match(url);
});
add("a stream of known length", async (cache) => {
  const url = fresh();
  const { readable, writable } = new FixedLengthStream(5);
  const writer = writable.getWriter();
  writer.write(new TextEncoder().encode("fixed"));
  writer.close();
  await cache.put(url, new Response(readable, minute));
  return cache.match(url);
});
add("a stream that fails", async (cache) => {
  const url = fresh();
  let outcome = "stored";
  try {
    await cache.put(url, new Response(new ReadableStream({ pull(c) { c.error(new RangeError("mine")); } }), minute));
  } catch (error) {
    outcome = failure(error);
  }
  return [outcome, await cache.match(url)];
});
add("a stream of texts", async (cache) => {
  const url = fresh();
  await cache.put(url, new Response(new ReadableStream({ start(c) { c.enqueue("text"); c.close(); } }), minute));
  return cache.match(url);
});
add("a body that was read", async (cache) => {
  const response = new Response("x", minute);
  await response.text();
  return cache.put(fresh(), response);
});
add("the response is used afterwards", async (cache) => {
  const response = new Response("x", minute);
  await cache.put(fresh(), response);
  return [response.bodyUsed, await response.text().catch(failure)];
});
add("a clone stays", async (cache) => {
  const url = fresh();
  const response = new Response("x", minute);
  await cache.put(url, response.clone());
  return [response.bodyUsed, await response.text(), await (await cache.match(url)).text()];
});
add("a response out of the cache is put again", async (cache) => {
  const url = fresh();
  const other = fresh();
  await cache.put(url, new Response("x", minute));
  await cache.put(other, await cache.match(url));
  return cache.match(other);
});
add("headers of what was found", async (cache) => {
  const url = fresh();
  await cache.put(url, new Response("x", minute));
  const found = await cache.match(url);
  try {
    found.headers.set("a", "b");
    return found.headers.get("a");
  } catch (error) {
    return failure(error);
  }
});
add("overwritten", async (cache) => {
  const url = fresh();
  await cache.put(url, new Response("one", minute));
  await cache.put(url, new Response("two", { status: 404, headers: { "cache-control": "max-age=90", "x-a": "1" } }));
  return cache.match(url);
});
add("overwritten by what is not stored", async (cache) => {
  const url = fresh();
  await cache.put(url, new Response("one", minute));
  await cache.put(url, new Response("two", { headers: { "cache-control": "no-store" } }));
  return cache.match(url);
});
add("overwritten by what has expired", async (cache) => {
  const url = fresh();
  await cache.put(url, new Response("one", minute));
  await cache.put(url, new Response("two", { headers: { "cache-control": "max-age=0" } }));
  return cache.match(url);
});
add("read twice", async (cache) => {
  const url = fresh();
  await cache.put(url, new Response("one", minute));
  return [await (await cache.match(url)).text(), await (await cache.match(url)).text()];
});

// ---- put's refusals

for (const method of ["POST", "HEAD", "PUT", "DELETE", "OPTIONS", "get", "GET", "PURGE"]) {
  add(`put with ${method}`, (cache) => cache.put(new Request(fresh(), { method }), new Response("x", minute)));
  add(`match with ${method}`, async (cache) => {
    const url = fresh();
    await cache.put(url, new Response("x", minute));
    const found = await cache.match(new Request(url, { method }));
    return found ? found.text() : found;
  });
  add(`match with ${method} and ignoreMethod`, async (cache) => {
    const url = fresh();
    await cache.put(url, new Response("x", minute));
    return cache.match(new Request(url, { method }), { ignoreMethod: true });
  });
  add(`delete with ${method}`, async (cache) => {
    const url = fresh();
    await cache.put(url, new Response("x", minute));
    return [await cache.delete(new Request(url, { method })), (await cache.match(url)) !== undefined, await cache.delete(new Request(url, { method }), { ignoreMethod: true }), (await cache.match(url)) !== undefined];
  });
}
add("put with 206", (cache) => cache.put(fresh(), new Response("x", { status: 206, headers: { "cache-control": "max-age=60", "content-range": "bytes 0-0/1" } })));
for (const vary of ["*", " * ", "accept, *", "*, accept", "**", "accept*", "accept,*,b"]) add(`put with vary ${vary}`, async (cache) => cache.put(fresh(), new Response("x", { headers: { vary, "cache-control": "max-age=60" } })));
add("POST comes before 206", (cache) => cache.put(new Request(fresh(), { method: "POST" }), new Response("x", { status: 206 })));
add("206 comes before vary", (cache) => cache.put(fresh(), new Response("x", { status: 206, headers: { vary: "*" } })));
add("Vary comes before a used body", async (cache) => {
  const response = new Response("x", { headers: { vary: "*" } });
  await response.text();
  return cache.put(fresh(), response);
});
add("put of a 101", (cache) => cache.put(fresh(), Response.error()));
add("put of Response.redirect", async (cache) => {
  const url = fresh();
  await cache.put(url, Response.redirect("http://a.test/", 301));
  return cache.match(url);
});

// ---- match: conditions and ranges

const tagged = { headers: { "cache-control": "max-age=60", etag: '"abc"', "last-modified": "Thu, 01 Jan 2015 00:00:00 GMT", "content-type": "text/x", "x-a": "kept" } };
for (const [name, text] of [['"abc"', '"abc"'], ["weak", 'W/"abc"'], ["other", '"abd"'], ["list", '"x", "abc"'], ["list without", '"x","y"'], ["star", "*"], ["star with spaces", " * "], ["bare", "abc"], ["star in a list", '"x", *'], ["empty", ""], ["empty tag", '""']]) {
  add(`if-none-match ${name}`, async (cache) => {
    const url = fresh();
    await cache.put(url, new Response("0123456789", tagged));
    return cache.match(new Request(url, { headers: { "if-none-match": text } }));
  });
}
for (const [name, etag] of [["weak", 'W/"abc"'], ["bare", "abc"], ["with a comma", '"a,b"'], ["none", undefined], ["empty", '""']]) {
  for (const asked of ['"abc"', "*", 'W/"abc"', "abc", '"a,b"', '""']) {
    add(`if-none-match ${asked} for an etag that is ${name}`, async (cache) => {
      const url = fresh();
      await cache.put(url, new Response("0123456789", { headers: { "cache-control": "max-age=60", ...(etag === undefined ? {} : { etag }) } }));
      return (await cache.match(new Request(url, { headers: { "if-none-match": asked } }))).status;
    });
  }
}
for (const since of ["Thu, 01 Jan 2015 00:00:00 GMT", "Thu, 01 Jan 2015 00:00:01 GMT", "Wed, 31 Dec 2014 23:59:59 GMT", "Thu, 1 Jan 2015 00:00:00 GMT", "2015-01-01T00:00:00Z", "Thursday, 01-Jan-15 00:00:00 GMT", "x", "Fri, 01 Jan 2015 00:00:00 GMT", "Thu, 01 Jan 2100 00:00:00 GMT"]) {
  add(`if-modified-since ${since}`, async (cache) => {
    const url = fresh();
    await cache.put(url, new Response("0123456789", tagged));
    return (await cache.match(new Request(url, { headers: { "if-modified-since": since } }))).status;
  });
}
for (const [name, headers] of [["if-match", { "if-match": '"zzz"' }], ["if-unmodified-since", { "if-unmodified-since": "Thu, 01 Jan 2010 00:00:00 GMT" }], ["if-range and range", { "if-range": '"zzz"', range: "bytes=0-1" }], ["cache-control: no-cache", { "cache-control": "no-cache" }],
  ["cache-control: no-store", { "cache-control": "no-store" }], ["cache-control: max-age=0", { "cache-control": "max-age=0" }], ["pragma", { pragma: "no-cache" }], ["range and if-none-match", { "if-none-match": '"abc"', range: "bytes=0-1" }],
  ["range and other etag", { "if-none-match": '"zzz"', range: "bytes=0-1" }], ["bad range and if-none-match", { "if-none-match": '"abc"', range: "bytes=100-" }], ["etag differs, date is old", { "if-none-match": '"zzz"', "if-modified-since": "Thu, 01 Jan 2020 00:00:00 GMT" }],
  ["cookie", { cookie: "a=b" }], ["authorization", { authorization: "x" }], ["accept-encoding", { "accept-encoding": "gzip" }]]) {
  add(`match with ${name}`, async (cache) => {
    const url = fresh();
    await cache.put(url, new Response("0123456789", tagged));
    return cache.match(new Request(url, { headers }));
  });
}
for (const range of ["bytes=0-3", "bytes=2-", "bytes=-3", "bytes=0-", "bytes=0-100", "bytes=-100", "bytes=9-9", "bytes=10-", "bytes=10-20", "bytes=-0", "bytes=3-2", "bytes=", "bytes", "", "bytes=a-b", "bytes=0-1,4-5", "bytes=0-1, 4-5", "bytes=0-1,20-30", "bytes=0-9", "bytes=0-0,-1", "bytes=4-5,0-1",
  "bytes=0-5,3-7", "bytes=1-2,1-2", "items=0-3", "BYTES=0-3", " bytes=0-3", "bytes= 0-3", "bytes=0 - 3", "bytes=0-3,", ",", "bytes=,0-3", "bytes=1.5-3", "bytes=99999999999999999999-", "bytes=0-99999999999999999999", "bytes=--3", "bytes=-", "bytes=+1-3", "bytes=0-9,0-1", "bytes=0-,0-1", "bytes=0-1;2-3"]) {
  add(`range ${range}`, async (cache) => {
    const url = fresh();
    await cache.put(url, new Response("0123456789", tagged));
    return cache.match(new Request(url, { headers: { range } }));
  });
}
for (const range of ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=0-1,2-3"]) {
  add(`range ${range} of nothing`, async (cache) => {
    const url = fresh();
    await cache.put(url, new Response("", minute));
    return cache.match(new Request(url, { headers: { range } }));
  });
  add(`range ${range} of what is not there`, (cache) => cache.match(new Request(fresh(), { headers: { range } })));
  add(`range ${range} of a 404`, async (cache) => {
    const url = fresh();
    await cache.put(url, new Response("0123456789", { status: 404, ...minute }));
    return cache.match(new Request(url, { headers: { range } }));
  });
}
add("ranges without a content-type", async (cache) => {
  const url = fresh();
  await cache.put(url, new Response(new Uint8Array([65, 66, 67, 68, 69]), minute));
  return cache.match(new Request(url, { headers: { range: "bytes=0-1,3-4" } }));
});
for (const size of [100, 200000]) {
  add(`range of ${size} with a content-length`, async (cache) => {
    const url = fresh();
    await cache.put(url, new Response("x".repeat(size), { headers: { "cache-control": "max-age=60", "content-length": String(size) } }));
    return [await cache.match(new Request(url, { headers: { range: `bytes=${size - 3}-` } })), await cache.match(url)];
  });
}

// ---- options

for (const option of ["ignoreSearch", "ignoreVary"]) {
  for (const value of [true, false, undefined, null]) {
    add(`match with ${option} ${value}`, (cache) => cache.match(fresh(), { [option]: value }));
    add(`delete with ${option} ${value}`, (cache) => cache.delete(fresh(), { [option]: value }));
  }
}
for (const options of [null, undefined, 5, "x", true, {}, [], { ignoreMethod: 1 }, { ignoreMethod: "" }, { ignoreMethod: null }, { other: 1 }]) {
  add(`match with options ${JSON.stringify(options)}`, (cache) => cache.match(fresh(), options));
  add(`delete with options ${JSON.stringify(options)}`, (cache) => cache.delete(fresh(), options));
}

// ---- delete

add("delete", async (cache) => {
  const url = fresh();
  await cache.put(url, new Response("x", minute));
  return [await cache.delete(url), await cache.match(url), await cache.delete(url)];
});
add("delete of what has expired", async (cache) => {
  const url = fresh();
  await cache.put(url, new Response("x", { headers: { "cache-control": "max-age=0" } }));
  return cache.delete(url);
});
add("delete of what has expired, after match", async (cache) => {
  const url = fresh();
  await cache.put(url, new Response("x", { headers: { "cache-control": "max-age=0" } }));
  return [await cache.match(url), await cache.delete(url)];
});
add("delete by cacheKey", async (cache) => {
  const url = fresh();
  await cache.put(url, new Response("x", minute));
  return [await cache.delete(new Request(fresh(), { cf: { cacheKey: url } })), await cache.match(url)];
});

// ---- wrong types

for (const method of ["match", "put", "delete"]) {
  add(`${method}()`, (cache) => cache[method]());
  add(`${method} without this`, (cache) => (0, cache[method])(fresh(), new Response("x")));
  add(`${method} of something else`, (cache) => cache[method].call({}, fresh(), new Response("x")));
}
for (const [name, value] of [["undefined", () => undefined], ["null", () => null], ["a number", () => 5], ["a text", () => "text"], ["an object", () => ({})], ["a Request", () => new Request("http://a.test/")],
  ["a promise", () => Promise.resolve(new Response("x"))]]) {
  add(`put(url, ${name})`, (cache) => cache.put(fresh(), value()));
}
add("put(url)", (cache) => cache.put(fresh()));
add("a URL that is a symbol", (cache) => cache.match(Symbol("x")));
add("a URL whose toString throws", (cache) => cache.match({ toString() { throw new RangeError("mine"); } }));
add("open without this", () => (0, caches.open)("x"));
add("default of something else", () => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(caches), "default")?.get.call({}));
add("open with a symbol", () => caches.open(Symbol("x")));
add("assignment", () => {
  caches.default = 5;
  return typeof caches.default;
});

export async function onRequest({ request }) {
  const only = new URL(request.url).searchParams.get("only");
  const results = [];
  for (const [name, body] of cases) {
    if (only && !name.includes(only)) continue;
    let result;
    try {
      result = await shown(await body(caches.default));
    } catch (error) {
      result = failure(error);
    }
    results.push([name, result]);
  }
  return Response.json(results);
}
