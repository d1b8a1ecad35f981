// SPDX-License-Identifier: GPL-3.0-or-later
// node:crypto: random values and prime numbers.
import { native } from "../native.js";
import { isBytes } from "../crypto/convert.js";
import { crypto } from "../crypto.js";
import { later } from "./cryptocommon.js";
import { Buffer } from "./buffer.js";
import { invalidArgType, outOfRange } from "./errors.js";
import { validateBoolean, validateFunction, validateInteger, validateObject } from "./validators.js";

const largest = 2147483647;

export function randomBytes(size, callback) {
  validateInteger(size, "size", 0, largest);
  const buffer = Buffer.alloc(size);
  if (callback === undefined) return randomFillSync(buffer);
  return randomFill(buffer, callback);
}
export const pseudoRandomBytes = randomBytes;

function checkTarget(buffer) {
  if (!isBytes(buffer)) throw invalidArgType("buffer", ["TypedArray", "DataView", "ArrayBuffer", "SharedArrayBuffer"], buffer);
}

const viewOf = (buffer) => (ArrayBuffer.isView(buffer) ? buffer : Buffer.from(buffer));
const lengthOf = (view) => view.length ?? view.byteLength;

export function randomFillSync(buffer, offset = 0, size = undefined) {
  checkTarget(buffer);
  const view = viewOf(buffer);
  const most = lengthOf(view);
  validateInteger(offset, "offset", 0, largest);
  if (size !== undefined) validateInteger(size, "size", 0, most - offset);
  const bytes = view instanceof DataView ? Buffer.from(view.buffer, view.byteOffset, view.byteLength) : view;
  return crypto.getRandomValues(bytes.subarray(offset, offset + (size ?? most)));
}

export function randomFill(buffer, offsetOrCallback, sizeOrCallback, callback) {
  checkTarget(buffer);
  const most = lengthOf(viewOf(buffer));
  let [offset, size, done] = [0, most, offsetOrCallback];
  if (typeof callback === "function") {
    [offset, size, done] = [offsetOrCallback, sizeOrCallback, callback];
    validateInteger(offset, "offset", 0, most);
    validateInteger(size, "size", 0, most - offset);
  } else if (typeof sizeOrCallback === "function") {
    [offset, done] = [offsetOrCallback, sizeOrCallback];
    validateInteger(offset, "offset", 0, most);
    size = most - offset;
  }
  later(typeof done === "function" ? done : callback, () => {
    randomFillSync(buffer, offset, size);
    return buffer;
  });
}

function randomBelow(min, max) {
  const range = max - min;
  const most = 2 ** 48 - 1;
  if (range > most) throw outOfRange(max ? "max" : "max - min", `<= ${most}`, range);
  const limit = most - (most % range);
  const bytes = new Uint8Array(6);
  for (;;) {
    native.randomFill(bytes);
    let value = 0;
    for (const byte of bytes) value = value * 256 + byte;
    if (value < limit) return (value % range) + min;
  }
}

export function randomInt(minOrMax, maxOrCallback, callback) {
  let [min, max, done] = [0, minOrMax, undefined];
  if (typeof callback === "function" || (typeof maxOrCallback !== "function" && arguments.length === 2)) {
    [min, max, done] = [minOrMax, maxOrCallback, callback];
    validateInteger(min, "min");
  } else if (typeof maxOrCallback === "function") {
    done = maxOrCallback;
  }
  validateInteger(max, "max");
  if (min >= max) throw outOfRange("min", "min < max", min);
  if (done === undefined) return randomBelow(min, max);
  return later(done, () => randomBelow(min, max));
}

export function randomUUID(options) {
  if (options !== undefined) {
    validateObject(options, "options");
    if (options.disableEntropyCache !== undefined) validateBoolean(options.disableEntropyCache, "options.disableEntropyCache");
  }
  return crypto.randomUUID();
}

const numberTypes = ["ArrayBuffer", "TypedArray", "Buffer", "DataView", "bigint"];

function toBytes(number, name) {
  if (typeof number === "bigint") {
    if (number < 0n) throw outOfRange(name, ">= 0", number);
    const hex = number.toString(16);
    return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  }
  if (!isBytes(number)) throw invalidArgType(name, numberTypes, number);
  return number;
}

function findPrime(size, options) {
  validateInteger(size, "size", 1, largest);
  validateObject(options, "options");
  const { safe = false, bigint = false, add, rem } = options;
  validateBoolean(safe, "options.safe");
  validateBoolean(bigint, "options.bigint");
  const step = add === undefined ? undefined : toBytes(add, "options.add");
  const rest = rem === undefined ? undefined : toBytes(rem, "options.rem");
  const found = native.cryptoPrime(size, safe, step, rest);
  if (found === undefined) throw new RangeError("Error while generating prime");
  return bigint ? BigInt(`0x${Buffer.from(found).toString("hex")}`) : found;
}

export const generatePrimeSync = (size, options = {}) => findPrime(size, options);

export function generatePrime(size, options, callback) {
  const done = typeof options === "function" ? options : callback;
  validateFunction(done, "callback");
  later(done, () => findPrime(size, typeof options === "function" ? {} : options));
}

export function checkPrimeSync(candidate, options = {}) {
  const bytes = toBytes(candidate, "candidate");
  validateObject(options, "options");
  const { checks = 0 } = options;
  validateInteger(checks, "options.checks", 0, largest);
  return native.cryptoIsPrime(bytes);
}

export function checkPrime(candidate, options, callback) {
  const done = typeof options === "function" ? options : callback;
  validateFunction(done, "callback");
  later(done, () => checkPrimeSync(candidate, typeof options === "function" ? {} : options));
}
