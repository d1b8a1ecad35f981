export default defineEventHandler(async (event) => {
  const id = getRouterParam(event, 'id')!
  const { env, context } = event.context.cloudflare
  if (isMethod(event, 'PUT')) {
    context.waitUntil(Promise.resolve())
    await env.LOGBOOK.put(id, JSON.stringify(await readBody(event)))
    return sendNoContent(event)
  }
  assertMethod(event, 'GET')
  return { id, entry: await env.LOGBOOK.get(id, 'json'), query: getQuery(event), agent: getHeader(event, 'user-agent') ?? null }
})
