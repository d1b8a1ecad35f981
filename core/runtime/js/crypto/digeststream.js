// SPDX-License-Identifier: GPL-3.0-or-later
// crypto.DigestStream (Workers runtime, "Web Crypto"): a WritableStream whose `digest` is that of all that was written.

import { native } from "../native.js";
import { WritableStream } from "../streams.js";
import { algorithm, isBytes } from "./convert.js";
import { defineInterface } from "./interface.js";
import { digestName, nativeDigest } from "./usages.js";

let dispose;

export class DigestStream extends WritableStream {
  #digest;
  #written = 0;
  #fail;

  constructor(...given) {
    if (given.length === 0) throw new TypeError("Failed to construct 'DigestStream': constructor parameter 1 is not of type 'string or HashAlgorithm'.");
    const hash = native.cryptoHash(nativeDigest(digestName(algorithm("HashAlgorithm", given[0]).name)));
    let resolve;
    let reject;
    let errored;
    const digest = new Promise((fulfil, refuse) => {
      resolve = fulfil;
      reject = refuse;
    });
    digest.catch(() => {});
    let control;
    let count;
    super({
      start: (controller) => void (control = controller),
      write(chunk) {
        if (errored) throw errored.reason;
        const bytes = typeof chunk === "string" ? native.utf8Encode(chunk) : chunk;
        if (!isBytes(bytes)) {
          throw new TypeError("DigestStream is a byte stream but received an object of non-ArrayBuffer/ArrayBufferView/string type on its writable side.");
        }
        native.cryptoHashUpdate(hash, bytes);
        count(native.cryptoSize(bytes));
      },
      close: () => resolve(native.cryptoHashFinal(hash)),
      abort: (reason) => reject(reason),
    });
    count = (bytes) => void (this.#written += bytes);
    this.#digest = digest;
    this.#fail = (reason) => {
      errored = { reason };
      reject(reason);
      control.error(reason);
    };
  }

  get digest() { return this.#digest; }
  get bytesWritten() { return BigInt(this.#written); }

  static {
    dispose = function () { this.#fail(new TypeError("The DigestStream was disposed.")); };
  }
}
defineInterface(DigestStream);
if (Symbol.dispose) Object.defineProperty(DigestStream.prototype, Symbol.dispose, { value: dispose, writable: true, configurable: true });
