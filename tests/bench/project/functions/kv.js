export async function onRequest({ env }) {
  return new Response(await env.BENCH.get("key"));
}
