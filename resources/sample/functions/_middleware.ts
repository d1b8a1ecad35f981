import type { Env } from "../env";

// Runs before every function, and around it: next() is the rest of the chain.
export const onRequest: PagesFunction<Env> = async (context) => {
  const started = performance.now();
  const response = await context.next();
  const took = performance.now() - started;

  const { pathname } = new URL(context.request.url);
  console.log(`${context.request.method} ${pathname} -> ${response.status}`);
  response.headers.set("Server-Timing", `function;dur=${took.toFixed(2)}`);
  return response;
};
