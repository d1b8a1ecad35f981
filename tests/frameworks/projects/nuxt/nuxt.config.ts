export default defineNuxtConfig({
  compatibilityDate: '2026-01-01',
  buildId: 'one',
  telemetry: false,
  nitro: {
    preset: 'cloudflare-pages',
    cloudflare: { nodeCompat: true, deployConfig: false },
    prerender: { routes: ['/about'], autoSubfolderIndex: false },
  },
  routeRules: {
    '/quay': { redirect: { to: '/about', statusCode: 301 } },
    '/api/cached': { headers: { 'x-rule': 'yes' }, cors: true },
    '/plain': { ssr: false },
  },
  runtimeConfig: { pilot: 'nobody', public: { harbour: 'Nordhavn' } },
})
