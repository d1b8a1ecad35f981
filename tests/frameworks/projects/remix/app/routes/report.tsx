import { type ActionFunctionArgs, createCookieSessionStorage, data, type LoaderFunctionArgs, redirect } from '@remix-run/cloudflare'
import { Form, useActionData, useLoaderData } from '@remix-run/react'

const storage = (secret: string) =>
  createCookieSessionStorage<{ last: string }, { notice: string }>({ cookie: { name: 'harbour', secrets: [secret], httpOnly: true, path: '/', sameSite: 'lax', maxAge: 60 } })

export const loader = async ({ request, context }: LoaderFunctionArgs) => {
  const { getSession, commitSession } = storage(context.cloudflare.env.SESSION_SECRET)
  const session = await getSession(request.headers.get('cookie'))
  const notice = session.get('notice') ?? null
  return data({ last: session.get('last') ?? null, notice, all: await context.cloudflare.env.LOGBOOK.get('all', 'json') }, { headers: { 'Set-Cookie': await commitSession(session, { maxAge: 60 }) } })
}

export const action = async ({ request, context }: ActionFunctionArgs) => {
  const form = await request.formData()
  const ship = String(form.get('ship') ?? '')
  if (ship.length < 2)
    return data({ problem: 'Which ship?' }, { status: 422 })
  await context.cloudflare.env.LOGBOOK.put('all', JSON.stringify([ship]))
  const { getSession, commitSession } = storage(context.cloudflare.env.SESSION_SECRET)
  const session = await getSession(request.headers.get('cookie'))
  session.set('last', ship)
  session.flash('notice', 'Noted')
  return redirect('/report', { headers: { 'Set-Cookie': await commitSession(session) } })
}

export default function Report() {
  const { last, notice, all } = useLoaderData<typeof loader>()
  const result = useActionData<typeof action>()
  return (
    <Form method="post">
      <p>{last ?? 'none'} {notice} {JSON.stringify(all)}</p>
      <input name="ship" />
      <button>{result && 'problem' in result ? result.problem : 'Report'}</button>
    </Form>
  )
}
