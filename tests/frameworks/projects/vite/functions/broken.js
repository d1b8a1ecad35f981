export const onRequestGet = () => { throw new Error('The crane fell over.') }
