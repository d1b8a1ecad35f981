// SPDX-License-Identifier: GPL-3.0-or-later
// node:buffer.
import { native } from "../native.js";
import { BASE64, BASE64URL, HEX, UCS2, UTF8, encodingNumber, encodingOr } from "./encodings.js";
import { bufferOutOfBounds, invalidArgType, invalidArgValue, nodeError, outOfRange, unknownEncoding } from "./errors.js";
import { defineReaders } from "./buffernumbers.js";
import { inspect } from "./inspect.js";

const kMaxLength = 2147483647;
const kStringMaxLength = 536870888;

class FastBuffer extends Uint8Array {}
const byteLengthOf = (value) => value.byteLength;
const isBytes = (value) => value instanceof Uint8Array;
const isAnyBuffer = (value) => value instanceof ArrayBuffer || (typeof SharedArrayBuffer !== "undefined" && value instanceof SharedArrayBuffer);

const firstArgument = ["string", "Buffer", "TypedArray", "ArrayBuffer", "SharedArrayBuffer"];
function badFrom(value) {
  const error = invalidArgType("first argument", firstArgument, value);
  error.message = error.message.replace("Buffer, TypedArray, ArrayBuffer, or SharedArrayBuffer.", "Buffer, TypedArray, ArrayBuffer, SharedArrayBuffer, or Array or an Array-like Object.");
  return error;
}

function checkSize(size) {
  if (typeof size !== "number") throw invalidArgType("size", "number", size);
  if (size > kMaxLength || Number.isNaN(size)) throw outOfRange("size", `0 to ${kMaxLength}`, size);
}

export function Buffer(value, encodingOrOffset, length) {
  if (typeof value === "number") {
    if (typeof encodingOrOffset === "string") throw invalidArgType("string", "string", value);
    return Buffer.alloc(value);
  }
  return Buffer.from(value, encodingOrOffset, length);
}
Object.setPrototypeOf(Buffer, Uint8Array);
Buffer.prototype = FastBuffer.prototype;
Object.defineProperty(Buffer.prototype, "constructor", { value: Buffer, writable: true, configurable: true, enumerable: false });
Object.defineProperty(Buffer, Symbol.species, { get: () => FastBuffer, configurable: true });

const statics = {
  poolSize: 8192,

  from(value, encodingOrOffset, length) {
    if (typeof value === "string") {
      const encoding = encodingOrOffset === undefined || encodingOrOffset === "" ? UTF8 : encodingNumber(encodingOrOffset);
      if (encoding === undefined) throw unknownEncoding(encodingOrOffset);
      return new FastBuffer(native.bufferFrom(value, encoding));
    }
    if (value === null || (typeof value !== "object" && typeof value !== "function")) throw badFrom(value);
    if (isAnyBuffer(value)) return fromArrayBuffer(value, encodingOrOffset, length);
    const primitive = value.valueOf?.();
    if (primitive != null && primitive !== value && (typeof primitive === "string" || typeof primitive === "object")) return Buffer.from(primitive, encodingOrOffset, length);
    const made = fromObject(value);
    if (made) return made;
    if (typeof value[Symbol.toPrimitive] === "function") {
      const text = value[Symbol.toPrimitive]("string");
      if (typeof text === "string") return Buffer.from(text, encodingOrOffset);
    }
    throw badFrom(value);
  },

  of(...items) {
    return fromArrayLike(items);
  },

  alloc(size, fill, encoding) {
    checkSize(size);
    const buffer = new FastBuffer(size);
    if (fill !== undefined && fill !== 0 && size > 0) buffer.fill(fill, encoding);
    return buffer;
  },

  allocUnsafe(size) {
    checkSize(size);
    return new FastBuffer(size);
  },

  allocUnsafeSlow(size) {
    checkSize(size);
    return new FastBuffer(size);
  },

  isBuffer(value) {
    return value instanceof Buffer;
  },

  compare(a, b) {
    if (!isBytes(a)) throw invalidArgType("a", ["Buffer", "Uint8Array"], typeof a);
    if (!isBytes(b)) throw invalidArgType("b", ["Buffer", "Uint8Array"], typeof b);
    return a === b ? 0 : native.bufferCompare(a, b);
  },

  isEncoding(encoding) {
    return typeof encoding === "string" && encodingNumber(encoding) !== undefined;
  },

  concat(list, length) {
    if (!Array.isArray(list)) throw invalidArgType("list", "(Buffer|Uint8Array)[]", list);
    if (list.length === 0) return new FastBuffer(0);
    if (length === undefined) {
      length = 0;
      for (const part of list) length += part?.length ?? 0;
    } else {
      checkSize(length);
    }
    const joined = new FastBuffer(length);
    let at = 0;
    for (let part of list) {
      if (!isBytes(part)) throw invalidArgType("list", "(Buffer|Uint8Array)[]", part);
      if (at >= length) continue;
      if (part.length > length - at) part = part.subarray(0, length - at);
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  },

  byteLength(value, encoding) {
    if (typeof value === "string") {
      const number = encodingNumber(encoding) ?? UTF8;
      if (number !== BASE64 && number !== BASE64URL) return native.bufferLength(value, number);
      const padding = value.endsWith("==") ? 2 : value.endsWith("=") ? 1 : 0;
      return ((value.length - padding) * 3) >>> 2;
    }
    if (ArrayBuffer.isView(value) || isAnyBuffer(value)) return byteLengthOf(value);
    throw invalidArgType("string", ["string", "Buffer", "ArrayBuffer"], value);
  },
};

function fromArrayBuffer(buffer, offset, length) {
  offset = offset === undefined ? 0 : +offset;
  if (Number.isNaN(offset)) offset = 0;
  const most = buffer.byteLength - offset;
  if (most < 0) throw bufferOutOfBounds("offset");
  if (length === undefined) {
    length = most;
  } else {
    length = +length;
    if (!(length > 0)) length = 0;
    else if (length > most) throw bufferOutOfBounds("length");
  }
  return new FastBuffer(buffer, offset, length);
}

function fromArrayLike(items) {
  const length = items.length > 0 ? Math.floor(items.length) : 0;
  checkSize(length);
  const buffer = new FastBuffer(length);
  if (isBytes(items)) buffer.set(items);
  else for (let i = 0; i < length; ++i) buffer[i] = items[i] & 255;
  return buffer;
}

function fromObject(value) {
  if (typeof value.length === "number" || isAnyBuffer(value.buffer)) return typeof value.length === "number" ? fromArrayLike(value) : new FastBuffer(0);
  if (value.type === "Buffer" && Array.isArray(value.data)) return fromArrayLike(value.data);
  return undefined;
}

function checkOffset(value, name, most) {
  if (value === undefined) return undefined;
  if (typeof value !== "number") throw invalidArgType(name, "number", value);
  if (!Number.isInteger(value)) throw outOfRange(name, "an integer", value);
  if (value < 0 || value > most) throw outOfRange(name, `>= 0 && <= ${most}`, value);
  return value;
}

function writeWith(buffer, text, offset, length, encoding) {
  if (typeof text !== "string") throw invalidArgType("string", "string", text);
  const room = buffer.length - offset;
  return native.bufferWrite(buffer, text, offset, length === undefined || length > room ? room : length, encoding);
}

function sliceWith(buffer, start, end, encoding) {
  const text = native.bufferSlice(buffer, start, end, encoding);
  if (text === undefined) throw nodeError.plain("ERR_STRING_TOO_LONG", `Cannot create a string longer than 0x1fffffe8 characters`);
  return text;
}

function search(buffer, value, offset, encoding, forward) {
  if (buffer.length === 0) return -1;
  if (typeof offset === "string") {
    encoding = offset;
    offset = undefined;
  }
  offset = offset === undefined ? NaN : +offset;
  if (Number.isNaN(offset)) offset = forward ? 0 : buffer.length;
  offset = Math.trunc(offset);
  if (offset < 0) offset += buffer.length;
  if (offset < 0) {
    if (!forward) return -1;
    offset = 0;
  }
  if (typeof value === "number") {
    const byte = value & 255;
    return forward ? Uint8Array.prototype.indexOf.call(buffer, byte, offset) : Uint8Array.prototype.lastIndexOf.call(buffer, byte, Math.min(offset, buffer.length - 1));
  }
  let step = 1;
  if (typeof value === "string") {
    const number = encodingOr(encoding);
    if (number === UCS2) step = 2;
    value = new Uint8Array(native.bufferFrom(value, number));
  } else if (!isBytes(value)) {
    throw invalidArgType("value", ["number", "string", "Buffer", "Uint8Array"], value);
  } else if (encodingNumber(encoding) === UCS2) {
    step = 2;
  }
  if (value.length === 0) return Math.min(offset, buffer.length);
  if (forward && offset >= buffer.length) return -1;
  return native.bufferIndexOf(buffer, value, offset, forward, step);
}

const rangeOf = (value, fallback, length) => {
  value = value === undefined ? fallback : Math.trunc(+value) || 0;
  return value < 0 ? 0 : value > length ? length : value;
};

const methods = {
  swap16() {
    return swapped(this, 2);
  },
  swap32() {
    return swapped(this, 4);
  },
  swap64() {
    return swapped(this, 8);
  },
  toString(encoding, start, end) {
    if (arguments.length === 0) return sliceWith(this, 0, this.length, UTF8);
    start = rangeOf(start, 0, this.length);
    end = rangeOf(end, this.length, this.length);
    const number = encodingOr(encoding);
    return end <= start ? "" : sliceWith(this, start, end, number);
  },
  equals(other) {
    if (!isBytes(other)) throw invalidArgType("b", ["Buffer", "Uint8Array"], typeof other);
    return this === other || (this.byteLength === other.byteLength && native.bufferCompare(this, other) === 0);
  },
  inspect() {
    return this[inspect.custom](undefined, {});
  },
  compare(target, targetStart, targetEnd, start, end) {
    if (!isBytes(target)) throw invalidArgType("target", ["Buffer", "Uint8Array"], target);
    targetStart = checkOffset(targetStart, "targetStart", kMaxLength) ?? 0;
    targetEnd = checkOffset(targetEnd, "targetEnd", target.length) ?? target.length;
    start = checkOffset(start, "sourceStart", kMaxLength) ?? 0;
    end = checkOffset(end, "sourceEnd", this.length) ?? this.length;
    if (start >= end) return targetStart >= targetEnd ? 0 : -1;
    if (targetStart >= targetEnd) return 1;
    return native.bufferCompare(this.subarray(start, end), target.subarray(targetStart, targetEnd));
  },
  includes(value, offset, encoding) {
    return search(this, value, offset, encoding, true) !== -1;
  },
  indexOf(value, offset, encoding) {
    return search(this, value, offset, encoding, true);
  },
  lastIndexOf(value, offset, encoding) {
    return search(this, value, offset, encoding, false);
  },
  write(text, offset, length, encoding) {
    if (typeof text !== "string") text = String(text);
    if (typeof offset === "string") {
      encoding = offset;
      offset = length = undefined;
    } else if (typeof length === "string") {
      encoding = length;
      length = undefined;
    }
    offset = checkOffset(offset, "offset", this.length) ?? 0;
    length = checkOffset(length, "length", this.length) ?? this.length - offset;
    return writeWith(this, text, offset, length, encodingOr(encoding || undefined));
  },
  toJSON() {
    return { type: "Buffer", data: Array.from(this) };
  },
  slice(start, end) {
    return this.subarray(start, end);
  },
  subarray(start, end) {
    const length = this.length;
    const bound = (value, fallback) => {
      value = value === undefined ? fallback : Math.trunc(+value) || 0;
      return value < 0 ? Math.max(0, value + length) : Math.min(value, length);
    };
    const from = bound(start, 0);
    const to = bound(end, length);
    return new FastBuffer(this.buffer, this.byteOffset + from, to > from ? to - from : 0);
  },
  copy(target, targetStart, sourceStart, sourceEnd) {
    if (!isBytes(target)) throw invalidArgType("target", ["Buffer", "Uint8Array"], target);
    targetStart = Math.trunc(+targetStart) || 0;
    sourceStart = Math.trunc(+sourceStart) || 0;
    sourceEnd = sourceEnd === undefined ? this.length : Math.trunc(+sourceEnd) || 0;
    if (targetStart < 0) throw outOfRange("targetStart", ">= 0", targetStart);
    if (sourceStart < 0) throw outOfRange("sourceStart", `>= 0 && <= ${this.length}`, sourceStart);
    if (sourceEnd < 0) throw outOfRange("sourceEnd", ">= 0", sourceEnd);
    if (targetStart >= target.length || sourceStart >= sourceEnd || sourceStart >= this.length) return 0;
    const count = Math.min(sourceEnd - sourceStart, target.length - targetStart, this.length - sourceStart);
    Uint8Array.prototype.set.call(target, Uint8Array.prototype.subarray.call(new Uint8Array(this.buffer, this.byteOffset, this.length), sourceStart, sourceStart + count), targetStart);
    return count;
  },
  fill(value, offset, end, encoding) {
    if (typeof value === "string") {
      if (typeof offset === "string") {
        encoding = offset;
        offset = end = undefined;
      } else if (typeof end === "string") {
        encoding = end;
        end = undefined;
      }
    }
    if (offset === undefined) {
      offset = 0;
      end = this.length;
    } else {
      if (typeof offset !== "number") throw invalidArgType("offset", "number", offset);
      if (offset < 0 || offset > kMaxLength) throw outOfRange("offset", `0 to ${kMaxLength}`, offset);
      if (end === undefined) end = this.length;
      else if (typeof end !== "number") throw invalidArgType("end", "number", end);
      else if (end < 0 || end > this.length) throw outOfRange("end", `0 to ${this.length}`, end);
      if (offset >= end) return this;
    }
    if (typeof value === "string") {
      const number = encodingOr(encoding);
      if (value.length === 0) value = 0;
      else {
        const bytes = new Uint8Array(native.bufferFrom(value, number));
        if (number === HEX && (value.length % 2 !== 0 || bytes.length !== value.length / 2)) throw new TypeError("The text is not valid hex");
        if (bytes.length === 0) throw invalidArgValue("value", value);
        return repeated(this, bytes, offset, end);
      }
    } else if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      if (bytes.length === 0) throw invalidArgValue("value", "zero-length");
      return repeated(this, bytes, offset, end);
    }
    Uint8Array.prototype.fill.call(this, value & 255, offset, end);
    return this;
  },
};

function repeated(buffer, bytes, offset, end) {
  let filled = Math.min(bytes.length, end - offset);
  Uint8Array.prototype.set.call(buffer, bytes.subarray(0, filled), offset);
  while (filled < end - offset) {
    const count = Math.min(filled, end - offset - filled);
    Uint8Array.prototype.copyWithin.call(buffer, offset + filled, offset, offset + count);
    filled += count;
  }
  return buffer;
}

function swapped(buffer, width) {
  if (buffer.length % width !== 0) throw nodeError.range("ERR_INVALID_BUFFER_SIZE", `Buffer size must be a multiple of ${width * 8}-bits`);
  native.bufferSwap(buffer, width);
  return buffer;
}

function hide(target, values) {
  for (const [name, value] of Object.entries(values)) Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: true });
}

hide(Buffer, statics);
hide(Buffer.prototype, methods);
Buffer.prototype.toLocaleString = Buffer.prototype.toString;
for (const [name, number] of [["ascii", 3], ["base64", 4], ["base64url", 5], ["hex", 6], ["latin1", 2], ["ucs2", 1], ["utf8", 0]]) {
  Buffer.prototype[`${name}Slice`] = function (start, end) {
    start = checkOffset(start, "start", this.length) ?? 0;
    end = checkOffset(end, "end", this.length) ?? this.length;
    return end <= start ? "" : sliceWith(this, start, end, number);
  };
  Buffer.prototype[`${name}Write`] = function (text, offset, length) {
    offset = checkOffset(offset, "offset", this.length) ?? 0;
    length = checkOffset(length, "length", this.length - offset) ?? this.length - offset;
    return writeWith(this, text, offset, length, number);
  };
}
Object.defineProperty(Buffer.prototype, "parent", { get() { return this instanceof Buffer ? this.buffer : undefined; }, enumerable: true, configurable: true });
Object.defineProperty(Buffer.prototype, "offset", { get() { return this instanceof Buffer ? this.byteOffset : undefined; }, enumerable: true, configurable: true });
defineReaders(Buffer.prototype);
Buffer.prototype[inspect.custom] = function (_depth, options) {
  const shown = Math.min(module.INSPECT_MAX_BYTES, this.length);
  let text = this.hexSlice(0, shown).replace(/(.{2})/g, "$1 ").trim();
  const rest = this.length - shown;
  if (rest > 0) text += ` ... ${rest} more byte${rest > 1 ? "s" : ""}`;
  const own = Object.keys(this).filter((key) => !/^\d+$/.test(key));
  if (own.length > 0 && options) text += `${this.length > 0 ? ", " : ""}${own.map((key) => `${key}: ${inspect(this[key], { ...options, breakLength: Infinity, compact: true })}`).join(", ")}`;
  return `<${this.constructor.name} ${text}>`;
};

function SlowBuffer(length) {
  return Buffer.allocUnsafeSlow(length);
}
Object.setPrototypeOf(SlowBuffer.prototype, Uint8Array.prototype);
Object.setPrototypeOf(SlowBuffer, Uint8Array);

const asBytes = (value, name = "input") => {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (isAnyBuffer(value)) return new Uint8Array(value);
  throw invalidArgType(name, ["ArrayBuffer", "Buffer", "TypedArray"], value);
};

function transcode(source, from, to) {
  if (!isBytes(source)) throw invalidArgType("source", ["Buffer", "Uint8Array"], source);
  const [a, b] = [encodingNumber(from), encodingNumber(to)];
  if (a === undefined || a > 3 || b === undefined || b > 3) throw nodeError.plain("U_ILLEGAL_ARGUMENT_ERROR", "Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]");
  let text = sliceWith(source, 0, source.length, a);
  if (b >= 2) text = Array.from(text, (c) => (c.codePointAt(0) > (b === 2 ? 255 : 127) ? "?" : c)).join("");
  return Buffer.from(text, to);
}

const module = {
  Blob: globalThis.Blob,
  Buffer,
  File: globalThis.File,
  INSPECT_MAX_BYTES: 50,
  SlowBuffer,
  atob: globalThis.atob,
  btoa: globalThis.btoa,
  constants: { MAX_LENGTH: kMaxLength, MAX_STRING_LENGTH: kStringMaxLength },
  isAscii: (input) => asBytes(input).every((byte) => byte < 128),
  isUtf8: (input) => native.utf8Decode(asBytes(input), true) !== undefined,
  kMaxLength,
  kStringMaxLength,
  resolveObjectURL() {
    throw nodeError.plain("ERR_METHOD_NOT_IMPLEMENTED", "The node:buffer.resolveObjectURL method is not implemented");
  },
  transcode,
};
export default module;
