// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import { z } from "zod";

const User = z.object({ name: z.string().min(2), age: z.number().int().positive().optional(), mail: z.email(), tags: z.array(z.string()).default([]) });

export function onRequest() {
  assert.deepStrictEqual(User.parse({ name: "Ann", mail: "a@b.co" }), { name: "Ann", mail: "a@b.co", tags: [] });
  const failed = User.safeParse({ name: "A", age: 1.5, mail: "no" });
  assert.strictEqual(failed.success, false);
  assert.deepStrictEqual(failed.error.issues.map((issue) => issue.path.join(".")).sort(), ["age", "mail", "name"]);
  assert.strictEqual(z.coerce.number().parse("42"), 42);
  assert.throws(() => z.union([z.literal("a"), z.literal("b")]).parse("c"), { name: "ZodError" });
  assert.strictEqual(z.string().transform((text) => text.length).parse("four"), 4);
  return new Response("ok");
}
