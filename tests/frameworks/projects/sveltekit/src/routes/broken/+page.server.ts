export const load = () => { throw new Error('The crane fell over.') }
