import type { Env } from "../../../env";
import { PREFIX, type Metadata, type Task } from "../../../tasks";

const notFound = () => Response.json({ error: "There is no such task." }, { status: 404 });

// PATCH /api/tasks/ID with { "done": true }
export const onRequestPatch: PagesFunction<Env, "id"> = async ({ env, params, request }) => {
  const body = await request.json<{ done?: unknown }>().catch(() => null);
  if (typeof body?.done !== "boolean") {
    return Response.json({ error: '"done" is true or false.' }, { status: 400 });
  }

  const key = PREFIX + params.id;
  const { value, metadata } = await env.TODO_LIST.getWithMetadata<Metadata>(key);
  if (value === null || metadata === null) return notFound();

  const changed: Metadata = { ...metadata, done: body.done };
  await env.TODO_LIST.put(key, value, { metadata: changed });
  return Response.json({ id: String(params.id), ...changed } satisfies Task);
};

// DELETE /api/tasks/ID
export const onRequestDelete: PagesFunction<Env, "id"> = async ({ env, params }) => {
  const key = PREFIX + params.id;
  if ((await env.TODO_LIST.get(key)) === null) return notFound();
  await env.TODO_LIST.delete(key);
  return new Response(null, { status: 204 });
};
