import type { APIRoute } from 'astro'

export const GET: APIRoute = async ({ params, url, locals }) => {
  const { env, cf, ctx, caches } = (locals as any).runtime
  return Response.json({ path: params.path ?? null, search: url.search, entry: await env.LOGBOOK.get(params.path ?? 'none', 'json'), cf: typeof cf, ctx: typeof ctx.waitUntil, caches: typeof caches.default })
}
export const PUT: APIRoute = async ({ params, request, locals }) => {
  await (locals as any).runtime.env.LOGBOOK.put(params.path!, await request.text())
  return new Response(null, { status: 204 })
}
