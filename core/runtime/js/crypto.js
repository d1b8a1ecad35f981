// SPDX-License-Identifier: GPL-3.0-or-later
// crypto (Web Cryptography API, section 10).

import { native, defineGlobals } from "./native.js";
import { fail } from "./crypto/convert.js";
import { DigestStream } from "./crypto/digeststream.js";
import { defineInterface, illegalInvocation } from "./crypto/interface.js";
import { CryptoKey } from "./crypto/key.js";
import { SubtleCrypto, subtle } from "./crypto/subtle.js";
import { float16Bits } from "./language/views.js";

const token = Symbol("Crypto");
const kindOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
const notIntegers = [undefined, "Float32Array", "Float64Array"];

export function randomUUID() {
  const bytes = new Uint8Array(16);
  native.randomFill(bytes);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  let text = "";
  for (let i = 0; i < 16; ++i) text += (i === 4 || i === 6 || i === 8 || i === 10 ? "-" : "") + (bytes[i] + 256).toString(16).slice(1);
  return text;
}

class Crypto {
  #own = true;

  constructor(given) {
    if (given !== token) throw new TypeError("Illegal constructor");
  }

  get subtle() {
    if (!(#own in Object(this))) throw new TypeError(illegalInvocation);
    return subtle;
  }

  getRandomValues(view) {
    if (!(#own in Object(this))) throw new TypeError(illegalInvocation);
    if (!ArrayBuffer.isView(view)) throw new TypeError("Failed to execute 'getRandomValues' on 'Crypto': parameter 1 is not of type 'ArrayBufferView'.");
    if (notIntegers.includes(Reflect.apply(kindOf, view, [])) || float16Bits(view) !== undefined) fail("TypeMismatchError", "ArrayBufferView argument to getRandomValues() must be an integer-typed view.");
    if (view.byteLength > 65536) fail("QuotaExceededError", `getRandomValues() only accepts buffers of size <= 64K but provided ${view.byteLength} bytes.`);
    native.randomFill(view);
    return view;
  }

  randomUUID() {
    if (!(#own in Object(this))) throw new TypeError(illegalInvocation);
    return randomUUID();
  }
}
Object.defineProperty(Crypto.prototype, "DigestStream", { value: DigestStream, writable: true, enumerable: true, configurable: true });
defineInterface(Crypto);

export const crypto = new Crypto(token);
defineGlobals({ Crypto, SubtleCrypto, CryptoKey });
Object.defineProperty(globalThis, "crypto", { value: crypto, writable: true, enumerable: true, configurable: true });
