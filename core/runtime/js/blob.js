// SPDX-License-Identifier: GPL-3.0-or-later
// Blob (File API, section 3).

import { native, defineGlobals } from "./native.js";
import { bytesStream, chunkBytes, joinBytes } from "./streams.js";

const internal = Symbol("internal");

export let blobBytes;

export class Blob {
  #bytes;
  #type;

  static {
    /** Its content; the caller may not change it. */
    blobBytes = (blob) => blob.#bytes;
  }

  constructor(parts, options, bytes) {
    if (parts === internal) {
      this.#bytes = bytes;
    } else if (parts === undefined) {
      this.#bytes = new Uint8Array(0);
    } else {
      if (typeof parts !== "object" || parts === null || typeof parts[Symbol.iterator] !== "function") {
        throw new TypeError("Failed to construct 'Blob': parameter 1 is not of type 'Array'.");
      }
      const pieces = [];
      let length = 0;
      for (const part of parts) {
        const piece = part instanceof Blob ? part.#bytes : ArrayBuffer.isView(part) || part instanceof ArrayBuffer ? chunkBytes(part) : native.utf8Encode(String(part));
        pieces.push(piece);
        length += piece.byteLength;
      }
      this.#bytes = joinBytes(pieces, length);
    }
    const type = options?.type === undefined ? "" : String(options.type);
    this.#type = /[^\x20-\x7e]/.test(type) ? "" : type.toLowerCase();
  }

  get size() { return this.#bytes.byteLength; }
  get type() { return this.#type; }

  slice(start, end, type) {
    return new Blob(internal, { type }, this.#bytes.slice(start, end));
  }

  async arrayBuffer() {
    return this.#bytes.slice().buffer;
  }

  async bytes() {
    return this.#bytes.slice();
  }

  async text() {
    const text = native.utf8Decode(this.#bytes, false);
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  stream() {
    return bytesStream(this.#bytes);
  }

  get [Symbol.toStringTag]() { return "Blob"; }
}

/** A blob that takes the bytes over. */
export function bytesBlob(bytes, type) {
  return new Blob(internal, { type }, bytes);
}

defineGlobals({ Blob });
