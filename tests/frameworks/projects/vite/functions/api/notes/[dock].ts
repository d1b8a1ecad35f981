export const onRequestGet = async ({ params, env, data }) => {
  const { value, metadata } = await env.NOTES.getWithMetadata(params.dock, 'json')
  return value === null ? new Response(null, { status: 404 }) : Response.json({ value, metadata, data })
}
export const onRequestDelete = async ({ params, env }) => {
  await env.NOTES.delete(params.dock)
  return new Response(null, { status: 204 })
}
