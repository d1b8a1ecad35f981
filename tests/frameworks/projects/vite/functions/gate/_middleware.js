export function onRequest({ request, next }) {
  const cookie = request.headers.get('cookie') ?? ''
  if (cookie.includes('pass=yes'))
    return next()
  return new Response(null, { status: 302, headers: [['location', '/about'], ['set-cookie', 'asked=1; Path=/'], ['set-cookie', 'again=2; Path=/gate']] })
}
