// SPDX-License-Identifier: GPL-3.0-or-later
// ?class=STORED|LEGACY&name=...: what the object of that name answers.
export function onRequest({ request, env }) {
  const query = new URL(request.url).searchParams;
  return env[query.get("class") ?? "STORED"].getByName(query.get("name") ?? "one").fetch(request);
}
