import type { RequestHandler } from '@builder.io/qwik-city'

export const onGet: RequestHandler = async ({ json, params, platform, url }) => {
  json(200, { id: params.id, entry: await platform.env!.LOGBOOK.get(params.id, 'json'), url: url.href })
}
export const onPut: RequestHandler = async ({ send, params, platform, parseBody }) => {
  await platform.env!.LOGBOOK.put(params.id, JSON.stringify(await parseBody()))
  send(201, 'kept')
}
