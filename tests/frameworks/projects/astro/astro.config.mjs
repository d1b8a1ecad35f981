import cloudflare from '@astrojs/cloudflare'
import preact from '@astrojs/preact'
import { defineConfig, passthroughImageService } from 'astro/config'

export default defineConfig({
  output: 'server',
  adapter: cloudflare({ imageService: 'passthrough', platformProxy: { enabled: false }, sessionKVBindingName: 'SESSION' }),
  image: { service: passthroughImageService() },
  integrations: [preact()],
  redirects: { '/quay': '/about', '/docks/[id]': '/ships/[id]' },
  security: { checkOrigin: true },
})
