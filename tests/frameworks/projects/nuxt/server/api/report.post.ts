export default defineEventHandler(async (event) => {
  const { ship } = await readBody(event)
  if (!ship)
    throw createError({ statusCode: 422, statusMessage: 'Which ship?', data: { field: 'ship' } })
  await event.context.cloudflare.env.CHARTS.prepare('INSERT INTO report (ship) VALUES (?)').bind(ship).run()
  setCookie(event, 'last', ship, { httpOnly: true, path: '/', sameSite: 'lax' })
  return sendRedirect(event, '/report', 303)
})
