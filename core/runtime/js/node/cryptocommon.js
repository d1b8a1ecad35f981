// SPDX-License-Identifier: GPL-3.0-or-later
// What the parts of node:crypto have in common.
import { native } from "../native.js";
import { isBytes } from "../crypto/convert.js";
import { Buffer } from "./buffer.js";
import { encodingNumber } from "./encodings.js";
import { invalidArgType, nodeError, unknownEncoding } from "./errors.js";
import { validateFunction } from "./validators.js";

export const isView = ArrayBuffer.isView;

export function checkEncoding(encoding) {
  if (encoding !== undefined && encoding !== null && encodingNumber(encoding) === undefined) throw unknownEncoding(encoding);
}

/** A text in an encoding, or bytes as they are. */
export function bytesOf(value, name, encoding) {
  if (typeof value === "string") return Buffer.from(value, encoding === undefined || encoding === "buffer" ? "utf8" : encoding);
  if (!isBytes(value)) throw invalidArgType(name, ["string", "ArrayBuffer", "Buffer", "TypedArray", "DataView"], value);
  return value;
}

/** A Buffer of its own, or a text when an encoding is given. */
export function output(bytes, encoding) {
  const buffer = Buffer.from(bytes);
  return encoding === undefined || encoding === null || encoding === "buffer" ? buffer : buffer.toString(encoding);
}

/** Runs work now and brings its outcome to the callback later. */
export function later(callback, work) {
  validateFunction(callback, "callback");
  new Promise((resolve) => resolve(work())).then((value) => callback(null, value), (error) => callback(error));
}

export const wrongKeyType = (type, expected) => nodeError.plain("ERR_CRYPTO_INVALID_KEY_OBJECT_TYPE", `Invalid key object type ${type}, expected ${expected}.`);
export const size = (bytes) => native.cryptoSize(bytes);

const refusedDigests = /^(sha3-|shake|blake|ripemd|rmd|sm3|whirlpool|mdc2|sha-|id-|sha2-|keccak|null|ssl3-)/i;

/** The name of a digest as OpenSSL takes it; undefined for one that Workers have not. */
export function digestOf(name) {
  const lower = name.toLowerCase();
  if (refusedDigests.test(lower) || /^rsa-(ripemd|sm3|sha3|mdc2)/.test(lower)) return undefined;
  if (lower === "dsa-sha" || lower === "dsa-sha1" || lower === "ecdsa-with-sha1") return "sha1";
  return lower.replace(/^rsa-sha512\//, "sha512-").replace(/^sha512\//, "sha512-");
}
