// SPDX-License-Identifier: GPL-3.0-or-later
// SubtleCrypto (Web Cryptography API, section 14). The work is done when a method is called; its promise only brings the outcome.

import { native } from "../native.js";
import { aes } from "./aes.js";
import { Arguments, dictionary, fail } from "./convert.js";
import { edwards } from "./edwards.js";
import { elliptic } from "./elliptic.js";
import { hmac } from "./hmac.js";
import { defineInterface, illegalInvocation } from "./interface.js";
import { kdf } from "./kdf.js";
import { insideOf } from "./key.js";
import { rsa } from "./rsa.js";
import { blockBits, digestName, nativeDigest, requireField } from "./usages.js";

const token = Symbol("SubtleCrypto");
const families = new Map();
const spellings = new Map();
for (const [family, names] of [
  [aes, ["AES-CTR", "AES-CBC", "AES-GCM", "AES-KW"]], [hmac, ["HMAC"]], [kdf, ["PBKDF2", "HKDF"]], [rsa, ["RSASSA-PKCS1-v1_5", "RSA-PSS", "RSA-OAEP", "RSA-RAW"]],
  [elliptic, ["ECDSA", "ECDH"]], [edwards, ["NODE-ED25519", "Ed25519", "X25519"]],
]) {
  for (const name of names) {
    families.set(name, family);
    spellings.set(name.toUpperCase(), name);
  }
}

const sameName = (left, right) => left.toUpperCase() === right.toUpperCase();

/** What is inside the key, when it may be used so. */
function usable(key, { name }, usage) {
  const inside = insideOf(key);
  const own = inside.algorithm.name;
  if (!sameName(name, own)) fail("InvalidAccessError", `Requested algorithm "${name}" does not match this CryptoKey's algorithm "${own}".`);
  if (!inside.usages.includes(usage)) fail("InvalidAccessError", `Requested key usage "${usage}" does not match any usage listed in this CryptoKey.`);
  return inside;
}

function exportable(key) {
  const inside = insideOf(key);
  const { name } = inside.algorithm;
  if (!inside.extractable) fail("InvalidAccessError", `Attempt to export non-extractable ${name} key.`);
  return inside;
}

const modernFormats = ["raw-public", "raw-private", "raw-seed", "raw-secret"];

function refuseModern(format) {
  if (modernFormats.includes(format)) fail("NotSupportedError", `Key format "${format}" requires the webcrypto_modern_algorithms flag.`);
}

function exportKey(key, format) {
  const inside = exportable(key);
  refuseModern(format);
  return inside.family.export(inside, format);
}

function importKey(format, data, algorithm, extractable, usages) {
  refuseModern(format);
  let given = data;
  if (format === "raw" || format === "pkcs8" || format === "spki") {
    if (data.bytes === undefined) throw new TypeError("Import data provided for buffer-based import formats must be a buffer source.");
    given = { bytes: native.cryptoCopy(data.bytes) };
  } else if (format === "jwk") {
    if (data.jwk === undefined) throw new TypeError("Import data provided for \"jwk\" import format must be a JsonWebKey.");
    if (data.jwk.ext === false && extractable) fail("DataError", `JWK ext field for "${algorithm.name}" is set to false but extractable is true`);
  } else {
    fail("NotSupportedError", `Unrecognized key import format "${format}".`);
  }
  const name = spellings.get(algorithm.name.toUpperCase());
  if (name === undefined) fail("NotSupportedError", `Unrecognized key import algorithm "${algorithm.name}" requested.`);
  const key = families.get(name).import(name, format, given, algorithm, extractable, usages);
  const inside = insideOf(key);
  if (inside.usages.length === 0 && inside.type !== "public") fail("SyntaxError", "Secret/private CryptoKeys must have at least one usage.");
  return key;
}

/** How many bits deriveKey asks for; undefined where the key takes what there is. */
function keyBits(algorithm) {
  const name = spellings.get(algorithm.name.toUpperCase());
  const family = families.get(name);
  if (family === aes) {
    const length = requireField(algorithm.length, "length", "derivedKeyParams");
    if (![128, 192, 256].includes(length)) fail("OperationError", `Derived AES key must be 128, 192, or 256 bits in length but provided ${length}.`);
    return length;
  }
  if (family === hmac) {
    if (algorithm.length > 0) return algorithm.length;
    if (algorithm.length !== undefined) throw new TypeError("HMAC key length must be a non-zero unsigned long integer.");
    return blockBits(digestName(requireField(algorithm.hash, "hash", "derivedKeyParams")));
  }
  return family === kdf ? undefined : fail("NotSupportedError", `Unrecognized derived key type "${algorithm.name}" requested.`);
}

const operations = {
  encrypt(given) {
    const algorithm = given.algorithm(0, "EncryptAlgorithm");
    const key = given.key(1);
    const data = given.bytes(2);
    const inside = usable(key, algorithm, "encrypt");
    return inside.family.encrypt(algorithm, inside, data);
  },

  decrypt(given) {
    const algorithm = given.algorithm(0, "EncryptAlgorithm");
    const key = given.key(1);
    const data = given.bytes(2);
    const inside = usable(key, algorithm, "decrypt");
    return inside.family.decrypt(algorithm, inside, data);
  },

  sign(given) {
    const algorithm = given.algorithm(0, "SignAlgorithm");
    const key = given.key(1);
    const data = given.bytes(2);
    const inside = usable(key, algorithm, "sign");
    return inside.family.sign(algorithm, inside, data);
  },

  verify(given) {
    const algorithm = given.algorithm(0, "SignAlgorithm");
    const key = given.key(1);
    const signature = given.bytes(2);
    const data = given.bytes(3);
    const inside = usable(key, algorithm, "verify");
    return inside.family.verify(algorithm, inside, signature, data);
  },

  digest(given) {
    const algorithm = given.algorithm(0, "HashAlgorithm");
    const data = given.bytes(1);
    return native.cryptoDigest(nativeDigest(digestName(algorithm.name)), data);
  },

  generateKey(given) {
    const algorithm = given.algorithm(0, "GenerateKeyAlgorithm");
    const extractable = given.boolean(1);
    const usages = given.usages(2);
    const name = spellings.get(algorithm.name.toUpperCase());
    const family = families.get(name);
    if (family?.generate === undefined || name === "RSA-RAW") fail("NotSupportedError", `Unrecognized key generation algorithm "${algorithm.name}" requested.`);
    const made = family.generate(name, algorithm, extractable, usages);
    if (made.privateKey === undefined) {
      if (usages.length === 0) fail("SyntaxError", "Secret/private CryptoKeys must have at least one usage.");
    } else if (insideOf(made.privateKey).usages.length === 0) {
      fail("SyntaxError", "Attempt to generate asymmetric keys with no valid private key usages.");
    }
    return made;
  },

  deriveKey(given) {
    const algorithm = given.algorithm(0, "DeriveKeyAlgorithm");
    const key = given.key(1);
    const wanted = given.algorithm(2, "ImportKeyAlgorithm");
    const extractable = given.boolean(3);
    const usages = given.usages(4);
    const inside = usable(key, algorithm, "deriveKey");
    const bytes = inside.family.derive(algorithm, inside, keyBits(wanted));
    return importKey("raw", { bytes }, wanted, extractable, usages);
  },

  deriveBits(given) {
    const algorithm = given.algorithm(0, "DeriveKeyAlgorithm");
    const key = given.key(1);
    const bits = given.bits(2);
    const inside = usable(key, algorithm, "deriveBits");
    return inside.family.derive(algorithm, inside, bits);
  },

  importKey(given) {
    const format = given.string(0);
    const data = given.keyData(1);
    const algorithm = given.algorithm(2, "ImportKeyAlgorithm");
    return importKey(format, data, algorithm, given.boolean(3), given.usages(4));
  },

  exportKey(given) {
    const format = given.string(0);
    return exportKey(given.key(1), format);
  },

  wrapKey(given) {
    const format = given.string(0);
    const key = given.key(1);
    const wrapping = given.key(2);
    const algorithm = given.algorithm(3, "EncryptAlgorithm");
    const inside = usable(wrapping, algorithm, "wrapKey");
    const exported = exportKey(key, format);
    const bytes = exported instanceof ArrayBuffer ? exported : native.utf8Encode(JSON.stringify(exported));
    return inside.family.wrap(algorithm, inside, bytes);
  },

  unwrapKey(given) {
    const format = given.string(0);
    const wrapped = given.bytes(1);
    const unwrapping = given.key(2);
    const algorithm = given.algorithm(3, "EncryptAlgorithm");
    const wanted = given.algorithm(4, "ImportKeyAlgorithm");
    const extractable = given.boolean(5);
    const usages = given.usages(6);
    const inside = usable(unwrapping, algorithm, "unwrapKey");
    const bytes = inside.family.unwrap(algorithm, inside, wrapped);
    if (format !== "jwk") return importKey(format, { bytes }, wanted, extractable, usages);
    const json = JSON.parse(native.utf8Decode(bytes, false));
    if (typeof json !== "object" || json === null) fail("DataError", "Missing \"kty\" field or corrupt JSON unwrapping key?");
    return importKey(format, { jwk: dictionary("JsonWebKey", json) }, wanted, extractable, usages);
  },
};

const run = async (name, values) => operations[name](new Arguments(name, values));

export class SubtleCrypto {
  #own = true;

  constructor(given) {
    if (given !== token) throw new TypeError("Illegal constructor");
  }

  static #start(subtle, name, values) {
    if (!(#own in Object(subtle))) throw new TypeError(illegalInvocation);
    return run(name, values);
  }

  encrypt() { return SubtleCrypto.#start(this, "encrypt", arguments); }
  decrypt() { return SubtleCrypto.#start(this, "decrypt", arguments); }
  sign() { return SubtleCrypto.#start(this, "sign", arguments); }
  verify() { return SubtleCrypto.#start(this, "verify", arguments); }
  digest() { return SubtleCrypto.#start(this, "digest", arguments); }
  generateKey() { return SubtleCrypto.#start(this, "generateKey", arguments); }
  deriveKey() { return SubtleCrypto.#start(this, "deriveKey", arguments); }
  deriveBits() { return SubtleCrypto.#start(this, "deriveBits", arguments); }
  importKey() { return SubtleCrypto.#start(this, "importKey", arguments); }
  exportKey() { return SubtleCrypto.#start(this, "exportKey", arguments); }
  wrapKey() { return SubtleCrypto.#start(this, "wrapKey", arguments); }
  unwrapKey() { return SubtleCrypto.#start(this, "unwrapKey", arguments); }

  timingSafeEqual() {
    if (!(#own in Object(this))) throw new TypeError(illegalInvocation);
    const given = new Arguments("timingSafeEqual", arguments);
    const left = given.bytes(0);
    const right = given.bytes(1);
    if (native.cryptoSize(left) !== native.cryptoSize(right)) throw new TypeError("Input buffers must have the same byte length.");
    return native.cryptoEqual(left, right);
  }
}
defineInterface(SubtleCrypto);

export const subtle = new SubtleCrypto(token);
