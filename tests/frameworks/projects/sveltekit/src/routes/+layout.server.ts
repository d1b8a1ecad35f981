import { building } from '$app/environment'

export const load = ({ platform, locals }) => ({ harbour: building ? 'Nordhavn' : platform?.env.HARBOUR, pilot: locals.pilot })
