import { type LoaderFunctionArgs, redirect } from '@remix-run/cloudflare'
import { useLoaderData } from '@remix-run/react'

export const loader = ({ params, request }: LoaderFunctionArgs) => {
  if (params.name === 'ghost')
    throw new Response('Nobody has seen her', { status: 404 })
  if (params.name === 'moved')
    return redirect('/ships/here', 301)
  return { name: params.name, built: new Date(0), flag: new URL(request.url).searchParams.get('flag'), crew: new Map([['cook', 1n]]) }
}

export default function Ship() {
  const { name, built, flag, crew } = useLoaderData<typeof loader>()
  return <p>{name} {built.toISOString()} {flag ?? 'no flag'} {String(crew.get('cook'))}</p>
}
