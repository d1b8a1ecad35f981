// SPDX-License-Identifier: GPL-3.0-or-later
// Request (Fetch standard, section 5.4).

import { native, defineGlobals } from "./native.js";
import { cloneBody, extractBody, incomingBody, isUsed, moveBody } from "./body.js";
import { BodyMixin, ownsBody } from "./bodymixin.js";
import { cfOf, frozenJson } from "./cf.js";
import { AbortController, isSignal } from "./events.js";
import { Headers, copyHeaders, incomingHeaders, isHeaders } from "./headers.js";
import { constructorError, fieldError, interfaceOf, isDictionary } from "./interface.js";
import { SafeSet } from "./primordials.js";
import { URL } from "./url.js";

// Those that workerd's HTTP library knows.
const methods = new SafeSet([
  "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "PURGE", "OPTIONS", "TRACE", "COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "SEARCH", "UNLOCK", "ACL", "REPORT",
  "MKACTIVITY", "CHECKOUT", "MERGE", "MSEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "QUERY", "BAN",
]);
const { parse, stringify } = JSON;
const internal = Symbol("internal");
const dictionary = "RequestInitializerDict";

export let incomingRequest;
export let abortIncoming;
export let requestBody;
export let requestSignal;
export let requestOptions;
export let linkedRequest;
export let cfText;
let shareRequest;
let isRequest;
let originalRequest;

export { shareRequest, isRequest, originalRequest };

export class Request extends BodyMixin {
  #method = "GET";
  #url;
  #headers = null;
  #incoming = 0; // number of the request whose headers are still in C++
  #raw = false; // what came from outside, as Workers (not Functions) see it: its headers and cf cannot be changed
  #original = false; // it is the one that came from outside
  #body = null;
  #redirect = "follow";
  #signal = null;
  #controller = null;
  #cf;
  #cfText; // what #cf is to be as soon as somebody looks at it, as JSON; what nobody can have changed since stays
  #cfKnown = true; // else it is still in C++
  #cache;
  #manual = false; // the body of the response stays encoded

  static {
    isRequest = (value) => typeof value === "object" && value !== null && #method in value;
    /** One from outside. `raw`: as a Worker gets it; a Pages Function gets a copy, whose headers it may change. */
    incomingRequest = (id, method, url, hasBody, raw = false) => {
      const request = new Request(internal);
      request.#method = method;
      request.#url = url;
      request.#incoming = id;
      request.#raw = raw;
      request.#original = true;
      request.#redirect = "manual";
      request.#cfKnown = false;
      if (hasBody) request.#body = incomingBody(id);
      return request;
    };
    /** The field cf as JSON, or undefined: what is passed on is rarely looked at on its way. */
    cfText = (request) => {
      request.#learnCf();
      if (request.#cfText !== undefined) return request.#cfText;
      return request.#cf === undefined || request.#cf === null ? undefined : stringify(request.#cf);
    };
    /** One from another Worker; `cf` is JSON, null when there is none. */
    linkedRequest = (method, url, headers, body, cf, redirect) => {
      const request = new Request(internal);
      request.#method = method;
      request.#url = url;
      request.#headers = headers;
      request.#body = body;
      if (cf === null) request.#cf = null;
      else request.#cfText = cf;
      request.#redirect = redirect;
      return request;
    };
    abortIncoming = (request, reason) => request.#controller?.abort(reason);
    requestBody = (request) => request.#body;
    /** The signal, or null when nobody has looked at it: then it cannot be aborted by user code. */
    requestSignal = (request) => request.#signal;
    /** What fetch() has to know beside the getters. */
    requestOptions = (request) => ({ cache: request.#cache, manual: request.#manual });
    /** For the assets: what came from outside with its head as it came, whatever a handler made of its copy; any other request as it is. */
    originalRequest = (from) => {
      if (!from.#original || !from.#headers) return from;
      const request = new Request(internal);
      request.#method = from.#method;
      request.#url = from.#url;
      request.#incoming = from.#incoming;
      return request;
    };
    shareRequest = (from) => {
      const request = new Request(internal);
      request.#copy(from);
      if (from.#cfKnown) request.#cfText = cfText(from);
      request.#cfKnown = from.#cfKnown;
      request.#raw = from.#raw;
      if (from.#headers) request.#headers = copyHeaders(from.#headers);
      request.#body = cloneBody(from.#body);
      return request;
    };
  }

  constructor(input, init) {
    super();
    if (input === internal) return;
    if (arguments.length === 0) throw constructorError("Request", 1, "Request or string");
    let from = null;
    let url;
    if (isRequest(input)) from = input;
    else url = `${input}`;
    if (init !== undefined && init !== null && !isDictionary(init)) throw constructorError("Request", 2, "RequestInitializerDict or Request");
    const options = isRequest(init) ? null : this.#options(init);
    if (from) {
      this.#copy(from);
    } else {
      const parsed = URL.parse(url);
      if (!parsed) throw new TypeError(`Invalid URL: ${url}`);
      this.#url = parsed.href;
    }
    if (isRequest(init)) {
      const address = this.#url;
      this.#copy(init);
      this.#url = address;
      from = init;
    }
    this.#headers = from && !options?.headers ? new Headers(from.headers) : options?.headers ? new Headers(options.headers) : new Headers();
    if (from) this.#cfText = cfText(from);
    if (options) this.#apply(options);
    if (options?.body !== undefined && options.body !== null) {
      if (this.#method === "GET" || this.#method === "HEAD") throw new TypeError("Request with a GET or HEAD method cannot have a body.");
      const body = options.extracted[0];
      const type = options.extracted[1];
      this.#body = body;
      if (type && !this.#headers.has("content-type")) this.#headers.append("content-type", type);
    } else if (from && from.#body && options?.body !== null) {
      // One that came from a client may have a body by any method, and keeps it.
      if (options?.method !== undefined && (this.#method === "GET" || this.#method === "HEAD")) throw new TypeError("Request with a GET or HEAD method cannot have a body.");
      if (from === init && isUsed(from.#body)) throw new TypeError("This ReadableStream is disturbed (has already been read from), and cannot be used as a body.");
      this.#body = from === init ? from.#body : moveBody(from.#body); // in place of a dictionary, a request goes on sharing its body
    }
  }

  /** Reads a dictionary in workerd's order, each field once. */
  #options(init) {
    if (init === undefined || init === null) return null;
    const read = {};
    let value = init.method;
    if (value !== undefined) read.method = `${value}`;
    value = init.headers;
    if (value !== undefined) {
      if (!isDictionary(value)) throw fieldError("headers", dictionary, "Headers or Sequence or object");
      read.headers = isHeaders(value) ? value : new Headers(value);
    }
    value = init.body;
    read.body = value;
    if (value !== undefined && value !== null) read.given = value;
    value = init.redirect;
    if (value !== undefined) read.redirect = `${value}`;
    value = init.fetcher;
    if (value !== undefined && value !== null) throw fieldError("fetcher", dictionary, "Fetcher");
    value = init.cf;
    if (value !== undefined) read.cf = cfOf(value, dictionary);
    value = init.cache;
    if (value !== undefined) read.cache = `${value}`;
    value = init.integrity;
    if (value !== undefined) read.integrity = `${value}`;
    value = init.signal;
    if (value !== undefined) {
      if (value !== null && !isSignal(value)) throw fieldError("signal", dictionary, "AbortSignal");
      read.signal = value;
    }
    value = init.encodeResponseBody;
    if (value !== undefined) read.encode = `${value}`;
    if (read.given !== undefined) read.extracted = extractBody(read.given);
    return read;
  }

  #apply(options) {
    if (options.method !== undefined) {
      const upper = options.method.toUpperCase();
      if (!methods.has(upper)) throw new TypeError(`Invalid HTTP method string: ${options.method}`);
      this.#method = upper;
    }
    if (options.redirect !== undefined) {
      if (options.redirect !== "follow" && options.redirect !== "manual") {
        throw new TypeError('Invalid redirect value, must be one of "follow" or "manual" ("error" won\'t be implemented since it does not make sense at the edge; use "manual" and check the response status code).');
      }
      this.#redirect = options.redirect;
    }
    if (options.signal !== undefined) {
      this.#signal = options.signal;
      this.#controller = null;
    }
    if (options.cf !== undefined) {
      this.#cf = options.cf;
      this.#cfText = undefined;
    }
    if (options.cache !== undefined) {
      if (options.cache !== "no-store" && options.cache !== "no-cache") throw new TypeError(`Unsupported cache mode: ${options.cache}`);
      this.#cache = options.cache;
    }
    if (options.integrity) throw new TypeError("Subrequest integrity checking is not implemented. The integrity option must be either undefined or an empty string.");
    if (options.encode !== undefined) {
      if (options.encode !== "manual" && options.encode !== "automatic") throw new TypeError(`encodeResponseBody: unexpected value: ${options.encode}`);
      this.#manual = options.encode === "manual";
    }
  }

  #copy(from) {
    this.#method = from.#method;
    this.#url = from.#url;
    this.#redirect = from.#redirect;
    this.#signal = from.signal;
    this.#incoming = from.#incoming;
    this.#cache = from.#cache;
    this.#manual = from.#manual;
  }

  #learnCf() {
    if (this.#cfKnown) return;
    this.#cfKnown = true;
    const text = native.requestCf(this.#incoming);
    if (text !== "") this.#cfText = text;
  }

  clone() {
    const request = new Request(internal);
    const body = cloneBody(this.#body);
    request.#copy(this);
    request.#cfText = cfText(this);
    request.#headers = copyHeaders(this.headers);
    request.#body = body;
    return request;
  }

  get method() { return this.#method; }
  get url() { return this.#url; }
  get headers() { return (this.#headers ??= incomingHeaders(this.#incoming, this.#raw)); }
  get redirect() { return this.#redirect; }
  get fetcher() { return null; }
  get signal() {
    if (!this.#signal) {
      this.#controller = new AbortController();
      this.#signal = this.#controller.signal;
    }
    return this.#signal;
  }
  get cf() {
    this.#learnCf();
    if (this.#cf === undefined && this.#cfText !== undefined) {
      this.#cf = this.#raw ? frozenJson(this.#cfText) : parse(this.#cfText);
      if (!this.#raw) this.#cfText = undefined; // it can be changed from now on
    }
    return this.#cf;
  }
  get integrity() { return ""; }
  get keepalive() { return false; }
  get cache() { return this.#cache; }
}

ownsBody(isRequest, requestBody);
interfaceOf(Request, { isOne: isRequest, members: "clone method url headers redirect fetcher signal cf integrity keepalive cache" });
defineGlobals({ Request });
