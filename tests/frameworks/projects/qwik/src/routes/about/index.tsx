import { component$ } from '@builder.io/qwik'

export default component$(() => <h1>About the quay</h1>)
