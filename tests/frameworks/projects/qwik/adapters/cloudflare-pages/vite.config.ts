import { cloudflarePagesAdapter } from '@builder.io/qwik-city/adapters/cloudflare-pages/vite'
import { extendConfig } from '@builder.io/qwik-city/vite'
import baseConfig from '../../vite.config'

export default extendConfig(baseConfig, () => ({
  build: { ssr: true, rollupOptions: { input: ['src/entry.cloudflare-pages.tsx', '@qwik-city-plan'] } },
  plugins: [cloudflarePagesAdapter({ ssg: { include: ['/about/'], origin: 'https://harbour-qwik.pages.dev' } })],
}))
