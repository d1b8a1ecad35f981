// SPDX-License-Identifier: GPL-3.0-or-later
// Runs many small operations of every kind, one after the other, and tells which were acknowledged: {results: [[kind, number, outcome], ...]}. An outcome is true, the
// text of an error, or what was read.

function valueOf(n) {
  return n + ":" + "t".repeat(n % 19 === 0 ? 100000 : (n % 97) * 13);
}

/** A cache says nothing of what it did not store: whether it did shows when it is asked. */
async function putIntoCache(url, value) {
  await caches.default.put(url, new Response(value, { headers: { "cache-control": "max-age=3600" } }));
  const found = await caches.default.match(url);
  return found !== undefined && (await found.text()) === value ? true : "not stored";
}

async function run(env, kind, n) {
  const own = `theirs/${n % 25}`;
  const shared = `both/${n % 10}`;
  switch (kind) {
  case "kv":
    await env.MIXED_KV.put(n % 3 ? own : shared, valueOf(n));
    return true;
  case "r2":
    return (await env.MIXED_R2.put(n % 3 ? own : shared, valueOf(n))) !== null;
  case "d1":
    await env.MIXED_D1.prepare("INSERT INTO mixed VALUES ('theirs', ?)").bind(n).run();
    return true;
  case "cache":
    return putIntoCache("http://mixed.test/" + own, valueOf(n));
  case "kv read":
    return { read: await env.MIXED_KV.get(`ours/${n % 25}`) };
  case "r2 read": {
    const found = await env.MIXED_R2.get(`ours/${n % 25}`);
    return { read: found && (await found.text()) };
  }
  case "d1 read":
    await env.MIXED_D1.prepare("SELECT count(*) AS n FROM mixed").first("n");
    return true;
  case "cache read": {
    const found = await caches.default.match(`http://mixed.test/ours/${n % 25}`);
    return { read: found ? await found.text() : null };
  }
  }
  throw new Error("The test asked for " + kind);
}

export async function onRequestPost({ request, env }) {
  const { kinds, first, count } = await request.json();
  const results = [];
  for (let n = first; n < first + count; ++n) {
    const kind = kinds[n % kinds.length];
    try {
      const outcome = await run(env, kind, n);
      const read = outcome?.read;
      // Of what was read only the number is told, when the rest is as it has to be.
      if (typeof read === "string") {
        const number = Number(read.split(":")[0]);
        results.push([kind, n, read === valueOf(number).replaceAll("t", "o") ? true : "torn: " + read.slice(0, 30)]);
      } else {
        results.push([kind, n, outcome === true || read === null ? true : String(outcome)]);
      }
    } catch (error) {
      results.push([kind, n, `${error.name}: ${error.message}`]);
    }
  }
  return Response.json({ results });
}
