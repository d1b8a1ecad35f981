export const onRequest = async ({ env }) => {
  await env.TODO_LIST.put("Task:123", "water the plants");
  return new Response("ok");
};
