// SPDX-License-Identifier: GPL-3.0-or-later
// fetch() (Fetch standard, section 5.6), over the C++ client, which follows no redirects.

import { native, defineGlobals } from "./native.js";
import { bodyLength, contentLength, extractBody, gather, isWhole, pumpBody, sourceBody } from "./body.js";
import { Headers, flatOf } from "./headers.js";
import { Request, requestBody, requestSignal } from "./request.js";
import { receivedResponse } from "./response.js";
import { URL } from "./url.js";
import { WaitMap } from "./waitmap.js";

const maxRedirects = 20;
const isLive = (id) => native.fetchLive(id);
const heads = new WaitMap(isLive); // fetch -> {resolve, reject}
const uploads = new WaitMap(isLive); // fetch -> resolve

export function fetchHead(id, status, statusText, flat, decoded) {
  heads.take(id)?.resolve({ status, statusText, flat, decoded });
}

export function fetchFailed(id, message) {
  heads.take(id)?.reject(new TypeError(message || "Network connection lost."));
}

export function uploadReady(id) {
  uploads.take(id)?.();
}

/** One exchange with one server. */
class Exchange {
  constructor(method, url, flat, body, mark) {
    if (!body) this.id = native.fetchStart(method, url, flat, 0, null, undefined, mark);
    else if (isWhole(body)) this.id = native.fetchStart(method, url, flat, 1, body.value, undefined, mark);
    else this.id = native.fetchStart(method, url, flat, 2, null, bodyLength(body), mark);
    if (mark) mark[1] = 0; // its number is taken: what follows gets one of its own
    this.body = sourceBody(this.id); // of the response
    this.source = this.body.value;
    this.control = {};
    this.head = new Promise((resolve, reject) => heads.set(this.id, { resolve, reject }));
    if (body && !isWhole(body)) this.upload(body);
  }

  upload(body) {
    pumpBody(body, (piece) => {
      const more = native.fetchUpload(this.id, piece);
      if (more === undefined) throw new TypeError("The request ended before its body was sent.");
      if (!more) return new Promise((resolve) => uploads.set(this.id, resolve));
    }, this.control).then(
      () => native.fetchUploadDone(this.id),
      // Of a request that has ended already this is no news.
      (error) => native.fetchLive(this.id) && this.abort(error),
    );
  }

  /** Ends it on both sides; whoever waits for it gets `reason`. */
  abort(reason) {
    native.fetchAbort(this.id);
    heads.take(this.id)?.reject(reason);
    this.source.fail(reason);
    this.control.cancel?.(reason);
    uploads.take(this.id)?.();
    this.source.finish();
  }
}

async function fetch(input, init) {
  native.refuseInGlobalScope();
  const mark = native.callMark();
  if (arguments.length === 0) throw new TypeError("Failed to execute 'fetch': parameter 1 is not of type 'Request or string'.");
  const request = new Request(input, init);
  const signal = requestSignal(request);
  signal?.throwIfAborted();
  let exchange = null;
  const onAbort = () => exchange?.abort(signal.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const stopListening = () => signal?.removeEventListener("abort", onAbort);
  try {
    return await follow(request, signal, mark, (next) => {
      exchange = next;
      next.source.done = stopListening;
    });
  } catch (error) {
    stopListening();
    throw error;
  }
}

async function follow(request, signal, mark, begun) {
  let url = new URL(request.url);
  let method = request.method;
  let body = requestBody(request);
  const headers = new Headers(request.headers);
  if (body) gather(body);
  let redirected = false;
  for (let hops = 0; ; ++hops) {
    if (url.protocol !== "http:" && url.protocol !== "https:") throw new TypeError(`Fetch API cannot load: ${url.href}`);
    url.hash = "";
    const exchange = new Exchange(method, url.href, flatOf(headers), body, mark);
    begun(exchange);
    const head = await exchange.head;
    const location = [301, 302, 303, 307, 308].includes(head.status) ? valueOf(head.flat, "location") : null;
    if (location === null || request.redirect === "manual") return received(exchange, head, method, url.href, redirected);
    exchange.source.done = null;
    exchange.source.cancel();
    if (request.redirect === "error") throw new TypeError(`The server redirects to ${location}, and the request's redirect mode is "error".`);
    if (hops >= maxRedirects) throw new TypeError(`Too many redirects. ${request.url}, ${url.href}`);
    const next = URL.parse(location, url.href);
    if (!next) throw new TypeError(`Invalid Location header on a redirect: ${location}`);
    if (head.status === 303 ? method !== "HEAD" : (head.status === 301 || head.status === 302) && method === "POST") {
      method = "GET";
      body = null;
      for (const name of ["content-encoding", "content-language", "content-location", "content-type", "content-length"]) headers.delete(name);
    } else if (body) {
      if (!isWhole(body)) throw new TypeError("The server redirects and wants the request's body again, but it was a stream and is gone. Give a string or a buffer as the body, or use redirect: \"manual\".");
      body = extractBody(body.value)[0];
    }
    if (next.origin !== url.origin) for (const name of ["authorization", "cookie"]) headers.delete(name);
    url = next;
    redirected = true;
    signal?.throwIfAborted();
  }
}

function received(exchange, head, method, url, redirected) {
  const flat = head.decoded ? without(head.flat, "content-encoding", "content-length") : head.flat;
  if (method === "HEAD" || head.status === 204 || head.status === 205 || head.status === 304) {
    native.bodyDiscard(exchange.id);
    exchange.source.finish();
    return receivedResponse(head.status, head.statusText, flat, null, url, redirected);
  }
  exchange.source.length = contentLength(flat);
  return receivedResponse(head.status, head.statusText, flat, exchange.body, url, redirected);
}

function valueOf(flat, name) {
  for (let i = 0; i < flat.length; i += 2) if (flat[i].toLowerCase() === name) return flat[i + 1];
  return null;
}

function without(flat, ...names) {
  const kept = [];
  for (let i = 0; i < flat.length; i += 2) if (!names.includes(flat[i].toLowerCase())) kept.push(flat[i], flat[i + 1]);
  return kept;
}

defineGlobals({ fetch });
