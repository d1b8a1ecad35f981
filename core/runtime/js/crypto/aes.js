// SPDX-License-Identifier: GPL-3.0-or-later
// AES-GCM, AES-CBC, AES-CTR and AES-KW (Web Cryptography API, sections 27 to 30).

import { native } from "../native.js";
import { fail } from "./convert.js";
import { checkSecretJwk, jwkBytes, makeJwk, toBase64Url } from "./jwk.js";
import { makeKey } from "./key.js";
import { checkUsages, requireField } from "./usages.js";

const lengths = [128, 192, 256];
const tags = [32, 64, 96, 104, 112, 120, 128];
const none = new Uint8Array(0);

const allowed = (name) => (name === "AES-KW" ? ["wrapKey", "unwrapKey"] : ["wrapKey", "unwrapKey", "encrypt", "decrypt"]);

function secretKey(family, name, bytes, extractable, usages) {
  return makeKey({ family, type: "secret", extractable, usages, algorithm: { name, length: bytes.length * 8 }, bytes });
}

function notDecrypted(name, size, expected) {
  fail("OperationError", "Decryption failed. This could be due to a ciphertext authentication failure, bad padding, incorrect CryptoKey, or another "
    + `algorithm-specific reason. Input length was ${size}, output length expected to be ${expected} for ${name}`);
}

function gcm(encrypt, algorithm, key, data) {
  const iv = native.cryptoCopy(requireField(algorithm.iv, "iv"));
  if (iv.length === 0) fail("OperationError", "AES-GCM IV must not be empty.");
  const tag = algorithm.tagLength ?? 128;
  if (!tags.includes(tag)) fail("OperationError", `Invalid AES-GCM tag length ${tag}.`);
  const size = native.cryptoSize(data);
  if (!encrypt && size < tag / 8) {
    fail("OperationError", `Ciphertext length of ${size * 8} bits must be greater than or equal to the size of the AES-GCM tag length of ${tag} bits.`);
  }
  const done = native.cryptoGcm(encrypt, key.bytes, iv, algorithm.additionalData ?? none, data, tag / 8);
  if (done !== undefined) return done;
  if (encrypt) fail("OperationError", "AES-GCM encryption failed.");
  return notDecrypted("AES-GCM", size - tag / 8, size - tag / 8);
}

function cbc(encrypt, algorithm, key, data) {
  const iv = native.cryptoCopy(requireField(algorithm.iv, "iv"));
  if (iv.length !== 16) fail("OperationError", `AES-CBC IV must be 16 bytes long (provided ${iv.length}${encrypt ? " bytes" : ""}).`);
  const done = native.cryptoCbc(encrypt, key.bytes, iv, data);
  return typeof done === "number" ? notDecrypted("AES-CBC", native.cryptoSize(data), done) : done;
}

function ctr(algorithm, key, data) {
  if (algorithm.counter === undefined) throw new TypeError("Missing \"counter\" member in \"algorithm\".");
  const counter = native.cryptoCopy(algorithm.counter);
  if (counter.length !== 16) fail("OperationError", `Counter must have length of 16 bytes (provided ${counter.length}).`);
  const bits = algorithm.length;
  if (bits === undefined) throw new TypeError("Missing \"length\" member in \"algorithm\".");
  if (bits <= 0 || bits > 128) fail("OperationError", `Invalid counter of ${bits} bits length provided.`);
  const values = 1n << BigInt(bits);
  const size = native.cryptoSize(data);
  if (BigInt(Math.ceil(size / 16)) > values) fail("OperationError", "Counter block values will repeat.");
  let number = 0n;
  for (const byte of counter) number = (number << 8n) | BigInt(byte);
  const untilAgain = (values - (number & (values - 1n))) * 16n;
  const again = counter.slice();
  for (let bit = 0; bit < bits; ++bit) again[15 - (bit >> 3)] &= ~(1 << (bit & 7));
  return native.cryptoCtr(key.bytes, counter, data, untilAgain < BigInt(size) ? Number(untilAgain) : size, again);
}

function wrap(key, data) {
  const size = native.cryptoSize(data);
  if (size % 8 !== 0) fail("OperationError", `Unwrapped key bit length must be a multiple of 64 bits but unwrapped key has a length of ${size * 8} bits.`);
  if (size < 16) {
    fail("OperationError", `Unwrapped key has length ${size} bytes but it should be greater than or equal to 16 and less than or equal to 18446744073709551607`);
  }
  return native.cryptoKeyWrap(true, key.bytes, data) ?? fail("OperationError", "AES-KW key wrapping failed.");
}

function unwrap(key, data) {
  const size = native.cryptoSize(data);
  if (size % 8 !== 0) fail("OperationError", `Provided a wrapped key to unwrap that is ${size * 8} bits which isn't a multiple of 64 bits.`);
  if (size < 24) fail("OperationError", `Provided a wrapped key to unwrap this is ${size * 8} bits that is less than the minimal length of 192 bits.`);
  return native.cryptoKeyWrap(false, key.bytes, data) ?? fail("OperationError", "AES-KW key unwrapping failed.");
}

export const aes = {
  generate(name, algorithm, extractable, usages) {
    checkUsages(name, "generate", usages, allowed(name));
    const length = requireField(algorithm.length, "length");
    if (!lengths.includes(length)) fail("OperationError", `Generated AES key length must be 128, 192, or 256 bits but requested ${length}.`);
    const bytes = new Uint8Array(length / 8);
    native.randomFill(bytes);
    return secretKey(this, name, bytes, extractable, usages);
  },

  import(name, format, { bytes, jwk }, algorithm, extractable, usages) {
    checkUsages(name, "import secret", usages, allowed(name));
    if (format !== "raw" && format !== "jwk") fail("NotSupportedError", `Unrecognized key import format "${format}".`);
    if (jwk && jwk.kty !== "oct") {
      fail("DataError", `Symmetric "jwk" key import requires a JSON Web Key with Key Type parameter "kty" equal to "oct" (encountered "${jwk.kty}").`);
    }
    const key = jwk ? jwkBytes(jwk.k, "Symmetric \"jwk\" key import requires a base64Url encoding of the key.") : bytes;
    const bits = key.length * 8;
    if (!lengths.includes(bits)) fail("DataError", `Imported AES key length must be 128, 192, or 256 bits but provided ${bits}.`);
    if (jwk) {
      const expected = `A${bits}${name.slice(4)}`;
      if (jwk.alg !== undefined && jwk.alg !== expected) fail("DataError", `Symmetric "jwk" key contains invalid "alg" value "${jwk.alg}", expected "${expected}".`);
      checkSecretJwk(jwk, usages);
    }
    return secretKey(this, name, key, extractable, usages);
  },

  export(key, format) {
    const { name } = key.algorithm;
    if (format === "raw") return key.bytes.slice().buffer;
    if (format !== "jwk") fail("NotSupportedError", `${name} key only supports exporting "raw", "raw-secret" & "jwk", not "${format}".`);
    return makeJwk({ kty: "oct", k: toBase64Url(key.bytes), alg: `A${key.bytes.length * 8}${name.slice(4)}`, key_ops: [...key.usages], ext: true });
  },

  encrypt(algorithm, key, data) {
    const { name } = key.algorithm;
    if (name === "AES-KW") fail("NotSupportedError", `The encrypt operation is not implemented for "${name}".`);
    return name === "AES-GCM" ? gcm(true, algorithm, key, data) : name === "AES-CBC" ? cbc(true, algorithm, key, data) : ctr(algorithm, key, data);
  },

  decrypt(algorithm, key, data) {
    const { name } = key.algorithm;
    if (name === "AES-KW") fail("NotSupportedError", `The decrypt operation is not implemented for "${name}".`);
    return name === "AES-GCM" ? gcm(false, algorithm, key, data) : name === "AES-CBC" ? cbc(false, algorithm, key, data) : ctr(algorithm, key, data);
  },

  wrap(algorithm, key, data) {
    return key.algorithm.name === "AES-KW" ? wrap(key, data) : this.encrypt(algorithm, key, data);
  },

  unwrap(algorithm, key, data) {
    return key.algorithm.name === "AES-KW" ? unwrap(key, data) : this.decrypt(algorithm, key, data);
  },
};
