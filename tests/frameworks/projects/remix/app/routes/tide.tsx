import { Await, useLoaderData } from '@remix-run/react'
import { Suspense } from 'react'

const wait = <T,>(ms: number, value: T) => new Promise<T>((done) => setTimeout(done, ms, value))
export const loader = () => ({ now: 'low', later: wait(15, 'high at six') })

export default function Tide() {
  const { now, later } = useLoaderData<typeof loader>()
  return (
    <>
      <p>{now}</p>
      <Suspense fallback={<p>Asking the gauge ...</p>}>
        <Await resolve={later}>{(text) => <p>{text}</p>}</Await>
      </Suspense>
    </>
  )
}
