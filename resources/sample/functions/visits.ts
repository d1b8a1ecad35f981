import type { Env } from "../env";

// Each visit is a row; the table is made by the first one.
export const onRequestGet: PagesFunction<Env> = async ({ env }) => {
  await env.VISITS.exec("CREATE TABLE IF NOT EXISTS visits (id INTEGER PRIMARY KEY, at TEXT DEFAULT CURRENT_TIMESTAMP)");
  await env.VISITS.prepare("INSERT INTO visits DEFAULT VALUES").run();
  const visits = await env.VISITS.prepare("SELECT count(*) AS count, min(at) AS since FROM visits").first();
  return Response.json(visits);
};
