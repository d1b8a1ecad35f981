// SPDX-License-Identifier: GPL-3.0-or-later
// The query cache of a Hyperdrive binding, before a real PostgreSQL. CACHED has one, HYPERDRIVE has none; STALE's answers are too old after a second, and given for long.
import assert from "node:assert";
import pg from "pg";
import postgres from "postgres";

async function connected(hyperdrive) {
  const client = new pg.Client({ connectionString: hyperdrive.connectionString });
  await client.connect();
  return client;
}

const counting = "select count(*)::int as n from seen";
const count = async (client, ...query) => (await client.query(...query)).rows[0].n;

export async function onRequest({ env }) {
  const plain = await connected(env.HYPERDRIVE);
  const cached = await connected(env.CACHED);
  await plain.query("create table seen (n int)");
  await plain.query("insert into seen values (1)");

  assert.strictEqual(await count(cached, counting), 1);
  await plain.query("insert into seen values (2)");
  assert.strictEqual(await count(cached, counting), 1);
  assert.strictEqual(await count(plain, counting), 2);
  const other = await connected(env.CACHED);
  assert.strictEqual(await count(other, counting), 1);
  await other.end();

  // With parameters, and prepared under a name.
  const below = (value) => ["select count(*)::int as n from seen where n < $1", [value]];
  assert.strictEqual(await count(cached, ...below(10)), 2);
  assert.strictEqual(await count(cached, ...below(2)), 1);
  const named = { name: "above", text: "select count(*)::int as n from seen where n > $1", values: [0] };
  assert.strictEqual(await count(cached, named), 2);
  await plain.query("insert into seen values (3)");
  assert.strictEqual(await count(cached, ...below(10)), 2);
  assert.strictEqual(await count(cached, ...below(11)), 3);
  assert.strictEqual(await count(cached, named), 2);
  assert.strictEqual(await count(cached, { ...named, values: [1] }), 2);

  // What may not be kept.
  const now = async () => (await cached.query("select clock_timestamp()::text as t")).rows[0].t;
  assert.notStrictEqual(await now(), await now());
  await cached.query("begin");
  assert.strictEqual(await count(cached, counting), 3);
  await cached.query("commit");
  assert.strictEqual(await count(cached, counting), 1);
  assert.strictEqual((await cached.query("insert into seen values (4) returning n")).rows[0].n, 4);
  assert.strictEqual((await cached.query("insert into seen values (4) returning n")).rows[0].n, 4);
  await assert.rejects(cached.query("select * from nowhere"), { code: "42P01" });
  await assert.rejects(cached.query("select * from nowhere where a = $1", [1]), { code: "42P01" });
  assert.strictEqual(await count(cached, counting), 1);
  assert.strictEqual((await cached.query("select repeat('x', 3000000) as long")).rows[0].long.length, 3000000);
  assert.strictEqual((await cached.query("select repeat('x', 3000000) as long")).rows[0].long.length, 3000000);

  // Many at once over one connection.
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => cached.query("select $1::int as i", [i % 5]).then(({ rows }) => rows[0].i)));
  assert.deepStrictEqual(answers, Array.from({ length: 50 }, (_, i) => i % 5));
  await cached.end();

  // Its statements have names of each connection's own.
  const sql = postgres(env.CACHED.connectionString, { max: 1 });
  const countBelow = async (db, value) => (await db`select count(*)::int as n from seen where n < ${value}`)[0].n;
  assert.strictEqual(await countBelow(sql, 100), 5);
  await plain.query("insert into seen values (5)");
  const second = postgres(env.CACHED.connectionString, { max: 1 });
  assert.strictEqual(await countBelow(second, 100), 5);
  assert.strictEqual(await countBelow(second, 101), 6); // the server has to know the statement for that
  await second.end({ timeout: 5 });
  await sql.begin(async (tx) => assert.strictEqual(await countBelow(tx, 100), 6));
  const simple = postgres(env.CACHED.connectionString, { max: 2, prepare: false });
  const all = await Promise.all(Array.from({ length: 20 }, (_, i) => simple`select ${i}::int as i`.then(([{ i: found }]) => found)));
  assert.deepStrictEqual(all, Array.from({ length: 20 }, (_, i) => i));

  // Too old: given all the same, and asked for again.
  const stale = await connected(env.STALE);
  const fresh = postgres(env.STALE.connectionString, { max: 1 });
  const before = await count(stale, counting);
  const beforeBelow = await countBelow(fresh, 200);
  await plain.query("insert into seen values (6)");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.strictEqual(await count(stale, counting), before);
  await stale.query("show server_version"); // behind which the new one has come
  assert.strictEqual(await count(stale, counting), before + 1);
  const later = postgres(env.STALE.connectionString, { max: 1 });
  assert.strictEqual(await countBelow(later, 200), beforeBelow);
  assert.strictEqual(await countBelow(later, 199), beforeBelow + 1);
  assert.strictEqual(await countBelow(later, 200), beforeBelow + 1);
  await Promise.all([fresh.end({ timeout: 5 }), later.end({ timeout: 5 }), stale.end()]);

  await Promise.all([sql.end({ timeout: 5 }), simple.end({ timeout: 5 }), plain.end()]);
  return new Response("ok");
}
