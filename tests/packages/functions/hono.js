// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { handle } from "hono/cloudflare-pages";
import { upgradeWebSocket } from "hono/cloudflare-workers";
import { HTTPException } from "hono/http-exception";

const app = new Hono();
app.use("*", cors());
app.get("/", async (c) => {
  const list = await app.request("/items/3?q=x", {}, c.env);
  assert.deepStrictEqual(await list.json(), { id: "3", q: "x" });
  assert.strictEqual(list.headers.get("access-control-allow-origin"), "*");
  const made = await app.request("/items", { method: "POST", body: JSON.stringify({ a: 1 }), headers: { "content-type": "application/json" } });
  assert.strictEqual(made.status, 201);
  assert.deepStrictEqual(await made.json(), { got: { a: 1 } });
  assert.strictEqual((await app.request("/no")).status, 404);
  const refused = await app.request("/refused");
  assert.strictEqual(refused.status, 401);
  assert.strictEqual(await refused.text(), "who are you?");
  const upgraded = await app.request("/socket", { headers: { Upgrade: "websocket" } });
  assert.strictEqual(upgraded.status, 101);
  const socket = upgraded.webSocket;
  const answered = new Promise((resolve) => socket.addEventListener("message", ({ data }) => resolve(data)));
  socket.accept();
  socket.send("hello");
  assert.strictEqual(await answered, "got hello");
  const closed = new Promise((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
  socket.send("close");
  assert.strictEqual(await closed, 4000);
  return c.text("ok");
});
app.get("/items/:id", (c) => c.json({ id: c.req.param("id"), q: c.req.query("q") }));
app.post("/items", async (c) => c.json({ got: await c.req.json() }, 201));
app.get("/socket", upgradeWebSocket(() => ({
  onMessage(event, ws) {
    if (event.data === "close") ws.close(4000, "as asked");
    else ws.send(`got ${event.data}`);
  },
})));
app.get("/refused", () => {
  throw new HTTPException(401, { message: "who are you?" });
});

export const onRequest = handle(app);
