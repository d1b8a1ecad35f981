// SPDX-License-Identifier: GPL-3.0-or-later
// Headers (Fetch standard, section 5.1). Kept as a flat list [lower-case name, value, ...]: requests have few, and most are never looked at.

import { native, defineGlobals } from "./native.js";
import { argumentError, constructorError, interfaceOf, isDictionary } from "./interface.js";
import { EntryIterator, KeyIterator, ValueIterator, listSteps } from "./iterators.js";

// What workerd refuses; an empty name it takes.
const invalidName = /[\0- "(),/:;<=>?@[\\\]{}\x7f]/;
const invalidValue = /[\0\r\n]/;
const upper = /[A-Z]/;
const test = RegExp.prototype.test;
const apply = Reflect.apply;

function normalName(name) {
  if (apply(test, invalidName, [name])) throw new TypeError("Invalid header name.");
  return apply(test, upper, [name]) ? name.toLowerCase() : name;
}

const isPadding = (unit) => unit === 32 || unit === 9 || unit === 10 || unit === 13;

function normalValue(value) {
  let begin = 0;
  let end = value.length;
  while (begin < end && isPadding(value.charCodeAt(begin))) ++begin;
  while (end > begin && isPadding(value.charCodeAt(end - 1))) --end;
  const trimmed = value.slice(begin, end);
  if (apply(test, invalidValue, [trimmed])) throw new TypeError("Invalid header value.");
  return trimmed;
}

export let flatOf;
export let incomingHeaders;
export let immutableHeaders;
export let isImmutable;
export let copyHeaders;
export let isHeaders;
const internal = Symbol("internal");

export class Headers {
  #flat;
  #request = 0;
  #immutable = false;

  static {
    isHeaders = (value) => typeof value === "object" && value !== null && #flat in value;
    /** The flat list; the caller may not change it. */
    flatOf = (headers) => headers.#list();
    /** Those of an incoming request, fetched from C++ at the first look. */
    incomingHeaders = (request, immutable) => {
      const headers = new Headers(internal);
      headers.#request = request;
      headers.#flat = null;
      headers.#immutable = immutable;
      return headers;
    };
    immutableHeaders = (flat) => {
      const headers = new Headers(internal);
      headers.#flat = flat.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text));
      headers.#immutable = true;
      return headers;
    };
    isImmutable = (headers) => headers.#immutable;
    /** A copy that may be changed if the original may. */
    copyHeaders = (from) => {
      const headers = new Headers(internal);
      headers.#flat = from.#list().slice();
      headers.#immutable = from.#immutable;
      return headers;
    };
  }

  constructor(init) {
    this.#flat = [];
    if (init === internal || init === undefined) return;
    if (!isDictionary(init)) throw constructorError("Headers", 1, "Headers or Sequence or object");
    if (isHeaders(init)) {
      this.#flat = init.#list().slice();
    } else if (typeof init[Symbol.iterator] === "function") {
      const pairs = [];
      for (const pair of init) {
        if (!isDictionary(pair) || typeof pair[Symbol.iterator] !== "function") throw new TypeError("Incorrect type: the provided value is not of type 'Sequence'.");
        pairs.push(Array.from(pair, String));
      }
      for (const entry of pairs) {
        if (entry.length !== 2) throw new TypeError("To initialize a Headers object from a sequence, each inner sequence must have exactly two elements.");
        this.#flat.push(normalName(entry[0]), normalValue(entry[1]));
      }
    } else {
      const pairs = [];
      for (const name of Object.keys(init)) pairs.push(name, `${init[name]}`);
      for (let i = 0; i < pairs.length; i += 2) this.#flat.push(normalName(pairs[i]), normalValue(pairs[i + 1]));
    }
  }

  #list() {
    if (this.#flat === null) {
      const flat = native.requestFields(this.#request);
      for (let i = 0; i < flat.length; i += 2) flat[i] = flat[i].toLowerCase();
      this.#flat = flat;
    }
    return this.#flat;
  }

  #change() {
    if (this.#immutable) throw new TypeError("Can't modify immutable headers.");
    return this.#list();
  }

  get(name) {
    name = normalName(`${name}`);
    const flat = this.#list();
    let found = null;
    for (let i = 0; i < flat.length; i += 2) if (flat[i] === name) found = found === null ? flat[i + 1] : found + ", " + flat[i + 1];
    return found;
  }

  getAll(name) {
    if (normalName(`${name}`) !== "set-cookie") throw new TypeError('getAll() can only be used with the header name "Set-Cookie".');
    return this.#cookies();
  }

  getSetCookie() {
    return this.#cookies();
  }

  #cookies() {
    const flat = this.#list();
    const found = [];
    for (let i = 0; i < flat.length; i += 2) if (flat[i] === "set-cookie") found.push(flat[i + 1]);
    return found;
  }

  has(name) {
    name = normalName(`${name}`);
    const flat = this.#list();
    for (let i = 0; i < flat.length; i += 2) if (flat[i] === name) return true;
    return false;
  }

  set(name, value) {
    name = `${name}`;
    value = `${value}`;
    const flat = this.#change();
    name = normalName(name);
    value = normalValue(value);
    let done = false;
    for (let i = 0; i < flat.length; i += 2) {
      if (flat[i] !== name) continue;
      if (!done) {
        flat[i + 1] = value;
        done = true;
      } else {
        flat.splice(i, 2);
        i -= 2;
      }
    }
    if (!done) flat.push(name, value);
  }

  append(name, value) {
    name = `${name}`;
    value = `${value}`;
    const flat = this.#change();
    flat.push(normalName(name), normalValue(value));
  }

  delete(name) {
    name = `${name}`;
    const flat = this.#change();
    name = normalName(name);
    for (let i = flat.length - 2; i >= 0; i -= 2) if (flat[i] === name) flat.splice(i, 2);
  }

  forEach(callback, thisArg) {
    if (typeof callback !== "function") throw argumentError("Headers", "forEach", 1, "function");
    for (const [name, value] of this.#sorted()) apply(callback, thisArg, [value, name, this]);
  }

  /** [[name, value]] as they are at this moment. */
  #sorted() {
    const flat = this.#list();
    const joined = new Map();
    for (let i = 0; i < flat.length; i += 2) {
      const name = flat[i];
      joined.set(name, joined.has(name) ? joined.get(name) + ", " + flat[i + 1] : flat[i + 1]);
    }
    const entries = [];
    for (const name of [...joined.keys()].sort()) {
      if (name === "set-cookie") for (const value of this.#cookies()) entries.push([name, value]);
      else entries.push([name, joined.get(name)]);
    }
    return entries;
  }

  entries() {
    return new EntryIterator(listSteps(this.#sorted()));
  }

  keys() {
    return new KeyIterator(listSteps(this.#sorted().map(([name]) => name)));
  }

  values() {
    return new ValueIterator(listSteps(this.#sorted().map(([, value]) => value)));
  }

  [Symbol.iterator]() {
    return new EntryIterator(listSteps(this.#sorted()));
  }
}

interfaceOf(Headers, {
  isOne: isHeaders,
  members: "get:string getAll:string getSetCookie has:string set:string,string append:string,string delete:string forEach:function entries keys values",
});
defineGlobals({ Headers });
