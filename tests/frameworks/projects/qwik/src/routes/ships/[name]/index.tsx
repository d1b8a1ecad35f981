import { component$ } from '@builder.io/qwik'
import { routeLoader$ } from '@builder.io/qwik-city'

export const useShip = routeLoader$(({ params, query, status, redirect, error }) => {
  if (params.name === 'moved')
    throw redirect(301, '/ships/here/')
  if (params.name === 'sunk')
    throw error(410, 'Under water')
  if (params.name === 'ghost')
    status(404)
  return { name: params.name, flag: query.get('flag'), built: new Date(0), crew: new Set(['cook']) }
})

export default component$(() => {
  const ship = useShip().value
  return <p>{ship.name} {ship.flag ?? 'no flag'} {ship.built.toISOString()} {[...ship.crew].join()}</p>
})
