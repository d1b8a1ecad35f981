import { component$, Slot } from '@builder.io/qwik'
import { type RequestHandler, routeLoader$ } from '@builder.io/qwik-city'

export const onRequest: RequestHandler = ({ headers, pathname }) => {
  headers.set('x-path', pathname)
}
export const onGet: RequestHandler = ({ cacheControl }) => {
  cacheControl({ staleWhileRevalidate: 60, maxAge: 5 })
}
export const useHarbour = routeLoader$(({ env }) => env.get('HARBOUR') ?? 'nowhere')

export default component$(() => (
  <>
    <nav>Harbour of {useHarbour().value}</nav>
    <Slot />
  </>
))
