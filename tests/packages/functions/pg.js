// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";

const one = [{ one: 1 }];

async function speaks(client) {
  assert.deepStrictEqual((await client.query("select 1")).rows, one);
  const { rows } = await client.query("select $1, 42", ["h\u00e9llo"]);
  assert.deepStrictEqual(rows, [{ echo: "h\u00e9llo", n: 42, when: new Date("2026-01-02T03:04:05Z"), json: { a: [1] } }]);
  assert.strictEqual((await client.query("insert into t values ($1)", [1])).rowCount, 2);
  await assert.rejects(client.query("select * from none where a = $1", [1]), { code: "42P01" });
  await assert.rejects(client.query("select * from none"), { code: "42P01" });
  assert.deepStrictEqual((await client.query("select 1")).rows, one);
}

export async function onRequest({ env }) {
  const place = (user, port, more) => ({ user, password: "secret", database: "d", host: "localhost", port: Number(port), ...more });
  const secure = { ssl: true };

  for (const [user, port, more] of [["trust", env.PG_PORT], ["md5", env.PG_PORT], ["scram", env.PG_PORT], ["scram", env.PG_TLS_PORT, secure]]) {
    const client = new pg.Client(place(user, port, more));
    await client.connect();
    assert.deepStrictEqual((await client.query("select user")).rows, [{ who: user, tls: more === secure }]);
    await speaks(client);
    if (user === "trust") {
      const db = drizzle(client);
      assert.deepStrictEqual((await db.execute(sql`select ${"x"}, 42`)).rows[0].echo, "x");
    }
    await client.end();
  }

  const pool = new pg.Pool({ ...place("trust", env.PG_PORT), max: 4 });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => pool.query("select $1, 42", [String(i)])));
  assert.deepStrictEqual(answers.map(({ rows }) => rows[0].echo), Array.from({ length: 20 }, (_, i) => String(i)));
  assert.strictEqual(pool.totalCount, 4);
  assert.strictEqual((await pool.query("select rows 3000")).rows.length, 3000);
  await pool.end();

  await assert.rejects(new pg.Client(place("rejected", env.PG_PORT)).connect(), { code: "28P01" });
  await assert.rejects(new pg.Client({ ...place("scram", env.PG_PORT), password: "wrong" }).connect(), { code: "28P01" });
  await assert.rejects(new pg.Client(place("trust", env.PG_PORT, secure)).connect(), /does not support SSL/);
  await assert.rejects(new pg.Client(place("trust", 1)).connect());

  const dying = new pg.Client(place("trust", env.PG_PORT));
  dying.on("error", () => {});
  await dying.connect();
  await assert.rejects(dying.query("die"));
  await assert.rejects(dying.query("select 1"));

  const again = new pg.Client(place("trust", env.PG_PORT));
  await again.connect();
  assert.deepStrictEqual((await again.query("select 1")).rows, one);
  await again.end();
  return new Response("ok");
}
