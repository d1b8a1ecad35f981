export const onRequest = () => new Response("ok");
