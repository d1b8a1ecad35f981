// SPDX-License-Identifier: GPL-3.0-or-later
// The Cache API (Workers runtime, "Cache") over the caches that C++ keeps.

import { native, defineGlobals } from "./native.js";
import { Body, Kind, bodyBytes, bodyLength, pumpBody, sourceBody, takeWhole } from "./body.js";
import { isUnchanged, rangesOf, storage } from "./cacherules.js";
import { Headers, flatOf } from "./headers.js";
import { Request } from "./request.js";
import { Response, receivedResponse, responseBody } from "./response.js";
import { ReadableStream, chunkBytes } from "./streams.js";
import { URL } from "./url.js";

const internal = Symbol("internal");
const maxName = 1024; // UTF-16 units, not included
const texts = {
  200: "OK", 203: "Non-Authoritative Information", 206: "Partial Content", 300: "Multiple Choices", 301: "Moved Permanently", 302: "Found", 303: "See Other", 304: "Not Modified", 307: "Temporary Redirect",
  308: "Permanent Redirect", 404: "Not Found", 405: "Method Not Allowed", 410: "Gone", 414: "URI Too Long", 416: "Range Not Satisfiable", 501: "Not Implemented",
};

function illegal() {
  return new TypeError("Illegal invocation: function called with incorrect `this` reference. See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details.");
}

function wrongParameter(method, n, type, owner = "Cache") {
  return new TypeError(`Failed to execute '${method}' on '${owner}': parameter ${n} is not of type '${type}'.`);
}

function notImplemented(method, owner) {
  return new Error(`Failed to execute '${method}' on '${owner}': the method is not implemented.`);
}

/** Whether the method of the request counts. */
function ignoresMethod(given, method) {
  if (given === undefined || given === null) return false;
  if (typeof given !== "object" && typeof given !== "function") throw wrongParameter(method, 2, "CacheQueryOptions");
  const ignores = Boolean(given.ignoreMethod);
  for (const field of ["ignoreSearch", "ignoreVary"]) {
    if (given[field] !== undefined) throw new Error(`The '${field}' field on 'CacheQueryOptions' is not implemented.`);
  }
  return ignores;
}

function requestOf(input) {
  return input instanceof Request ? input : new Request(`${input}`);
}

/** What the entry is stored under. */
function keyOf(request) {
  const url = new URL(request.url);
  if (url.host === "" && url.protocol !== "file:" || url.username !== "" || url.password !== "") throw new TypeError("Invalid URL. Cache API keys must be fully-qualified, valid URLs.");
  if (url.protocol !== "http:" && url.protocol !== "https:") throw new TypeError(`Fetch API cannot load: ${url.href}`);
  const given = request.cf?.cacheKey;
  if (given) return String(given);
  url.hash = "";
  return url.href;
}

/** What a stream that is stored may consist of: texts, too. */
const stored = { bytesOf: (chunk) => (typeof chunk === "string" ? native.utf8Encode(chunk) : chunkBytes(chunk)) };

/** What the log shows of a request: its URL, and the fields that change the answer. */
function shownRequest(key, headers) {
  const fields = {};
  for (const name of ["range", "if-none-match", "if-modified-since"]) if (headers.has(name)) fields[name] = headers.get(name);
  return Object.keys(fields).length === 0 ? JSON.stringify(key) : JSON.stringify({ url: key, ...fields });
}

/** Part of a stored body; `value` is its bytes, or the number of an open body. */
function partOf(value, first, length) {
  return typeof value === "number" ? sourceBody(native.cacheBody(value, first, length)) : new Body(Kind.Bytes, value.subarray(first, first + length));
}

/** A body of several ranges ("multipart/byteranges"), read as it is taken. */
function partsBody(value, size, ranges, contentType, boundary) {
  async function* pieces() {
    for (let i = 0; i < ranges.length; i += 2) {
      const head = `${i > 0 ? "\r\n" : ""}--${boundary}\r\n${contentType === null ? "" : `Content-Type: ${contentType}\r\n`}Content-Range: bytes ${ranges[i]}-${ranges[i + 1]}/${size}\r\n\r\n`;
      yield native.utf8Encode(head);
      let left = ranges[i + 1] - ranges[i] + 1;
      for (let at = ranges[i]; left > 0;) {
        const length = Math.min(left, 262144);
        yield await bodyBytes(partOf(value, at, length));
        at += length;
        left -= length;
      }
    }
    yield native.utf8Encode(`\r\n--${boundary}--`);
  }
  return new Body(Kind.Stream, ReadableStream.from(pieces()));
}

function found(status, headers, body) {
  return receivedResponse(status, texts[status] ?? "", flatOf(headers), body, "", false);
}

/** The answer to a request out of what is stored. */
function answer(asked, [status, flat, size, value]) {
  const headers = new Headers();
  for (let i = 0; i < flat.length; i += 2) headers.append(flat[i], flat[i + 1]);
  headers.set("cf-cache-status", "HIT");
  const range = asked.get("range");
  const ranges = range === null || range === "" ? [] : rangesOf(range, size);
  if (ranges === undefined) return found(416, new Headers({ "content-range": `bytes */${size}`, "cf-cache-status": "HIT" }), new Body(Kind.Bytes, new Uint8Array(0)));
  if (isUnchanged(asked, headers)) return found(304, headers, null);
  if (ranges.length === 0) return found(status, headers, partOf(value, 0, size));
  if (ranges.length > 2) {
    const boundary = `miniflare-boundary-${crypto.randomUUID()}`;
    const body = partsBody(value, size, ranges, headers.get("content-type"), boundary);
    headers.set("content-type", `multipart/byteranges; boundary=${boundary}`);
    return found(206, headers, body);
  }
  const length = ranges[1] - ranges[0] + 1;
  headers.set("content-range", `bytes ${ranges[0]}-${ranges[1]}/${size}`);
  headers.set("content-length", String(length));
  return found(206, headers, partOf(value, ranges[0], length));
}

let makeCache;

export class Cache {
  #name;

  static {
    makeCache = (name) => {
      const cache = new Cache(internal);
      cache.#name = name;
      return cache;
    };
  }

  constructor(given) {
    if (given !== internal) throw new TypeError("Illegal constructor");
  }

  match() {
    if (typeof this !== "object" || this === null || !(#name in this)) throw illegal();
    return this.#match(...arguments);
  }

  async #match(input, options) {
    if (arguments.length < 1) throw wrongParameter("match", 1, "Request or string");
    const given = input instanceof Request ? input : `${input}`;
    const anyMethod = ignoresMethod(options, "match");
    const request = requestOf(given);
    if (!anyMethod && request.method !== "GET") return undefined;
    const key = keyOf(request);
    const entry = native.cacheMatch(this.#name, key, shownRequest(key, request.headers));
    if (entry === undefined) return undefined;
    const response = answer(request.headers, entry);
    // An open body that several ranges are read from later stays until the request ends.
    if (typeof entry[3] === "number" && !response.headers.get("content-type")?.startsWith("multipart/byteranges")) native.cacheForget(entry[3]);
    return response;
  }

  put() {
    if (typeof this !== "object" || this === null || !(#name in this)) throw illegal();
    return this.#put(...arguments);
  }

  async #put(input, response) {
    if (arguments.length < 1) throw wrongParameter("put", 1, "Request or string");
    const given = input instanceof Request ? input : `${input}`;
    if (!(response instanceof Response)) throw wrongParameter("put", 2, "Response");
    const request = requestOf(given);
    if (request.method !== "GET") throw new TypeError("Cannot cache response to non-GET request.");
    if (response.status === 206) throw new TypeError("Cannot cache response to a range request (206 Partial Content).");
    if (response.headers.get("vary")?.includes("*")) throw new TypeError("Cannot cache response with 'Vary: *' header.");
    if (response.type === "error") throw new TypeError("Cache is unable to store an error response");
    const key = keyOf(request);
    const mark = native.callMark();
    const refuse = (reason) => native.cacheNotPut(this.#name, key, JSON.stringify({ stored: false, reason }), undefined, "", mark);
    if (response.status === 304) return refuse("A 304 has no content of its own.");
    const body = responseBody(response);
    const whole = body === null ? new Uint8Array(0) : takeWhole(body);
    const bytes = typeof whole === "string" ? native.utf8Encode(whole) : whole;
    const length = bytes === undefined ? bodyLength(body) : bytes.byteLength;
    const storable = response.status === 204 ? undefined : storage(key, flatOf(request.headers), response.status, flatOf(response.headers), length);
    if (bytes !== undefined && body !== null) body.used = true;
    if (storable === undefined) {
      if (bytes === undefined) await pumpBody(body, () => {}, { ...stored });
      return refuse("The rules of HTTP caching do not allow it.");
    }
    const value = bytes ?? (await this.#stream(key, body, mark));
    native.cachePut(this.#name, key, response.status, storable.headers, Date.now() + storable.ttl, value, mark);
  }

  /** The number of a write that has the whole body. */
  async #stream(key, body, mark) {
    let write;
    try {
      await pumpBody(body, (piece) => {
        write ??= native.cacheWrite(this.#name, mark);
        native.cacheWritePiece(write, piece);
      }, { ...stored });
    } catch (error) {
      if (write !== undefined) native.cacheNotPut(this.#name, key, "", write, String(error?.message ?? error), mark);
      throw error;
    }
    return write ?? native.cacheWrite(this.#name, mark);
  }

  delete() {
    if (typeof this !== "object" || this === null || !(#name in this)) throw illegal();
    return this.#delete(...arguments);
  }

  async #delete(input, options) {
    if (arguments.length < 1) throw wrongParameter("delete", 1, "Request or string");
    const given = input instanceof Request ? input : `${input}`;
    const anyMethod = ignoresMethod(options, "delete");
    const request = requestOf(given);
    if (!anyMethod && request.method !== "GET") return false;
    return native.cacheDelete(this.#name, keyOf(request));
  }

  add() { throw #name in Object(this) ? notImplemented("add", "Cache") : illegal(); }
  addAll() { throw #name in Object(this) ? notImplemented("addAll", "Cache") : illegal(); }
  matchAll() { throw #name in Object(this) ? notImplemented("matchAll", "Cache") : illegal(); }
  keys() { throw #name in Object(this) ? notImplemented("keys", "Cache") : illegal(); }

  get [Symbol.toStringTag]() { return "Cache"; }
}

export class CacheStorage {
  #own = true;

  constructor(given) {
    if (given !== internal) throw new TypeError("Illegal constructor");
    Object.defineProperty(this, "default", { value: makeCache(""), enumerable: true });
  }

  open() {
    if (typeof this !== "object" || this === null || !(#own in this)) throw illegal();
    return this.#open(...arguments);
  }

  async #open(name) {
    if (arguments.length < 1) throw wrongParameter("open", 1, "string", "CacheStorage");
    const text = `${name}`;
    if (text.length >= maxName) throw new TypeError("Cache name is too long.");
    return makeCache(text);
  }

  has() { throw #own in Object(this) ? notImplemented("has", "CacheStorage") : illegal(); }
  match() { throw #own in Object(this) ? notImplemented("match", "CacheStorage") : illegal(); }
  keys() { throw #own in Object(this) ? notImplemented("keys", "CacheStorage") : illegal(); }
  delete() { throw #own in Object(this) ? notImplemented("delete", "CacheStorage") : illegal(); }

  get [Symbol.toStringTag]() { return "CacheStorage"; }
}

defineGlobals({ Cache, CacheStorage, caches: new CacheStorage(internal) });
