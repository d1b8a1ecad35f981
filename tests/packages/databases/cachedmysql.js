// SPDX-License-Identifier: GPL-3.0-or-later
// The query cache of a Hyperdrive binding, before a real MariaDB. CACHED and CACHED_TLS have one, HYPERDRIVE has none; STALE's answers are too old after a second, and given for long.
import assert from "node:assert";
import { createConnection } from "mysql2/promise";

const connected = ({ host, user, password, database, port }, options) => createConnection({ host, user, password, database, port, disableEval: true, ...options });
const counting = "select count(*) as n from seen";
const count = async (connection, ...query) => (await connection.query(...query))[0][0].n;
const counted = async (connection, ...query) => (await connection.execute(...query))[0][0].n;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function cache(env, name, plain) {
  const cached = await connected(env[name]);
  const before = await count(plain, counting);
  const also = (n) => before + n;
  const text = `${counting} where ${before} = ${before}`; // of its own for each binding

  assert.strictEqual(await count(cached, text), before);
  await plain.query("insert into seen values (1)");
  assert.strictEqual(await count(cached, text), before);
  assert.strictEqual(await count(plain, text), also(1));
  const other = await connected(env[name]);
  assert.strictEqual(await count(other, text), before);
  // With parameters, in the text and prepared.
  const below = "select count(*) as n from seen where n < ?";
  assert.strictEqual(await count(other, below, [before + 1000]), also(1));
  assert.strictEqual(await counted(other, below, [before + 1000]), also(1));
  await plain.query("insert into seen values (2)");
  assert.strictEqual(await count(cached, below, [before + 1000]), also(1));
  assert.strictEqual(await counted(cached, below, [before + 1000]), also(1));
  assert.strictEqual(await counted(cached, below, [before + 1001]), also(2));
  assert.strictEqual(await counted(cached, below, [String(before + 1000)]), also(2)); // of another type
  assert.strictEqual(await counted(other, below, [before + 1000]), also(1));
  assert.strictEqual(await counted(cached, "select ? as n", ["a@b.c; now()"]), "a@b.c; now()");
  assert.strictEqual(await counted(cached, "select ? as n", ["a@b.c; now()"]), "a@b.c; now()");
  assert.strictEqual(await counted(cached, "select ? as n", [null]), null);
  assert.strictEqual(await counted(cached, "select ? as n", [null]), null);
  const wide = "select 1 as a, 2.5 as b, 'x' as c, null as d, cast('2026-01-02 03:04:05' as datetime) as e union all select 3, 4.5, 'y', 'z', null";
  const [rows, fields] = await cached.query(wide);
  const [again, fieldsAgain] = await cached.query(wide);
  assert.deepStrictEqual(again, rows);
  assert.deepStrictEqual(fieldsAgain.map(({ name: field, columnType }) => [field, columnType]), fields.map(({ name: field, columnType }) => [field, columnType]));
  assert.deepStrictEqual((await cached.execute(wide))[0], (await cached.execute(wide))[0]);

  // What may not be kept.
  const id = async () => (await cached.query("select uuid() as id"))[0][0].id;
  assert.notStrictEqual(await id(), await id());
  await cached.beginTransaction();
  assert.strictEqual(await count(cached, text), also(2));
  await cached.query("insert into seen values (3)");
  assert.strictEqual(await count(cached, text), also(3));
  assert.strictEqual(await counted(cached, below, [before + 1000]), also(3));
  await cached.rollback();
  assert.strictEqual(await count(cached, text), before);
  assert.strictEqual((await cached.query("insert into seen values (4)"))[0].affectedRows, 1);
  assert.strictEqual((await cached.query("insert into seen values (4)"))[0].affectedRows, 1);
  await assert.rejects(cached.query("select * from nowhere"), { code: "ER_NO_SUCH_TABLE" });
  await assert.rejects(cached.execute("select * from nowhere where a = ?", [1]), { code: "ER_NO_SUCH_TABLE" });
  assert.strictEqual(await count(cached, text), before);
  for (let i = 0; i < 2; i += 1) assert.strictEqual((await cached.query("select repeat('x', 3000000) as lang"))[0][0].lang.length, 3000000);
  assert.strictEqual((await cached.query("select * from seen limit 2"))[0].length, 2);
  assert.strictEqual((await cached.query("select * from seen limit 2"))[0].length, 2);
  assert.strictEqual(await count(cached, "select found_rows() as n"), 2);

  // Many at once over one connection.
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => counted(cached, "select ? as n", [i % 5])));
  assert.deepStrictEqual(answers, Array.from({ length: 50 }, (_, i) => i % 5));

  // A session that is not as it began.
  await other.query("create temporary table seen (n int)");
  assert.strictEqual(await count(other, text), 0);
  await other.end();
  const set = await connected(env[name]);
  await set.query("set time_zone = '+05:00'");
  assert.strictEqual(await count(set, text), also(4));
  await set.end();
  assert.strictEqual(await count(cached, text), before);
  const several = await connected(env[name], { multipleStatements: true });
  for (let i = 0; i < 2; i += 1) assert.deepStrictEqual((await several.query("select 1 as n; select 2 as n"))[0], [[{ n: 1 }], [{ n: 2 }]]);
  await several.end();
  await cached.end();
}

export async function onRequest({ env }) {
  const plain = await connected(env.HYPERDRIVE);
  await plain.query("create table seen (n int)");
  for (const name of ["CACHED", "CACHED_TLS"]) await cache(env, name, plain);

  // Too old: given all the same, and asked for again.
  const stale = await connected(env.STALE);
  const first = await count(stale, counting);
  const prepared = await counted(stale, `${counting} where 1 = ?`, [1]);
  assert.strictEqual(prepared, first);
  await plain.query("insert into seen values (5)");
  await pause(1500);
  assert.strictEqual(await count(stale, counting), first);
  assert.strictEqual(await counted(stale, `${counting} where 1 = ?`, [1]), first);
  await stale.ping(); // behind which the new ones have come
  assert.strictEqual(await count(stale, counting), first + 1);
  assert.strictEqual(await counted(stale, `${counting} where 1 = ?`, [1]), first + 1);
  await Promise.all([stale.end(), plain.end()]);
  return new Response("ok");
}
