import { error, json } from '@sveltejs/kit'

export const GET = async ({ params, platform }) => {
  const value = await platform!.env.LOGBOOK.get(params.id, 'json')
  return value === null ? error(404, 'No such entry') : json(value, { headers: { 'x-entry': params.id } })
}
export const PUT = async ({ params, request, platform }) => {
  await platform!.env.LOGBOOK.put(params.id, JSON.stringify(await request.json()))
  return new Response(null, { status: 204 })
}
