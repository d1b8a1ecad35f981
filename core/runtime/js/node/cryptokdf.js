// SPDX-License-Identifier: GPL-3.0-or-later
// node:crypto: PBKDF2, scrypt and HKDF.
import { native } from "../native.js";
import { isBytes } from "../crypto/convert.js";
import { insideOf, isCryptoKey } from "../crypto/key.js";
import { checkIterations } from "../crypto/kdf.js";
import { bytesOf, digestOf, later, size } from "./cryptocommon.js";
import { isSecretKeyObject, secretBytes } from "./cryptokeys.js";
import { Buffer } from "./buffer.js";
import { invalidArgType, invalidArgValue, outOfRange } from "./errors.js";
import { validateFunction, validateInteger, validateNumber, validateString } from "./validators.js";

const largest = 2147483647;
const known = (digest) => digestOf(digest) !== undefined && native.cryptoHash(digestOf(digest)) !== undefined;

function checkPbkdf2(password, salt, iterations, keylen, digest) {
  validateString(digest, "digest");
  const bytes = [bytesOf(password, "password"), bytesOf(salt, "salt")];
  validateInteger(iterations, "iterations", 1, largest);
  validateInteger(keylen, "keylen", 0, largest);
  return () => {
    if (!known(digest)) throw new TypeError(`Invalid Pbkdf2 digest: ${digest}.`);
    checkIterations(iterations);
    const key = native.cryptoPbkdf2(digestOf(digest), bytes[0], bytes[1], iterations, keylen);
    if (key === undefined) throw new Error("Pbkdf2 failed");
    return Buffer.from(key);
  };
}

export const pbkdf2Sync = (password, salt, iterations, keylen, digest) => checkPbkdf2(password, salt, iterations, keylen, digest)();

export function pbkdf2(password, salt, iterations, keylen, digest, callback) {
  const done = typeof digest === "function" ? digest : callback;
  const work = checkPbkdf2(password, salt, iterations, keylen, typeof digest === "function" ? undefined : digest);
  later(done, work);
}

const costs = [["N", "cost"], ["r", "blockSize"], ["p", "parallelization"]];

function checkScrypt(password, salt, keylen, options) {
  const bytes = [bytesOf(password, "password"), bytesOf(salt, "salt")];
  validateInteger(keylen, "keylen", 0, largest);
  const given = { N: 16384, r: 8, p: 1 };
  let memory = 32 * 1024 * 1024;
  if (options !== undefined && options !== null) {
    for (const [short, long] of costs) {
      if (options[short] !== undefined) {
        validateInteger(options[short], short, 0, 2 ** 32 - 1);
        given[short] = options[short];
      }
      if (options[long] !== undefined) {
        if (options[short] !== undefined) throw invalidArgValue(long, options[long]);
        validateInteger(options[long], long, 0, 2 ** 32 - 1);
        given[short] = options[long];
      }
    }
    if (options.maxmem !== undefined) {
      validateNumber(options.maxmem, "maxmem", 0, Number.MAX_SAFE_INTEGER);
      memory = options.maxmem;
    }
  }
  const { N, r, p } = given;
  return () => {
    if (N >= 1048576) throw new RangeError("Scrypt failed: cost exceeds maximum (1048576).");
    const key = native.cryptoScrypt(bytes[0], bytes[1], N, r, p, memory, keylen);
    if (key === undefined) throw new Error("Scrypt failed");
    return Buffer.from(key);
  };
}

export const scryptSync = (password, salt, keylen, options) => checkScrypt(password, salt, keylen, options)();

export function scrypt(password, salt, keylen, options, callback) {
  const done = typeof options === "function" ? options : callback;
  const work = checkScrypt(password, salt, keylen, typeof options === "function" ? undefined : options);
  validateFunction(done, "callback");
  later(done, work);
}

function keyBytes(key) {
  if (isSecretKeyObject(key)) return secretBytes(key);
  if (isCryptoKey(key) && insideOf(key).type === "secret") return insideOf(key).bytes;
  if (typeof key !== "string" && !isBytes(key)) throw invalidArgType("ikm", ["string", "SecretKeyObject", "ArrayBuffer", "TypedArray", "DataView", "Buffer"], key);
  return bytesOf(key, "ikm");
}

function checkHkdf(digest, key, salt, info, length) {
  validateString(digest, "digest");
  const bytes = [keyBytes(key), bytesOf(salt, "salt"), bytesOf(info, "info")];
  validateInteger(length, "length", 0, largest);
  if (size(bytes[2]) > 1024) throw outOfRange("info", "must not contain more than 1024 bytes", size(bytes[2]));
  return () => {
    if (!known(digest)) throw new TypeError(`Invalid Hkdf digest: ${digest}`);
    const derived = native.cryptoHkdf(digestOf(digest), ...bytes, length);
    if (derived === undefined) throw new RangeError("Invalid Hkdf key length");
    return derived;
  };
}

export const hkdfSync = (digest, key, salt, info, length) => checkHkdf(digest, key, salt, info, length)();

export function hkdf(digest, key, salt, info, length, callback) {
  const work = checkHkdf(digest, key, salt, info, length);
  later(callback, work);
}
