export async function onRequestPost({ env, request }) {
  await env.BENCH.put("key", await request.text());
  return new Response("seeded");
}
