// SPDX-License-Identifier: GPL-3.0-or-later
// Every method of KV, R2, D1 and the Cache with values of every wrong type in each place: what is thrown, how, or what comes back; the same in every runtime.
// Knows nothing but env.WRONG_KV, env.WRONG_R2 and env.WRONG_D1, which are empty at first. ?part=kv|r2read|r2put|r2parts|d1|cache makes the cases of one of them.

class Own {
  static toString() { return "class Own"; } // a bundler may write it in another way
  constructor() { this.field = 1; }
}

const thrower = { toString() { throw new RangeError("mine"); }, valueOf() { throw new RangeError("mine too"); } };

/** [name, makes the value]: made anew for each case, because some can be used only once. */
const wrongs = [
  ["undefined", () => undefined],
  ["null", () => null],
  ["true", () => true],
  ["0", () => 0],
  ["-0", () => -0],
  ["-1", () => -1],
  ["7", () => 7],
  ["1.5", () => 1.5],
  ["NaN", () => NaN],
  ["Infinity", () => Infinity],
  ["-Infinity", () => -Infinity],
  ["2**31", () => 2 ** 31],
  ["2**53", () => 2 ** 53],
  ["5n", () => 5n],
  ["empty text", () => ""],
  ["text", () => "text"],
  ["text of a number", () => "12"],
  ["lone surrogate", () => "a\ud800b"],
  ["symbol", () => Symbol("s")],
  ["{}", () => ({})],
  ["bare object", () => Object.create(null)],
  ["[]", () => []],
  ["[text]", () => ["text"]],
  ["[symbol]", () => [Symbol("s")]],
  ["[null]", () => [null]],
  ["[undefined]", () => [undefined]],
  ["[thrower]", () => [thrower]],
  ["[[]]", () => [[]]],
  ["sparse", () => [, "x"]],
  ["function", () => Object.prototype.toString], // its text is the same everywhere
  ["class", () => Own],
  ["Own", () => new Own()],
  ["Date", () => new Date(0)],
  ["bad Date", () => new Date(NaN)],
  ["RegExp", () => /x/],
  ["Map", () => new Map([["a", 1]])],
  ["Set", () => new Set(["a"])],
  ["boxed text", () => new String("boxed")],
  ["boxed number", () => new Number(5)],
  ["boxed symbol", () => Object(Symbol("s"))],
  ["promise", () => Promise.resolve("x")],
  ["Error", () => new Error("x")],
  ["thrower", () => thrower],
  ["toString gives an object", () => ({ toString() { return {}; }, valueOf() { return {}; } })],
  ["toPrimitive", () => ({ [Symbol.toPrimitive]() { return "primitive"; } })],
  ["Proxy", () => new Proxy({}, {})],
  ["Proxy that throws", () => new Proxy({}, { get() { throw new RangeError("trapped"); }, ownKeys() { throw new RangeError("trapped keys"); } })],
  ["ArrayBuffer", () => new ArrayBuffer(2)],
  ["Uint8Array", () => new Uint8Array([65, 66])],
  ["Float64Array", () => new Float64Array([1])],
  ["DataView", () => new DataView(new ArrayBuffer(2))],
  ["stream", () => new Response("stream").body],
  ["Blob", () => new Blob(["blob"])],
  ["Request", () => new Request("http://wrong.test/request")],
  ["Response", () => new Response("response")],
  ["Headers", () => new Headers({ a: "b" })],
  ["URL", () => new URL("http://wrong.test/url")],
  ["URLSearchParams", () => new URLSearchParams("a=b")],
  ["AbortSignal", () => AbortSignal.abort()],
];

const isHex = (text, length) => new RegExp(`^[0-9a-f]{${length}}$`).test(text);

function shown(value, key, depth = 0) {
  if (value === undefined) return "undefined";
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "number") return ["duration", "sql_duration_ms", "last_row_id"].includes(key) || Number.isNaN(value) ? "number" : Object.is(value, -0) ? "-0" : value;
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "function") return `function ${value.name} ${value.length}`;
  if (typeof value === "string") {
    if (key === "version" && isHex(value, 32)) return "<version>";
    if ((key === "uploadId" || key === "etag") && value.length > 100) return "<id>";
    if (value.includes(") {")) return value.replace(/\s+/g, " "); // the text of a function, which bundlers lay out
    return value.length > 200 ? `${value.slice(0, 40)}... (${value.length})` : value;
  }
  if (value instanceof Date) return key === "uploaded" ? "<now>" : `Date ${Number(value)}`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer ${[...new Uint8Array(value)]}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${[...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)]}`;
  if (value instanceof ReadableStream) return `ReadableStream ${value.locked}`;
  if (value instanceof Response) return `Response ${value.status}`;
  if (value instanceof Map) return { map: [...value].map(([name, item]) => [name, shown(item)]) };
  if (depth > 4) return "...";
  if (Array.isArray(value)) return value.map((item) => shown(item, undefined, depth + 1));
  const fields = { class: value.constructor?.name };
  for (const name of Object.keys(value)) fields[name] = shown(value[name], name, depth + 1);
  return fields;
}

function failure(error) {
  if (!(error instanceof Error)) return `thrown ${String(error)}`;
  const cause = error.cause instanceof Error ? ` (cause: ${error.cause.name}: ${error.cause.message})` : "";
  return `${error.name}: ${error.message}${cause}`.replace(/reference = \w+/, "reference = ...").replace(/Invalid expiration of \d{9,}/, "Invalid expiration of <now>")
    .replace(/(Failed to parse body as JSON)[^]*/, "$1 ..."); // there, a stack of the simulator follows
}

/** What a call does: throws at once, rejects, or gives something, at once or later. */
async function outcome(call, look) {
  let given;
  try {
    given = call();
  } catch (error) {
    return { throws: failure(error) };
  }
  const later = given instanceof Promise;
  try {
    const value = await given;
    const result = shown(look ? await look(value) : value);
    return later ? { later: result } : { now: result };
  } catch (error) {
    return { rejects: failure(error) };
  }
}

/** All cases of one method. `good` makes the arguments that are right, `dictionaries` says in which place which fields may be, and what else must be in it then. */
function* methodCases(owner, make, method, good, { dictionaries = [], before, look } = {}) {
  const name = `${owner}.${method}`;
  const call = (label, what) => [`${name}${label}`, { make, method, before, look, ...what }];
  const count = good().length;
  for (let n = 0; n <= count; ++n) yield call(` with ${n}`, { args: () => good().slice(0, n) });
  yield call(" with more", { args: () => [...good(), 1, Symbol("s"), {}] });
  for (let i = 0; i < count; ++i) {
    for (const [label, value] of wrongs) {
      yield call(` #${i + 1} ${label}`, {
        args: () => {
          const args = good();
          args[i] = value();
          return args;
        },
      });
    }
  }
  for (const { at, fields, rest = {}, within } of dictionaries) {
    const put = (dictionary) => () => {
      const args = good();
      args[at] = within === undefined ? dictionary() : { [within]: dictionary() };
      return args;
    };
    const place = within === undefined ? "" : `${within}.`;
    for (const field of fields) {
      for (const [label, value] of wrongs) yield call(` {${place}${field}: ${label}}`, { args: put(() => ({ ...rest, [field]: value() })) });
      yield call(` {${place}${field} throws}`, { args: put(() => ({ ...rest, get [field]() { throw new RangeError(`got ${field}`); } })) });
    }
    // The first of several that are wrong is the one that is told.
    yield call(` {${place}all symbols}`, { args: put(() => Object.fromEntries(fields.map((field) => [field, Symbol("s")]))) });
    yield call(` {${place}all throw}`, { args: put(() => Object.defineProperties({}, Object.fromEntries(fields.map((field) => [field, { enumerable: true, get() { throw new RangeError(`got ${field}`); } }])))) });
    yield call(` {${place}inherited}`, { args: put(() => Object.create({ ...rest, [fields[0]]: Symbol("s") })) });
  }
  for (const [label, self] of [
    ["undefined", () => undefined], ["null", () => null], ["5", () => 5], ["text", () => "text"], ["{}", () => ({})], ["symbol", () => Symbol("s")], ["function", () => () => 1],
    ["prototype", (own) => Object.getPrototypeOf(own)], ["heir", (own) => Object.create(own)], ["Proxy", (own) => new Proxy(own, {})], ["caches.default", () => caches.default], ["Headers", () => new Headers()],
  ]) {
    yield call(` on ${label}`, { args: good, self });
  }
}

async function run([name, { make, method, args, self, before, look }], env) {
  await before?.(env);
  const own = await make(env);
  const arguments_ = args();
  const target = self ? self(own) : own;
  return [name, await outcome(() => Reflect.apply(own[method], target, arguments_), look && ((value) => look(value, env, own)))];
}

const kvOf = (env) => env.WRONG_KV;
const r2Of = (env) => env.WRONG_R2;
const d1Of = (env) => env.WRONG_D1;

const withObject = ({ WRONG_R2: r2 }) => r2.put("key", "value", { httpMetadata: { contentType: "a/b" }, customMetadata: { c: "d" } });
const storedObjects = async (given, { WRONG_R2: r2 }) => {
  const names = (await r2.list()).objects.map((object) => object.key);
  const found = [];
  for (const name of names) {
    const object = await r2.get(name);
    found.push([name, object.httpMetadata, object.customMetadata, await object.text()]);
  }
  await r2.delete(names);
  return [given, found];
};
const httpFields = ["contentType", "contentLanguage", "contentDisposition", "contentEncoding", "cacheControl", "cacheExpiry"];
const conditionFields = ["etagMatches", "etagDoesNotMatch", "uploadedBefore", "uploadedAfter", "secondsGranularity"];
const hashes = ["md5", "sha1", "sha256", "sha384", "sha512"];

const parts = {
  *kv() {
    const before = async ({ WRONG_KV: kv }) => {
      await kv.put("key", '{"a":1}', { metadata: { m: 1 } });
      await kv.put("other", "text");
    };
    const stored = async (_, { WRONG_KV: kv }) => {
      const names = (await kv.list()).keys.map((key) => key.name);
      const found = [];
      for (const name of names) found.push([name, (await kv.getWithMetadata(name))]);
      for (const name of names) await kv.delete(name);
      return found;
    };
    for (const method of ["get", "getWithMetadata"]) {
      yield* methodCases("KV", kvOf, method, () => ["key", { type: "text" }], { before, dictionaries: [{ at: 1, fields: ["type", "cacheTtl"] }] });
      yield* methodCases("KV several", kvOf, method, () => [["key", "other"], { type: "text" }], { before, dictionaries: [{ at: 1, fields: ["type", "cacheTtl"] }] });
    }
    yield* methodCases("KV", kvOf, "put", () => ["key", "value", {}], { look: stored, dictionaries: [{ at: 2, fields: ["expiration", "expirationTtl", "metadata"] }] });
    yield* methodCases("KV", kvOf, "delete", () => ["key"], { before, look: stored });
    yield* methodCases("KV", kvOf, "list", () => [{}], { before, dictionaries: [{ at: 0, fields: ["prefix", "limit", "cursor"] }] });
  },

  *r2read() {
    yield* methodCases("R2", r2Of, "head", () => ["key"], { before: withObject });
    yield* methodCases("R2", r2Of, "get", () => ["key", {}], {
      before: withObject,
      look: async (given) => [given, typeof given?.text === "function" ? await given.text() : "no body"],
      dictionaries: [{ at: 1, fields: ["onlyIf", "range", "ssecKey"] }, { at: 1, within: "onlyIf", fields: conditionFields }, { at: 1, within: "range", fields: ["offset", "length", "suffix"] }],
    });
    yield* methodCases("R2", r2Of, "delete", () => ["key"], { before: withObject, look: storedObjects });
    yield* methodCases("R2", r2Of, "list", () => [{}], { before: withObject, dictionaries: [{ at: 0, fields: ["limit", "prefix", "cursor", "delimiter", "startAfter", "include"] }] });
  },

  *r2put() {
    yield* methodCases("R2", r2Of, "put", () => ["key", "value", {}], {
      look: storedObjects,
      dictionaries: [{ at: 2, fields: ["onlyIf", "httpMetadata", "customMetadata", ...hashes, "storageClass", "ssecKey"] }, { at: 2, within: "onlyIf", fields: conditionFields },
        { at: 2, within: "httpMetadata", fields: httpFields }, { at: 2, within: "customMetadata", fields: ["name"] }],
    });
  },

  *r2parts() {
    yield* methodCases("R2", r2Of, "createMultipartUpload", () => ["key", {}], {
      dictionaries: [{ at: 1, fields: ["httpMetadata", "customMetadata", "storageClass", "ssecKey"] }, { at: 1, within: "httpMetadata", fields: httpFields }, { at: 1, within: "customMetadata", fields: ["name"] }],
    });
    yield* methodCases("R2", r2Of, "resumeMultipartUpload", () => ["key", "upload"]);
    const upload = ({ WRONG_R2: r2 }) => r2.createMultipartUpload("upload");
    yield* methodCases("R2 upload", upload, "uploadPart", () => [1, "part", {}], { dictionaries: [{ at: 2, fields: ["ssecKey"] }] });
    yield* methodCases("R2 upload", upload, "complete", () => [[{ partNumber: 1, etag: "x" }]]);
    for (const [label, value] of wrongs) {
      for (const field of ["partNumber", "etag"]) {
        yield [`R2 upload.complete {${field}: ${label}}`, { make: upload, method: "complete", args: () => [[{ partNumber: 1, etag: "x", [field]: value() }]] }];
      }
    }
    yield* methodCases("R2 upload", upload, "abort", () => []);
    const object = async ({ WRONG_R2: r2 }) => (await r2.get("key")) ?? (await r2.put("key", "value"), r2.get("key"));
    yield* methodCases("R2 object", object, "writeHttpMetadata", () => [new Headers()]);
    for (const method of ["text", "json", "arrayBuffer", "bytes", "blob"]) yield* methodCases("R2 object", object, method, () => [], { before: withObject });
  },

  *d1() {
    const before = ({ WRONG_D1: d1 }) => d1.exec("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, text TEXT)");
    const select = ({ WRONG_D1: d1 }) => d1.prepare("SELECT ?1 AS a, 'x' AS b").bind("v");
    yield* methodCases("D1", d1Of, "prepare", () => ["SELECT 1 AS one"], { before, look: async (statement) => [statement, await outcome(() => statement.all())] });
    yield* methodCases("D1", d1Of, "batch", () => [[]], { before });
    for (const [label, value] of wrongs) {
      yield [`D1.batch [${label}]`, { make: d1Of, method: "batch", args: () => [[value()]] }];
      yield [`D1.batch [{statement: ${label}}]`, { make: d1Of, method: "batch", args: () => [[{ statement: value(), params: [] }]] }];
      yield [`D1.batch [{params: ${label}}]`, { make: d1Of, method: "batch", args: () => [[{ statement: "SELECT 1", params: value() }]] }];
    }
    yield* methodCases("D1", d1Of, "exec", () => ["SELECT 1"]);
    yield* methodCases("D1", d1Of, "dump", () => []);
    yield* methodCases("D1 statement", select, "bind", () => ["v"], { look: async (statement) => [statement, await outcome(() => statement.all())] });
    for (const method of ["run", "all"]) yield* methodCases("D1 statement", select, method, () => []);
    yield* methodCases("D1 statement", select, "first", () => ["a"]);
    yield* methodCases("D1 statement", select, "raw", () => [{}], { dictionaries: [{ at: 0, fields: ["columnNames"] }] });
    // Sessions last: what they write is seen in the meta of what follows.
    yield* methodCases("D1", d1Of, "withSession", () => ["first-primary"], { look: async (session) => [session, session.getBookmark(), await outcome(() => session.prepare("SELECT 1").all())] });
    const session = ({ WRONG_D1: d1 }) => d1.withSession("first-primary");
    yield* methodCases("D1 session", session, "prepare", () => ["SELECT 1 AS one"], { look: async (statement) => [statement, await outcome(() => statement.all())] });
    yield* methodCases("D1 session", session, "batch", () => [[]]);
    yield* methodCases("D1 session", session, "getBookmark", () => []);
  },

  *cache() {
    const cache = () => caches.default;
    const url = "http://wrong.test/entry";
    const before = () => caches.default.put(url, new Response("entry", { headers: { "cache-control": "max-age=60" } }));
    const fields = ["ignoreMethod", "ignoreSearch", "ignoreVary"];
    yield* methodCases("Cache", cache, "match", () => [url, {}], { before, dictionaries: [{ at: 1, fields }] });
    yield* methodCases("Cache", cache, "put", () => [url, new Response("x", { headers: { "cache-control": "max-age=60" } })]);
    yield* methodCases("Cache", cache, "delete", () => [url, {}], { before, dictionaries: [{ at: 1, fields }] });
    for (const method of ["add", "addAll", "matchAll", "keys"]) yield* methodCases("Cache", cache, method, () => [url]);
    yield* methodCases("caches", () => caches, "open", () => ["name"]);
    for (const method of ["has", "match", "keys", "delete"]) yield* methodCases("caches", () => caches, method, () => ["name"]);
  },
};

export async function onRequestGet({ env, request }) {
  const { searchParams } = new URL(request.url);
  const only = searchParams.get("only");
  const outcomes = [];
  for (const one of parts[searchParams.get("part")]()) if (!only || one[0].includes(only)) outcomes.push(await run(one, env));
  return Response.json(outcomes);
}
