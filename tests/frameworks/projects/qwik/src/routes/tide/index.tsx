import { component$, Resource, useResource$ } from '@builder.io/qwik'

export default component$(() => {
  const tide = useResource$(async () => {
    await new Promise((done) => setTimeout(done, 10))
    return 'high at six'
  })
  return <Resource value={tide} onResolved={(text) => <p>{text}</p>} />
})
