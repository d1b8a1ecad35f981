import { onRequest as guide } from "./index.js";

export async function onRequest({ env, request }) {
  const inserted = await (await guide({ env, request: new Request(new URL("/insert", request.url)) })).json();
  return new Response(typeof inserted.mutationId === "string" ? "ok" : JSON.stringify(inserted));
}
