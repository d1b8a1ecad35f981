export default defineEventHandler((event) => ({ path: getRouterParam(event, 'path') ?? null, url: getRequestURL(event).href, ip: typeof getRequestIP(event, { xForwardedFor: true }) }))
