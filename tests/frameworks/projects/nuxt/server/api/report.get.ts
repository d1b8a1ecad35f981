export default defineEventHandler(async (event) => {
  const charts = event.context.cloudflare.env.CHARTS
  await charts.exec('CREATE TABLE IF NOT EXISTS report (id INTEGER PRIMARY KEY, ship TEXT NOT NULL)')
  return (await charts.prepare('SELECT * FROM report ORDER BY id').all()).results as { id: number; ship: string }[]
})
