// SPDX-License-Identifier: GPL-3.0-or-later
// node:string_decoder.
import { Buffer } from "./buffer.js";
import { BASE64, UCS2, UTF8, encodingName, encodingNumber } from "./encodings.js";
import { invalidArgType, unknownEncoding } from "./errors.js";

const kind = Symbol("kind");
const rest = Symbol("rest");
const state = Symbol("kNativeDecoder");

/** How many bytes at the end begin a UTF-8 character that may still become whole. */
function openTail(bytes) {
  for (let back = 1; back <= 3 && back <= bytes.length; ++back) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const wanted = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc2 && byte < 0xe0 ? 2 : 1;
    if (wanted <= back) return 0;
    if (back >= 2) {
      const second = bytes[bytes.length - back + 1];
      if ((byte === 0xe0 && second < 0xa0) || (byte === 0xed && second > 0x9f) || (byte === 0xf0 && second < 0x90) || (byte === 0xf4 && second > 0x8f)) return 0;
    }
    return back;
  }
  return 0;
}

function keptLength(number, bytes) {
  if (number === UTF8) return openTail(bytes);
  if (number === UCS2) {
    const odd = bytes.length % 2;
    const high = bytes.length - odd >= 2 ? bytes[bytes.length - odd - 1] : 0;
    return high >= 0xd8 && high <= 0xdb ? odd + 2 : odd;
  }
  return number === BASE64 || number === 5 ? bytes.length % 3 : 0;
}

export function StringDecoder(encoding = "utf8") {
  const number = encoding === null || encoding === "" ? UTF8 : encodingNumber(encoding);
  if (number === undefined) throw unknownEncoding(encoding);
  this.encoding = encodingName(number);
  Object.defineProperty(this, kind, { value: number });
  Object.defineProperty(this, rest, { value: Buffer.alloc(0), writable: true });
  this[state] = Buffer.from([0, 0, 0, 0, 0, 0, { utf8: 2, utf16le: 4, latin1: 1, ascii: 0, base64: 3, base64url: 6, hex: 5 }[this.encoding]]);
}

StringDecoder.prototype.write = function write(chunk) {
  if (typeof chunk === "string") return chunk;
  if (!ArrayBuffer.isView(chunk)) throw invalidArgType("buf", ["string", "Buffer", "TypedArray", "DataView"], chunk);
  let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (this[rest].length > 0) bytes = Buffer.concat([this[rest], bytes]);
  const kept = keptLength(this[kind], bytes);
  this[rest] = Buffer.from(bytes.subarray(bytes.length - kept));
  return bytes.toString(this.encoding, 0, bytes.length - kept);
};

StringDecoder.prototype.end = function end(chunk) {
  let text = chunk === undefined ? "" : this.write(chunk);
  if (this[rest].length > 0) {
    const left = this[kind] === UCS2 ? this[rest].subarray(0, this[rest].length - (this[rest].length % 2)) : this[rest];
    text += this[kind] === UTF8 ? "\ufffd" : left.toString(this.encoding);
    this[rest] = Buffer.alloc(0);
  }
  return text;
};

StringDecoder.prototype.text = function text(chunk, offset) {
  this[rest] = Buffer.alloc(0);
  return this.write(chunk.slice(offset));
};

for (const [name, get] of [["lastChar", (decoder) => decoder[rest]], ["lastNeed", () => 0], ["lastTotal", (decoder) => decoder[rest].length]]) {
  Object.defineProperty(StringDecoder.prototype, name, {
    get() {
      return get(this);
    },
    configurable: true,
    enumerable: true,
  });
}

export default { StringDecoder };
