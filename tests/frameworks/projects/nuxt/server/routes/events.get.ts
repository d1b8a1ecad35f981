export default defineEventHandler((event) => {
  setResponseHeader(event, 'content-type', 'text/event-stream')
  let id = 0
  return new ReadableStream({
    async pull(controller) {
      await new Promise((done) => setTimeout(done, 2))
      if (id === 3)
        return controller.close()
      controller.enqueue(new TextEncoder().encode(`id: ${id++}\ndata: tide\n\n`))
    },
  })
})
