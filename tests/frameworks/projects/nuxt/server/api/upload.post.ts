export default defineEventHandler(async (event) => {
  const parts = (await readMultipartFormData(event)) ?? []
  return parts.map(({ name, filename, type, data }) => ({ name, filename, type, text: new TextDecoder().decode(data) }))
})
