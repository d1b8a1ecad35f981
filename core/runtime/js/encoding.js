// SPDX-License-Identifier: GPL-3.0-or-later
// TextEncoder, TextDecoder (Encoding standard), atob, btoa (HTML, section 8.3).

import { native, defineGlobals } from "./native.js";
import { DOMException } from "./domexception.js";
import { argumentError, constructorError, globalFunction, interfaceOf, isDictionary } from "./interface.js";

const labels = new Map();
for (const line of `utf-8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf8 x-unicode20utf8
ibm866 866 cp866 csibm866
iso-8859-2 csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
iso-8859-3 csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
iso-8859-4 csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
iso-8859-5 csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
iso-8859-6 arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
iso-8859-7 csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek
iso-8859-8 csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual
iso-8859-8-i csiso88598i logical
iso-8859-10 csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6
iso-8859-13 iso8859-13 iso885913
iso-8859-14 iso8859-14 iso885914
iso-8859-15 csisolatin9 iso8859-15 iso885915 iso_8859-15 l9
iso-8859-16
koi8-r cskoi8r koi koi8 koi8_r
koi8-u koi8-ru
macintosh csmacintosh mac x-mac-roman
windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620
windows-1250 cp1250 x-cp1250
windows-1251 cp1251 x-cp1251
windows-1252 ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii x-cp1252
windows-1253 cp1253 x-cp1253
windows-1254 cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254
windows-1255 cp1255 x-cp1255
windows-1256 cp1256 x-cp1256
windows-1257 cp1257 x-cp1257
windows-1258 cp1258 x-cp1258
x-mac-cyrillic x-mac-ukrainian
gbk chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk
gb18030
big5 big5-hkscs cn-big5 csbig5 x-x-big5
euc-jp cseucpkdfmtjapanese x-euc-jp
iso-2022-jp csiso2022jp
shift_jis csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis
euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949
utf-16be unicodefffe
utf-16le csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16
x-user-defined`.split("\n")) {
  const spellings = line.split(" ");
  for (const spelling of spellings) labels.set(spelling, spellings[0]);
}
const findLabel = Map.prototype.get.bind(labels);

function encodingOf(label) {
  let start = 0;
  let end = label.length;
  const isSpace = (c) => c === 0x20 || c === 0x0a || c === 0x09 || c === 0x0c || c === 0x0d;
  while (start < end && isSpace(label.charCodeAt(start))) ++start;
  while (end > start && isSpace(label.charCodeAt(end - 1))) --end;
  return findLabel(/[^\x00-\x7f]/.test(label) ? label : label.slice(start, end).toLowerCase());
}

const bufferLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;
/** Whether it is a SharedArrayBuffer; that global is not there while the snapshot is made. */
function isShared(value) {
  try {
    Reflect.apply(Object.getOwnPropertyDescriptor(globalThis.SharedArrayBuffer.prototype, "byteLength").get, value, []);
    return true;
  } catch {
    return false;
  }
}

/** The bytes of a buffer or view, else undefined. A detached one has none. */
export function bytesIn(input) {
  if (ArrayBuffer.isView(input)) return input.byteLength === 0 ? new Uint8Array(0) : new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (typeof input !== "object" || input === null) return undefined;
  try {
    return Reflect.apply(bufferLength, input, []) === 0 ? new Uint8Array(0) : new Uint8Array(input);
  } catch {
    return isShared(input) ? new Uint8Array(input) : undefined;
  }
}

let isTextEncoder;
let isTextDecoder;

export class TextEncoder {
  #brand;

  static {
    isTextEncoder = (value) => typeof value === "object" && value !== null && #brand in value;
  }

  get encoding() {
    return "utf-8";
  }

  encode(input = "") {
    return native.utf8Encode(`${input}`);
  }

  encodeInto(source, destination) {
    if (!(destination instanceof Uint8Array)) throw argumentError("TextEncoder", "encodeInto", 2, "Uint8Array");
    const text = `${source}`;
    const packed = native.utf8EncodeInto(text, destination);
    return { read: Math.floor(packed / 4294967296), written: packed % 4294967296 };
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

/** A dictionary argument of workerd's, in workerd's words. */
function checkOptions(options, type, wrong) {
  if (options === null) throw new TypeError(`Cannot initialize N7workerd3api11TextDecoder${type.length}${type}E with required members from an undefined or null value.`);
  if (options !== undefined && !isDictionary(options)) throw wrong;
}

const malformed = () => new TypeError("Failed to decode input.");

export class TextDecoder {
  #encoding;
  #fatal;
  #ignoreBOM;
  #rest = null; // bytes that are no whole character yet
  #mode = 0; // of a decoder that has one
  #bomSeen = false;

  static {
    isTextDecoder = (value) => typeof value === "object" && value !== null && #encoding in value;
  }

  constructor(encoding = "utf-8", options = undefined) {
    const label = `${encoding}`;
    checkOptions(options, "ConstructorOptions", constructorError("TextDecoder", 2, "ConstructorOptions"));
    const fatal = Boolean(options?.fatal);
    const ignoreBOM = Boolean(options?.ignoreBOM);
    const name = encodingOf(label);
    if (name === undefined) throw new RangeError(`"${label}" is not a valid encoding.`);
    this.#encoding = name;
    this.#fatal = fatal;
    this.#ignoreBOM = ignoreBOM;
  }

  get encoding() { return this.#encoding; }
  get fatal() { return this.#fatal; }
  get ignoreBOM() { return this.#ignoreBOM; }

  decode(input, options) {
    let bytes = input === undefined ? new Uint8Array(0) : bytesIn(input);
    if (bytes === undefined) throw argumentError("TextDecoder", "decode", 1, "Array");
    checkOptions(options, "DecodeOptions", argumentError("TextDecoder", "decode", 2, "DecodeOptions"));
    const stream = Boolean(options?.stream);
    if (this.#rest) {
      const joined = new Uint8Array(this.#rest.length + bytes.length);
      joined.set(this.#rest);
      joined.set(bytes, this.#rest.length);
      bytes = joined;
      this.#rest = null;
    }
    let text = this.#encoding === "utf-8" ? this.#decodeUtf8(bytes, stream) : this.#decodeOther(bytes, stream);
    if (text === undefined) {
      this.#rest = null;
      this.#mode = 0;
      this.#bomSeen = false;
      throw malformed();
    }
    if (!this.#bomSeen && text.length > 0) {
      if (!this.#ignoreBOM && text.charCodeAt(0) === 0xfeff && this.#encoding.startsWith("utf-")) text = text.slice(1);
      this.#bomSeen = true;
    }
    if (!stream) this.#bomSeen = false;
    return text;
  }

  #decodeUtf8(bytes, stream) {
    const keep = stream ? incompleteTail(bytes) : 0;
    if (keep > 0) {
      this.#rest = bytes.slice(bytes.length - keep);
      bytes = bytes.subarray(0, bytes.length - keep);
    }
    return native.utf8Decode(bytes, this.#fatal);
  }

  #decodeOther(bytes, stream) {
    const carry = new Float64Array(2);
    carry[1] = this.#mode;
    const text = native.legacyDecode(this.#encoding, bytes, this.#fatal, stream, carry);
    if (carry[0] > 0) this.#rest = bytes.slice(bytes.length - carry[0]);
    this.#mode = carry[1];
    return text;
  }
}

interfaceOf(TextEncoder, { isOne: (value) => isTextEncoder(value), members: "encode encodeInto:String,Uint8Array encoding" });
interfaceOf(TextDecoder, { isOne: (value) => isTextDecoder(value), members: "decode encoding fatal ignoreBOM" });

function atob(text) {
  const decoded = native.fromBase64(`${text}`);
  if (decoded === undefined) throw new DOMException("atob() called with invalid base64-encoded data. (Only whitespace, '+', '/', alphanumeric ASCII, and up to two terminal '=' signs when the input data length is divisible by 4 are allowed.)", "InvalidCharacterError");
  return decoded;
}

function btoa(text) {
  const encoded = native.toBase64(`${text}`);
  if (encoded === undefined) throw new DOMException("btoa() can only operate on characters in the Latin1 (ISO/IEC 8859-1) range.", "InvalidCharacterError");
  return encoded;
}

defineGlobals({ TextEncoder, TextDecoder, atob: globalFunction("atob", atob, ["string"]), btoa: globalFunction("btoa", btoa, ["String"]) });
