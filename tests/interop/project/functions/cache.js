// SPDX-License-Identifier: GPL-3.0-or-later
// Runs calls of the Cache API that a test posts as JSON, one after the other, and answers with their outcomes. Bodies are texts; {repeat: [text, times]} stands for a
// long one.

async function run(call) {
  const cache = call.cache ? await caches.open(call.cache) : caches.default;
  switch (call.do) {
  case "put": {
    const body = typeof call.body === "object" ? call.body.repeat[0].repeat(call.body.repeat[1]) : call.body;
    await cache.put(call.url, new Response(body, { status: call.status ?? 200, headers: call.headers }));
    return null;
  }
  case "match": {
    const found = await cache.match(new Request(call.url, { headers: call.headers }));
    if (!found) return null;
    const headers = Object.fromEntries(found.headers);
    delete headers.date;
    return { status: found.status, headers, text: await found.text() };
  }
  case "delete":
    return cache.delete(call.url);
  }
  throw new Error("The test asked for " + call.do);
}

export async function onRequestPost({ request }) {
  const outcomes = [];
  for (const call of await request.json()) {
    try {
      outcomes.push({ result: await run(call) });
    } catch (error) {
      outcomes.push({ error: `${error.name}: ${error.message}` });
    }
  }
  return Response.json(outcomes);
}
