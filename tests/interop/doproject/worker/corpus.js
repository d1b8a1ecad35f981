// SPDX-License-Identifier: GPL-3.0-or-later
// Calls on a Durable Object's storage and what comes of each: the same in wrangler and in Cleat.

const isError = (value) => Object.prototype.toString.call(value) === "[object Error]" || value instanceof Error;

/** A value as JSON can hold it, with its kind. */
export function show(value, seen = []) {
  if (value === undefined) return "<undefined>";
  if (typeof value === "bigint") return `<${value}n>`;
  if (typeof value === "number") return Object.is(value, -0) ? "<-0>" : Number.isFinite(value) ? value : `<${value}>`;
  if (typeof value === "string") return value.length > 200 ? `<${value.length} chars ${value.slice(0, 10)}>` : value.toWellFormed();
  if (typeof value === "function") return `<function ${value.name}>`;
  if (typeof value !== "object" || value === null) return value;
  if (seen.includes(value)) return `<up ${seen.length - seen.indexOf(value)}>`;
  const inner = [...seen, value];
  const all = (object, keys = Object.keys(object)) => Object.fromEntries(keys.map((key) => [key, show(object[key], inner)]));
  if (Array.isArray(value)) {
    const out = [];
    for (let i = 0; i < value.length; ++i) out.push(i in value ? show(value[i], inner) : "<hole>");
    const more = Object.keys(value).filter((key) => !/^\d+$/.test(key));
    return more.length ? { list: out, ...all(value, more) } : out;
  }
  if (isError(value)) {
    const own = Object.getOwnPropertyNames(value).sort().map((key) => [key, Object.getOwnPropertyDescriptor(value, key).enumerable, key === "stack" ? String(value.stack).split("\n")[0] : show(value[key], inner)]);
    return { error: value.constructor?.name, name: value.name, own };
  }
  if (value instanceof Map) return { map: [...value].map((entry) => show(entry, inner)) };
  if (value instanceof Set) return { set: [...value].map((item) => show(item, inner)) };
  if (value instanceof Date) return { date: show(+value) };
  if (value instanceof RegExp) return { regexp: String(value) };
  if (value instanceof ArrayBuffer) return { buffer: [...new Uint8Array(value.slice(0, 100))] };
  if (ArrayBuffer.isView(value)) return { view: value.constructor.name, offset: value.byteOffset, of: value.buffer.byteLength, length: value.byteLength, bytes: [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)].slice(0, 100) };
  if (value instanceof Request) return { request: value.method, url: value.url, headers: [...value.headers], redirect: value.redirect, cf: show(value.cf), body: value.body };
  if (value instanceof Response) return { response: value.status, text: value.statusText, headers: [...value.headers], body: value.body };
  if (value instanceof Blob) return { blob: value.type, size: value.size };
  if (value instanceof Headers) return { headers: [...value] };
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return { boxed: typeof value.valueOf(), value: value.valueOf() };
  if (Object.prototype.toString.call(value) === "[object BigInt]") return { boxed: "bigint", value: String(value) };
  const prototype = Object.getPrototypeOf(value);
  const name = prototype === null ? "null" : prototype === Object.prototype ? "" : prototype.constructor?.name;
  return name ? { class: name, ...all(value) } : all(value);
}

export async function outcome(storage, call) {
  try {
    return { value: show(await call(storage)) };
  } catch (error) {
    return { thrown: isError(error) ? `${error.constructor.name} ${error.name}: ${error.message}`.replace(/reference = \w+/, "reference = R") : show(error), at: "call" };
  }
}

export async function run(storage, list) {
  const results = [];
  await storage.deleteAll();
  for (const call of list) {
    const name = call.toString().replace(/\s+/g, " ");
    results.push({ name, ...(await outcome(storage, call)) });
  }
  return results;
}

/** Whether a call throws at once, rather than giving a promise that fails. */
const atOnce = (call) => {
  try {
    const result = call();
    if (result instanceof Promise) return result.then((value) => ["resolved", value], (error) => ["rejected", `${error.name}: ${error.message}`]);
    return ["returned", result];
  } catch (error) {
    return ["threw", `${error.name}: ${error.message}`];
  }
};

const shape = (object) => {
  const prototype = Object.getPrototypeOf(object);
  const own = (target) => Object.entries(Object.getOwnPropertyDescriptors(target)).map(([key, found]) => [key, found.enumerable, found.get ? "get" : typeof found.value, typeof found.value === "function" ? found.value.length : undefined]);
  return [Object.prototype.toString.call(object), prototype.constructor?.name, own(object), own(prototype)];
};

const fill = async (s, keys = "abcdef") => {
  for (const key of keys) await s.put(key, key.toUpperCase());
};

/** Of both kinds of class. */
const common = [
  (s) => shape(s),
  (s) => s.get("nothing"),
  (s) => s.put("a", 1),
  (s) => s.get("a"),
  (s) => s.put({ b: 2, c: [3], d: undefined, 5: "five" }),
  (s) => s.list(),
  (s) => s.get(["c", "a", "nothing", "b"]),
  (s) => s.get([]),
  (s) => s.delete("a"),
  (s) => s.delete("a"),
  (s) => s.delete(["b", "c", "nothing"]),
  (s) => s.put({}),
  (s) => s.deleteAll(),
  (s) => s.list(),
  (s) => fill(s),
  (s) => s.list({ start: "c" }),
  (s) => s.list({ startAfter: "c" }),
  (s) => s.list({ end: "c" }),
  (s) => s.list({ start: "b", end: "e" }),
  (s) => s.list({ start: "b", end: "e", reverse: true }),
  (s) => s.list({ reverse: true, limit: 2 }),
  (s) => s.list({ limit: 2, startAfter: "b" }),
  (s) => s.list({ limit: 0 }),
  (s) => s.list({ limit: -1 }),
  (s) => s.list({ limit: "2" }),
  (s) => s.list({ limit: 1.9 }),
  (s) => s.list({ limit: NaN }),
  (s) => s.list({ limit: null }),
  (s) => s.list({ limit: 2 ** 40 }),
  (s) => s.list({ start: "a", startAfter: "b" }),
  (s) => s.list({ start: "d", end: "b" }),
  (s) => s.list({ prefix: "" }),
  (s) => s.list({ start: undefined, end: undefined, prefix: undefined, reverse: undefined, limit: undefined }),
  (s) => s.list({ start: null }),
  (s) => s.list(null),
  (s) => s.list(5),
  (s) => s.list("x"),
  (s) => s.list({ allowConcurrency: true, noCache: true }),
  async (s) => {
    for (const key of ["p", "p:", "p:1", "p:2", "p;", "q", "p\u00e9", "p\ud83d\ude00", "p\uffff"]) await s.put(key, 1);
    return [await s.list({ prefix: "p:" }), await s.list({ prefix: "p", start: "p:1" }), await s.list({ prefix: "p", end: "p;" }), await s.list({ prefix: "p", startAfter: "p:", reverse: true, limit: 3 }), await s.list({ prefix: "p\u00e9" })].map((map) => [...map.keys()]);
  },
  (s) => s.list({ prefix: "p", start: "a", end: "z" }).then((map) => map.size),
  (s) => s.list({ prefix: "b", start: "c" }),
  (s) => s.deleteAll(),
  (s) => s.put(),
  (s) => s.put("k"),
  (s) => s.put("k", undefined),
  (s) => s.put(undefined, 1),
  (s) => s.put(null, 1),
  (s) => s.put(5, "five"),
  (s) => s.get(5),
  (s) => s.get(),
  (s) => s.get(undefined),
  (s) => s.get(null),
  (s) => s.get({}),
  (s) => s.get([undefined, null, 5]),
  (s) => s.delete(),
  (s) => s.delete([]),
  (s) => s.put("", "empty key"),
  (s) => s.get(""),
  (s) => s.list(),
  (s) => s.put("k", 1, null),
  (s) => s.put("k", 1, 5),
  (s) => s.put("k", 1, { allowConcurrency: true, allowUnconfirmed: true, noCache: true }),
  (s) => s.put({ k: 2, l: 3 }, { allowUnconfirmed: true }),
  (s) => s.put({ k: 2 }, 5),
  (s) => s.put(new Map([["m", 1]])),
  (s) => s.put(["x", "y"]),
  (s) => s.put("string only"),
  (s) => s.get("k", { noCache: true }),
  (s) => s.get("k", 5),
  (s) => s.put("k".repeat(2048), 1),
  (s) => s.put("k".repeat(2049), 1),
  (s) => s.get("k".repeat(3000)),
  (s) => s.get(Array.from({ length: 129 }, (_, i) => `many ${i}`)),
  (s) => s.put(Object.fromEntries(Array.from({ length: 129 }, (_, i) => [`many ${i}`, i]))),
  (s) => s.delete(Array.from({ length: 200 }, (_, i) => `many ${i}`)),
  (s) => s.put("large", new Uint8Array(3 << 20)),
  (s) => s.put("too large", new Uint8Array(9 << 20)),
  (s) => s.get("large").then((value) => value.byteLength),
  (s) => s.put("function", () => {}),
  (s) => s.put("symbol", Symbol("s")),
  (s) => s.put("within", { a: { b: () => {} } }),
  (s) => s.put("url", new URL("http://a/")),
  (s) => s.put("promise", Promise.resolve(1)),
  (s) => s.put("weak", new WeakMap()),
  (s) => s.put("stream", new ReadableStream()),
  (s) => s.put("request", new Request("http://a/")),
  (s) => s.put("response", new Response("text")),
  (s) => s.put("target", new EventTarget()),
  (s) => s.put("shared", [1, new URLSearchParams("a=b")]),
  (s) => s.put("throws", { get a() { throw new RangeError("from the accessor"); } }),
  (s) => s.put({ good: 1, bad: () => {} }),
  (s) => s.get("good"),
  (s) => s.put("instance", new (class Point { x = 1; })()),
  (s) => s.get("instance"),
  (s) => s.put("value", { changed: "no" }).then(() => s.get("value")).then((value) => { value.changed = "yes"; return s.get("value"); }),
  (s) => { const value = { n: 1 }; const done = s.put("copied", value); value.n = 2; return done.then(() => s.get("copied")); },
  (s) => atOnce(() => s.put("k", () => {})),
  (s) => atOnce(() => s.put("k", undefined)),
  (s) => atOnce(() => s.list({ limit: 0 })),
  (s) => atOnce(() => s.list({ start: "a", startAfter: "a" })),
  (s) => atOnce(() => s.get()),
  (s) => atOnce(() => s.setAlarm(0)),
  (s) => atOnce(() => s.get("k")),
  (s) => atOnce(() => s.put("k", 1)),
  (s) => atOnce(() => s.delete("k")),
  (s) => atOnce(() => s.list({ prefix: "co" })),
  (s) => atOnce(() => s.sync()),
  (s) => atOnce(() => s.getAlarm()),
  (s) => atOnce(() => s.get.call({}, "k")),
  (s) => new s.constructor(),
  // transactions
  (s) => s.deleteAll(),
  (s) => s.transaction(async (txn) => { await txn.put("t", 1); return txn.get("t"); }),
  (s) => s.transaction(async (txn) => shape(txn)),
  (s) => s.transaction(async (txn) => { await txn.put("t", 2); throw new Error("no"); }),
  (s) => s.get("t"),
  (s) => s.transaction(async (txn) => { await txn.put("t", 3); txn.rollback(); return "rolled back"; }),
  (s) => s.get("t"),
  (s) => s.transaction(async (txn) => { txn.rollback(); await txn.get("t"); }),
  (s) => s.transaction(async (txn) => { txn.rollback(); await txn.put("t", 4); }),
  (s) => s.transaction(async (txn) => { txn.rollback(); await txn.delete("t"); }),
  (s) => s.transaction(async (txn) => { txn.rollback(); await txn.list(); }),
  (s) => s.transaction(async (txn) => { txn.rollback(); txn.rollback(); }),
  (s) => s.transaction(async (txn) => txn.deleteAll()),
  (s) => s.transaction(async (txn) => { await s.put("outside", 1); txn.rollback(); }),
  (s) => s.get("outside"),
  (s) => s.transaction(async (txn) => { await txn.put("x", 1); await s.transaction(async (inner) => { await inner.put("x", 2); inner.rollback(); }); return txn.get("x"); }),
  (s) => s.transaction(async (txn) => { await txn.put("y", 1); await s.transaction(async (inner) => { await inner.put("y", 2); }); txn.rollback(); }),
  (s) => s.get("y"),
  (s) => s.transaction(async (txn) => { globalThis.kept = txn; }),
  (s) => globalThis.kept.get("t"),
  (s) => globalThis.kept.put("t", 5),
  (s) => globalThis.kept.rollback(),
  (s) => s.transaction((txn) => "not async"),
  (s) => s.transaction(() => { throw new TypeError("at once"); }),
  (s) => s.transaction(5),
  (s) => s.transaction(),
  (s) => s.transaction(async (txn) => [await txn.put({ m1: 1, m2: 2 }), await txn.get(["m1", "m2"]), await txn.delete(["m1", "m3"]), await txn.list({ prefix: "m" })]),
  (s) => s.transaction(async () => { await s.deleteAll(); }),
  (s) => s.transaction(async (txn) => { await txn.setAlarm(Date.now() + 1e6); txn.rollback(); }),
  (s) => s.getAlarm(),
  // alarms
  (s) => s.getAlarm(),
  (s) => s.setAlarm(6000000000000),
  (s) => s.getAlarm(),
  (s) => s.setAlarm(new Date(6000000000001)),
  (s) => s.getAlarm(),
  (s) => s.deleteAlarm(),
  (s) => s.getAlarm(),
  (s) => s.deleteAlarm(),
  (s) => s.setAlarm(0),
  (s) => s.setAlarm(-5),
  (s) => s.setAlarm(NaN),
  (s) => s.setAlarm(Infinity),
  (s) => s.setAlarm("soon"),
  (s) => s.setAlarm(undefined),
  (s) => s.setAlarm(null),
  (s) => s.setAlarm(),
  (s) => s.setAlarm(new Date(NaN)),
  (s) => s.setAlarm(6000000000000.7).then(() => s.getAlarm()),
  (s) => s.setAlarm("6000000000000").then(() => s.getAlarm()),
  (s) => s.setAlarm(6000000000000n),
  (s) => s.setAlarm(9223372036854).then(() => s.getAlarm()),
  (s) => s.setAlarm(9223372036855),
  (s) => s.setAlarm(8.64e15),
  (s) => s.deleteAlarm(),
  (s) => s.setAlarm(6000000000000, { allowConcurrency: true, allowUnconfirmed: true }).then(() => s.getAlarm({ allowConcurrency: true })),
  (s) => s.put("before deleteAll", 1).then(() => s.deleteAll()).then(() => s.getAlarm()),
  (s) => s.setAlarm(6000000000000).then(() => s.deleteAll({ allowUnconfirmed: true })).then(() => s.getAlarm()),
  // the rest
  (s) => s.sync(),
  (s) => s.getBookmarkForTime(Date.now()),
  (s) => s.onNextSessionRestoreBookmark("x"),
  (s) => s.getBookmarkForTime(),
  (s) => atOnce(() => s.getCurrentBookmark()).then?.((told) => told[0]) ?? "not a promise",
];

export const legacyCases = [
  ...common,
  (s) => typeof s.sql,
  (s) => s.sql.exec("SELECT 1"),
  (s) => typeof s.kv,
  (s) => s.kv.get("a"),
  (s) => s.transactionSync(() => 1),
  (s) => s.getCurrentBookmark(),
  (s) => s.sql.databaseSize,
];

export const cases = [
  ...common,
  // the synchronous face
  (s) => shape(s.kv),
  (s) => s.kv === s.kv,
  (s) => s.kv.put("k", { a: 1 }),
  (s) => s.kv.get("k"),
  (s) => s.kv.get("none"),
  (s) => s.kv.put("k", undefined),
  (s) => s.kv.get("k"),
  (s) => s.get("k"),
  (s) => s.kv.delete("k"),
  (s) => s.kv.delete("k"),
  (s) => s.kv.get(),
  (s) => s.kv.put("k"),
  (s) => s.kv.put(5, 6),
  (s) => s.kv.put("f", () => {}),
  (s) => { for (const key of "abcd") s.kv.put(key, key); return [...s.kv.list()]; },
  (s) => shape(s.kv.list()),
  (s) => [...s.kv.list({ start: "b", end: "d" })],
  (s) => [...s.kv.list({ startAfter: "b", reverse: true })],
  (s) => [...s.kv.list({ prefix: "c" })],
  (s) => [...s.kv.list({ limit: 1 })],
  (s) => [...s.kv.list({ limit: 0 })],
  (s) => [...s.kv.list({ start: "a", startAfter: "a" })],
  (s) => { const one = s.kv.list(); one.next(); s.kv.list(); return one.next(); },
  (s) => { const one = s.kv.list(); one.next(); const two = [...s.kv.list()]; return two.length; },
  (s) => { const one = s.kv.list({ limit: 1 }); return [one.next(), one.next(), one.next()]; },
  (s) => { const seen = []; for (const [key] of s.kv.list()) { seen.push(key); s.kv.delete("c"); s.kv.put("e", 1); } return seen; },
  (s) => { const seen = []; for (const [key] of s.kv.list()) { seen.push(key); break; } return [seen, [...s.kv.list()].length]; },
  // SQL
  (s) => shape(s.sql),
  (s) => s.sql === s.sql,
  (s) => shape(s.sql.exec("SELECT 1 AS a")),
  (s) => s.sql.exec("SELECT 1 AS a, 2 AS b").toArray(),
  (s) => s.sql.exec("SELECT 1 AS a").one(),
  (s) => s.sql.exec("SELECT 1 AS a WHERE 0").one(),
  (s) => s.sql.exec("SELECT 1 AS a UNION ALL SELECT 2").one(),
  (s) => s.sql.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, n)").toArray(),
  (s) => s.sql.exec("INSERT INTO t (name, n) VALUES (?, ?), (?, ?)", "one", 1, "two", null).rowsWritten,
  (s) => s.sql.exec("INSERT INTO t (name, n) VALUES (?, ?) RETURNING *", "three", 1.5).toArray(),
  (s) => { const c = s.sql.exec("SELECT * FROM t ORDER BY id"); return [c.columnNames, c.next(), c.next(), c.next(), c.next(), c.next(), c.rowsRead, c.rowsWritten]; },
  (s) => { const c = s.sql.exec("SELECT * FROM t ORDER BY id"); const read = [c.rowsRead]; for (const row of c) read.push(c.rowsRead); return read; },
  (s) => [...s.sql.exec("SELECT * FROM t").raw()],
  (s) => s.sql.exec("SELECT * FROM t").raw().toArray(),
  (s) => { const raw = s.sql.exec("SELECT id FROM t").raw(); return [shape(raw), raw.next(), [...raw], raw.next()]; },
  (s) => { const c = s.sql.exec("SELECT id FROM t"); c.next(); return [c.toArray(), c.toArray(), [...c]]; },
  (s) => { const c = s.sql.exec("SELECT id FROM t"); c.next(); return [...c.raw()]; },
  (s) => { const c = s.sql.exec("SELECT id FROM t"); const a = [...c.raw()]; return [a, [...c.raw()]]; },
  (s) => { const c = s.sql.exec("SELECT id FROM t"); c.next(); return c.one(); },
  (s) => { const c = s.sql.exec("SELECT id FROM t WHERE id = 1"); return [c.one(), c.next()]; },
  (s) => { const a = s.sql.exec("SELECT id FROM t"); const b = s.sql.exec("SELECT id FROM t"); return [a.next(), b.next(), a.next(), b.toArray(), a.toArray()]; },
  (s) => { const seen = []; for (const { id } of s.sql.exec("SELECT id FROM t")) { seen.push(id); s.sql.exec("UPDATE t SET n = ? WHERE id = ?", id, id); } return seen; },
  (s) => { const c = s.sql.exec("SELECT id FROM t"); c.next(); s.sql.exec("DELETE FROM t WHERE id = 3"); return c.toArray(); },
  (s) => s.sql.exec("SELECT 1 AS a, 2 AS a").toArray(),
  (s) => [...s.sql.exec("SELECT 1 AS a, 2 AS a").raw()],
  (s) => s.sql.exec("SELECT 1 AS a, 2 AS a").columnNames,
  (s) => s.sql.exec("SELECT 1 AS __proto__, 2 AS constructor").toArray(),
  (s) => s.sql.exec("SELECT ?, typeof(?1)", 5).raw().toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", true).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", undefined).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", "x\0y").toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", "\ud83d").toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", new Uint8Array([1, 2])).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", new Uint16Array([1, 2]).subarray(1)).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", new DataView(new ArrayBuffer(3), 1)).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", new ArrayBuffer(0)).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", NaN).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", -Infinity).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", -0).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", 5n).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", { a: 1 }).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", [1, 2]).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", new Date(0)).toArray(),
  (s) => s.sql.exec("SELECT ? AS v, typeof(?1) AS t", Symbol("s")).toArray(),
  (s) => s.sql.exec("SELECT 9007199254740993 AS big, 9223372036854775807 AS max, 1e999 AS inf, x'0102' AS b, NULL AS n").toArray(),
  (s) => s.sql.exec("SELECT ?"),
  (s) => s.sql.exec("SELECT 1", 2),
  (s) => s.sql.exec("SELECT ?; SELECT 2", 1),
  (s) => s.sql.exec("SELECT 1; SELECT ? AS a", 2).toArray(),
  (s) => s.sql.exec("INSERT INTO t (name) VALUES ('m1'); INSERT INTO t (name) VALUES ('m2'); SELECT name FROM t WHERE name LIKE 'm%'").toArray(),
  (s) => s.sql.exec("INSERT INTO t (name) VALUES ('half'); SELECT nope"),
  (s) => s.sql.exec("SELECT count(*) AS n FROM t WHERE name = 'half'").one(),
  (s) => s.sql.exec("SELECT 1;  ").toArray(),
  (s) => s.sql.exec("SELECT 1; -- end").toArray(),
  (s) => s.sql.exec(""),
  (s) => s.sql.exec("  "),
  (s) => s.sql.exec("-- only"),
  (s) => s.sql.exec(),
  (s) => s.sql.exec(5),
  (s) => s.sql.exec(null),
  (s) => s.sql.exec(";"),
  (s) => s.sql.exec("SELEC"),
  (s) => s.sql.exec("SELECT nope"),
  (s) => s.sql.exec("SELECT * FROM nope"),
  (s) => s.sql.exec("BEGIN"),
  (s) => s.sql.exec("COMMIT"),
  (s) => s.sql.exec("SAVEPOINT x"),
  (s) => s.sql.exec("SELECT * FROM _cf_KV"),
  (s) => s.sql.exec("CREATE TABLE _cf_x (a)"),
  (s) => s.sql.exec("DROP TABLE _cf_KV"),
  (s) => s.sql.exec("ALTER TABLE t RENAME TO _cf_t"),
  (s) => s.sql.exec("ATTACH ':memory:' AS x"),
  (s) => s.sql.exec("VACUUM"),
  (s) => s.sql.exec("CREATE TEMP TABLE x (a)"),
  (s) => s.sql.exec("PRAGMA journal_mode"),
  (s) => s.sql.exec("PRAGMA user_version"),
  (s) => s.sql.exec("PRAGMA table_info(t)").toArray(),
  (s) => s.sql.exec("PRAGMA foreign_keys").toArray(),
  (s) => s.sql.exec("PRAGMA foreign_keys = OFF").toArray(),
  (s) => s.sql.exec("PRAGMA foreign_keys").toArray(),
  (s) => s.sql.exec("PRAGMA page_size").toArray(),
  (s) => s.sql.exec("PRAGMA quick_check").toArray(),
  (s) => s.sql.exec("PRAGMA table_list").raw().toArray().filter(([, name]) => !/^(sqlite|__)/.test(name)),
  (s) => s.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY name").toArray(),
  (s) => s.sql.exec("SELECT sqlite_version()"),
  (s) => s.sql.exec("EXPLAIN QUERY PLAN SELECT * FROM t").toArray().length,
  (s) => s.sql.exec("CREATE TABLE u (a UNIQUE)").toArray(),
  (s) => s.sql.exec("INSERT INTO u VALUES (1)").toArray(),
  (s) => s.sql.exec("INSERT INTO u VALUES (1)"),
  (s) => s.sql.exec("CREATE TABLE child (p REFERENCES t (id))").toArray(),
  (s) => s.sql.exec("INSERT INTO child VALUES (999)"),
  (s) => s.sql.exec("CREATE VIRTUAL TABLE words USING fts5(text)").toArray(),
  (s) => s.sql.exec("INSERT INTO words VALUES ('hello there')").toArray(),
  (s) => s.sql.exec("SELECT text FROM words WHERE words MATCH 'hello'").toArray(),
  (s) => s.sql.exec("SELECT " + "1,".repeat(100) + "1"),
  (s) => s.sql.exec("SELECT " + Array.from({ length: 101 }, () => "?").join("+")),
  (s) => s.sql.exec("SELECT 'a' LIKE '" + "a".repeat(51) + "'").toArray(),
  (s) => s.sql.exec("SELECT zeroblob(9000000)").toArray(),
  (s) => typeof s.sql.databaseSize,
  (s) => s.sql.databaseSize % 4096,
  (s) => atOnce(() => s.sql.exec("SELECT nope")),
  (s) => s.sql.exec.call({}, "SELECT 1"),
  (s) => s.sql.exec("INSERT INTO t (name) SELECT 'many' FROM json_each('[1,2,3,4,5]')").rowsWritten,
  (s) => { const c = s.sql.exec("SELECT * FROM t"); c.toArray(); return c.rowsRead === s.sql.exec("SELECT count(*) AS n FROM t").one().n; },
  (s) => s.sql.exec("SELECT abs(-9223372036854775808)").toArray(),
  (s) => { const c = s.sql.exec("SELECT abs(value) FROM json_each('[1,\"x\",-9223372036854775808]')"); return [c.next(), c.next(), c.next()]; },
  // synchronous transactions
  (s) => s.transactionSync(() => { s.kv.put("ts", 1); return "done"; }),
  (s) => s.kv.get("ts"),
  (s) => s.transactionSync(() => { s.kv.put("ts", 2); throw new Error("no"); }),
  (s) => s.kv.get("ts"),
  (s) => s.transactionSync(() => { s.kv.put("ts", 3); try { s.transactionSync(() => { s.kv.put("ts", 4); s.sql.exec("DELETE FROM t"); throw new Error("inner"); }); } catch {} return s.kv.get("ts"); }),
  (s) => s.sql.exec("SELECT count(*) > 0 AS kept FROM t").one(),
  (s) => s.transactionSync(async () => { s.kv.put("ts", 5); }),
  (s) => s.kv.get("ts"),
  (s) => s.transactionSync(5),
  (s) => s.transactionSync(),
  (s) => s.transactionSync(() => { s.sql.exec("PRAGMA defer_foreign_keys = ON"); s.sql.exec("INSERT INTO child VALUES (998)"); s.sql.exec("DELETE FROM child WHERE p = 998"); return "ok"; }),
  (s) => s.transaction(async (txn) => { s.sql.exec("INSERT INTO u VALUES (77)"); s.kv.put("in", 1); txn.rollback(); }),
  (s) => [s.sql.exec("SELECT * FROM u").toArray(), s.kv.get("in")],
  (s) => { s.put("sync and async", 1); return s.kv.get("sync and async"); },
  (s) => s.getCurrentBookmark(),
  (s) => s.getCurrentBookmark(),
  (s) => s.deleteAll(),
  (s) => s.getCurrentBookmark(),
  (s) => s.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY name").toArray(),
  (s) => { const c = s.sql.exec("SELECT value FROM json_each('[1,2,3]')"); c.next(); return s.deleteAll().then(() => c.toArray()); },
];
