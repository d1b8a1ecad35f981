// SPDX-License-Identifier: GPL-3.0-or-later
// The JavaScript face of a KV namespace (Workers KV, "Workers Binding API").

import { native } from "./native.js";
import { ReadableStream, bytesStream, chunkBytes, joinBytes } from "./streams.js";

const types = ["text", "json", "arrayBuffer", "stream"];
const maxValue = 26214400;
const maxBulk = 100;
const maxKey = 512; // bytes

const internal = Symbol("internal");

function isObject(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function illegal() {
  return new TypeError("Illegal invocation: function called with incorrect `this` reference. See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details.");
}

function wrongParameter(method, n, type) {
  return new TypeError(`Failed to execute '${method}' on 'KvNamespace': parameter ${n} is not of type '${type}'.`);
}

function toInt32(value) {
  const given = +value;
  const number = Number.isFinite(given) ? Math.trunc(given) : 0;
  if (!(number >= -2147483648 && number <= 2147483647)) throw new TypeError("Value out of range. Must be between -2147483648 and 2147483647 (inclusive).");
  return number;
}

const int32Option = (value) => (value === undefined ? undefined : toInt32(value));

/** {type, cacheTtl} of the second argument of get. */
function readOptions(given) {
  if (given === undefined || given === null) return { type: "text", cacheTtl: undefined };
  if (!isObject(given)) return { type: `${given}`, cacheTtl: undefined };
  const type = given.type === undefined ? "text" : `${given.type}`;
  return { type, cacheTtl: int32Option(given.cacheTtl) };
}

const surrogate = /[\ud800-\udfff]/;

function checkWellFormed(key, method) {
  if (surrogate.test(key) && !key.isWellFormed()) throw new Error(`KV ${method} failed: 400 Could not URL-decode key name`);
}

/** Whether C++ will refuse the key before it looks for it. */
function isRefused(key) {
  return key === "" || key === "." || key === ".." || (key.length > maxKey / 3 && native.utf8Encode(key).byteLength > maxKey);
}

function checkCacheTtl(seconds, method) {
  if (seconds !== undefined && seconds < 30) throw new Error(`KV ${method} failed: 400 Invalid cache_ttl of ${seconds}. Cache TTL must be at least 30.`);
}

/** Whether an object puts a property of that name among the indices of an array: those get lost on the way that a bulk get takes in the real thing. */
function isIndex(name) {
  return /^(?:0|[1-9]\d{0,9})$/.test(name) && Number(name) <= 4294967294;
}

function present(value, type) {
  if (type === "json") return JSON.parse(value);
  if (type === "stream") return bytesStream(value);
  return value;
}

function pieceBytes(chunk) {
  if (typeof chunk === "string") return native.utf8Encode(chunk);
  if (!ArrayBuffer.isView(chunk) && !(chunk instanceof ArrayBuffer)) throw new TypeError("Draining read encountered a value that cannot be converted to bytes");
  return chunkBytes(chunk);
}

/** The whole of a stream; beyond the limit only its length is kept, because the error names it. */
async function collect(stream) {
  if (stream.locked) throw new TypeError("The ReadableStream has been locked to a reader.");
  const reader = stream.getReader();
  let pieces = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const bytes = pieceBytes(value);
    length += bytes.byteLength;
    if (length <= maxValue) pieces.push(bytes);
    else pieces = [];
  }
  if (length > maxValue) throw new Error(`KV PUT failed: 413 Value length of ${length} exceeds limit of ${maxValue}.`);
  return joinBytes(pieces, length);
}

let makeSpace;

export class KvNamespace {
  #binding = 0;

  static {
    makeSpace = (binding) => {
      const space = new KvNamespace(internal);
      space.#binding = binding;
      return space;
    };
  }

  constructor(given) {
    if (given !== internal) throw new TypeError("Illegal constructor");
  }

  // As in the real thing, a wrong `this` is thrown at once by all of them, and by these two also what is wrong with the types of their arguments.
  get(key, options) {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    if (arguments.length < 1) throw wrongParameter("get", 1, "string or Array");
    if (Array.isArray(key)) return this.#bulk(Array.from(key, (one) => `${one}`), readOptions(options), false);
    const name = `${key}`;
    return this.#get(name, readOptions(options));
  }

  async #get(name, { type, cacheTtl }) {
    if (cacheTtl !== undefined && !isRefused(name)) checkCacheTtl(cacheTtl, "GET");
    checkWellFormed(name, "GET");
    const code = types.indexOf(type);
    const value = native.kvGet(this.#binding, name, Math.max(code, 0), false);
    if (value === undefined) return null;
    if (code < 0) throw new TypeError('Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".');
    return present(value, type);
  }

  getWithMetadata(key, options) {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    if (arguments.length < 1) throw wrongParameter("getWithMetadata", 1, "Array or string");
    if (Array.isArray(key)) return this.#bulk(Array.from(key, (one) => `${one}`), readOptions(options), true);
    const name = `${key}`;
    const read = readOptions(options);
    if (isRefused(name)) native.kvGet(this.#binding, name, 0, true); // throws, here at once
    return this.#getWithMetadata(name, read);
  }

  async #getWithMetadata(name, { type, cacheTtl }) {
    checkCacheTtl(cacheTtl, "GET");
    checkWellFormed(name, "GET");
    const code = types.indexOf(type);
    const found = native.kvGet(this.#binding, name, Math.max(code, 0), true);
    if (found === undefined) return { value: null, metadata: null, cacheStatus: null };
    if (code < 0) throw new TypeError('Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".');
    return { value: present(found[0], type), metadata: found[1] === undefined ? null : JSON.parse(found[1]), cacheStatus: null };
  }

  async #bulk(names, { type, cacheTtl }, withMetadata) {
    const fail = (text) => {
      throw new Error("KV GET_BULK failed: 400 " + text);
    };
    if (type !== "" && type !== "text" && type !== "json") fail(`"${type}" is not a valid type. Use "json" or "text"`);
    if (names.length > maxBulk) fail(`You can request a maximum of ${maxBulk} keys`);
    if (names.length === 0) fail("You must request a minimum of 1 key");
    checkCacheTtl(cacheTtl, "GET_BULK");
    const flat = native.kvGetBulk(this.#binding, names, type === "json" ? 1 : 0, withMetadata);
    const result = new Map();
    names.forEach((name, i) => {
      if (isIndex(name) || name === "__proto__") return;
      const value = flat[2 * i] ?? null;
      const metadata = flat[2 * i + 1];
      result.set(name, withMetadata && value !== null ? { value, metadata: metadata === undefined ? null : JSON.parse(metadata) } : value);
    });
    return result;
  }

  put() {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#put(...arguments);
  }

  async #put(key, value, options) {
    if (arguments.length < 1) throw wrongParameter("put", 1, "string");
    const name = `${key}`;
    const mark = value instanceof ReadableStream ? native.callMark() : undefined;
    if (arguments.length < 2) throw wrongParameter("put", 2, "string or Object");
    const known = value instanceof ReadableStream || ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
    let content = known ? value : `${value}`;
    if (!known && isObject(value)) throw new TypeError("KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.");
    if (options !== undefined && options !== null && !isObject(options)) throw wrongParameter("put", 3, "PutOptions");
    const expiration = int32Option(options?.expiration);
    const ttl = int32Option(options?.expirationTtl);
    const metadata = options?.metadata;
    let text;
    if (metadata !== undefined && metadata !== null) {
      text = JSON.stringify(metadata);
      if (text === undefined) throw new Error("KV PUT failed: 500 Internal Server Error");
      // JSON.stringify escapes halves of a pair; the file, which others read, is to hold UTF-8 only.
      if (text.includes("\\ud")) text = text.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g, "$1\ufffd");
    }
    checkWellFormed(name, "PUT");
    if (value instanceof ReadableStream) content = await collect(value);
    native.kvPut(this.#binding, name, content, expiration, ttl, text, mark);
  }

  delete() {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#delete(...arguments);
  }

  async #delete(key) {
    if (arguments.length < 1) throw wrongParameter("delete", 1, "string");
    const name = `${key}`;
    checkWellFormed(name, "DELETE");
    native.kvDelete(this.#binding, name);
  }

  list(options) {
    if (typeof this !== "object" || this === null || !(#binding in this)) throw illegal();
    return this.#list(options);
  }

  async #list(options) {
    if (options !== undefined && options !== null && !isObject(options)) throw wrongParameter("list", 1, "ListOptions");
    const text = (value) => (value === undefined || value === null ? "" : `${value}`);
    const given = options?.limit;
    const limit = given === null ? undefined : int32Option(given);
    const flat = native.kvList(this.#binding, text(options?.prefix), limit, text(options?.cursor));
    const keys = [];
    for (let i = 2; i < flat.length; i += 3) {
      const key = { name: flat[i] };
      if (flat[i + 1] !== undefined) key.expiration = flat[i + 1];
      if (flat[i + 2] !== undefined) key.metadata = JSON.parse(flat[i + 2]);
      keys.push(key);
    }
    return flat[0] ? { keys, list_complete: true, cacheStatus: null } : { keys, list_complete: false, cursor: flat[1], cacheStatus: null };
  }

  get [Symbol.toStringTag]() {
    return "KvNamespace";
  }
}

// As methods of the real thing have it.
for (const name of ["get", "getWithMetadata", "put", "delete", "list"]) Object.defineProperty(KvNamespace.prototype[name], "length", { value: 0 });

export const kvNamespace = makeSpace;
