// PUT stores the object; GET reads it as often as it is told to, one time after the other: a clock inside of workerd stands still while code runs.
export async function onRequestPut({ env, request }) {
  await env.BUCKET.put("key", await request.text());
  return new Response("seeded");
}

export async function onRequestGet({ env, request }) {
  let text = "";
  for (let times = Number(new URL(request.url).searchParams.get("times") ?? 1); times > 0; --times) text = await (await env.BUCKET.get("key")).text();
  return new Response(text);
}
