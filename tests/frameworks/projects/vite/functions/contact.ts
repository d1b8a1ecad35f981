import staticForms from '@cloudflare/pages-plugin-static-forms'

export const onRequest = staticForms({
  respondWith: ({ formData, name }) => new Response(`${name}: ${formData.get('email')} was noted`, { status: 201 }),
})
