export const onRequest = async ({ env, request }) => {
  await env.CHARTS.batch([
    env.CHARTS.prepare('CREATE TABLE IF NOT EXISTS chart (id INTEGER PRIMARY KEY, name TEXT NOT NULL, depth REAL)'),
    env.CHARTS.prepare('DELETE FROM chart'),
  ])
  const insert = env.CHARTS.prepare('INSERT INTO chart (name, depth) VALUES (?1, ?2) RETURNING id')
  const made = await env.CHARTS.batch([insert.bind('Sound', 12.5), insert.bind('Fairway', null)])
  const { results, success } = await env.CHARTS.prepare('SELECT * FROM chart ORDER BY name').all()
  const raw = await env.CHARTS.prepare('SELECT name, depth FROM chart').raw({ columnNames: true })
  return Response.json({ made: made.map((one) => one.results), results, success, raw, first: await env.CHARTS.prepare('SELECT count(*) AS n FROM chart').first('n'), method: request.method })
}
