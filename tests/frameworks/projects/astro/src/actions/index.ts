import { ActionError, defineAction } from 'astro:actions'
import { z } from 'astro:schema'

export const server = {
  report: defineAction({
    accept: 'form',
    input: z.object({ ship: z.string().min(2), draught: z.number().max(20) }),
    handler: ({ ship, draught }) => {
      if (ship === 'Pirate')
        throw new ActionError({ code: 'FORBIDDEN', message: 'Not here.' })
      return { ship, draught }
    },
  }),
  depth: defineAction({ input: z.object({ dock: z.string() }), handler: ({ dock }) => ({ dock, depth: 7.5, at: new Date(0) }) }),
}
