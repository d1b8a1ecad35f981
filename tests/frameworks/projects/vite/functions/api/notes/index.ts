import { nanoid } from 'nanoid'
import { z } from 'zod'

const Note = z.object({ text: z.string().min(2).max(80), dock: z.enum(['north', 'south']).default('north') })

export const onRequestGet = async ({ env }) => Response.json(await env.NOTES.list())

export const onRequestPost = async ({ request, env }) => {
  const parsed = Note.safeParse(await request.json())
  if (!parsed.success)
    return Response.json(z.flattenError(parsed.error), { status: 400 })
  const id = nanoid()
  await env.NOTES.put(parsed.data.dock, JSON.stringify(parsed.data), { metadata: { length: id.length } })
  return Response.json(parsed.data, { status: 201, headers: { location: `/api/notes/${parsed.data.dock}` } })
}
