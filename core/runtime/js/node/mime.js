// SPDX-License-Identifier: GPL-3.0-or-later
// util.MIMEType and util.MIMEParams (WHATWG MIME Sniffing, section 4).
import { nodeError } from "./errors.js";
import { inspect } from "./inspect.js";

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const quotable = /^[\t\x20-\x7e\x80-\xff]*$/;
const bad = (what, text) => nodeError.type("ERR_INVALID_MIME_SYNTAX", `The MIME syntax for a ${what} in "${text}" is invalid`);

export class MIMEParams {
  #values = new Map();

  static parse(params, text) {
    const part = /\s*;?\s*([^;=]*)(?:=("(?:[^"\\]|\\.)*"?[^;]*|[^;]*))?/y;
    let rest = text;
    while (rest.length > 0) {
      part.lastIndex = 0;
      const [all, name, raw] = part.exec(rest);
      if (all.length === 0) break;
      rest = rest.slice(all.length);
      if (raw === undefined) continue;
      const quoted = /^"((?:[^"\\]|\\.)*)"?/.exec(raw);
      const value = quoted ? quoted[1].replace(/\\(.)/g, "$1") : raw.trimEnd();
      const key = name.toLowerCase();
      if (token.test(key) && quotable.test(value) && (quoted || value.length > 0) && !params.#values.has(key)) params.#values.set(key, value);
    }
  }

  get(name) {
    return this.#values.get(String(name)) ?? null;
  }
  has(name) {
    return this.#values.has(String(name));
  }
  delete(name) {
    this.#values.delete(String(name));
  }
  set(name, value) {
    name = String(name);
    value = String(value);
    if (!token.test(name)) throw bad("parameter name", name);
    if (!quotable.test(value)) throw bad(`parameter value`, value);
    this.#values.set(name, value);
  }
  entries() {
    return this.#values.entries();
  }
  keys() {
    return this.#values.keys();
  }
  values() {
    return this.#values.values();
  }
  [Symbol.iterator]() {
    return this.#values.entries();
  }
  toString() {
    return [...this.#values].map(([name, value]) => `${name}=${token.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`}`).join(";");
  }
  toJSON() {
    return this.toString();
  }
  [inspect.custom](_depth, options) {
    const map = inspect(this.#values, options);
    return `MIMEParams${map.slice(3)}`;
  }
}

export class MIMEType {
  #type;
  #subtype;
  #params = new MIMEParams();

  constructor(text) {
    text = String(text).trim();
    const [essence] = text.split(";", 1);
    const slash = essence.indexOf("/");
    if (slash < 0) throw bad("type", text);
    this.#type = essence.slice(0, slash).toLowerCase();
    this.#subtype = essence.slice(slash + 1).trimEnd().toLowerCase();
    if (!token.test(this.#type)) throw bad("type", text);
    if (!token.test(this.#subtype)) throw bad("subtype", text);
    MIMEParams.parse(this.#params, text.slice(essence.length));
  }

  get type() {
    return this.#type;
  }
  set type(value) {
    if (!token.test(value)) throw bad("type", value);
    this.#type = String(value).toLowerCase();
  }
  get subtype() {
    return this.#subtype;
  }
  set subtype(value) {
    if (!token.test(value)) throw bad("subtype", value);
    this.#subtype = String(value).toLowerCase();
  }
  get essence() {
    return `${this.#type}/${this.#subtype}`;
  }
  get params() {
    return this.#params;
  }
  toString() {
    const params = this.#params.toString();
    return params ? `${this.essence};${params}` : this.essence;
  }
  toJSON() {
    return this.toString();
  }
  [inspect.custom](_depth, options) {
    const { type, subtype, essence, params } = this;
    return `MIMEType ${inspect({ type, subtype, essence, params }, options)}`;
  }
}

for (const Class of [MIMEType, MIMEParams]) Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true });
