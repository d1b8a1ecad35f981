// SPDX-License-Identifier: GPL-3.0-or-later
// Headers (Fetch standard, section 5.1). Kept as a flat list [lower-case name, value, ...]: requests have few, and most are never looked at.

import { native, defineGlobals } from "./native.js";

const validName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const invalidValue = /[\0\r\n]/;

function normalName(name) {
  name = String(name);
  if (!validName.test(name)) throw new TypeError(`Invalid header name: "${name}"`);
  return name.toLowerCase();
}

function normalValue(value) {
  value = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "");
  if (invalidValue.test(value)) throw new TypeError(`Invalid header value: ${JSON.stringify(value)}`);
  return value;
}

export let flatOf;
export let incomingHeaders;
export let immutableHeaders;
export let isImmutable;
const internal = Symbol("internal");

export class Headers {
  #flat;
  #request = 0;
  #immutable = false;

  static {
    /** The flat list; the caller may not change it. */
    flatOf = (headers) => headers.#list();
    /** Those of an incoming request, fetched from C++ at the first look. */
    incomingHeaders = (request) => {
      const headers = new Headers(internal);
      headers.#request = request;
      headers.#flat = null;
      headers.#immutable = true;
      return headers;
    };
    immutableHeaders = (flat) => {
      const headers = new Headers(internal);
      headers.#flat = flat.map((text, i) => (i % 2 === 0 ? text.toLowerCase() : text));
      headers.#immutable = true;
      return headers;
    };
    isImmutable = (headers) => headers.#immutable;
  }

  constructor(init) {
    this.#flat = [];
    if (init === internal || init === undefined) return;
    if (typeof init !== "object" || init === null) throw new TypeError("Failed to construct 'Headers': the initializer must be an object, an array of pairs or Headers.");
    if (#flat in init) {
      this.#flat = init.#list().slice();
    } else if (typeof init[Symbol.iterator] === "function") {
      for (const pair of init) {
        const entry = [...pair];
        if (entry.length !== 2) throw new TypeError("To initialize a Headers object from a sequence, each inner sequence must have exactly two elements.");
        this.append(entry[0], entry[1]);
      }
    } else {
      for (const name of Reflect.ownKeys(init)) {
        if (typeof name === "string" && Object.prototype.propertyIsEnumerable.call(init, name)) this.append(name, init[name]);
      }
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

  append(name, value) {
    name = normalName(name);
    value = normalValue(value);
    this.#change().push(name, value);
  }

  delete(name) {
    name = normalName(name);
    const flat = this.#change();
    for (let i = flat.length - 2; i >= 0; i -= 2) if (flat[i] === name) flat.splice(i, 2);
  }

  get(name) {
    name = normalName(name);
    const flat = this.#list();
    let found = null;
    for (let i = 0; i < flat.length; i += 2) if (flat[i] === name) found = found === null ? flat[i + 1] : found + ", " + flat[i + 1];
    return found;
  }

  getAll(name) {
    if (normalName(name) !== "set-cookie") throw new TypeError('getAll() can only be used with the header name "Set-Cookie".');
    return this.getSetCookie();
  }

  getSetCookie() {
    const flat = this.#list();
    const found = [];
    for (let i = 0; i < flat.length; i += 2) if (flat[i] === "set-cookie") found.push(flat[i + 1]);
    return found;
  }

  has(name) {
    name = normalName(name);
    const flat = this.#list();
    for (let i = 0; i < flat.length; i += 2) if (flat[i] === name) return true;
    return false;
  }

  set(name, value) {
    name = normalName(name);
    value = normalValue(value);
    const flat = this.#change();
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

  #sorted() {
    const flat = this.#list();
    const names = new Set();
    for (let i = 0; i < flat.length; i += 2) names.add(flat[i]);
    const entries = [];
    for (const name of [...names].sort()) {
      if (name === "set-cookie") for (const value of this.getSetCookie()) entries.push([name, value]);
      else entries.push([name, this.get(name)]);
    }
    return entries;
  }

  *entries() {
    yield* this.#sorted();
  }

  *keys() {
    for (const [name] of this.#sorted()) yield name;
  }

  *values() {
    for (const [, value] of this.#sorted()) yield value;
  }

  forEach(callback, thisArg) {
    for (const [name, value] of this.#sorted()) callback.call(thisArg, value, name, this);
  }

  get [Symbol.toStringTag]() {
    return "Headers";
  }
}

Object.defineProperty(Headers.prototype, Symbol.iterator, { value: Headers.prototype.entries, writable: true, configurable: true });
defineGlobals({ Headers });
