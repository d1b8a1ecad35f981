const errors = async (context) => {
  try {
    return await context.next()
  } catch (error) {
    return new Response(`Sorry: ${error.message}`, { status: 500 })
  }
}
const stamp = async (context) => {
  context.data.started = true
  const response = await context.next()
  response.headers.set('x-harbour', context.env.HARBOUR)
  return response
}
const rewrite = async (context) => {
  const response = await context.next()
  if (!(response.headers.get('content-type') ?? '').startsWith('text/html'))
    return response
  return new HTMLRewriter().on('title', { element: (title) => title.append(' of Nordhavn') }).transform(response)
}

export const onRequest = [errors, stamp, rewrite]
