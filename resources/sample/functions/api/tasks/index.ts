import type { Env } from "../../../env";
import { PREFIX, type Metadata, type Task } from "../../../tasks";

// GET /api/tasks: title and state travel in the metadata, so one list() is enough.
export const onRequestGet: PagesFunction<Env> = async ({ env }) => {
  const { keys } = await env.TODO_LIST.list<Metadata>({ prefix: PREFIX });
  const tasks = keys.map(({ name, metadata }): Task => ({
    id: name.slice(PREFIX.length),
    title: metadata?.title ?? "",
    done: metadata?.done ?? false,
  }));
  return Response.json(tasks);
};

// POST /api/tasks with { "title": "..." }
export const onRequestPost: PagesFunction<Env> = async ({ env, request }) => {
  const body = await request.json<{ title?: unknown }>().catch(() => null);
  const title = typeof body?.title === "string" ? body.title.trim() : "";
  if (!title || title.length > 200) {
    return Response.json({ error: "A title has 1 to 200 characters." }, { status: 400 });
  }

  // Keys are listed in order, so an id that begins with the time keeps the newest task last.
  const id = `${Date.now().toString(36).padStart(9, "0")}-${crypto.randomUUID().slice(0, 8)}`;
  const metadata: Metadata = { title, done: false };
  await env.TODO_LIST.put(PREFIX + id, new Date().toISOString(), { metadata });
  return Response.json({ id, ...metadata } satisfies Task, { status: 201 });
};
