export function onRequest(context) {
  return new Response(`The key has ${context.env.SECRET_NAME.length} characters and ends in ${context.env.SECRET_NAME.slice(-4)}`);
}
