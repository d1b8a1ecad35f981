import { fail, redirect } from '@sveltejs/kit'

export const load = async ({ platform }) => {
  const charts = platform!.env.CHARTS
  await charts.exec('CREATE TABLE IF NOT EXISTS report (id INTEGER PRIMARY KEY, ship TEXT NOT NULL, draught REAL)')
  return { reports: (await charts.prepare('SELECT * FROM report ORDER BY id').all()).results }
}

export const actions = {
  add: async ({ request, platform, cookies }) => {
    const form = await request.formData()
    const ship = form.get('ship')
    if (!ship)
      return fail(422, { missing: true, values: Object.fromEntries(form) })
    await platform!.env.CHARTS.prepare('INSERT INTO report (ship, draught) VALUES (?, ?)').bind(String(ship), Number(form.get('draught'))).run()
    cookies.set('last', String(ship), { path: '/', maxAge: 60, sameSite: 'strict' })
    redirect(303, '/report')
  },
  clear: async ({ platform, cookies }) => {
    const { meta } = await platform!.env.CHARTS.prepare('DELETE FROM report').run()
    cookies.delete('last', { path: '/' })
    return { cleared: meta.changes }
  },
}
