// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import { createConnection } from "mysql2/promise";

async function withConnection({ host, user, password, database, port }, use) {
  const connection = await createConnection({ host, user, password, database, port, disableEval: true });
  try {
    return await use(connection);
  } finally {
    await connection.end();
  }
}

const cipher = (connection) => connection.query("show status like 'Ssl_cipher'").then(([rows]) => rows[0].Value);
const count = (connection) => connection.query("select count(*) as n from pilots").then(([rows]) => rows[0].n);

export async function onRequest({ env }) {
  await withConnection(env.HYPERDRIVE, async (connection) => {
    await connection.query("create table pilots (id int auto_increment primary key, name varchar(40) unique) engine = InnoDB character set utf8mb4");
    assert.deepStrictEqual((await connection.query("select ? as echo, 42 as n", ["h\u00e9llo"]))[0], [{ echo: "h\u00e9llo", n: 42 }]);
    assert.strictEqual((await connection.execute("insert into pilots (name) values (?)", ["Ada"]))[0].insertId, 1);
    assert.strictEqual((await connection.execute("insert into pilots (name) values (?)", ["Grace"]))[0].insertId, 2);
    await connection.beginTransaction();
    await connection.query("delete from pilots");
    await connection.rollback();
    await connection.beginTransaction();
    await connection.query("insert into pilots (name) values ('Amelia')");
    await connection.commit();
    assert.deepStrictEqual((await connection.execute("select name from pilots where id > ? order by name", [0]))[0].map(({ name }) => name), ["Ada", "Amelia", "Grace"]);
    await assert.rejects(connection.query("insert into pilots (name) values ('Ada')"), { code: "ER_DUP_ENTRY" });
    await assert.rejects(connection.query("select * from nowhere"), { code: "ER_NO_SUCH_TABLE" });
    assert.strictEqual((await connection.query("select repeat('x', 5000000) as lang"))[0][0].lang.length, 5000000);
    assert.strictEqual(await cipher(connection), "");
  });
  for (const name of ["REQUIRED", "PREFERRED", "VERIFIED_CA", "VERIFIED"]) {
    assert.match(await withConnection(env[name], cipher), /^TLS_|-/, name);
    assert.strictEqual(await withConnection(env[name], count), 3, name);
  }
  for (const name of ["UNTRUSTED", "NOBODY"]) await assert.rejects(withConnection(env[name], cipher), undefined, name);
  await assert.rejects(withConnection(env.WRONG, cipher), { code: "ER_ACCESS_DENIED_ERROR" });
  await assert.rejects(withConnection(env.WRONG_TLS, cipher), { code: "ER_ACCESS_DENIED_ERROR" });

  const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => withConnection(i % 2 ? env.HYPERDRIVE : env.REQUIRED, (connection) => connection.query("select ? as i", [i]).then(([rows]) => rows[0].i))));
  assert.deepStrictEqual(answers, Array.from({ length: 100 }, (_, i) => i));

  const { host, user, password, database, port } = env.HYPERDRIVE;
  const dying = await createConnection({ host, user, password, database, port, disableEval: true });
  dying.on("error", () => {});
  await dying.beginTransaction();
  await dying.query("insert into pilots (name) values ('Icarus')");
  await assert.rejects(dying.query("kill connection_id()"));
  await assert.rejects(dying.commit());
  assert.strictEqual(await withConnection(env.HYPERDRIVE, count), 3);
  return new Response("ok");
}
