// SPDX-License-Identifier: GPL-3.0-or-later
// URLSearchParams (URL standard, section 6).

import { native } from "./native.js";
import { argumentError, interfaceOf, isDictionary } from "./interface.js";
import { EntryIterator, KeyIterator, ValueIterator } from "./iterators.js";

const { toWellFormed } = String.prototype;
const { apply } = Reflect;
const lone = /[\ud800-\udfff]/;
const test = RegExp.prototype.test;
const wellFormed = (text) => (apply(test, lone, [text]) ? apply(toWellFormed, text, []) : text);

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
let isParams;

export class URLSearchParams {
  #flat = [];
  #changed = null;

  static {
    isParams = (value) => typeof value === "object" && value !== null && #flat in value;
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
    if (!isDictionary(init)) {
      const text = wellFormed(`${init}`);
      this.#flat = parse(text.startsWith("?") ? text.slice(1) : text);
    } else if (isParams(init)) {
      this.#flat = init.#flat.slice();
    } else if (typeof init[Symbol.iterator] === "function") {
      for (const pair of init) {
        if (!isDictionary(pair) || typeof pair[Symbol.iterator] !== "function") throw new TypeError("Incorrect type: the provided value is not of type 'Sequence'.");
        const entry = Array.from(pair, String);
        if (entry.length !== 2) throw new TypeError("Invalid URL search params sequence.");
        this.#flat.push(wellFormed(entry[0]), wellFormed(entry[1]));
      }
    } else {
      const record = new Map();
      for (const key of Object.keys(init)) record.set(wellFormed(key), wellFormed(`${init[key]}`));
      for (const [name, value] of record) this.#flat.push(name, value);
    }
  }

  #update() {
    this.#changed?.(this.#text());
  }

  get size() {
    return this.#flat.length / 2;
  }

  append(name, value) {
    this.#flat.push(wellFormed(`${name}`), wellFormed(`${value}`));
    this.#update();
  }

  delete(name, value) {
    name = wellFormed(`${name}`);
    const wanted = value === undefined ? undefined : wellFormed(`${value}`);
    const kept = [];
    for (let i = 0; i < this.#flat.length; i += 2) {
      if (this.#flat[i] !== name || (wanted !== undefined && this.#flat[i + 1] !== wanted)) kept.push(this.#flat[i], this.#flat[i + 1]);
    }
    this.#flat = kept;
    this.#update();
  }

  get(name) {
    name = wellFormed(`${name}`);
    for (let i = 0; i < this.#flat.length; i += 2) if (this.#flat[i] === name) return this.#flat[i + 1];
    return null;
  }

  getAll(name) {
    name = wellFormed(`${name}`);
    const found = [];
    for (let i = 0; i < this.#flat.length; i += 2) if (this.#flat[i] === name) found.push(this.#flat[i + 1]);
    return found;
  }

  has(name, value) {
    name = wellFormed(`${name}`);
    const wanted = value === undefined ? undefined : wellFormed(`${value}`);
    for (let i = 0; i < this.#flat.length; i += 2) {
      if (this.#flat[i] === name && (wanted === undefined || this.#flat[i + 1] === wanted)) return true;
    }
    return false;
  }

  set(name, value) {
    name = wellFormed(`${name}`);
    value = wellFormed(`${value}`);
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
    return this.#text();
  }

  #text() {
    let text = "";
    for (let i = 0; i < this.#flat.length; i += 2) text += (i ? "&" : "") + encode(this.#flat[i]) + "=" + encode(this.#flat[i + 1]);
    return text;
  }

  forEach(callback, thisArg) {
    if (typeof callback !== "function") throw argumentError("URLSearchParams", "forEach", 1, "function");
    for (let i = 0; i < this.#flat.length; i += 2) apply(callback, thisArg, [this.#flat[i + 1], this.#flat[i], this]);
  }

  /** Goes through the list as it is at each step. */
  #steps(pick) {
    let at = -2;
    return () => ((at += 2) < this.#flat.length ? pick(this.#flat, at) : undefined);
  }

  entries() {
    return new EntryIterator(this.#steps((flat, at) => [flat[at], flat[at + 1]]));
  }

  keys() {
    return new KeyIterator(this.#steps((flat, at) => flat[at]));
  }

  values() {
    return new ValueIterator(this.#steps((flat, at) => flat[at + 1]));
  }

  [Symbol.iterator]() {
    return new EntryIterator(this.#steps((flat, at) => [flat[at], flat[at + 1]]));
  }
}

const s1 = "USVString";
const s2 = "USVString,USVString";
interfaceOf(URLSearchParams, {
  isOne: isParams,
  members: `size append:${s2} delete:${s1} get:${s1} getAll:${s1} has:${s1} set:${s2} sort entries keys values forEach:function toString`,
});
