export interface Env {
  HARBOUR: string
  SESSION_SECRET: string
  LOGBOOK: { get(key: string, type: 'json'): Promise<unknown>; put(key: string, value: string): Promise<void> }
}

declare module '@remix-run/cloudflare' {
  interface AppLoadContext {
    cloudflare: { env: Env; cf: unknown; ctx: { waitUntil(promise: Promise<unknown>): void }; caches: CacheStorage }
  }
}
