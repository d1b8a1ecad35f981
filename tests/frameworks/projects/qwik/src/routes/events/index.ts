import type { RequestHandler } from '@builder.io/qwik-city'

export const onGet: RequestHandler = async ({ getWritableStream, headers }) => {
  headers.set('content-type', 'text/event-stream')
  const writer = getWritableStream().getWriter()
  for (let id = 0; id < 3; id++) {
    await writer.write(new TextEncoder().encode(`id: ${id}\ndata: tide\n\n`))
    await new Promise((done) => setTimeout(done, 2))
  }
  await writer.close()
}
