// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The code that t_spans runs, in a file of its own because Qt's moc cannot read it. $PEER stands for the address of a server.

namespace cleat::test {

inline constexpr const char *chainCode = R"js(
async function outer({ env, next, waitUntil }) {
  await env.KV.get("first");
  let release;
  waitUntil((async () => {
    await new Promise((done) => (release = done));
    await new Promise((done) => setTimeout(done, 30));
    await env.KV.put("late", "1");
  })());
  const response = await next();
  await env.KV.get("last");
  release();
  return response;
}
async function inner({ env, next }) {
  const [a, b] = await Promise.all([next(), env.KV.get("beside")]);
  return a;
}
async function handler({ env, request }) {
  await env.DB.prepare("CREATE TABLE IF NOT EXISTS t (x)").run();
  const text = await (await fetch("$PEER/far")).text();
  await caches.default.match("http://localhost/none");
  await env.ASSETS.fetch("http://localhost/asset.txt");
  return new Response(text);
}
export default { "_middleware.js": { onRequest: outer }, "api/_middleware.js": { onRequest: inner }, "api/far.js": { onRequestGet: handler } };
)js";

inline constexpr const char *contextsCode = R"js(
async function onRequest({ env, next }) {
  if (next.done) return new Response("x");
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  await wait(1);
  await env.KV.get("after a timer");
  await Promise.all([1, 2, 3].map(async (n) => { await wait(n); await env.KV.get("parallel " + n); }));
  await new Promise((done) => setTimeout(() => env.KV.get("in a callback").then(done), 1));
  await new Promise((done) => queueMicrotask(() => env.KV.get("in a microtask").then(done)));
  await wait(1).then(() => env.KV.get("in then"));
  for await (const n of (async function* () { yield await env.KV.get("in a generator"); })()) ;
  return new Response("done");
})js";

inline constexpr const char *besideCode = R"js(
async function onRequest({ env, request }) {
  const name = new URL(request.url).pathname;
  for (let i = 0; i < 5; ++i) { await new Promise((done) => setTimeout(done, 1)); await env.KV.get(name); }
  return new Response(name);
})js";

inline constexpr const char *arrayCode = R"js(
const first = async ({ next }) => next();
const second = ({ next }) => next();
const third = () => new Response("third");
export default { "a.js": { onRequest: [first, [second], third] } };
)js";

inline constexpr const char *assetsCode = R"js(
export default { "_middleware.js": { async onRequest({ next }) { return next(); } } };
)js";

inline constexpr const char *impatientCode = R"js(
const outer = async ({ next }) => { next(); return new Response("did not wait"); };
const handler = () => new Promise(() => {});
export default { "_middleware.js": { onRequest: outer }, "a.js": { onRequest: handler } };
)js";

inline constexpr const char *lateCode = R"js(
async function onRequest({ env, waitUntil }) {
  waitUntil((async () => {
    await new Promise((done) => setTimeout(done, 40));
    await env.KV.put("a", "1");
    throw new Error("too late");
  })());
  waitUntil("no promise");
  return new Response("soon");
})js";

inline constexpr const char *rowsCode = R"js(
async function onRequest({ env }) {
  await env.DB.exec("CREATE TABLE t (x)");
  await env.DB.batch([env.DB.prepare("INSERT INTO t VALUES (1), (2)"), env.DB.prepare("INSERT INTO t VALUES (3)")]);
  await env.DB.prepare("SELECT * FROM t").all();
  try { await env.DB.prepare("SELECT * FROM none").all(); } catch {}
  return new Response("done");
})js";

inline constexpr const char *fetchCode = R"js(
const base = "$PEER";
async function onRequest({ request }) {
  const path = new URL(request.url).pathname;
  if (path === "/post") await (await fetch(base + "/there", { method: "POST", body: "hello", headers: { authorization: "Bearer s3cret", "x-plain": "yes" } })).text();
  if (path === "/moved") await (await fetch(base + "/moved")).text();
  if (path === "/binary") await (await fetch(base + "/binary")).arrayBuffer();
  if (path === "/unread") await fetch(base + "/there");
  if (path === "/cut") await (await fetch(base + "/cut")).text().catch(() => {});
  if (path === "/aborted") { const c = new AbortController(); const p = fetch(base + "/there", { signal: c.signal }); c.abort(); await p.catch(() => {}); }
  return new Response("done");
})js";

inline constexpr const char *quietCode = R"js(
async function outer({ next, waitUntil, env }) { waitUntil(env.KV.put("a", "1")); return next(); }
async function handler({ env }) {
  await env.KV.get("a");
  await env.KV.put("b", new Response("s").body);
  await env.DB.prepare("SELECT 1").run();
  await env.BUCKET.put("k", "v");
  await (await env.BUCKET.createMultipartUpload("m")).uploadPart(1, "p");
  await caches.default.put("http://localhost/c", new Response("v", { headers: { "cache-control": "max-age=60" } }));
  await caches.default.match("http://localhost/c");
  await fetch("http://127.0.0.1:1/").catch(() => {});
  await env.ASSETS.fetch("http://localhost/asset.txt");
  try { await env.KV.get(""); } catch (error) { console.log(error.name); }
  Promise.reject(new Error("nobody"));
  await new Promise((done) => setTimeout(done, 1));
  return new Response(await env.KV.get("b"));
}
export default { "_middleware.js": { onRequest: outer }, "a.js": { onRequest: handler } };
)js";

} // namespace cleat::test
