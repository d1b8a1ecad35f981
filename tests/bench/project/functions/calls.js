// GET /calls?do=kvget|kvput|r2get|r2put|d1first|d1insert|cachematch|servicecall&calls=N: the milliseconds that N calls take, one after the other. The clock stands still
// while code runs in workerd, but not while it waits for a binding.
const value = "the value of a key, ".repeat(5);
const cached = "http://bench.test/entry";

// Each makes ready what it needs and gives the call.
const makers = {
  async kvget({ BENCH: kv }) {
    await kv.put("read", value);
    return () => kv.get("read");
  },
  kvput: ({ BENCH: kv }) => () => kv.put("written", value),
  async r2get({ BUCKET: bucket }) {
    await bucket.put("read", value);
    return async () => (await bucket.get("read")).text();
  },
  r2put: ({ BUCKET: bucket }) => () => bucket.put("written", value),
  async d1first({ BENCH_D1: db }) {
    await table(db);
    const statement = db.prepare("SELECT * FROM users WHERE id = ?");
    return (i) => statement.bind(1 + (i % 2)).first();
  },
  async d1insert({ BENCH_D1: db }) {
    await table(db);
    const statement = db.prepare("INSERT INTO users (name, age) VALUES (?, ?)");
    return (i) => statement.bind("somebody", i).run();
  },
  async cachematch() {
    await caches.default.put(cached, new Response(value, { headers: { "cache-control": "max-age=3600" } }));
    return async () => (await caches.default.match(cached)).text();
  },
  servicecall: ({ SERVICE: service }) => (i) => service.add(i, 1),
};

async function table(db) {
  await db.exec("CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, name TEXT, age INTEGER)");
  if ((await db.prepare("SELECT count(*) AS n FROM users").first("n")) === 0) await db.exec("INSERT INTO users (name, age) VALUES ('Ann', 30), ('Bob', 31)");
}

export async function onRequest({ env, request }) {
  const { searchParams } = new URL(request.url);
  const call = await makers[searchParams.get("do")](env);
  const calls = Number(searchParams.get("calls"));
  const begin = Date.now();
  for (let i = 0; i < calls; ++i) await call(i);
  return new Response(String(Date.now() - begin));
}
