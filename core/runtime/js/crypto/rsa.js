// SPDX-License-Identifier: GPL-3.0-or-later
// RSASSA-PKCS1-v1_5, RSA-PSS, RSA-OAEP (Web Cryptography API, sections 20 to 22) and RSA-RAW, which is Cloudflare's own: signing without padding.

import { native } from "../native.js";
import { exportAsymmetric, halves, importAsymmetric, requirePrivate, requirePublic } from "./asymmetric.js";
import { fail } from "./convert.js";
import { jwkBytes, toBase64Url } from "./jwk.js";
import { makeKey } from "./key.js";
import { checkUsages, digestBytes, digestName, nativeDigest, requireField } from "./usages.js";

const allowed = (name) => (name === "RSA-OAEP" ? ["encrypt", "decrypt", "wrapKey", "unwrapKey"] : ["sign", "verify"]);
const jwkNames = {
  __proto__: null,
  "RSASSA-PKCS1-v1_5": ["RS1", "RS256", "RS384", "RS512"],
  "RSA-PSS": ["PS1", "PS256", "PS384", "PS512"],
  "RSA-OAEP": ["RSA-OAEP", "RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"],
};
const shaNames = ["SHA-1", "SHA-256", "SHA-384", "SHA-512"];

/** The number, or undefined beyond 32 bits. */
function exponentValue(bytes) {
  let value = 0;
  for (let i = 0; i < bytes.length; ++i) {
    if (value >= 2 ** 24) return undefined;
    value = value * 256 + bytes[i];
  }
  return value;
}

function checkModulus(bits) {
  if (bits % 8 !== 0 || bits < 256 || bits > 16384) fail("OperationError", `The modulus length must be a multiple of 8 and between 256 and 16k, but ${bits} was requested.`);
}

function checkExponent(bytes) {
  const value = exponentValue(bytes);
  if (value === undefined) fail("OperationError", "The \"publicExponent\" must be either 3 or 65537, but got a number larger than 2^32.");
  return value;
}

const missing = (what, field) => `Invalid RSA key in JSON Web Key; ${what} parameter ("${field}").`;
const factors = [["p", "First Prime Factor"], ["q", "Second Prime Factor"], ["dp", "First Factor CRT Exponent"], ["dq", "Second Factor CRT Exponent"], ["qi", "First CRT Coefficient"]];

function readJwk(jwk, given, hash, type) {
  if (jwk.kty !== "RSA") {
    fail("DataError", `${type === "RSA-RAW" ? type : "RSASSA-PKCS1-v1_5"} "jwk" key import requires a JSON Web Key with Key Type parameter "kty" ("${jwk.kty}") equal to "RSA".`);
  }
  if (jwk.alg !== undefined) {
    // workerd takes the names of all of them for each of them.
    const lists = type === "RSA-RAW" ? [jwkNames["RSASSA-PKCS1-v1_5"]] : given in jwkNames ? Object.values(jwkNames) : fail("NotSupportedError", `Unrecognized RSA variant "${given}".`);
    const at = Math.max(...lists.map((names) => names.indexOf(jwk.alg)));
    if (at < 0) fail("NotSupportedError", `Unrecognized or unimplemented algorithm "${jwk.alg}" listed in JSON Web Key Algorithm parameter.`);
    if (type !== "RSA-RAW" && shaNames[at] !== hash) {
      fail("DataError", `JSON Web Key Algorithm parameter "alg" ("${jwk.alg}") does not match requested hash algorithm "${jwk.alg}".`);
    }
  }
  const parts = [jwkBytes(jwk.n, missing("missing or invalid Modulus", "n")), jwkBytes(jwk.e, missing("missing or invalid Exponent", "e"))];
  if (jwk.d !== undefined) {
    parts[2] = jwkBytes(jwk.d, missing("missing or invalid Private Exponent", "d"));
    const present = factors.filter(([field]) => jwk[field] !== undefined).length;
    if (present === 5) {
      for (const [field, name] of factors) parts.push(jwkBytes(jwk[field], missing(`invalid ${name}`, field)));
    } else if (present !== 0) {
      fail("DataError", "Invalid RSA private key in JSON Web Key; if one Prime Factor or CRT Exponent/Coefficient parameter is present, then they must all be present "
        + "(\"p\", \"q\", \"dp\", \"dq\", \"qi\").");
    }
  }
  const handle = native.cryptoKeyRsa(parts);
  return typeof handle === "string" ? fail("DataError", "Invalid RSA key in JSON Web Key.") : handle;
}

function exportJwk(key) {
  const { name, hash } = key.algorithm;
  if (name === "RSA-RAW") throw new Error("internal error");
  const at = shaNames.indexOf(hash);
  if (at < 0) fail("NotSupportedError", `JWK export not supported for hash algorithm "${hash}".`);
  const jwk = { kty: "RSA", alg: jwkNames[name][at] };
  const fields = key.type === "private" ? ["n", "e", "d", "p", "q", "dp", "dq", "qi"] : ["n", "e"];
  const parts = native.cryptoKeyParts(key.handle);
  for (let i = 0; i < fields.length; ++i) {
    if (parts[i] !== undefined) jwk[fields[i]] = toBase64Url(parts[i]);
  }
  return jwk;
}

function exportRaw(key) {
  return fail("InvalidAccessError", `Cannot export "${key.algorithm.name}" in "raw" format.`);
}

const modulusBytes = (key) => Math.ceil(key.algorithm.modulusLength / 8);

function signRaw(key, data) {
  const size = modulusBytes(key);
  const given = native.cryptoSize(data);
  if (given > size) fail("DataError", `Blind Signing requires presigned data (${given} bytes) to be smaller than the key (${size} bytes).`);
  if (given < size) fail("OperationError", "Invalid RSA signature.");
  const signature = native.cryptoRsa(key.handle, "decrypt", "none", "", undefined, data);
  if (typeof signature !== "string") return signature;
  return fail("DataError", "Blind Signing requires presigned data value to be strictly smaller than RSA keymodulus, consider using a larger key size.");
}

function checkSize(key, algorithm) {
  const { name, hash } = key.algorithm;
  const size = modulusBytes(key);
  const digest = digestBytes(hash);
  if (name === "RSASSA-PKCS1-v1_5") {
    if (digest + 32 > size) fail("OperationError", `key too small for signing with given digest, need at least ${8 * (digest + 32)}bits.`);
    return;
  }
  const salt = algorithm.saltLength;
  if (salt === undefined) fail("DataError", "Failed to provide salt for RSA-PSS key operation which requires a salt");
  if (salt < 0) fail("DataError", `SaltLength for RSA-PSS must be non-negative (provided ${salt}).`);
  if (digest + 2 > size) fail("OperationError", "key too small for signing with given digest");
  if (salt > size - digest - 2) fail("OperationError", "key too small for signing with given digest and salt length");
}

function oaep(direction, algorithm, key, data) {
  const done = native.cryptoRsa(key.handle, direction, "oaep", nativeDigest(key.algorithm.hash), algorithm.label, data);
  if (typeof done !== "string") return done;
  const wrongSize = direction === "decrypt" && native.cryptoSize(data) !== modulusBytes(key);
  return fail("OperationError", `RSA-OAEP failed encrypt/decrypt${wrongSize ? ": Invalid RSA signature.." : "."}`);
}

export const rsa = {
  generate(name, algorithm, extractable, usages) {
    const exponent = native.cryptoCopy(requireField(algorithm.publicExponent, "publicExponent"));
    const hash = digestNameAfter(requireField(algorithm.hash, "hash"), requireField(algorithm.modulusLength, "modulusLength"));
    const bits = algorithm.modulusLength;
    checkUsages(name, "generate", usages, allowed(name));
    checkModulus(bits);
    const value = checkExponent(exponent);
    if (value !== 3 && value !== 65537) fail("OperationError", `The "publicExponent" must be either 3 or 65537, but got ${value}.`);
    if (bits % 128 !== 0) fail("OperationError", "Can't generate key: RSA key size is required to be a multiple of 128");
    if (bits < 512) fail("OperationError", "RSA key size is too small.");
    const handle = native.cryptoKeyGenerate("RSA", bits, exponent);
    const { publicKey, privateKey } = halves(handle, usages, { family: rsa, extractable, algorithm: { name, modulusLength: bits, publicExponent: exponent, hash } });
    return { publicKey: makeKey(publicKey), privateKey: makeKey(privateKey) };
  },

  import(name, format, data, algorithm, extractable, usages) {
    const raw = name === "RSA-RAW";
    const hash = raw ? undefined : digestName(requireField(algorithm.hash, "hash"));
    const key = importAsymmetric(name, format, data, extractable, usages, allowed(name), (jwk) => readJwk(jwk, algorithm.name, hash, name));
    if (raw && key.type !== "private") fail("DataError", `RSA-RAW only supports private keys but requested "${key.type}".`);
    const [kind, bits, , exponent] = native.cryptoKeyInfo(key.handle);
    if (kind !== "RSA" && kind !== "RSA-PSS") fail("DataError", "Input was not an RSA key.");
    checkModulus(Math.ceil(bits / 8) * 8);
    const value = checkExponent(new Uint8Array(exponent));
    if (![3, 17, 37, 65537].includes(value)) fail("OperationError", `Imported RSA key has invalid publicExponent ${value}.`);
    const shown = { name, modulusLength: Math.ceil(bits / 8) * 8, publicExponent: new Uint8Array(exponent) };
    return makeKey({ family: rsa, extractable, ...key, algorithm: raw ? shown : { ...shown, hash } });
  },

  export: (key, format) => exportAsymmetric(key, format, exportJwk, exportRaw),

  sign(algorithm, key, data) {
    const { name, hash } = key.algorithm;
    if (name === "RSA-RAW") return signRaw(key, data);
    requirePrivate(key);
    checkSize(key, algorithm);
    const signature = native.cryptoSign(key.handle, nativeDigest(hash), name === "RSA-PSS" ? "pss" : "pkcs1", algorithm.saltLength ?? 0, false, data);
    return typeof signature === "string" ? fail("OperationError", "RSA signing failed.") : signature;
  },

  verify(algorithm, key, signature, data) {
    requirePublic(key);
    const { name, hash } = key.algorithm;
    const salt = algorithm.saltLength;
    if (name === "RSA-PSS") {
      if (salt === undefined) throw new TypeError("Failed to provide salt for RSA-PSS key operation which requires a salt");
      if (salt < 0) fail("DataError", `SaltLength for RSA-PSS must be non-negative (provided ${salt}).`);
    }
    return native.cryptoVerify(key.handle, nativeDigest(hash), name === "RSA-PSS" ? "pss" : "pkcs1", salt ?? 0, false, signature, data) ?? false;
  },

  encrypt(algorithm, key, data) {
    if (key.type !== "public") fail("InvalidAccessError", `Encryption/key wrapping only works with public keys, not "${key.type}".`);
    return oaep("encrypt", algorithm, key, data);
  },

  decrypt(algorithm, key, data) {
    if (key.type !== "private") fail("InvalidAccessError", `Decryption/key unwrapping only works with private keys, not "${key.type}".`);
    return oaep("decrypt", algorithm, key, data);
  },

  wrap: (algorithm, key, data) => rsa.encrypt(algorithm, key, data),
  unwrap: (algorithm, key, data) => rsa.decrypt(algorithm, key, data),
};

/** The digest is looked up after the modulus is checked, as workerd does. */
function digestNameAfter(hash, bits) {
  if (bits <= 0) fail("OperationError", `modulusLength must be greater than zero (requested ${bits}).`);
  return digestName(hash);
}
