// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";

/** Kysely over D1: what its drivers for D1 do. */
class D1Driver {
  constructor(database) {
    this.database = database;
  }
  async init() {}
  async acquireConnection() {
    const { database } = this;
    return {
      async executeQuery({ sql, parameters }) {
        const { results, meta } = await database.prepare(sql).bind(...parameters).all();
        return { rows: results, insertId: BigInt(meta.last_row_id ?? 0), numAffectedRows: BigInt(meta.changes ?? 0) };
      },
    };
  }
  async releaseConnection() {}
  async destroy() {}
}

export async function onRequest({ env }) {
  const db = new Kysely({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new D1Driver(env.DB),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
  await db.schema.createTable("pets").addColumn("id", "integer", (column) => column.primaryKey()).addColumn("name", "text", (column) => column.notNull()).execute();
  const made = await db.insertInto("pets").values({ name: "Rex" }).executeTakeFirst();
  assert.strictEqual(made.insertId, 1n);
  await db.insertInto("pets").values([{ name: "Tom" }, { name: "Uma" }]).execute();
  assert.deepStrictEqual(await db.selectFrom("pets").select(["id", "name"]).where("name", "like", "%o%").execute(), [{ id: 2, name: "Tom" }]);
  const changed = await db.updateTable("pets").set({ name: "Max" }).where("id", ">", 1).executeTakeFirst();
  assert.strictEqual(changed.numUpdatedRows, 2n);
  await assert.rejects(db.selectFrom("none").selectAll().execute(), /no such table/);
  return new Response("ok");
}
