// SPDX-License-Identifier: GPL-3.0-or-later
// Blob and File (File API, sections 3 and 4), as workerd has them.

import { native, defineGlobals } from "./native.js";
import { constructorError, interfaceOf, isDictionary } from "./interface.js";
import { bytesIn } from "./encoding.js";
import { bytesStream, joinBytes } from "./streams.js";

const internal = Symbol("internal");
const now = Date.now;
const { apply } = Reflect;
const { replace } = String.prototype;
const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Each half of a pair becomes what its three bytes are decoded to, as workerd's texts do. */
export function replaceLone(text) {
  return apply(replace, text, [lone, "\ufffd\ufffd\ufffd"]);
}

export let blobBytes;
export let isBlob;
export let isFile;

function normalType(type) {
  const text = type === undefined ? "" : `${type}`;
  return /[^\x20-\x7f]/.test(text) ? "" : text.toLowerCase();
}

/** An index of slice(): a 32-bit integer, or undefined. */
function index(value) {
  if (value === undefined || value === null) return undefined;
  const number = Math.trunc(+value) || 0;
  if (number < -2147483648 || number > 2147483647) throw new TypeError("Value out of range. Must be between -2147483648 and 2147483647 (inclusive).");
  return number;
}

function joined(Class, parts) {
  if (parts === undefined) return new Uint8Array(0);
  if (!Array.isArray(parts)) throw constructorError(Class, 1, "Array");
  const pieces = [];
  let length = 0;
  for (let i = 0; i < parts.length; ++i) {
    const part = parts[i];
    const piece = isBlob(part) ? blobBytes(part) : bytesIn(part) ?? native.utf8Encode(replaceLone(`${part}`));
    // What is a view of others' memory may change while the next part is looked at.
    pieces.push(isBlob(part) ? piece : piece.slice());
    length += piece.byteLength;
  }
  return joinBytes(pieces, length);
}

function checkOptions(Class, options, parameter) {
  if (options === undefined || options === null) return {};
  if (!isDictionary(options)) throw constructorError(Class, parameter, "Options");
  const { type } = options;
  if (options.endings !== undefined) throw new Error("The 'endings' field on 'Options' is not implemented.");
  return { type, lastModified: parameter === 3 ? options.lastModified : undefined };
}

export class Blob {
  #bytes;
  #type;

  static {
    /** Its content; the caller may not change it. */
    blobBytes = (blob) => blob.#bytes;
    isBlob = (value) => typeof value === "object" && value !== null && #bytes in value;
  }

  constructor(parts, options, bytes) {
    if (parts === internal) {
      this.#bytes = bytes;
      this.#type = options;
      return;
    }
    const content = joined("Blob", parts);
    this.#type = normalType(checkOptions("Blob", options, 2).type);
    this.#bytes = content;
  }

  get size() { return this.#bytes.byteLength; }
  get type() { return this.#type; }

  slice(start, end, type) {
    return new Blob(internal, normalType(type), this.#bytes.slice(index(start), index(end)));
  }

  async arrayBuffer() {
    return this.#bytes.slice().buffer;
  }

  async bytes() {
    return this.#bytes.slice();
  }

  async text() {
    return native.utf8Decode(this.#bytes, false);
  }

  stream() {
    return bytesStream(this.#bytes);
  }
}

interfaceOf(Blob, { isOne: (value) => isBlob(value), members: "size type slice arrayBuffer bytes text stream" });

export class File extends Blob {
  #name;
  #lastModified;

  static {
    isFile = (value) => typeof value === "object" && value !== null && #name in value;
  }

  constructor(parts, name, options, bytes) {
    if (parts === internal) {
      super(internal, options, bytes);
      this.#name = name;
      this.#lastModified = now();
      return;
    }
    if (parts !== undefined && !Array.isArray(parts)) throw constructorError("File", 1, "Array");
    if (arguments.length < 2) throw constructorError("File", 2, "string");
    const content = joined("File", parts);
    const title = `${name}`;
    const { type, lastModified } = checkOptions("File", options, 3);
    super(internal, normalType(type), content);
    this.#name = title;
    this.#lastModified = lastModified === undefined ? now() : +lastModified || 0;
  }

  get name() { return this.#name; }
  get lastModified() { return this.#lastModified; }
}

interfaceOf(File, { isOne: (value) => isFile(value), members: "name lastModified" });

/** A blob that takes the bytes over; its type stays as it is. */
export function bytesBlob(bytes, type) {
  return new Blob(internal, type, bytes);
}

/** A file that takes the bytes over. */
export function bytesFile(bytes, name, type) {
  return new File(internal, name, type, bytes);
}

defineGlobals({ Blob, File });
