// SPDX-License-Identifier: GPL-3.0-or-later
// fetch() (Fetch standard, section 5.6), over the C++ client, which follows no redirects.

import { native, defineGlobals } from "./native.js";
import { argumentError, globalFunction, isDictionary } from "./interface.js";
import { explainError } from "./errors.js";
import { isAborted, reasonOf, watchSignal } from "./events.js";
import { dataResponse } from "./fetch/dataurl.js";
import { bodyLength, contentLength, extractBody, gather, isWhole, pumpBody, sourceBody } from "./body.js";
import { Headers, flatOf } from "./headers.js";
import { Promise } from "./primordials.js";
import { Request, requestBody, requestOptions, requestSignal } from "./request.js";
import { receivedResponse } from "./response.js";
import { URL } from "./url.js";
import { chunkBytes } from "./streams.js";
import { WaitMap } from "./waitmap.js";

const maxRedirects = 20;
const isLive = (id) => native.fetchLive(id);
const heads = new WaitMap(isLive); // fetch -> {resolve, reject}
const uploads = new WaitMap(isLive); // fetch -> resolve

export function fetchHead(id, status, statusText, flat, decoded) {
  heads.take(id)?.resolve({ status, statusText, flat, decoded });
}

export function fetchFailed(id, message) {
  heads.take(id)?.reject(networkError(message));
}

/** workerd's words where it has some; what is behind them is for the log. */
function networkError(message) {
  const lost = "Network connection lost";
  if (!message) return new Error(lost + ".");
  return message.startsWith(lost) ? explainError(new Error(lost + "."), message.slice(lost.length + 2)) : new Error(message);
}

export function uploadReady(id) {
  uploads.take(id)?.();
}

/** One exchange with one server. */
export class Exchange {
  /** `id`: that C++ gave it. */
  constructor(id, body = null) {
    this.id = id;
    this.body = sourceBody(this.id); // of the response
    this.source = this.body.value;
    this.control = { bytesOf: (chunk) => (typeof chunk === "string" ? native.utf8Encode(chunk) : chunkBytes(chunk)) };
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

function begin(method, url, flat, body, mark, manual, upgrade) {
  let id;
  if (upgrade) id = native.fetchStart(method, url, flat, 3, null, undefined, mark, manual);
  else if (!body) id = native.fetchStart(method, url, flat, 0, null, undefined, mark, manual);
  else if (isWhole(body)) id = native.fetchStart(method, url, flat, 1, body.value, undefined, mark, manual);
  else id = native.fetchStart(method, url, flat, 2, null, bodyLength(body), mark, manual);
  if (mark) mark[1] = 0; // its number is taken: what follows gets one of its own
  return new Exchange(id, body);
}

let makeSocket; // of an exchange whose connection became one

export function socketsOfFetch(make) {
  makeSocket = make;
}

/** An exchange that asks a server for a WebSocket. */
export function openSocket(url, flat) {
  return begin("GET", url, flat, null, native.callMark(), false, true);
}

async function start(input, init) {
  native.refuseInGlobalScope();
  const mark = native.callMark();
  const request = new Request(input, init);
  const signal = requestSignal(request);
  if (signal && isAborted(signal)) throw reasonOf(signal);
  let exchange = null;
  const stopListening = signal ? watchSignal(signal, (reason) => exchange?.abort(reason)) : null;
  try {
    return await follow(request, signal, mark, (next) => {
      exchange = next;
      next.source.done = stopListening;
    });
  } catch (error) {
    stopListening?.();
    throw error;
  }
}

export const fetch = globalFunction("fetch", (input, init) => {
  if (init !== undefined && init !== null && !isDictionary(init)) return Promise.reject(argumentError("ServiceWorkerGlobalScope", "fetch", 2, "RequestInitializerDict or Request"));
  return start(input, init);
}, ["Request or string"]);

async function follow(request, signal, mark, begun) {
  let url = new URL(request.url);
  let method = request.method;
  let body = requestBody(request);
  const { cache, manual } = requestOptions(request);
  const headers = new Headers(request.headers);
  if (cache) for (const name of ["cache-control", "pragma"]) if (!headers.has(name)) headers.set(name, "no-cache");
  if (body) gather(body);
  const upgrade = method === "GET" && headers.get("upgrade")?.toLowerCase() === "websocket";
  const visited = [];
  for (;;) {
    if (url.protocol === "data:" && visited.length === 0) return dataResponse(url, method);
    if (url.protocol !== "http:" && url.protocol !== "https:") throw new TypeError(`Fetch API cannot load: ${url.href}`);
    url.hash = "";
    visited.push(url.href);
    const exchange = begin(method, url.href, flatOf(headers), body, mark, manual, upgrade);
    begun(exchange);
    const head = await exchange.head;
    const location = isRedirect(head.status) ? valueOf(head.flat, "location") : null;
    if (location === null || request.redirect === "manual") return received(exchange, head, method, url.href, visited.length > 1, manual);
    exchange.source.done = null;
    exchange.source.cancel();
    const next = URL.parse(location, url.href);
    if (!next) throw new TypeError("Invalid Location header; unable to follow redirect.");
    if (visited.length > maxRedirects) throw new TypeError(`Too many redirects.${visited.join(", ")}`);
    if (body && !isWhole(body)) {
      throw new TypeError("A request with a one-time-use body (it was initialized from a stream, not a buffer) encountered a redirect requiring the body to be retransmitted. To avoid this error in the future, construct this request from a buffer-like body initializer.");
    }
    if (head.status === 303 ? method !== "HEAD" : (head.status === 301 || head.status === 302) && method === "POST") {
      method = "GET";
      body = null;
    } else if (body) {
      body = extractBody(body.value)[0];
    }
    if (next.origin !== url.origin) headers.delete("authorization");
    url = next;
    if (signal && isAborted(signal)) throw reasonOf(signal);
  }
}

const isRedirect = (status) => status === 301 || status === 302 || status === 303 || status === 307 || status === 308;

function received(exchange, head, method, url, redirected, manual) {
  if (head.status === 101) {
    exchange.source.finish();
    return receivedResponse(head.status, head.statusText, head.flat, null, url, redirected, { webSocket: makeSocket(exchange.id) });
  }
  if (method === "HEAD" || head.status === 204 || head.status === 205 || head.status === 304) {
    native.bodyDiscard(exchange.id);
    exchange.source.finish();
    return receivedResponse(head.status, head.statusText, head.flat, null, url, redirected, { manual });
  }
  exchange.source.length = head.decoded ? undefined : contentLength(head.flat);
  return receivedResponse(head.status, head.statusText, head.flat, exchange.body, url, redirected, { manual });
}

function valueOf(flat, name) {
  for (let i = 0; i < flat.length; i += 2) if (flat[i].toLowerCase() === name) return flat[i + 1];
  return null;
}

defineGlobals({ fetch });
