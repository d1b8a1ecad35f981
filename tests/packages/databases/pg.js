// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import pg from "pg";

async function withClient(hyperdrive, use) {
  const client = new pg.Client({ connectionString: hyperdrive.connectionString });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const isEncrypted = (client) => client.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()").then(({ rows }) => rows[0].ssl);

export async function onRequest({ env }) {
  await withClient(env.HYPERDRIVE, async (client) => {
    assert.deepStrictEqual((await client.query("select $1::text as echo, 42 as n", ["h\u00e9llo"])).rows, [{ echo: "h\u00e9llo", n: 42 }]);
    await client.query("create table pilots (id serial primary key, name text unique)");
    const named = { name: "add-pilot", text: "insert into pilots (name) values ($1) returning id" };
    assert.strictEqual((await client.query({ ...named, values: ["Ada"] })).rows[0].id, 1);
    assert.strictEqual((await client.query({ ...named, values: ["Grace"] })).rows[0].id, 2);

    await client.query("begin");
    await client.query("delete from pilots");
    await client.query("rollback");
    await client.query("begin");
    await client.query("insert into pilots (name) values ('Amelia')");
    await client.query("commit");
    assert.deepStrictEqual((await client.query("select name from pilots order by name")).rows.map(({ name }) => name), ["Ada", "Amelia", "Grace"]);
    await assert.rejects(client.query("insert into pilots (name) values ('Ada')"), { code: "23505" });
    await assert.rejects(client.query("select * from nowhere"), { code: "42P01" });
    assert.strictEqual((await client.query("select repeat('x', 5000000) as long")).rows[0].long.length, 5000000);
    assert.strictEqual(await isEncrypted(client), false);
  });
  for (const name of ["REQUIRED", "PREFERRED", "VERIFIED_CA", "VERIFIED"]) {
    assert.strictEqual(await withClient(env[name], isEncrypted), true, name);
    assert.strictEqual(await withClient(env[name], (client) => client.query("select count(*)::int as n from pilots").then(({ rows }) => rows[0].n)), 3, name);
  }
  for (const name of ["UNTRUSTED", "NO_TLS", "NOBODY"]) await assert.rejects(withClient(env[name], isEncrypted), undefined, name);
  await assert.rejects(withClient(env.WRONG, isEncrypted), { code: "28P01" });

  // A hundred at once, each with a connection of its own.
  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => withClient(i % 2 ? env.HYPERDRIVE : env.REQUIRED, (client) => client.query("select $1::int as i", [i]).then(({ rows }) => rows[0].i))));
  assert.deepStrictEqual(answers, Array.from({ length: 100 }, (_, i) => i));

  // The server ends the connection in the middle of a transaction.
  const dying = new pg.Client({ connectionString: env.HYPERDRIVE.connectionString });
  dying.on("error", () => {});
  await dying.connect();
  await dying.query("begin");
  await dying.query("insert into pilots (name) values ('Icarus')");
  await assert.rejects(dying.query("select pg_terminate_backend(pg_backend_pid())"));
  await assert.rejects(dying.query("commit"));
  assert.strictEqual(await withClient(env.HYPERDRIVE, (client) => client.query("select count(*)::int as n from pilots").then(({ rows }) => rows[0].n)), 3);
  return new Response("ok");
}
