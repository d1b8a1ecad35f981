// SPDX-License-Identifier: GPL-3.0-or-later
// env.ASSETS: the project's static files, as a service that is fetched from.

import { native } from "./native.js";
import { flatOf } from "./headers.js";
import { interfaceOf } from "./interface.js";
import { askOther } from "./otherserver.js";
import { Request } from "./request.js";
import { bytesBody, receivedResponse } from "./response.js";
import { URL } from "./url.js";

const maxRedirects = 20;
const texts = { 200: "OK", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect", 404: "Not Found", 405: "Method Not Allowed" };

function valueOf(flat, wanted) {
  for (let i = 0; i < flat.length; i += 2) if (flat[i].toLowerCase() === wanted) return flat[i + 1];
  return null;
}

/** What the files answer to a Request; redirects are followed, if it wants that, without leaving them. */
function answer(request) {
  let { method, url } = request;
  for (let count = 0; ; ++count) {
    const parts = native.assets(method, url, flatOf(request.headers)); // status, headers, body
    const status = parts[0];
    if (status === 0) return askOther(parts[1][1], request);
    const location = status > 300 && status < 309 && status !== 304 ? valueOf(parts[1], "location") : null;
    if (location === null || request.redirect === "manual") {
      return receivedResponse(status, texts[status] ?? "", parts[1], method === "HEAD" ? null : bytesBody(parts[2]), url, count > 0);
    }
    if (count >= maxRedirects) throw new TypeError("Too many redirects.");
    url = new URL(location, url).href;
    if (status === 303 ? method !== "HEAD" : (status === 301 || status === 302) && method === "POST") method = "GET";
  }
}

class Fetcher {
  async fetch(input, init) {
    return answer(input instanceof Request && init === undefined ? input : new Request(input, init));
  }
}
interfaceOf(Fetcher, { isOne: (self) => self instanceof Fetcher, members: "fetch:Request_or_string", illegal: true });

export function assetsFetcher() {
  return new Fetcher();
}

/** What a folder that code imports exports: a Function that answers with its files, by what of the path is behind the Function's own. */
export function folderHandler(id) {
  return async ({ request, env, functionPath }) => {
    const url = new URL(request.url);
    url.pathname = `/cdn-cgi/pages-plugins/${id}/${url.pathname.replace(functionPath, "").replace(/^\//, "")}`;
    return env.ASSETS.fetch(new Request(url.href, request));
  };
}

/** For the runtime itself, whatever user code does to the class. */
export async function fetchAsset(request) {
  return answer(request);
}
