import type { Env } from "../../env";

// GET /files/NAME: an object streams from the bucket to the client, with the type that it was stored with.
export const onRequestGet: PagesFunction<Env, "name"> = async ({ env, params }) => {
  const object = await env.FILES.get(String(params.name));
  if (object === null) return new Response("There is no such file.\n", { status: 404 });
  const headers = new Headers({ etag: object.httpEtag });
  object.writeHttpMetadata(headers);
  return new Response(object.body, { headers });
};

// PUT /files/NAME, for example: curl -T picture.png -H "Content-Type: image/png" http://localhost:8788/files/picture.png
export const onRequestPut: PagesFunction<Env, "name"> = async ({ env, params, request }) => {
  const object = await env.FILES.put(String(params.name), request.body, { httpMetadata: request.headers });
  return Response.json({ key: object.key, size: object.size, etag: object.etag }, { status: 201 });
};
