// SPDX-License-Identifier: GPL-3.0-or-later
// CryptoKey (Web Cryptography API, section 13). What a key is stays in a private field; the properties that user code sees only tell of it.

import { defineInterface } from "./interface.js";

const token = Symbol("CryptoKey");
const order = ["encrypt", "decrypt", "sign", "verify", "deriveKey", "deriveBits", "wrapKey", "unwrapKey"];
let read;
let has;

/** In the order in which workerd lists them. */
export const ordered = (usages) => order.filter((usage) => usages.includes(usage));

export class CryptoKey {
  #inside;

  constructor(given, inside) {
    if (given !== token) throw new TypeError("Illegal constructor");
    this.#inside = inside;
    const shown = { usages: [...inside.usages], algorithm: shownAlgorithm(inside.algorithm), extractable: inside.extractable, type: inside.type };
    for (const name of Object.keys(shown)) Object.defineProperty(this, name, { value: shown[name], enumerable: true, configurable: true });
  }

  static {
    read = (key) => key.#inside;
    has = (value) => typeof value === "object" && value !== null && #inside in value;
  }
}
defineInterface(CryptoKey);

function shownAlgorithm(algorithm) {
  const shown = {};
  for (const name of Object.keys(algorithm)) {
    const value = algorithm[name];
    shown[name] = name === "hash" ? { name: value } : name === "publicExponent" ? new Uint8Array(value) : value;
  }
  return shown;
}

/**
 * inside: {family, type, extractable, usages, algorithm: {name, ... as user code sees it, hash as its name}} and
 * `bytes` (Uint8Array) of a secret key or `handle` (native) of the others.
 */
export function makeKey(inside) {
  inside.usages = ordered(inside.usages);
  return new CryptoKey(token, inside);
}

export const isCryptoKey = (value) => has(value);
export const insideOf = (key) => read(key);
