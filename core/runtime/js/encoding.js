// SPDX-License-Identifier: GPL-3.0-or-later
// TextEncoder, TextDecoder (Encoding standard), atob, btoa (HTML, section 8.3).

import { native, defineGlobals } from "./native.js";
import { DOMException } from "./domexception.js";

const labels = new Map();
const label = (name, ...spellings) => spellings.forEach((spelling) => labels.set(spelling, name));
label("utf-8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "utf-8", "utf8", "x-unicode20utf8");
label("utf-16le", "csunicode", "iso-10646-ucs-2", "ucs-2", "unicode", "unicodefeff", "utf-16", "utf-16le");
label("utf-16be", "unicodefffe", "utf-16be");
label("windows-1252", "ansi_x3.4-1968", "ascii", "cp1252", "cp819", "csisolatin1", "ibm819", "iso-8859-1", "iso-ir-100", "iso8859-1", "iso88591",
  "iso_8859-1", "iso_8859-1:1987", "l1", "latin1", "us-ascii", "windows-1252", "x-cp1252");

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const loneSurrogates = new RegExp(loneSurrogate, "g");

const windows1252High = "\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f"
  + "\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178";

function toBytes(input) {
  if (input === undefined) return new Uint8Array(0);
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (input instanceof ArrayBuffer || input instanceof SharedArrayBuffer) return new Uint8Array(input);
  throw new TypeError("Failed to execute 'decode' on 'TextDecoder': parameter 1 is not of type 'ArrayBuffer or ArrayBufferView'.");
}

export class TextEncoder {
  get encoding() {
    return "utf-8";
  }

  encode(input = "") {
    return native.utf8Encode(String(input));
  }

  encodeInto(source, destination) {
    if (!(destination instanceof Uint8Array)) throw new TypeError("Failed to execute 'encodeInto' on 'TextEncoder': parameter 2 is not of type 'Uint8Array'.");
    const packed = native.utf8EncodeInto(String(source), destination);
    return { read: Math.floor(packed / 4294967296), written: packed % 4294967296 };
  }

  get [Symbol.toStringTag]() {
    return "TextEncoder";
  }
}

/** How many bytes at the end begin a UTF-8 character that is not complete yet. */
function incompleteTail(bytes) {
  for (let back = 1; back <= 3 && back <= bytes.length; ++back) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    const wanted = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
    return byte >= 0xc2 && byte <= 0xf4 && wanted > back ? back : 0;
  }
  return 0;
}

/** How many bytes at the end begin a UTF-16 character that is not complete yet. */
function incompleteUnits(bytes, bigEndian) {
  const odd = bytes.length % 2;
  const end = bytes.length - odd;
  if (end < 2) return odd;
  const high = bytes[bigEndian ? end - 2 : end - 1];
  return high >= 0xd8 && high <= 0xdb ? odd + 2 : odd;
}

export class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
  #rest = null;
  #bomSeen = false;

  constructor(encoding = "utf-8", options = {}) {
    const name = labels.get(String(encoding).replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "").toLowerCase());
    if (name === undefined) throw new RangeError(`"${encoding}" is not a valid encoding.`);
    this.#encoding = name;
    this.#fatal = Boolean(options?.fatal);
    this.#ignoreBOM = Boolean(options?.ignoreBOM);
  }

  get encoding() {
    return this.#encoding;
  }

  get fatal() {
    return this.#fatal;
  }

  get ignoreBOM() {
    return this.#ignoreBOM;
  }

  decode(input, options) {
    let bytes = toBytes(input);
    const stream = Boolean(options?.stream);
    if (this.#rest) {
      const joined = new Uint8Array(this.#rest.length + bytes.length);
      joined.set(this.#rest);
      joined.set(bytes, this.#rest.length);
      bytes = joined;
      this.#rest = null;
    }
    if (stream) {
      const keep = this.#encoding === "utf-8" ? incompleteTail(bytes) : this.#encoding === "windows-1252" ? 0 : incompleteUnits(bytes, this.#encoding === "utf-16be");
      if (keep > 0) {
        this.#rest = bytes.slice(bytes.length - keep);
        bytes = bytes.subarray(0, bytes.length - keep);
      }
    }
    let text;
    try {
      text = this.#decode(bytes);
    } catch (error) {
      this.#rest = null;
      this.#bomSeen = false;
      throw error;
    }
    if (!this.#bomSeen && text.length > 0) {
      if (!this.#ignoreBOM && this.#encoding !== "windows-1252" && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
      this.#bomSeen = true;
    }
    if (!stream) this.#bomSeen = false;
    return text;
  }

  #decode(bytes) {
    if (this.#encoding === "utf-8") {
      const text = native.utf8Decode(bytes, this.#fatal);
      if (text === undefined) throw new TypeError("Failed to decode input.");
      return text;
    }
    if (this.#encoding !== "windows-1252") {
      const text = native.utf16Decode(bytes, this.#encoding === "utf-16be");
      const odd = bytes.length % 2 === 1;
      if (!odd && !loneSurrogate.test(text)) return text;
      if (this.#fatal) throw new TypeError("Failed to decode input.");
      return text.replace(loneSurrogates, "\ufffd") + (odd ? "\ufffd" : "");
    }
    return native.latin1Decode(bytes).replace(/[\x80-\x9f]/g, (c) => windows1252High[c.charCodeAt(0) - 0x80]);
  }

  get [Symbol.toStringTag]() {
    return "TextDecoder";
  }
}

function atob(text) {
  if (arguments.length === 0) throw new TypeError("Failed to execute 'atob': parameter 1 is not of type 'string'.");
  const decoded = native.fromBase64(String(text));
  if (decoded === undefined) throw new DOMException("atob() called with invalid base64-encoded data. (Only whitespace, '+', '/', alphanumeric ASCII, and up to two terminal '=' signs when the input data length is divisible by 4 are allowed.)", "InvalidCharacterError");
  return decoded;
}

function btoa(text) {
  if (arguments.length === 0) throw new TypeError("Failed to execute 'btoa': parameter 1 is not of type 'string'.");
  const encoded = native.toBase64(String(text));
  if (encoded === undefined) throw new DOMException("btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range.", "InvalidCharacterError");
  return encoded;
}

defineGlobals({ TextEncoder, TextDecoder, atob, btoa });
