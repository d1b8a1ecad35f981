import { Hono } from 'hono'
import { basicAuth } from 'hono/basic-auth'
import { deleteCookie, getCookie, getSignedCookie, setCookie, setSignedCookie } from 'hono/cookie'
import { cors } from 'hono/cors'
import { csrf } from 'hono/csrf'
import { etag } from 'hono/etag'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { stream, streamSSE, streamText } from 'hono/streaming'
import { Suspense } from 'hono/jsx/streaming'
import { validator } from 'hono/validator'
import { renderer } from './renderer'

type Env = { Bindings: { HARBOUR: string; LOGBOOK: KVNamespace; ASSETS: Fetcher; CF_PAGES: string } }

interface KVNamespace {
  get(key: string): Promise<string | null>
  get(key: string, type: 'json'): Promise<unknown>
  put(key: string, value: string, options?: object): Promise<void>
  list(options?: object): Promise<{ keys: { name: string; metadata?: unknown }[]; list_complete: boolean }>
  delete(key: string): Promise<void>
}
interface Fetcher {
  fetch(request: Request | URL | string): Promise<Response>
}

const app = new Hono<Env>()

app.use('/api/*', cors({ origin: ['https://pilot.example'], credentials: true, maxAge: 600 }))
app.use('/safe/*', secureHeaders())
app.use('/form', csrf())
app.use('/staff/*', basicAuth({ username: 'pilot', password: 'low water' }))
app.use('/tagged/*', etag())
app.use(renderer)

app.get('/', (c) => c.render(<h1>Ships in {c.env.HARBOUR}</h1>))

const Tide = async () => {
  await new Promise((done) => setTimeout(done, 20))
  return <p>High water at six.</p>
}
app.get('/tide', (c) =>
  c.render(
    <main>
      <h1>Tide</h1>
      <Suspense fallback={<p>Asking the gauge ...</p>}>
        <Tide />
      </Suspense>
    </main>,
    { title: 'Tide' },
  ),
)

app.get('/ships/:name{[a-z-]+}', (c) => c.render(<p>{c.req.param('name')} & <b>{c.req.query('flag') ?? 'no flag'}</b></p>, { title: c.req.param('name') }))
app.get('/berths/:dock/:number{[0-9]+}?', (c) => c.json({ ...c.req.param(), queries: c.req.queries('tag') ?? [] }))

app.get('/api/time-zone', (c) => c.json({ pages: c.env.CF_PAGES, offset: new Date(0).getTimezoneOffset() }))
app.get('/api/log', async (c) => {
  const list = await c.env.LOGBOOK.list({ prefix: 'entry:' })
  const entries = await Promise.all(list.keys.map((key) => c.env.LOGBOOK.get(key.name, 'json')))
  return c.json({ keys: list.keys, entries })
})
app.put('/api/log/:id', async (c) => {
  await c.env.LOGBOOK.put(`entry:${c.req.param('id')}`, JSON.stringify(await c.req.json()), { metadata: { via: c.req.header('user-agent') ?? null } })
  return c.body(null, 204)
})
app.delete('/api/log/:id', async (c) => {
  await c.env.LOGBOOK.delete(`entry:${c.req.param('id')}`)
  return c.json({ gone: c.req.param('id') }, 202, { 'x-gone': 'yes' })
})
app.post(
  '/api/checked',
  validator('json', (value, c) => (typeof value.draught === 'number' ? { draught: value.draught } : c.text('The draught is a number.', 422))),
  (c) => c.json(c.req.valid('json')),
)

app.get('/form', (c) => c.render(<form method="post"><input name="ship" /><button>Report</button></form>))
app.post('/form', async (c) => {
  const form = await c.req.parseBody({ all: true, dot: true })
  setCookie(c, 'last', String(form.ship), { path: '/', httpOnly: true, sameSite: 'Lax', maxAge: 3600 })
  return c.redirect('/form/thanks', 303)
})
app.get('/form/thanks', (c) => c.text(`Thanks, ${getCookie(c, 'last') ?? 'stranger'}`))
app.post('/upload', async (c) => {
  const form = await c.req.parseBody({ all: true })
  const described = Object.entries(form).map(([name, value]) => [
    name,
    [value].flat().map((one) => (one instanceof File ? { name: one.name, type: one.type, size: one.size } : one)),
  ])
  return c.json(Object.fromEntries(described))
})

app.get('/cookies', async (c) => {
  setCookie(c, 'plain', 'a b;c', { path: '/', secure: true })
  await setSignedCookie(c, 'signed', 'harbour master', 'the secret of the port')
  deleteCookie(c, 'old')
  return c.json({ all: getCookie(c), signed: (await getSignedCookie(c, 'the secret of the port', 'signed')) ?? null })
})

app.get('/stream/text', (c) =>
  streamText(c, async (out) => {
    for (const word of ['cast', 'off', 'now']) {
      await out.writeln(word)
      await out.sleep(5)
    }
  }),
)
app.get('/stream/events', (c) =>
  streamSSE(c, async (out) => {
    for (let id = 0; id < 3; id++)
      await out.writeSSE({ event: 'tide', data: `level ${id}\nrising`, id: String(id) })
  }),
)
app.get('/stream/bytes', (c) => {
  c.header('content-type', 'application/octet-stream')
  return stream(c, async (out) => {
    await out.write(new Uint8Array([1, 2, 3]))
    await out.pipe(new Response('and more').body!)
  })
})

app.get('/safe/page', (c) => c.html('<p>safe</p>'))
app.get('/staff/rota', (c) => c.text('Night watch'))
app.get('/tagged/text', (c) => c.text('The same each time'))
app.get('/asset', (c) => c.env.ASSETS.fetch(new URL('/static/robots.txt', c.req.url)))
app.get('/old', (c) => c.redirect('/ships/old-tom'))
app.get('/url', (c) => c.json({ path: c.req.path, url: c.req.url, method: c.req.method, query: c.req.query() }))
app.get('/broken', () => {
  throw new Error('The crane fell over.')
})
app.get('/teapot', () => {
  throw new HTTPException(418, { message: 'Only tea on board.' })
})
app.on(['PURGE', 'REPORT'], '/verbs', (c) => c.text(`Did ${c.req.method}`))
app.mount('/mounted', (request: Request) => new Response(`mounted ${new URL(request.url).pathname}`))

app.notFound((c) => c.render(<p>No such quay: {c.req.path}</p>, { title: 'Not found' }))
app.onError((error, c) => (error instanceof HTTPException ? error.getResponse() : c.text(`Sorry: ${error.message}`, 500)))

export default app
