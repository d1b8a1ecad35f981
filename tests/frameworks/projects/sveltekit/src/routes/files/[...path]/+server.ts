import { read } from '$app/server'
import { json } from '@sveltejs/kit'
import chart from './chart.txt?url'

export const GET = async ({ params, url, fetch, platform }) => {
  if (params.path === 'chart')
    return new Response(await read(chart).text())
  const robots = await fetch('/robots.txt')
  const own = await fetch('/api/stream')
  return json({ path: params.path, search: url.search, robots: [robots.status, await robots.text()], own: await own.text(), cf: typeof platform!.cf, caches: typeof platform!.caches, context: typeof platform!.context?.waitUntil })
}
