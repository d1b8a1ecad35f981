export default defineEventHandler(() => ({ tide: 'low' }))
