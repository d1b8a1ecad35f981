// SPDX-License-Identifier: GPL-3.0-or-later
// Small KV calls, one after the other, and what each gives: the same in every runtime. Knows nothing but env.CORPUS_KV, an empty namespace.

const cases = [];
const add = (name, body) => cases.push([name, body]);

function shown(value) {
  if (value === undefined) return "undefined";
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "string") return value.length > 200 ? `${value.slice(0, 40)}... (${value.length})` : value;
  if (typeof value === "function") return `function ${value.name} ${value.length}`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${[...new Uint8Array(value)]}`;
  if (value instanceof ReadableStream) return `ReadableStream ${value.locked}`;
  if (value instanceof Map) return { map: [...value].map(([key, item]) => [key, shown(item)]) };
  if (Array.isArray(value)) return value.map(shown);
  const fields = { class: value.constructor?.name };
  for (const name of Object.keys(value)) fields[name] = shown(value[name]);
  return fields;
}

function failure(error) {
  if (!(error instanceof Error)) return { thrown: String(error) };
  return { error: `${error.name}: ${error.message}`.replace(/reference = \w+/, "reference = ...").replace(/Invalid expiration of \d{9,}/, "Invalid expiration of <now>") };
}

// ---- several keys at once

add("seed", async (kv) => {
  await kv.put("a", "text a");
  await kv.put("b", '{"x":[1]}', { metadata: { m: 1 } });
  await kv.put("c", "[1,2]", { metadata: "text" });
  await kv.put("5", "five");
  await kv.put("05", "zero five");
  await kv.put("-5", "minus five");
  await kv.put("4294967294", "the last index");
  await kv.put("4294967295", "behind the last index");
  await kv.put("é", "beyond ASCII é 😀");
  await kv.put("__proto__", '"proto"');
  await kv.put("constructor", '"constructor"');
  await kv.put("empty", "");
  await kv.put("bytes", new Uint8Array([0xff, 0x41, 0xc3]));
  await kv.put("bom", "\ufeffmarked");
  await kv.put("null", "null", { metadata: { of: "null" } });
});
for (const method of ["get", "getWithMetadata"]) {
  add(`${method}: several`, (kv) => kv[method](["a", "b", "c"]));
  add(`${method}: order is the one asked for`, (kv) => kv[method](["c", "a", "b", "é"]));
  add(`${method}: missing`, (kv) => kv[method](["a", "nope", "zzz"]));
  add(`${method}: missing with JSON`, (kv) => kv[method](["b", "nope"], "json"));
  add(`${method}: twice`, (kv) => kv[method](["a", "b", "a"]));
  add(`${method}: one`, (kv) => kv[method](["a"]));
  add(`${method}: index`, (kv) => kv[method](["5", "05", "-5", "a", "4294967294", "4294967295"]));
  add(`${method}: proto`, (kv) => kv[method](["__proto__", "constructor", "a"]));
  add(`${method}: empty value`, (kv) => kv[method](["empty", "a"]));
  add(`${method}: empty value as JSON`, (kv) => kv[method](["empty"], "json"));
  add(`${method}: bytes`, (kv) => kv[method](["bytes", "bom"]));
  add(`${method}: JSON null`, (kv) => kv[method](["null"], "json"));
  add(`${method}: null as text`, (kv) => kv[method](["null"], "text"));
  add(`${method}: JSON`, (kv) => kv[method](["b", "c"], "json"));
  add(`${method}: JSON in options`, (kv) => kv[method](["b", "c"], { type: "json" }));
  add(`${method}: JSON and a text`, (kv) => kv[method](["b", "a"], "json"));
  add(`${method}: JSON error behind the missing`, (kv) => kv[method](["nope", "a"], "json"));
  for (const type of ["text", "json", "arrayBuffer", "stream", "nope", "", "TEXT", null, undefined, 5, {}, true]) {
    add(`${method}: type ${JSON.stringify(type)}`, (kv) => kv[method](["b"], type));
    add(`${method}: type ${JSON.stringify(type)} in options`, (kv) => kv[method](["b"], { type }));
  }
  for (const cacheTtl of [10, 29, 30, 60, 0, -1, "40", "abc", null, undefined, NaN, 1e12, 60.7, {}]) add(`${method}: cacheTtl ${cacheTtl}`, (kv) => kv[method](["a"], { cacheTtl }));
  add(`${method}: type and cacheTtl are wrong`, (kv) => kv[method](["a"], { type: "stream", cacheTtl: 10 }));
  add(`${method}: none`, (kv) => kv[method]([]));
  add(`${method}: none, wrong type`, (kv) => kv[method]([], "stream"));
  add(`${method}: 100`, async (kv) => (await kv[method](Array.from({ length: 100 }, (_, i) => `n${i}`))).size);
  add(`${method}: 101`, (kv) => kv[method](Array.from({ length: 101 }, (_, i) => `n${i}`)));
  add(`${method}: 101 of one`, (kv) => kv[method](Array.from({ length: 101 }, () => "a")));
  add(`${method}: 101, wrong type`, (kv) => kv[method](Array.from({ length: 101 }, () => "a"), "stream"));
  add(`${method}: empty key`, (kv) => kv[method](["a", ""]));
  add(`${method}: dot`, (kv) => kv[method](["."]));
  add(`${method}: dots`, (kv) => kv[method](["a", ".."]));
  add(`${method}: 512 bytes`, (kv) => kv[method](["k".repeat(512)]));
  add(`${method}: 513 bytes`, (kv) => kv[method](["a", "k".repeat(513)]));
  add(`${method}: 514 bytes beyond ASCII`, (kv) => kv[method](["é".repeat(257)]));
  add(`${method}: long key and JSON error`, (kv) => kv[method](["a", "k".repeat(513)], "json"));
  add(`${method}: keys of other types`, (kv) => kv[method]([5, null, undefined, true, { toString: () => "a" }]));
  add(`${method}: key that is a symbol`, (kv) => kv[method](["a", Symbol("x")]));
  add(`${method}: key whose toString throws`, (kv) => kv[method](["a", { toString() { throw new RangeError("mine"); } }]));
  add(`${method}: holes`, (kv) => kv[method]([, "a"]));
  add(`${method}: nested`, (kv) => kv[method]([["a", "b"]]));
  add(`${method}: a set`, (kv) => kv[method](new Set(["a"])));
  add(`${method}: something like an array`, (kv) => kv[method]({ length: 1, 0: "a" }));
  add(`${method}: options are a number`, (kv) => kv[method](["a"], 5));
  add(`${method}: options are an array`, (kv) => kv[method](["a"], ["json"]));
  add(`${method}: a frozen array`, (kv) => kv[method](Object.freeze(["a"])));
}
add("bulk: what it is", async (kv) => {
  const found = await kv.get(["a"]);
  const full = await kv.getWithMetadata(["a", "b"]);
  return [found.constructor.name, found instanceof Map, Object.keys(full.get("b")), full.get("a").metadata, Object.keys(found), kv.get(["a"]) instanceof Promise];
});
add("bulk: total size", async (kv) => {
  const half = "x".repeat(13 << 20);
  await kv.put("half1", half);
  await kv.put("half2", half);
  return kv.get(["half1", "half2"]);
});
add("bulk: total size counts characters", async (kv) => {
  const half = "é".repeat(6.5 * (1 << 20));
  await kv.put("half1", half);
  await kv.put("half2", half);
  return (await kv.get(["half1", "half2"])).size;
});
add("bulk: a value twice counts twice", async (kv) => {
  await kv.put("half1", "x".repeat(13 << 20));
  return kv.get(["half1", "half1"]);
});
add("bulk: exactly 25 MiB", async (kv) => {
  await kv.put("half1", "x".repeat(26214400));
  return (await kv.get(["half1"])).get("half1").length;
});
add("bulk: one character more", async (kv) => {
  await kv.put("half1", "x".repeat(26214400));
  await kv.put("half2", "x");
  return kv.get(["half1", "half2"]);
});
add("bulk: size and JSON", (kv) => kv.get(["half1", "half2"], "json"));
add("bulk: tidy", async (kv) => {
  await kv.delete("half1");
  await kv.delete("half2");
});

// ---- wrong types

const wrong = [undefined, null, 5, true, {}, [], Symbol("s"), () => 1, { toString() { throw new RangeError("mine"); } }, 10n, NaN];
const label = (value) => (typeof value === "symbol" || typeof value === "bigint" ? String(value) : typeof value === "function" ? "function" : typeof value === "object" && value && Object.hasOwn(value, "toString") ? "throws" : JSON.stringify(value) ?? "undefined");
for (const method of ["get", "getWithMetadata", "put", "delete", "list"]) {
  add(`${method}()`, (kv) => kv[method]());
  add(`${method} without this`, (kv) => (0, kv[method])("a", "b"));
  add(`${method} of something else`, (kv) => kv[method].call({}, "a", "b"));
}
for (const value of wrong) {
  add(`get(${label(value)})`, (kv) => kv.get(value));
  add(`getWithMetadata(${label(value)})`, (kv) => kv.getWithMetadata(value));
  add(`delete(${label(value)})`, (kv) => kv.delete(value));
  add(`put(${label(value)}, "v")`, (kv) => kv.put(value, "v"));
  add(`put("w", ${label(value)})`, async (kv) => { await kv.put("w", value); return kv.get("w"); });
  add(`put("w", "v", ${label(value)})`, (kv) => kv.put("w", "v", value));
  add(`get("a", ${label(value)})`, (kv) => kv.get("a", value));
  add(`get("a", {type: ${label(value)}})`, (kv) => kv.get("a", { type: value }));
  add(`get("a", {cacheTtl: ${label(value)}})`, (kv) => kv.get("a", { cacheTtl: value }));
  add(`get("nope", {type: ${label(value)}})`, (kv) => kv.get("nope", { type: value }));
  add(`getWithMetadata("b", ${label(value)})`, (kv) => kv.getWithMetadata("b", value));
  add(`list(${label(value)})`, async (kv) => (await kv.list(value)).list_complete);
  add(`list({prefix: ${label(value)}})`, async (kv) => (await kv.list({ prefix: value })).keys.length);
  add(`list({limit: ${label(value)}})`, async (kv) => (await kv.list({ limit: value })).keys.length);
  add(`list({cursor: ${label(value)}})`, async (kv) => (await kv.list({ cursor: value })).keys.length > 0);
  for (const option of ["expiration", "expirationTtl", "metadata"]) {
    add(`put {${option}: ${label(value)}}`, async (kv) => { await kv.put("w", "v", { [option]: value }); return (await kv.getWithMetadata("w")).metadata; });
  }
}
const loop = {};
loop.self = loop;
add("metadata that refers to itself", (kv) => kv.put("w", "v", { metadata: loop }));
add("metadata with a toJSON that throws", (kv) => kv.put("w", "v", { metadata: { toJSON() { throw new RangeError("mine"); } } }));
add("metadata with what JSON lacks", async (kv) => { await kv.put("w", "v", { metadata: { a: undefined, b: () => 1, c: NaN, d: new Date(0) } }); return (await kv.getWithMetadata("w")).metadata; });
for (const [name, value] of [["a Blob", () => new Blob(["x"])], ["a Response", () => new Response("x")], ["a Date", () => new Date(0)], ["a Map", () => new Map()], ["a DataView", () => new DataView(new ArrayBuffer(2), 1)],
  ["a Uint16Array", () => new Uint16Array([65, 66])], ["a boxed string", () => new String("boxed")], ["a regular expression", () => /x/], ["an error", () => new Error("x")], ["a promise", () => Promise.resolve("x")],
  ["a stream of text", () => new ReadableStream({ start(c) { c.enqueue("text"); c.close(); } })], ["a stream of numbers", () => new ReadableStream({ start(c) { c.enqueue(5); c.close(); } })],
  ["a stream of bytes", () => new ReadableStream({ start(c) { c.enqueue(new Uint8Array([65, 66])); c.close(); } })], ["a stream that fails", () => new ReadableStream({ start(c) { c.error(new RangeError("mine")); } })],
  ["a body", () => new Response("body").body], ["a locked stream", () => { const body = new Response("x").body; body.getReader(); return body; }], ["a resizable view", () => new Uint8Array(3).subarray(1)]]) {
  add(`put: ${name}`, async (kv) => { await kv.put("w", value()); return kv.get("w"); });
}
add("the mark of a byte order", async (kv) => [(await kv.get("bom")).length, (await kv.get("bom", "arrayBuffer")).byteLength]);
add("get with an empty type", (kv) => kv.get("a", ""));
add("shape", (kv) => [kv.constructor.name, Object.keys(kv), Object.getOwnPropertyNames(Object.getPrototypeOf(kv)).sort(), String(kv), kv.get.length, kv.put.length, typeof KvNamespace]);
add("new of its class", (kv) => new kv.constructor());

export async function onRequestGet({ env }) {
  const outcomes = [];
  for (const [name, body] of cases) {
    try {
      outcomes.push([name, shown(await body(env.CORPUS_KV))]);
    } catch (error) {
      outcomes.push([name, failure(error)]);
    }
  }
  return Response.json(outcomes);
}
