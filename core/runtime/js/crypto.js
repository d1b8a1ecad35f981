// SPDX-License-Identifier: GPL-3.0-or-later
// The random part of crypto (Web Cryptography API, section 10.1).

import { native, defineGlobals } from "./native.js";
import { DOMException } from "./domexception.js";

const token = Symbol("Crypto");

class Crypto {
  constructor(given) {
    if (given !== token) throw new TypeError("Illegal constructor");
  }

  getRandomValues(view) {
    if (!ArrayBuffer.isView(view)) throw new TypeError("Failed to execute 'getRandomValues' on 'Crypto': parameter 1 is not of type 'ArrayBufferView'.");
    if (view instanceof Float32Array || view instanceof Float64Array || view instanceof DataView) {
      throw new DOMException("ArrayBufferView argument to getRandomValues() must be an integer-typed view.", "TypeMismatchError");
    }
    if (view.byteLength > 65536) throw new DOMException(`getRandomValues() only accepts buffers of size <= 64K but provided ${view.byteLength} bytes.`, "QuotaExceededError");
    native.randomFill(view);
    return view;
  }

  randomUUID() {
    const bytes = new Uint8Array(16);
    native.randomFill(bytes);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let text = "";
    for (let i = 0; i < 16; ++i) text += (i === 4 || i === 6 || i === 8 || i === 10 ? "-" : "") + (bytes[i] + 256).toString(16).slice(1);
    return text;
  }

  get [Symbol.toStringTag]() { return "Crypto"; }
}

defineGlobals({ Crypto, crypto: new Crypto(token) });
