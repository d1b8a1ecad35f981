// SPDX-License-Identifier: GPL-3.0-or-later
// The JavaScript face of a KV namespace (Workers KV, "Workers Binding API").

import { native } from "./native.js";
import { ReadableStream, bytesStream, chunkBytes, joinBytes } from "./streams.js";

const types = ["text", "json", "arrayBuffer", "stream"];
const maxValue = 26214400;
const maxBulk = 100;

function toInt32(value) {
  const number = Math.trunc(Number(value)) || 0;
  if (!(number >= -2147483648 && number <= 2147483647)) throw new TypeError("Value out of range. Must be between -2147483648 and 2147483647 (inclusive).");
  return number;
}

/** {type, cacheTtl} of the second argument of get. */
function readOptions(given) {
  const options = typeof given === "object" && given !== null ? given : { type: given };
  return { type: options.type === undefined || options.type === null ? "text" : String(options.type), cacheTtl: options.cacheTtl };
}

function checkCacheTtl(cacheTtl, method) {
  if (cacheTtl === undefined || cacheTtl === null) return;
  const seconds = toInt32(cacheTtl);
  if (seconds < 30) throw new Error(`KV ${method} failed: 400 Invalid cache_ttl of ${seconds}. Cache TTL must be at least 30.`);
}

function present(value, type) {
  if (type === "json") return JSON.parse(value);
  if (type === "stream") return bytesStream(value);
  return value;
}

/** The whole of a stream; beyond the limit only its length is kept, because the error names it. */
async function collect(stream) {
  const reader = stream.getReader();
  let pieces = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const bytes = chunkBytes(value);
    length += bytes.byteLength;
    if (length <= maxValue) pieces.push(bytes);
    else pieces = [];
  }
  if (length > maxValue) throw new Error(`KV PUT failed: 413 Value length of ${length} exceeds limit of ${maxValue}.`);
  return joinBytes(pieces, length);
}

let setBinding;

export class KvNamespace {
  #binding = 0;

  static {
    setBinding = (space, binding) => (space.#binding = binding);
  }

  async get(key, options) {
    if (Array.isArray(key)) return this.#bulk(key, options, false);
    const { type, cacheTtl } = readOptions(options);
    checkCacheTtl(cacheTtl, "GET");
    const code = types.indexOf(type);
    const value = native.kvGet(this.#binding, String(key), Math.max(code, 0), false);
    if (value === undefined) return null;
    if (code < 0) throw new TypeError('Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".');
    return present(value, type);
  }

  async getWithMetadata(key, options) {
    if (Array.isArray(key)) return this.#bulk(key, options, true);
    const { type, cacheTtl } = readOptions(options);
    checkCacheTtl(cacheTtl, "GET");
    const code = types.indexOf(type);
    const found = native.kvGet(this.#binding, String(key), Math.max(code, 0), true);
    if (found === undefined) return { value: null, metadata: null, cacheStatus: null };
    if (code < 0) throw new TypeError('Unknown response type. Possible types are "text", "arrayBuffer", "json", and "stream".');
    return { value: present(found[0], type), metadata: found[1] === undefined ? null : JSON.parse(found[1]), cacheStatus: null };
  }

  #bulk(keys, options, withMetadata) {
    const fail = (text) => {
      throw new Error("KV GET_BULK failed: " + text);
    };
    const { type, cacheTtl } = readOptions(options);
    if (keys.length === 0) fail("400 You must request a minimum of 1 key");
    if (keys.length > maxBulk) fail(`400 You can request a maximum of ${maxBulk} keys`);
    if (type !== "text" && type !== "json") fail(`400 "${type}" is not a valid type. Use "json" or "text"`);
    if (cacheTtl !== undefined && cacheTtl !== null && toInt32(cacheTtl) < 30) fail(`400 Invalid cache_ttl of ${toInt32(cacheTtl)}. Cache TTL must be at least 30.`);
    const result = new Map();
    let size = 0;
    for (const key of new Set(keys.map(String))) {
      if (key === "") fail("400 Key names must not be empty");
      const length = native.utf8Encode(key).byteLength;
      if (length > 512) fail(`414 UTF-8 encoded length of ${length} exceeds key length limit of 512.`);
      const found = native.kvGet(this.#binding, key, 0, true);
      if (found === undefined) {
        result.set(key, null);
        continue;
      }
      size += found[0].length;
      if (size > maxValue) fail("413 Total size of request exceeds the limit of 25MB");
      let value = found[0];
      if (type === "json") {
        try {
          value = JSON.parse(value);
        } catch {
          fail("400 At least one of the requested keys corresponds to a non-json value");
        }
      }
      result.set(key, withMetadata ? { value, metadata: found[1] === undefined ? null : JSON.parse(found[1]) } : value);
    }
    return result;
  }

  async put(key, value, options) {
    if (arguments.length < 2) throw new TypeError("Failed to execute 'put' on 'KvNamespace': parameter 2 is not of type 'string or Object'.");
    let content;
    if (value instanceof ReadableStream) content = await collect(value);
    else if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) content = value;
    else if (typeof value === "object" && value !== null) throw new TypeError("KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values.");
    else content = String(value);
    const given = (name) => options?.[name] !== undefined && options[name] !== null;
    native.kvPut(this.#binding, String(key), content, given("expiration") ? toInt32(options.expiration) : undefined,
      given("expirationTtl") ? toInt32(options.expirationTtl) : undefined, given("metadata") ? JSON.stringify(options.metadata) : undefined);
  }

  async delete(key) {
    native.kvDelete(this.#binding, String(key));
  }

  async list(options) {
    const limit = options?.limit;
    const flat = native.kvList(this.#binding, options?.prefix === undefined || options.prefix === null ? "" : String(options.prefix),
      limit === undefined || limit === null ? undefined : toInt32(limit), options?.cursor === undefined || options.cursor === null ? "" : String(options.cursor));
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

export function kvNamespace(binding) {
  const space = new KvNamespace();
  setBinding(space, binding);
  return space;
}
