import adapter from '@sveltejs/adapter-cloudflare'
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte'

export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter(),
    version: { name: 'one' },
    csp: { directives: { 'script-src': ['self'] }, mode: 'hash' },
  },
}
