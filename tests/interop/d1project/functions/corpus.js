// SPDX-License-Identifier: GPL-3.0-or-later
// Some two hundred small D1 calls with their outcomes as JSON. The same file runs in wrangler and in Cleat: the outcomes have to be equal.

const tables = `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER, score REAL, data BLOB, any)
CREATE TABLE auto (id INTEGER PRIMARY KEY AUTOINCREMENT, value)
CREATE TABLE uniq (a TEXT UNIQUE, b INTEGER NOT NULL, c CHECK (c < 10))
CREATE TABLE parent (id INTEGER PRIMARY KEY)
CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent(id) ON DELETE CASCADE)
CREATE TABLE strict (i INTEGER, r REAL, t TEXT, b BLOB) STRICT
CREATE TABLE keyed (k TEXT PRIMARY KEY, v) WITHOUT ROWID
CREATE INDEX users_age ON users(age)`;

/** What can be compared: times and the name of the running copy's counters cannot. */
function plain(value) {
  if (value === undefined) return { undefined: true };
  if (typeof value === "function") return { function: value.name };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, key === "duration" || key === "sql_duration_ms" ? typeof inner : plain(inner)]));
}

function describe(error) {
  if (!(error instanceof Error)) return { thrown: String(error) };
  const described = { error: `${error.name}: ${error.message}` };
  if (error.cause instanceof Error) described.cause = `${error.cause.name}: ${error.cause.message}`;
  else if (error.cause !== undefined) described.cause = String(error.cause);
  return described;
}

const cases = [];
const add = (name, run) => cases.push([name, run]);
const all = (sql, ...values) => add(sql.length > 120 ? `${sql.slice(0, 80)}... (${sql.length})` : `${sql} ${values.length ? describeValues(values) : ""}`, (db) => db.prepare(sql).bind(...values).all());
const results = (sql, ...values) => add(`results of ${sql} ${describeValues(values)}`, async (db) => (await db.prepare(sql).bind(...values).all()).results);
const describeValues = (values) => values.map((value) => (typeof value === "string" && value.length > 40 ? `text of ${value.length}` : ArrayBuffer.isView(value) ? value.constructor.name : String(value))).join();

add("exec makes tables", (db) => db.exec(tables));

// ---- values, both ways
for (const value of [0, 1, -1, 1.5, -0, 5.0, 1e300, 2 ** 53, NaN, Infinity, -Infinity, true, false, null, "", "text", "é日本😀", "a\0b"])
  results("SELECT ?1 AS v, typeof(?1) AS t", value);
for (const [name, value] of [["array", [1, 2, 255]], ["empty array", []], ["fractions", [1.5, 2.9]], ["ArrayBuffer", new Uint8Array([1, 2]).buffer], ["Uint8Array", new Uint8Array([3, 4])],
  ["a part", new Uint8Array([1, 2, 3, 4]).subarray(1, 3)], ["Uint16Array", new Uint16Array([256, 1])], ["Int8Array", new Int8Array([-1])], ["Float64Array", new Float64Array([1.7, 300])],
  ["DataView", new DataView(new ArrayBuffer(2))]])
  add(`blob from ${name}`, async (db) => (await db.prepare("SELECT ?1 AS v, typeof(?1) AS t, hex(?1) AS h").bind(value).all()).results);
for (const [name, value] of [["undefined", undefined], ["bigint", 5n], ["function", parseInt], ["symbol-less object", { a: 1 }], ["Date", new Date(0)], ["array of texts", ["a"]], ["array with 256", [256]],
  ["array with -1", [-1]], ["array with null", [null]], ["Map", new Map()]])
  add(`bind refuses ${name}`, (db) => db.prepare("SELECT ?").bind(value));
add("bind refuses a symbol", (db) => db.prepare("SELECT ?").bind(Symbol("s")));
add("BigInt64Array", (db) => db.prepare("SELECT ?").bind(new BigInt64Array([1n])).all());
add("what a statement shows", (db) => ({ ...db.prepare("SELECT ?, ?").bind(true, new Uint8Array([1])) }));
add("bind gives a new statement", (db) => {
  const first = db.prepare("SELECT ?");
  const second = first.bind(1);
  return [first === second, first.params, second.params, second.bind(2).params];
});
results("SELECT 1, 1.0, 'a', NULL, x'00ff', 9223372036854775807, -9223372036854775808, 1e999, -1e999, 0.1");
results("SELECT 1 AS a, 2 AS a, 3 AS b");
results("SELECT 1 AS __proto__, 2 AS constructor, 3 AS '5', 4 AS '', 5 AS '1'");
results("SELECT ?, ?2, ?1", 7, 8);
results("SELECT :a, @b, $c, :a", 1, 2, 3);
results("SELECT ?3", 1, 2, 3);
results("SELECT ? / 2, 'a' || ?, CAST(? AS TEXT), '5' = ?", 5, 5, 5, 5);
results("SELECT json_array(?), json_object('a', ?)", 5, "x");
results("SELECT id FROM users LIMIT ?", 5);
results("SELECT id FROM users LIMIT ?", 1.5);
results("SELECT typeof(count(*)) t FROM users");

// ---- writing
all("INSERT INTO users (name, age, score, data, any) VALUES (?, ?, ?, ?, ?)", "Ann", 30, 1.5, new Uint8Array([1, 2]), 5);
all("INSERT INTO users (name, age, score, data, any) VALUES (?, ?, ?, ?, ?)", "Bob", "31", "2", "text", "5");
all("INSERT INTO users (name, age) VALUES (?, ?), ('Cid', 40), (5, 50.5)", 7, null);
results("SELECT *, typeof(name) tn, typeof(age) ta, typeof(score) ts, typeof(data) td, typeof(any) ty FROM users");
all("INSERT INTO users (name) VALUES ('Dan') RETURNING id, name");
all("UPDATE users SET score = 3 WHERE name = ?", "Ann");
all("UPDATE users SET age = age + 1");
all("UPDATE users SET age = 1 WHERE id = 999");
all("DELETE FROM users WHERE id = ?", 3);
all("INSERT INTO auto (value) VALUES (1)");
all("INSERT INTO auto (value) VALUES (2)");
all("INSERT INTO keyed VALUES ('a', 1), ('b', 2)");
all("INSERT INTO keyed VALUES ('a', 5) ON CONFLICT (k) DO UPDATE SET v = excluded.v");
all("INSERT OR REPLACE INTO keyed VALUES ('b', 6)");
all("INSERT OR IGNORE INTO keyed VALUES ('b', 7)");
all("REPLACE INTO uniq VALUES ('x', 1, 1)");
all("INSERT INTO strict VALUES (?, ?, ?, ?)", 5, 5, "t", new Uint8Array([9]));
all("INSERT INTO strict VALUES (?, 1, '', x'')", 1.5);
all("INSERT INTO strict VALUES (?, 1, '', x'')", "a");
all("SELECT * FROM users WHERE id = 1");
all("SELECT name FROM users WHERE age = ?", 31);
all("SELECT count(*) AS n FROM users");
all("SELECT * FROM keyed WHERE k = 'b'");
all("SELECT id FROM users WHERE id IN (1, 2, 4)");
all("SELECT value FROM json_each('[1,2,3]')");
all("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT x FROM n");
all("CREATE TABLE made (a)");
all("CREATE TABLE IF NOT EXISTS made (a)");
all("CREATE TABLE made (a)");
all("ALTER TABLE made ADD COLUMN b");
all("ALTER TABLE made RENAME COLUMN b TO c");
all("ALTER TABLE made RENAME TO remade");
all("ALTER TABLE remade DROP COLUMN c");
all("DROP TABLE remade");
all("DROP TABLE remade");
all("CREATE VIEW old AS SELECT * FROM users WHERE age > 40");
results("SELECT name FROM old");
all("CREATE TRIGGER log AFTER INSERT ON auto BEGIN INSERT INTO keyed VALUES ('auto ' || new.id, new.value); END");
all("INSERT INTO auto (value) VALUES (3)");
all("INSERT INTO parent VALUES (1), (2)");
all("INSERT INTO child VALUES (1, 1), (2, 1), (3, 2)");
all("DELETE FROM parent WHERE id = 1");
results("SELECT * FROM child");
all("INSERT INTO users (name) SELECT value FROM json_each(?)", JSON.stringify(["x", "y"]));
all("DELETE FROM auto");

// ---- what goes wrong in SQL
for (const sql of ["SELECT * FROM nope", "SELECT nope FROM users", "SELEC 1", "SELECT 1 FROM", "SELECT (", "SELECT 'abc", "SELECT `abc`", "SELECT users.nope FROM users", "SELECT nope()", "SELECT abs(1, 2)",
  "SELECT 1 +", "INSERT INTO users (nope) VALUES (1)", "INSERT INTO nope VALUES (1)", "UPDATE users SET nope = 1", "SELECT * FROM users ORDER BY nope", "SELECT count(*) FROM users WHERE count(*) > 1",
  "INSERT INTO users (id) VALUES (1, 2)", "INSERT INTO users VALUES (1)", "SELECT a.id FROM users", "SELECT id FROM users, auto", "SELECT 1 UNION SELECT 1, 2", "SELECT abs(-9223372036854775808)", "SELECT json('{')",
  "SELECT 1 WHERE 1 LIKE 1 ESCAPE 'ab'", "DROP TABLE nope", "DROP INDEX nope", "CREATE INDEX users_age ON users(age)", "CREATE INDEX i ON nope(a)", "CREATE TABLE t (a, a)", "CREATE TABLE t ()", "ALTER TABLE nope ADD COLUMN a",
  "INSERT INTO uniq VALUES ('x', 1, 1)", "INSERT INTO uniq VALUES ('y', NULL, 1)", "INSERT INTO uniq VALUES ('z', 1, 11)", "INSERT INTO users (id) VALUES ('a')", "INSERT INTO child VALUES (9, 99)",
  "INSERT INTO keyed VALUES ('a', 1)", "INSERT INTO users (id) VALUES (1)", "INSERT INTO keyed VALUES (NULL, 1)", "SELECT raise(ABORT, 'x')"])
  all(sql);

// ---- what D1 does not allow
for (const sql of ["BEGIN", "BEGIN IMMEDIATE", "COMMIT", "END", "ROLLBACK", "SAVEPOINT a", "RELEASE a", "ATTACH ':memory:' AS a", "DETACH main", "CREATE TEMP TABLE t (a)", "CREATE TEMPORARY VIEW t AS SELECT 1",
  "CREATE TABLE temp.t (a)", "CREATE TABLE _cf_a (a)", "CREATE TABLE _CF_A (a)", "CREATE VIEW _cf_v AS SELECT 1", "CREATE INDEX _cf_i ON users(name)", "SELECT * FROM _cf_METADATA",
  "ALTER TABLE uniq RENAME TO _cf_uniq", "CREATE TABLE sqlite_a (a)", "INSERT INTO sqlite_master VALUES (1, 2, 3, 4, 5)", "DELETE FROM sqlite_schema", "VACUUM", "VACUUM INTO '/tmp/never'", "SELECT load_extension('x')", "SELECT sqlite_version()",
  "SELECT sqlite_source_id()", "SELECT sqlite_compileoption_get(1)", "CREATE VIRTUAL TABLE v USING fts4(a)", "CREATE VIRTUAL TABLE v USING dbstat", "SELECT * FROM dbstat", "SELECT * FROM generate_series(1, 2)",
  "SELECT * FROM pragma_user_version", "SELECT * FROM pragma_function_list", "REINDEX", "EXPLAIN QUERY PLAN SELECT 1", "SELECT writefile('a', 'b')", "CREATE TRIGGER _cf_t AFTER INSERT ON auto BEGIN SELECT 1; END"])
  all(sql);
for (const pragma of ["table_list(auto)", "table_info(auto)", "table_info('auto')", "table_info", "table_info(_cf_METADATA)", "table_xinfo(keyed)", "index_list(users)", "index_info(users_age)", "index_xinfo(users_age)", "foreign_key_list(child)", "foreign_key_check",
  "foreign_key_check(child)", "foreign_key_check(nope)", "foreign_keys", "foreign_keys = 1", "foreign_keys = yes", "foreign_keys = 5", "foreign_keys = maybe", "defer_foreign_keys", "defer_foreign_keys = on", "ignore_check_constraints", "legacy_alter_table",
  "recursive_triggers", "reverse_unordered_selects", "page_size", "page_size = 8192", "quick_check", "quick_check(1)", "quick_check(auto)", "quick_check(nope)", "optimize", "optimize(2)", "optimize(x)", "data_version(1)", "journal_mode", "journal_mode = DELETE", "synchronous", "user_version",
  "user_version = 1", "schema_version", "integrity_check", "page_count", "freelist_count", "cache_size", "encoding", "wal_checkpoint", "busy_timeout", "compile_options", "database_list", "function_list", "nothing", "temp.table_list", "writable_schema = on",
  "trusted_schema", "max_page_count", "temp_store", "locking_mode"])
  results(`PRAGMA ${pragma}`);
add("foreign keys stay on", async (db) => {
  await db.batch([db.prepare("PRAGMA foreign_keys = off")]);
  await db.prepare("PRAGMA foreign_keys = off").run();
  return (await db.prepare("PRAGMA foreign_keys").all()).results;
});
results("SELECT * FROM pragma_table_list ORDER BY schema, name");
results("SELECT name, type FROM pragma_table_info('users') ORDER BY name");
results("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' ORDER BY name");
results("SELECT * FROM sqlite_sequence");
add("full-text search", async (db) => {
  await db.prepare("CREATE VIRTUAL TABLE notes USING fts5(title, body)").run();
  await db.prepare("INSERT INTO notes VALUES (?, ?), ('b', 'nothing')").bind("a", "the quick fox").run();
  const found = (await db.prepare("SELECT title, highlight(notes, 1, '<', '>') AS h, rank < 0 AS r FROM notes WHERE notes MATCH ? ORDER BY bm25(notes)").bind("quick").all()).results;
  await db.prepare("DROP TABLE notes").run();
  return found;
});
add("r-tree", async (db) => {
  await db.batch([db.prepare("CREATE VIRTUAL TABLE boxes USING rtree(id, x1, x2)"), db.prepare("INSERT INTO boxes VALUES (1, 0, 5), (2, 10, 15)")]);
  const found = (await db.prepare("SELECT id FROM boxes WHERE x1 < 6").all()).results;
  await db.prepare("DROP TABLE boxes").run();
  return found;
});
results("SELECT sqrt(16), pi() > 3, json_extract('{\"a\":[1]}', '$.a[0]'), '{\"a\":5}' ->> 'a', iif(1, 2, 3), format('%d', 5), unixepoch('1970-01-02'), group_concat(id) FROM (SELECT 1 AS id)");
results("SELECT concat('a', NULL, 1), concat_ws('-', 'a', NULL, 'b'), octet_length('é'), unhex('6162'), unhex('61-62', '-'), unhex('x'), string_agg(id, '+') FROM (SELECT 1 AS id UNION ALL SELECT 2)");
results("SELECT id, row_number() OVER (ORDER BY id DESC) AS n FROM users ORDER BY id LIMIT 2");
results('SELECT "no column"');
results("SELECT 'ABC' LIKE 'abc', 'ABC' GLOB 'abc'");
all("DELETE FROM users WHERE name = 'Dan' ORDER BY id LIMIT 1");

// ---- limits
all(`SELECT ${"?,".repeat(99)}?`, ...new Array(100).fill(1));
all(`SELECT ${"?,".repeat(100)}?`, ...new Array(101).fill(1));
all("SELECT ?101", 1);
all(`SELECT ${new Array(101).fill("1").join()}`);
all(`CREATE TABLE wide (${new Array(101).fill(0).map((_, i) => `c${i}`).join()})`);
all(`SELECT 1${" ".repeat(100000 - 8)}`);
all(`SELECT 1${" ".repeat(100001 - 8)}`);
all("SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6");
all(`SELECT ${"(".repeat(101)}1${")".repeat(101)}`);
all(`SELECT ${new Array(101).fill("1").join("+")}`);
all("SELECT 'a' LIKE ?", "a".repeat(50));
all("SELECT 'a' LIKE ?", "a".repeat(51));
all("SELECT length(zeroblob(8388642)) AS n");
all("SELECT length(zeroblob(8388643)) AS n");
add("2 MB of text", async (db) => (await db.prepare("SELECT length(?) AS n").bind("x".repeat(2_000_000)).first("n")));
add("1 MB of bytes", async (db) => (await db.prepare("SELECT length(?) AS n").bind(new Uint8Array(1_000_000)).first("n")));

// ---- several statements, comments, parameters
for (const sql of ["", "   ", "-- a comment", "-- a\n-- b\n", "/* c */", ";", ";;", ";;SELECT 1", "SELECT 1;", "SELECT 1; ", "SELECT 1;\n\n", "SELECT 1;\t", "SELECT 1; -- after", "SELECT 1 -- after", "-- before\nSELECT 1", "/* before */ SELECT 1", "SELECT 1; SELECT 2 AS two",
  "INSERT INTO auto (value) VALUES ('m'); SELECT count(*) AS n FROM auto", "SELECT 1; SELEC 2", "SELECT ?; SELECT 1", "SELECT 1; SELECT 2; SELECT 3 AS three", "SELECT 1; BEGIN"])
  add(`text ${JSON.stringify(sql)}`, (db) => db.prepare(sql).all());
all("SELECT ?");
all("SELECT 1", 5);
all("SELECT ?, ?", 1);
all("SELECT 1; SELECT ? AS v", 5);
add("an error in the second statement takes back the first", async (db) => {
  const before = await db.prepare("SELECT count(*) AS n FROM auto").first("n");
  let message = "";
  try {
    await db.prepare("INSERT INTO auto (value) VALUES (1); INSERT INTO nope VALUES (1)").run();
  } catch (error) {
    message = error.message;
  }
  return [message, (await db.prepare("SELECT count(*) AS n FROM auto").first("n")) - before];
});

// ---- the shapes
add("run with rows", (db) => db.prepare("SELECT id FROM users ORDER BY id LIMIT 2").run());
add("raw", (db) => db.prepare("SELECT 1 AS a, 2 AS a, x'01' AS b").raw());
add("raw with names", (db) => db.prepare("SELECT id, name FROM users ORDER BY id LIMIT 1").raw({ columnNames: true }));
add("raw with names, no rows", (db) => db.prepare("SELECT id, name FROM users WHERE 0").raw({ columnNames: true }));
add("raw without rows", (db) => db.prepare("INSERT INTO auto (value) VALUES (9)").raw());
add("raw, names false", (db) => db.prepare("SELECT 1").raw({ columnNames: false }));
add("raw(null)", (db) => db.prepare("SELECT 1").raw(null));
add("first", (db) => db.prepare("SELECT id, name FROM users ORDER BY id").first());
add("first of a column", (db) => db.prepare("SELECT id, name FROM users ORDER BY id").first("name"));
add("first of none", (db) => db.prepare("SELECT id FROM users WHERE 0").first());
add("first of a column of none", (db) => db.prepare("SELECT id FROM users WHERE 0").first("id"));
add("first of a column that is not there", (db) => db.prepare("SELECT id FROM users").first("zzz"));
add("first of a NULL", (db) => db.prepare("SELECT NULL AS n").first("n"));
add("first(null)", (db) => db.prepare("SELECT 1").first(null));
add("first(0)", (db) => db.prepare("SELECT 1 AS '0'").first(0));
add("first of what an insert returns", (db) => db.prepare("INSERT INTO auto (value) VALUES (10) RETURNING value").first());
add("first of an insert", (db) => db.prepare("INSERT INTO auto (value) VALUES (10)").first());
add("first with an error", (db) => db.prepare("SELECT * FROM nope").first());
add("raw with an error", (db) => db.prepare("SELECT * FROM nope").raw());
add("run with an error", (db) => db.prepare("SELECT * FROM nope").run());

// ---- batch
add("batch", (db) => db.batch([db.prepare("INSERT INTO auto (value) VALUES (?)").bind("b1"), db.prepare("SELECT value FROM auto WHERE value = ?").bind("b1"), db.prepare("UPDATE auto SET value = 'b2' WHERE value = 'b1'")]));
add("batch of reads", (db) => db.batch([db.prepare("SELECT 1 AS a"), db.prepare("SELECT 2 AS b")]));
add("batch of nothing", (db) => db.batch([]));
add("batch of comments", (db) => db.batch([db.prepare("-- a")]));
add("batch with a comment", async (db) => (await db.batch([db.prepare("-- a"), db.prepare("SELECT 1 AS a")])).length);
add("batch that makes what it uses", async (db) => (await db.batch([db.prepare("CREATE TABLE made (a)"), db.prepare("INSERT INTO made VALUES (1)"), db.prepare("SELECT * FROM made"), db.prepare("DROP TABLE made")])).map((result) => result.results));
add("batch rolls back", async (db) => {
  const before = await db.prepare("SELECT count(*) AS n FROM auto").first("n");
  let outcome;
  try {
    await db.batch([db.prepare("INSERT INTO auto (value) VALUES (1)"), db.prepare("DELETE FROM users"), db.prepare("SELECT * FROM nope")]);
  } catch (error) {
    outcome = describe(error);
  }
  return [outcome, (await db.prepare("SELECT count(*) AS n FROM auto").first("n")) - before, (await db.prepare("SELECT count(*) > 0 AS n FROM users").first("n"))];
});
add("batch with a constraint", (db) => db.batch([db.prepare("INSERT INTO uniq VALUES ('q', 1, 1)"), db.prepare("INSERT INTO uniq VALUES ('q', 1, 1)")]));
add("batch with wrong parameters", (db) => db.batch([db.prepare("SELECT ?")]));
add("batch of a transaction", (db) => db.batch([db.prepare("BEGIN"), db.prepare("COMMIT")]));
add("batch of no array", (db) => db.batch("x"));
add("batch of nothing at all", (db) => db.batch());
add("batch of null", (db) => db.batch([null]));
add("deferred foreign keys", async (db) => (await db.batch([db.prepare("PRAGMA defer_foreign_keys = on"), db.prepare("INSERT INTO child VALUES (50, 50)"), db.prepare("INSERT INTO parent VALUES (50)")])).map((result) => result.meta.changes));

// ---- exec
for (const text of ["SELECT 1", "SELECT 1;", "SELECT 1\nSELECT 2", "SELECT 1;\n\n-- c\nSELECT 2;", "  SELECT 1  \n", "", "\n\n", "-- c", "SELECT 1; SELECT 2", "SELECT\n1", "SELECT * FROM nope", "SELECT 1\nSELECT * FROM nope", "SELECT ?", "BEGIN\nCOMMIT",
  "INSERT INTO auto (value) VALUES ('e')\nINSERT INTO auto (value) VALUES ('e')"])
  add(`exec ${JSON.stringify(text)}`, (db) => db.exec(text));
add("exec rolls back", async (db) => {
  const before = await db.prepare("SELECT count(*) AS n FROM auto").first("n");
  await db.exec("INSERT INTO auto (value) VALUES (1)\nSELECT * FROM nope").catch(() => {});
  return (await db.prepare("SELECT count(*) AS n FROM auto").first("n")) - before;
});
add("exec of a number", (db) => db.exec(5));
add("exec of nothing", (db) => db.exec());

// ---- the rest of the surface
add("dump", (db) => db.dump());
add("query", (db) => db.query({ queries: [] }));
for (const sql of [5, undefined, null])
  add(`prepare of ${sql}`, async (db) => (await db.prepare(sql).all().catch((error) => error.message)).slice(0, 9));
add("names", (db) => [db, db.prepare("SELECT 1"), db.withSession()].map((object) => [object.constructor.name, Object.prototype.toString.call(object), typeof object.fetch]));
add("methods", (db) => [db, db.prepare("SELECT 1"), db.withSession()].map((object) => Object.getOwnPropertyNames(Object.getPrototypeOf(object)).filter((name) => !name.startsWith("_")).sort()));
add("own properties", (db) => [db, db.prepare("SELECT 1"), db.withSession()].map((object) => Object.keys(object)));
for (const constraint of [undefined, null, "", "  ", "first-primary", "first-unconstrained", " first-primary ", "something-else", "zzzzzzzz"])
  add(`session from ${JSON.stringify(constraint)}`, (db) => db.withSession(constraint).getBookmark());
add("session from a number", (db) => db.withSession(5));
add("session", async (db) => {
  const session = db.withSession("first-primary");
  const before = session.getBookmark();
  const row = await session.prepare("SELECT 1 AS a").first();
  const first = session.getBookmark();
  const batch = await session.batch([session.prepare("SELECT 2 AS b")]);
  const second = session.getBookmark();
  const other = db.withSession(second);
  await other.prepare("SELECT 1").run();
  return [before, row, first, batch[0].results, second, second > first, other.getBookmark() > second, typeof session.exec];
});
add("session with an error", async (db) => {
  const session = db.withSession();
  const outcome = await session.prepare("SELECT * FROM nope").all().catch(describe);
  return [outcome, session.getBookmark()];
});
add("session keeps a later bookmark", async (db) => {
  const session = db.withSession("zzzz");
  await session.prepare("SELECT 1").run();
  return session.getBookmark();
});
add("after a session", async (db) => (await db.prepare("INSERT INTO users (id, name) VALUES (500, 'late')").run()).meta.last_row_id);
add("a read after a session", async (db) => {
  await db.withSession().prepare("SELECT 1").run();
  const meta = (await db.prepare("SELECT 1").run()).meta;
  return [meta.changes, meta.last_row_id, meta.changed_db];
});
all("SELECT key FROM _cf_METADATA");
all("DROP TABLE _cf_METADATA");
add("many at once", async (db) => (await Promise.all([1, 2, 3, 4, 5].map((n) => db.prepare("SELECT ? AS n").bind(n).first("n")))));

export async function onRequest({ env }) {
  const outcomes = [];
  for (const [name, run] of cases) {
    let outcome;
    try {
      outcome = { value: plain(await run(env.CORPUS)) };
    } catch (error) {
      outcome = describe(error);
    }
    outcomes.push({ name, ...outcome });
  }
  return Response.json(outcomes);
}
