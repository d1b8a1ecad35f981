// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import { desc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

const users = sqliteTable("users", { id: integer("id").primaryKey({ autoIncrement: true }), name: text("name").notNull(), made: integer("made", { mode: "timestamp" }) });

export async function onRequest({ env }) {
  const db = drizzle(env.DB);
  await db.run(sql`create table users (id integer primary key autoincrement, name text not null, made integer)`);
  const [first] = await db.insert(users).values({ name: "Ann", made: new Date(1e12) }).returning();
  assert.deepStrictEqual(first, { id: 1, name: "Ann", made: new Date(1e12) });
  await db.insert(users).values([{ name: "Bob" }, { name: "Cy" }]);
  assert.deepStrictEqual(await db.select({ name: users.name }).from(users).orderBy(desc(users.id)).limit(2), [{ name: "Cy" }, { name: "Bob" }]);
  await db.update(users).set({ name: "Zed" }).where(eq(users.id, 2));
  assert.strictEqual((await db.select().from(users).where(eq(users.name, "Zed")).get()).id, 2);
  const [deleted, counted] = await db.batch([db.delete(users).where(eq(users.id, 1)), db.select({ n: sql`count(*)` }).from(users)]);
  assert.strictEqual(deleted.meta.changes, 1);
  assert.deepStrictEqual(counted, [{ n: 2 }]);
  await assert.rejects(db.insert(users).values({ id: 2, name: "x" }));
  return new Response("ok");
}
