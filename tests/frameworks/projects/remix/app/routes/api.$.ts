import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/cloudflare'

export const loader = ({ params, request, context }: LoaderFunctionArgs) => {
  const { cf, ctx, caches } = context.cloudflare
  return Response.json({ path: params['*'], url: request.url, cf: typeof cf, ctx: typeof ctx.waitUntil, caches: typeof caches })
}
export const action = async ({ request }: ActionFunctionArgs) => new Response(request.body, { status: 201, headers: { 'x-method': request.method } })
