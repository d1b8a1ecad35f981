// GET /d1?do=first|insert&calls=N: nanoseconds for one call, on average. The clock stands still while code runs in workerd, but not while it waits for D1.
export async function onRequest({ env, request }) {
  const { searchParams } = new URL(request.url);
  const calls = Number(searchParams.get("calls"));
  const db = env.BENCH_D1;
  await db.exec("CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER)");
  if ((await db.prepare("SELECT count(*) AS n FROM users").first("n")) === 0) await db.exec("INSERT INTO users (name, age) VALUES ('Ann', 30), ('Bob', 31)");
  const first = db.prepare("SELECT * FROM users WHERE id = ?");
  const insert = db.prepare("INSERT INTO users (name, age) VALUES (?, ?)");
  const begin = Date.now();
  if (searchParams.get("do") === "first") for (let i = 0; i < calls; ++i) await first.bind(1 + (i % 2)).first();
  else for (let i = 0; i < calls; ++i) await insert.bind("somebody", i).run();
  return new Response(String(Math.round(((Date.now() - begin) * 1e6) / calls)));
}
