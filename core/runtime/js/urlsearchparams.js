// SPDX-License-Identifier: GPL-3.0-or-later
// URLSearchParams (URL standard, section 6).

import { native } from "./native.js";

const wellFormed = (text) => text.toWellFormed();

function percentDecode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that stands for itself, or bytes that are no UTF-8.
    const bytes = native.utf8Encode(text);
    const decoded = [];
    const digit = (byte) => (byte >= 48 && byte <= 57 ? byte - 48 : byte >= 65 && byte <= 70 ? byte - 55 : byte >= 97 && byte <= 102 ? byte - 87 : -1);
    for (let i = 0; i < bytes.length; ++i) {
      const high = bytes[i] === 37 && i + 2 < bytes.length ? digit(bytes[i + 1]) : -1;
      const low = high >= 0 ? digit(bytes[i + 2]) : -1;
      if (low >= 0) {
        decoded.push(high * 16 + low);
        i += 2;
      } else {
        decoded.push(bytes[i]);
      }
    }
    return native.utf8Decode(new Uint8Array(decoded), false);
  }
}

function decode(text) {
  if (text.includes("+")) text = text.replace(/\+/g, " ");
  return text.includes("%") ? percentDecode(text) : text;
}

const plain = /^[A-Za-z0-9*\-._]*$/;
const escapes = { "!": "%21", "'": "%27", "(": "%28", ")": "%29", "~": "%7E", "%20": "+" };

function encode(text) {
  return plain.test(text) ? text : encodeURIComponent(text).replace(/[!'()~]|%20/g, (found) => escapes[found]);
}

/** [name, value, ...] of "a=1&b=2". */
function parse(text) {
  const flat = [];
  for (const part of text.split("&")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    flat.push(decode(at < 0 ? part : part.slice(0, at)), at < 0 ? "" : decode(part.slice(at + 1)));
  }
  return flat;
}

/** Params that belong to a URL: `changed(text)` is called after each change. */
export let attachedParams;
/** Replaces the content without telling the URL. */
export let resetParams;

export class URLSearchParams {
  #flat = [];
  #changed = null;

  static {
    attachedParams = (query, changed) => {
      const params = new URLSearchParams();
      params.#flat = parse(query);
      params.#changed = changed;
      return params;
    };
    resetParams = (params, query) => {
      params.#flat = parse(query);
    };
  }

  constructor(init = "") {
    if (init === null || (typeof init !== "object" && typeof init !== "function")) {
      const text = wellFormed(String(init));
      this.#flat = parse(text.startsWith("?") ? text.slice(1) : text);
    } else if (init[Symbol.iterator] !== undefined && init[Symbol.iterator] !== null) {
      if (typeof init[Symbol.iterator] !== "function") throw new TypeError("Failed to construct 'URLSearchParams': the initializer is not iterable.");
      for (const pair of init) {
        if (typeof pair !== "object" || pair === null || typeof pair[Symbol.iterator] !== "function") {
          throw new TypeError("Failed to construct 'URLSearchParams': each entry must be a name and a value.");
        }
        const entry = [...pair];
        if (entry.length !== 2) throw new TypeError("Failed to construct 'URLSearchParams': each entry must be a name and a value.");
        this.#flat.push(wellFormed(String(entry[0])), wellFormed(String(entry[1])));
      }
    } else {
      const record = new Map();
      for (const key of Reflect.ownKeys(init)) {
        if (!Object.prototype.propertyIsEnumerable.call(init, key)) continue;
        if (typeof key === "symbol") throw new TypeError("Cannot convert a Symbol value to a string");
        record.set(wellFormed(key), wellFormed(String(init[key])));
      }
      for (const [name, value] of record) this.#flat.push(name, value);
    }
  }

  #update() {
    this.#changed?.(this.toString());
  }

  get size() {
    return this.#flat.length / 2;
  }

  append(name, value) {
    if (arguments.length < 2) throw new TypeError("Failed to execute 'append' on 'URLSearchParams': 2 arguments are needed.");
    this.#flat.push(wellFormed(String(name)), wellFormed(String(value)));
    this.#update();
  }

  delete(name, value) {
    name = wellFormed(String(name));
    const wanted = value === undefined ? undefined : wellFormed(String(value));
    const kept = [];
    for (let i = 0; i < this.#flat.length; i += 2) {
      if (this.#flat[i] !== name || (wanted !== undefined && this.#flat[i + 1] !== wanted)) kept.push(this.#flat[i], this.#flat[i + 1]);
    }
    this.#flat = kept;
    this.#update();
  }

  get(name) {
    name = wellFormed(String(name));
    for (let i = 0; i < this.#flat.length; i += 2) if (this.#flat[i] === name) return this.#flat[i + 1];
    return null;
  }

  getAll(name) {
    name = wellFormed(String(name));
    const found = [];
    for (let i = 0; i < this.#flat.length; i += 2) if (this.#flat[i] === name) found.push(this.#flat[i + 1]);
    return found;
  }

  has(name, value) {
    name = wellFormed(String(name));
    const wanted = value === undefined ? undefined : wellFormed(String(value));
    for (let i = 0; i < this.#flat.length; i += 2) {
      if (this.#flat[i] === name && (wanted === undefined || this.#flat[i + 1] === wanted)) return true;
    }
    return false;
  }

  set(name, value) {
    if (arguments.length < 2) throw new TypeError("Failed to execute 'set' on 'URLSearchParams': 2 arguments are needed.");
    name = wellFormed(String(name));
    value = wellFormed(String(value));
    const kept = [];
    let done = false;
    for (let i = 0; i < this.#flat.length; i += 2) {
      if (this.#flat[i] !== name) kept.push(this.#flat[i], this.#flat[i + 1]);
      else if (!done) done = kept.push(name, value) > 0;
    }
    if (!done) kept.push(name, value);
    this.#flat = kept;
    this.#update();
  }

  sort() {
    const pairs = [];
    for (let i = 0; i < this.#flat.length; i += 2) pairs.push([this.#flat[i], this.#flat[i + 1]]);
    pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    this.#flat = pairs.flat();
    this.#update();
  }

  toString() {
    let text = "";
    for (let i = 0; i < this.#flat.length; i += 2) text += (i ? "&" : "") + encode(this.#flat[i]) + "=" + encode(this.#flat[i + 1]);
    return text;
  }

  forEach(callback, thisArg) {
    for (let i = 0; i < this.#flat.length; i += 2) callback.call(thisArg, this.#flat[i + 1], this.#flat[i], this);
  }

  *entries() {
    for (let i = 0; i < this.#flat.length; i += 2) yield [this.#flat[i], this.#flat[i + 1]];
  }

  *keys() {
    for (let i = 0; i < this.#flat.length; i += 2) yield this.#flat[i];
  }

  *values() {
    for (let i = 0; i < this.#flat.length; i += 2) yield this.#flat[i + 1];
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  get [Symbol.toStringTag]() {
    return "URLSearchParams";
  }
}
