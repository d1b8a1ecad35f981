import { component$, useSignal } from '@builder.io/qwik'
import type { DocumentHead } from '@builder.io/qwik-city'

export default component$(() => {
  const ships = useSignal(3)
  return <button onClick$={() => ships.value++}>{ships.value} ships</button>
})
export const head: DocumentHead = { title: 'Welcome' }
