// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import { AutoRouter, error } from "itty-router";

const router = AutoRouter({ base: "/api" });
router.get("/hello/:name", ({ params, query }) => ({ hello: params.name, ...query }));
router.get("/fail", () => error(418, "a teapot"));
router.post("/echo", async (request) => request.json());

export async function onRequest() {
  const found = await router.fetch(new Request("http://x/api/hello/you?a=1"));
  assert.deepStrictEqual(await found.json(), { hello: "you", a: "1" });
  const failed = await router.fetch(new Request("http://x/api/fail"));
  assert.strictEqual(failed.status, 418);
  assert.deepStrictEqual(await failed.json(), { status: 418, error: "a teapot" });
  assert.strictEqual((await router.fetch(new Request("http://x/api/none"))).status, 404);
  const echo = await router.fetch(new Request("http://x/api/echo", { method: "POST", body: "[1,2]" }));
  assert.deepStrictEqual(await echo.json(), [1, 2]);
  return new Response("ok");
}
