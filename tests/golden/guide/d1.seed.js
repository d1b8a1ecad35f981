export const onRequest = async ({ env }) => {
  await env.NORTHWIND_DB.exec("CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT)");
  await env.NORTHWIND_DB.prepare("INSERT INTO users (name) VALUES (?)").bind("Ada").run();
  return new Response("ok");
};
