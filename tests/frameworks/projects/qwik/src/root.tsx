import { component$ } from '@builder.io/qwik'
import { QwikCityProvider, RouterOutlet, useDocumentHead } from '@builder.io/qwik-city'

const Head = component$(() => {
  const head = useDocumentHead()
  return <title>{head.title || 'Harbour'}</title>
})

export default component$(() => (
  <QwikCityProvider>
    <head>
      <meta charset="utf-8" />
      <link rel="icon" href="/anchor.svg" />
      <Head />
    </head>
    <body>
      <RouterOutlet />
    </body>
  </QwikCityProvider>
))
