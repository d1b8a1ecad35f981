// SPDX-License-Identifier: GPL-3.0-or-later
// URL (URL standard, section 5). Nearly every handler parses its request's URL, so one that a parser would leave as it is (http or https, a plain host, no
// dot segments, nothing to escape) is only cut at its marks; whatever is out of the ordinary, and every change, goes through whatwg-url.

import { URL as FullURL } from "whatwg-url";
import { defineGlobals } from "./native.js";
import { URLSearchParams, attachedParams, resetParams } from "./urlsearchparams.js";

const byte = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const label = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
// A last label that begins with a letter can be no part of an IPv4 address.
const host = `(?:(?:${byte}\\.){3}${byte}|(?:${label}\\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?)`;
const port = "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]";
const path = "[A-Za-z0-9\\-._~!$&'()*+,;=:@%/]*";
const query = "[A-Za-z0-9\\-._~!$&()*+,;=:@%/?]*";
const plain = new RegExp(`^(https?:)//(${host})(?::(${port}))?(/${path})(\\?${query})?(#[A-Za-z0-9\\-._~!$&'()*+,;=:@%/?]*)?$`);
const dots = /\/(?:\.|%2e)/i;
const defaultPorts = { "http:": "80", "https:": "443" };

/** The pieces of a plain URL, or null. */
function cut(text) {
  const found = plain.exec(text);
  if (!found || found[3] === defaultPorts[found[1]] || dots.test(found[4]) || found[2].includes("xn--")) return null;
  return found;
}

const nothing = (text) => (text === undefined || text.length === 1 ? "" : text);

export class URL {
  #cut = null; // of a plain URL that nobody has changed
  #full = null; // else the real thing
  #params = null;

  constructor(url, base) {
    if (arguments.length === 0) throw new TypeError("Failed to construct 'URL': 1 argument required, but only 0 present.");
    const text = String(url);
    if (base === undefined) {
      this.#cut = cut(text);
    } else if (typeof base === "object" && base !== null && #cut in base && text.startsWith("/") && base.#cut) {
      // A path on a known origin: what routers do.
      if (text[1] !== "/") this.#cut = cut(base.origin + text);
    }
    if (this.#cut) return;
    try {
      this.#full = base === undefined ? new FullURL(text) : new FullURL(text, String(base));
    } catch {
      throw new TypeError("Invalid URL string.");
    }
  }

  static canParse(url, base) {
    if (base === undefined && cut(String(url))) return true;
    return FullURL.canParse(String(url), base === undefined ? undefined : String(base));
  }

  static parse(url, base) {
    try {
      return new URL(url, base);
    } catch {
      return null;
    }
  }

  /** The real thing, to be changed; the params follow. */
  #change(name, value) {
    this.#full ??= new FullURL(this.#cut[0]);
    this.#cut = null;
    this.#full[name] = value;
    if (this.#params) resetParams(this.#params, this.#full.search.slice(1));
  }

  get href() { return this.#cut ? this.#cut[0] : this.#full.href; }
  set href(value) {
    const text = String(value);
    if (!FullURL.canParse(text)) throw new TypeError("Invalid URL string.");
    this.#change("href", text);
  }
  get origin() { return this.#cut ? this.#cut[1] + "//" + this.host : this.#full.origin; }
  get protocol() { return this.#cut ? this.#cut[1] : this.#full.protocol; }
  set protocol(value) { this.#change("protocol", String(value)); }
  get username() { return this.#cut ? "" : this.#full.username; }
  set username(value) { this.#change("username", String(value)); }
  get password() { return this.#cut ? "" : this.#full.password; }
  set password(value) { this.#change("password", String(value)); }
  get host() { return this.#cut ? (this.#cut[3] === undefined ? this.#cut[2] : this.#cut[2] + ":" + this.#cut[3]) : this.#full.host; }
  set host(value) { this.#change("host", String(value)); }
  get hostname() { return this.#cut ? this.#cut[2] : this.#full.hostname; }
  set hostname(value) { this.#change("hostname", String(value)); }
  get port() { return this.#cut ? this.#cut[3] ?? "" : this.#full.port; }
  set port(value) { this.#change("port", String(value)); }
  get pathname() { return this.#cut ? this.#cut[4] : this.#full.pathname; }
  set pathname(value) { this.#change("pathname", String(value)); }
  get search() { return this.#cut ? nothing(this.#cut[5]) : this.#full.search; }
  set search(value) { this.#change("search", String(value)); }
  get hash() { return this.#cut ? nothing(this.#cut[6]) : this.#full.hash; }
  set hash(value) { this.#change("hash", String(value)); }

  get searchParams() {
    return (this.#params ??= attachedParams(this.search.slice(1), (text) => {
      this.#full ??= new FullURL(this.#cut[0]);
      this.#cut = null;
      this.#full.search = text;
    }));
  }

  toString() { return this.href; }
  toJSON() { return this.href; }
  get [Symbol.toStringTag]() { return "URL"; }
}

for (const name of ["href", "origin", "protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "searchParams", "hash", "toString", "toJSON"]) {
  Object.defineProperty(URL.prototype, name, { enumerable: true });
}

defineGlobals({ URL, URLSearchParams });
export { URLSearchParams };
