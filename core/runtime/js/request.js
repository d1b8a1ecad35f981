// SPDX-License-Identifier: GPL-3.0-or-later
// Request (Fetch standard, section 5.4).

import { defineGlobals } from "./native.js";
import { cloneBody, extractBody, incomingBody, mixBody, moveBody } from "./body.js";
import { AbortSignal, AbortController } from "./events.js";
import { Headers, incomingHeaders } from "./headers.js";
import { URL } from "./url.js";

const methodToken = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const normalized = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH"]);
const internal = Symbol("internal");

export let incomingRequest;
export let abortIncoming;
export let requestBody;
export let requestSignal;
let shareRequest;

export { shareRequest };

export class Request {
  #method = "GET";
  #url;
  #headers = null;
  #incoming = 0; // number of the request whose headers are still in C++
  #body = null;
  #redirect = "follow";
  #signal = null;
  #controller = null;
  #cf;

  static {
    incomingRequest = (id, method, url, hasBody) => {
      const request = new Request(internal);
      request.#method = method;
      request.#url = url;
      request.#incoming = id;
      if (hasBody) request.#body = incomingBody(id);
      return request;
    };
    abortIncoming = (request, reason) => request.#controller?.abort(reason);
    requestBody = (request) => request.#body;
    /** The signal, or null when nobody has looked at it: then it cannot be aborted by user code. */
    requestSignal = (request) => request.#signal;
    shareRequest = (from) => {
      const request = new Request(internal);
      request.#copy(from);
      if (from.#headers) request.#headers = new Headers(from.#headers);
      request.#body = cloneBody(from.#body);
      return request;
    };
  }

  constructor(input, init) {
    if (input === internal) return;
    if (arguments.length === 0) throw new TypeError("Failed to construct 'Request': 1 argument required, but only 0 present.");
    let from = null;
    if (typeof input === "object" && input !== null && #method in input) {
      from = input;
      this.#copy(from);
      this.#incoming = 0;
    } else {
      const text = String(input);
      const url = URL.parse(text);
      if (!url) throw new TypeError(`Invalid URL: ${text}`);
      this.#url = url.href;
    }
    // A Request may stand for the initializer too.
    if (init !== undefined && init !== null && typeof init !== "object") throw new TypeError("Failed to construct 'Request': the second argument must be an object.");
    const options = init ?? {};
    if (options.method !== undefined) {
      const method = String(options.method);
      if (!methodToken.test(method)) throw new TypeError(`Invalid HTTP method string: ${method}`);
      const upper = method.toUpperCase();
      if (upper === "CONNECT" || upper === "TRACE" || upper === "TRACK") throw new TypeError(`Invalid HTTP method string: ${method}`);
      this.#method = normalized.has(upper) ? upper : method;
    }
    this.#headers = new Headers(options.headers ?? from?.headers);
    if (options.redirect !== undefined) {
      if (!["follow", "manual", "error"].includes(options.redirect)) throw new TypeError(`Invalid redirect value, must be one of "follow", "manual" or "error" (got "${options.redirect}").`);
      this.#redirect = options.redirect;
    }
    if (options.signal !== undefined) {
      if (options.signal !== null && !(options.signal instanceof AbortSignal)) {
        throw new TypeError("Incorrect type for the 'signal' field on 'RequestInitializerDict': the provided value is not of type 'AbortSignal'.");
      }
      this.#signal = options.signal;
    }
    if (options.cf !== undefined) this.#cf = options.cf;
    if (options.body !== undefined && options.body !== null) {
      if (this.#method === "GET" || this.#method === "HEAD") throw new TypeError("Request with a GET or HEAD method cannot have a body.");
      const [body, type] = extractBody(options.body);
      this.#body = body;
      if (type && !this.#headers.has("content-type")) this.#headers.append("content-type", type);
    } else if (from && from.#body && options.body !== null) {
      this.#body = moveBody(from.#body);
    }
  }

  #copy(from) {
    this.#method = from.#method;
    this.#url = from.#url;
    this.#redirect = from.#redirect;
    this.#signal = from.signal;
    this.#cf = from.#cf;
    this.#incoming = from.#incoming;
  }

  get method() { return this.#method; }
  get url() { return this.#url; }
  get headers() { return (this.#headers ??= incomingHeaders(this.#incoming)); }
  get redirect() { return this.#redirect; }
  get signal() {
    if (!this.#signal) {
      this.#controller = new AbortController();
      this.#signal = this.#controller.signal;
    }
    return this.#signal;
  }
  get cf() { return this.#cf; }
  get fetcher() { return null; }
  get integrity() { return ""; }
  get keepalive() { return false; }
  get cache() { return undefined; }

  clone() {
    const request = new Request(internal);
    request.#copy(this);
    request.#headers = new Headers(this.headers);
    request.#body = cloneBody(this.#body);
    return request;
  }

  get [Symbol.toStringTag]() { return "Request"; }
}

mixBody(Request.prototype, requestBody);
defineGlobals({ Request });
