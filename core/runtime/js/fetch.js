// SPDX-License-Identifier: GPL-3.0-or-later
// fetch() (Fetch standard, section 5.6), over the C++ client, which follows no redirects.

import { native, defineGlobals } from "./native.js";
import { Body, Kind, extractBody, pumpBody } from "./body.js";
import { Headers, flatOf } from "./headers.js";
import { Request, requestBody } from "./request.js";
import { receivedResponse } from "./response.js";
import { URL } from "./url.js";

const maxRedirects = 20;
const waiting = new Map(); // fetch -> {resolve, reject}
const uploads = new Map(); // fetch -> resolve

export function fetchHead(id, status, statusText, flat, decoded) {
  waiting.get(id)?.resolve({ status, statusText, flat, decoded });
  waiting.delete(id);
}

export function fetchFailed(id, message) {
  waiting.get(id)?.reject(new TypeError(message || "Network connection lost."));
  waiting.delete(id);
}

export function uploadReady(id) {
  const resolve = uploads.get(id);
  uploads.delete(id);
  resolve?.();
}

/** One exchange with one server: [id, head]. */
async function exchange(method, url, flat, body, signal) {
  let id;
  if (!body) id = native.fetchStart(method, url, flat, 0, null);
  else if (!body.stream && (body.kind === Kind.Text || body.kind === Kind.Bytes)) id = native.fetchStart(method, url, flat, 1, body.value);
  else id = native.fetchStart(method, url, flat, 2, null);
  const streaming = body && !(!body.stream && (body.kind === Kind.Text || body.kind === Kind.Bytes));

  const head = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  const onAbort = () => {
    native.fetchAbort(id);
    waiting.get(id)?.reject(signal.reason);
    waiting.delete(id);
  };
  signal?.addEventListener("abort", onAbort, { once: true });
  if (streaming) {
    pumpBody(body, (piece) => {
      if (!native.fetchUpload(id, piece)) return new Promise((resolve) => uploads.set(id, resolve));
    }).then(
      () => native.fetchUploadDone(id),
      (error) => {
        native.fetchAbort(id);
        waiting.get(id)?.reject(error);
        waiting.delete(id);
      },
    );
  }
  return [id, await head];
}

async function fetch(input, init) {
  native.refuseInGlobalScope();
  const request = new Request(input, init);
  const signal = request.signal;
  if (signal.aborted) throw signal.reason;
  let url = new URL(request.url);
  let method = request.method;
  let body = requestBody(request);
  const headers = new Headers(request.headers);
  // A body that can be sent again when a redirect asks for it.
  const again = body && !body.stream && (body.kind === Kind.Text || body.kind === Kind.Bytes) ? body : null;
  let redirected = false;
  for (let hops = 0; ; ++hops) {
    if (url.protocol !== "http:" && url.protocol !== "https:") throw new TypeError(`Fetch API cannot load: ${url.href}`);
    const target = new URL(url);
    target.hash = "";
    const [id, head] = await exchange(method, target.href, flatOf(headers), body, signal);
    const location = [301, 302, 303, 307, 308].includes(head.status) ? locationOf(head.flat) : null;
    if (location !== null && request.redirect === "error") {
      native.fetchAbort(id);
      throw new TypeError("Redirect to " + location + " was refused: the request's redirect mode is \"error\".");
    }
    if (location === null || request.redirect === "manual") {
      const flat = head.decoded ? without(head.flat, "content-encoding", "content-length") : head.flat;
      const empty = method === "HEAD" || head.status === 204 || head.status === 205 || head.status === 304;
      return receivedResponse(head.status, head.statusText, flat, empty ? null : new Body(Kind.Source, id), url.href, redirected);
    }
    native.fetchAbort(id);
    if (hops >= maxRedirects) throw new TypeError("Too many redirects. " + [request.url, url.href].join(", "));
    const next = URL.parse(location, url.href);
    if (!next) throw new TypeError("Invalid Location header on a redirect: " + location);
    if (head.status === 303 ? method !== "HEAD" : (head.status === 301 || head.status === 302) && method === "POST") {
      method = "GET";
      body = null;
      for (const name of ["content-encoding", "content-language", "content-location", "content-type", "content-length"]) headers.delete(name);
    } else if (body) {
      if (!again) throw new TypeError("A redirect asks to send the body again, which was a stream and is gone. Use redirect: \"manual\", or a body that is not a stream.");
      body = extractBody(again.value)[0];
    }
    if (next.origin !== url.origin) for (const name of ["authorization", "cookie"]) headers.delete(name);
    url = next;
    redirected = true;
  }
}

function locationOf(flat) {
  for (let i = 0; i < flat.length; i += 2) if (flat[i].toLowerCase() === "location") return flat[i + 1];
  return null;
}

function without(flat, ...names) {
  const kept = [];
  for (let i = 0; i < flat.length; i += 2) if (!names.includes(flat[i].toLowerCase())) kept.push(flat[i], flat[i + 1]);
  return kept;
}

defineGlobals({ fetch });
