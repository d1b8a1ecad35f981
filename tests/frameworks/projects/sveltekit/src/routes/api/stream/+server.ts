export const GET = () => {
  let id = 0
  const events = new ReadableStream({
    pull(controller) {
      if (id === 3)
        return controller.close()
      controller.enqueue(new TextEncoder().encode(`id: ${id++}\ndata: tide\n\n`))
    },
  })
  return new Response(events, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}
