// SPDX-License-Identifier: GPL-3.0-or-later
// Buffer's numbers: read and write of integers of 1 to 8 bytes and floats.
import { bufferOutOfBounds, invalidArgType, outOfRange } from "./errors.js";

function badOffset(buffer, offset, size) {
  if (typeof offset !== "number") return invalidArgType("offset", "number", offset);
  if (!Number.isInteger(offset)) return outOfRange("offset", "an integer", offset);
  if (buffer.length < size && offset >= 0 && offset <= buffer.length) return bufferOutOfBounds();
  return outOfRange("offset", offset >= 0 && offset <= buffer.length ? `>= 0 and <= ${buffer.length - size}` : `>= 0 && <= ${buffer.length}`, offset);
}

// Undefined stands for 0; anything that is not a fitting integer throws.
function place(buffer, offset, size) {
  if (offset === undefined) offset = 0;
  if (typeof offset !== "number" || !Number.isInteger(offset) || offset < 0 || offset + size > buffer.length) throw badOffset(buffer, offset, size);
  return offset;
}

function checkByteLength(byteLength) {
  if (byteLength === undefined) throw outOfRange("byteLength", "an integer", byteLength);
  if (typeof byteLength !== "number") throw invalidArgType("byteLength", "number", byteLength);
  if (!Number.isInteger(byteLength)) throw outOfRange("byteLength", "an integer", byteLength);
  if (byteLength < 1 || byteLength > 6) throw outOfRange("byteLength", ">= 1 and <= 6", byteLength);
}

function placeOf(buffer, offset, size) {
  if (offset === undefined) throw invalidArgType("offset", "number", offset);
  return place(buffer, offset, size);
}

function checkValue(value, min, max, size) {
  if (value > max || value < min) {
    const n = typeof min === "bigint" ? "n" : "";
    let range;
    if (size > 4) range = min === 0 || min === 0n ? `>= 0${n} and < 2${n} ** ${size * 8}${n}` : `>= -(2${n} ** ${size * 8 - 1}${n}) and < 2 ** ${size * 8 - 1}${n}`;
    else range = `>= ${min}${n} and <= ${max}${n}`;
    throw outOfRange("value", range, value);
  }
}

const view = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);

function readUnsigned(buffer, offset, size, little) {
  let value = 0;
  for (let i = 0; i < size; ++i) value = value * 256 + buffer[offset + (little ? size - 1 - i : i)];
  return value;
}

function writeUnsigned(buffer, value, offset, size, little) {
  for (let i = 0; i < size; ++i) {
    const byte = ((value % 256) + 256) % 256;
    buffer[offset + (little ? i : size - 1 - i)] = byte;
    value = Math.floor((value - byte) / 256);
  }
  return offset + size;
}

const methods = {};
const alias = (name, method) => {
  methods[name] = method;
  if (name.includes("UInt")) methods[name.replace("UInt", "Uint")] = method;
};

for (const little of [true, false]) {
  const order = little ? "LE" : "BE";
  alias(`readUInt${order}`, function (offset, byteLength) {
    checkByteLength(byteLength);
    return readUnsigned(this, placeOf(this, offset, byteLength), byteLength, little);
  });
  alias(`readInt${order}`, function (offset, byteLength) {
    checkByteLength(byteLength);
    const value = readUnsigned(this, placeOf(this, offset, byteLength), byteLength, little);
    return value >= 2 ** (byteLength * 8 - 1) ? value - 2 ** (byteLength * 8) : value;
  });
  alias(`writeUInt${order}`, function (value, offset, byteLength) {
    checkByteLength(byteLength);
    value = +value;
    checkValue(value, 0, 2 ** (8 * byteLength) - 1, byteLength);
    return writeUnsigned(this, Math.trunc(value) || 0, placeOf(this, offset, byteLength), byteLength, little);
  });
  alias(`writeInt${order}`, function (value, offset, byteLength) {
    checkByteLength(byteLength);
    value = +value;
    checkValue(value, -(2 ** (8 * byteLength - 1)), 2 ** (8 * byteLength - 1) - 1, byteLength);
    return writeUnsigned(this, Math.trunc(value) || 0, placeOf(this, offset, byteLength), byteLength, little);
  });
  for (const [name, get, set, size, min, max] of [
    ["UInt16", "getUint16", "setUint16", 2, 0, 65535], ["UInt32", "getUint32", "setUint32", 4, 0, 4294967295],
    ["Int16", "getInt16", "setInt16", 2, -32768, 32767], ["Int32", "getInt32", "setInt32", 4, -2147483648, 2147483647],
    ["BigUInt64", "getBigUint64", "setBigUint64", 8, 0n, 0xffffffffffffffffn], ["BigInt64", "getBigInt64", "setBigInt64", 8, -(2n ** 63n), 2n ** 63n - 1n],
    ["Float", "getFloat32", "setFloat32", 4], ["Double", "getFloat64", "setFloat64", 8],
  ]) {
    alias(`read${name}${order}`, function (offset) {
      if (typeof min === "bigint") offset >>>= 0;
      return view(this)[get](place(this, offset, size), little);
    });
    alias(`write${name}${order}`, function (value, offset) {
      if (size === 8 && typeof min === "bigint") {
        if (typeof value !== "bigint") throw new TypeError("Cannot mix BigInt and other types, use explicit conversions");
      } else {
        value = +value;
      }
      const at = place(this, offset, size);
      if (min !== undefined) checkValue(value, min, max, size);
      view(this)[set](at, value, little);
      return at + size;
    });
  }
}
alias("readUInt8", function (offset) {
  return this[place(this, offset, 1)];
});
alias("readInt8", function (offset) {
  const value = this[place(this, offset, 1)];
  return value | ((value & 128) * 0x1fffffe);
});
for (const [name, min, max] of [["UInt8", 0, 255], ["Int8", -128, 127]]) {
  alias(`write${name}`, function (value, offset) {
    value = +value;
    const at = place(this, offset, 1);
    checkValue(value, min, max, 1);
    this[at] = value;
    return at + 1;
  });
}

export function defineReaders(prototype) {
  for (const [name, method] of Object.entries(methods)) Object.defineProperty(prototype, name, { value: method, writable: true, configurable: true, enumerable: true });
}
