export default defineEventHandler((event) => {
  setResponseHeader(event, 'x-harbour', useRuntimeConfig(event).pilot)
})
