import type { HeadersFunction, MetaFunction } from '@remix-run/cloudflare'
import { useState } from 'react'

export const meta: MetaFunction = () => [{ title: 'Harbour' }]
export const headers: HeadersFunction = () => ({ 'x-page': 'index' })

export default function Index() {
  const [ships, setShips] = useState(0)
  return <button onClick={() => setShips(ships + 1)}>{ships} ships</button>
}
