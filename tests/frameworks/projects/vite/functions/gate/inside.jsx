export function onRequest() {
  const { readable, writable } = new TransformStream()
  const writer = writable.getWriter()
  const text = new TextEncoder()
  const send = async () => {
    for (const word of ['one ', 'two ', 'three'])
      await writer.write(text.encode(word))
    await writer.close()
  }
  send()
  return new Response(readable, { headers: { 'content-type': 'text/plain' } })
}
