// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import postgres from "postgres";

export async function onRequest({ env }) {
  const open = (user, port, more) => postgres({ user, password: "secret", database: "d", host: "localhost", port: Number(port), max: 1, fetch_types: false, ...more });

  for (const [user, port, more] of [["trust", env.PG_PORT], ["md5", env.PG_PORT], ["scram", env.PG_PORT], ["scram", env.PG_TLS_PORT, { ssl: "require" }]]) {
    const sql = open(user, port, more);
    assert.deepStrictEqual({ ...(await sql`select user`)[0] }, { who: user, tls: more !== undefined });
    assert.deepStrictEqual([...(await sql`select 1`)], [{ one: 1 }]);
    const [row] = await sql`select ${"h\u00e9llo"}, 42`;
    assert.deepStrictEqual({ ...row }, { echo: "h\u00e9llo", n: 42, when: new Date("2026-01-02T03:04:05Z"), json: { a: [1] } });
    assert.strictEqual((await sql`insert into t values (${"1"})`).count, 2);
    await assert.rejects(sql`select * from none where a = ${"1"}`, { code: "42P01" });
    assert.strictEqual(await sql.begin(async (inner) => (await inner`select 1`)[0].one), 1);
    await sql.end();
  }

  const many = open("trust", env.PG_PORT, { max: 4 });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => many`select ${String(i)}, 42`));
  assert.deepStrictEqual(answers.map(([row]) => row.echo), Array.from({ length: 20 }, (_, i) => String(i)));
  assert.strictEqual((await many`select rows 3000`).length, 3000);
  await many.end();

  const rejected = open("rejected", env.PG_PORT);
  await assert.rejects(rejected`select 1`, { code: "28P01" });
  await rejected.end();

  const dying = open("trust", env.PG_PORT);
  assert.deepStrictEqual([...(await dying`select 1`)], [{ one: 1 }]);
  await assert.rejects(dying.unsafe("die"));
  assert.deepStrictEqual([...(await dying`select 1`)], [{ one: 1 }]); // on a new connection
  await dying.end();
  return new Response("ok");
}
