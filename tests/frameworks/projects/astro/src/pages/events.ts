export const GET = () => {
  const events = new ReadableStream({
    async start(controller) {
      for (let id = 0; id < 3; id++) {
        await new Promise((done) => setTimeout(done, 2))
        controller.enqueue(new TextEncoder().encode(`id: ${id}\ndata: tide\n\n`))
      }
      controller.close()
    },
  })
  return new Response(events, { headers: { 'content-type': 'text/event-stream' } })
}
