import type { RequestHandler } from '@builder.io/qwik-city'

export const onGet: RequestHandler = () => {
  throw new Error('The crane fell over.')
}
