import { defineMiddleware } from 'astro:middleware'

export const onRequest = defineMiddleware(async ({ url, cookies }, next) => {
  if (url.pathname.startsWith('/private') && !cookies.has('pilot'))
    return new Response('Pilots only.', { status: 401 })
  const response = await next()
  response.headers.set('x-harbour', 'Nordhavn')
  return response
})
