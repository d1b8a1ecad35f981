export const onRequest = async ({ env }) => {
  await env.BUCKET.put("some-key", "a picture");
  return new Response("ok");
};
