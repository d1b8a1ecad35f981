// SPDX-License-Identifier: GPL-3.0-or-later
import access from "@cloudflare/pages-plugin-cloudflare-access";
import { generateLoginURL } from "@cloudflare/pages-plugin-cloudflare-access/api";

const domain = "https://example.cloudflareaccess.com";
const plugin = access({ domain, aud: "0123456789abcdef" });

/** Refused before anything is asked of the network: who has no token is sent to log in. */
export const onRequest = async () => {
  const request = new Request("http://localhost/secret");
  const response = await plugin({
    request, functionPath: "", params: {}, data: {}, env: {}, next: async () => new Response("let through"), waitUntil() {}, passThroughOnException() {},
  });
  if (response.status !== 302) return new Response(`${response.status} ${await response.text()}`);
  const url = generateLoginURL({ redirectURL: request.url, domain, aud: "0123456789abcdef" });
  return new Response(response.headers.get("location") === url ? "ok" : `${response.headers.get("location")} is not ${url}`);
};
