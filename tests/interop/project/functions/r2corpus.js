// SPDX-License-Identifier: GPL-3.0-or-later
// Small R2 calls, one after the other, and what each gives: the same in every runtime, with what is random or a time masked.
// Knows nothing but env.CORPUS, an empty bucket.

const cases = [];
const add = (name, body) => cases.push([name, body]);

function hex(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function shown(value, key) {
  if (value === undefined) return "undefined";
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "string") {
    if (key === "version") return /^[0-9a-f]{32}$/.test(value) ? "<version>" : value;
    if (key === "uploadId" || (key === "etag" && value.length > 100)) return /^[\w-]{171}$/.test(value) ? "<id>" : value;
    return value.length > 200 ? `${value.slice(0, 40)}... (${value.length})` : value;
  }
  if (typeof value === "function") return `function ${value.name} ${value.length}`;
  if (value instanceof Date) return key === "uploaded" ? (Math.abs(Date.now() - value.getTime()) < 60000 ? "<now>" : value.toJSON()) : `Date ${value.toJSON()}`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${value.byteLength > 100 ? value.byteLength : hex(value)}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${hex(value.slice().buffer)}`;
  if (value instanceof ReadableStream) return `ReadableStream ${value.locked}`;
  if (Array.isArray(value)) return value.map((item) => shown(item));
  if (typeof value === "symbol") return String(value);
  const fields = { class: value.constructor?.name };
  for (const name of Object.keys(value)) fields[name] = shown(value[name], name);
  return fields;
}

function failure(error) {
  if (!(error instanceof Error)) return { thrown: String(error) };
  return { error: `${error.name}: ${error.message}`.replace(/reference = \w+/, "reference = ...") };
}

const hello = "5d41402abc4b2a76b9719d911017c592"; // MD5 of "hello"
const sums = {
  md5: hello,
  sha1: "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d",
  sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
  sha384: "59e1748777448c69de6b800d7a33bbfb9ff1b463e44354c3553bcdb9c666fa90125a3c79f90397bdf5f6a13de828684f",
  sha512: "9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043",
};
const unhex = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
const past = new Date("2020-01-01T00:00:00Z");
const future = new Date("2090-01-01T00:00:00Z");

// ---- classes

add("shape of the bucket", (b) => [b.constructor.name, Object.keys(b), Object.getOwnPropertyNames(Object.getPrototypeOf(b)).sort(), String(b), Object.prototype.toString.call(b)]);
add("shape of an object", async (b) => {
  await b.put("shape", "hello");
  const head = await b.head("shape");
  const got = await b.get("shape");
  const proto = Object.getPrototypeOf(got);
  const described = Object.getOwnPropertyDescriptor(head, "key");
  return [head.constructor.name, got.constructor.name, Object.keys(head), Object.keys(got), Object.getOwnPropertyNames(proto).sort(),
    Object.getOwnPropertyNames(Object.getPrototypeOf(proto)).sort(), Object.keys(described).sort(), described.writable, described.configurable, got instanceof head.constructor,
    Object.prototype.toString.call(got), Object.prototype.toString.call(head.checksums), Object.keys(head.checksums), JSON.stringify(head.checksums),
    head.uploaded instanceof Date, head.customMetadata === head.customMetadata, head.checksums.md5 === head.checksums.md5, typeof R2Bucket, typeof R2Object, await got.text()];
});
add("JSON of an object", async (b) => {
  const text = JSON.parse(JSON.stringify(await b.head("shape")));
  text.uploaded = typeof text.uploaded;
  return text;
});
add("properties are read-only", async (b) => {
  "use strict";
  const head = await b.head("shape");
  try {
    head.key = "other";
    return head.key;
  } catch (error) {
    return error.name;
  }
});
add("new of a class", (b) => new b.constructor());
add("method without this", (b) => (0, b.get)("shape"));

// ---- put

const values = {
  string: "hello", empty: "", unicode: "aé日😀", lone: "a\ud800b", buffer: new Uint8Array([1, 2, 3]).buffer, view: new Uint8Array([9, 8, 7, 6]).subarray(1, 3), words: new Uint16Array([1, 256]),
  nothing: null, undef: undefined, number: 5, yes: true, object: { a: 1 }, array: [1, 2], date: past, symbol: Symbol("x"), big: 5n,
};
for (const [name, value] of Object.entries(values)) {
  add(`put ${name}`, async (b) => [await b.put(`v/${name}`, value), await (await b.get(`v/${name}`)).arrayBuffer()]);
}
add("put blob", async (b) => [await b.put("v/blob", new Blob(["ab", "cd"], { type: "text/css" })), await (await b.get("v/blob")).text()]);
add("put one argument", (b) => b.put("v/one"));
add("put no argument", (b) => b.put());
add("put body of a response", async (b) => [await b.put("v/response", new Response("from a response").body), await (await b.get("v/response")).text()]);
add("put a fixed length stream", async (b) => {
  const { readable, writable } = new FixedLengthStream(6);
  const writer = writable.getWriter();
  const written = writer.write(new Uint8Array([1, 2, 3, 4, 5, 6])).then(() => writer.close());
  const put = await b.put("v/fixed", readable);
  await written;
  return [put, await (await b.get("v/fixed")).arrayBuffer()];
});
add("put a stream of no known length", (b) => b.put("v/stream", new ReadableStream({ start(controller) { controller.enqueue(new Uint8Array([1])); controller.close(); } })));
add("put an identity stream", async (b) => {
  const { readable, writable } = new IdentityTransformStream();
  const writer = writable.getWriter();
  writer.write(new Uint8Array([1])).then(() => writer.close()).catch(() => {});
  return b.put("v/identity", readable);
});
add("put a read stream", async (b) => {
  const stream = new Response("x").body;
  await stream.getReader().read();
  return b.put("v/read", stream);
});
add("put the body of an object", async (b) => [await b.put("v/copy", (await b.get("v/string")).body), await (await b.get("v/copy")).text()]);
add("put key number", async (b) => [await b.put(7, "seven"), await (await b.get("7")).text()]);
add("put key null", (b) => b.put(null, "x"));
add("put key empty", async (b) => [await b.put("", "empty key"), await (await b.get("")).text()]);
add("put key 1024 bytes", (b) => b.put("k".repeat(1024), "x").then((object) => object.key.length));
add("put key 1025 bytes", (b) => b.put("k".repeat(1025), "x"));
add("put key 1026 bytes of 513 characters", (b) => b.put("é".repeat(513), "x"));
add("put key with odd characters", async (b) => [await b.put("odd/../a\nb\u0001é😀", "x"), await b.head("odd/../a\nb\u0001é😀")]);

// ---- metadata

add("httpMetadata object", async (b) => {
  const given = { contentType: "text/html", contentLanguage: "de", contentDisposition: "inline", contentEncoding: "br", cacheControl: "no-store", cacheExpiry: future };
  return [await b.put("m/http", "x", { httpMetadata: given }), await b.head("m/http")];
});
add("httpMetadata partly", async (b) => [await b.put("m/part", "x", { httpMetadata: { cacheControl: "max-age=1", contentType: "a/b", other: 1 } }), await b.head("m/part")]);
add("httpMetadata headers", async (b) => {
  const headers = new Headers({ "content-type": "text/plain", "content-language": "en", "content-disposition": "attachment", "content-encoding": "gzip", "cache-control": "x", expires: "Sun, 01 Jan 2090 00:00:00 GMT", other: "y" });
  return [await b.put("m/headers", "x", { httpMetadata: headers }), await b.head("m/headers")];
});
add("httpMetadata expiry number", async (b) => [await b.put("m/expiry", "x", { httpMetadata: { cacheExpiry: 3786912000000 } }), await b.head("m/expiry")]);
add("httpMetadata expiry bad", (b) => b.put("m/expiry2", "x", { httpMetadata: { cacheExpiry: "tomorrow" } }));
add("httpMetadata expiry headers bad", (b) => b.put("m/expiry3", "x", { httpMetadata: new Headers({ expires: "tomorrow" }) }));
add("httpMetadata string", (b) => b.put("m/string", "x", { httpMetadata: "text/html" }));
add("httpMetadata null", (b) => b.put("m/null", "x", { httpMetadata: null }));
add("httpMetadata type number", async (b) => [await b.put("m/number", "x", { httpMetadata: { contentType: 5 } }), await b.head("m/number")]);
add("httpMetadata type null", async (b) => [await b.put("m/number", "x", { httpMetadata: { contentType: null } }), await b.head("m/number")]);
add("writeHttpMetadata", async (b) => {
  const headers = new Headers({ "content-type": "old", etag: "x" });
  const result = (await b.head("m/http")).writeHttpMetadata(headers);
  return [result, [...headers]];
});
add("writeHttpMetadata none", async (b) => (await b.head("shape")).writeHttpMetadata());
add("writeHttpMetadata object", async (b) => (await b.head("shape")).writeHttpMetadata({}));
add("customMetadata", async (b) => [await b.put("m/custom", "x", { customMetadata: { a: "1", B: "zwei", "ö": "ü", 5: "five" } }), await b.head("m/custom")]);
add("customMetadata numbers", async (b) => [await b.put("m/numbers", "x", { customMetadata: { a: 1, b: true, c: null } }), await b.head("m/numbers")]);
add("customMetadata string", (b) => b.put("m/text", "x", { customMetadata: "text" }));
add("customMetadata array", async (b) => b.put("m/array", "x", { customMetadata: ["p", "q"] }));
add("customMetadata 8192", (b) => b.put("m/8192", "x", { customMetadata: { ab: "x".repeat(8190) } }).then((object) => Object.keys(object.customMetadata)));
add("customMetadata 8193", (b) => b.put("m/8193", "x", { customMetadata: { ab: "x".repeat(8191) } }));
add("customMetadata wide", (b) => b.put("m/wide", "x", { customMetadata: { ab: "日".repeat(4096) } }));
add("customMetadata wide that fits", (b) => b.put("m/wide", "x", { customMetadata: { ab: "日".repeat(4095) } }).then((object) => object.key));
add("storageClass", async (b) => [await b.put("m/class", "x", { storageClass: "InfrequentAccess" }), await b.head("m/class")]);
add("storageClass odd", (b) => b.put("m/class", "x", { storageClass: "Odd" }).then((object) => object.storageClass));
add("ssecKey", async (b) => [await b.put("m/ssec", "x", { ssecKey: "a".repeat(64) }), await (await b.get("m/ssec", { ssecKey: new Uint8Array(32) })).text()]);
add("ssecKey short", (b) => b.put("m/ssec", "x", { ssecKey: "abcd" }));
add("ssecKey no hex", (b) => b.put("m/ssec", "x", { ssecKey: "z".repeat(64) }));
add("ssecKey upper case", (b) => b.put("m/ssec", "x", { ssecKey: "A".repeat(64) }));
add("ssecKey bytes short", (b) => b.put("m/ssec", "x", { ssecKey: new Uint8Array(31) }));
add("ssecKey of get", (b) => b.get("m/ssec", { ssecKey: "xyz" }));
add("put options string", (b) => b.put("m/options", "x", "options"));
add("put options null", (b) => b.put("m/options", "x", null));

// ---- checksums

for (const [name, sum] of Object.entries(sums)) {
  add(`checksum ${name}`, async (b) => [await b.put(`c/${name}`, "hello", { [name]: sum }), await b.head(`c/${name}`), JSON.stringify((await b.head(`c/${name}`)).checksums)]);
  add(`checksum ${name} bytes`, async (b) => (await b.put(`c/${name}`, "hello", { [name]: unhex(sum) })).checksums);
  add(`checksum ${name} buffer, capitals`, async (b) => [(await b.put(`c/${name}`, "hello", { [name]: unhex(sum).buffer })).key, (await b.put(`c/${name}`, "hello", { [name]: sum.toUpperCase() })).key]);
  add(`checksum ${name} wrong`, (b) => b.put(`c/${name}`, "other", { [name]: sum }));
  add(`checksum ${name} short`, (b) => b.put(`c/${name}`, "hello", { [name]: "abcd" }));
  add(`checksum ${name} short bytes`, (b) => b.put(`c/${name}`, "hello", { [name]: new Uint8Array(3) }));
  add(`checksum ${name} no hex`, (b) => b.put(`c/${name}`, "hello", { [name]: "z".repeat(sum.length) }));
}
add("checksum after a failure", async (b) => (await b.get("c/md5")).text());
add("two checksums", (b) => b.put("c/two", "hello", { md5: sums.md5, sha1: sums.sha1 }));
add("checksum number", (b) => b.put("c/number", "hello", { md5: 5 }));
add("checksum null", (b) => b.put("c/null", "hello", { md5: null }));

// ---- get, ranges

const digits = async (b) => b.put("digits", "0123456789");
add("digits", digits);
const ranges = [
  { offset: 3 }, { offset: 3, length: 2 }, { length: 4 }, { suffix: 3 }, { suffix: 100 }, { offset: 8, length: 100 }, {}, { offset: 0 }, { offset: 10 }, { offset: 11 }, { length: 0 }, { suffix: 0 },
  { offset: -1 }, { length: -1 }, { suffix: -1 }, { offset: 1.5 }, { length: 1.5 }, { suffix: 1.5 }, { offset: 1, suffix: 1 }, { length: 1, suffix: 1 }, { offset: "2" }, { offset: "x" }, { offset: null, length: 2 },
  { offset: NaN }, { offset: Infinity }, { length: 1e15 }, { other: 1 }, null, "bytes=0-1", 5, [],
];
for (const range of ranges) {
  add(`range ${JSON.stringify(range)} ${Number.isNaN(range?.offset) ? "NaN" : ""}`, async (b) => {
    const got = await b.get("digits", { range });
    return [got.range, got.size, await got.text()];
  });
}
for (const range of ["bytes=2-4", "bytes=2-", "bytes=-3", "bytes=0-0", "bytes=0-100", "bytes=20-30", "bytes=0-1,3-4", "bytes=5-2", "lines=1-2", "bytes=", "", "bytes=a-b", "bytes= 2 - 4", "BYTES=2-4", "bytes=-0", "bytes=-100", "bytes=9-", "bytes=10-"]) {
  add(`range header ${range}`, async (b) => {
    const got = await b.get("digits", { range: new Headers({ range }) });
    return [got.range, await got.text()];
  });
}
add("range headers without range", async (b) => (await b.get("digits", { range: new Headers() })).range);
add("range of an empty object", async (b) => [(await b.get("v/empty", { range: { length: 5 } })).range]);
add("range 0 of an empty object", async (b) => (await b.get("v/empty", { range: { offset: 0 } })).range);
add("suffix of an empty object", async (b) => (await b.get("v/empty", { range: { suffix: 2 } })).range);
add("empty object", async (b) => [await b.get("v/empty"), await (await b.get("v/empty")).text()]);
add("get missing", (b) => b.get("missing"));
add("head missing", (b) => b.head("missing"));
add("get missing with a range", (b) => b.get("missing", { range: { offset: 5 } }));
add("get without argument", (b) => b.get());
add("head without argument", (b) => b.head());
add("get undefined", (b) => b.get(undefined));
add("get object key", (b) => b.get({}));
add("get symbol", (b) => b.get(Symbol("x")));
add("get long key", (b) => b.get("k".repeat(1025)));
add("head long key", (b) => b.head("k".repeat(1025)));
add("get options string", (b) => b.get("digits", "x"));
add("get options null", async (b) => (await b.get("digits", null)).key);
add("get options array", async (b) => (await b.get("digits", [])).key);
add("body twice", async (b) => {
  const got = await b.get("digits");
  const before = got.bodyUsed;
  await got.text();
  return [before, got.bodyUsed, await got.text().catch(failure), await got.arrayBuffer().catch(failure), await got.json().catch(failure), await got.blob().catch(failure), await got.bytes().catch(failure)];
});
add("body stream", async (b) => {
  const got = await b.get("digits");
  const same = got.body === got.body;
  const reader = got.body.getReader();
  const first = await reader.read();
  const second = await reader.read();
  return [same, first.done, first.value, second.done, got.bodyUsed];
});
add("body locked", async (b) => {
  const got = await b.get("digits");
  got.body.getReader();
  return got.text();
});
add("body as a response", async (b) => {
  const response = new Response((await b.get("digits")).body);
  return [await response.text(), [...response.headers]];
});
add("json", async (b) => {
  await b.put("json", '{"a":[1,null]}');
  return (await b.get("json")).json();
});
add("json bad", async (b) => (await b.get("v/unicode")).json().catch((error) => error.name));
add("bytes", async (b) => (await b.get("v/view")).bytes());
add("blob", async (b) => {
  const blob = await (await b.get("m/http")).blob();
  return [blob.size, blob.type, await blob.text(), (await (await b.get("digits")).blob()).type];
});
add("text with a byte order mark", async (b) => {
  await b.put("bom", new Uint8Array([0xef, 0xbb, 0xbf, 0x61]));
  return [(await (await b.get("bom")).text()).length, (await (await b.get("bom")).arrayBuffer()).byteLength];
});
add("text that is no UTF-8", async (b) => {
  await b.put("latin", new Uint8Array([0x61, 0xff, 0x62]));
  return (await b.get("latin")).text();
});
add("tee", async (b) => {
  const [one, two] = (await b.get("digits")).body.tee();
  return [await new Response(one).text(), await new Response(two).text()];
});
add("cancel", async (b) => {
  const got = await b.get("digits");
  await got.body.cancel();
  return got.bodyUsed;
});

// ---- conditions

add("condition object", async (b) => (await b.put("if", "hello")).etag);
const conditions = [
  { etagMatches: hello }, { etagMatches: "other" }, { etagDoesNotMatch: hello }, { etagDoesNotMatch: "other" }, { etagMatches: "*" }, { etagDoesNotMatch: "*" }, { etagMatches: `"${hello}"` },
  { etagDoesNotMatch: `"${hello}"` }, { etagMatches: `W/"${hello}"` }, { etagDoesNotMatch: `W/"${hello}"` }, { uploadedBefore: past }, { uploadedBefore: future }, { uploadedAfter: past }, { uploadedAfter: future },
  { uploadedAfter: past, uploadedBefore: future }, { etagMatches: hello, uploadedBefore: past }, { etagDoesNotMatch: "other", uploadedAfter: future }, { etagMatches: "other", uploadedBefore: future },
  { uploadedBefore: 1 }, { uploadedAfter: 1 }, { uploadedAfter: "x" }, { uploadedBefore: NaN }, { uploadedAfter: "2020-01-01" }, { secondsGranularity: true }, { secondsGranularity: true, uploadedAfter: past }, { etagMatches: 5 }, { etagMatches: "" }, {}, null, "x", { etagMatches: hello, etagDoesNotMatch: hello },
  { etagMatches: "a, b" },
];
for (const onlyIf of conditions) {
  add(`get if ${JSON.stringify(onlyIf)}`, async (b) => {
    const got = await b.get("if", { onlyIf });
    return [got?.constructor.name, "body" in got, got.range];
  });
}
for (const onlyIf of [{ etagMatches: hello }, { etagMatches: "other" }, { etagDoesNotMatch: "*" }, { uploadedBefore: past }, { uploadedAfter: past }, { etagMatches: `"x"` }]) {
  add(`put if ${JSON.stringify(onlyIf)}`, async (b) => [await b.put("if", "hello", { onlyIf }), await b.put("absent", "x", { onlyIf }), await b.head("absent"), await b.delete("absent")]);
}
const conditionHeaders = [
  { "if-match": `"${hello}"` }, { "if-match": hello }, { "if-match": "*" }, { "if-match": `"x", "${hello}"` }, { "if-match": `"x" "${hello}"` }, { "if-match": `W/"${hello}"` }, { "if-none-match": `W/"${hello}"` },
  { "if-none-match": `"x", W/"${hello}"` }, { "if-none-match": "*" }, { "if-none-match": `"${hello}"` }, { "if-none-match": `"open` }, { "if-none-match": `Wx"a"` }, { "if-none-match": `"a", *` }, { "if-none-match": `"a" W/"b"` }, { "if-none-match": `"a" *` },
  { "if-none-match": ", ," }, { "if-none-match": "" }, { "if-modified-since": "Wed, 01 Jan 2020 00:00:00 GMT" }, { "if-modified-since": "Sun, 01 Jan 2090 00:00:00 GMT" }, { "if-modified-since": "never" }, { "if-unmodified-since": "Wed, 01 Jan 2020 00:00:00 GMT" },
  { "if-unmodified-since": "Sun, 01 Jan 2090 00:00:00 GMT" }, { other: "x" },
];
for (const headers of conditionHeaders) {
  add(`get if headers ${JSON.stringify(headers)}`, async (b) => {
    const got = await b.get("if", { onlyIf: new Headers(headers) });
    return ["body" in got];
  });
}
add("get if, missing", (b) => b.get("missing", { onlyIf: { etagMatches: "x" } }));
add("get if with a range", async (b) => {
  const got = await b.get("if", { onlyIf: { etagMatches: "x" }, range: { offset: 1 } });
  return [got.constructor.name, got.range, "text" in got];
});
add("get if with a range beyond", (b) => b.get("if", { onlyIf: { etagMatches: "x" }, range: { offset: 100 } }));

// ---- delete

add("delete", async (b) => {
  await b.put("d/1", "x");
  return [await b.delete("d/1"), await b.head("d/1"), await b.delete("d/1")];
});
add("delete several", async (b) => {
  for (const name of ["d/1", "d/2", "d/3"]) await b.put(name, "x");
  return [await b.delete(["d/1", "d/3", "d/none"]), (await b.list({ prefix: "d/" })).objects.map((object) => object.key)];
});
add("delete none", (b) => b.delete([]));
add("delete without argument", (b) => b.delete());
add("delete undefined", (b) => b.delete(undefined));
add("delete object", (b) => b.delete({}));
add("delete number", (b) => b.delete(5));
add("delete numbers", (b) => b.delete([5, 6]));
add("delete set", (b) => b.delete(new Set(["a"])));
add("delete long key", (b) => b.delete("k".repeat(1025)));
add("delete long among others", async (b) => [await b.delete(["d/2", "k".repeat(1025)]).catch(failure), (await b.head("d/2"))?.key]);
add("delete many", (b) => b.delete(Array.from({ length: 1001 }, (_, i) => `none/${i}`)));

// ---- list

add("list data", async (b) => {
  for (const name of ["l/a", "l/a/1", "l/a/2", "l/b", "l/c/1", "l/c/d/2", "l/é", "l/😀", "l/%", "l/_"]) await b.put(name, name, { customMetadata: { name: "n" }, httpMetadata: { contentType: "a/b" } });
});
const lists = [
  { prefix: "l/" }, { prefix: "l/", limit: 3 }, { prefix: "l/", delimiter: "/" }, { prefix: "l/", delimiter: "/", limit: 2 }, { prefix: "l/a", delimiter: "/" }, { prefix: "l/a/", delimiter: "/" }, { delimiter: "/", prefix: "l" },
  { prefix: "l/", startAfter: "l/b" }, { prefix: "l/", startAfter: "l/b", cursor: btoa("l/c/1") }, { prefix: "l/", startAfter: "l/c/1", cursor: btoa("l/b") }, { prefix: "l/", cursor: "!!!" }, { prefix: "l/", cursor: "" },
  { prefix: "none" }, { prefix: "l/", limit: 0 }, { prefix: "l/", limit: -1 }, { prefix: "l/", limit: 1001 }, { prefix: "l/", limit: 1000 }, { prefix: "l/", limit: 2.9 }, { prefix: "l/", limit: "2" }, { prefix: "l/", limit: "x" },
  { prefix: "l/", limit: NaN }, { prefix: "l/", limit: 1e10 }, { prefix: "l/", limit: null }, { prefix: 5 }, { prefix: null }, { prefix: "l/", delimiter: "" }, { prefix: "l/", delimiter: "/d/" }, { prefix: "l/", delimiter: 5 }, { prefix: "l/", cursor: 5 }, { prefix: "l/%" }, { prefix: "l/_" },
  { prefix: "l/", startAfter: "" }, { prefix: "l/", include: "httpMetadata" }, { prefix: "l/", include: ["foo"] }, { prefix: "l/", include: [5] }, { prefix: "l/", delimiter: "/", startAfter: "l/a/1" }, { prefix: "l/a/1", delimiter: "1" },
  { prefix: "L/" }, { prefix: "l/", limit: 10 }, { prefix: "l/", limit: 9 },
];
for (const options of lists) {
  add(`list ${JSON.stringify(options)} ${Number.isNaN(options.limit) ? "NaN" : ""}`, async (b) => {
    const listed = await b.list(options);
    return { ...listed, objects: listed.objects.map((object) => object.key) };
  });
}
for (const include of [undefined, [], ["httpMetadata"], ["customMetadata"], ["httpMetadata", "customMetadata"]]) {
  add(`list include ${JSON.stringify(include)}`, async (b) => (await b.list({ prefix: "l/b", include })).objects);
  add(`list include ${JSON.stringify(include)} with a delimiter`, async (b) => (await b.list({ prefix: "l/", delimiter: "/", include })).objects[1]);
}
add("list without writing metadata", async (b) => {
  const headers = new Headers();
  const [object] = (await b.list({ prefix: "l/b" })).objects;
  object.writeHttpMetadata(headers);
  return [...headers];
});
add("list pages", async (b) => {
  const pages = [];
  let cursor;
  do {
    const page = await b.list({ prefix: "l/", limit: 4, cursor });
    pages.push(page.objects.map((object) => object.key));
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor);
  return pages;
});
add("list pages with a delimiter", async (b) => {
  const pages = [];
  let cursor;
  do {
    const page = await b.list({ prefix: "l/", limit: 2, cursor, delimiter: "/" });
    pages.push([page.objects.map((object) => object.key), page.delimitedPrefixes, page.cursor]);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor);
  return pages;
});
add("list all", async (b) => {
  const listed = await b.list();
  return [Object.keys(listed), listed.constructor.name, listed.objects[0].constructor.name, listed.truncated, listed.objects.length > 50];
});
add("list string", (b) => b.list("x"));
add("list null", async (b) => Object.keys(await b.list(null)));

// ---- multipart

const part = (character, size) => new TextEncoder().encode(character.repeat(size));
const size = 5242880;
add("shape of an upload", async (b) => {
  const upload = await b.createMultipartUpload("mp/shape");
  return [upload, upload.constructor.name, Object.keys(upload), Object.getOwnPropertyNames(Object.getPrototypeOf(upload)).sort(), await upload.abort()];
});
add("upload", async (b) => {
  const upload = await b.createMultipartUpload("mp/1", { httpMetadata: { contentType: "a/b" }, customMetadata: { a: "1" } });
  const one = await upload.uploadPart(1, part("a", size));
  const two = await upload.uploadPart(2, part("b", 10));
  const done = await upload.complete([one, two]);
  const head = await b.head("mp/1");
  const got = await b.get("mp/1", { range: { offset: size - 3, length: 6 } });
  return [one, two, done, head, got.range, await got.text(), await (await b.get("mp/1", { range: { suffix: 4 } })).text(), (await (await b.get("mp/1")).arrayBuffer()).byteLength,
    (await b.list({ prefix: "mp/1" })).objects[0].etag, JSON.stringify(head.checksums), await upload.abort(), await upload.complete([one, two]).catch(failure), await upload.uploadPart(3, "x").catch(failure)];
});
add("upload, parts in any order", async (b) => {
  const upload = b.resumeMultipartUpload("mp/2", (await b.createMultipartUpload("mp/2")).uploadId);
  const two = await upload.uploadPart(2, part("b", size));
  const ten = await upload.uploadPart(10, part("c", size));
  const one = await upload.uploadPart(1, part("a", size));
  const unused = await upload.uploadPart(11, "unused");
  const done = await upload.complete([two, one, ten]);
  const text = await (await b.get("mp/2")).text();
  return [done.size, done.etag, text[0], text[size], text[2 * size], unused.partNumber];
});
add("upload a part again", async (b) => {
  const upload = await b.createMultipartUpload("mp/3");
  const old = await upload.uploadPart(1, "old");
  const one = await upload.uploadPart(1, "new");
  return [old.etag !== one.etag, await upload.complete([old]).catch(failure), (await upload.complete([one])).size, await (await b.get("mp/3")).text()];
});
add("upload of nothing", async (b) => {
  const upload = await b.createMultipartUpload("mp/0");
  return [await upload.complete([]), await (await b.get("mp/0")).text()];
});
add("upload, too small a part", async (b) => {
  const upload = await b.createMultipartUpload("mp/small");
  const one = await upload.uploadPart(1, "small");
  const two = await upload.uploadPart(2, "small");
  return [await upload.complete([one, two]).catch(failure), await upload.complete([one, one]).catch(failure), await upload.complete([two, { partNumber: 3, etag: "x" }]).catch(failure),
    await upload.complete([{ partNumber: 1, etag: "x" }]).catch(failure), await upload.complete([two]).then((object) => object.size)];
});
add("upload, parts of different sizes", async (b) => {
  const upload = await b.createMultipartUpload("mp/sizes");
  const one = await upload.uploadPart(1, part("a", size));
  const two = await upload.uploadPart(2, part("b", size + 1));
  const three = await upload.uploadPart(3, "c");
  return [await upload.complete([one, two, three]).catch(failure), await upload.complete([one, two]).catch(failure), await upload.complete([three, one]).catch(failure), await upload.abort()];
});
for (const [name, value] of Object.entries({ string: "abc", buffer: new Uint8Array([1, 2]).buffer, empty: "", nothing: null, undef: undefined, number: 5, object: {} })) {
  add(`upload a part of ${name}`, async (b) => {
    const upload = await b.createMultipartUpload("mp/values");
    const one = await upload.uploadPart(1, value);
    return [one, (await upload.complete([one])).size];
  });
}
add("upload a part of a stream", async (b) => {
  const upload = await b.createMultipartUpload("mp/stream");
  const one = await upload.uploadPart(1, new Response("streamed").body);
  return [(await upload.complete([one])).etag, await upload.uploadPart(2, new ReadableStream({})).catch(failure)];
});
for (const number of [0, -1, 10000, 10001, 1.5, "2", "x", null, undefined]) {
  add(`upload part number ${number}`, async (b) => {
    const upload = await b.createMultipartUpload("mp/numbers");
    return (await upload.uploadPart(number, "x")).partNumber;
  });
}
add("upload part without value", async (b) => (await b.createMultipartUpload("mp/x")).uploadPart(1));
add("upload part without anything", async (b) => (await b.createMultipartUpload("mp/x")).uploadPart());
add("upload part ssecKey", async (b) => [await (await b.createMultipartUpload("mp/x")).uploadPart(1, "x", { ssecKey: "a".repeat(64) }), await (await b.createMultipartUpload("mp/x")).uploadPart(1, "x", { ssecKey: "a" }).catch(failure)]);
add("unknown upload", async (b) => {
  const upload = b.resumeMultipartUpload("mp/unknown", "nothing");
  return [upload.key, upload.uploadId, await upload.uploadPart(1, "x").catch(failure), await upload.complete([]).catch(failure), await upload.abort().catch(failure)];
});
add("upload of another key", async (b) => {
  const upload = b.resumeMultipartUpload("mp/other", (await b.createMultipartUpload("mp/key")).uploadId);
  return [await upload.uploadPart(1, "x").catch(failure), await upload.complete([]).catch(failure), await upload.abort().catch(failure)];
});
add("aborted upload", async (b) => {
  const upload = await b.createMultipartUpload("mp/aborted");
  const one = await upload.uploadPart(1, "x");
  return [await upload.abort(), await upload.abort(), await upload.uploadPart(2, "x").catch(failure), await upload.complete([one]).catch(failure)];
});
add("upload replaces, and is replaced", async (b) => {
  await b.put("mp/over", "plain");
  const upload = await b.createMultipartUpload("mp/over");
  const before = await (await b.get("mp/over")).text();
  await upload.complete([await upload.uploadPart(1, "parts")]);
  const between = await (await b.get("mp/over")).text();
  await b.put("mp/over", "plain again");
  return [before, between, await (await b.get("mp/over")).text(), await b.delete("mp/over")];
});
add("create without a key", (b) => b.createMultipartUpload());
add("create with a long key", (b) => b.createMultipartUpload("k".repeat(1025)));
add("create with much metadata", (b) => b.createMultipartUpload("mp/x", { customMetadata: { a: "x".repeat(9000) } }));
add("create with ssecKey", async (b) => [(await b.createMultipartUpload("mp/x", { ssecKey: "a".repeat(64), storageClass: "x" })).key, await b.createMultipartUpload("mp/x", { ssecKey: "a" }).catch(failure)]);
add("create with headers", async (b) => {
  const upload = await b.createMultipartUpload("mp/headers", { httpMetadata: new Headers({ "content-type": "x/y" }) });
  return (await upload.complete([])).httpMetadata;
});
add("resume without arguments", (b) => b.resumeMultipartUpload());
add("resume with one", (b) => b.resumeMultipartUpload("x"));
add("resume with numbers", (b) => b.resumeMultipartUpload(1, 2));
add("complete without parts", async (b) => (await b.createMultipartUpload("mp/x")).complete());
add("complete with an object", async (b) => (await b.createMultipartUpload("mp/x")).complete({}));
add("complete with odd parts", async (b) => {
  const upload = await b.createMultipartUpload("mp/x");
  return [await upload.complete([{}]).catch(failure), await upload.complete([5]).catch(failure), await upload.complete([{ partNumber: 0, etag: "x" }]).catch(failure), await upload.complete([{ partNumber: 1 }]).catch(failure),
    await upload.complete([{ partNumber: "1", etag: 5 }]).catch(failure)];
});

export async function onRequest({ env, request }) {
  const only = new URL(request.url).searchParams.get("only");
  const results = [];
  for (const [name, body] of cases) {
    if (only && !name.includes(only)) continue;
    let result;
    try {
      const pending = body(env.CORPUS);
      result = shown(await pending);
    } catch (error) {
      result = failure(error);
    }
    results.push([name, result]);
  }
  return Response.json(results);
}
