// SPDX-License-Identifier: GPL-3.0-or-later
// ArrayBuffer.prototype.transfer and transferToFixedLength (ES2024). Buffers that can grow the engine has not.

import { native } from "../native.js";

const lengthOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;
const detachedOf = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "detached").get;
const { apply } = Reflect;
const { set } = Uint8Array.prototype;
const Bytes = Uint8Array;
const Buffer = ArrayBuffer;

function indexOf(value) {
  const number = Math.trunc(+value) || 0;
  if (number < 0 || number > Number.MAX_SAFE_INTEGER) throw new RangeError("Invalid array buffer length");
  return number;
}

function move(buffer, wanted) {
  const old = apply(lengthOf, buffer, []);
  const length = wanted === undefined ? old : indexOf(wanted);
  if (apply(detachedOf, buffer, [])) throw new TypeError("Cannot perform ArrayBuffer.prototype.transfer on a detached ArrayBuffer");
  if (length === old) return native.moveBuffer(buffer);
  const made = new Buffer(length);
  apply(set, new Bytes(made), [new Bytes(buffer, 0, Math.min(old, length))]);
  native.moveBuffer(buffer);
  return made;
}

const methods = {
  transfer(length) {
    return move(this, length);
  },
  transferToFixedLength(length) {
    return move(this, length);
  },
};
for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(value, "length", { value: 0, configurable: true });
  Object.defineProperty(ArrayBuffer.prototype, name, { value, writable: true, configurable: true, enumerable: false });
}
