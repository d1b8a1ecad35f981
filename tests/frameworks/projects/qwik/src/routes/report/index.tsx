import { component$ } from '@builder.io/qwik'
import { Form, routeAction$, routeLoader$, z, zod$ } from '@builder.io/qwik-city'

export const useReports = routeLoader$(async ({ platform, cookie }) => ({ all: await platform.env!.LOGBOOK.get('all', 'json'), last: cookie.get('last')?.value ?? null }))
export const useReport = routeAction$(
  async ({ ship }, { platform, cookie, fail }) => {
    if (ship === 'Pirate')
      return fail(403, { refused: ship })
    await platform.env!.LOGBOOK.put('all', JSON.stringify([ship]))
    cookie.set('last', ship, { path: '/', httpOnly: true, maxAge: 60, sameSite: 'lax' })
    return { noted: ship }
  },
  zod$({ ship: z.string().min(2) }),
)

export default component$(() => {
  const reports = useReports()
  const report = useReport()
  return (
    <Form action={report}>
      <p>{JSON.stringify(reports.value)} {JSON.stringify(report.value ?? null)}</p>
      <input name="ship" />
      <button>Report</button>
    </Form>
  )
})
