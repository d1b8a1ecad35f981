// SPDX-License-Identifier: GPL-3.0-or-later
// GET /run/<area>?peer=URL&from=N&count=N: some of an area's snippets, one after the other; what each returned or threw, by name.
import { areas } from "../areas.js";
import { show, showError } from "../lib/show.js";

const patience = 8000; // ms

async function outcome(snippet, tools) {
  const timer = new AbortController();
  const late = scheduler.wait(patience, { signal: timer.signal }).then(() => "(never settled)", () => {});
  try {
    return await Promise.race([(async () => show(await snippet(tools)))(), late]);
  } catch (error) {
    return showError(error);
  } finally {
    timer.abort();
  }
}

export async function onRequest({ request, params, env, waitUntil }) {
  const url = new URL(request.url);
  const { default: snippets } = await areas[params.area]();
  const names = Object.keys(snippets);
  const from = Number(url.searchParams.get("from"));
  const tools = { origin: url.origin, peer: url.searchParams.get("peer"), request, env, waitUntil };
  const outcomes = {};
  for (const name of names.slice(from, from + Number(url.searchParams.get("count")))) outcomes[name] = await outcome(snippets[name], tools);
  return new Response(JSON.stringify({ total: names.length, outcomes }), { headers: { "content-type": "application/json" } });
}
