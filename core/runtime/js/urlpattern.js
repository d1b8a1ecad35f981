// SPDX-License-Identifier: GPL-3.0-or-later
// URLPattern (URL Pattern standard), by urlpattern-polyfill.

import { URLPattern as FullPattern } from "urlpattern-polyfill/urlpattern";
import { defineGlobals } from "./native.js";
import { interfaceOf, isDictionary } from "./interface.js";
import { URL } from "./url.js";

const parts = ["protocol", "username", "password", "hostname", "port", "pathname", "search", "hash"];
const fields = [...parts, "baseURL"];

/** A dictionary read once, each field a string. */
function initOf(given) {
  const init = {};
  for (const field of fields) {
    const value = given[field];
    if (value !== undefined) init[field] = `${value}`;
  }
  return init;
}

const shown = (init) => Object.fromEntries(fields.map((field) => [field, init[field]]));

let isPattern;

export class URLPattern {
  #full;
  #groups;

  static {
    isPattern = (value) => typeof value === "object" && value !== null && #full in value;
  }

  constructor(input, baseURL, options) {
    let init = input === undefined ? {} : isDictionary(input) ? initOf(input) : `${input}`;
    if (isDictionary(baseURL)) [baseURL, options] = [undefined, baseURL];
    const base = baseURL === undefined ? undefined : `${baseURL}`;
    const ignoreCase = Boolean(options?.ignoreCase);
    try {
      if (typeof init === "object" && base !== undefined) throw new TypeError("base");
      this.#full = base === undefined ? new FullPattern(init, { ignoreCase }) : new FullPattern(init, base, { ignoreCase });
    } catch {
      throw new TypeError("Failed to construct URLPattern");
    }
  }

  get protocol() { return this.#full.protocol; }
  get username() { return this.#full.username; }
  get password() { return this.#full.password; }
  get hostname() { return this.#full.hostname; }
  get port() { return this.#full.port; }
  get pathname() { return this.#full.pathname; }
  get search() { return this.#full.search; }
  get hash() { return this.#full.hash; }
  get hasRegExpGroups() { return this.#full.hasRegExpGroups; }

  test(input, baseURL) {
    return this.#run(input, baseURL) !== null;
  }

  exec(input, baseURL) {
    const found = this.#run(input, baseURL);
    if (found === null) return null;
    return found;
  }

  #run(input, baseURL) {
    const given = input === undefined ? {} : isDictionary(input) ? initOf(input) : `${input}`;
    const base = baseURL === undefined ? undefined : `${baseURL}`;
    if (typeof given === "object" && base !== undefined) throw new TypeError("Failed to execute URLPattern");
    const inputs = [typeof given === "object" ? shown(given) : given];
    if (base !== undefined) inputs.push(base);
    const found = this.#match(given, base);
    if (!found) return null;
    const result = { inputs };
    for (const part of parts) result[part] = { input: found[part].input, groups: { ...found[part].groups } };
    return result;
  }

  #match(given, base) {
    try {
      return base === undefined ? this.#full.exec(given) : this.#full.exec(given, base);
    } catch {
      return null;
    }
  }
}

interfaceOf(URLPattern, { isOne: isPattern, members: [...parts, "hasRegExpGroups", "test", "exec"].join(" ") });
defineGlobals({ URLPattern });
