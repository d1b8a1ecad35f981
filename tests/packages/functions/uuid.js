// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import { nanoid, customAlphabet } from "nanoid";
import { parse, stringify, v4, v5, v7, validate, version } from "uuid";

export function onRequest() {
  assert.match(v4(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.strictEqual(v5("hello.example.com", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "fdda765f-fc57-5604-a269-52a7df8164ec");
  assert.strictEqual(version(v7()), 7);
  assert.ok(validate(stringify(parse(v4()))));
  assert.strictEqual(nanoid().length, 21);
  assert.match(customAlphabet("ab", 9)(), /^[ab]{9}$/);
  assert.strictEqual(new Set(Array.from({ length: 1000 }, () => nanoid())).size, 1000);
  return new Response("ok");
}
