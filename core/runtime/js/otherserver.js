// SPDX-License-Identifier: GPL-3.0-or-later
// A server of this machine that has the static files in our place: one that a framework brings.

import { fetch } from "./fetch.js";
import { Headers } from "./headers.js";
import { Request } from "./request.js";
import { Response } from "./response.js";
import { URL } from "./url.js";

/** Its answer to a Request; 502 when it does not answer. */
export async function askOther(address, request) {
  const url = new URL(request.url);
  const headers = new Headers(request.headers);
  headers.set("accept-encoding", "identity"); // it is this machine
  headers.delete("host");
  headers.delete("connection");
  const body = request.method === "GET" || request.method === "HEAD" ? null : request.body;
  try {
    return await fetch(new Request(address + url.pathname + url.search, { method: request.method, headers, body, redirect: "manual", signal: request.signal }));
  } catch (error) {
    if (request.signal.aborted) throw error;
    return new Response(`The server at ${address}, which has the static files, does not answer: ${error?.message}\n`, { status: 502, headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" } });
  }
}
