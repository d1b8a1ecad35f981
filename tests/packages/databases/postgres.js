// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import postgres from "postgres";

export async function onRequest({ env }) {
  for (const name of ["HYPERDRIVE", "REQUIRED", "VERIFIED"]) {
    const sql = postgres(env[name].connectionString, { max: 5 });
    await sql`create table if not exists planes (id serial primary key, name text, tags text[])`;
    await sql`truncate planes restart identity`;
    assert.deepStrictEqual([...(await sql`insert into planes ${sql([{ name: "Vega", tags: ["fast"] }, { name: "Electra", tags: [] }])} returning id`)], [{ id: 1 }, { id: 2 }]);
    await assert.rejects(sql.begin(async (inner) => {
      await inner`delete from planes`;
      throw new Error("no");
    }), /^Error: no$/);
    await sql.begin((inner) => inner`update planes set name = upper(name)`);
    assert.deepStrictEqual([...(await sql`select name, tags from planes order by id`)], [{ name: "VEGA", tags: ["fast"] }, { name: "ELECTRA", tags: [] }]);
    const encrypted = await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`;
    assert.strictEqual(encrypted[0].ssl, name !== "HYPERDRIVE");
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => sql`select ${i}::int as i`));
    assert.deepStrictEqual(answers.map(([row]) => row.i), Array.from({ length: 100 }, (_, i) => i));
    await assert.rejects(sql`select pg_terminate_backend(pg_backend_pid())`);
    assert.strictEqual((await sql`select count(*)::int as n from planes`)[0].n, 2); // on another connection
    await sql.end({ timeout: 1 }); // without one it waits for the connection that is gone, in workerd too
  }
  const wrong = postgres(env.WRONG.connectionString, { max: 1 });
  await assert.rejects(wrong`select 1`, { code: "28P01" });
  await wrong.end();

  // As the guide has it.
  const sql = postgres(env.HYPERDRIVE.connectionString);
  await sql`create table records (id int, name text, value text)`;
  await sql`insert into records values (1, 'a', 'b')`;
  assert.deepStrictEqual([...(await sql`SELECT id, name, value FROM records`)], [{ id: 1, name: "a", value: "b" }]);
  await sql.end();
  return new Response("ok");
}
