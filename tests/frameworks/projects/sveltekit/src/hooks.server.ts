import type { Handle, HandleServerError } from '@sveltejs/kit'

export const handle: Handle = async ({ event, resolve }) => {
  event.locals.pilot = event.cookies.get('pilot') ?? null
  if (event.url.pathname.startsWith('/private') && !event.locals.pilot)
    return new Response('Pilots only.', { status: 401, headers: { 'www-authenticate': 'Cookie' } })
  const response = await resolve(event, { transformPageChunk: ({ html }) => html.replace('%lang%', event.request.headers.get('accept-language')?.slice(0, 2) ?? 'en') })
  response.headers.set('x-route', event.route.id ?? 'none')
  return response
}

export const handleError: HandleServerError = ({ status, message }) => ({ message: `${status}: ${message}` })
