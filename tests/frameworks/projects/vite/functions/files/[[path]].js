export function onRequest({ params, functionPath, request }) {
  return Response.json({ path: params.path ?? null, functionPath, url: request.url })
}
