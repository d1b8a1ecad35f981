// SPDX-License-Identifier: GPL-3.0-or-later
// URL (URL standard, section 5): urlplain.js knows the ordinary ones, whatwg-url all others.

import { URL as FullURL } from "whatwg-url";
import { defineGlobals } from "./native.js";
import { argumentError, constructorError, interfaceOf } from "./interface.js";
import { cut, cutOn, cutWith } from "./urlplain.js";
import { URLSearchParams, attachedParams, resetParams } from "./urlsearchparams.js";

const nothing = (text) => (text === undefined || text.length === 1 ? "" : text);

function parsed(text, base) {
  try {
    return base === undefined ? new FullURL(text) : new FullURL(text, base);
  } catch {
    return null;
  }
}

let isURL;
export { isURL };

export class URL {
  #cut = null; // of a plain URL that nobody has changed
  #full = null; // else the real thing
  #params = null;

  static {
    isURL = (value) => typeof value === "object" && value !== null && #cut in value;
  }

  constructor(url, base) {
    if (arguments.length === 0) throw constructorError("URL", 1, "USVString");
    const text = `${url}`;
    let under;
    if (base === undefined) {
      this.#cut = cut(text);
    } else {
      under = isURL(base) ? base.#href() : `${base}`;
      const known = isURL(base) ? base.#cut : cut(under);
      if (known) this.#cut = cutOn(known, text) ?? cut(text);
    }
    if (this.#cut) return;
    this.#full = parsed(text, under);
    if (!this.#full) throw new TypeError("Invalid URL string.");
  }

  static canParse(url, base) {
    const text = `${url}`;
    if (base === undefined) return cut(text) !== null || FullURL.canParse(text);
    return FullURL.canParse(text, `${base}`);
  }

  static parse(url, base) {
    const text = `${url}`;
    const under = base === undefined || isURL(base) ? base : `${base}`;
    try {
      return new URL(text, under);
    } catch {
      return null;
    }
  }

  static createObjectURL(object) {
    if (!(object instanceof globalThis.Blob)) throw argumentError("URL", "createObjectURL", 1, "File or Blob");
    throw new Error("URL.createObjectURL() is not implemented");
  }

  static revokeObjectURL() {
    throw new Error("URL.revokeObjectURL() is not implemented");
  }

  /** The real thing, to be changed; the params follow. */
  #change(name, value) {
    const changed = this.#cut && cutWith(this.#cut, name, value);
    if (changed) {
      this.#cut = changed;
    } else {
      this.#full ??= new FullURL(this.#cut[0]);
      this.#cut = null;
      this.#full[name] = value;
    }
    if (this.#params) resetParams(this.#params, this.#search().slice(1));
  }

  get href() { return this.#cut ? this.#cut[0] : this.#full.href; }
  set href(value) {
    const text = `${value}`;
    if (!FullURL.canParse(text)) throw new TypeError("Failed to set the 'href' property on 'URL': the provided value is not of type 'valid URL string'.");
    this.#change("href", text);
  }
  get origin() { return this.#cut ? this.#cut[1] + "//" + this.#host() : this.#full.origin; }
  get protocol() { return this.#cut ? this.#cut[1] : this.#full.protocol; }
  set protocol(value) { this.#change("protocol", `${value}`); }
  get username() { return this.#cut ? "" : this.#full.username; }
  set username(value) { this.#change("username", `${value}`); }
  get password() { return this.#cut ? "" : this.#full.password; }
  set password(value) { this.#change("password", `${value}`); }
  get host() { return this.#host(); }
  #host() { return this.#cut ? (this.#cut[3] === undefined ? this.#cut[2] : this.#cut[2] + ":" + this.#cut[3]) : this.#full.host; }
  set host(value) { this.#change("host", `${value}`); }
  get hostname() { return this.#cut ? this.#cut[2] : this.#full.hostname; }
  set hostname(value) { this.#change("hostname", `${value}`); }
  get port() { return this.#cut ? this.#cut[3] ?? "" : this.#full.port; }
  set port(value) { this.#change("port", `${value}`); }
  get pathname() { return this.#cut ? this.#cut[4] : this.#full.pathname; }
  set pathname(value) { this.#change("pathname", `${value}`); }
  get search() { return this.#search(); }
  #search() { return this.#cut ? nothing(this.#cut[5]) : this.#full.search; }
  set search(value) { this.#change("search", `${value}`); }
  get hash() { return this.#cut ? nothing(this.#cut[6]) : this.#full.hash; }
  set hash(value) { this.#change("hash", `${value}`); }

  get searchParams() {
    return (this.#params ??= attachedParams(this.#search().slice(1), (text) => {
      const changed = this.#cut && cutWith(this.#cut, "search", text);
      if (changed) {
        this.#cut = changed;
        return;
      }
      this.#full ??= new FullURL(this.#cut[0]);
      this.#cut = null;
      this.#full.search = text;
    }));
  }

  #href() { return this.#cut ? this.#cut[0] : this.#full.href; }
  toJSON() { return this.#href(); }
  toString() { return this.#href(); }
}

interfaceOf(URL, {
  isOne: isURL,
  members: "origin href protocol username password host hostname port pathname search hash searchParams toJSON toString",
  statics: "canParse:USVString parse:USVString createObjectURL:File_or_Blob revokeObjectURL:USVString",
});
defineGlobals({ URL, URLSearchParams });
export { URLSearchParams };
