// The guide's snippet says `request` where it means `context.request`: as it stands there it throws, also in production.
export async function onRequest(context) {
  const { request } = context;
  await context.env.MY_QUEUE.send({
    url: request.url,
    method: request.method,
    headers: Object.fromEntries(request.headers),
  });

  return new Response("Sent!");
}
