// What the functions find in context.env: the bindings and variables of wrangler.toml.
// For types in an editor: npm install --save-dev @cloudflare/workers-types
/// <reference types="@cloudflare/workers-types" />

export interface Env {
  TODO_LIST: KVNamespace;
  VISITS: D1Database;
  FILES: R2Bucket;
  GREETING: string;
}
